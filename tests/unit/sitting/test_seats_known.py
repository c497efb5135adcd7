"""Who sits where is known without asking the store, and always as the store has it (P5)."""

import pytest
from sqlalchemy import update

from tests.unit.sitting.conftest import Venue
from venue_server.ledger.catalogue import Event
from venue_server.sitting import store
from venue_server.sitting.rows import Sitting
from venue_server.storage import schema
from venue_server.wire.names import SittingState


def as_stored(venue: Venue) -> list[Sitting]:
    return venue.store.read(lambda tx: store.load_sittings(tx, "s1"))


def agrees(venue: Venue) -> None:
    """By either way: before and after everybody's seats were read."""
    for _ in range(2):
        for each in as_stored(venue):
            assert venue.service.sitting(each.sitting_id) == each
            if each.machine_id:
                at = store.sitting_at(venue.store.ask, "s1", each.machine_id)
                assert venue.service.sitting_of_machine(each.machine_id) == at
        assert venue.service.sitting_of_machine("nobody") is None
        assert venue.service.sittings("s1") == as_stored(venue)


async def test_p5_every_step_of_a_sitting_is_seen(venue: Venue) -> None:
    agrees(venue)
    sitting_id = await venue.ready("01")
    agrees(venue)
    assert venue.service.machines_at_work("s1") == []
    await venue.start()
    await venue.open(sitting_id)
    agrees(venue)
    working = venue.service.sitting(sitting_id)
    assert working is not None and working.state is SittingState.IN_PROGRESS
    assert venue.service.machines_at_work("s1") == [working.machine_id]


async def test_p5_of_two_at_one_machine_it_is_who_logged_in_last(venue: Venue) -> None:
    await venue.ready("01")
    await venue.ready("02")
    first, second = (each for each in venue.service.sittings("s1") if each.machine_id)
    later = (second.logged_in_at_ms or 0) + 1
    at_the_same = update(schema.sitting).where(schema.sitting.c.sitting_id == first.sitting_id)
    await venue.store.write(
        lambda tx: tx.execute(
            at_the_same.values(machine_id=second.machine_id, logged_in_at_ms=later)
        )
    )
    agrees(venue)
    there = venue.service.sitting_of_machine(second.machine_id)
    assert there is not None and there.sitting_id == first.sitting_id


async def test_p5_a_calm_store_is_not_asked(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting_id = await venue.ready("01")
    venue.service.sittings("s1")
    await venue.ledger.note(Event.STATION_UP)  # from now on the table is watched
    (mine,) = (each for each in venue.service.sittings("s1") if each.sitting_id == sitting_id)
    await venue.ledger.note(Event.STATION_DOWN)
    venue.service.current_session()

    def asked(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(venue.store, "ask", asked)
    monkeypatch.setattr(venue.store, "read", asked)
    assert venue.service.sitting_of_machine(mine.machine_id) is mine
    assert venue.service.sitting(sitting_id) is mine
