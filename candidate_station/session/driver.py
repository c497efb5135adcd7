"""Runs the session machine: link, disk, paper and time on one asyncio loop. No Qt, any loop.

The driver decides nothing. It feeds what happened into the machine and carries out effects in the
order given; disk work runs on threads, one job at a time, so that the loop never waits for a disk.
A fault nobody foresaw in a job ends :meth:`StationDriver.run` with that exception: the station
restarts and comes back from its journal.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, TypeVar

from candidate_station.answers.draft import Values
from candidate_station.answers.journal import JournalError
from candidate_station.answers.shelf import Shelf
from candidate_station.inspection.facts import Asked
from candidate_station.paper import OpenPaper
from candidate_station.session import effects as fx
from candidate_station.session import inputs as ins
from candidate_station.session.intents import Intent
from candidate_station.session.joining import join
from candidate_station.session.machine import SessionMachine
from candidate_station.session.paper_shelf import PaperShelf, Reading
from candidate_station.session.screen_state import ScreenState
from candidate_station.session.settings import StationSettings
from venue_server.client.addresses import AddressBook
from venue_server.client.clock import ExamClock
from venue_server.client.discovery import Discovery
from venue_server.client.endpoint import TlsEndpoint
from venue_server.client.identity import MachineIdentity
from venue_server.client.link import LinkHandler
from venue_server.client.link_state import Down, LinkError, LinkState
from venue_server.client.link_words import explained
from venue_server.client.station import StationClient
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.inspection_orders import StationFacts
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import PaperOffer, StationHello, ToStation
from venue_server.wire.version import VERSION

TICK_S = 0.25
# States closer together than this are shown as one, so that the moment between a key stroke and its
# fsync does not flicker.
PUBLISH_S = 0.03

T = TypeVar("T")
Observer = Callable[[ins.Input | fx.Effect, ins.Now], None]


class StationDriver(LinkHandler[ToStation]):
    """One station. ``on_state`` is called on the loop of :meth:`run` with every new screen.

    ``observer`` hears each input and each effect (simulation, tests). ``executor`` runs disk jobs;
    None is the loop's own. ``on_check`` is called on the loop when the server wants this machine
    checked; whoever checks it answers by :meth:`report`. ``on_anew``: a paper that was open here is
    destroyed, and the program is to begin anew. What stands under "for the window" may be
    used from any thread.
    """

    def __init__(
        self,
        settings: StationSettings,
        on_state: Callable[[ScreenState], None],
        *,
        observer: Observer | None = None,
        executor: Executor | None = None,
        tick_s: float = TICK_S,
        on_check: Callable[[Asked], None] = lambda _asked: None,
        on_anew: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._on_check = on_check
        self._on_anew = on_anew
        self._on_state = on_state
        self._observer = observer
        self._executor = executor
        self._tick_s = tick_s
        self.machine = SessionMachine(VERSION)
        self.clock = ExamClock()
        self._shelf = Shelf(settings.data_dir)
        self._papers = PaperShelf(settings.data_dir)
        self._reading: Reading | None = None
        self._identity: MachineIdentity | None = None
        self._hpke: HpkePrivate | None = None
        self._client: StationClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._jobs: asyncio.TaskGroup | None = None
        self._disk = asyncio.Lock()
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._early: list[ins.Input] = []
        self._stop_early = False
        self._publishing: asyncio.TimerHandle | None = None
        self._shown: ScreenState | None = None

    # ---- for the window, from any thread --------------------------------------------------

    @property
    def paper(self) -> OpenPaper | None:
        """The open paper, for the renderer; None while the candidate may not see one."""
        reading = self._reading
        return reading.paper if reading is not None and self.machine.shows_paper else None

    @property
    def sitting_id(self) -> str:
        """The sitting at this seat (items are shuffled by it); empty when there is none."""
        return self.machine.sitting_id

    def values(self, item_id: str) -> Values:
        """The current answer of an item, to restore it on the screen."""
        return self.machine.values(item_id)

    def marks(self, item_id: str) -> list[str]:
        """The marks in an item's text, to restore them on the screen."""
        return self.machine.marks(item_id)

    def post(self, intent: Intent) -> None:
        """The candidate wants something."""
        self._soon(ins.Wanted(intent))

    def observe(self, word: str, true_now: bool) -> None:
        """The lock-down noticed something, or it is over (V09)."""
        self._soon(ins.Observed(word, true_now))

    def report(self, facts: StationFacts) -> None:
        """This machine was checked: tell the server, now and at every connection."""
        self._soon(ins.FactsFound(facts))

    def stop(self) -> None:
        """End :meth:`run` soon; everything claimed to be saved is on the disk."""
        loop = self._loop
        self._stop_early = True
        if loop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._stopping.set)

    def _soon(self, happened: ins.Input) -> None:
        loop = self._loop
        if loop is None:
            self._early.append(happened)
            return
        with suppress(RuntimeError):  # the loop has ended: so has the sitting here
            loop.call_soon_threadsafe(self._feed, happened)

    # ---- life -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Be a station until :meth:`stop`."""
        self._loop = asyncio.get_running_loop()
        if self._stop_early:
            self._stopping.set()
        try:
            async with asyncio.TaskGroup() as self._jobs:
                main = self._jobs.create_task(self._live())
                await self._stopping.wait()
                main.cancel()
                if self._client is not None:
                    await self._client.close()
        finally:
            self._loop = None
            if self._publishing is not None:
                self._publishing.cancel()
            self._close_paper()
            self._shelf.close_all()

    async def _live(self) -> None:
        self._publish()
        await self._recover()
        identity = await join(
            self._settings, lambda code, refusal: self._feed(ins.Enrolling(code, refusal))
        )
        self._identity, self._hpke = identity, identity.hpke()
        self._feed(ins.Enrolled(identity.machine_id))
        for happened in self._early:
            self._feed(happened)
        book = AddressBook([self._settings.server] if self._settings.server else identity.addresses)
        endpoint = TlsEndpoint(identity, book)
        self._client = StationClient(endpoint, self, self._hello, self.clock)
        self._start(self._client.run())
        search = await self._search(identity, book)
        try:
            await self._tick()
        finally:
            if search is not None:
                await search.close()

    async def _recover(self) -> None:
        """What an earlier run left: the newest open journal, and verified ciphertext."""
        sitting_id = await self._on_disk(self._shelf.newest)
        if sitting_id:
            await self._open_journal(sitting_id)
        offer = await self._on_disk(self._papers.newest_verified)
        if offer is not None:
            self._feed(ins.CiphertextHeld(offer))

    async def _search(self, identity: MachineIdentity, book: AddressBook) -> Discovery | None:
        if not self._settings.discovery:
            return None
        search = Discovery(lambda found: book.learn(found.address), identity.venue)
        try:
            await search.start()
        except OSError:  # no network yet; configured addresses are still tried
            return None
        return search

    async def _tick(self) -> None:
        """Feed time: a few times a second, and exactly at the instants that matter."""
        while True:
            self._wake.clear()
            self._feed(ins.Tick())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s()):
                    await self._wake.wait()

    def _pause_s(self) -> float:
        instant = self.machine.next_instant_ms(self._now())
        if instant is None:
            return self._tick_s
        return min(self._tick_s, max(0.0, self.clock.seconds_until(instant)))

    # ---- the machine ----------------------------------------------------------------------

    def _now(self) -> ins.Now:
        exam_ms = self.clock.now_ms() if self.clock.known else None
        return ins.Now(time.monotonic(), exam_ms)

    def _feed(self, happened: ins.Input) -> None:
        now = self._now()
        before = self.machine.next_instant_ms(now)
        if self._observer is not None:
            self._observer(happened, now)
        for effect in self.machine.handle(happened, now):
            if self._observer is not None:
                self._observer(effect, now)
            self._carry_out(effect)
        if self.machine.next_instant_ms(now) != before:
            self._wake.set()
        self._publish_soon()

    def _carry_out(self, effect: fx.Effect) -> None:
        match effect:
            case fx.SendMessage(message):
                if self._client is not None:
                    self._client.link.send(message)
            case fx.OpenJournal(sitting_id):
                self._start(self._open_journal(sitting_id))
            case fx.AppendEntries():
                self._start(self._append(effect))
            case fx.MarkSettled(sitting_id, head):
                self._start(self._settle(sitting_id, head))
            case fx.FetchCiphertext(offer, afresh):
                self._start(self._fetch(offer, afresh))
            case fx.OpenPaper():
                self._start(self._open_paper(effect))
            case fx.ClosePaper():
                self._close_paper()
            case fx.Destroy():
                self._start(self._destroy(effect))
            case fx.BeginAnew():
                self._on_anew()
            case fx.CheckMachine(n, token):
                self._on_check(Asked(n, token))

    def _start(self, job: Coroutine[Any, Any, None]) -> None:
        assert self._jobs is not None, "effects come only while running"
        self._jobs.create_task(job)

    def _publish_soon(self) -> None:
        if self._publishing is None and self._loop is not None:
            self._publishing = self._loop.call_later(PUBLISH_S, self._publish)

    def _publish(self) -> None:
        self._publishing = None
        state = self.machine.state(self._now())
        if state != self._shown:
            self._shown = state
            self._on_state(state)

    # ---- the link -------------------------------------------------------------------------

    def _hello(self) -> StationHello:
        return self.machine.hello()

    def on_up(self) -> None:
        self._feed(ins.LinkUp())

    def on_message(self, message: ToStation) -> None:
        self._feed(ins.Received(message))

    def on_down(self, down: Down) -> None:
        self._feed(ins.LinkDown(explained(down)))

    def on_state(self, state: LinkState, down: Down | None) -> None:
        if state in (LinkState.REFUSED, LinkState.DISCONNECTED) and down is not None:
            self._feed(ins.LinkDown(explained(down)))

    # ---- jobs -----------------------------------------------------------------------------

    async def _on_disk(self, job: Callable[[], T]) -> T:
        """Run one blocking job on a thread, in the order asked for."""
        async with self._disk:
            return await asyncio.get_running_loop().run_in_executor(self._executor, job)

    async def _open_journal(self, sitting_id: str) -> None:
        try:
            found = await self._on_disk(lambda: self._shelf.open(sitting_id))
        except JournalError:
            self._feed(ins.JournalFailed(sitting_id))
            return
        damaged = found.quarantine is not None
        self._feed(ins.JournalOpened(sitting_id, found.entries, damaged, found.salvaged))

    async def _append(self, effect: fx.AppendEntries) -> None:
        sitting_id, entries = effect.sitting_id, effect.entries
        try:
            await self._on_disk(lambda: self._shelf.append(sitting_id, entries))
        except JournalError:
            self._feed(ins.AppendFailed(sitting_id))
        else:
            self._feed(ins.Appended(sitting_id, entries[-1].seq))

    async def _settle(self, sitting_id: str, head: str) -> None:
        # Without the mark a wipe after a restart is refused, which loses nothing.
        with suppress(OSError):
            await self._on_disk(lambda: self._shelf.settle(sitting_id, head))

    async def _fetch(self, offer: PaperOffer, afresh: bool) -> None:
        assert self._client is not None
        try:
            target = await self._on_disk(lambda: self._papers.path(offer))
            if afresh:
                await self._on_disk(lambda: self._papers.forget(offer))
            fetched = await self._client.fetch_ciphertext(offer, target)
            if isinstance(fetched, Refusal):
                self._feed(ins.CiphertextFailed(offer, fetched))
                return
            await self._on_disk(lambda: self._papers.remember(offer))
        except (LinkError, OSError, ValueError):
            self._feed(ins.CiphertextFailed(offer))
        else:
            self._feed(ins.CiphertextHeld(offer))

    async def _open_paper(self, effect: fx.OpenPaper) -> None:
        assert self._identity is not None and self._hpke is not None
        key, machine_id = self._hpke, self._identity.machine_id
        opened = await self._on_disk(
            lambda: self._papers.open(
                key, machine_id, effect.offer, effect.wrapping, effect.form_key
            )
        )
        if isinstance(opened, Refusal):
            self._feed(ins.PaperRefused(opened))
            return
        self._close_paper()
        self._reading = opened
        self._feed(ins.PaperUnsealed(opened.paper.index))

    def _close_paper(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.close()

    async def _destroy(self, order: fx.Destroy) -> None:
        def destroy() -> list[str] | None:
            sitting_id = order.sitting_id
            unsure = bool(sitting_id) and not order.acknowledged
            if unsure and not self._shelf.may_be_destroyed(sitting_id):
                return None
            if sitting_id:
                self._shelf.destroy(sitting_id)
            self._papers.destroy(order.paper_id, order.sha256)
            left = self._papers.left(order.paper_id, order.sha256)
            return [*left, *(self._shelf.left(sitting_id) if sitting_id else ())]

        try:
            left = await self._on_disk(destroy)
        except (OSError, JournalError):
            left = None
        if left is not None:
            reading = self._reading
            if reading is not None and reading.paper.index.paper_id == order.paper_id:
                self._close_paper()
            self._feed(ins.Destroyed(order.paper_id, order.sitting_id, tuple(left)))
        else:
            self._feed(ins.DestroyRefused(order.paper_id, order.sitting_id))
