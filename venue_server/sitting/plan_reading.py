"""From the bytes of a signed plan to a plan this venue may use (C06, E07, G03, O08). Pure."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.sitting.plan import PLAN_TYPE, Plan
from venue_server.sitting.plan_personal import is_sealed, open_personal
from venue_server.sitting.plan_rules import plan_problems
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import signed_payload


class PlanFault(Exception):
    """A plan that was accepted once cannot be read any more: this venue's key is another one."""


def shaped_plan(payload: Mapping[str, Any]) -> Plan | Refusal:
    """Payload with its personal data in place to a Plan; DOC-06 when its shape is wrong."""
    try:
        return msgspec.convert(payload, Plan)
    except msgspec.ValidationError as error:
        return Refusal(RefusalCode.PLAN_INVALID, str(error))


def read_plan(payload: Mapping[str, Any]) -> Plan | Refusal:
    """As shaped_plan, and it obeys every rule; DOC-06 names the first one it breaks."""
    plan = shaped_plan(payload)
    if isinstance(plan, Refusal):
        return plan
    problems = plan_problems(plan)
    return Refusal(RefusalCode.PLAN_INVALID, problems[0]) if problems else plan


def checked_plan(
    document: bytes,
    keys: Mapping[str, Ed25519PublicKey],
    threshold: int,
    venue_id: str,
    allowed_mode: Mode,
    key: HpkePrivate | None = None,
) -> Plan | Refusal:
    """A new document to a plan this venue may use, or why not. ``key`` opens its personal part."""
    payload = signed_payload(document, PLAN_TYPE, keys, threshold)
    if isinstance(payload, Refusal):
        return payload
    refusal = _not_ours(payload, venue_id, allowed_mode)
    if refusal is not None:
        return refusal
    whole = open_personal(payload, key)
    plan = whole if isinstance(whole, Refusal) else read_plan(whole)
    if isinstance(plan, Plan) and plan.mode is Mode.LIVE and not is_sealed(payload):
        return Refusal(RefusalCode.PLAN_IN_CLEAR)
    return plan


def _not_ours(payload: Mapping[str, Any], venue_id: str, allowed_mode: Mode) -> Refusal | None:
    """Asked before its seal is opened: another venue's plan is not a damaged one."""
    found, mode = payload.get("venue_id"), payload.get("mode")
    if found != venue_id:
        return Refusal(RefusalCode.PLAN_WRONG_VENUE, str(found))
    if mode in list(Mode) and mode != allowed_mode:
        return Refusal(RefusalCode.MODE_MISMATCH, str(mode))
    return None


def kept_plan(document: str, key: HpkePrivate | None) -> Plan:
    """A document accepted earlier, at every start; raises PlanFault."""
    payload = open_personal(json.loads(document)["payload"], key)
    if isinstance(payload, Refusal):
        raise PlanFault(payload.text("en"))
    return msgspec.convert(payload, Plan)
