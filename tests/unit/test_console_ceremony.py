"""The release ceremony: go/no-go, phases, and the two custodians' code."""

import msgspec
import pytest

from invigilator_app.actions.orders import NoAnswer
from invigilator_app.board.view import BoardView, fold
from invigilator_app.ceremony.code_entry import TRANSITIONS, CodeEntry, CodeStep, complete
from invigilator_app.ceremony.go_no_go import CheckKind, Verdict, checks, may_arm, unready_seats
from invigilator_app.ceremony.phase import ReleasePhase, release
from venue_server.wire.messages import (
    Board,
    Done,
    PaperSeal,
    Refused,
    RoomView,
    SeatView,
    SessionBrief,
    VenueView,
)
from venue_server.wire.names import (
    MediaClass,
    Mode,
    PackageState,
    SeatLink,
    SessionState,
    SittingState,
)
from venue_server.wire.refusals import RefusalCode

T0 = 1_795_309_200_000
BRIEF = SessionBrief("s1", "考试", "01", "科目", T0, 5400, MediaClass.NORMAL, Mode.LIVE)
VENUE = VenueView(
    "v",
    "考点",
    Mode.LIVE,
    "总部",
    True,
    "s1",
    SessionState.LOGIN_ALLOWED,
    PackageState.COMPLETE,
    None,
    PaperSeal("p1", "A", "7F3A-91C4", True),
    release_at_ms=T0,
    stations_ready=1,
    stations_total=1,
    backup_ready=True,
)
SEAT = SeatView(
    "01",
    "st1",
    SeatLink.ONLINE,
    "verified",
    "360100100001",
    "王芳",
    "x1",
    SittingState.RULES_ACK,
)


def view(
    seats: list[SeatView] | None = None, invigilators: int | None = 2, **changes: object
) -> BoardView:
    room = RoomView(
        "r1",
        "第1考场",
        BRIEF,
        SessionState.LOGIN_ALLOWED,
        True,
        None,
        1,
        1,
        0,
        0,
        0,
        0,
        invigilators,
    )
    venue = msgspec.structs.replace(VENUE, **changes)
    made = fold(None, Board(venue, [room], {"r1": seats if seats is not None else [SEAT]}))
    assert made is not None
    return made


def verdicts(of: BoardView) -> dict[CheckKind, Verdict]:
    return {check.kind: check.verdict for check in checks(of)}


def test_e01_all_go_but_the_key_that_comes_at_the_release_point() -> None:
    found = verdicts(view())
    assert found.pop(CheckKind.RELEASE_KEY) is Verdict.WAIT
    assert set(found.values()) == {Verdict.GO}
    assert may_arm(checks(view()), overridden=False)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"package_state": PackageState.RECEIVING}, CheckKind.PACKAGE),
        ({"seal": None}, CheckKind.SEAL),
        ({"seal": PaperSeal("p1", "A", "x", False)}, CheckKind.SEAL),
        ({"clock_trusted": False}, CheckKind.CLOCK),
        ({"stations_total": 0, "stations_ready": 0}, CheckKind.STATIONS),
    ],
)
def test_e01_no_go_cannot_be_overridden(changes: dict[str, object], kind: CheckKind) -> None:
    of = view(**changes)
    assert verdicts(of)[kind] is Verdict.NO_GO
    assert not may_arm(checks(of), overridden=True)


def test_e05_a_candidate_without_verified_paper_blocks_until_overridden_by_list() -> None:
    bad = msgspec.structs.replace(SEAT, paper="none")
    of = view([bad])
    assert unready_seats(of) == (("第1考场", "01"),)
    assert verdicts(of)[CheckKind.STATIONS] is Verdict.OVERRIDE
    assert not may_arm(checks(of), overridden=False)
    assert may_arm(checks(of), overridden=True)
    offline = msgspec.structs.replace(SEAT, link=SeatLink.OFFLINE)
    assert verdicts(view([offline]))[CheckKind.STATIONS] is Verdict.OVERRIDE


def test_e05_empty_and_absent_seats_do_not_block() -> None:
    empty = msgspec.structs.replace(SEAT, paper="none", ticket_no="", state=None)
    absent = msgspec.structs.replace(SEAT, paper="none", state=SittingState.SCHEDULED)
    assert unready_seats(view([empty, absent])) == ()
    behind = view(stations_ready=0)
    assert verdicts(behind)[CheckKind.STATIONS] is Verdict.WAIT
    assert may_arm(checks(behind), overridden=False)


def test_a04_too_few_invigilators_and_what_is_not_known() -> None:
    assert verdicts(view(invigilators=1))[CheckKind.INVIGILATORS] is Verdict.OVERRIDE
    assert verdicts(view(invigilators=None))[CheckKind.INVIGILATORS] is Verdict.UNKNOWN
    assert verdicts(view(backup_ready=None))[CheckKind.BACKUP] is Verdict.UNKNOWN
    assert verdicts(view(backup_ready=False))[CheckKind.BACKUP] is Verdict.OVERRIDE


@pytest.mark.parametrize(
    ("changes", "now", "phase"),
    [
        ({"session_id": ""}, T0, ReleasePhase.NO_SESSION),
        ({}, T0 - 5000, ReleasePhase.PREPARING),
        ({"release_armed": True}, T0 - 1, ReleasePhase.ARMED),
        ({"release_armed": True}, T0, ReleasePhase.DUE),
        (
            {"release_armed": True, "package_state": PackageState.RELEASED},
            T0,
            ReleasePhase.RELEASED,
        ),
        ({"session_state": SessionState.ENDED}, T0, ReleasePhase.OVER),
    ],
)
def test_e01_phases_of_the_release(
    changes: dict[str, object], now: int, phase: ReleasePhase
) -> None:
    assert release(view(**changes), now).phase is phase
    assert release(None, now).phase is ReleasePhase.NO_SESSION


def test_e05_after_the_release_the_stations_that_opened_are_counted() -> None:
    seats = [
        msgspec.structs.replace(SEAT, paper="open", state=SittingState.IN_PROGRESS),
        msgspec.structs.replace(SEAT, seat_no="02", paper="keyed"),
        msgspec.structs.replace(SEAT, seat_no="03", state=SittingState.SCHEDULED),
    ]
    now = release(view(seats, package_state=PackageState.RELEASED), T0)
    assert (now.expected, now.keyed, now.opened, now.not_opened) == (2, 2, 1, ("第1考场 02",))


# ---- the offline code --------------------------------------------------------------------


def test_e03_two_custodians_one_after_the_other() -> None:
    entry = CodeEntry().sent("a")
    assert entry.step is CodeStep.FIRST_SENT
    entry = entry.answered(Done(1))
    assert entry.step is CodeStep.SECOND_SIGN_IN
    assert entry.signed_in("a") is entry, "the same person again is no second custodian"
    entry = entry.signed_in("b").sent("b").answered(Done(2, {"complete": True}))
    assert entry.step is CodeStep.DONE and entry.first_person == "a"


def test_e03_the_server_says_when_the_shares_are_enough() -> None:
    waiting = CodeEntry().sent("a").answered(Done(1, {"complete": False}))
    again = waiting.signed_in("b").sent("b").answered(Done(2, {"complete": False}))
    assert again.step is CodeStep.SECOND_SIGN_IN
    assert CodeEntry().sent("a").answered(Done(1, {"complete": True})).step is CodeStep.DONE


def test_e03_a_refused_share_is_entered_again_by_the_same_custodian() -> None:
    no = Refused(1, RefusalCode.CODE_SHARE_INVALID)
    assert CodeEntry().sent("a").answered(no).step is CodeStep.FIRST
    second = CodeEntry().sent("a").answered(Done(1)).signed_in("b").sent("b")
    assert second.answered(no).step is CodeStep.SECOND
    assert second.answered(NoAnswer()).step is CodeStep.SECOND
    assert second.answered(Refused(1, RefusalCode.CODE_SAME_PERSON)).step is (
        CodeStep.SECOND_SIGN_IN
    )
    assert second.answered(Refused(1, RefusalCode.RELEASE_DONE)).step is CodeStep.DONE


def test_e03_the_first_custodian_back_at_the_console_is_sent_away() -> None:
    second = CodeEntry().sent("a").answered(Done(1)).signed_in("b")
    assert second.signed_in("a").step is CodeStep.SECOND_SIGN_IN
    assert second.signed_in("b").step is CodeStep.SECOND


def test_e03_transitions_are_closed_and_the_number_of_words_is_that_of_slip39() -> None:
    assert set(TRANSITIONS) == set(CodeStep)
    assert complete("a " * 20) and complete("a " * 33)
    assert not complete("a " * 19) and not complete("")
