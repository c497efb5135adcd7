"""Tables that show a whole group of requirements, and what docs/requirements.md says of it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

REGISTER = Path(__file__).parents[3] / "docs" / "requirements.md"
_LINE = re.compile(r"^\| ([A-Z]\d\d) \| .*? \| (works|partly|not yet|outside) \|", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One line of a group's table: ``outcome`` asks the product's own rule."""

    number: str
    situation: str
    outcome: Callable[[], object]
    expected: object

    def __str__(self) -> str:
        return f"{self.number} {self.situation}"


def built(group: str) -> set[str]:
    """The numbers of a group that the register calls works or partly."""
    found = _LINE.findall(REGISTER.read_text(encoding="utf-8"))
    return {
        number for number, state in found if number[0] == group and state in ("works", "partly")
    }


def without_a_row(group: str, rows: Iterable[Row]) -> set[str]:
    """Numbers of the group that are built and stand in no line of its table."""
    return built(group) - {row.number for row in rows}
