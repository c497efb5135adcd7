"""The ends of chains as the truth about answers reads them: right, and by the index (H07, P9)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import IntegrityError

from venue_server.gateway.primary_gone import is_gone
from venue_server.responses import store
from venue_server.responses.store import ends_of
from venue_server.storage.plain import Plain, Row, inside
from venue_server.storage.schema import metadata, response, sitting
from venue_server.wire.alarms import Alarm, AlarmCode

ARRIVED = st.dictionaries(  # instants of arrival: of none, a few, and some runs of the index
    st.sampled_from(["s.1", "s.2", "s.3"]), st.lists(st.integers(0, 9), max_size=50), max_size=3
)


def add(engine: Engine, session_id: str, arrived: dict[str, list[int]]) -> None:
    """Sittings of a session, one answer for each instant of arrival."""
    with engine.begin() as tx:
        for number, (sitting_id, instants) in enumerate(arrived.items()):
            tx.execute(
                sitting.insert().values(
                    sitting_id=sitting_id,
                    session_id=session_id,
                    room_id="1",
                    seat_no=str(number),
                    ticket_no=str(number),
                    state="IN_PROGRESS",
                    machine_id="m",
                )
            )
            for seq, at_ms in enumerate(instants, 1):
                row = {"sitting_id": sitting_id, "seq": seq, "hash": "h", "sealed": b"x"}
                tx.execute(response.insert().values(**row, received_at_ms=at_ms))


def stored(arrived: dict[str, list[int]]) -> Engine:
    """A store with these sittings of session ``s``."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    add(engine, "s", arrived)
    return engine


@settings(max_examples=60, deadline=None)
@given(ARRIVED, st.none() | st.integers(0, 10))
def test_h07_the_ends_are_those_of_counting_row_by_row(
    arrived: dict[str, list[int]], before_ms: int | None
) -> None:
    expected = {}
    for sitting_id, instants in arrived.items():
        counted = [
            seq for seq, at_ms in enumerate(instants, 1) if before_ms is None or at_ms < before_ms
        ]
        expected |= {sitting_id: max(counted)} if counted else {}
    with stored(arrived).connect() as tx:
        assert ends_of(tx, "s", before_ms) == expected
        assert ends_of(tx, "another", before_ms) == {}


OF_ALL = {"_ALL", "_ENDS"}
"""What reads every answer, because it is asked about every answer."""
OF_SOME = {
    name: each
    for name, each in vars(store).items()
    if isinstance(each, Plain) and name not in OF_ALL
}
VALUES: dict[str, Any] = {"which": "s.1", "session": "s", "first": 5, "last": 30, "before": 9}


def steps(engine: Engine, statement: Plain) -> tuple[list[Row], int]:
    """The rows, and how many steps of SQLite's machine they took."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    with engine.connect() as tx:
        driver = tx.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(step, 1)
        rows = inside(tx)(statement, **VALUES)
        driver.set_progress_handler(None, 1)
    return rows, taken


@pytest.mark.parametrize("name", OF_SOME)
def test_p9_what_asks_about_some_answers_costs_the_same_however_many_others_have(name: str) -> None:
    """The index has runs before sittings: one word that it does not know, and a statement would
    read through a million answers."""
    mine = {"s.1": list(range(40)), "s.2": list(range(20))}
    engine = stored(mine)
    alone, taken = steps(engine, OF_SOME[name])
    add(engine, "t", {f"t.{number}": list(range(40)) for number in range(40)})
    again, taken_now = steps(engine, OF_SOME[name])
    assert alone and again == alone
    assert taken_now <= taken + 100, "1,600 answers more"


def test_h07_a_sequence_is_taken_once() -> None:
    engine = stored({"s.1": list(range(40)), "s.2": [1]})
    for seq in (1, 17, 40):
        row = {"sitting_id": "s.1", "seq": seq, "hash": "other", "sealed": b"y"}
        with pytest.raises(IntegrityError), engine.begin() as tx:
            tx.execute(response.insert().values(**row, received_at_ms=1))
    with engine.connect() as tx:
        assert ends_of(tx, "s") == {"s.1": 40, "s.2": 1}


def test_r3_only_a_disk_that_gives_nothing_counts_as_gone() -> None:
    def failing(system: str) -> Alarm:
        return Alarm(AlarmCode.PRIMARY_FAILING, {"folder": "/d", "system": system})

    assert is_gone(Alarm(AlarmCode.PRIMARY_ELSEWHERE)) and is_gone(Alarm(AlarmCode.PRIMARY_HANGS))
    assert is_gone(failing("disk I/O error")) and is_gone(failing("No such device"))
    for still_there in ("database or disk is full", "No space left on device"):
        assert not is_gone(failing(still_there))
    assert not is_gone(failing("attempt to write a readonly database"))
    assert not is_gone(Alarm(AlarmCode.DISK_SLOW)) and not is_gone(Alarm(AlarmCode.DISK_LOW))
