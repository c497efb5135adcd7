"""Orders a console places, and the three kinds of answer to one.

Every order is built with number 0; the link numbers it when it goes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from venue_server.wire.admission_orders import AdmissionMessage
from venue_server.wire.backup_orders import BackupMessage
from venue_server.wire.console_orders import (
    Admit,
    AllowLogin,
    ApproveReserve,
    ArmRelease,
    ConfirmEnrolment,
    ConfirmExit,
    EnterCodeShare,
    ForceSubmit,
    FreezeRelease,
    GetRoomRecord,
    GetStatus,
    ImportPlan,
    LiftFreeze,
    LiftFreezeTogether,
    ListEnrolments,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    VerifyLedger,
    WipeSession,
    WitnessSeal,
)
from venue_server.wire.console_views import Done
from venue_server.wire.duty_orders import DutyMessage
from venue_server.wire.frames import Second
from venue_server.wire.handover_orders import HandOverMessage
from venue_server.wire.incident_orders import IncidentMessage
from venue_server.wire.inspection_orders import (
    AnswerCheck,
    CheckStations,
    GetInspection,
    GetInspectionReport,
    SealVenue,
    StartInspection,
)
from venue_server.wire.intake_orders import (
    CheckPackages,
    CloseReceipt,
    FetchPackages,
    GetIntake,
    ImportFolder,
    OpenReceipt,
    SignReceiptSheet,
)
from venue_server.wire.messages import PaperSeal, Refused
from venue_server.wire.notice_orders import NoticeMessage
from venue_server.wire.people_orders import PeopleMessage
from venue_server.wire.record_orders import RecordMessage
from venue_server.wire.roomtime_orders import RoomTimeMessage
from venue_server.wire.session_orders import SessionOrderMessage
from venue_server.wire.swap_orders import (
    DecideBranch,
    GetSpares,
    GetSwaps,
    ImportStationJournal,
    Keep,
    SwapStation,
)
from venue_server.wire.wiping_orders import WipingMessage

Order = (
    GetStatus
    | RoomTimeMessage
    | WipingMessage
    | ListEnrolments
    | ConfirmEnrolment
    | AllowLogin
    | Admit
    | ConfirmExit
    | AdmissionMessage
    | ImportPlan
    | OpenReceipt
    | ImportFolder
    | FetchPackages
    | CloseReceipt
    | GetIntake
    | CheckPackages
    | SignReceiptSheet
    | ArmRelease
    | EnterCodeShare
    | FreezeRelease
    | LiftFreeze
    | LiftFreezeTogether
    | ApproveReserve
    | WitnessSeal
    | ForceSubmit
    | Reconcile
    | GetRoomRecord
    | SignRoomRecord
    | SealSession
    | UploadSession
    | WipeSession
    | VerifyLedger
    | StartInspection
    | CheckStations
    | AnswerCheck
    | SealVenue
    | GetInspection
    | GetInspectionReport
    | PeopleMessage
    | SwapStation
    | GetSpares
    | GetSwaps
    | DecideBranch
    | ImportStationJournal
    | IncidentMessage
    | NoticeMessage
    | SessionOrderMessage
    | RecordMessage
    | HandOverMessage
    | BackupMessage
    | DutyMessage
)


@dataclass(frozen=True)
class NoAnswer:
    """The line broke before the answer came: the order may or may not have been carried out."""


Answer = Done | Refused | NoAnswer


def allow_login(room_id: str) -> AllowLogin:
    return AllowLogin(0, room_id)


def confirm_exit(room_id: str, sitting_id: str) -> ConfirmExit:
    return ConfirmExit(0, room_id, sitting_id)


def confirm_enrolment(
    code: str, kind: str, name: str, room_id: str = "", seat_no: str = ""
) -> ConfirmEnrolment:
    """``code`` in any case, with or without its hyphen; a console has no seat."""
    plain = "".join(code.upper().split()).replace("-", "")
    shown = f"{plain[:4]}-{plain[4:]}" if len(plain) == 8 else plain
    if kind == "console":
        room_id = seat_no = ""
    return ConfirmEnrolment(0, shown, kind, name.strip(), room_id.strip(), seat_no.strip())


def open_receipt(session_id: str, second: Second) -> OpenReceipt:
    return OpenReceipt(0, session_id, second)


def import_plan(file: str, second: Second) -> ImportPlan:
    return ImportPlan(0, file.strip(), second)


def force_submit(room_id: str, sitting_id: str, second: Second) -> ForceSubmit:
    return ForceSubmit(0, room_id, sitting_id, second)


def import_folder(folder: str, second: Second | None = None) -> ImportFolder:
    """``second`` only where who opened the receipt with this person may not check any more."""
    return ImportFolder(0, folder.strip(), second)


def fetch_packages(second: Second | None = None) -> FetchPackages:
    return FetchPackages(0, second)


def get_intake() -> GetIntake:
    return GetIntake(0)


def check_packages(session_id: str) -> CheckPackages:
    return CheckPackages(0, session_id)


def sign_receipt_sheet(session_id: str, code: str) -> SignReceiptSheet:
    """``code``: the beginning of the sheet's hash as the chief saw it."""
    return SignReceiptSheet(0, session_id, code)


def close_receipt(second: Second) -> CloseReceipt:
    return CloseReceipt(0, second)


def arm_release(session_id: str, second: Second, without: Sequence[str] = ()) -> ArmRelease:
    return ArmRelease(0, session_id, second, list(without))


def enter_code_share(session_id: str, words: str) -> EnterCodeShare:
    """Words in lower case, one space between them (SLIP-39)."""
    return EnterCodeShare(0, session_id, " ".join(words.casefold().split()))


def freeze_release(reason: str) -> FreezeRelease:
    return FreezeRelease(0, reason.strip())


def lift_freeze(reason: str, reference: str, second: Second) -> LiftFreeze:
    return LiftFreeze(0, reason.strip(), reference.strip(), second)


def lift_freeze_together(reason: str, second: Second) -> LiftFreezeTogether:
    return LiftFreezeTogether(0, reason.strip(), second)


def approve_reserve(
    session_id: str, seal: PaperSeal, reason: str, second: Second, room_id: str, replaces: str
) -> ApproveReserve:
    """``room_id`` empty: every room; ``replaces`` empty: every main form."""
    return ApproveReserve(
        0, session_id, seal.paper_id, seal.form_id, reason.strip(), second, room_id, replaces
    )


def witness_seal(room_id: str, ticket_no: str, second: Second) -> WitnessSeal:
    return WitnessSeal(0, room_id, ticket_no.strip(), second)


def seal_session(session_id: str, second: Second) -> SealSession:
    return SealSession(0, session_id, second)


def wipe_session(session_id: str, second: Second) -> WipeSession:
    return WipeSession(0, session_id, second)


def get_spares(room_id: str, sitting_id: str) -> GetSpares:
    return GetSpares(0, room_id, sitting_id)


def get_swaps() -> GetSwaps:
    return GetSwaps(0)


def swap_station(
    room_id: str, sitting_id: str, seat_no: str, reason: str, compared: bool, second: Second
) -> SwapStation:
    """``seat_no`` is the spare's; ``compared``: both compared the person with the photo."""
    return SwapStation(0, room_id, sitting_id, seat_no, reason.strip(), compared, second)


def decide_branch(
    sitting_id: str, machine_id: str, keep: Keep, reason: str, second: Second
) -> DecideBranch:
    return DecideBranch(0, sitting_id, machine_id, keep, reason.strip(), second)


def import_journal(
    folder: str, reason: str, accept_unproved: bool, second: Second
) -> ImportStationJournal:
    """``accept_unproved``: also what no station signed; it needs a reason."""
    return ImportStationJournal(0, folder.strip(), second, reason.strip(), accept_unproved)
