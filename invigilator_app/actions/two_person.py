"""The two-person rule at one console (D02, D07, E01): who signs second, and checks before sending.

The second person's password travels once, inside the order, and is kept nowhere.
"""

from enum import StrEnum

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action
from venue_server.wire.console_views import SignedIn
from venue_server.wire.frames import Second
from venue_server.wire.messages import Refused
from venue_server.wire.names import Role
from venue_server.wire.refusals import RefusalCode

_HEADS = (Role.CHIEF, Role.DEPUTY)
_ADMIN = (Role.SYSADMIN,)
_CUSTODY = (*_HEADS, *_ADMIN)
_WITNESSES = (Role.INVIGILATOR, Role.ROVING, Role.CHIEF, Role.DEPUTY)
_IN_ROOM = (*_HEADS, Role.INVIGILATOR)
SECOND_ROLES: dict[Action, tuple[Role, ...]] = {
    Action.ARM_RELEASE: _ADMIN,
    Action.LIFT_FREEZE: _CUSTODY,
    Action.LIFT_FREEZE_TOGETHER: (Role.ZONE_DIRECTOR,),
    Action.APPROVE_RESERVE: (Role.CHIEF,),
    Action.PUBLISH_NOTICE: (Role.CHIEF, Role.DEPUTY, Role.SYSADMIN),
    Action.IMPORT_SESSION_ORDER: _ADMIN,
    Action.WITNESS_SEAL: (Role.INVIGILATOR,),
    Action.ADMIT_IN_DOUBT: (Role.INVIGILATOR,),
    Action.SETTLE_DOUBT: (Role.INVIGILATOR,),
    Action.KEEP_ITEM: (*_HEADS, Role.INVIGILATOR),
    Action.RETURN_ITEM: (*_HEADS, Role.INVIGILATOR),
    Action.EXTEND_TIME_OFFLINE: _HEADS + _ADMIN,
    Action.FORCE_SUBMIT: _ADMIN,
    Action.REOPEN: _IN_ROOM,
    Action.EXIT_SPECIALLY: _IN_ROOM,
    Action.SEAL: _ADMIN,
    Action.SEAL_ANEW: _ADMIN,
    Action.UPLOAD: _CUSTODY,
    Action.IMPORT_PLAN: _ADMIN,
    Action.OPEN_RECEIPT: _HEADS,
    Action.IMPORT: _HEADS,
    Action.FETCH_PACKAGES: _HEADS,
    Action.CLOSE_RECEIPT: _HEADS,
    Action.WIPE: _HEADS,
    Action.SEAL_VENUE: (Role.CHIEF,),
    Action.ISSUE_CODE: _CUSTODY,
    Action.ADD_PERSON: _HEADS,
    Action.DISABLE_ACCOUNT: _CUSTODY,
    Action.ENABLE_ACCOUNT: _HEADS,
    Action.RESET_TOTP: _HEADS,
    Action.DRAW_ROOMS: _CUSTODY,
    Action.ASSIGN_ROOM: _CUSTODY,
    Action.DELEGATE: (*_CUSTODY, Role.ZONE_DIRECTOR),
    Action.SWAP_STATION: _ADMIN,
    Action.DECIDE_BRANCH: _ADMIN,
    Action.IMPORT_JOURNAL: _HEADS,
    Action.EXPORT_BUNDLE: _CUSTODY,
    Action.HAND_OVER_BUNDLES: _CUSTODY,
    Action.OVERRIDE_DUTY: _ADMIN,
    Action.TAKE_ITEM: _WITNESSES,
    Action.RETURN_EVIDENCE: _WITNESSES,
    Action.NOTE_REFUSAL: _WITNESSES,
    Action.TERMINATE_SITTING: (Role.INVIGILATOR,),
    Action.ENTER_SCORES: _HEADS,
    Action.SET_HOLD: _ADMIN,
    Action.DESTROY_KEPT: _ADMIN,
}


SIGNED_BEFORE = frozenset({Action.IMPORT, Action.FETCH_PACKAGES, Action.UPLOAD})
"""Whoever opened the receipt or sealed has signed: asked for only where they may not check now."""


class SecondProblem(StrEnum):
    NOBODY = "NOBODY"
    NO_PASSWORD = "NO_PASSWORD"  # noqa: S105  # a name, not a secret
    SAME_PERSON = "SAME_PERSON"


def needs_second(action: Action) -> bool:
    """Is a second signature asked for at once?"""
    return action in SECOND_ROLES and action not in SIGNED_BEFORE


def to_sign_now(answer: Answer) -> bool:
    """Must a second person sign after all, because who signed before may not check any more?"""
    return isinstance(answer, Refused) and answer.code is RefusalCode.SIGNER_GONE


def second(
    first: SignedIn, person_id: str, password: str, totp: str = ""
) -> Second | SecondProblem:
    """The second signature as sent, or what is plainly wrong with it before it is sent."""
    person = person_id.strip()
    if not person:
        return SecondProblem.NOBODY
    if person == first.person_id:
        return SecondProblem.SAME_PERSON
    if not password:
        return SecondProblem.NO_PASSWORD
    return Second(person, password, totp.strip())
