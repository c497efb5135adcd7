"""A bench for the session machine: a model of the server, of the disk, of the link and of time.

Nothing on the bench sleeps or runs concurrently; the test decides what happens next. For the driver
the same model of the server stands behind real sockets (LanVenue).
"""

import hashlib
import io
import os
import ssl
import time
import zipfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from candidate_station.session import effects as fx
from candidate_station.session import inputs as ins
from candidate_station.session.intents import AgreeRules, ConfirmDetails, EnterLogin
from candidate_station.session.machine import SessionMachine
from candidate_station.session.screen_state import SaveState, Screen, ScreenState
from venue_server.stations.authority import create_authority, server_name
from venue_server.wire import enrolment as wire_enrolment
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.chain import ResponseEntry, follows, genesis
from venue_server.wire.codec import decode_station, encode
from venue_server.wire.form_key import wrap_form_key, wrapping_info
from venue_server.wire.messages import (
    MAX_FRAME,
    PaperSeal,
    Refused,
    SessionBrief,
    TimePing,
    TimePong,
    Timing,
)
from venue_server.wire.names import MediaClass, Mode, SittingState, SubmitKind
from venue_server.wire.paper_index import (
    FORMAT,
    InteractionIndex,
    ItemIndex,
    PaperIndex,
    SectionIndex,
)
from venue_server.wire.receipt_code import receipt_code
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.start_code import StartCodeSeal
from venue_server.wire.station_messages import (
    AcknowledgeRules,
    CandidateBrief,
    ConfirmIdentity,
    FormKey,
    GetHistory,
    Heartbeat,
    History,
    LoggedIn,
    LogIn,
    LoginAllowed,
    PaperOffer,
    PaperOpened,
    PaperReady,
    Save,
    SaveAck,
    SittingView,
    StationHello,
    StationMessage,
    Submit,
    SubmitReceipt,
    TimingChanged,
    ToStation,
    Welcome,
    WrappingKey,
)
from venue_server.wire.stream import seal_stream
from venue_server.wire.swap_orders import Moved, OfferTail, SittingMoved
from venue_server.wire.wiping_orders import PaperWiped

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
    revoked_s: int = 0
    released: bool = False
    receipts: list[SubmitReceipt] = field(default_factory=list)
    saved_twice: int = 0
    wiped: list[str] = field(default_factory=list)
    heartbeats: list[Heartbeat] = field(default_factory=list)
    opened_at: list[int] = field(default_factory=list)
    sitting_id: str = "s1"
    refuse_login: RefusalCode | None = None
    sees_sitting: bool = True
    make_keys: Callable[[], list[ToStation]] | None = None
    offer: PaperOffer = OFFER
    station_id: str = "st1"
    part: int = 1_000_000  # entries of a history in one message
    moved_to: str = ""  # the seat of the spare at which the sitting goes on
    settled: bool = True
    tail: list[ResponseEntry] = field(default_factory=list)  # what the old machine brought
    start_code: StartCodeSeal | None = None  # of the room, known from the release on (E04)

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
            list(history[: self.part]),
            revoked_s=self.revoked_s,
            start_code=self.asked_code,
        )

    @property
    def asked_code(self) -> StartCodeSeal | None:
        """Nobody is asked whose paper was open."""
        asks = self.timing is not None and self.state is not SittingState.IN_PROGRESS
        return self.start_code if asks else None

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
            case GetHistory(n, _, after):
                return [History(n, self.sitting_id, self.entries[after : after + self.part])]
            case Submit():
                return [self._submit(message)]
            case OfferTail(_, entries):
                self.tail += [each for each in entries if each not in self.tail]
                return [SittingMoved(self.moved(entries[-1]))]
            case Heartbeat():
                self.heartbeats.append(message)
            case PaperWiped(paper_id):
                self.wiped.append(paper_id)
        return []

    def moved(self, last: ResponseEntry | None = None) -> Moved:
        """What a machine hears that the candidate has left."""
        kept = (last.seq, last.hash) if last else (len(self.entries), self.head)
        return Moved(self.sitting_id, self.moved_to, *kept, settled=self.settled)

    def keys(self) -> list[ToStation]:
        if self.make_keys is not None:
            return self.make_keys()
        keys: list[ToStation] = [WrappingKey("p1", "A", "sealed")]
        if self.released:
            keys.append(FormKey("p1", "A", "wrapped", START))
        return keys

    def _hello(self, hello: StationHello) -> list[ToStation]:
        after = hello.last_seq if hello.sitting_id == self.sitting_id else 0
        here = self.sees_sitting and self.state is not None
        sitting = self.view(after) if here else None
        welcome = Welcome(self.station_id, "考点", "R1", "01", BRIEF, self.login_allowed, sitting)
        if self.moved_to and hello.sitting_id == self.sitting_id:
            welcome = msgspec.structs.replace(welcome, moved=self.moved())
        given = self.keys() if hello.have_paper == self.offer.sha256 else []
        return [welcome, self.offer, *given]

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
            until_ms = 0 if self.timing is None else self.timing.end_ms + 1000 * self.revoked_s
            late = entry.at_ms > until_ms
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
        self.index = paper_index()
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
        self.feed(ins.PaperUnsealed(self.index))

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
            assert self.server.state in (SittingState.SUBMITTED, SittingState.EXITED)
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


# ---- the same server on real sockets -----------------------------------------------------------

NAMES = {"R": "identifier", "T": "string", "E": "string", "L": "identifier"}
KINDS = {"R": "choice", "T": "text-entry", "E": "extended-text", "L": "inline-choice"}
BODIES = {
    "R": """<qti-choice-interaction response-identifier="R" max-choices="1" shuffle="true">
        <qti-simple-choice identifier="A">甲</qti-simple-choice>
        <qti-simple-choice identifier="B">乙</qti-simple-choice></qti-choice-interaction>""",
    "T": """<p>填空 <qti-text-entry-interaction response-identifier="T"/></p>""",
    "E": """<qti-extended-text-interaction response-identifier="E"/>""",
    "L": """<p>选择 <qti-inline-choice-interaction response-identifier="L" shuffle="false">
        <qti-inline-choice identifier="A">甲</qti-inline-choice>
        <qti-inline-choice identifier="B">乙</qti-inline-choice>
        </qti-inline-choice-interaction></p>""",
}


def sealed_paper(key: bytes) -> bytes:
    """A small paper with one item of each kind, sealed under ``key``."""
    items, files = {}, {}
    for number, response_id in enumerate(BODIES, start=1):
        name = f"q{number}"
        part = InteractionIndex(response_id, KINDS[response_id], "single", NAMES[response_id])
        items[name] = ItemIndex(name, f"{name}.xml", name, [], [part])
        files[f"{name}.xml"] = (
            f'<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
            f'identifier="{name}" title="{name}"><qti-item-body>{BODIES[response_id]}'
            f"</qti-item-body></qti-assessment-item>"
        ).encode()
    section = SectionIndex("A", "一", "", list(items))
    index = PaperIndex(FORMAT, "p1", "A", "S1", "卷", "zh", "seed", [section], items, {})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("paper.json", msgspec.json.encode(index))
        for name, content in files.items():
            archive.writestr(name, content)
    return b"".join(seal_stream(key, [packed.getvalue()], 1024))


class LanVenue:
    """Enrolment and main listener of a venue whose time runs ``rate`` times as fast.

    Every enrolled machine gets the next seat and a sitting of its own. ``lead_s`` and ``lasts_s``
    are real seconds until the start and of the examination.
    """

    def __init__(self, folder: Path, rate: float, lead_s: float, lasts_s: float) -> None:
        folder.mkdir()
        self.authority = create_authority(folder, "V01")
        self.rate = rate
        self.began = time.monotonic()
        self.start_ms = START + round(lead_s * rate * 1000)
        length = round(lasts_s * rate * 1000)
        self.timing = Timing(
            self.start_ms,
            self.start_ms + length,
            self.start_ms + round(length * 0.7),
            self.start_ms + length,
        )
        self.key = os.urandom(32)
        self.paper = sealed_paper(self.key)
        digest = hashlib.sha256(self.paper).hexdigest()
        seal = PaperSeal("p1", "A", digest[:8], True)
        self.offer = PaperOffer(seal, "/papers/p1/A", len(self.paper), digest)
        self.codes: list[str] = []
        self.servers: dict[str, Server] = {}
        self.pending: dict[str, tuple[Any, Any]] = {}
        self.hpke: dict[str, bytes] = {}
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self.runners: list[web.AppRunner] = []
        self.released = False
        self.deaf = False
        self.hesitates = False  # the next machine has to ask twice whether it is confirmed
        self.port = self.enrol_port = 0

    def exam_ms(self) -> int:
        return START + round((time.monotonic() - self.began) * self.rate * 1000)

    async def open(self) -> "LanVenue":
        enrol = web.Application()
        enrol.router.add_post("/enrol/{step}", self._enrol)
        main = web.Application()
        main.router.add_get("/station", self._station)
        main.router.add_get("/papers/p1/A", self._paper)
        self.enrol_port = await self._listen(
            enrol, self.authority.enrolment_context(), self.enrol_port
        )
        self.port = await self._listen(main, self.authority.listener_context(), self.port)
        return self

    async def close(self) -> None:
        """As a crash: every connection is gone, memory of who is connected too."""
        for socket in self.sockets.values():
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
        self.sockets.clear()
        for runner in self.runners:
            await runner.cleanup()
        self.runners.clear()

    async def _listen(self, app: web.Application, context: ssl.SSLContext, port: int) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self.runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=context, reuse_address=True)
        await site.start()
        return int(runner.addresses[0][1])

    async def _enrol(self, request: web.Request) -> web.Response:
        body = await request.read()
        answer: Any
        match request.match_info["step"]:
            case "begin":
                nonce, number = os.urandom(32), str(len(self.pending))
                self.pending[number] = (nonce, None)
                answer = wire_enrolment.Begun(number, self.authority.pem, nonce.hex())
            case "reveal":
                reveal = msgspec.json.decode(body, type=wire_enrolment.Reveal)
                nonce = self.pending[reveal.enrolment_id][0]
                self.pending[reveal.enrolment_id] = (nonce, reveal)
                csr = x509.load_pem_x509_csr(reveal.csr_pem.encode())
                self.codes.append(
                    wire_enrolment.code(
                        self.authority.der,
                        csr.public_bytes(serialization.Encoding.DER),
                        unb64(reveal.hpke_public),
                        bytes.fromhex(reveal.nonce),
                        nonce,
                    )
                )
                answer = wire_enrolment.Revealed(reveal.enrolment_id)
            case _:
                poll = msgspec.json.decode(body, type=wire_enrolment.Poll)
                waits, self.hesitates = self.hesitates, False
                reveal = self.pending[poll.enrolment_id][1]
                answer = wire_enrolment.Outcome("waiting") if waits else self._confirm(reveal)
        return web.Response(body=msgspec.json.encode(answer), content_type="application/json")

    def _confirm(self, reveal: Any) -> Any:
        number = len(self.servers) + 1
        machine_id = f"st{number:02d}"
        cert = self.authority.issue(reveal.csr_pem, machine_id)
        assert isinstance(cert, str)
        self.hpke[machine_id] = unb64(reveal.hpke_public)
        server = Server(self.exam_ms, sitting_id=f"s{number:02d}", station_id=machine_id)
        server.offer = self.offer
        server.make_keys = lambda: self.keys(machine_id)
        self.servers[machine_id] = server
        return wire_enrolment.Outcome(
            "confirmed",
            None,
            cert,
            machine_id,
            server_name("V01"),
            [],
            2,
            addresses=[f"127.0.0.1:{self.port}"],
        )

    def keys(self, machine_id: str) -> list[ToStation]:
        """A fresh wrapping key, and the form key under it once released."""
        wrapping = os.urandom(32)
        sealed = hpke.seal(self.hpke[machine_id], wrapping, wrapping_info("p1", "A", machine_id))
        keys: list[ToStation] = [WrappingKey("p1", "A", b64(sealed))]
        if self.released:
            wrapped = wrap_form_key(wrapping, self.key, "p1", "A")
            keys.append(FormKey("p1", "A", b64(wrapped), self.start_ms))
        return keys

    async def release(self) -> None:
        """The release point: timing and keys to everybody."""
        self.released = True
        for machine_id, server in self.servers.items():
            server.timing = self.timing
            code = server.asked_code
            told = TimingChanged(server.sitting_id, self.timing, start_code=code)
            await self._say(machine_id, told)
            for key in self.keys(machine_id):
                await self._say(machine_id, key)

    async def say(self, message: ToStation) -> None:
        """To every station."""
        for machine_id in list(self.sockets):
            await self._say(machine_id, message)

    async def _say(self, machine_id: str, message: ToStation) -> None:
        socket = self.sockets.get(machine_id)
        if socket is not None and not socket.closed:
            with suppress(ConnectionError):
                await socket.send_str(encode(message))

    async def _station(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        certificate = request.transport.get_extra_info("peercert")
        machine_id = next(value for ((_, value),) in certificate["subject"] if value[:2] == "st")
        socket = web.WebSocketResponse(max_msg_size=MAX_FRAME)
        await socket.prepare(request)
        self.sockets[machine_id] = socket
        try:
            await self._converse(machine_id, socket)
        finally:
            if self.sockets.get(machine_id) is socket:
                del self.sockets[machine_id]
        return socket

    async def _converse(self, machine_id: str, socket: web.WebSocketResponse) -> None:
        async for frame in socket:
            message = decode_station(frame.data)
            if isinstance(message, TimePing):
                pong = TimePong(message.n, message.mono_ms, float(self.exam_ms()), self.rate)
                await socket.send_str(encode(pong))
            elif not self.deaf:
                assert not isinstance(message, Refusal)
                for answer in self.servers[machine_id].take(message):
                    await socket.send_str(encode(answer))

    async def _paper(self, request: web.Request) -> web.Response:
        span = request.http_range
        part = self.paper[span]
        begin = span.start or 0
        headers = {"Content-Range": f"bytes {begin}-{begin + len(part) - 1}/{len(self.paper)}"}
        return web.Response(body=part, status=206, headers=headers)


@pytest.fixture
async def lan(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Opens venues on real sockets; all are closed afterwards."""
    opened: list[LanVenue] = []

    async def start(rate: float, lead_s: float, lasts_s: float) -> LanVenue:
        venue = LanVenue(tmp_path / f"venue{len(opened)}", rate, lead_s, lasts_s)
        opened.append(venue)
        return await venue.open()

    yield start
    for venue in opened:
        await venue.close()
