"""The venue's states: drawn as they are, and when the seal is looked at (C10)."""

import re
from pathlib import Path

import pytest

from venue_server.gateway.seal_keeper import CHECKS_MIN, MINUTE_MS, due
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
