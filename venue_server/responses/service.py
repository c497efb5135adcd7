"""Accepting answers: judge, commit the group to both copies, then acknowledge (save, then send).

One task takes everything that waits, writes it to the primary store and to the second copy at the
same time (one fsync each) and resolves the waiting desks. Heads move only after both returned.
"""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from venue_server.ledger.book import Ledger
from venue_server.responses import store as rows
from venue_server.responses.acceptance import Accepted, Head, accept
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.responses.aside import Aside
from venue_server.responses.held_chain import HeldChain, shorten
from venue_server.responses.mending import Mending
from venue_server.responses.second_copy import SecondCopy, StoredResponse
from venue_server.responses.second_side import LOOK_S, SecondSide
from venue_server.responses.waits import Waits
from venue_server.storage.engine import Store, StoreFault
from venue_server.wire.alarms import Alarm
from venue_server.wire.chain import ResponseEntry, genesis
from venue_server.wire.refusals import Refusal, RefusalCode

PACE_S, PACE_OF_ROW_S, LONGEST_PACE_S = 0.003, 0.0002, 0.02
"""From one group's beginning to the next one's, at least, and longer after a group of many: a
commit costs the same for one answer and for fifty, and all of them wait for it. After a pause the
first one goes at once."""


def pace_s(rows_before: int) -> float:
    """Seconds after a group of so many answers began until the next one may: 4 ms at a thousand
    answers a second. When more comes than the server can take, commits must not be what it is busy
    with (P3, P4)."""
    return min(LONGEST_PACE_S, PACE_S + rows_before * PACE_OF_ROW_S)


Stored = Callable[[Head, bool], None]
"""Hears the durable end of a chain, and whether what was waited for is durable."""


class _Waiting(NamedTuple):
    sitting: HeldChain
    stored: list[StoredResponse]
    head: Head
    done: Stored


_NOTHING: dict[int, str] = {}


def _resolve(durable: "asyncio.Future[bool]") -> Stored:
    def done(_head: Head, stored: bool) -> None:
        if not durable.done():
            durable.set_result(stored)

    return done


class Responses:
    """The answers of the venue. Lives on one event loop; construct it there."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        keys: AnswerKeys,
        second: SecondCopy,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._second = SecondSide(store, ledger, keys, second, now_ms)
        self._now_ms = now_ms
        self._sittings: dict[str, HeldChain] = {}
        self._stopped: set[str] = set()
        self._waiting: list[_Waiting] = []
        self._since_s = 0.0  # when the first of those came
        self.waits = Waits()
        self.aside = Aside(store, ledger, keys, now_ms)
        self._wake = asyncio.Event()
        self._copy = second
        self.levelled = (0, 0)
        """What the start put into the primary, and into the second copy."""
        self.mending = Mending(store, ledger, keys, second)

    @property
    def degraded(self) -> Alarm | None:
        """Why answers are kept once only, if so."""
        return self._second.degraded

    @property
    def slow(self) -> Alarm | None:
        """The second copy's disk is slow, if so."""
        return self._second.slow

    @property
    def degraded_since_ms(self) -> int:
        """Since when answers are kept once only; 0 while both copies are in order."""
        return self._second.degraded_since_ms

    # ---- start and stop ------------------------------------------------------------------

    async def level_copies(self) -> tuple[int, int]:
        """After a crash: give each copy what only the other one has. Returns (answers put into the
        primary, answers put into the second copy)."""
        self.levelled = await self._second.level()
        return self.levelled

    async def run(self) -> None:
        """Commit groups until cancelled, and look after the second copy in between."""
        loop, next_at = asyncio.get_running_loop(), 0.0
        while True:
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            except TimeoutError:
                pass  # nothing came: a disk may have gone or come back unnoticed
            if self._waiting and (early_s := next_at - loop.time()) > 0:
                await asyncio.sleep(early_s)
            group, self._waiting, since_s = self._waiting, [], self._since_s
            next_at = loop.time() + pace_s(len(group))
            self._wake.clear()
            if group:
                await self._commit(group)
                now_s = time.monotonic()
                self.waits.saved(now_s, (now_s - since_s) * 1000)
            await self._second.look_after()

    def close(self) -> None:
        """Stop the second copy's thread and close its file."""
        self._second.close()

    def ends(self) -> dict[str, Head]:
        """The acknowledged end of every chain that this server holds."""
        return {key: held.durable for key, held in self._sittings.items() if held.durable.seq}

    def in_second(self, ends: dict[str, Head]) -> set[str]:
        """Those chains whose end lies in the second copy. Reads all of it; from any thread."""
        return self._copy.has({key: (end.seq, end.hash) for key, end in ends.items()})

    # ---- saves ---------------------------------------------------------------------------

    def head(self, session_id: str, sitting_id: str) -> Head:
        """The durable end of a sitting's chain."""
        return self._sitting(session_id, sitting_id).durable

    def take(
        self,
        sitting_id: str,
        entries: list[ResponseEntry],
        last_ms: int,
        first_ms: int,
        now_ms: int,
        done: Stored,
    ) -> bool:
        """Take a batch that simply continues the chain; ``done`` hears when it is durable, or will
        not be. False: it is another kind of batch, nothing was done, ask :meth:`save`."""
        sitting = self._sittings.get(sitting_id)
        if sitting is None or sitting_id in self._stopped or not entries:
            return False
        verdict = accept(sitting_id, sitting.head, _NOTHING, entries, last_ms, first_ms)
        if verdict.refusal is not None:
            return False
        self._queue(sitting, verdict.new, verdict.head, now_ms, done)
        return True

    async def save(
        self,
        session_id: str,
        sitting_id: str,
        machine_id: str,
        entries: list[ResponseEntry],
        last_ms: int | None,
        first_ms: int = 0,
    ) -> Accepted:
        """Judge and store a batch; returns only what is durable on both copies."""
        sitting = self._sitting(session_id, sitting_id)
        if sitting_id in self._stopped:
            last_ms = None
        known = self._known(sitting_id, sitting, entries)
        verdict = accept(sitting_id, sitting.head, known, entries, last_ms, first_ms)
        strays, aside = verdict.strays, 0
        if strays and await self.aside.keep(
            session_id, sitting_id, machine_id, strays, verdict.refusal
        ):
            aside = len(strays)
        if verdict.new and not await self._store_new(sitting, verdict.new, verdict.head):
            return Accepted(sitting.durable, Refusal(RefusalCode.SAVE_NOT_DURABLE), aside)
        if not verdict.new and sitting.durable.seq < sitting.head.seq:
            # A repeat of answers that another group is still writing: wait for that group.
            await self._end_durable(sitting)
        return Accepted(sitting.durable, verdict.refusal, aside)

    async def flushed(self, session_id: str, sitting_id: str) -> Head:
        """The durable end, once everything on its way is: where another machine begins."""
        sitting = self._sitting(session_id, sitting_id)
        if sitting.durable.seq < sitting.head.seq:
            await self._end_durable(sitting)
        return sitting.durable

    async def append(self, session_id: str, sitting_id: str, entries: list[ResponseEntry]) -> bool:
        """Add another branch's entries that follow the end (F24). False: nothing is durable."""
        sitting = self._sitting(session_id, sitting_id)
        known = self._known(sitting_id, sitting, entries)
        verdict = accept(sitting_id, sitting.head, known, entries, last_ms=2**62)
        if not verdict.new:
            return (await self.flushed(session_id, sitting_id)).seq >= entries[-1].seq
        return await self._store_new(sitting, verdict.new, verdict.head)

    async def keep_aside(
        self, session_id: str, sitting_id: str, machine_id: str, entries: list[ResponseEntry]
    ) -> None:
        """Keep a part of another branch, as :meth:`save` keeps what does not fit."""
        moved = Refusal(RefusalCode.SITTING_MOVED)
        await self.aside.keep(session_id, sitting_id, machine_id, entries, moved)

    async def stop_sitting(self, session_id: str, sitting_id: str) -> Head:
        """From now on nothing new is taken of a sitting (V05); its durable end, with everything
        that was taken before. :meth:`resume_sitting` when the order is refused after all."""
        self._stopped.add(sitting_id)
        return await self.flushed(session_id, sitting_id)

    def resume_sitting(self, sitting_id: str) -> None:
        """Take answers again."""
        self._stopped.discard(sitting_id)

    async def _store_new(self, sitting: HeldChain, new: list[ResponseEntry], head: Head) -> bool:
        durable: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue(sitting, new, head, self._now_ms(), _resolve(durable))
        return await durable

    def _queue(
        self,
        sitting: HeldChain,
        new: list[ResponseEntry],
        head: Head,
        at_ms: int,
        done: Stored,
    ) -> None:
        """Seal what is new and put it into the next group."""
        session_id, seal = sitting.session_id, self._keys.seal
        stored = [
            StoredResponse(
                entry.sitting_id, entry.seq, entry.hash, seal(session_id, entry), at_ms, session_id
            )
            for entry in new
        ]
        sitting.head = head
        for entry in new:
            sitting.known[entry.seq] = entry.hash
        if not self._waiting:
            self._since_s = time.monotonic()
        self._waiting.append(_Waiting(sitting, stored, head, done))
        self._wake.set()

    async def _end_durable(self, sitting: HeldChain) -> bool:
        """Wait until everything that is on its way of a chain is durable."""
        durable: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._since_s = time.monotonic()
        self._waiting.append(_Waiting(sitting, [], sitting.head, _resolve(durable)))
        self._wake.set()
        return await durable

    async def _commit(self, group: list[_Waiting]) -> None:
        stored = [row for waiting in group for row in waiting.stored]
        if not await self._durable(stored):
            # What queued meanwhile may continue a chain that did not become durable.
            self._roll_back(group + self._waiting)
            self._waiting = []
            return
        self._second.kept_once(stored)
        for sitting, _, head, done in group:
            if head.seq > sitting.durable.seq:
                sitting.durable = head
                shorten(sitting)
            done(sitting.durable, True)

    async def _durable(self, stored: list[StoredResponse]) -> bool:
        """Both copies have the group, or the primary alone and everybody knows; False when the
        primary refuses."""
        if self._store.fault:
            # It refused the last group, and stations send again and again: the second copy is not
            # filled with repeats of what may never be acknowledged.
            kept = await self._in_primary(stored)
            if kept:
                await self._second.append(stored)
            return kept
        kept, _ = await asyncio.gather(self._in_primary(stored), self._second.append(stored))
        return kept

    async def _in_primary(self, stored: list[StoredResponse]) -> bool:
        try:
            await self._store.write(lambda tx: rows.insert_responses(tx, stored))
        except StoreFault:
            return False
        return True

    def _roll_back(self, group: list[_Waiting]) -> None:
        for waiting in group:
            sitting = waiting.sitting
            sitting.head = sitting.durable
            for row in waiting.stored:
                sitting.known.pop(row.seq, None)
            waiting.done(sitting.durable, False)

    # ---- reading -------------------------------------------------------------------------

    def entries(self, session_id: str, sitting_id: str, after: int = 0) -> list[ResponseEntry]:
        """The accepted entries after a sequence, opened."""
        found = self._store.read(lambda tx: rows.sealed_of(tx, sitting_id, after))
        return self.mending.open(session_id, sitting_id, found)

    def part(
        self, session_id: str, sitting_id: str, after: int, room: int, least: int = 1
    ) -> list[ResponseEntry]:
        """The next accepted entries, about ``room`` bytes of them and at least ``least``."""
        found = self._store.read(lambda tx: rows.sealed_part(tx, sitting_id, after, room, least))
        return self.mending.open(session_id, sitting_id, found)

    def _sitting(self, session_id: str, sitting_id: str) -> HeldChain:
        sitting = self._sittings.get(sitting_id)
        if sitting is None:
            last = self._store.read(lambda tx: rows.last_of(tx, sitting_id))
            head = Head(*last) if last else Head(0, genesis(sitting_id))
            head = self.mending.authentic(session_id, sitting_id, head)
            sitting = self._sittings[sitting_id] = HeldChain(session_id, head, head, head.seq)
        return sitting

    def _known(
        self, sitting_id: str, sitting: HeldChain, entries: list[ResponseEntry]
    ) -> dict[int, str]:
        """The hashes to judge a batch by: those in memory, and what it repeats of older ones."""
        older = [entry.seq for entry in entries if entry.seq <= sitting.known_after]
        if not older:
            return sitting.known
        first, last = min(older), max(older)
        stored = self._store.read(lambda tx: rows.hashes_of(tx, sitting_id, first, last))
        return stored | sitting.known

    def forget(self, session_id: str) -> None:
        """The session's answers are at headquarters: drop what is durable of it from memory. What
        still asks for it is answered from the store."""
        self._sittings = {
            sitting_id: each
            for sitting_id, each in self._sittings.items()
            if each.session_id != session_id or each.head != each.durable
        }
