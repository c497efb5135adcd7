"""Which entries of a batch are new: a pure rule over the chain (L02, F13).

Saves are idempotent by (sitting, sequence). What was already accepted is acknowledged again, what
continues the chain is accepted, a hole is asked for, and what contradicts the chain is kept aside.
"""

from dataclasses import dataclass
from typing import NamedTuple

from venue_server.wire.chain import ResponseEntry, follows
from venue_server.wire.refusals import Refusal, RefusalCode

MAX_BATCH = 500


class Head(NamedTuple):
    """The end of a sitting's accepted chain, with the hash of each accepted entry by sequence."""

    seq: int
    hash: str


class Verdict(NamedTuple):
    """``new`` continues the chain up to ``head``; ``strays`` do not fit, for ``refusal``."""

    new: list[ResponseEntry]
    head: Head
    strays: list[ResponseEntry]
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Accepted:
    """What became durable, a refusal for what did not fit, and how much of that is kept aside now
    that was not before."""

    head: Head
    refusal: Refusal | None = None
    aside: int = 0


def accept(
    sitting_id: str,
    head: Head,
    known: dict[int, str],
    entries: list[ResponseEntry],
    last_ms: int | None,
    first_ms: int = 0,
) -> Verdict:
    """Judge a batch against the accepted chain.

    ``known`` maps every accepted sequence to its hash. ``last_ms`` is the latest exam time an
    answer may carry (the personal end plus the clock's tolerance, G09); the closing ``submit``
    entry may come after it. None takes nothing new, not even that: the machine is not the
    sitting's own, the exam has not begun, or the hand-in was accepted. ``first_ms`` is the earliest
    exam time any entry may carry (the effective start less the clock's tolerance, G12).
    """
    if len(entries) > MAX_BATCH:
        return Verdict([], head, [], Refusal(RefusalCode.TOO_MANY))
    new: list[ResponseEntry] = []
    for place, entry in enumerate(entries):
        if entry.sitting_id == sitting_id and known.get(entry.seq) == entry.hash:
            continue
        if entry.seq > head.seq + 1:
            return Verdict(new, head, [], Refusal(RefusalCode.SAVE_GAP, str(head.seq)))
        if entry.sitting_id != sitting_id or not follows(entry, head.seq, head.hash):
            refusal = Refusal(RefusalCode.CHAIN_BROKEN, str(entry.seq))
            return Verdict(new, head, entries[place:], refusal)
        if entry.at_ms < first_ms:
            refusal = Refusal(RefusalCode.NOT_STARTED, str(entry.seq))
            return Verdict(new, head, entries[place:], refusal)
        if last_ms is None or (entry.at_ms > last_ms and entry.kind != "submit"):
            refusal = Refusal(RefusalCode.SITTING_ENDED, str(entry.seq))
            return Verdict(new, head, entries[place:], refusal)
        new.append(entry)
        head = Head(entry.seq, entry.hash)
    return Verdict(new, head, [])
