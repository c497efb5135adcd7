"""The venue's states: drawn as they are, and when the seal is looked at (C10)."""

import re
from pathlib import Path

import pytest

from venue_server.gateway.seal_keeper import CHECKS_MIN, MINUTE_MS, REST_S, WATCH_S, due, rest_s
from venue_server.stations.inspection.states import MAY_SEAL, SEAL_NEXT
from venue_server.wire.inspection_orders import SealState

DRAWING = Path(__file__).parents[3] / "docs" / "states" / "venue.md"


def test_c10_the_drawing_is_the_table() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+)$", DRAWING.read_text("utf-8"), re.MULTILINE)
    assert set(drawn) == {(a.value, b.value) for a, then in SEAL_NEXT.items() for b in then}
    assert set(SEAL_NEXT) == set(SealState)
    assert {SealState.INSPECTED, SealState.SEAL_BROKEN} == MAY_SEAL


@pytest.mark.parametrize(
    ("minutes", "done", "expected"),
    [
        (120.001, (), None),
        (120, (), 120),
        (61, (120,), None),
        (60.001, (), 120),
        (60, (), 60),
        (30, (60,), None),
        (30, (), 60),
        (5.001, (60,), None),
        (5, (60,), 5),
        (4, (), 5),  # the server was off at T-60: the later check sees the same
        (4, (5,), None),
        (0, (120, 60, 5), None),
    ],
)
def test_c10_the_seal_is_checked_at_three_instants_before_the_start(
    minutes: float, done: tuple[int, ...], expected: int | None
) -> None:
    start = 1_800_000_000_000
    now = start - int(minutes * MINUTE_MS)
    assert due(start, now, frozenset(done)) == expected
    assert expected in (None, *CHECKS_MIN)


@pytest.mark.parametrize(
    ("minutes", "rate", "expected"),
    [
        (180, 1, WATCH_S),
        (5 + 0.4 / 60, 1, 0.4 + REST_S),
        (6, 200, 0.3 + REST_S),  # a rehearsal's day: five minutes are one and a half seconds
        (6, 1, WATCH_S),
        (5, 200, WATCH_S),  # this one is due now, none is ahead
        (-1, 200, WATCH_S),
    ],
)
def test_c10_no_check_of_the_seal_waits_for_the_next_look(
    minutes: float, rate: float, expected: float
) -> None:
    start = 1_800_000_000_000
    now = start - int(minutes * MINUTE_MS)
    assert rest_s(start, now, rate) == pytest.approx(expected, abs=0.001)
