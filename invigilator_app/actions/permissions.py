"""Which action is open to whom in which state, and why not otherwise.

The server decides every order (A08, SES-01, STF-04); this table only keeps buttons honest, so a
person sees before pressing what will be refused and why. Unsure means allowed.
"""

from dataclasses import dataclass
from enum import StrEnum

from venue_server.wire.console_views import RoomView, SeatView, SignedIn, VenueView
from venue_server.wire.names import DataState, PackageState, Role, SessionState, SittingState


class Action(StrEnum):
    ALLOW_LOGIN = "ALLOW_LOGIN"
    ADMIT = "ADMIT"
    LOOK_UP_CANDIDATE = "LOOK_UP_CANDIDATE"
    ADMIT_IN_DOUBT = "ADMIT_IN_DOUBT"
    SETTLE_DOUBT = "SETTLE_DOUBT"
    DECIDE_DOUBT = "DECIDE_DOUBT"
    REQUEST_CORRECTION = "REQUEST_CORRECTION"
    KEEP_ITEM = "KEEP_ITEM"
    RETURN_ITEM = "RETURN_ITEM"
    APPROVE_VISITOR = "APPROVE_VISITOR"
    VISITOR_IN = "VISITOR_IN"
    VISITOR_OUT = "VISITOR_OUT"
    GET_DOOR_LOG = "GET_DOOR_LOG"
    CONFIRM_EXIT = "CONFIRM_EXIT"
    FORCE_SUBMIT = "FORCE_SUBMIT"
    ARM_RELEASE = "ARM_RELEASE"
    ENTER_CODE = "ENTER_CODE"
    FREEZE_RELEASE = "FREEZE_RELEASE"
    LIFT_FREEZE = "LIFT_FREEZE"
    LIFT_FREEZE_TOGETHER = "LIFT_FREEZE_TOGETHER"
    APPROVE_RESERVE = "APPROVE_RESERVE"
    GET_NOTICES = "GET_NOTICES"
    IMPORT_NOTICE = "IMPORT_NOTICE"
    PUBLISH_NOTICE = "PUBLISH_NOTICE"
    IMPORT_SESSION_ORDER = "IMPORT_SESSION_ORDER"
    WITNESS_SEAL = "WITNESS_SEAL"
    HOLD_ROOM = "HOLD_ROOM"
    START_ROOM = "START_ROOM"
    SUSPEND_TIME = "SUSPEND_TIME"
    RESUME_TIME = "RESUME_TIME"
    EXTEND_TIME = "EXTEND_TIME"
    EXTEND_TIME_OFFLINE = "EXTEND_TIME_OFFLINE"
    CONFIRM_EXTENSION = "CONFIRM_EXTENSION"
    GET_ROOM_TIMES = "GET_ROOM_TIMES"
    RECONCILE = "RECONCILE"
    VIEW_RECORD = "VIEW_RECORD"
    SIGN_RECORD = "SIGN_RECORD"
    ANSWER_POINT = "ANSWER_POINT"
    EDIT_RECORD = "EDIT_RECORD"
    PRINT_RECORD = "PRINT_RECORD"
    GET_CLOSE_CHECK = "GET_CLOSE_CHECK"
    GET_ANSWERS = "GET_ANSWERS"
    GET_STATISTICS = "GET_STATISTICS"
    EXPORT_SESSION = "EXPORT_SESSION"
    SEAL = "SEAL"
    SEAL_ANEW = "SEAL_ANEW"
    UPLOAD = "UPLOAD"
    WIPE = "WIPE"
    CONFIRM_ENROLMENT = "CONFIRM_ENROLMENT"
    IMPORT_PLAN = "IMPORT_PLAN"
    OPEN_RECEIPT = "OPEN_RECEIPT"
    IMPORT = "IMPORT"
    FETCH_PACKAGES = "FETCH_PACKAGES"
    CLOSE_RECEIPT = "CLOSE_RECEIPT"
    GET_INTAKE = "GET_INTAKE"
    CHECK_PACKAGES = "CHECK_PACKAGES"
    SIGN_RECEIPT_SHEET = "SIGN_RECEIPT_SHEET"
    START_INSPECTION = "START_INSPECTION"
    CHECK_STATIONS = "CHECK_STATIONS"
    ANSWER_CHECK = "ANSWER_CHECK"
    SEAL_VENUE = "SEAL_VENUE"
    GET_INSPECTION = "GET_INSPECTION"
    GET_INSPECTION_REPORT = "GET_INSPECTION_REPORT"
    OPEN_INCIDENT = "OPEN_INCIDENT"
    ADD_TO_INCIDENT = "ADD_TO_INCIDENT"
    REPORT_INCIDENT = "REPORT_INCIDENT"
    CONTAIN_INCIDENT = "CONTAIN_INCIDENT"
    CLOSE_INCIDENT = "CLOSE_INCIDENT"
    COUNTERSIGN_INCIDENT = "COUNTERSIGN_INCIDENT"
    GET_INCIDENTS = "GET_INCIDENTS"
    RECORD_VIOLATION = "RECORD_VIOLATION"
    ADD_TO_VIOLATION = "ADD_TO_VIOLATION"
    TAKE_ITEM = "TAKE_ITEM"
    RETURN_EVIDENCE = "RETURN_EVIDENCE"
    NOTE_SIGNATURE = "NOTE_SIGNATURE"
    NOTE_REFUSAL = "NOTE_REFUSAL"
    SIGN_VIOLATION = "SIGN_VIOLATION"
    WITHDRAW_VIOLATION = "WITHDRAW_VIOLATION"
    TERMINATE_SITTING = "TERMINATE_SITTING"
    DECIDE_OBSERVATION = "DECIDE_OBSERVATION"
    GET_VIOLATIONS = "GET_VIOLATIONS"
    GET_CREDITS = "GET_CREDITS"
    GET_LOST_TIME = "GET_LOST_TIME"
    PROPOSE_TIME = "PROPOSE_TIME"
    REVOKE_TIME = "REVOKE_TIME"
    DECIDE_TIME = "DECIDE_TIME"
    REOPEN = "REOPEN"
    EXIT_SPECIALLY = "EXIT_SPECIALLY"
    START_BREAK = "START_BREAK"
    END_BREAK = "END_BREAK"
    GET_INTERRUPTIONS = "GET_INTERRUPTIONS"
    STATUS = "STATUS"
    VERIFY_LEDGER = "VERIFY_LEDGER"
    GET_PEOPLE = "GET_PEOPLE"
    GET_ORGANISATION = "GET_ORGANISATION"
    ISSUE_CODE = "ISSUE_CODE"
    ADD_PERSON = "ADD_PERSON"
    DISABLE_ACCOUNT = "DISABLE_ACCOUNT"
    ENABLE_ACCOUNT = "ENABLE_ACCOUNT"
    UNLOCK_ACCOUNT = "UNLOCK_ACCOUNT"
    BEGIN_TOTP = "BEGIN_TOTP"
    CONFIRM_TOTP = "CONFIRM_TOTP"
    RESET_TOTP = "RESET_TOTP"
    RECORD_AGREEMENT = "RECORD_AGREEMENT"
    DECLARE_RECUSAL = "DECLARE_RECUSAL"
    DECIDE_RECUSAL = "DECIDE_RECUSAL"
    DRAW_ROOMS = "DRAW_ROOMS"
    GET_DRAW = "GET_DRAW"
    ASSIGN_ROOM = "ASSIGN_ROOM"
    DELEGATE = "DELEGATE"
    END_DELEGATION = "END_DELEGATION"
    SWAP_STATION = "SWAP_STATION"
    GET_SPARES = "GET_SPARES"
    GET_SWAPS = "GET_SWAPS"
    DECIDE_BRANCH = "DECIDE_BRANCH"
    IMPORT_JOURNAL = "IMPORT_JOURNAL"
    EXPORT_BUNDLE = "EXPORT_BUNDLE"
    HAND_OVER_BUNDLES = "HAND_OVER_BUNDLES"
    TAKE_RECEIPTS = "TAKE_RECEIPTS"
    GET_HAND_OVERS = "GET_HAND_OVERS"
    GET_DUTY = "GET_DUTY"
    OVERRIDE_DUTY = "OVERRIDE_DUTY"
    STAFF_HERE = "STAFF_HERE"
    ENTER_SHIFT = "ENTER_SHIFT"
    WITHDRAW_SHIFT = "WITHDRAW_SHIFT"
    GET_HOLDINGS = "GET_HOLDINGS"
    GET_WIPE_CHECK = "GET_WIPE_CHECK"
    GET_WIPE_CERTIFICATE = "GET_WIPE_CERTIFICATE"
    GET_DESTRUCTION_CERTIFICATE = "GET_DESTRUCTION_CERTIFICATE"
    ENTER_SCORES = "ENTER_SCORES"
    SET_HOLD = "SET_HOLD"
    DESTROY_KEPT = "DESTROY_KEPT"


class WhyNot(StrEnum):
    """Reasons a person reads; their sentences are in screens/texts.py."""

    OFFLINE = "OFFLINE"
    ROLE = "ROLE"
    READ_ONLY = "READ_ONLY"
    ROOM = "ROOM"
    ALREADY = "ALREADY"
    NO_SESSION = "NO_SESSION"
    TOO_EARLY = "TOO_EARLY"
    SESSION_OVER = "SESSION_OVER"
    NOT_SUBMITTED = "NOT_SUBMITTED"
    NO_SEAT = "NO_SEAT"
    PAPER_INCOMPLETE = "PAPER_INCOMPLETE"
    NOT_ENDED = "NOT_ENDED"
    NOT_RECONCILED = "NOT_RECONCILED"
    NOT_BACKED_UP = "NOT_BACKED_UP"
    NOT_SEALED = "NOT_SEALED"
    NOT_UPLOADED = "NOT_UPLOADED"
    FROZEN = "FROZEN"
    RELEASED = "RELEASED"
    NOT_SEATED = "NOT_SEATED"
    ROOM_TIME = "ROOM_TIME"


@dataclass(frozen=True)
class Verdict:
    """Allowed when ``why`` is None."""

    why: WhyNot | None = None

    @property
    def allowed(self) -> bool:
        return self.why is None


YES = Verdict()

_HEADS = frozenset({Role.CHIEF, Role.DEPUTY})
_IN_ROOM = _HEADS | {Role.INVIGILATOR}
_RECORD = _IN_ROOM | {Role.SYSADMIN, Role.ROVING}
_CHIEF = frozenset({Role.CHIEF})
_ADMIN = frozenset({Role.SYSADMIN})
_CUSTODY = _HEADS | _ADMIN
_POSTS = _CUSTODY | {Role.ZONE_DIRECTOR}
_STAFF = frozenset(Role) - {Role.INSPECTOR}
_INVIGILATOR = frozenset({Role.INVIGILATOR})
_WITNESSES = _IN_ROOM | {Role.ROVING}
_TELLS = _WITNESSES | _ADMIN
_TIME = _IN_ROOM | _ADMIN | {Role.ROVING, Role.INSPECTOR}
_AREA_BOUND = frozenset({Role.INVIGILATOR, Role.ROVING})
ROLES: dict[Action, frozenset[Role]] = {
    Action.ALLOW_LOGIN: _IN_ROOM,
    Action.ADMIT: _IN_ROOM,
    Action.LOOK_UP_CANDIDATE: _IN_ROOM,
    Action.ADMIT_IN_DOUBT: _INVIGILATOR,
    Action.SETTLE_DOUBT: _INVIGILATOR,
    Action.DECIDE_DOUBT: _CHIEF,
    Action.REQUEST_CORRECTION: _IN_ROOM,
    Action.KEEP_ITEM: _IN_ROOM,
    Action.RETURN_ITEM: _IN_ROOM,
    Action.APPROVE_VISITOR: _HEADS,
    Action.VISITOR_IN: _IN_ROOM,
    Action.VISITOR_OUT: _IN_ROOM,
    Action.GET_DOOR_LOG: _IN_ROOM | {Role.ROVING, Role.INSPECTOR},
    Action.CONFIRM_EXIT: _IN_ROOM,
    Action.FORCE_SUBMIT: _CHIEF,
    Action.ARM_RELEASE: _CHIEF,
    Action.ENTER_CODE: _HEADS | _ADMIN,
    Action.FREEZE_RELEASE: _HEADS | _ADMIN,
    Action.LIFT_FREEZE: _CHIEF,
    Action.LIFT_FREEZE_TOGETHER: _CHIEF,
    Action.APPROVE_RESERVE: frozenset({Role.ZONE_DIRECTOR}),
    Action.GET_NOTICES: _TIME,
    Action.IMPORT_NOTICE: frozenset({Role.CHIEF, Role.SYSADMIN}),
    Action.PUBLISH_NOTICE: frozenset({Role.CHIEF}),
    Action.IMPORT_SESSION_ORDER: _CHIEF,
    Action.WITNESS_SEAL: frozenset({Role.INVIGILATOR}),
    Action.HOLD_ROOM: _CHIEF,
    Action.START_ROOM: _CHIEF,
    Action.SUSPEND_TIME: _HEADS,
    Action.RESUME_TIME: _CHIEF,
    Action.EXTEND_TIME: _CHIEF,
    Action.EXTEND_TIME_OFFLINE: _CHIEF,
    Action.CONFIRM_EXTENSION: _CHIEF,
    Action.GET_ROOM_TIMES: frozenset(Role),
    Action.RECONCILE: _CHIEF | _ADMIN | {Role.INVIGILATOR},
    Action.VIEW_RECORD: _RECORD,
    Action.SIGN_RECORD: _RECORD,
    Action.ANSWER_POINT: _IN_ROOM,
    Action.EDIT_RECORD: _IN_ROOM,
    Action.PRINT_RECORD: _IN_ROOM | _ADMIN,
    Action.GET_CLOSE_CHECK: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.GET_ANSWERS: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.GET_STATISTICS: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.EXPORT_SESSION: _CHIEF | _ADMIN,
    Action.SEAL: _CHIEF,
    Action.SEAL_ANEW: _CHIEF,
    Action.UPLOAD: _ADMIN,
    Action.WIPE: _ADMIN,
    Action.CONFIRM_ENROLMENT: _ADMIN,
    Action.IMPORT_PLAN: _ADMIN,
    Action.OPEN_RECEIPT: _ADMIN,
    Action.IMPORT: _ADMIN,
    Action.FETCH_PACKAGES: _ADMIN,
    Action.CLOSE_RECEIPT: _ADMIN,
    Action.GET_INTAKE: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.CHECK_PACKAGES: _HEADS | _ADMIN,
    Action.SIGN_RECEIPT_SHEET: _CHIEF,
    Action.START_INSPECTION: _ADMIN,
    Action.CHECK_STATIONS: _ADMIN,
    Action.ANSWER_CHECK: _HEADS | _ADMIN,
    Action.SEAL_VENUE: _ADMIN,
    Action.GET_INSPECTION: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.GET_INSPECTION_REPORT: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.OPEN_INCIDENT: _TELLS,
    Action.ADD_TO_INCIDENT: _TELLS,
    Action.REPORT_INCIDENT: _HEADS,
    Action.CONTAIN_INCIDENT: _HEADS | _ADMIN,
    Action.CLOSE_INCIDENT: _HEADS,
    Action.COUNTERSIGN_INCIDENT: frozenset({Role.ROVING}),
    Action.GET_INCIDENTS: _TELLS | {Role.INSPECTOR},
    Action.RECORD_VIOLATION: _WITNESSES,
    Action.ADD_TO_VIOLATION: _WITNESSES,
    Action.TAKE_ITEM: _WITNESSES,
    Action.RETURN_EVIDENCE: _WITNESSES,
    Action.NOTE_SIGNATURE: _WITNESSES,
    Action.NOTE_REFUSAL: _WITNESSES,
    Action.SIGN_VIOLATION: _CHIEF,
    Action.WITHDRAW_VIOLATION: _CHIEF,
    Action.TERMINATE_SITTING: _CHIEF,
    Action.DECIDE_OBSERVATION: _IN_ROOM,
    Action.GET_VIOLATIONS: _WITNESSES | {Role.INSPECTOR},
    Action.GET_CREDITS: _TIME,
    Action.GET_LOST_TIME: _TIME,
    Action.PROPOSE_TIME: _IN_ROOM,
    Action.REVOKE_TIME: _IN_ROOM,
    Action.DECIDE_TIME: _HEADS,
    Action.REOPEN: _CHIEF,
    Action.EXIT_SPECIALLY: _CHIEF,
    Action.START_BREAK: _IN_ROOM,
    Action.END_BREAK: _IN_ROOM,
    Action.GET_INTERRUPTIONS: _TIME,
    Action.STATUS: frozenset(Role),
    Action.VERIFY_LEDGER: _ADMIN | _CHIEF | {Role.INSPECTOR},
    Action.GET_PEOPLE: _POSTS,
    Action.GET_ORGANISATION: _POSTS,
    Action.ISSUE_CODE: _ADMIN,
    Action.ADD_PERSON: _ADMIN,
    Action.DISABLE_ACCOUNT: _CUSTODY,
    Action.ENABLE_ACCOUNT: _ADMIN,
    Action.UNLOCK_ACCOUNT: _ADMIN,
    Action.BEGIN_TOTP: _STAFF,
    Action.CONFIRM_TOTP: _STAFF,
    Action.RESET_TOTP: _ADMIN,
    Action.RECORD_AGREEMENT: _CUSTODY,
    Action.DECLARE_RECUSAL: _STAFF,
    Action.DECIDE_RECUSAL: _CHIEF | {Role.ZONE_DIRECTOR},
    Action.DRAW_ROOMS: _CHIEF,
    Action.GET_DRAW: _POSTS,
    Action.ASSIGN_ROOM: _CHIEF,
    Action.DELEGATE: _POSTS,
    Action.END_DELEGATION: _POSTS,
    Action.SWAP_STATION: _IN_ROOM,
    Action.GET_SPARES: _IN_ROOM | _ADMIN,
    Action.GET_SWAPS: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.DECIDE_BRANCH: _CHIEF,
    Action.IMPORT_JOURNAL: _ADMIN,
    Action.EXPORT_BUNDLE: _ADMIN,
    Action.HAND_OVER_BUNDLES: _CUSTODY,
    Action.TAKE_RECEIPTS: _ADMIN,
    Action.GET_HAND_OVERS: _CUSTODY | {Role.INSPECTOR},
    Action.GET_DUTY: _POSTS,
    Action.OVERRIDE_DUTY: _CHIEF,
    Action.STAFF_HERE: _CUSTODY,
    Action.ENTER_SHIFT: _CHIEF,
    Action.WITHDRAW_SHIFT: _CHIEF,
    Action.GET_HOLDINGS: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.GET_WIPE_CHECK: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.GET_WIPE_CERTIFICATE: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.GET_DESTRUCTION_CERTIFICATE: _HEADS | _ADMIN | {Role.INSPECTOR},
    Action.ENTER_SCORES: _ADMIN,
    Action.SET_HOLD: _CHIEF,
    Action.DESTROY_KEPT: _CHIEF,
}
"""As the server's own table (a test keeps them equal). An inspector never orders (A12)."""

_BEFORE_START = (SessionState.OPEN, SessionState.LOGIN_ALLOWED, SessionState.ARMED)
_RUNNING = (*_BEFORE_START, SessionState.STARTED)
_OVER = (
    SessionState.ENDED,
    SessionState.RECONCILED,
    SessionState.SEALED,
    SessionState.UPLOADED,
    SessionState.WIPED,
)
_DATA_ORDER = list(DataState)


def may(action: Action, person: SignedIn, online: bool = True) -> Verdict:
    """The role's part of the answer, for any room and state."""
    if not online:
        return Verdict(WhyNot.OFFLINE)
    roles = set(person.roles)
    if ROLES[action] & roles:
        return YES
    return Verdict(WhyNot.READ_ONLY if roles == {Role.INSPECTOR} else WhyNot.ROLE)


def in_room(action: Action, person: SignedIn, room: RoomView, online: bool = True) -> Verdict:
    """Orders on a room: role, area (A08), then the state of its session."""
    verdict = may(action, person, online)
    if not verdict.allowed:
        return verdict
    bound = ROLES[action] & set(person.roles) <= _AREA_BOUND
    if bound and person.rooms and room.room_id not in person.rooms:
        return Verdict(WhyNot.ROOM)
    match action:
        case Action.ALLOW_LOGIN:
            return _allow_login(room)
        case Action.ADMIT | Action.ADMIT_IN_DOUBT:
            return _running(room.session_state)
        case Action.WITNESS_SEAL:
            return _witness(room)
        case _:
            return YES


def on_seat(person: SignedIn, room: RoomView, seat: SeatView | None, online: bool) -> Verdict:
    """ConfirmExit: only after an acknowledged hand-in (G06)."""
    verdict = in_room(Action.CONFIRM_EXIT, person, room, online)
    if not verdict.allowed:
        return verdict
    if seat is None or not seat.sitting_id:
        return Verdict(WhyNot.NO_SEAT)
    if seat.state is SittingState.EXITED:
        return Verdict(WhyNot.ALREADY)
    return YES if seat.state is SittingState.SUBMITTED else Verdict(WhyNot.NOT_SUBMITTED)


_MOVABLE = frozenset(
    {
        SittingState.ADMITTED,
        SittingState.LOGGED_IN,
        SittingState.CONFIRMED,
        SittingState.RULES_ACK,
        SittingState.IN_PROGRESS,
    }
)


def may_move(person: SignedIn, room: RoomView, seat: SeatView | None, online: bool) -> Verdict:
    """SwapStation: somebody who is in the room and has not handed in (F12)."""
    verdict = in_room(Action.SWAP_STATION, person, room, online)
    if not verdict.allowed:
        return verdict
    if seat is None or not seat.sitting_id:
        return Verdict(WhyNot.NO_SEAT)
    if room.session_state in _OVER or seat.state not in _MOVABLE:
        return Verdict(WhyNot.NOT_SEATED)
    return YES


def on_session(action: Action, person: SignedIn, venue: VenueView, online: bool) -> Verdict:
    """Orders on the venue's session: role, then session, package and data state."""
    verdict = may(action, person, online)
    if not verdict.allowed:
        return verdict
    if action is Action.ARM_RELEASE:
        return _arm(venue)
    if action is Action.APPROVE_RESERVE:
        open_still = venue.session_state in (SessionState.PLANNED, *_BEFORE_START)
        return YES if open_still else Verdict(WhyNot.RELEASED)
    if action in (Action.RECONCILE, Action.FORCE_SUBMIT):
        return YES if venue.session_state in _OVER else Verdict(WhyNot.NOT_ENDED)
    return _data_step(action, venue)


def _allow_login(room: RoomView) -> Verdict:
    if room.session is None:
        return Verdict(WhyNot.NO_SESSION)
    if room.login_allowed:
        return Verdict(WhyNot.ALREADY)
    return _running(room.session_state)


def _witness(room: RoomView) -> Verdict:
    if room.seal_witnessed:
        return Verdict(WhyNot.ALREADY)
    return YES if room.session_state in _BEFORE_START else Verdict(WhyNot.RELEASED)


def _running(state: SessionState | None) -> Verdict:
    if state is None:
        return Verdict(WhyNot.NO_SESSION)
    if state is SessionState.PLANNED:
        return Verdict(WhyNot.TOO_EARLY)
    return YES if state in _RUNNING else Verdict(WhyNot.SESSION_OVER)


def _arm(venue: VenueView) -> Verdict:
    if not venue.session_id:
        return Verdict(WhyNot.NO_SESSION)
    if venue.release_armed or venue.package_state is PackageState.RELEASED:
        return Verdict(WhyNot.ALREADY)
    if venue.session_state in _OVER:
        return Verdict(WhyNot.SESSION_OVER)
    if venue.frozen:
        return Verdict(WhyNot.FROZEN)
    if venue.package_state is not PackageState.COMPLETE:
        return Verdict(WhyNot.PAPER_INCOMPLETE)
    return YES


_DATA_STEPS = {
    Action.SEAL: (DataState.BACKED_UP, WhyNot.NOT_BACKED_UP, DataState.SEALED),
    Action.UPLOAD: (DataState.SEALED, WhyNot.NOT_SEALED, DataState.UPLOADED),
    Action.WIPE: (DataState.UPLOADED, WhyNot.NOT_UPLOADED, DataState.WIPED),
    Action.SEAL_ANEW: (DataState.UPLOADED, WhyNot.NOT_UPLOADED, DataState.WIPED),
}
"""Action: the data state it needs, the reason when not reached, the state it leads to."""


def _data_step(action: Action, venue: VenueView) -> Verdict:
    if action not in _DATA_STEPS:
        return YES
    needed, reason, reached = _DATA_STEPS[action]
    if venue.data_state is None:
        return Verdict(WhyNot.NOT_ENDED)
    now = _DATA_ORDER.index(venue.data_state)
    if now >= _DATA_ORDER.index(reached):
        return Verdict(WhyNot.ALREADY)
    return YES if now >= _DATA_ORDER.index(needed) else Verdict(reason)
