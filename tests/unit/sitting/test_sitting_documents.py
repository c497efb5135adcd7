"""docs/states and docs/plan.md say what the code does."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from venue_server.sitting.door.rows import DOUBT_NEXT
from venue_server.sitting.plan import (
    Candidate,
    DesignatedServer,
    Plan,
    PlannedSession,
    PlannedStaff,
    Room,
    Seat,
    Thresholds,
)
from venue_server.sitting.states import DATA_NEXT, PACKAGE_NEXT, SESSION_NEXT, SITTING_NEXT

DOCS = Path(__file__).parents[3] / "docs"


def drawings(name: str) -> list[set[tuple[str, str]]]:
    text = (DOCS / "states" / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    return [set(re.findall(r"^ +(\w+) --> (\w+)$", block, re.MULTILINE)) for block in blocks]


def arrows(table: Mapping[Any, frozenset[Any]]) -> set[tuple[str, str]]:
    return {(here.value, to.value) for here, following in table.items() for to in following}


def test_the_drawing_of_a_sitting_is_its_table() -> None:
    assert drawings("sitting.md") == [arrows(SITTING_NEXT)]


def test_the_drawing_of_a_doubt_is_its_table() -> None:
    assert drawings("doubt.md") == [arrows(DOUBT_NEXT)]


def test_the_drawings_of_a_session_are_its_tables() -> None:
    assert drawings("session.md") == [
        arrows(each) for each in (SESSION_NEXT, DATA_NEXT, PACKAGE_NEXT)
    ]


@pytest.mark.parametrize(
    "kind",
    [
        *(Plan, PlannedSession, Candidate, Room, Seat, DesignatedServer),
        *(PlannedStaff, Thresholds),
    ],
)
def test_every_field_of_the_plan_is_described(kind: type[msgspec.Struct]) -> None:
    text = (DOCS / "plan.md").read_text(encoding="utf-8")
    missing = [
        name
        for name in kind.__struct_fields__
        if f"`{name}`" not in text and f'"{name}"' not in text
    ]
    assert missing == []
