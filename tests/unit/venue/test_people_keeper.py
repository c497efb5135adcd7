"""A room with fewer than two people is called out at every look and recorded once (A04, F21)."""

from types import SimpleNamespace
from typing import Any

import pytest

from venue_server.day_people import PeopleKeeper
from venue_server.staff.person import Person
from venue_server.wire.names import Role, SessionState


class Book:
    """Duties as far as the keeper asks them; ``notes`` is what it wrote."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, int]] = []

    def staffing(self, _session_id: str) -> dict[str, int]:
        return dict(self.notes)

    async def note_staffing(self, _session_id: str, room_id: str, count: int) -> None:
        self.notes.append((room_id, count))


class Room:
    """One room that is sat in."""

    def __init__(self) -> None:
        self.book = Book()
        session = SimpleNamespace(
            session_id="S1",
            state=SessionState.STARTED,
            planned=SimpleNamespace(candidates=[SimpleNamespace(room_id="01")]),
        )
        parts: Any = SimpleNamespace(
            alarms=SimpleNamespace(also=lambda _source: None),
            sittings=SimpleNamespace(current_session=lambda: session),
            people=SimpleNamespace(duties=self.book),
            day_began_ms=lambda: 1,
        )
        self.keeper = PeopleKeeper(parts, lambda: None)

    async def looked_at(self, *names: str) -> int:
        """So many alarms with these people there, after two looks."""
        for _ in range(2):
            await self.keeper._look_at_rooms([person(name) for name in names])
        return len(self.keeper.alarms())


def person(name: str) -> Person:
    return Person(name, name, frozenset({Role.INVIGILATOR}), frozenset({"01"}), 5)


@pytest.fixture
def room() -> Room:
    return Room()


async def test_f21_a_change_is_written_once_and_called_out_as_long_as_it_lasts(room: Room) -> None:
    assert await room.looked_at("a", "b") == 0
    assert room.book.notes == [], "a room that never fell short is not on record"
    assert await room.looked_at("a") == 1
    assert await room.looked_at() == 1
    assert await room.looked_at("a", "b") == 0
    assert room.book.notes == [("01", 1), ("01", 0), ("01", 2)]
    assert await room.looked_at("a", "b", "c") == 0
    assert room.book.notes[3:] == [], "more than two are nobody's concern"
