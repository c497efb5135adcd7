"""What a candidate lost, measured from the chain and the heartbeats (I07, I12, F1, F3, F4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from venue_server.sitting.credit.lost_time import (
    Act,
    Outage,
    lost_time,
    room_events,
    whole_minutes,
)
from venue_server.sitting.credit.rules import may_propose, wanted, within_cap
from venue_server.wire.credit_orders import GapCause, LostTime
from venue_server.wire.refusals import Refusal, RefusalCode

END = 5_400_000
OPEN = Act("open", 1_000)


def answer(at_ms: int) -> Act:
    return Act("response", at_ms)


def lost(*acts: Act, outages: tuple[Outage, ...] = ()) -> list[LostTime]:
    return lost_time(acts, outages, 0, END)


def test_i07_a_dead_station_costs_from_the_last_heartbeat_to_the_first_act() -> None:
    """The candidate read for a while before the power went: that was not lost."""
    silence = Outage(GapCause.LINK, 200_000, 350_000)
    acts = (OPEN, answer(100_000), Act("open", 360_000), answer(380_000))
    assert lost(*acts, outages=(silence,)) == [
        LostTime(GapCause.STATION, 200_000, 380_000, 180_000, 0)
    ]


def test_i07_without_a_heartbeat_the_last_act_is_the_last_sign_of_life() -> None:
    acts = (OPEN, answer(100_000), Act("open", 360_000))
    assert lost(*acts) == [LostTime(GapCause.STATION, 100_000, 360_000, 260_000, 0)]


def test_f4_a_line_that_was_away_while_answers_went_on_costs_nothing() -> None:
    silence = Outage(GapCause.LINK, 200_000, 900_000)
    acts = (OPEN, answer(100_000), answer(300_000), answer(800_000), answer(950_000))
    assert lost(*acts, outages=(silence,)) == [LostTime(GapCause.LINK, 200_000, 900_000, 0, 2)]


def test_f3_the_server_away_costs_nothing_and_one_that_lasts_has_no_end() -> None:
    away = Outage(GapCause.SERVER, 200_000, 300_000)
    lasting = Outage(GapCause.LINK, 400_000, None)
    found = lost(OPEN, answer(250_000), outages=(away, lasting))
    assert found == [
        LostTime(GapCause.SERVER, 200_000, 300_000, 0, 1),
        LostTime(GapCause.LINK, 400_000, None, 0, 0),
    ]


def test_f4_then_f1_the_power_goes_while_the_line_is_away() -> None:
    """Answers that came later show that the station lived on at first."""
    silence = Outage(GapCause.LINK, 200_000, 900_000)
    acts = (OPEN, answer(500_000), Act("open", 800_000), answer(810_000))
    assert lost(*acts, outages=(silence,)) == [
        LostTime(GapCause.STATION, 500_000, 810_000, 310_000, 0)
    ]


@pytest.mark.parametrize(
    ("kind", "cause", "measured"),
    [("AUTO", GapCause.OLD_END, 60_000), ("EARLY", GapCause.HAND_IN, 0)],
)
def test_i10_an_old_end_costs_time_and_a_mistaken_hand_in_does_not(
    kind: str, cause: GapCause, measured: int
) -> None:
    closed = Act("submit", 100_000, kind)
    reopened = (OPEN, closed, Act("open", 150_000), answer(160_000))
    assert lost(*reopened) == [LostTime(cause, 100_000, 160_000, measured, 0)]
    assert lost(OPEN, closed, answer(160_000)) == [LostTime(cause, 100_000, 160_000, measured, 0)]


def test_two_restarts_in_a_row_are_not_counted_twice() -> None:
    acts = (OPEN, answer(2_000), Act("open", 5_000), Act("open", 9_000), answer(9_500))
    assert [(one.start_ms, one.end_ms) for one in lost(*acts)] == [(2_000, 5_000), (5_000, 9_500)]


@given(
    some.lists(
        some.tuples(
            some.sampled_from(["open", "response", "visit", "submit"]), some.integers(0, END)
        ),
        max_size=12,
    ),
    some.lists(some.tuples(some.integers(0, END), some.integers(0, END)), max_size=4),
)
def test_what_is_measured_never_exceeds_the_sitting(
    acts: list[tuple[str, int]], silences: list[tuple[int, int]]
) -> None:
    chain = [
        Act(kind, at) for (kind, _), at in zip(acts, sorted(at for _, at in acts), strict=True)
    ]
    outages = [Outage(GapCause.LINK, min(pair), max(pair)) for pair in silences]
    found = lost_time(chain, outages, 0, END)
    assert sum(one.measured_ms for one in found) <= END
    assert all(one.measured_ms >= 0 for one in found)


def test_i07_whole_minutes_rounded_up_and_only_what_was_not_proposed_yet() -> None:
    assert [whole_minutes(ms) for ms in (0, 1, 60_000, 60_001)] == [0, 60, 60, 120]
    assert wanted(0, 180_001, before_s=60) == 180
    assert wanted(61, 0, before_s=0) == 120
    assert wanted(0, 60_000, before_s=600) == 0


def test_i07_more_than_was_measured_needs_words_and_more_than_the_cap_a_reference() -> None:
    assert may_propose(0, 60_000, 0, "x") == Refusal(RefusalCode.NOTHING_MEASURED)
    assert may_propose(60, 60_000, 0, "") is None
    assert may_propose(60, 60_000, 60, " ") == Refusal(RefusalCode.REASON_MISSING)
    assert within_cap(1200, 600, 1800, "") is None
    assert within_cap(1200, 660, 1800, "") == Refusal(RefusalCode.CREDIT_ABOVE_CAP, "30")
    assert within_cap(1200, 660, 1800, "函7号") is None


def test_i12_what_begins_together_in_a_room_is_one_event() -> None:
    begun = [("a", 1_000), ("b", 3_000), ("c", 9_000), ("d", 90_000), ("a", 90_500)]
    assert room_events(begun, within_ms=15_000) == {
        ("a", 1_000): 1,
        ("b", 3_000): 1,
        ("c", 9_000): 1,
        ("d", 90_000): 0,
        ("a", 90_500): 0,
    }
    assert room_events([], 1) == {}
