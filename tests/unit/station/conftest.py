"""A bench for the session machine: a model of the server, of the disk, of the link and of time.

Nothing here sleeps or runs concurrently; the test decides what happens next.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from candidate_station.session import effects as fx
from candidate_station.session import inputs as ins
from candidate_station.session.intents import AgreeRules, ConfirmDetails, EnterLogin
from candidate_station.session.machine import SessionMachine
from candidate_station.session.screen_state import SaveState, Screen, ScreenState
from venue_server.wire.chain import ResponseEntry, follows, genesis, receipt_code
from venue_server.wire.messages import (
    AcknowledgeRules,
    CandidateBrief,
    ConfirmIdentity,
    FormKey,
    Heartbeat,
    LoggedIn,
    LogIn,
    LoginAllowed,
    PaperOffer,
    PaperOpened,
    PaperReady,
    PaperSeal,
    PaperWiped,
    Refused,
    Save,
    SaveAck,
    SessionBrief,
    SittingView,
    StationHello,
    StationMessage,
    Submit,
    SubmitReceipt,
    Timing,
    TimingChanged,
    ToStation,
    Welcome,
    WrappingKey,
)
from venue_server.wire.names import MediaClass, Mode, SittingState, SubmitKind
from venue_server.wire.paper_index import (
    FORMAT,
    InteractionIndex,
    ItemIndex,
    PaperIndex,
    SectionIndex,
)
from venue_server.wire.refusals import RefusalCode

START = 1_800_000_000_000
TIMING = Timing(START, START + 300_000, START + 4_500_000, START + 5_400_000)
BRIEF = SessionBrief("ses1", "考试", "S1", "科目", START, 5400, MediaClass.NORMAL, Mode.REHEARSAL)
CANDIDATE = CandidateBrief("李明", "2601", "11**1X", "R1", "01")
OFFER = PaperOffer(PaperSeal("p1", "A", "abcd", True), "/paper/p1", 100, "f" * 64)
ITEMS = ("q1", "q2", "q3", "q4")


def paper_index() -> PaperIndex:
    part = [InteractionIndex("R", "choice", "single", "identifier")]
    items = {name: ItemIndex(name, f"{name}.xml", name, [], part) for name in ITEMS}
    sections = [
        SectionIndex("A", "一", "", ["q1", "q2"]),
        SectionIndex("B", "二", "", ["q3", "q4"]),
    ]
    return PaperIndex(FORMAT, "p1", "A", "S1", "卷", "zh", "seed", sections, items, {})


@dataclass
class Server:
    """The desk's rules, as in venue_server.gateway and .responses, over a durable list."""

    now_ms: Callable[[], int]
    entries: list[ResponseEntry] = field(default_factory=list)
    state: SittingState | None = None
    timing: Timing | None = None
    login_allowed: bool = True
    released: bool = False
    receipts: list[SubmitReceipt] = field(default_factory=list)
    saved_twice: int = 0
    wiped: list[str] = field(default_factory=list)
    heartbeats: list[Heartbeat] = field(default_factory=list)
    opened_at: list[int] = field(default_factory=list)
    sitting_id: str = "s1"
    refuse_login: RefusalCode | None = None
    sees_sitting: bool = True

    @property
    def head(self) -> str:
        return self.entries[-1].hash if self.entries else genesis(self.sitting_id)

    def view(self, after: int | None) -> SittingView:
        history = [] if after is None else self.entries[after:]
        assert self.state is not None
        return SittingView(
            self.sitting_id,
            self.state,
            CANDIDATE,
            self.timing,
            len(self.entries),
            self.head,
            list(history),
        )

    def take(self, message: StationMessage) -> list[ToStation]:
        match message:
            case StationHello():
                return self._hello(message)
            case PaperReady():
                return self.keys()
            case LogIn(n):
                if self.refuse_login is not None:
                    return [Refused(n, self.refuse_login, "02")]
                if self.state in (None, SittingState.ADMITTED):
                    self.state = SittingState.LOGGED_IN
                return [LoggedIn(n, self.view(0))]
            case ConfirmIdentity(n):
                return self._move(n, SittingState.LOGGED_IN, SittingState.CONFIRMED)
            case AcknowledgeRules(n):
                return self._move(n, SittingState.CONFIRMED, SittingState.RULES_ACK)
            case PaperOpened(_, at_ms):
                self.opened_at.append(at_ms)
                if self.state is SittingState.RULES_ACK:
                    self.state = SittingState.IN_PROGRESS
            case Save(_, entries):
                return self._save(entries)
            case Submit():
                return [self._submit(message)]
            case Heartbeat():
                self.heartbeats.append(message)
            case PaperWiped(paper_id):
                self.wiped.append(paper_id)
        return []

    def keys(self) -> list[ToStation]:
        keys: list[ToStation] = [WrappingKey("p1", "A", "sealed")]
        if self.released:
            keys.append(FormKey("p1", "A", "wrapped", START))
        return keys

    def _hello(self, hello: StationHello) -> list[ToStation]:
        after = hello.last_seq if hello.sitting_id == self.sitting_id else 0
        here = self.sees_sitting and self.state is not None
        sitting = self.view(after) if here else None
        welcome = Welcome("st1", "考点", "R1", "01", BRIEF, self.login_allowed, sitting)
        given = self.keys() if hello.have_paper == OFFER.sha256 else []
        return [welcome, OFFER, *given]

    def _move(self, n: int, source: SittingState, target: SittingState) -> list[ToStation]:
        if self.state is source:
            self.state = target
        return [LoggedIn(n, self.view(None))]

    def _save(self, entries: list[ResponseEntry]) -> list[ToStation]:
        if self.state is SittingState.RULES_ACK and entries:
            self.state = SittingState.IN_PROGRESS
        refused: list[ToStation] = []
        for entry in entries:
            if entry.seq <= len(self.entries) and self.entries[entry.seq - 1].hash == entry.hash:
                self.saved_twice += 1
                continue
            if entry.seq > len(self.entries) + 1:
                refused = [Refused(0, RefusalCode.SAVE_GAP, str(len(self.entries)))]
                break
            if not follows(entry, len(self.entries), self.head):
                refused = [Refused(0, RefusalCode.CHAIN_BROKEN, str(entry.seq))]
                break
            late = self.timing is None or entry.at_ms > self.timing.end_ms
            if (late or self.state is not SittingState.IN_PROGRESS) and entry.kind != "submit":
                refused = [Refused(0, RefusalCode.SITTING_ENDED, str(entry.seq))]
                break
            self.entries.append(entry)
        return [SaveAck(self.sitting_id, len(self.entries), self.head), *refused]

    def _submit(self, submit: Submit) -> ToStation:
        done = [r for r in self.receipts if r.head == submit.head]
        if not done:
            if (submit.seq, submit.head) != (len(self.entries), self.head):
                return Refused(submit.n, RefusalCode.SAVE_GAP)
            if self.state is not SittingState.IN_PROGRESS:
                return Refused(submit.n, RefusalCode.SITTING_ENDED)
            assert self.timing is not None
            early = submit.kind is SubmitKind.EARLY
            if self.now_ms() < (self.timing.closed_until_ms if early else self.timing.end_ms):
                return Refused(submit.n, RefusalCode.ROOM_CLOSED)
            self.state = SittingState.SUBMITTED
        receipt = SubmitReceipt(
            submit.n,
            self.sitting_id,
            submit.kind,
            submit.head,
            receipt_code(submit.head),
            self.now_ms(),
        )
        self.receipts.append(receipt)
        return receipt


class Bench:
    """One station before one server. ``auto`` finishes disk work at once; ``flush`` empties both
    directions of the link."""

    def __init__(self, before_start_ms: int = 600_000) -> None:
        self.mono_s = 1000.0
        self._exam_at_zero = START - before_start_ms - 1_000_000
        self.rate = 1.0
        self.clock_known = False
        self.server = Server(self.exam_ms)
        self.disk: dict[str, list[ResponseEntry]] = {}
        self.settled: dict[str, str] = {}
        self.claimed: dict[int, ResponseEntry] = {}
        self.appends: deque[fx.AppendEntries] = deque()
        self.opening = False
        self.up = False
        self.auto = True
        self.disk_full = False
        self.server_loses = False
        self.destroyed: list[str] = []
        self.done: list[fx.Effect] = []
        self.to_server: deque[StationMessage] = deque()
        self.to_station: deque[ToStation] = deque()
        self.machine = SessionMachine("1")

    # ---- time -----------------------------------------------------------------------------

    def exam_ms(self) -> int:
        return round(self._exam_at_zero + self.mono_s * 1000)

    def now(self) -> ins.Now:
        return ins.Now(self.mono_s, self.exam_ms() if self.clock_known else None)

    def at(self, exam_ms: int) -> ScreenState:
        """Go to an instant of exam time, no step in between, and tick."""
        self.mono_s += (exam_ms - self.exam_ms()) / 1000
        assert self.exam_ms() == exam_ms
        return self.tick(0.0)

    def tick(self, seconds: float = 0.0) -> ScreenState:
        self.mono_s += seconds
        self.feed(ins.Tick())
        return self.state

    @property
    def state(self) -> ScreenState:
        return self.machine.state(self.now())

    @property
    def screen(self) -> Screen:
        return self.state.screen

    # ---- feeding --------------------------------------------------------------------------

    def feed(self, happened: ins.Input) -> None:
        for effect in self.machine.handle(happened, self.now()):
            self._carry_out(effect)
        self.check()

    def want(self, intent: Any) -> ScreenState:
        self.feed(ins.Wanted(intent))
        self.flush()
        return self.state

    def _carry_out(self, effect: fx.Effect) -> None:
        self.done.append(effect)
        match effect:
            case fx.SendMessage(message):
                if self.up:
                    self.to_server.append(message)
            case fx.AppendEntries():
                self.appends.append(effect)
                if self.auto:
                    self.finish_append()
            case fx.OpenJournal(sitting_id) if self.disk_full:
                self.disk.setdefault(sitting_id, [])
                self.feed(ins.JournalFailed(sitting_id))
            case fx.OpenJournal(sitting_id):
                entries = tuple(self.disk.setdefault(sitting_id, []))
                self.feed(ins.JournalOpened(sitting_id, entries))
            case fx.FetchCiphertext(offer):
                if self.auto:
                    self.feed(ins.CiphertextHeld(offer))
            case fx.OpenPaper():
                self.opening = True
                if self.auto:
                    self.finish_opening()
            case fx.MarkSettled(sitting_id, head):
                self.settled[sitting_id] = head
            case fx.Destroy(paper_id, sitting_id, acknowledged):
                self._destroy(paper_id, sitting_id, acknowledged)

    def _destroy(self, paper_id: str, sitting_id: str, acknowledged: bool) -> None:
        held = self.disk.get(sitting_id, [])
        settled = bool(held) and self.settled.get(sitting_id) == held[-1].hash
        if not held or acknowledged or settled:
            self.disk.pop(sitting_id, None)
            self.destroyed.append(paper_id)
            self.feed(ins.Destroyed(paper_id, sitting_id))
        else:
            self.feed(ins.DestroyRefused(paper_id, sitting_id))

    def finish_append(self) -> None:
        effect = self.appends.popleft()
        if self.disk_full:
            self.feed(ins.AppendFailed(effect.sitting_id))
            return
        self.disk[effect.sitting_id].extend(effect.entries)
        self.claimed.update((entry.seq, entry) for entry in effect.entries)
        self.feed(ins.Appended(effect.sitting_id, effect.entries[-1].seq))

    def finish_opening(self) -> None:
        self.opening = False
        self.feed(ins.PaperUnsealed(paper_index()))

    # ---- the link -------------------------------------------------------------------------

    def connect(self) -> None:
        self.up = self.clock_known = True
        self.to_server.append(self.machine.hello())
        self.feed(ins.LinkUp())

    def cut(self) -> None:
        self.up = False
        self.to_server.clear()
        self.to_station.clear()
        self.feed(ins.LinkDown())

    def serve_one(self) -> None:
        self.to_station.extend(self.server.take(self.to_server.popleft()))

    def hear_one(self) -> None:
        self.feed(ins.Received(self.to_station.popleft()))

    def flush(self) -> ScreenState:
        while self.to_server or self.to_station:
            if self.to_server:
                self.serve_one()
            if self.to_station:
                self.hear_one()
        return self.state

    def tell(self, message: ToStation) -> ScreenState:
        self.to_station.append(message)
        return self.flush()

    def restart(self, last_append_lands: bool = False) -> None:
        """kill -9 and start again: only the disk is left."""
        if self.up:
            self.cut()
        if last_append_lands and self.appends:
            effect = self.appends[0]
            self.disk[effect.sitting_id].extend(effect.entries)
        self.appends.clear()
        self.opening = self.clock_known = False
        self.machine = SessionMachine("1")
        for sitting_id, entries in self.disk.items():
            if entries and self.settled.get(sitting_id) != entries[-1].hash:
                self.feed(ins.JournalOpened(sitting_id, tuple(entries)))

    # ---- shortcuts ------------------------------------------------------------------------

    def to_screen(self, screen: Screen) -> "Bench":
        """The ordinary way to a screen, up to ANSWER."""
        self.connect()
        self.flush()
        if screen is Screen.LOGIN:
            return self
        self.want(EnterLogin("2601", "11X"))
        if screen is Screen.CONFIRM:
            return self
        self.want(ConfirmDetails())
        if screen is Screen.RULES:
            return self
        self.want(AgreeRules())
        self.set_timing(TIMING)
        if screen is Screen.COUNTDOWN:
            return self
        self.release()
        self.at(START)
        self.flush()
        assert self.screen is Screen.ANSWER
        return self

    def set_timing(self, timing: Timing) -> ScreenState:
        self.server.timing = timing
        return self.tell(TimingChanged("s1", timing))

    def release(self) -> None:
        self.server.released = True
        self.tell(FormKey("p1", "A", "wrapped", START))

    def allow_login(self) -> None:
        self.server.login_allowed = True
        self.tell(LoginAllowed("R1"))

    # ---- what must always hold --------------------------------------------------------------

    def check(self) -> None:
        """Never more optimistic than the truth, never open outside the time."""
        state = self.state
        disk = self.disk.get(self.machine.sitting_id, [])
        newest = max((e.seq for e in self._memory_entries() if e.kind == "response"), default=0)
        if state.save_state is SaveState.SYNCED and not self.server_loses:
            assert newest <= len(self.server.entries)
        if state.save_state is SaveState.LOCAL:
            assert newest <= len(disk)
        if state.screen is Screen.ANSWER:
            assert state.timing is not None
            assert state.exam_now_ms >= state.timing.effective_start_ms
        if state.may_submit:
            assert state.timing is not None
            assert state.timing.closed_until_ms <= state.exam_now_ms < state.timing.end_ms
        if state.screen is Screen.RECEIPT:
            assert self.server.state is SittingState.SUBMITTED
            assert state.receipt_code == receipt_code(self.server.head)

    def _memory_entries(self) -> tuple[ResponseEntry, ...]:
        flow = self.machine._memory.flow
        return flow.chain.entries if flow else ()


@pytest.fixture
def bench() -> Bench:
    """A fresh station before a server that allows log-in, ten minutes before the start."""
    return Bench()


@pytest.fixture
def new_bench() -> Callable[[], Bench]:
    """For tests that need many."""
    return Bench
