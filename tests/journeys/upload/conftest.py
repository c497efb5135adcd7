"""A venue's data stages and a stand-in headquarters, with every real part but the exam itself."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from venue_server.backup.service import BackupRules, BackupService, BackupTarget
from venue_server.backup.store import data_state
from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import HeadquartersKeys, init_headquarters
from venue_server.headquarters.service_receipts import Venue as KnownVenue
from venue_server.headquarters.service_receipts import register_venue
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.plan import DesignatedServer
from venue_server.storage import schema
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.upload.delivery import Delivery
from venue_server.upload.extract import SessionExtract, SittingExtract
from venue_server.upload.service import UploadService
from venue_server.upload.settings import Destination, UploadSettings
from venue_server.upload.wiping import Wiping
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.names import DataState
from venue_server.wire.signed import public_keys

NOW_MS = 1_767_225_600_000
SESSION = "S1"


def chain(sitting_id: str, answers: list[tuple[str, dict[str, list[str]]]]) -> list[ResponseEntry]:
    """A sealed chain: the paper opens, each answer, the hand-in."""
    acts = [("open", "", {}), *(("response", *answer) for answer in answers), ("submit", "", {})]
    entries: list[ResponseEntry] = []
    head = genesis(sitting_id)
    for seq, (kind, item, values) in enumerate(acts, start=1):
        displayed = {name: sorted(found) for name, found in values.items()}
        entry = ResponseEntry(
            sitting_id, seq, kind, item, values, displayed, NOW_MS + seq * 1000, head
        )
        entries.append(seal_entry(entry))
        head = entries[-1].hash
    return entries


def sitting(number: int, entries: list[ResponseEntry]) -> SittingExtract:
    """A sitting that was handed in, or an absent one when there are no entries."""
    last = entries[-1] if entries else None
    return SittingExtract(
        sitting_id=f"{SESSION}/{number:02}",
        ticket_no=f"26010101{number:02}",
        name="张三",
        id_number="11010519491231002X",
        room_id="R1",
        seat_no=f"{number:02}",
        machine_id=f"m-{number}",
        form_id="A",
        state="SUBMITTED" if last else "ABSENT",
        entries=lambda: iter(entries),
        submit_kind="EARLY" if last else None,
        opened_at_ms=NOW_MS if last else None,
        submitted_at_ms=last.at_ms if last else None,
        final_seq=last.seq if last else None,
        final_head=last.hash if last else None,
        neighbours=(f"{number + 1:02}",),
    )


def essay(size: int) -> str:
    """Text that no compression makes shorter than ``size`` bytes."""
    return base64.b64encode(os.urandom(size)).decode()


@dataclass
class World:
    """One venue over its folder; :meth:`restart` opens everything anew from disk."""

    root: Path
    headquarters: HeadquartersKeys
    signing: Ed25519PrivateKey
    base_url: str = "https://127.0.0.1:9/"
    certificate_pem: str = ""
    now_ms: int = NOW_MS
    targets: list[BackupTarget] = field(default_factory=list)
    twins: Path | None = None

    def __post_init__(self) -> None:
        self.certificate_pem = self.headquarters.certificate_pem
        for name in ("venue", "disk-a", "disk-b"):
            (self.root / name).mkdir()
        self.targets = [BackupTarget(name, self.root / name) for name in ("disk-a", "disk-b")]
        self._open()

    def _open(self) -> None:
        engine = open_engine(self.root / "venue" / "store.sqlite3")
        migrate(engine)
        self.store = Store(engine)
        self.ledger_file = self.root / "venue" / "ledger.jsonl"
        self.ledger = Ledger(self.store, [self.ledger_file], lambda: self.now_ms)
        self.configure()

    def configure(self, delivery: Delivery | None = None) -> None:
        """Make the services anew, for the present address and certificate."""
        self.destination = Destination(
            DesignatedServer(self.base_url, self.certificate_pem),
            unb64(self.headquarters.bundle_public),
        )
        self.settings = UploadSettings(
            folder=self.root / "venue",
            signing=self.signing,
            destination_of=lambda _session: self.destination,
            twins=lambda: self.twins,
            headquarters_keys=public_keys(self.headquarters.signing_public),
            delivery=delivery or Delivery(timeout_s=5, receipt_wait_s=20),
        )
        clock = self._clock
        self.backup = BackupService(
            self.store,
            self.ledger,
            self.targets,
            clock,
            [self.ledger_file],
            BackupRules(required=2, separate_devices=False),
        )
        self.upload = UploadService(self.store, self.ledger, self.settings, clock, lambda a, b: a)
        self.wiping = Wiping(self.store, self.ledger, self.settings, clock)

    def _clock(self) -> int:
        return self.now_ms

    def restart(self) -> None:
        """What a new process would do."""
        self.store.close()
        self._open()

    def add_session(self, state: DataState) -> None:
        """A plan and one session in ``state``."""

        def insert(tx) -> None:  # type: ignore[no-untyped-def]
            tx.execute(
                schema.plan.insert().values(plan_id="P", document="{}", imported_at_ms=self.now_ms)
            )
            tx.execute(
                schema.session.insert().values(
                    session_id=SESSION, plan_id="P", state="ENDED", data_state=state
                )
            )

            self.ledger.record(tx, Event.SESSION_ENDED, session=SESSION)

        self.store.submit(insert).result()

    def force(self, state: DataState) -> None:
        """Put the session into ``state`` behind everybody's back."""
        self.store.submit(
            lambda tx: tx.execute(update(schema.session).values(data_state=state))
        ).result()

    def state(self) -> DataState | None:
        return self.store.read(lambda tx: data_state(tx, SESSION))

    def events(self) -> list[str]:
        """The ledger's events, in order."""
        lines = self.store.read(
            lambda tx: (
                tx.execute(select(schema.ledger.c.line).order_by(schema.ledger.c.seq))
                .scalars()
                .all()
            )
        )
        return [line.split('"event":"')[1].split('"')[0] for line in lines]

    def extract(self, sittings: list[SittingExtract]) -> SessionExtract:
        return SessionExtract(
            venue_id="V1",
            plan_id="P",
            session_id=SESSION,
            mode="REHEARSAL",
            paper_id="PAPER",
            subject_code="101",
            subject_title="综合知识",
            sittings=sittings,
            ledger_file=self.ledger_file,
        )

    async def sealed(self, essay_bytes: int = 0) -> list[SittingExtract]:
        """Bring the session to SEALED with three sittings, the last of them absent."""
        answers = [("I1", {"RESPONSE": ["B"]}), ("I2", {"RESPONSE": ["甲", "乙"]})]
        if essay_bytes:
            answers.append(("I3", {"RESPONSE": [essay(essay_bytes)]}))
        sittings = [
            sitting(1, chain(f"{SESSION}/01", answers)),
            sitting(2, chain(f"{SESSION}/02", answers[:1])),
            sitting(3, []),
        ]
        self.add_session(DataState.COLLECTED)
        report = await self.backup.make(SESSION, {})
        assert not hasattr(report, "code"), report
        sealed = await self.upload.seal(
            SESSION, self.extract(sittings), {"R1": {"signed": True}}, "p1,p2"
        )
        assert not hasattr(sealed, "code"), sealed
        return sittings


class Proxy:
    """A TCP way to headquarters that counts and can be cut. ``limit`` is how many bytes towards
    headquarters pass before ``on_limit`` is called and every connection is reset."""

    def __init__(self) -> None:
        self.upstream = 0
        self.port = 0
        self.passed = 0
        self.limit: int | None = None
        self.on_limit: Callable[[], None] = lambda: None
        self._writers: set[asyncio.StreamWriter] = set()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, up_writer}
        await asyncio.gather(
            self._pump(reader, up_writer, True), self._pump(up_reader, writer, False)
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: bool
    ) -> None:
        try:
            while data := await reader.read(16384):
                if count and self.limit is not None and self.passed + len(data) > self.limit:
                    self.limit = None
                    self.on_limit()
                    for each in self._writers:
                        each.transport.abort()
                    return
                self.passed += len(data) if count else 0
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.transport.abort() if not count else writer.close()
            self._writers.discard(writer)


@pytest.fixture
def headquarters(tmp_path: Path) -> HeadquartersKeys:
    return init_headquarters(tmp_path / "hq")


@pytest.fixture
def world(tmp_path: Path, headquarters: HeadquartersKeys) -> Iterator[World]:
    signing = Ed25519PrivateKey.generate()
    public = b64(signing.public_key().public_bytes_raw())
    register_venue(headquarters.data_dir, KnownVenue("V1", public))
    made = World(tmp_path, headquarters, signing)
    yield made
    made.store.close()


@pytest.fixture
async def service(world: World) -> AsyncIterator[int]:
    """The stand-in in this process; the world is pointed at it."""
    async with serving(world.headquarters, HeadquartersClock(1.0, NOW_MS)) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        yield port


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    made = Proxy()
    server = await asyncio.start_server(made.handle, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
def kit() -> type["Kit"]:
    return Kit


class Kit:
    """Builders for tests that need parts instead of a world."""

    NOW_MS = NOW_MS
    SESSION = SESSION
    chain = staticmethod(chain)
    sitting = staticmethod(sitting)
    essay = staticmethod(essay)
    replace = staticmethod(replace)
