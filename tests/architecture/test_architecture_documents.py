"""Documents say what is true: names and paths they cite exist, every requirement has its row."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "docs" / "requirements.md"
COUNTS = {  # how many requirements each group has
    **{"A": 15, "B": 7, "C": 13, "D": 20, "E": 7, "F": 15, "G": 12, "H": 10, "I": 13},
    **{"V": 9, "K": 8, "L": 11, "M": 8, "N": 10, "O": 10, "Y": 8},
}
STATES = {"works", "partly", "not yet", "outside"}
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PLACES = (
    "tests/",
    "venue_server/",
    "candidate_station/",
    "invigilator_app/",
    "docs/",
    "packaging/",
)


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """The generator of the list of tests, with its functions."""
    return runpy.run_path(str(Path(__file__).with_name("list_requirement_tests.py")))


@pytest.fixture(scope="module")
def test_names(test_modules: list[Any]) -> set[str]:
    """The names of all tests there are."""
    return {name.rpartition(".")[2] for module in test_modules for name, _ in module.functions()}


def _rows() -> list[list[str]]:
    text = REQUIREMENTS.read_text(encoding="utf-8").partition("<!-- tests: generated -->")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row for row in rows if re.fullmatch(r"[A-Z]\d\d", row[0])]


def test_every_requirement_has_one_row() -> None:
    expected = [f"{group}{n:02d}" for group, count in COUNTS.items() for n in range(1, count + 1)]
    assert [row[0] for row in _rows()] == expected
    assert {row[2] for row in _rows()} <= STATES


def test_what_works_names_its_place_and_its_tests(tool: dict[str, Any]) -> None:
    tested = {number for kind, number, _path, _test in tool["numbered_tests"]()}
    for row in _rows():
        if row[2] not in ("works", "partly"):
            continue
        assert "`" in row[3], f"{row[0]} does not say where"
        assert row[0] in tested or "`tests/" in row[3], f"{row[0]} has no test"


def test_what_is_not_there_says_so_in_words() -> None:
    for row in _rows():
        if row[2] == "partly":
            assert "not yet" in row[3] or "does not" in row[3], f"{row[0]}: what is missing?"
        if row[2] == "outside":
            assert len(row) > 3 and row[3].strip(" |"), f"{row[0]}: why?"


def test_the_list_of_tests_is_up_to_date(tool: dict[str, Any]) -> None:
    """Run ``python tests/architecture/list_requirement_tests.py`` when this fails."""
    committed = REQUIREMENTS.read_text(encoding="utf-8")
    assert committed == tool["with_listing"](committed)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_paths_and_links_of_a_document_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    cited = set(re.findall(r"`([\w./-]+)`", text))
    paths = {each for each in cited if each.startswith(PLACES) and "NNNN" not in each}
    missing = sorted(each for each in paths if not (ROOT / each).exists())
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing += [
        link for link in links if "://" not in link and not (path.parent / link).resolve().exists()
    ]
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tests_named_by_a_document_exist(path: Path, test_names: set[str]) -> None:
    cited = set(re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8")))
    assert cited - test_names == set()


def test_pictures_of_the_readmes_are_pictures() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / link).read_bytes().startswith(b"\x89PNG"), link


def test_nothing_names_the_workplace_it_was_written_at(text_files: dict[str, str]) -> None:
    marks = ("/" + "work/main", "/" + "work/shared", "/tmp/" + "kd", "/opt/" + "pypi")
    # A checkout that shares another one's history has a file .git with a path in it.
    ours = {name: text for name, text in text_files.items() if name != ".git"}
    wrong = [name for name, text in ours.items() if any(mark in text for mark in marks)]
    assert wrong == []
