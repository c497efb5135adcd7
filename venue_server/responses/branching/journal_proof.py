"""What of a copied journal is proved to be its station's own, and what only says so (F4, F25).

Pure. The hash chain of a sitting has no secret, and the keys of a journal go with its copy: whoever
carries the medium can write records that open. The station's signed statement is what they cannot
make (``wire/station_export.py``). It proves, of what is still readable,

* everything, when every file of the sitting is as it was signed;
* else each entry whose hash it names, and by the chain every entry before one that is proved.

A medium that rots and one that was altered look alike to a digest and are told apart here. Rot
makes records that do not open: AES-GCM leaves no chance of another one that does. A record that
opens and that the station did not vouch for was written by somebody who had the key. So rot costs
the entries it lies in and nothing else, and what is not proved is never taken for what is.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from venue_server.responses.branching.station_folder_io import CopiedJournal
from venue_server.stations.store import Enrolled
from venue_server.wire.chain import ResponseEntry, entry_hash, follows, genesis
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_export import ReadExport, journal_name, key_name


class Proof(StrEnum):
    """What the statement beside a journal is worth."""

    SIGNED = "SIGNED"  # by a station of the roster at which this candidate sits or sat
    REVOKED = "REVOKED"  # the same, but that station was taken off the roster since
    UNSIGNED = "UNSIGNED"  # a bare disk, or an export without an identity or an end
    ALTERED = "ALTERED"  # signed, and somebody wrote into it since
    OTHER_STATION = "OTHER_STATION"  # signed by a station at which this candidate never sat
    UNKNOWN_SIGNER = "UNKNOWN_SIGNER"  # signed by nobody of this venue
    BAD_SIGNATURE = "BAD_SIGNATURE"  # the statement is no statement, or its signature does not fit


CODES = {
    Proof.REVOKED: RefusalCode.JOURNAL_SIGNER_REVOKED,
    Proof.UNSIGNED: RefusalCode.JOURNAL_UNSIGNED,
    Proof.ALTERED: RefusalCode.JOURNAL_ALTERED,
    Proof.OTHER_STATION: RefusalCode.JOURNAL_OTHER_STATION,
    Proof.UNKNOWN_SIGNER: RefusalCode.JOURNAL_SIGNER_UNKNOWN,
    Proof.BAD_SIGNATURE: RefusalCode.JOURNAL_SIGNATURE_BAD,
}
"""What is said where something of a journal is not taken in."""
NOTHING_PROVED = frozenset({Proof.OTHER_STATION, Proof.UNKNOWN_SIGNER, Proof.BAD_SIGNATURE})
CONTRADICTED = NOTHING_PROVED | {Proof.ALTERED}
"""Accepting what is not proved does not cover these: they say one thing and hold another."""


@dataclass(frozen=True)
class Proved:
    """``chain`` and ``rest`` may go the way of a station's own answers; of a bare disk they are
    what it says. ``unproved`` may not, with their hashes as they really are. ``intact``: every file
    as it was signed, none missing. ``last_seq``: where the signed chain ends (0: nobody signed it).
    ``revoked``: whoever signed is on the roster no more."""

    proof: Proof
    signed_by: str = ""
    chain: tuple[ResponseEntry, ...] = ()
    rest: tuple[ResponseEntry, ...] = ()
    unproved: tuple[ResponseEntry, ...] = ()
    intact: bool = False
    last_seq: int = 0
    revoked: bool = False


def prove(
    journal: CopiedJournal, signer: Enrolled | None, theirs: bool, accepted: Set[str] = frozenset()
) -> Proved:
    """``signer`` is whose the statement's certificate is, on the roster or once on it; ``theirs``:
    the candidate sits or sat at that machine; ``accepted``: hashes of the server's own chain of the
    sitting, which need no proof."""
    match journal.statement:
        case None | ReadExport(cert_sha256=""):
            return Proved(Proof.UNSIGNED, chain=journal.entries, rest=journal.rest)
        case Refusal():
            return _nothing(Proof.BAD_SIGNATURE, journal, "")
        case ReadExport() as statement:
            pass
    if signer is None or signer.machine.kind != "station":
        return _nothing(Proof.UNKNOWN_SIGNER, journal, "")
    machine_id = signer.machine.machine_id
    if statement.said.machine_id != machine_id:
        return _nothing(Proof.BAD_SIGNATURE, journal, machine_id)
    if not theirs:
        return _nothing(Proof.OTHER_STATION, journal, machine_id)
    return _split(journal, statement, signer, accepted)


def _nothing(proof: Proof, journal: CopiedJournal, signed_by: str) -> Proved:
    unproved = tuple(map(_as_it_is, (*journal.entries, *journal.rest)))
    return Proved(proof, signed_by, unproved=unproved)


def _split(
    journal: CopiedJournal, statement: ReadExport, signer: Enrolled, accepted: Set[str]
) -> Proved:
    sitting = statement.sitting(journal.folder)
    intact = _is_intact(journal, statement)
    every = (*journal.entries, *journal.rest)
    named = set(accepted) | (sitting.signed_hashes() if sitting else set())
    proved = list(every) if intact else _vouched(every, named)
    own = {id(each) for each in proved}
    chain, rest = _chained(proved, journal.sitting_id)
    unproved = tuple(_as_it_is(each) for each in every if id(each) not in own)
    revoked = signer.revoked_at_ms != 0
    proof = Proof.ALTERED if unproved else Proof.REVOKED if revoked else Proof.SIGNED
    return Proved(
        proof,
        signer.machine.machine_id,
        chain,
        rest,
        unproved,
        intact,
        sitting.seq if sitting else 0,
        revoked,
    )


def _is_intact(journal: CopiedJournal, statement: ReadExport) -> bool:
    """Is every file of this sitting as it was signed, none missing, none added?"""
    name = journal.folder
    key, below = key_name(name), journal_name(name, "")
    signed = {e.name: e for e in statement.said.files if e.name == key or e.name.startswith(below)}
    return bool(signed) and signed == {each.name: each for each in journal.files}


def _vouched(entries: Sequence[ResponseEntry], named: set[str]) -> list[ResponseEntry]:
    """The entries whose hash is named, and by the chain those that such an entry follows; in the
    order they came."""
    found = set()
    for each in sorted(entries, key=lambda entry: entry.seq, reverse=True):
        if each.hash in named and each.hash == entry_hash(each):
            named.add(each.prev)
            found.add(id(each))
    return [each for each in entries if id(each) in found]


def _chained(
    proved: Sequence[ResponseEntry], sitting_id: str
) -> tuple[tuple[ResponseEntry, ...], tuple[ResponseEntry, ...]]:
    """The unbroken chain from the first entry on, and the others. Made anew: what somebody added
    may have stood before what is proved."""
    at: dict[tuple[int, str], ResponseEntry] = {}
    for each in proved:
        at.setdefault((each.seq, each.prev), each)
    chain: list[ResponseEntry] = []
    seq, head = 0, genesis(sitting_id)
    while (entry := at.get((seq + 1, head))) is not None and follows(entry, seq, head):
        chain.append(entry)
        seq, head = entry.seq, entry.hash
    own = {id(each) for each in chain}
    others = [each for each in proved if id(each) not in own]
    return tuple(chain), tuple(sorted(others, key=lambda each: (each.seq, each.hash)))


def _as_it_is(entry: ResponseEntry) -> ResponseEntry:
    """With the hash it really has: one that lies would pass for the entry it names."""
    return msgspec.structs.replace(entry, hash=entry_hash(entry))
