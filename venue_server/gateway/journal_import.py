"""Taking in the journals of a station that does not come back (L02, [P-29], F4, F25).

What the station's signature proves goes by the same rule as for a revived machine: what continues
the chain is merged by sequence while the sitting is open, the rest is kept aside and judged as a
branch. What no station signed goes that way only when two people accept it; what contradicts a
signature is kept aside under a name that no rule merges (``journal_proof.py``).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.sitting_view import answers_from_ms
from venue_server.gateway.stranded_answers import CLOSED
from venue_server.gateway.swap_desk import SwapDesk
from venue_server.gateway.swap_keeper import SwapKeeper
from venue_server.intake.custody.media_io import medium_of
from venue_server.intake.custody.service import Custody
from venue_server.ledger.catalogue import Event
from venue_server.responses.branching.journal_proof import (
    CODES,
    CONTRADICTED,
    NOTHING_PROVED,
    Proof,
    Proved,
    prove,
)
from venue_server.responses.branching.station_folder_io import CopiedJournal, copied_journals
from venue_server.sitting.rows import Sitting
from venue_server.stations.store import Machine
from venue_server.storage.media_lanes import on_medium
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import folder_name
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_export import ReadExport
from venue_server.wire.swap_orders import UNPROVED

BATCH = 200


@dataclass(frozen=True)
class Taken:
    """What became of one journal. ``gap_from`` to ``gap_to``: entries that the server has and this
    journal lacks (0: none), the exact difference of the two; ``lost`` names those that nobody has,
    before others that this journal still gave, or up to the end that the station signed (F25).

    ``proof`` is a :class:`Proof`; ``signed_by`` the machine whose key signed; ``intact``: every
    file as it was signed; ``unfinished``: an export without its end. ``unproved`` counts entries
    kept aside because nothing proves them, and ``code`` is the refusal that says why."""

    sitting_id: str
    machine_id: str
    verdict: str  # TAKEN, REFUSED, FOREIGN, CLOSED or UNREADABLE
    journal_seq: int = 0
    server_seq: int = 0
    now_seq: int = 0
    kept_aside: int = 0
    gap_from: int = 0
    gap_to: int = 0
    torn_bytes: int = 0
    damaged: bool = False
    lost: str = ""
    proof: str = ""
    signed_by: str = ""
    signed_seq: int = 0
    intact: bool = False
    unfinished: bool = False
    unproved: int = 0
    code: str = ""


class JournalImport:
    """One for the venue."""

    def __init__(self, parts: DeskParts, custody: Custody, keeper: SwapKeeper) -> None:
        self._parts = parts
        self._custody = custody
        self._keeper = keeper
        self._desk = SwapDesk(parts)

    async def take_in(
        self, folder: Path, reason: str, first: str, second: str, accept_unproved: bool = False
    ) -> list[Taken] | Refusal:
        """Read every journal of the folder. ``accept_unproved``: both know that nothing proves
        whose they are, and say why they take them. Refusals: MED-*, SWP-05 no reason, SWP-09 none
        there."""
        if accept_unproved and not reason:
            return Refusal(RefusalCode.SWAP_REASON_MISSING)
        try:
            found = await on_medium(folder, medium_of, folder)
            no = await self._custody.may_read(found, first, self._parts.mode, bool(reason))
            if no is not None:
                return no
            journals = await on_medium(folder, copied_journals, folder, self._folders())
        except OSError as error:
            return Refusal(RefusalCode.JOURNAL_UNREADABLE, error.strerror or str(folder))
        if not journals:
            return Refusal(RefusalCode.JOURNAL_MISSING, str(folder))
        done = [await self._one(each, accept_unproved) for each in journals]
        for taken in done:
            await self._note(taken, folder, reason, f"{first},{second}")
        self._parts.hub.venue_changed()
        return done

    def _folders(self) -> dict[str, str]:
        """The name of every sitting's folder at a station, with the sitting."""
        sittings = self._parts.sittings
        every = [each for s in sittings.sessions() for each in sittings.sittings(s.session_id)]
        return {folder_name(each.sitting_id): each.sitting_id for each in every}

    async def _one(self, journal: CopiedJournal, accept_unproved: bool) -> Taken:
        parts = self._parts
        sitting = parts.sittings.sitting(journal.sitting_id)
        proved = self._proved(journal, sitting)
        machine_id = proved.signed_by or journal.machine_id
        taken = Taken(
            journal.sitting_id,
            machine_id,
            "UNREADABLE" if journal.unreadable else "FOREIGN",
            torn_bytes=journal.torn,
            damaged=journal.damaged or journal.unreadable,
            proof=proved.proof.value,
            signed_by=proved.signed_by,
            signed_seq=proved.last_seq,
            intact=proved.intact,
            unfinished=journal.unfinished,
        )
        if sitting is None:
            return taken
        if parts.sittings.session(sitting.session_id).state in CLOSED:
            return taken if journal.unreadable else replace(taken, verdict="CLOSED")
        if journal.unreadable:
            return await self._unreadable(sitting, proved, taken)
        if not accept_unproved and (proved.proof is Proof.UNSIGNED or proved.revoked):
            code = CODES[Proof.REVOKED if proved.revoked else Proof.UNSIGNED]
            return replace(taken, verdict="REFUSED", code=code.value)
        return await self._judged(sitting, proved, taken)

    def _proved(self, journal: CopiedJournal, sitting: Sitting | None) -> Proved:
        statement = journal.statement
        cert = statement.cert_sha256 if isinstance(statement, ReadExport) else ""
        signer = self._parts.enrolment.once_enrolled(cert) if cert else None
        theirs = sitting is None or signer is None or self._sat_there(sitting, signer.machine)
        every = [each.seq for each in (*journal.entries, *journal.rest)]
        accepted: set[str] = set()
        if sitting is not None and every:
            accepted = self._parts.branches.accepted(sitting.sitting_id, min(every), max(every))
        return prove(journal, signer, theirs, accepted)

    def _sat_there(self, sitting: Sitting, machine: Machine) -> bool:
        """Did the candidate ever sit at this machine, or at its place when it was another's?"""
        swaps = self._parts.swaps.of(sitting.sitting_id)
        machines = {sitting.machine_id, *(each.from_machine for each in swaps if each.held)}
        places = {(sitting.room_id, sitting.seat_no), *((e.room_id, e.to_seat) for e in swaps)}
        return machine.machine_id in machines or (machine.room_id, machine.seat_no) in places

    async def _unreadable(self, sitting: Sitting, proved: Proved, taken: Taken) -> Taken:
        """Nothing of it opens; what its station signed still says up to where it went."""
        head = await self._parts.responses.flushed(sitting.session_id, sitting.sitting_id)
        lost = _lost(head.seq, (), proved.last_seq)
        return replace(taken, server_seq=head.seq, now_seq=head.seq, lost=lost)

    async def _judged(self, sitting: Sitting, proved: Proved, taken: Taken) -> Taken:
        """Take what is proved, or accepted for what it is; keep aside what contradicts."""
        parts = self._parts
        machine_id = taken.machine_id or self._only_machine(sitting)
        session_id, sitting_id = sitting.session_id, sitting.sitting_id
        before = await parts.responses.flushed(session_id, sitting_id)
        sitting = await self._opened(sitting, machine_id, proved.chain)
        kept = await self._take(sitting, machine_id, proved)
        unproved = 0
        if proved.unproved:
            origin = f"{UNPROVED}{taken.machine_id}"
            unproved = await parts.branches.keep(sitting, origin, list(proved.unproved))
        after = await parts.responses.flushed(session_id, sitting_id)
        if after != before or kept or unproved:
            await self._keeper.backed_up_again(session_id)
        nothing, last = proved.proof in NOTHING_PROVED, len(proved.chain)
        gap = (last + 1, before.seq) if before.seq > last and not nothing else (0, 0)
        code = CODES.get(proved.proof) if proved.proof in CONTRADICTED else None
        return replace(
            taken,
            machine_id=machine_id,
            verdict="REFUSED" if nothing else "TAKEN",
            journal_seq=last,
            server_seq=before.seq,
            now_seq=after.seq,
            kept_aside=kept + unproved,
            gap_from=gap[0],
            gap_to=gap[1],
            lost=_lost(after.seq, (*proved.chain, *proved.rest), proved.last_seq),
            unproved=unproved,
            code=code.value if code else "",
        )

    async def _take(self, sitting: Sitting, machine_id: str, proved: Proved) -> int:
        entries, kept = list(proved.chain), 0
        for start in range(0, len(entries), BATCH):
            sitting = self._parts.sittings.sitting(sitting.sitting_id) or sitting
            kept += await self._desk.take(sitting, machine_id, entries[start : start + BATCH])
        if proved.rest:
            kept += await self._parts.branches.keep(sitting, machine_id, list(proved.rest))
        return kept

    def _only_machine(self, sitting: Sitting) -> str:
        """A copy that does not say whose it is can only be of the one machine there was."""
        return "" if self._parts.swaps.of(sitting.sitting_id) else sitting.machine_id

    async def _opened(
        self, sitting: Sitting, machine_id: str, chain: Sequence[ResponseEntry]
    ) -> Sitting:
        """A station cut off from before the start proves by its journal that the paper was open."""
        first = chain[0] if chain else None
        own = machine_id == sitting.machine_id != ""
        if first is None or not own or sitting.opened_at_ms is not None:
            return sitting
        if first.at_ms < answers_from_ms(self._parts, sitting):
            return sitting
        done = await self._parts.sittings.opened(sitting.sitting_id, first.at_ms)
        return sitting if isinstance(done, Refusal) else done

    async def _note(self, taken: Taken, folder: Path, reason: str, persons: str) -> None:
        sitting = self._parts.sittings.sitting(taken.sitting_id)
        where = {"session": sitting.session_id, "room": sitting.room_id} if sitting else {}
        seat = {"seat": sitting.seat_no} if sitting else {}
        facts = {name: value for name, value in asdict(taken).items() if name != "sitting_id"}
        known = {"sitting": taken.sitting_id} if sitting else {}
        events = [Event.JOURNAL_REFUSED] if taken.code else []
        if taken.verdict != "REFUSED":
            events.insert(0, Event.JOURNAL_IMPORTED)
        for event in events:
            await self._parts.ledger.note(
                event,
                persons,
                **where,
                **seat,
                **known,
                folder=str(folder),
                reason=reason,
                **facts,
            )


def _lost(here: int, had: Sequence[ResponseEntry], upto: int) -> str:
    """The sequences behind the chain's end that nobody has: "5-7, 9". Up to the last entry that was
    read, and up to the one that the station signed."""
    ranges, last = [], here
    seqs = {each.seq for each in had if each.seq > here}
    for seq in (*sorted(seqs), max(here, upto, *seqs) + 1):
        if seq > last + 1:
            ranges.append(f"{last + 1}-{seq - 1}" if seq > last + 2 else str(seq - 1))
        last = seq
    return ", ".join(ranges)
