"""Headquarters signs a venue's plan: every rule first, then the seal, then the signatures (C06)."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.sitting.plan import PLAN_TYPE
from venue_server.sitting.plan_destination import destination_problems
from venue_server.sitting.plan_personal import is_sealed, seal_personal
from venue_server.sitting.plan_reading import shaped_plan
from venue_server.sitting.plan_rules import plan_problems
from venue_server.wire.canonical import canonical
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import sign


def seal_plan(
    payload: Mapping[str, Any], signers: list[Ed25519PrivateKey], venue_public: bytes | None
) -> bytes | list[str]:
    """The signed document, or every reason why not, each as ``place: what``.

    ``venue_public`` is the venue's raw HPKE key, to which the personal data is sealed; without it
    the plan stays in clear, which no LIVE plan may. Raises HpkeError on a malformed key.
    """
    problems = _problems(payload, len({each.private_bytes_raw() for each in signers}))
    if not problems and payload["mode"] == Mode.LIVE and venue_public is None:
        problems = ["personal: a LIVE plan must be sealed to its venue (--venue)"]
    if problems:
        return problems
    whole = dict(payload)
    return canonical(sign(seal_personal(whole, venue_public) if venue_public else whole, signers))


def _problems(payload: Mapping[str, Any], signers: int) -> list[str]:
    if is_sealed(payload):
        return ["personal: sealed already; give the plan in clear"]
    if payload.get("type") != PLAN_TYPE:
        return [f"type: must be {PLAN_TYPE}"]
    if not str(payload.get("version", "")).startswith("1."):
        return ["version: must be 1.0 or 1.1"]
    if signers < 2:
        return ["signatures: two different keys must sign"]
    plan = shaped_plan(payload)
    if isinstance(plan, Refusal):
        return [plan.detail]
    return plan_problems(plan) + destination_problems(plan)
