"""Has a session come home? What wiping, the close check and the truth about answers ask, answered
from what is stored and never from a state column (L08, L09, L11).

A signed receipt that confirms exactly the sealed bundle says so, whichever way it travelled, and
nothing else does (docs/decisions/0041-bundles-by-hand.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.upload.receipts import check_receipt
from venue_server.upload.store import BundleRow, earlier_versions, read_bundle
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.refusals import Refusal


@dataclass(frozen=True)
class Delivered:
    """``proof_sha256`` is the SHA-256 of the stored receipt; ``confirmed`` the last sequence of
    each sitting that it vouches for."""

    proof_sha256: str
    confirmed: Mapping[str, int]


@dataclass(frozen=True)
class Trusted:
    """Headquarters' keys, and how many of them must have signed."""

    keys: Mapping[str, Ed25519PublicKey]
    threshold: int


def delivered(tx: Connection, session_id: str, trusted: Trusted) -> Delivered | Refusal | None:
    """What proves that the sealed bundle of a session came home; None when nothing does yet. A
    stored receipt that does not hold is a refusal that says why."""
    row = read_bundle(tx, session_id)
    if row is None or row.receipt is None:
        return None
    return _by_receipt(row, row.receipt, trusted)


def _by_receipt(row: BundleRow, receipt: str, trusted: Trusted) -> Delivered | Refusal:
    bundle = row.bundle
    checked = check_receipt(
        receipt.encode(),
        trusted.keys,
        trusted.threshold,
        bundle.bundle_id,
        bundle.sha256,
        bundle.sittings,
    )
    if isinstance(checked, Refusal):
        return checked
    return Delivered(sha256_hex(receipt.encode()), sequences(row))


def sequences(row: BundleRow) -> dict[str, int]:
    """The last sequence of each sitting in a sealed bundle."""
    return {one.sitting_id: one.seq for one in row.bundle.sittings}


def confirmed_before(tx: Connection, session_id: str) -> dict[str, int]:
    """The last sequence of each sitting that an earlier version brought home; its receipt was
    checked before anything could be sealed anew (L03)."""
    found: dict[str, int] = {}
    for version in earlier_versions(tx, session_id):
        for one in version.sittings:
            found[one.sitting_id] = max(found.get(one.sitting_id, 0), one.seq)
    return found
