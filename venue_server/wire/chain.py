"""The hash chain of one sitting's answers, the same at the station, the server and headquarters.

``hash = SHA-256(canonical(entry without its hash))`` where the entry names ``prev``; the first
entry's ``prev`` is :func:`genesis`. The head after the last entry is the hand-in receipt (G11,
L02; receipt_code.py).
"""

from typing import Annotated

import msgspec

from venue_server.wire.canonical import SAFE, canonical, sha256_hex

Exact = Annotated[int, msgspec.Meta(gt=-SAFE, lt=SAFE)]
"""A number that has a canonical form; no entry that was read has another (RFC 8785, 3.2.2.3)."""


class ResponseEntry(msgspec.Struct, frozen=True):
    """One recorded act of a candidate.

    ``kind`` is ``open`` (paper opened), ``response`` (an item's whole answer, replacing the one
    before), ``visit``, ``flag`` (values {"flag": ["true"]}), ``highlight`` (values {"highlight":
    ["start-end", …]}: all marks in the item's text, H05), ``notice`` (values {"notice": [number]}:
    a correction was read, F14) or ``submit``. ``values`` maps a QTI response identifier to its
    values under canonical ids; ``displayed`` maps it to the option ids in the order shown (D15,
    Y03). In an ``open`` entry ``values`` states what kind of value each answer is
    (:mod:`.declared`), and ``displayed`` maps a section id to its item ids in this candidate's own
    order, for each section that has one. ``at_ms`` is exam time, milliseconds since the epoch, UTC.
    """

    sitting_id: str
    seq: Exact
    kind: str
    item_id: str
    values: dict[str, list[str]]
    displayed: dict[str, list[str]]
    at_ms: Exact
    prev: str
    hash: str = ""


def genesis(sitting_id: str) -> str:
    """The ``prev`` of the first entry of a sitting."""
    return sha256_hex(b"kaodian sitting\0" + sitting_id.encode())


class _Body(msgspec.Struct, frozen=True, gc=False):
    """An entry without its hash; the fields are in the order of canonical JSON, by name."""

    at_ms: int
    displayed: dict[str, list[str]]
    item_id: str
    kind: str
    prev: str
    seq: int
    sitting_id: str
    values: dict[str, list[str]]


_sorted_keys = msgspec.json.Encoder(order="deterministic")


def entry_hash(entry: ResponseEntry) -> str:
    """The hash that an entry must carry.

    Every answer is hashed at the station and at the server. Its form is known, so there is nothing
    to look through but what RFC 8785 writes or sorts by rules of its own (P3).
    """
    body = _Body(
        entry.at_ms,
        entry.displayed,
        entry.item_id,
        entry.kind,
        entry.prev,
        entry.seq,
        entry.sitting_id,
        entry.values,
    )
    keys = (*entry.displayed, *entry.values)
    if -SAFE < entry.at_ms < SAFE and -SAFE < entry.seq < SAFE and all(map(str.isascii, keys)):
        try:
            return sha256_hex(_sorted_keys.encode(body))
        except UnicodeEncodeError:
            pass  # half a character: rfc8785 says so in its own words
    return sha256_hex(canonical(msgspec.structs.asdict(body)))


def seal_entry(entry: ResponseEntry) -> ResponseEntry:
    """Return the entry with its hash filled in."""
    return msgspec.structs.replace(entry, hash=entry_hash(entry))


def follows(entry: ResponseEntry, seq: int, head: str) -> bool:
    """True when ``entry`` is the valid next entry after (``seq``, ``head``)."""
    return entry.seq == seq + 1 and entry.prev == head and entry.hash == entry_hash(entry)
