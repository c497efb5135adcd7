"""Has a session come home? What wiping, the close check and the truth about answers ask, answered
from what is stored and never from a state column (L08, L09, L11).

A signed receipt that confirms exactly the sealed bundle says so. Other proofs (a signed hand-over
record that names the bundle) join as functions of their own: ``proofs``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.upload.receipts import check_receipt
from venue_server.upload.store import BundleRow, earlier_versions, read_bundle
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.refusals import Refusal


class Way(StrEnum):
    """How a bundle came home."""

    RECEIPT = "receipt"
    HAND_OVER = "hand-over"


@dataclass(frozen=True)
class Delivered:
    """``proof_sha256`` is the SHA-256 of the stored receipt or hand-over record; ``confirmed`` the
    last sequence of each sitting that it vouches for."""

    way: Way
    proof_sha256: str
    confirmed: Mapping[str, int]


@dataclass(frozen=True)
class Trusted:
    """Headquarters' keys, and how many of them must have signed."""

    keys: Mapping[str, Ed25519PublicKey]
    threshold: int


Proof = Callable[[Connection, BundleRow], Delivered | None]
"""Reads one other kind of proof that exactly this bundle came home."""


def delivered(
    tx: Connection, session_id: str, trusted: Trusted, proofs: Sequence[Proof] = ()
) -> Delivered | Refusal | None:
    """What proves that the sealed bundle of a session came home; None when nothing does yet. A
    stored receipt that does not hold is a refusal that says why, whatever else there is."""
    row = read_bundle(tx, session_id)
    if row is None:
        return None
    if row.receipt is not None:
        return _by_receipt(row, row.receipt, trusted)
    found = (proof(tx, row) for proof in proofs)
    return next((each for each in found if each is not None), None)


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
    return Delivered(Way.RECEIPT, sha256_hex(receipt.encode()), sequences(row))


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
