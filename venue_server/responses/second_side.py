"""The second copy's side of a running server: written with every group, given up when its device
does, brought level when it is back (R3, F19).

    LEVEL      every group is written here before it is acknowledged
    GIVEN_UP   the device is gone, refuses or hangs: said aloud, recorded; answers are kept once
    CATCHING   the device is back: it gets what it lacks, in its own thread, while saves go on

A device that hangs without an error is given up after ``BOUND_S`` seconds: no acknowledgement waits
longer for it. What such a write still does when the device comes back is found by comparing.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.responses import store as rows
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.responses.levelling import compare
from venue_server.responses.second_copy import (
    SecondCopy,
    SecondCopyAbsent,
    SecondCopyDamaged,
    SecondCopyFault,
    StoredResponse,
)
from venue_server.storage.engine import Store, StoreFault
from venue_server.storage.one_thread import OneThread
from venue_server.storage.primary import SLOW_MS, Took
from venue_server.storage.priority import step_forward
from venue_server.wire.alarms import Alarm, AlarmCode

T = TypeVar("T")
LOOK_S = 1.0
LONGEST_PAUSE_S = 30.0
BOUND_S = 2.0
"""Longest wait for the second device, in real seconds: an alarm is due within 5 (R3)."""
CLOSE_S = 5.0
MOST_SINCE = 100_000
"""Answers remembered during one catching up; if more come, it is done once more."""


@dataclass
class _CaughtUp:
    """What one levelling did: answers the copy lacked, how many only it had, and their keys."""

    lacked: int = 0
    aside: int = 0
    written: set[tuple[str, int]] = field(default_factory=set)


class SecondSide:
    """Lives on one event loop; every touch of the device is in one thread of its own."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        keys: AnswerKeys,
        copy: SecondCopy,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._copy = copy
        self._now_ms = now_ms
        self._thread = OneThread("second-copy", step_forward)
        self.degraded: Alarm | None = None
        self.degraded_since_ms = 0  # 0 while both copies are in order
        self._hung: Future[Any] | None = None
        self._catching: Future[_CaughtUp] | None = None
        self._since: list[StoredResponse] | None = None
        self._untold: list[tuple[Event, dict[str, str | int | bool | list[str]]]] = []
        self._pause_s = LOOK_S
        self._look_at = 0.0
        self._wrote_at = 0.0
        self._took = Took()

    # ---- saves ---------------------------------------------------------------------------

    async def append(self, stored: list[StoredResponse]) -> None:
        """Write a group; on return it is durable here, or the copy is given up with an alarm.
        Never raises for the device's sake, and never waits longer than the bound."""
        if self.degraded is not None:
            return
        try:
            await self._written(lambda: self._copy.append(stored))
        except SecondCopyFault as fault:
            self._give_up(fault)

    @property
    def slow(self) -> Alarm | None:
        """It takes writes, but so slowly that somebody should look at it."""
        if self.degraded is not None or self._took.median_ms() < SLOW_MS:
            return None
        args = {"folder": self._copy.folder, "milliseconds": f"{self._took.median_ms():.0f}"}
        return Alarm(AlarmCode.DISK_SLOW, args)

    def kept_once(self, stored: list[StoredResponse]) -> None:
        """The primary has these; a catching up that is under way may have begun before."""
        if self._since is not None and self.degraded is not None:
            self._since += stored[: MOST_SINCE + 1 - len(self._since)]

    # ---- looking after the device --------------------------------------------------------

    async def look_after(self) -> None:
        """About once a second: notice a disk that went without a save noticing, and bring one that
        came back level. A disk that is there and refuses is tried less and less often, because
        comparing the copies costs time."""
        await self._tell()
        if self._hung is not None:
            if not self._hung.done():
                return
            self._hung, self._look_at = None, 0.0  # it answers again: level it now
        if self._catching is not None:
            if self._catching.done():
                await self._end_catching()
            return
        if asyncio.get_running_loop().time() < self._look_at:
            return
        if self.degraded is not None:
            self._since = []
            self._catching = self._thread.submit(self._catch_up)
            return
        resting = asyncio.get_running_loop().time() - self._wrote_at >= LOOK_S
        try:
            await (self._written(self._copy.probe) if resting else self._within(self._copy.check))
        except SecondCopyFault as fault:
            self._give_up(fault)
            await self._tell()
        self._pause()

    async def _end_catching(self) -> None:
        assert self._catching is not None
        job, self._catching = self._catching, None
        since, self._since = self._since or [], None
        try:
            done = job.result()
            if len(since) > MOST_SINCE:
                return  # too much came meanwhile: compare again
            rest = [each for each in since if (each.sitting_id, each.seq) not in done.written]
            await self._within(lambda: self._copy.append(rest))
        except StoreFault:  # the primary is out of order itself: level once it is not
            self._pause()
            return
        except SecondCopyFault as fault:
            self._give_up(fault)
            self._pause_s = (
                LOOK_S
                if isinstance(fault, SecondCopyAbsent)
                else min(2 * self._pause_s, LONGEST_PAUSE_S)
            )
            self._pause()
            return
        self._pause_s = LOOK_S
        self._pause()
        self._restored(done.lacked + len(rest), done.aside)
        await self._tell()

    def _pause(self) -> None:
        self._look_at = asyncio.get_running_loop().time() + self._pause_s

    async def _written(self, write: Callable[[], None]) -> None:
        """A write that is made durable, and how long that took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self._within(write)
        self._wrote_at = loop.time()
        self._took.add((self._wrote_at - began) * 1000)

    async def _within(self, run: Callable[[], T]) -> T:
        """What ``run`` returns from the device's thread; SecondCopyFault when it hangs."""
        job = self._thread.submit(run)
        waited = asyncio.wrap_future(job)
        done, _ = await asyncio.wait({waited}, timeout=BOUND_S)
        if done:
            return waited.result()
        waited.add_done_callback(_seen)
        self._hung = job
        raise self._copy.hanging(BOUND_S)

    # ---- start ---------------------------------------------------------------------------

    async def level(self) -> tuple[int, int]:
        """After a crash: give each copy what only the other one has.

        A damaged second copy is kept aside and written anew from the primary: the exam goes on
        (R3). Returns (answers put into the primary, answers put into the second copy).
        """
        try:
            await self._within(self._copy.prove)
            found = await self._in_thread(lambda: compare(self._store, self._copy))
        except SecondCopyFault as fault:
            # Its disk is gone, hangs or refuses: the exam goes on with the primary, loudly (R3).
            self._give_up(fault)
            await self._tell()
            return 0, 0
        missing, absent, damage = found.missing, found.absent, found.damage
        if missing:
            await self._store.write(lambda tx: rows.insert_responses(tx, missing))
        if damage is not None:
            absent += missing
            self._give_up(damage)
        try:
            await self._in_thread(lambda: self._write(absent, damage))
        except SecondCopyFault as fault:
            self._give_up(fault)
            await self._tell()
            return len(missing), 0
        if damage is not None:
            self._restored(len(absent), 0)
        await self._tell()
        await self._store.write(rows.forget_one_copy)
        return len(missing), len(absent)

    async def _in_thread(self, run: Callable[[], T]) -> T:
        """Reading and levelling take the time they need; only the first sync was bounded."""
        return await asyncio.wrap_future(self._thread.submit(run))

    def close(self) -> None:
        """End the thread and close the file; a device that hangs is left alone."""
        if self._thread.close(CLOSE_S):
            self._copy.close()

    # ---- in the device's thread ----------------------------------------------------------

    def _write(self, absent: list[StoredResponse], damage: SecondCopyDamaged | None) -> None:
        if damage is not None:
            self._copy.set_aside()
        self._copy.append(absent)
        try:
            self._keys.level_escrows()
        except OSError as error:
            raise self._copy.failing(error) from error

    def _catch_up(self) -> _CaughtUp:
        """Give the second copy what it lacks.

        What only a returning copy has was never acknowledged by this run, and stations may have
        gone on without it: it must not get into a chain, now or at the next start. The file is kept
        whole under another name, for people to look at, and written anew. Never from a primary that
        is not in its place: what it lacks may be all there is. Raises StoreFault then.
        """
        self._store.check()
        found = compare(self._store, self._copy)
        self._store.check()
        only_there, absent, damage = found.missing, found.absent, found.damage
        if only_there and damage is None:
            damage = SecondCopyDamaged(Alarm(AlarmCode.SECOND_DAMAGED))
            absent = self._store.read(rows.all_responses)
        self._write(absent, damage)
        written = {(each.sitting_id, each.seq) for each in absent}
        return _CaughtUp(len(absent), len(only_there), written)

    # ---- what is said of it --------------------------------------------------------------

    def _give_up(self, fault: SecondCopyFault) -> None:
        """One copy gone is said aloud and recorded; the exam goes on with the other (R3)."""
        known, self.degraded = self.degraded, fault.alarm
        if known is None:
            self.degraded_since_ms = self._now_ms()
            self._untold.append((Event.STORE_DEGRADED, {"copy": "second", "problem": str(fault)}))

    def _restored(self, count: int, aside: int) -> None:
        self.degraded, self.degraded_since_ms = None, 0
        told: dict[str, str | int | bool | list[str]] = {
            "copy": "second",
            "caught_up": count,
            "kept_aside": aside,
        }
        self._untold.append((Event.STORE_RESTORED, told))

    async def _tell(self) -> None:
        """Record what happened; a primary that refuses as well is told when it is back."""
        while self._untold:
            event, data = self._untold[0]
            try:
                await self._remember(event)
                await self._ledger.note(event, "", **data)
            except StoreFault:
                return
            del self._untold[0]

    async def _remember(self, event: Event) -> None:
        """Since when there is one copy only, over a restart: an earlier instant stays."""
        if event is Event.STORE_RESTORED:
            await self._store.write(rows.forget_one_copy)
        elif since_ms := self.degraded_since_ms:
            self.degraded_since_ms = await self._store.write(
                lambda tx: rows.one_copy_since(tx, since_ms)
            )


def _seen(done: "asyncio.Future[Any]") -> None:
    if not done.cancelled():
        done.exception()  # it came too late to be anybody's answer
