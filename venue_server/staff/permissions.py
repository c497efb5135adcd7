"""Who may order what, in which rooms, and who must be the second person (A01-A08, D07, N03).

Orders are named like their messages (wire/console_orders.py, ConsoleMessage). An order that is
not in the table is refused, so a new message is forbidden until somebody decides about it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from venue_server.staff.person import Person
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode

_ANYONE = frozenset(Role)
_HEADS = frozenset({Role.CHIEF, Role.DEPUTY})
_IN_ROOM = _HEADS | {Role.INVIGILATOR}
_INVIGILATORS = frozenset({Role.INVIGILATOR})
_ADMIN = frozenset({Role.SYSADMIN})
_CHIEF = frozenset({Role.CHIEF})
_CUSTODY = _HEADS | _ADMIN
_LOOKS = _CUSTODY | {Role.INSPECTOR}
_LOOKS_AT_TIME = _IN_ROOM | _ADMIN | {Role.ROVING, Role.INSPECTOR}
_DIRECTOR = frozenset({Role.ZONE_DIRECTOR})
_STAFF = _ANYONE - {Role.INSPECTOR}
_WITNESSES = _IN_ROOM | {Role.ROVING}
_TELLS = _WITNESSES | _ADMIN

AREA_BOUND = frozenset({Role.INVIGILATOR, Role.ROVING})
"""Roles that act only inside their own rooms (A08)."""


class Named(StrEnum):
    """Where two people signed before, so that an order they thereby cleared asks for no second
    signature (N03): at the opening of the receipt session, or under the sealing. Who checks is one
    of them, never who performs, and must still hold a role of the rule's ``second``."""

    RECEIPT = "receipt"
    SEALING = "sealing"


@dataclass(frozen=True)
class Rule:
    """``roles`` may give the order; ``second`` (when not empty) must confirm it; ``in_room`` orders
    name one room, which area-bound people must be responsible for. ``named``: who confirms may have
    signed before, and is asked for only where nobody who did may still check."""

    roles: frozenset[Role]
    second: frozenset[Role] = frozenset()
    in_room: bool = False
    named: Named | None = None


RULES: Mapping[str, Rule] = {
    "GetStatus": Rule(_ANYONE),
    "ListEnrolments": Rule(_ADMIN),
    "ConfirmEnrolment": Rule(_ADMIN),
    "RevokeMachine": Rule(_ADMIN),
    "AllowLogin": Rule(_IN_ROOM, in_room=True),
    "Admit": Rule(_IN_ROOM, in_room=True),
    "LookUpCandidate": Rule(_IN_ROOM, in_room=True),
    "AdmitInDoubt": Rule(_INVIGILATORS, second=_INVIGILATORS, in_room=True),
    "SettleDoubt": Rule(_INVIGILATORS, second=_INVIGILATORS, in_room=True),
    "DecideDoubt": Rule(_CHIEF),
    "RequestCorrection": Rule(_IN_ROOM, in_room=True),
    "KeepItem": Rule(_IN_ROOM, second=_IN_ROOM, in_room=True),
    "ReturnItem": Rule(_IN_ROOM, second=_IN_ROOM, in_room=True),
    "ApproveVisitor": Rule(_HEADS),
    "VisitorIn": Rule(_IN_ROOM, in_room=True),
    "VisitorOut": Rule(_IN_ROOM, in_room=True),
    "GetDoorLog": Rule(_IN_ROOM | {Role.ROVING, Role.INSPECTOR}, in_room=True),
    "ConfirmExit": Rule(_IN_ROOM, in_room=True),
    "GetCredits": Rule(_LOOKS_AT_TIME),
    "GetLostTime": Rule(_LOOKS_AT_TIME, in_room=True),
    "ProposeTime": Rule(_IN_ROOM, in_room=True),
    "RevokeTime": Rule(_IN_ROOM, in_room=True),
    "DecideTime": Rule(_HEADS),
    "ReopenSitting": Rule(_CHIEF, second=_IN_ROOM),
    "ExitSpecially": Rule(_CHIEF, second=_IN_ROOM),
    "StartBreak": Rule(_IN_ROOM, in_room=True),
    "EndBreak": Rule(_IN_ROOM, in_room=True),
    "GetInterruptions": Rule(_LOOKS_AT_TIME),
    "ImportPlan": Rule(_ADMIN, second=_ADMIN),
    "OpenReceipt": Rule(_ADMIN, second=_HEADS),
    "ImportFolder": Rule(_ADMIN, second=_HEADS, named=Named.RECEIPT),
    "ImportAgreed": Rule(_ADMIN, second=_HEADS),
    "FetchPackages": Rule(_ADMIN, second=_HEADS, named=Named.RECEIPT),
    "CloseReceipt": Rule(_ADMIN, second=_HEADS),
    "GetIntake": Rule(_LOOKS),
    "CheckPackages": Rule(_CUSTODY),
    "SignReceiptSheet": Rule(_CHIEF),
    "RegisterMedium": Rule(_ADMIN, second=_CUSTODY),
    "MoveMedium": Rule(_CUSTODY, second=_CUSTODY),
    "RecordHandOver": Rule(_CUSTODY, second=_CUSTODY),
    "RecordKeeping": Rule(_CUSTODY, second=_CUSTODY),
    "GetCustody": Rule(_LOOKS),
    "StartInspection": Rule(_ADMIN),
    "CheckStations": Rule(_ADMIN),
    "AnswerCheck": Rule(_CUSTODY),
    "SealVenue": Rule(_ADMIN, second=_CHIEF),
    "GetInspection": Rule(_LOOKS),
    "GetInspectionReport": Rule(_LOOKS),
    "GetDevices": Rule(_LOOKS),
    "ArmRelease": Rule(_CHIEF, second=_ADMIN),
    "EnterCodeShare": Rule(_HEADS | _ADMIN),
    "GetGoNoGo": Rule(_ANYONE),
    "FreezeRelease": Rule(_HEADS | _ADMIN),
    "LiftFreeze": Rule(_CHIEF, second=_HEADS | _ADMIN),
    "LiftFreezeTogether": Rule(_CHIEF, second=_DIRECTOR),
    "GetNotices": Rule(_LOOKS_AT_TIME),
    "ImportNotice": Rule(_CHIEF | _ADMIN),
    "PublishNotice": Rule(_CHIEF, second=_HEADS | _ADMIN),
    "ImportSessionOrder": Rule(_CHIEF, second=_ADMIN),
    "TakeSessionOrder": Rule(_CHIEF, second=_ADMIN),
    "GetSessionOrders": Rule(_LOOKS),
    "ApproveReserve": Rule(_DIRECTOR, second=_CHIEF),
    "ImportReserveApproval": Rule(_CHIEF, second=_ADMIN),
    "WitnessSeal": Rule(
        frozenset({Role.INVIGILATOR}), second=frozenset({Role.INVIGILATOR}), in_room=True
    ),
    "ForceSubmit": Rule(_CHIEF, second=_ADMIN),
    "HoldRoom": Rule(_CHIEF),
    "StartRoom": Rule(_CHIEF),
    "SuspendTime": Rule(_HEADS),
    "ResumeTime": Rule(_CHIEF),
    "ExtendTime": Rule(_CHIEF),
    "ExtendTimeOffline": Rule(_CHIEF, second=_HEADS | _ADMIN),
    "ConfirmExtension": Rule(_CHIEF),
    "GetRoomTimes": Rule(_ANYONE),
    "GetStartCode": Rule(_IN_ROOM, in_room=True),
    "Reconcile": Rule(_CHIEF | _ADMIN | {Role.INVIGILATOR}),
    "GetRoomRecord": Rule(_IN_ROOM | _ADMIN | {Role.ROVING}, in_room=True),
    "SignRoomRecord": Rule(_IN_ROOM | _ADMIN | {Role.ROVING}, in_room=True),
    "AnswerRecordPoint": Rule(_IN_ROOM, in_room=True),
    "EditRoomRecord": Rule(_IN_ROOM, in_room=True),
    "PrintRoomRecord": Rule(_IN_ROOM | _ADMIN, in_room=True),
    "GetCloseCheck": Rule(_LOOKS),
    "GetFeed": Rule(_LOOKS),
    "GetAnswers": Rule(_LOOKS),
    "GetWipeCheck": Rule(_LOOKS),
    "GetRetention": Rule(_LOOKS),
    "DestroyKept": Rule(_CHIEF, second=_ADMIN),
    "GetWipeCertificate": Rule(_LOOKS),
    "GetDestructionCertificate": Rule(_LOOKS),
    "GetHoldings": Rule(_LOOKS),
    "GetStatistics": Rule(_LOOKS),
    "GetBackups": Rule(_LOOKS),
    "ExportSession": Rule(_CHIEF | _ADMIN),
    "EnterScorePublication": Rule(_ADMIN, second=_HEADS),
    "SetLegalHold": Rule(_CHIEF, second=_ADMIN),
    "SealAnew": Rule(_CHIEF, second=_ADMIN),
    "SealSession": Rule(_CHIEF, second=_ADMIN),
    "UploadSession": Rule(_ADMIN, second=_CUSTODY, named=Named.SEALING),
    "ExportBundle": Rule(_ADMIN, second=_CUSTODY),
    "HandOverBundles": Rule(_CUSTODY, second=_CUSTODY),
    "TakeReceipts": Rule(_ADMIN),
    "GetHandOvers": Rule(_LOOKS),
    "GetUploads": Rule(_LOOKS),
    "WipeSession": Rule(_ADMIN, second=_HEADS),
    "SwapStation": Rule(_IN_ROOM, second=_ADMIN, in_room=True),
    "GetSpares": Rule(_IN_ROOM | _ADMIN, in_room=True),
    "GetSwaps": Rule(_LOOKS),
    "DecideBranch": Rule(_CHIEF, second=_ADMIN),
    "ImportStationJournal": Rule(_ADMIN, second=_HEADS),
    "OpenIncident": Rule(_TELLS, in_room=True),
    "AddToIncident": Rule(_TELLS, in_room=True),
    "ReportIncident": Rule(_HEADS),
    "ContainIncident": Rule(_HEADS | _ADMIN),
    "CloseIncident": Rule(_HEADS),
    "CountersignIncident": Rule(frozenset({Role.ROVING}), in_room=True),
    "GetIncidents": Rule(_TELLS | {Role.INSPECTOR}),
    "RecordViolation": Rule(_WITNESSES, in_room=True),
    "AddToViolation": Rule(_WITNESSES, in_room=True),
    "TakeItem": Rule(_WITNESSES, second=_WITNESSES, in_room=True),
    "ReturnEvidence": Rule(_WITNESSES, second=_WITNESSES, in_room=True),
    "NoteSignature": Rule(_WITNESSES, in_room=True),
    "NoteRefusal": Rule(_WITNESSES, second=_WITNESSES, in_room=True),
    "SignViolation": Rule(_CHIEF),
    "WithdrawViolation": Rule(_CHIEF),
    "TerminateSitting": Rule(_CHIEF, second=frozenset({Role.INVIGILATOR}), in_room=True),
    "DecideObservation": Rule(_IN_ROOM, in_room=True),
    "GetViolations": Rule(_WITNESSES | {Role.INSPECTOR}),
    "HoldEvidence": Rule(_HEADS),
    "LiftHold": Rule(_CHIEF, second=_ADMIN | _DIRECTOR),
    "VerifyLedger": Rule(_ADMIN | _CHIEF | {Role.INSPECTOR}),
    "GetPeople": Rule(_CUSTODY | _DIRECTOR),
    "GetOrganisation": Rule(_CUSTODY | _DIRECTOR),
    "IssueCode": Rule(_ADMIN, second=_CUSTODY),
    "AddPerson": Rule(_ADMIN, second=_HEADS),
    "DisableAccount": Rule(_CUSTODY, second=_CUSTODY),
    "EnableAccount": Rule(_ADMIN, second=_HEADS),
    "UnlockAccount": Rule(_ADMIN),
    "BeginTotp": Rule(_STAFF),
    "ConfirmTotp": Rule(_STAFF),
    "ResetTotp": Rule(_ADMIN, second=_HEADS),
    "RecordAgreement": Rule(_CUSTODY),
    "DeclareRecusal": Rule(_STAFF),
    "DecideRecusal": Rule(_CHIEF | _DIRECTOR),
    "DrawRooms": Rule(_CHIEF, second=_CUSTODY),
    "GetDraw": Rule(_CUSTODY | _DIRECTOR),
    "AssignRoom": Rule(_CHIEF, second=_CUSTODY),
    "Delegate": Rule(_CUSTODY | _DIRECTOR, second=_CUSTODY | _DIRECTOR),
    "EndDelegation": Rule(_CUSTODY | _DIRECTOR),
    "GetDuty": Rule(_CUSTODY | _DIRECTOR),
    "OverrideDutyHours": Rule(_CHIEF, second=_ADMIN),
    "StaffHere": Rule(_CUSTODY),
    "EnterShift": Rule(_CHIEF),
    "WithdrawShift": Rule(_CHIEF),
}


def may(person: Person, order_name: str, room_id: str | None = None) -> Refusal | None:
    """May this person give this order (in this room)? None means yes.

    Refusals: LAN-07 unknown order, PPL-04 they may not act at all now, STF-04 no role of theirs
    may, STF-05 not their room.
    """
    rule = RULES.get(order_name)
    if rule is None:
        return Refusal(RefusalCode.ORDER_UNKNOWN, order_name)
    if not person.active:
        return Refusal(RefusalCode.ACCOUNT_DISABLED, person.person_id)
    granting = person.roles & rule.roles
    if not granting:
        return Refusal(RefusalCode.ROLE_NOT_ALLOWED, order_name)
    return _outside(person, granting, rule, room_id)


def _outside(
    person: Person, granting: frozenset[Role], rule: Rule, room_id: str | None
) -> Refusal | None:
    """STF-05 when only a role bound to rooms lets them, and this room is not theirs (A08)."""
    bound = granting <= AREA_BOUND
    if rule.in_room and bound and not responsible_for(person, room_id):
        return Refusal(RefusalCode.ROOM_NOT_YOURS, room_id or "")
    return None


def sees(person: Person, room_id: str) -> bool:
    """May this person look at this room's board? Whoever is bound to rooms sees only these."""
    if not person.active or not person.roles:
        return False
    return not person.roles <= AREA_BOUND or responsible_for(person, room_id)


def responsible_for(person: Person, room_id: str | None) -> bool:
    """Is the room in the person's area? No rooms named means all of them."""
    return not person.rooms or room_id in person.rooms


def second_rule(order_name: str) -> frozenset[Role]:
    """The roles of which the second person must hold one; empty: no second person is needed."""
    rule = RULES.get(order_name)
    return rule.second if rule else frozenset()


def named_before(order_name: str) -> Named | None:
    """Where its two people may have signed before; None: nowhere."""
    rule = RULES.get(order_name)
    return rule.named if rule else None


def may_second(
    first: Person, second: Person, order_name: str, room_id: str | None = None
) -> Refusal | None:
    """May ``second`` confirm what ``first`` orders (in this room)? Always a different person (D07,
    N03), and bound to their rooms like the first (A08)."""
    if second.person_id == first.person_id:
        return Refusal(RefusalCode.SAME_PERSON, order_name)
    if not second.active:
        return Refusal(RefusalCode.ACCOUNT_DISABLED, second.person_id)
    granting = second.roles & second_rule(order_name)
    if not granting:
        return Refusal(RefusalCode.ROLE_NOT_ALLOWED, order_name)
    return _outside(second, granting, RULES[order_name], room_id)
