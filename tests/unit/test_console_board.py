"""The console's board: folding, seat states, attention, deadlines, counts, search."""

import msgspec
import pytest

from invigilator_app.board.attention import AttentionKind, Urgency, attention
from invigilator_app.board.counts import CountProblem, hand_in_lists, room_counts, venue_counts
from invigilator_app.board.deadlines import DeadlineKind, admission_over, deadlines
from invigilator_app.board.instants import clock, span
from invigilator_app.board.search import find_seats
from invigilator_app.board.seat_state import SeatDisplay, answers_at_risk, seat_display
from invigilator_app.board.view import BoardView, fold, seat_order
from venue_server.wire.console_views import (
    Board,
    RoomChanged,
    RoomView,
    SeatChanged,
    SeatView,
    VenueChanged,
    VenueView,
)
from venue_server.wire.messages import SessionBrief, Timing
from venue_server.wire.names import (
    MediaClass,
    Mode,
    SeatLink,
    SessionState,
    SittingState,
)

T0 = 1_795_309_200_000  # 2026-11-22 09:00 in Beijing
MIN = 60_000
TIMING = Timing(T0, T0 + 5 * MIN, T0 + 75 * MIN, T0 + 90 * MIN)
BRIEF = SessionBrief("s1", "考试", "01", "科目", T0, 5400, MediaClass.NORMAL, Mode.LIVE)


def seat(no: str, **changes: object) -> SeatView:
    fields: dict[str, object] = {
        "seat_no": no,
        "station_id": f"st{no}",
        "link": SeatLink.ONLINE,
        "paper": "open",
        "ticket_no": f"36010010{no:0>4}",
        "name": "王芳",
        "sitting_id": f"x{no}",
        "state": SittingState.IN_PROGRESS,
    }
    return SeatView(**(fields | changes))  # type: ignore[arg-type]


def room(**changes: object) -> RoomView:
    fields: dict[str, object] = {
        "room_id": "r1",
        "name": "第1考场",
        "session": BRIEF,
        "session_state": SessionState.STARTED,
        "login_allowed": True,
        "timing": TIMING,
        "scheduled": 2,
        "admitted": 2,
        "present": 2,
        "absent": 0,
        "submitted": 0,
        "answers_at_risk": 0,
    }
    return RoomView(**(fields | changes))  # type: ignore[arg-type]


VENUE = VenueView("v1", "考点", Mode.LIVE, "hq", True, "s1", SessionState.STARTED, None, None, None)


def view(*seats: SeatView, of: RoomView | None = None) -> BoardView:
    made = fold(None, Board(VENUE, [of or room()], {"r1": list(seats)}))
    assert made is not None
    return made


# ---- folding -----------------------------------------------------------------------------


def test_a_change_before_the_first_board_is_nothing() -> None:
    assert fold(None, SeatChanged("r1", seat("1"))) is None
    assert fold(None, VenueChanged(VENUE)) is None


def test_a08_a_change_of_a_room_that_the_board_does_not_hold_changes_nothing() -> None:
    before = view(seat("1"))
    assert fold(before, SeatChanged("r9", seat("1"))) is before
    assert fold(before, RoomChanged(room(room_id="r9"))) is before


def test_changes_replace_only_what_they_name_and_leave_the_old_view_alone() -> None:
    before = view(seat("1"), seat("2"))
    after = fold(before, SeatChanged("r1", seat("2", answered=7)))
    assert after is not None
    assert after.rooms["r1"].seats["2"].answered == 7
    assert before.rooms["r1"].seats["2"].answered == 0
    assert after.rooms["r1"].seats["1"] is before.rooms["r1"].seats["1"]
    renamed = fold(after, RoomChanged(room(name="新名")))
    assert renamed is not None and renamed.rooms["r1"].room.name == "新名"
    assert renamed.rooms["r1"].seats == after.rooms["r1"].seats
    moved = fold(renamed, VenueChanged(msgspec.structs.replace(VENUE, clock_trusted=False)))
    assert moved is not None and not moved.venue.clock_trusted


def test_seats_stand_in_seat_order_and_a_new_seat_finds_its_place() -> None:
    made = fold(view(seat("10"), seat("2")), SeatChanged("r1", seat("3")))
    assert made is not None and list(made.rooms["r1"].seats) == ["2", "3", "10"]
    assert seat_order("A9") < seat_order("A10") < seat_order("B1")


# ---- seat states -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "link", "login_allowed", "shown"),
    [
        (None, SeatLink.ONLINE, False, SeatDisplay.NOT_ARRIVED),
        (SittingState.SCHEDULED, SeatLink.OFFLINE, False, SeatDisplay.NOT_ARRIVED),
        (SittingState.ADMITTED, SeatLink.ONLINE, False, SeatDisplay.ADMITTED),
        (SittingState.ADMITTED, SeatLink.OFFLINE, True, SeatDisplay.NOT_LOGGED_IN),
        (SittingState.LOGGED_IN, SeatLink.ONLINE, True, SeatDisplay.LOGGED_IN),
        (SittingState.CONFIRMED, SeatLink.ONLINE, True, SeatDisplay.LOGGED_IN),
        (SittingState.RULES_ACK, SeatLink.ONLINE, True, SeatDisplay.WAITING),
        (SittingState.RULES_ACK, SeatLink.OFFLINE, True, SeatDisplay.OFFLINE),
        (SittingState.IN_PROGRESS, SeatLink.ONLINE, True, SeatDisplay.ANSWERING),
        (SittingState.IN_PROGRESS, SeatLink.OFFLINE, True, SeatDisplay.OFFLINE),
        (SittingState.SUBMITTED, SeatLink.OFFLINE, True, SeatDisplay.SUBMITTED),
        (SittingState.EXITED, SeatLink.OFFLINE, True, SeatDisplay.EXITED),
        (SittingState.ABSENT, SeatLink.ONLINE, True, SeatDisplay.ABSENT),
        (SittingState.LATE_REFUSED, SeatLink.ONLINE, True, SeatDisplay.ABSENT),
        (SittingState.IDENTITY_DOUBT, SeatLink.ONLINE, True, SeatDisplay.TROUBLE),
        (SittingState.TERMINATED, SeatLink.ONLINE, True, SeatDisplay.TROUBLE),
    ],
)
def test_seat_states(
    state: SittingState | None, link: SeatLink, login_allowed: bool, shown: SeatDisplay
) -> None:
    assert seat_display(seat("1", state=state, link=link), room(login_allowed=login_allowed)) is (
        shown
    )


def test_a_seat_without_a_candidate_is_empty_and_every_state_is_shown() -> None:
    assert seat_display(seat("1", ticket_no=""), room()) is SeatDisplay.EMPTY
    for state in SittingState:
        assert seat_display(seat("1", state=state), room()) in SeatDisplay


def test_answers_at_risk_are_those_of_a_lost_or_lagging_station() -> None:
    assert answers_at_risk(seat("1", unsynced=3)) == 0
    assert answers_at_risk(seat("1", unsynced=10)) == 10
    assert answers_at_risk(seat("1", unsynced=3, link=SeatLink.OFFLINE)) == 3


# ---- attention ---------------------------------------------------------------------------


def kinds(*seats: SeatView, of: RoomView | None = None, now: int = T0 + MIN) -> list[AttentionKind]:
    return [item.kind for item in attention(view(*seats, of=of).rooms["r1"], now)]


def test_a_quiet_room_needs_nothing() -> None:
    assert kinds(seat("1"), seat("2", unsynced=2)) == []


def test_offline_while_answering_comes_with_what_is_known_unsynced() -> None:
    items = attention(
        view(seat("1", link=SeatLink.OFFLINE, unsynced=4, last_seen_ms=T0)).rooms["r1"], T0
    )
    assert [(i.kind, i.count, i.since_ms) for i in items] == [(AttentionKind.OFFLINE, 4, T0)]
    assert items[0].urgency is Urgency.NOW


def test_answers_at_risk_are_named_after_hand_in_too() -> None:
    gone = seat("1", state=SittingState.SUBMITTED, link=SeatLink.OFFLINE, unsynced=1)
    assert kinds(gone) == [AttentionKind.ANSWERS_AT_RISK]


def test_alert_words_become_matters_and_unknown_ones_are_shown_as_they_stand() -> None:
    found = attention(
        view(seat("1", alerts=["HAND_RAISED", "DUPLICATE_LOGIN:r2-07", "usb"])).rooms["r1"], T0
    )
    assert [(i.kind, i.detail) for i in found] == [
        (AttentionKind.DUPLICATE_LOGIN, "r2-07"),
        (AttentionKind.HAND_RAISED, ""),
        (AttentionKind.OTHER, "usb"),
    ]


def test_e05_a_candidate_at_a_station_without_verified_paper() -> None:
    bad = seat("1", paper="none", state=SittingState.LOGGED_IN)
    assert kinds(bad) == [AttentionKind.PAPER_MISSING]
    assert kinds(seat("1", paper="none", state=SittingState.SCHEDULED)) == []
    assert kinds(bad, of=room(session_state=SessionState.OPEN)) == []


def test_not_logged_in_only_from_the_start_on() -> None:
    waiting = seat("1", state=SittingState.ADMITTED)
    assert kinds(waiting, now=T0 - 1) == []
    assert kinds(waiting, now=T0) == [AttentionKind.NOT_LOGGED_IN]


def test_a04_fewer_than_two_invigilators() -> None:
    assert kinds(of=room(invigilators_present=1)) == [AttentionKind.FEW_INVIGILATORS]
    assert kinds(of=room(invigilators_present=2)) == []
    assert kinds(of=room(invigilators_present=None)) == []
    assert kinds(of=room(invigilators_present=0, session_state=SessionState.ENDED)) == []


def test_f14_identity_doubt_and_the_order_of_the_list() -> None:
    found = kinds(
        seat("10", link=SeatLink.OFFLINE),
        seat("2", link=SeatLink.OFFLINE),
        seat("1", state=SittingState.IDENTITY_DOUBT),
    )
    assert found == [AttentionKind.OFFLINE, AttentionKind.OFFLINE, AttentionKind.IDENTITY_DOUBT]


# ---- deadlines ---------------------------------------------------------------------------


def test_the_nearest_deadline_to_come_is_marked() -> None:
    strip = deadlines(room(), T0 + 5 * MIN)
    assert [(d.kind, d.passed, d.next) for d in strip] == [
        (DeadlineKind.START, True, False),
        (DeadlineKind.ADMISSION_CLOSES, True, False),
        (DeadlineKind.CLOSED_UNTIL, False, True),
        (DeadlineKind.END, False, False),
    ]
    assert strip[2].left_ms == 70 * MIN and strip[0].left_ms == 0


def test_without_timing_only_the_planned_start_is_shown() -> None:
    strip = deadlines(room(timing=None), T0 - MIN)
    assert [(d.kind, d.left_ms) for d in strip] == [(DeadlineKind.START, MIN)]
    assert deadlines(room(timing=None, session=None), T0) == ()


@pytest.mark.parametrize(("now", "over"), [(-1, False), (0, True), (1, True)])
def test_f05_admission_is_over_at_the_instant_itself(now: int, over: bool) -> None:
    assert admission_over(room(), TIMING.admission_closes_ms + now) is over
    assert not admission_over(room(timing=None), T0 + 90 * MIN)


def test_instants_are_beijing_time_and_spans_end_at_zero() -> None:
    assert clock(T0) == "09:00:00"
    assert [span(ms) for ms in (-5, 0, 1, 1000, 61_000, 3_661_000)] == [
        "00:00",
        "00:00",
        "00:01",
        "00:01",
        "01:01",
        "1:01:01",
    ]


# ---- counts ------------------------------------------------------------------------------


def test_k03_the_sum_must_hold_once_the_session_is_over() -> None:
    seats = (seat("1"), seat("2"))
    running = view(*seats, of=room(present=1))
    assert room_counts(running.rooms["r1"]).consistent
    ended = view(*seats, of=room(present=1, session_state=SessionState.ENDED))
    assert room_counts(ended.rooms["r1"]).problems == (CountProblem.SUM,)
    right = view(*seats, of=room(present=1, absent=1, session_state=SessionState.ENDED))
    assert room_counts(right.rooms["r1"]).consistent


def test_k03_seats_shown_must_add_up_to_scheduled() -> None:
    counts = room_counts(view(seat("1")).rooms["r1"])
    assert counts.problems == (CountProblem.SEATS,)
    more = room_counts(view(seat("1"), seat("2"), of=room(present=3)).rooms["r1"])
    assert CountProblem.PRESENT_MORE in more.problems


def test_k03_venue_counts_are_sums_and_keep_a_rooms_problem() -> None:
    good = view(seat("1"), seat("2")).rooms["r1"]
    bad = view(seat("1")).rooms["r1"]
    both = venue_counts([good, bad])
    assert (both.scheduled, both.problems) == (4, (CountProblem.SEATS,))
    assert venue_counts([]).scheduled == 0 and not venue_counts([]).final


def test_hand_in_lists_tell_handed_in_from_not_and_name_what_is_at_risk() -> None:
    lists = hand_in_lists(
        view(
            seat("1", state=SittingState.SUBMITTED),
            seat("2", link=SeatLink.OFFLINE, unsynced=2),
            seat("3", state=SittingState.ABSENT),
            seat("4", state=None, ticket_no=""),
        ).rooms["r1"]
    )
    assert [s.seat_no for s in lists.handed_in] == ["1"]
    assert [s.seat_no for s in lists.not_handed_in] == ["2"]
    assert [s.seat_no for s in lists.at_risk] == ["2"]
    assert [s.seat_no for s in lists.absent] == ["3"]


# ---- search ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("07", ["07"]),
        ("7", ["07"]),
        ("360100100007", ["07"]),
        ("0016", ["16"]),
        ("古丽娜尔.买买提", ["16"]),
        ("古丽娜尔•买买提江", ["16"]),
        ("０７", ["07"]),
        ("没有这个人", []),
        ("  ", []),
    ],
)
def test_search_by_seat_ticket_and_name_in_any_form(typed: str, found: list[str]) -> None:
    board = view(seat("07", name="李伟"), seat("16", name="古丽娜尔·买买提江"))
    assert [no for _, no in find_seats(board, typed)] == found
