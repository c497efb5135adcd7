"""Who may order what, in which rooms, and who must be the second person (A01-A08, D07, N03).

Orders are named like their messages (wire/messages.py, ConsoleMessage). An order that is not in
the table is refused, so a new message is forbidden until somebody decides about it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from venue_server.staff.person import Person
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode

_ANYONE = frozenset(Role)
_HEADS = frozenset({Role.CHIEF, Role.DEPUTY})
_IN_ROOM = _HEADS | {Role.INVIGILATOR}
_ADMIN = frozenset({Role.SYSADMIN})
_CHIEF = frozenset({Role.CHIEF})
_CUSTODY = _HEADS | _ADMIN
_LOOKS = _CUSTODY | {Role.INSPECTOR}
_LOOKS_AT_TIME = _IN_ROOM | _ADMIN | {Role.ROVING, Role.INSPECTOR}
_DIRECTOR = frozenset({Role.ZONE_DIRECTOR})

AREA_BOUND = frozenset({Role.INVIGILATOR, Role.ROVING})
"""Roles that act only inside their own rooms (A08)."""


@dataclass(frozen=True)
class Rule:
    """``roles`` may give the order; ``second`` (when not empty) must confirm it; ``in_room`` orders
    name one room, which area-bound people must be responsible for."""

    roles: frozenset[Role]
    second: frozenset[Role] = frozenset()
    in_room: bool = False


RULES: Mapping[str, Rule] = {
    "GetStatus": Rule(_ANYONE),
    "ListEnrolments": Rule(_ADMIN),
    "ConfirmEnrolment": Rule(_ADMIN),
    "RevokeMachine": Rule(_ADMIN),
    "AllowLogin": Rule(_IN_ROOM, in_room=True),
    "Admit": Rule(_IN_ROOM, in_room=True),
    "ConfirmExit": Rule(_IN_ROOM, in_room=True),
    "GetCredits": Rule(_LOOKS_AT_TIME),
    "GetLostTime": Rule(_LOOKS_AT_TIME, in_room=True),
    "ProposeTime": Rule(_IN_ROOM, in_room=True),
    "DecideTime": Rule(_HEADS),
    "ReopenSitting": Rule(_CHIEF, second=_IN_ROOM),
    "ExitSpecially": Rule(_CHIEF, second=_IN_ROOM),
    "StartBreak": Rule(_IN_ROOM, in_room=True),
    "EndBreak": Rule(_IN_ROOM, in_room=True),
    "GetInterruptions": Rule(_LOOKS_AT_TIME),
    "ImportPlan": Rule(_ADMIN, second=_ADMIN),
    "OpenReceipt": Rule(_ADMIN, second=_HEADS),
    "ImportFolder": Rule(_ADMIN),
    "ImportAgreed": Rule(_ADMIN, second=_HEADS),
    "FetchPackages": Rule(_ADMIN),
    "CloseReceipt": Rule(_ADMIN, second=_HEADS),
    "GetIntake": Rule(_LOOKS),
    "CheckPackages": Rule(_CUSTODY),
    "SignReceiptSheet": Rule(_CHIEF),
    "RegisterMedium": Rule(_ADMIN, second=_CUSTODY),
    "MoveMedium": Rule(_CUSTODY, second=_CUSTODY),
    "RecordHandOver": Rule(_CUSTODY, second=_CUSTODY),
    "RecordKeeping": Rule(_CUSTODY, second=_CUSTODY),
    "GetCustody": Rule(_LOOKS),
    "ArmRelease": Rule(_CHIEF, second=_ADMIN),
    "EnterCodeShare": Rule(_HEADS | _ADMIN),
    "GetGoNoGo": Rule(_ANYONE),
    "FreezeRelease": Rule(_HEADS | _ADMIN),
    "LiftFreeze": Rule(_CHIEF),
    "LiftFreezeTogether": Rule(_CHIEF, second=_DIRECTOR),
    "ApproveReserve": Rule(_DIRECTOR, second=_CHIEF),
    "ImportReserveApproval": Rule(_CHIEF, second=_ADMIN),
    "WitnessSeal": Rule(
        frozenset({Role.INVIGILATOR}), second=frozenset({Role.INVIGILATOR}), in_room=True
    ),
    "ForceSubmit": Rule(_CHIEF, second=_ADMIN),
    "Reconcile": Rule(_CHIEF | _ADMIN | {Role.INVIGILATOR}),
    "GetRoomRecord": Rule(_IN_ROOM | _ADMIN | {Role.ROVING}, in_room=True),
    "SignRoomRecord": Rule(_IN_ROOM | _ADMIN | {Role.ROVING}, in_room=True),
    "SealSession": Rule(_CHIEF, second=_ADMIN),
    "UploadSession": Rule(_ADMIN),
    "WipeSession": Rule(_ADMIN, second=_HEADS),
    "VerifyLedger": Rule(_ADMIN | _CHIEF | {Role.INSPECTOR}),
}


def may(person: Person, order_name: str, room_id: str | None = None) -> Refusal | None:
    """May this person give this order (in this room)? None means yes.

    Refusals: LAN-07 unknown order, STF-04 no role of theirs may, STF-05 not their room.
    """
    rule = RULES.get(order_name)
    if rule is None:
        return Refusal(RefusalCode.ORDER_UNKNOWN, order_name)
    granting = person.roles & rule.roles
    if not granting:
        return Refusal(RefusalCode.ROLE_NOT_ALLOWED, order_name)
    bound = granting <= AREA_BOUND
    if rule.in_room and bound and not responsible_for(person, room_id):
        return Refusal(RefusalCode.ROOM_NOT_YOURS, room_id or "")
    return None


def sees(person: Person, room_id: str) -> bool:
    """May this person look at this room's board? Whoever is bound to rooms sees only these."""
    return not person.roles <= AREA_BOUND or responsible_for(person, room_id)


def responsible_for(person: Person, room_id: str | None) -> bool:
    """Is the room in the person's area? No rooms named means all of them."""
    return not person.rooms or room_id in person.rooms


def second_rule(order_name: str) -> frozenset[Role]:
    """The roles of which the second person must hold one; empty: no second person is needed."""
    rule = RULES.get(order_name)
    return rule.second if rule else frozenset()


def may_second(first: Person, second: Person, order_name: str) -> Refusal | None:
    """May ``second`` confirm what ``first`` orders? Always a different person (D07, N03)."""
    if second.person_id == first.person_id:
        return Refusal(RefusalCode.SAME_PERSON, order_name)
    if not second.roles & second_rule(order_name):
        return Refusal(RefusalCode.ROLE_NOT_ALLOWED, order_name)
    return None
