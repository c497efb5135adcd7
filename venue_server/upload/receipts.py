"""Headquarters' receipt, compared with what was sealed (L08, L11). Pure rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.upload.extract import SittingHead
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import signed_payload

RECEIPT_TYPE = "kaodian.receipt"


def receipt_payload(
    bundle_id: str, sha256: str, sittings: Sequence[SittingHead], received_at_ms: int
) -> dict[str, Any]:
    """What headquarters signs when a bundle arrived, opened and verified."""
    return {
        "type": RECEIPT_TYPE,
        "version": "1.0",
        "bundle_id": bundle_id,
        "bundle_sha256": sha256,
        "received_at_ms": received_at_ms,
        "sittings": [
            {"sitting_id": one.sitting_id, "seq": one.seq, "head": one.head} for one in sittings
        ],
    }


def check_receipt(
    raw: bytes,
    keys: Mapping[str, Ed25519PublicKey],
    threshold: int,
    bundle_id: str,
    sha256: str,
    sittings: Sequence[SittingHead],
) -> dict[str, Any] | Refusal:
    """The payload of a receipt that confirms exactly this bundle and every sitting in it.

    RECEIPT_MISMATCH names the first difference; a bad signature is SIGNATURE_INVALID.
    """
    payload = signed_payload(raw, RECEIPT_TYPE, keys, threshold)
    if isinstance(payload, Refusal):
        return payload
    problem = _difference(payload, bundle_id, sha256, sittings)
    return Refusal(RefusalCode.RECEIPT_MISMATCH, problem) if problem else payload


def _difference(
    payload: Mapping[str, Any], bundle_id: str, sha256: str, sittings: Sequence[SittingHead]
) -> str:
    if payload.get("bundle_id") != bundle_id:
        return "bundle_id"
    if payload.get("bundle_sha256") != sha256:
        return "bundle_sha256"
    listed = payload.get("sittings")
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        return "sittings"
    if len(listed) != len(sittings):
        return f"{len(listed)}/{len(sittings)}"
    confirmed = {row.get("sitting_id"): (row.get("seq"), row.get("head")) for row in listed}
    for one in sittings:
        if confirmed.get(one.sitting_id) != (one.seq, one.head):
            return one.sitting_id
    return ""
