"""The build takes exactly the packages of the tree, and installers stay what they are."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("venue_server", "candidate_station", "invigilator_app")
NOT_PACKAGES = {"venue_server.storage.migrations", "venue_server.storage.migrations.versions"}


def _project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_package_list_is_the_tree(root: Path) -> None:
    listed = set(_project(root)["tool"]["setuptools"]["packages"])
    found = {
        path.parent.relative_to(root).as_posix().replace("/", ".")
        for program in PROGRAMS
        for path in (root / program).rglob("__init__.py")
    }
    assert found - NOT_PACKAGES == listed - NOT_PACKAGES


def test_every_folder_with_code_is_a_package(modules: list[Any]) -> None:
    folders = {str(Path(module.name).parent).replace("/", ".") for module in modules}
    packages = {
        str(Path(module.name).parent).replace("/", ".")
        for module in modules
        if module.name.endswith("/__init__.py")
    }
    assert folders - packages - NOT_PACKAGES == set()


def test_migrations_reach_an_installed_server(root: Path) -> None:
    """Migrations are read as files: they must be package data or packages."""
    setuptools = _project(root)["tool"]["setuptools"]
    data = setuptools["package-data"].get("venue_server.storage", [])
    listed = "venue_server.storage.migrations.versions" in setuptools["packages"]
    assert listed or any("migrations" in pattern for pattern in data)


def test_packaging_is_no_package(root: Path) -> None:
    assert list((root / "packaging").rglob("*.py")) == [], "it would shadow the library"


def test_every_program_has_an_installer(root: Path) -> None:
    for name in ("server", "station", "invigilator"):
        installer = root / "packaging" / name / "install.sh"
        assert os.access(installer, os.X_OK), f"{installer} cannot be run"


def _scripts(root: Path) -> list[Path]:
    found = [root / "kaodian", root / "requirements" / "lock", root / ".ci" / "run"]
    found += sorted((root / "packaging").rglob("*.sh"))
    found += [
        path
        for path in sorted((root / "packaging").rglob("*"))
        if path.is_file() and path.suffix == "" and path.read_bytes().startswith(b"#!")
    ]
    return found


def test_shell_scripts_parse_and_stop_at_the_first_fault(root: Path) -> None:
    scripts = _scripts(root)
    assert len(scripts) >= 6
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        shell = "bash" if "bash" in text.splitlines()[0] else "sh"
        subprocess.run([shell, "-n", str(script)], check=True)
        assert re.search(r"^set -e", text, re.MULTILINE), f"{script} goes on after a fault"


def test_units_run_commands_that_are_installed(root: Path) -> None:
    """What a unit starts is what an installer puts there."""
    units = sorted((root / "packaging").rglob("*.service"))
    assert units
    entry_points = set(_project(root)["project"]["scripts"])
    for unit in units:
        starts = re.findall(r"^ExecStart=(\S+)", unit.read_text(encoding="utf-8"), re.MULTILINE)
        assert starts, f"{unit} starts nothing"
        for start in starts:
            known = Path(start).name in entry_points
            beside = (unit.parent / Path(start).name).exists()
            system = start.startswith(("/usr/bin/", "/bin/"))
            assert known or beside or system, f"{unit}: {start}"


@pytest.mark.parametrize("name", ["server", "station", "invigilator"])
def test_installers_take_the_locked_requirements(root: Path, name: str) -> None:
    text = (root / "packaging" / name / "install.sh").read_text(encoding="utf-8")
    assert f"requirements/{name}.txt" in text
    assert "--require-hashes" in text
