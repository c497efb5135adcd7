"""Taking back a wrong entry of 补时: never below the plan, never below what was used (I07)."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.sitting.credit.revoking import takeable_s
from venue_server.sitting.credit.service import CreditService
from venue_server.sitting.policy import Adjustment, AdjustmentKind, has_ended, timing
from venue_server.wire.credit_orders import Credit, CreditReason
from venue_server.wire.messages import Timing
from venue_server.wire.names import MediaClass

T0 = 1_790_000_000_000
S, MINUTE = 1000, 60_000
EXTENSION, SUSPENSION = AdjustmentKind.EXTENSION, AdjustmentKind.SUSPENSION


def ends(*adjustments: Adjustment, duration_s: int = 5400) -> Any:
    def end_of(credited_s: int) -> Timing:
        return timing(T0, duration_s, MediaClass.NORMAL, False, credited_s, tuple(adjustments))

    return end_of


@pytest.mark.parametrize(
    ("now_s", "expected"),
    [
        (0, 1800),  # nothing is used while the planned time runs
        (5400 - 1, 1800),
        (5400 + 600, 1199),  # ten minutes are used, and the instant itself
        (5400 + 1799, 0),
        (5400 + 1800, 0),  # over
    ],
)
def test_i07_only_what_is_unconsumed_goes(now_s: int, expected: int) -> None:
    assert takeable_s(ends(), 1800, 1800, T0 + now_s * S) == expected


def test_i07_to_the_millisecond() -> None:
    end_of, end_ms = ends(), T0 + 5400 * S
    assert takeable_s(end_of, 60, 60, end_ms - 1) == 60, "the planned end lies ahead"
    assert takeable_s(end_of, 60, 60, end_ms) == 59, "it came this very millisecond"
    assert takeable_s(end_of, 60, 60, end_ms + 1) == 59
    assert takeable_s(end_of, 60, 60, end_ms + S - 1) == 59
    assert takeable_s(end_of, 60, 60, end_ms + S) == 58


def test_i07_an_extension_that_came_within_the_credit_is_not_lost_with_it() -> None:
    """Approved at minute 95, when only a candidate with 补时 was still answering."""
    late = Adjustment(EXTENSION, T0 + 95 * MINUTE, 15 * MINUTE)
    end_of = ends(late)
    taken = takeable_s(end_of, 600, 600, T0 + 97 * MINUTE)
    assert taken == 299
    assert end_of(600).end_ms - end_of(600 - taken).end_ms == taken * S


def test_i07_while_the_room_stands_still_nothing_is_used() -> None:
    standing = Adjustment(SUSPENSION, T0 + 92 * MINUTE, None)
    for later in (92, 100, 10_000):
        assert takeable_s(ends(standing), 600, 600, T0 + later * MINUTE) == 479


# ---- random days -------------------------------------------------------------------------------


@dataclass
class Sitting:
    """One candidate as the store has them: seconds in force, and the room's adjustments."""

    duration_s: int
    arranged_s: int
    now_ms: int = T0
    credited_s: int = 0
    adjustments: tuple[Adjustment, ...] = ()

    def end_of(self, credited_s: int) -> Timing:
        extra = self.arranged_s + credited_s
        media = MediaClass.NORMAL
        return timing(T0, self.duration_s, media, False, extra, self.adjustments)

    @property
    def times(self) -> Timing:
        return self.end_of(self.credited_s)

    def room_ms(self) -> int:
        return self.times.room_clock_ms(self.now_ms)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["credit", "revoke", "revoke", "extend", "suspend", "wait"]),
        st.integers(0, 3600),
        st.integers(0, 1_200_000),
    ),
    min_size=1,
    max_size=12,
)


@given(st.integers(600, 3 * 3600), st.integers(0, 900), ACTIONS)
def test_i07_no_revocation_reaches_the_plan_the_used_time_or_what_the_room_was_given(
    duration_s: int, arranged_s: int, actions: list[tuple[str, int, int]]
) -> None:
    one = Sitting(duration_s, arranged_s)
    for what, seconds, wait_ms in actions:
        before = one.times
        over = has_ended(before, one.now_ms)
        match what:
            case "credit":
                one.credited_s += 0 if over else seconds
            case "extend":
                more = Adjustment(EXTENSION, one.now_ms, seconds * S)
                one.adjustments = (*one.adjustments, more)
            case "suspend":
                pause = Adjustment(SUSPENSION, one.now_ms, seconds * S)
                one.adjustments = (*one.adjustments, pause)
                one.now_ms += seconds * S  # nothing else is ordered meanwhile
            case "revoke":
                revoke(one, seconds, over)
            case "wait":
                one.now_ms += wait_ms
        if what != "revoke":
            assert one.times.end_ms >= before.end_ms


def revoke(one: Sitting, seconds: int, over: bool) -> None:
    before, room_ms = one.times, one.room_ms()
    taken = takeable_s(one.end_of, one.credited_s, seconds, one.now_ms)
    assert 0 <= taken <= min(seconds, one.credited_s)
    one.credited_s -= taken
    after = one.times
    assert after.end_ms >= one.end_of(0).end_ms, "never below the plan"
    assert before.end_ms - after.end_ms == taken * S, "and nothing else is lost with it"
    assert after.end_ms > room_ms or taken == 0, "never below what was used"
    assert has_ended(after, one.now_ms) == over, "nobody's time ends by it"
    for name in ("effective_start_ms", "admission_closes_ms", "closed_until_ms"):
        assert getattr(after, name) == getattr(before, name)
    # As much as was asked for goes, unless a second more would reach one of the bounds.
    if not over and taken < min(seconds, one.credited_s + taken):
        assert one.end_of(one.credited_s - 1).end_ms <= room_ms


# ---- in the store ------------------------------------------------------------------------------


async def test_i07_both_values_the_people_and_the_reason_are_kept_and_a_new_process_knows(
    make_venue: Any,
) -> None:
    venue = make_venue()
    await venue.load()
    venue.clock.minutes(-20)
    sitting_id = await venue.ready("01")
    venue.clock.minutes(0)
    await venue.start()
    await venue.open(sitting_id)
    service = venue.service
    planned_ms = service.times_of(service.sitting(sitting_id)).end_ms
    credits = CreditService(venue.store, venue.ledger, service, venue.clock, 10_000)
    why = CreditReason.POWER
    made = await credits.propose(sitting_id, "R1", why, 1800, "误录", "", [], "inv-1")
    assert isinstance(made, Credit)
    await credits.decide(made.proposal_id, True, "", "chief")
    asked = await credits.propose_revocation(made.proposal_id, "R1", "应为 3 分钟", 1620, "inv-1")
    assert isinstance(asked, Credit)
    venue.clock.minutes(95)
    done = await credits.decide(asked.proposal_id, True, "核对无误", "chief")
    assert isinstance(done, Credit)
    assert (done.taken_s, done.end_before_ms - planned_ms) == (1499, 1_800_000)
    assert done.end_after_ms == planned_ms + 5 * MINUTE + S
    assert [each["event"] for each in venue.events()][-2:] == [
        "time.revocation_proposed",
        "time.revoked",
    ]
    again = make_venue().service
    sitting = again.sitting(sitting_id)
    assert again.personal(sitting) == (again.times_of(sitting), 301, 1499)
    assert again.times_of(sitting).end_ms == done.end_after_ms
    assert again.answers_count_until_ms(sitting) == done.end_before_ms
