"""A fresh clone must run: the launcher prepares whatever the programs rely on."""

import ast
from pathlib import Path
from typing import Any

from venue_server.wire.version import VERSION


def _asks_for_the_installed_version(module: Any) -> bool:
    return any(
        isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("version", "metadata.version", "importlib.metadata.version")
        for node in ast.walk(module.tree)
    )


def test_no_program_needs_an_installed_distribution(modules: list[Any], root: Path) -> None:
    """``importlib.metadata.version`` fails where the launcher runs the programs from the tree."""
    askers = [module.name for module in modules if _asks_for_the_installed_version(module)]
    installs = "--no-deps" in (root / "kaodian").read_text(encoding="utf-8")
    assert askers == [] or installs, "the launcher does not install the project into its venv"


def test_the_launcher_knows_its_documented_tasks(root: Path) -> None:
    text = (root / "kaodian").read_text(encoding="utf-8")
    for task in ("rehearse", "test", "venue-server", "candidate-station", "invigilator-app"):
        assert f"\n{task})" in text


def test_the_version_is_the_same_everywhere(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert 'version = { attr = "venue_server.wire.version.VERSION" }' in text
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{VERSION}]" in changelog
