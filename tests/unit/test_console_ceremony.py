"""The release ceremony: go/no-go, phases, and the two custodians' code."""

import msgspec
import pytest

from invigilator_app.actions.orders import NoAnswer
from invigilator_app.board.view import BoardView, fold
from invigilator_app.ceremony.code_entry import TRANSITIONS, CodeEntry, CodeStep, complete
from invigilator_app.ceremony.go_no_go import checks, may_arm, to_go_without, unready_seats
from invigilator_app.ceremony.phase import ReleasePhase, release
from venue_server.wire.console_views import Board, Done, ReadyLine, RoomView, SeatView, VenueView
from venue_server.wire.messages import PaperSeal, Refused, SessionBrief
from venue_server.wire.names import (
    MediaClass,
    Mode,
    PackageState,
    ReadyKind,
    ReadyVerdict,
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
    [PaperSeal("p1", "A", "7F3A-91C4", True)],
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


def view(seats: list[SeatView] | None = None, **changes: object) -> BoardView:
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
        2,
    )
    venue = msgspec.structs.replace(VENUE, **changes)
    made = fold(None, Board(venue, [room], {"r1": seats if seats is not None else [SEAT]}))
    assert made is not None
    return made


def lines(**verdicts: ReadyVerdict) -> list[ReadyLine]:
    """The server's board: everything GO but what is named."""
    names = {ReadyKind.STATIONS: ["r1-01"]}
    return [
        ReadyLine(kind, verdict, names=names.get(kind, []) if verdict is OVERRIDE else [])
        for kind in ReadyKind
        for verdict in [verdicts.get(kind.value, ReadyVerdict.GO)]
    ]


OVERRIDE = ReadyVerdict.OVERRIDE


def test_e01_the_console_draws_the_servers_lines_and_computes_none() -> None:
    ready = lines(RELEASE_KEY=ReadyVerdict.WAIT)
    assert checks(view(ready=ready).venue) == tuple(ready)
    assert may_arm(ready, overridden=False)
    assert not may_arm((), overridden=True), "no board, no arming"


def test_e01_no_go_cannot_be_overridden() -> None:
    for kind in ReadyKind:
        assert not may_arm(lines(**{kind.value: ReadyVerdict.NO_GO}), overridden=True)


def test_e05_what_is_not_ready_is_agreed_to_by_name() -> None:
    ready = lines(STATIONS=OVERRIDE, BACKUP=OVERRIDE)
    assert not may_arm(ready, overridden=False)
    assert may_arm(ready, overridden=True)
    assert to_go_without(ready) == ("r1-01", "BACKUP")
    assert unready_seats(ready) == ("r1-01",)
    assert to_go_without(lines()) == ()


@pytest.mark.parametrize("verdict", [ReadyVerdict.WAIT, ReadyVerdict.WARN])
def test_e01_waiting_and_warnings_never_block(verdict: ReadyVerdict) -> None:
    assert may_arm(lines(STATIONS=verdict, RECEIPT=verdict), overridden=False)


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


def test_e03_when_one_forms_code_is_complete_the_next_forms_begins() -> None:
    entry = CodeEntry().sent("a").answered(Done(1, {"complete": False, "form": ""}))
    entry = entry.signed_in("b").sent("b").answered(Done(2, {"complete": False, "form": "A"}))
    assert (entry.step, entry.first_person) == (CodeStep.FIRST, "")
    entry = entry.sent("b").answered(Done(3, {"complete": False, "form": ""}))
    assert entry.step is CodeStep.SECOND_SIGN_IN
    assert entry.signed_in("b") is entry, "for this form too two people are needed"
    entry = entry.signed_in("a").sent("a").answered(Done(4, {"complete": True, "form": "B"}))
    assert entry.step is CodeStep.DONE


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
