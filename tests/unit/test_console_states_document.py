"""docs/states/console.md says what the code does."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from invigilator_app.ceremony import code_entry
from invigilator_app.ceremony.phase import ReleasePhase
from invigilator_app.link import port

TEXT = (Path(__file__).parents[2] / "docs/states/console.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, set[str]]:
    """First column's name to the names in the last column, of the section's table."""
    section = TEXT.split(f"## {heading}")[1].split("\n## ")[0]
    found = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = re.fullmatch(r"`([A-Z_]+)`", cells[0])
        if line.startswith("|") and name:
            found[name[1]] = set(re.findall(r"`([A-Z_]+)`", cells[-1]))
    return found


@pytest.mark.parametrize(
    ("heading", "transitions"),
    [("The line", port.TRANSITIONS), ("The offline code", code_entry.TRANSITIONS)],
)
def test_transitions_are_those_of_the_code(
    heading: str, transitions: dict[StrEnum, frozenset[StrEnum]]
) -> None:
    code = {state.value: {to.value for to in nexts} for state, nexts in transitions.items()}
    assert rows(heading) == code


def test_every_phase_of_the_release_is_described() -> None:
    assert set(rows("The release, as the chief sees it")) == {each.value for each in ReleasePhase}
