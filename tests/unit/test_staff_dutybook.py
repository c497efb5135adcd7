"""Duty hours, their override, badges and shifts as rules (A10, A13, A14)."""

from hypothesis import given
from hypothesis import strategies as st

from venue_server.staff.duty.rules import midnight_before
from venue_server.staff.dutybook.rules import (
    LONGEST_SHIFT_MS,
    OVERRIDE_MS,
    Content,
    Entry,
    Override,
    Presence,
    Shift,
    Stay,
    Withdrawal,
    gaps,
    inside,
    missing,
    override_until,
    shift_problem,
    standing,
    stays,
    who_shows,
)
from venue_server.wire.refusals import Refusal, RefusalCode

NOW = midnight_before(1_800_000_000_000) + 9 * 3_600_000
BADGES = {"a": "101", "b": "102", "c": "102", "d": ""}


def entry(content: Content, at_ms: int, entry_id: int = 1) -> Entry:
    return Entry(entry_id, content, "x", at_ms)


def test_a14_duty_hours_end_exactly_when_they_end() -> None:
    hours = [(100, 200), (300, 400)]
    assert [inside(hours, at) for at in (99, 100, 199, 200, 300, 400)] == [0, 200, 200, 0, 400, 0]


def test_a14_an_override_runs_half_an_hour_and_not_before_it_was_given() -> None:
    given_ = [entry(Override("r", NOW + OVERRIDE_MS), NOW)]
    assert override_until(given_, NOW - 1) == 0
    assert override_until(given_, NOW + OVERRIDE_MS - 1) == NOW + OVERRIDE_MS
    assert override_until(given_, NOW + OVERRIDE_MS) == 0


def test_a10_who_came_left_and_came_again_today() -> None:
    book = [
        entry(Presence("a", here=True), midnight_before(NOW) - 1),  # yesterday
        entry(Presence("b", here=True), NOW),
        entry(Presence("b", here=False), NOW + 1),
        entry(Presence("c", here=True), NOW),
        entry(Presence("c", here=False), NOW + 1),
        entry(Presence("c", here=True), NOW + 2),
    ]
    here = stays(book, NOW + 3)
    assert here == {"b": Stay(NOW, NOW + 1), "c": Stay(NOW + 2, 0)}
    assert missing(["a", "b", "c"], here) == {"a", "b"}
    assert missing(["a", "b", "c"], {}) == frozenset(), "no badge shown today: not in use"


def test_a10_a_badge_is_its_number_or_the_persons_id_and_never_a_guess() -> None:
    assert who_shows(" 101\n", BADGES) == "a"
    assert who_shows("d", BADGES) == "d"
    for shown in ("102", "", "999"):  # of two people, of nobody
        refused = who_shows(shown, BADGES)
        assert isinstance(refused, Refusal)
        assert refused.code is RefusalCode.BADGE_UNKNOWN


def test_a13_a_withdrawn_shift_does_not_stand() -> None:
    late, early = Shift("a", "p", "", 50, 60), Shift("b", "p", "", 10, 20)
    book = [entry(late, 0, 1), entry(early, 0, 2), entry(Withdrawal(1, "r"), 0, 3)]
    assert standing(book[:2]) == [(2, early), (1, late)]
    assert standing(book) == [(2, early)]


def test_a13_a_shift_has_a_place_and_a_length_of_at_most_a_day() -> None:
    assert shift_problem(Shift("a", "p", "", 0, LONGEST_SHIFT_MS)) is None
    wrong = ((" ", 0, 1), ("p", 5, 5), ("p", 5, 4), ("p", 0, LONGEST_SHIFT_MS + 1))
    for place, from_ms, until_ms in wrong:
        assert shift_problem(Shift("a", place, "", from_ms, until_ms)) is not None


INSTANTS = st.integers(0, 60)
SPANS = st.tuples(INSTANTS, st.integers(1, 20)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.lists(SPANS, max_size=6), INSTANTS)
def test_a13_gaps_are_the_instants_of_duty_without_a_shift(
    spans: list[tuple[int, int]], now_ms: int
) -> None:
    hours = [(5, 25), (30, 70)]
    found = gaps(hours, [Shift("a", "p", "", *each) for each in spans], now_ms)
    told = {at for begins, until in found for at in range(begins, until)}
    meant = {
        at
        for begins, until in hours
        for at in range(max(begins, now_ms), until)
        if not any(start <= at < end for start, end in spans)
    }
    assert told == meant
