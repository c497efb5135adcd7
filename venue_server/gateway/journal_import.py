"""Taking in the journals of a station that does not come back (L02, [P-29], F4, F25).

The same rule as for a revived machine: what continues the chain is merged by sequence while the
sitting is open, the rest is kept aside and judged as a branch.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.sitting_view import answers_from_ms
from venue_server.gateway.stranded_answers import CLOSED
from venue_server.gateway.swap_desk import SwapDesk
from venue_server.gateway.swap_keeper import SwapKeeper
from venue_server.intake.custody.media_io import medium_of
from venue_server.intake.custody.service import Custody
from venue_server.ledger.catalogue import Event
from venue_server.responses.branching.station_folder_io import CopiedJournal, copied_journals
from venue_server.sitting.rows import Sitting
from venue_server.storage.media_lanes import on_medium
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import folder_name
from venue_server.wire.refusals import Refusal, RefusalCode

BATCH = 200


@dataclass(frozen=True)
class Taken:
    """What became of one journal. ``gap_from`` to ``gap_to``: entries that the server has and this
    journal lacks (0: none), the exact difference of the two; ``lost`` names those that nobody has,
    before others that this journal still gave (F25)."""

    sitting_id: str
    machine_id: str
    verdict: str  # TAKEN, FOREIGN, CLOSED or UNREADABLE
    journal_seq: int = 0
    server_seq: int = 0
    now_seq: int = 0
    kept_aside: int = 0
    gap_from: int = 0
    gap_to: int = 0
    torn_bytes: int = 0
    damaged: bool = False
    lost: str = ""


class JournalImport:
    """One for the venue."""

    def __init__(self, parts: DeskParts, custody: Custody, keeper: SwapKeeper) -> None:
        self._parts = parts
        self._custody = custody
        self._keeper = keeper
        self._desk = SwapDesk(parts)

    async def take_in(
        self, folder: Path, reason: str, first: str, second: str
    ) -> list[Taken] | Refusal:
        """Read every journal of the folder. Refusals: MED-*, SWP-09 none there."""
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
        done = [await self._one(each) for each in journals]
        for taken in done:
            await self._note(taken, folder, reason, f"{first},{second}")
        self._parts.hub.venue_changed()
        return done

    def _folders(self) -> dict[str, str]:
        """The name of every sitting's folder at a station, with the sitting."""
        sittings = self._parts.sittings
        every = [each for s in sittings.sessions() for each in sittings.sittings(s.session_id)]
        return {folder_name(each.sitting_id): each.sitting_id for each in every}

    async def _one(self, journal: CopiedJournal) -> Taken:
        parts = self._parts
        if journal.unreadable:
            return Taken(journal.sitting_id, journal.machine_id, "UNREADABLE", damaged=True)
        sitting = parts.sittings.sitting(journal.sitting_id)
        if sitting is None:
            return Taken(journal.sitting_id, journal.machine_id, "FOREIGN")
        if parts.sittings.session(sitting.session_id).state in CLOSED:
            return Taken(journal.sitting_id, journal.machine_id, "CLOSED")
        machine_id = journal.machine_id or self._only_machine(sitting)
        sitting = await self._opened(sitting, machine_id, journal)
        before = await parts.responses.flushed(sitting.session_id, sitting.sitting_id)
        kept = await self._take(sitting, machine_id, journal)
        after = await parts.responses.flushed(sitting.session_id, sitting.sitting_id)
        if after != before or kept:
            await self._keeper.backed_up_again(sitting.session_id)
        last = len(journal.entries)
        gap = (last + 1, before.seq) if before.seq > last else (0, 0)
        return Taken(
            sitting.sitting_id,
            machine_id,
            "TAKEN",
            last,
            before.seq,
            after.seq,
            kept,
            *gap,
            torn_bytes=journal.torn,
            damaged=journal.damaged,
            lost=_lost(after.seq, journal.rest),
        )

    async def _take(self, sitting: Sitting, machine_id: str, journal: CopiedJournal) -> int:
        entries, kept = list(journal.entries), 0
        for start in range(0, len(entries), BATCH):
            sitting = self._parts.sittings.sitting(sitting.sitting_id) or sitting
            kept += await self._desk.take(sitting, machine_id, entries[start : start + BATCH])
        if journal.rest:
            kept += await self._parts.branches.keep(sitting, machine_id, list(journal.rest))
        return kept

    def _only_machine(self, sitting: Sitting) -> str:
        """A copy that does not say whose it is can only be of the one machine there was."""
        return "" if self._parts.swaps.of(sitting.sitting_id) else sitting.machine_id

    async def _opened(self, sitting: Sitting, machine_id: str, journal: CopiedJournal) -> Sitting:
        """A station cut off from before the start proves by its journal that the paper was open."""
        first = journal.entries[0] if journal.entries else None
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
        await self._parts.ledger.note(
            Event.JOURNAL_IMPORTED,
            persons,
            **where,
            **seat,
            **known,
            folder=str(folder),
            reason=reason,
            **facts,
        )


def _lost(here: int, rest: Sequence[ResponseEntry]) -> str:
    """The sequences between the chain's end and what was read behind the damage: "5-7, 9"."""
    ranges, last = [], here
    for seq in sorted({each.seq for each in rest if each.seq > here}):
        if seq > last + 1:
            ranges.append(f"{last + 1}-{seq - 1}" if seq > last + 2 else str(seq - 1))
        last = seq
    return ", ".join(ranges)
