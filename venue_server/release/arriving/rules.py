"""The signed list of documents, and when to ask for it (docs/headquarters-line.md). Pure.

``kaodian.documents`` only ever grows: its documents stand in the order in which headquarters issued
them, each by its digest. So a list that is shorter than what is known, or says otherwise, is an old
or a false one, and changes nothing.
"""

import re
from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import read_signed

TYPE, VERSION = "kaodian.documents", "1.0"
MAX_DOCUMENT = 1024 * 1024
"""Bytes of one document; a longer one comes by hand."""
_DIGEST = re.compile(r"[0-9a-f]{64}")

NEAR_S, FAR_S, LONGEST_S = 15.0, 300.0, 600.0
NEAR_BEFORE_MS = 2 * 3_600_000
SHORTEST_S = 0.5


class Listed(msgspec.Struct, frozen=True):
    """One document: SHA-256 in hex, and bytes."""

    sha256: str
    size: int


class DocumentList(msgspec.Struct, frozen=True):
    """Payload of the signed list of one venue."""

    type: str
    version: str
    venue_id: str
    documents: list[Listed]


def read_list(
    data: bytes, keys: Mapping[str, Ed25519PublicKey], threshold: int, venue_id: str
) -> DocumentList | Refusal:
    """A verified list for this venue. Refusals: DOC-01…DOC-04, DOC-05 for another venue."""
    found = read_signed(data, TYPE, DocumentList, keys, threshold)
    if isinstance(found, Refusal):
        return found
    if found.venue_id != venue_id:
        return Refusal(RefusalCode.PLAN_WRONG_VENUE, found.venue_id)
    digests = [each.sha256 for each in found.documents]
    if len(set(digests)) < len(digests) or not all(map(_DIGEST.fullmatch, digests)):
        return Refusal(RefusalCode.DOCUMENT_MALFORMED, TYPE)
    return found


def judge_list(new: DocumentList, known: Mapping[int, str], length: int) -> Refusal | None:
    """May this list be followed? ``known``: digests of what came, by place from 1; ``length``: of
    the longest list that was followed. DOC-10: it is older than that, or says otherwise."""
    if len(new.documents) < max(length, *known, 0):
        return Refusal(RefusalCode.LIST_OLDER, str(len(new.documents)))
    other = [at for at, digest in known.items() if new.documents[at - 1].sha256 != digest]
    return Refusal(RefusalCode.LIST_OLDER, f"{TYPE} {min(other)}") if other else None


def pause_s(near: bool, faults: int, asked_s: float | None, jitter: float) -> float:
    """Real seconds from one question to the next. ``near``: a session of today is near or runs;
    ``faults`` in a row; ``asked_s``: Retry-After of a headquarters that has too much to do;
    ``jitter`` from 0 to 1. Twice as long after every fault, never longer than ten minutes."""
    plain = NEAR_S if near else FAR_S
    longest = FAR_S if near else LONGEST_S
    backed_off = min(longest, plain * 2.0 ** min(faults, 16))
    asked = min(asked_s, longest) if asked_s is not None else 0.0
    return max(backed_off, asked) * (1 + jitter / 2)
