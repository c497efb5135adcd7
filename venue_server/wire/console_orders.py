"""Every order of a console or the command line; each area's own are in its `*_orders` module."""

from venue_server.wire.admission_orders import AdmissionMessage
from venue_server.wire.backup_orders import BackupMessage
from venue_server.wire.credit_orders import CreditMessage
from venue_server.wire.duty_orders import DutyMessage
from venue_server.wire.frames import Message, Second
from venue_server.wire.handover_orders import HandOverMessage
from venue_server.wire.incident_orders import IncidentMessage
from venue_server.wire.inspection_orders import InspectionMessage
from venue_server.wire.intake_orders import IntakeMessage
from venue_server.wire.messages import TimePing
from venue_server.wire.names import IdDocument, NameCheck, PersonCheck
from venue_server.wire.notice_orders import NoticeMessage
from venue_server.wire.people_orders import ChangePassword, PeopleMessage
from venue_server.wire.record_orders import RecordMessage
from venue_server.wire.roomtime_orders import RoomTimeMessage
from venue_server.wire.session_orders import SessionOrderMessage
from venue_server.wire.swap_orders import SwapMessage
from venue_server.wire.upload_orders import UploadMessage
from venue_server.wire.wiping_orders import WipingMessage

# ---- console and command line -> server --------------------------------------------------


class ConsoleHello(Message, frozen=True):
    protocol: int
    app_version: str


class SignIn(Message, frozen=True):
    n: int
    person_id: str
    password: str
    totp: str = ""

    def __repr__(self) -> str:
        return f"SignIn({self.n}, {self.person_id!r})"


class SignOut(Message, frozen=True):
    n: int


class GetStatus(Message, frozen=True):
    """One screen of truth for the administrator; answered by Done with the parts named there."""

    n: int


class ListEnrolments(Message, frozen=True):
    n: int


class ConfirmEnrolment(Message, frozen=True):
    """Confirm the code shown by the new machine. ``kind`` is ``station`` or ``console``."""

    n: int
    code: str
    kind: str
    name: str
    room_id: str = ""
    seat_no: str = ""


class RevokeMachine(Message, frozen=True):
    """Take a machine off the roster; its connection is cut and its certificate refused."""

    n: int
    machine_id: str


class AllowLogin(Message, frozen=True):
    n: int
    room_id: str


class Admit(Message, frozen=True):
    """Admit a candidate at the door (F01-F06)."""

    n: int
    room_id: str
    ticket_no: str
    id_document: IdDocument
    id_number: str
    id_checked: bool
    ticket_checked: bool
    name_check: NameCheck = NameCheck.SAME
    person_check: PersonCheck = PersonCheck.SAME
    belongings_checked: bool = False  # F08


class ConfirmExit(Message, frozen=True):
    n: int
    room_id: str
    sitting_id: str


class ImportPlan(Message, frozen=True):
    """Import headquarters' signed plan from the server's own file system: one administrator does
    it, another checks it (N03)."""

    n: int
    file: str
    second: Second


class ArmRelease(Message, frozen=True):
    """Chief plus system administrator arm the release of a session (E01). ``without`` lists what
    both agree to go without: seats ("room-seat") whose station has no verified paper, and lines of
    the go/no-go board by their kind. Anything else that is not ready refuses the order (E05)."""

    n: int
    session_id: str
    second: Second
    without: list[str] = []


class EnterCodeShare(Message, frozen=True):
    """One custodian's words of a sealed code (E03); the words say which form's code it is."""

    n: int
    session_id: str
    words: str

    def __repr__(self) -> str:
        return f"EnterCodeShare({self.n}, {self.session_id!r})"


class GetGoNoGo(Message, frozen=True):
    """The go/no-go board of a session, line by line."""

    n: int
    session_id: str


class FreezeRelease(Message, frozen=True):
    """A leak is suspected: nothing is released from now on by any way (I05). One person."""

    n: int
    reason: str


class LiftFreeze(Message, frozen=True):
    """The chief lifts a freeze on headquarters' word, whose number is ``reference``; another person
    checks that word (N03)."""

    n: int
    reason: str
    reference: str
    second: Second


class LiftFreezeTogether(Message, frozen=True):
    """The chief and the zone director lift a freeze together."""

    n: int
    reason: str
    second: Second


class ApproveReserve(Message, frozen=True):
    """The zone director, with the chief, approves a reserve paper (D10) in place of the main form
    ``replaces`` (empty: of every one) in ``room_id`` (empty: in every room), before the release."""

    n: int
    session_id: str
    paper_id: str
    form_id: str
    reason: str
    second: Second
    room_id: str = ""
    replaces: str = ""


class ImportReserveApproval(Message, frozen=True):
    """Import headquarters' signed approval of a reserve from the server's own file system."""

    n: int
    file: str
    second: Second


class WitnessSeal(Message, frozen=True):
    """Two invigilators of a room showed the intact seals, and a candidate witnessed it (D17)."""

    n: int
    room_id: str
    ticket_no: str
    second: Second


class ForceSubmit(Message, frozen=True):
    """Close a sitting after the end whose station does not come back: what the server durably holds
    is what is handed in. Two people; everything else stays with the station (L02)."""

    n: int
    room_id: str
    sitting_id: str
    second: Second


class Reconcile(Message, frozen=True):
    n: int
    session_id: str


class GetRoomRecord(Message, frozen=True):
    n: int
    room_id: str


class SignRoomRecord(Message, frozen=True):
    n: int
    room_id: str
    content_hash: str


class SealSession(Message, frozen=True):
    """Chief and administrator seal a session, and by the same two signatures clear it for upload
    (N03)."""

    n: int
    session_id: str
    second: Second


class UploadSession(Message, frozen=True):
    """Upload now. Who checks is one of the two who sealed; ``second`` signs where neither of them
    may check any more (N03)."""

    n: int
    session_id: str
    second: Second | None = None


class WipeSession(Message, frozen=True):
    n: int
    session_id: str
    second: Second


class VerifyLedger(Message, frozen=True):
    n: int


ConsoleMessage = (
    ConsoleHello
    | TimePing
    | SignIn
    | SignOut
    | ChangePassword
    | PeopleMessage
    | GetStatus
    | ListEnrolments
    | ConfirmEnrolment
    | RevokeMachine
    | AllowLogin
    | Admit
    | ConfirmExit
    | ImportPlan
    | IntakeMessage
    | BackupMessage
    | InspectionMessage
    | AdmissionMessage
    | RoomTimeMessage
    | IncidentMessage
    | RecordMessage
    | HandOverMessage
    | WipingMessage
    | CreditMessage
    | ArmRelease
    | EnterCodeShare
    | GetGoNoGo
    | FreezeRelease
    | LiftFreeze
    | LiftFreezeTogether
    | ApproveReserve
    | ImportReserveApproval
    | WitnessSeal
    | ForceSubmit
    | Reconcile
    | GetRoomRecord
    | SignRoomRecord
    | SealSession
    | UploadSession
    | WipeSession
    | VerifyLedger
    | SwapMessage
    | NoticeMessage
    | SessionOrderMessage
    | DutyMessage
    | UploadMessage
)
