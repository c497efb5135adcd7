"""What is held in memory of one sitting's answers: the ends of its chain, and its newest hashes."""

from dataclasses import dataclass, field

from venue_server.responses.acceptance import Head

KEPT = 64
"""Hashes of the newest answers of a sitting in memory: as many as a station sends at a time."""


@dataclass
class HeldChain:
    """The chain as accepted (``head``, ``known``) and as durable on both copies (``durable``).

    ``known`` begins after ``known_after``, a little behind the end: what is older, or was stored
    before a restart, is read only when a station repeats it. So a thousand stations come back at
    once (P9), and a sitting costs the same memory after ten answers and after ten thousand.
    """

    session_id: str
    head: Head
    durable: Head
    known_after: int
    known: dict[int, str] = field(default_factory=dict)


def shorten(sitting: HeldChain) -> None:
    """Keep the newest hashes; never drop one that is not durable yet."""
    if len(sitting.known) > 2 * KEPT:
        upto = sitting.durable.seq - KEPT
        sitting.known = {seq: digest for seq, digest in sitting.known.items() if seq > upto}
        sitting.known_after = max(sitting.known_after, upto)
