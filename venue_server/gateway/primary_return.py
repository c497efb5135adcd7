"""Is the store that lies at the primary's place again the one that went away (R3)?

A disk that was pulled and plugged in again has another device number, and so have another venue's
disk, an older copy of this one, and an empty mount point. Only the first may be taken back. What
tells it from the others is what this server knows: its own key, the last entry of the ledger's hash
chain, and the last acknowledged answer of every chain it holds. Looks only; changes nothing but the
probe's own file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec import MsgspecError

from venue_server.ledger.book import hash_at
from venue_server.responses.acceptance import Head
from venue_server.responses.store import hashes_of
from venue_server.settings import load_settings
from venue_server.storage.engine import StoreDamagedError
from venue_server.storage.primary import PROBE, write_probe
from venue_server.storage.reading import reading
from venue_server.venue_keys import VenueKeys
from venue_server.wire.refusals import Refusal, RefusalCode

Ends = dict[str, Head]
"""Sitting to the end of its chain that was acknowledged."""


@dataclass(frozen=True)
class Known:
    """What the running server knows of its store. ``public`` is the venue's Ed25519 key, raw;
    ``entries`` and ``head`` are the ledger's end as committed."""

    venue_id: str
    public: bytes
    entries: int
    head: str
    ends: Ends


@dataclass(frozen=True)
class Found:
    """``behind``: chains whose acknowledged end only the second copy has; the start gives the
    primary what it lacks."""

    refusal: Refusal | None
    behind: int = 0


def look(
    data: Path, store: Path, known: Known, in_second: Callable[[Ends], set[str]]
) -> Found | None:
    """None: no store is there (yet). ``in_second`` names those chains whose end the second copy
    has. Blocking, for a thread of its own."""
    if not store.exists():
        return None
    try:
        if _foreign(data, known):
            return Found(Refusal(RefusalCode.STORE_FOREIGN, str(data)))
        found = _compare(store, known, in_second)
        if found.refusal is None:
            write_probe(data / "run" / PROBE)
    except (OSError, ValueError, MsgspecError, StoreDamagedError) as error:
        return Found(Refusal(RefusalCode.STORE_UNREADABLE, str(error)))
    return found


def _foreign(data: Path, known: Known) -> bool:
    keys = VenueKeys.load(data / "keys").signing.public_key().public_bytes_raw()
    return (load_settings(data).venue_id, keys) != (known.venue_id, known.public)


def _compare(store: Path, known: Known, in_second: Callable[[Ends], set[str]]) -> Found:
    with reading(store) as tx:
        there = hash_at(tx, known.entries)
        if there != known.head:
            older = there is None
            code = RefusalCode.STORE_OLDER if older else RefusalCode.STORE_FOREIGN
            return Found(Refusal(code, f"#{known.entries}"))
        lacking = {
            sitting_id: end
            for sitting_id, end in known.ends.items()
            if hashes_of(tx, sitting_id, end.seq, end.seq).get(end.seq) != end.hash
        }
    nowhere = sorted(lacking.keys() - in_second(lacking)) if lacking else []
    if nowhere:
        return Found(Refusal(RefusalCode.STORE_OLDER, nowhere[0]))
    return Found(None, len(lacking))
