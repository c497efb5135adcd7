"""What may be ordered from a console, by whom and when; orders, forms and results."""

import pytest

from invigilator_app.actions.admission import AdmissionForm, Missing, Warn
from invigilator_app.actions.identity_number import IdHint, checksum, hint, masked, normalised
from invigilator_app.actions.orders import confirm_enrolment, enter_code_share
from invigilator_app.actions.permissions import (
    ROLES,
    Action,
    WhyNot,
    in_room,
    may,
    on_seat,
    on_session,
)
from invigilator_app.actions.results import Reconciliation, ResultError, Status, read_result
from invigilator_app.actions.two_person import SECOND_ROLES, SecondProblem, needs_second, second
from venue_server.staff.permissions import RULES
from venue_server.wire.console_views import Done, RoomView, SeatView, SignedIn, VenueView
from venue_server.wire.frames import Second
from venue_server.wire.messages import SessionBrief, Timing
from venue_server.wire.names import (
    DataState,
    IdDocument,
    MediaClass,
    Mode,
    PackageState,
    Role,
    SeatLink,
    SessionState,
    SittingState,
)

T0 = 1_795_309_200_000
BRIEF = SessionBrief("s1", "考试", "01", "科目", T0, 5400, MediaClass.NORMAL, Mode.LIVE)


def person(*roles: Role, rooms: tuple[str, ...] = ()) -> SignedIn:
    return SignedIn(0, "p1", "某人", list(roles), list(rooms))


def room(
    state: SessionState | None = SessionState.OPEN, login_allowed: bool = False, cut: int = T0
) -> RoomView:
    timing = Timing(T0, cut, cut, cut)
    return RoomView("r1", "第1考场", BRIEF, state, login_allowed, timing, 1, 0, 0, 0, 0, 0)


def venue(**changes: object) -> VenueView:
    fields: dict[str, object] = {
        "venue_id": "v",
        "venue_name": "考点",
        "mode": Mode.LIVE,
        "clock_source": "hq",
        "clock_trusted": True,
        "session_id": "s1",
        "session_state": SessionState.LOGIN_ALLOWED,
        "package_state": PackageState.COMPLETE,
        "data_state": None,
        "seals": [],
    }
    return VenueView(**(fields | changes))  # type: ignore[arg-type]


# ---- roles -------------------------------------------------------------------------------


def test_a12_an_inspector_may_look_but_order_nothing() -> None:
    looking = {
        Action.STATUS,
        Action.VERIFY_LEDGER,
        Action.GET_INTAKE,
        Action.GET_SWAPS,
        Action.GET_DOOR_LOG,
        Action.GET_ROOM_TIMES,
        Action.GET_CLOSE_CHECK,
        Action.GET_ANSWERS,
        Action.GET_STATISTICS,
    }
    looking |= {Action.GET_INSPECTION, Action.GET_INSPECTION_REPORT}
    looking |= {Action.GET_INCIDENTS, Action.GET_VIOLATIONS}
    looking |= {Action.GET_HAND_OVERS}
    looking |= {Action.GET_CREDITS, Action.GET_LOST_TIME, Action.GET_INTERRUPTIONS}
    looking |= {Action.GET_NOTICES}
    looking |= {Action.GET_HOLDINGS, Action.GET_WIPE_CHECK, Action.GET_WIPE_CERTIFICATE}
    looking |= {Action.GET_DESTRUCTION_CERTIFICATE}
    for action in Action:
        verdict = may(action, person(Role.INSPECTOR))
        assert verdict.allowed == (action in looking)
        if action not in looking:
            assert verdict.why is WhyNot.READ_ONLY


_ORDERS = {
    Action.STATUS: "GetStatus",
    Action.VIEW_RECORD: "GetRoomRecord",
    Action.SIGN_RECORD: "SignRoomRecord",
    Action.ENTER_CODE: "EnterCodeShare",
    Action.IMPORT: "ImportFolder",
    Action.IMPORT_JOURNAL: "ImportStationJournal",
    Action.GET_DUTY: "GetDuty",
    Action.OVERRIDE_DUTY: "OverrideDutyHours",
    Action.STAFF_HERE: "StaffHere",
    Action.ENTER_SHIFT: "EnterShift",
    Action.WITHDRAW_SHIFT: "WithdrawShift",
    Action.ANSWER_POINT: "AnswerRecordPoint",
    Action.EDIT_RECORD: "EditRoomRecord",
    Action.PRINT_RECORD: "PrintRoomRecord",
    Action.SEAL: "SealSession",
    Action.UPLOAD: "UploadSession",
    Action.WIPE: "WipeSession",
    Action.REOPEN: "ReopenSitting",
    Action.ENTER_SCORES: "EnterScorePublication",
    Action.SET_HOLD: "SetLegalHold",
}


def test_a08_the_consoles_table_is_the_servers() -> None:
    """A button is open to exactly those whom the server lets order it."""
    for action in Action:
        name = _ORDERS.get(action, action.value.title().replace("_", ""))
        assert ROLES[action] == RULES[name].roles, name
        assert set(SECOND_ROLES.get(action, ())) == RULES[name].second, name


def test_every_action_names_its_roles_and_offline_stops_all() -> None:
    assert set(ROLES) == set(Action)
    for action in Action:
        assert may(action, person(*Role), online=False).why is WhyNot.OFFLINE


def test_a08_an_order_on_another_room_is_not_offered() -> None:
    mine = person(Role.INVIGILATOR, rooms=("r2",))
    assert in_room(Action.ADMIT, mine, room()).why is WhyNot.ROOM
    assert in_room(Action.ADMIT, person(Role.INVIGILATOR, rooms=("r1",)), room()).allowed
    assert in_room(Action.ADMIT, person(Role.CHIEF), room()).allowed
    assert in_room(Action.ADMIT, person(Role.SYSADMIN), room()).why is WhyNot.ROLE


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (None, WhyNot.NO_SESSION),
        (SessionState.PLANNED, WhyNot.TOO_EARLY),
        (SessionState.OPEN, None),
        (SessionState.STARTED, None),
        (SessionState.ENDED, WhyNot.SESSION_OVER),
    ],
)
def test_admission_and_allow_login_follow_the_session(
    state: SessionState | None, why: WhyNot | None
) -> None:
    who = person(Role.INVIGILATOR, rooms=("r1",))
    assert in_room(Action.ADMIT, who, room(state)).why is why
    assert in_room(Action.ALLOW_LOGIN, who, room(state)).why is why
    assert in_room(Action.ALLOW_LOGIN, who, room(state, login_allowed=True)).why is WhyNot.ALREADY


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (SittingState.IN_PROGRESS, WhyNot.NOT_SUBMITTED),
        (SittingState.SUBMITTED, None),
        (SittingState.EXITED, WhyNot.ALREADY),
    ],
)
def test_g06_leaving_only_after_an_acknowledged_hand_in(
    state: SittingState, why: WhyNot | None
) -> None:
    seat = SeatView("01", "st", SeatLink.ONLINE, ticket_no="1", sitting_id="x", state=state)
    assert on_seat(person(Role.INVIGILATOR), room(), seat, True).why is why
    assert on_seat(person(Role.INVIGILATOR), room(), None, True).why is WhyNot.NO_SEAT


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"session_id": ""}, WhyNot.NO_SESSION),
        ({"release_armed": True}, WhyNot.ALREADY),
        ({"package_state": PackageState.RELEASED}, WhyNot.ALREADY),
        ({"package_state": PackageState.RECEIVING}, WhyNot.PAPER_INCOMPLETE),
        ({"package_state": None}, WhyNot.PAPER_INCOMPLETE),
        ({"session_state": SessionState.ENDED}, WhyNot.SESSION_OVER),
    ],
)
def test_e01_arming_needs_a_complete_paper_once(
    changes: dict[str, object], why: WhyNot | None
) -> None:
    chief = person(Role.CHIEF)
    assert on_session(Action.ARM_RELEASE, chief, venue(**changes), True).why is why
    assert on_session(Action.ARM_RELEASE, person(Role.SYSADMIN), venue(), True).why is WhyNot.ROLE


@pytest.mark.parametrize("data", [None, *DataState])
def test_l01_sealing_upload_and_wiping_follow_in_their_one_order(data: DataState | None) -> None:
    who = person(Role.CHIEF, Role.SYSADMIN)
    at = list(DataState).index(data) if data is not None else -1
    order = list(DataState)
    for action, needed, reached in (
        (Action.SEAL, DataState.BACKED_UP, DataState.SEALED),
        (Action.UPLOAD, DataState.SEALED, DataState.UPLOADED),
        (Action.WIPE, DataState.UPLOADED, DataState.WIPED),
    ):
        allowed = order.index(needed) <= at < order.index(reached)
        assert on_session(action, who, venue(data_state=data), True).allowed == allowed


def test_reconciling_waits_for_the_end() -> None:
    who = person(Role.INVIGILATOR)
    assert on_session(Action.RECONCILE, who, venue(), True).why is WhyNot.NOT_ENDED
    ended = venue(session_state=SessionState.ENDED)
    assert on_session(Action.RECONCILE, who, ended, True).allowed


# ---- two people --------------------------------------------------------------------------


def test_d07_the_second_person_is_someone_else() -> None:
    first = person(Role.CHIEF)
    assert second(first, " p2 ", "pw") == Second("p2", "pw")
    assert second(first, "p1", "pw") is SecondProblem.SAME_PERSON
    assert second(first, " ", "pw") is SecondProblem.NOBODY
    assert second(first, "p2", "") is SecondProblem.NO_PASSWORD


def test_e01_release_needs_chief_and_system_administrator() -> None:
    assert ROLES[Action.ARM_RELEASE] == {Role.CHIEF}
    assert SECOND_ROLES[Action.ARM_RELEASE] == (Role.SYSADMIN,)
    assert needs_second(Action.WIPE) and not needs_second(Action.UPLOAD), "who sealed has signed"


# ---- identity numbers --------------------------------------------------------------------


def test_f02_checksum_of_iso_7064_mod_11_2() -> None:
    assert checksum("11010519491231002") == "X"  # the example of GB 11643-1999
    assert checksum("44052418800101001") == "4"


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("", IdHint.EMPTY),
        ("11010519491231002X", IdHint.PLAUSIBLE),
        ("11010519491231002x", IdHint.PLAUSIBLE),
        (" 110105 19491231 002x ", IdHint.PLAUSIBLE),
        ("１１０１０５１９４９１２３１００２Ｘ", IdHint.PLAUSIBLE),
        ("110105194912310021", IdHint.CHECKSUM_WRONG),
        ("1101051949", IdHint.INCOMPLETE),
        ("1101051949123100200", IdHint.MALFORMED),
        ("11010519491231002Y", IdHint.MALFORMED),
        ("A1010519491231002X", IdHint.MALFORMED),
    ],
)
def test_f02_hint_about_a_typed_number(typed: str, verdict: IdHint) -> None:
    assert hint(typed) is verdict


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("11010519491231002x", "1101**********002X"),
        ("G12345678", "G1*****78"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_o08_masking(typed: str, shown: str) -> None:
    assert masked(typed) == shown
    assert len(masked(typed)) == len(normalised(typed))


# ---- admission ---------------------------------------------------------------------------

GOOD = AdmissionForm("360100100007", IdDocument.RESIDENT_ID, "11010519491231002x", True, True)


def test_f01_both_documents_must_be_ticked() -> None:
    assert GOOD.missing() == ()
    order = GOOD.order("r1")
    assert (order.room_id, order.id_number, order.id_checked, order.ticket_checked) == (
        "r1",
        "11010519491231002X",
        True,
        True,
    )
    assert AdmissionForm().missing() == tuple(Missing)
    with pytest.raises(AssertionError):
        AdmissionForm("1", id_number="2", id_checked=True).order("r1")


def test_f05_a_late_candidate_is_warned_of_but_still_sent_for_the_record() -> None:
    assert GOOD.warnings(room(cut=T0), T0 - 1) == ()
    assert GOOD.warnings(room(cut=T0), T0) == (Warn.TOO_LATE,)
    assert GOOD.missing() == ()


def test_f02_a_wrong_checksum_only_warns_and_only_for_resident_cards() -> None:
    wrong = AdmissionForm("1", IdDocument.RESIDENT_ID, "110105194912310021", True, True)
    assert wrong.warnings(room(), T0 - 1) == (Warn.CHECKSUM,)
    assert wrong.missing() == ()
    other = AdmissionForm("1", IdDocument.PERMANENT_RESIDENCE, "USA110105", True, True)
    assert other.warnings(room(), T0 - 1) == ()
    short = AdmissionForm("1", IdDocument.RESIDENT_ID, "1101", True, True)
    assert short.warnings(room(), T0 - 1) == (Warn.LENGTH,)


# ---- orders and results ------------------------------------------------------------------


def test_enrolment_codes_and_code_words_are_sent_in_one_form() -> None:
    order = confirm_enrolment(" k7qm2xvd", "station", " 01 号机 ", "r1", "01")
    assert (order.code, order.name) == ("K7QM-2XVD", "01 号机")
    console = confirm_enrolment("K7QM-2XVD", "console", "办公室", "r1", "01")
    assert (console.room_id, console.seat_no) == ("", "")
    assert enter_code_share("s1", " Academic  ACID\nacrobat ").words == "academic acid acrobat"


def test_results_are_read_strictly_but_tolerate_more() -> None:
    row = {"ticket_no": "1", "name": "王", "seat_no": "01", "outcome": "PRESENT", "bundles": 1}
    good = Done(
        1,
        {
            "session_id": "s1",
            "rows": [row],
            "scheduled": 1,
            "present": 1,
            "absent": 0,
            "consistent": True,
            "newer": "field",
        },
    )
    assert read_result(good, Reconciliation).rows[0].problem is None
    with pytest.raises(ResultError):
        read_result(Done(1, {"rows": []}), Reconciliation)
    status = Done(1, {"sections": [{"title": "磁盘", "rows": [["剩余", "412 GB", "ok"]]}]})
    assert read_result(status, Status).sections[0].rows[0][1] == "412 GB"
