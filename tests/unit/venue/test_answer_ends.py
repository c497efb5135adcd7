"""The ends of chains as the truth about answers reads them: right, and by the index (H07, P9)."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, event

from venue_server.gateway.primary_gone import is_gone
from venue_server.responses.store import ends_of
from venue_server.storage.schema import metadata, response, sitting
from venue_server.wire.alarms import Alarm, AlarmCode

ARRIVED = st.dictionaries(
    st.sampled_from(["s.1", "s.2", "s.3"]), st.lists(st.integers(0, 9), max_size=6), max_size=3
)


def stored(arrived: dict[str, list[int]]) -> Engine:
    """A store with these sittings, one answer for each instant of arrival."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as tx:
        for number, (sitting_id, instants) in enumerate(arrived.items()):
            tx.execute(
                sitting.insert().values(
                    sitting_id=sitting_id,
                    session_id="s",
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


def test_h07_a_look_at_answers_places_never_reads_through_all_answers() -> None:
    engine = stored({"s.1": [1, 2], "s.2": [3]})
    said: list[tuple[str, tuple[object, ...]]] = []
    event.listen(engine, "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
    with engine.connect() as tx:
        ends_of(tx, "s")
        ends_of(tx, "s", 5)
        for statement, values in list(said):
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[3] for row in plan if "response" in row[3]]
            assert steps and all(step.startswith("SEARCH") for step in steps), steps


def test_r3_only_a_disk_that_gives_nothing_counts_as_gone() -> None:
    def failing(system: str) -> Alarm:
        return Alarm(AlarmCode.PRIMARY_FAILING, {"folder": "/d", "system": system})

    assert is_gone(Alarm(AlarmCode.PRIMARY_ELSEWHERE)) and is_gone(Alarm(AlarmCode.PRIMARY_HANGS))
    assert is_gone(failing("disk I/O error")) and is_gone(failing("No such device"))
    for still_there in ("database or disk is full", "No space left on device"):
        assert not is_gone(failing(still_there))
    assert not is_gone(failing("attempt to write a readonly database"))
    assert not is_gone(Alarm(AlarmCode.DISK_SLOW)) and not is_gone(Alarm(AlarmCode.DISK_LOW))
