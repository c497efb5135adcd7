"""A venue with a signed plan, two rooms and five candidates, on a clock the test sets."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from tests.designated import destination
from venue_server.ledger.book import Ledger
from venue_server.sitting.rows import Sitting
from venue_server.sitting.service import AdmittedView, SittingService
from venue_server.storage import schema
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.wire.names import IdDocument, Mode
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import key_id, sign

START = 1_790_000_000_000
MINUTE = 60_000
ID_NUMBERS = [
    "11010519491231002X",
    "440524188001010014",
    "110101199003070011",
    "110101199003070038",
    "110101199003070054",
]


class Clock:
    """Exam time as the test wants it."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def minutes(self, after_start: float) -> None:
        """Set the time in minutes relative to the planned start."""
        self.now = START + int(after_start * MINUTE)


def candidate(number: int, room: str, seat: str) -> dict[str, Any]:
    return {
        "ticket_no": f"36011234{seat}",
        "name": f"应试{number}",
        "id_document": "RESIDENT_ID",
        "id_number": ID_NUMBERS[number],
        "room_id": room,
        "seat_no": seat,
    }


def session(session_id: str = "s1", **changes: Any) -> dict[str, Any]:
    one: dict[str, Any] = {
        "session_id": session_id,
        "subject_code": "ECO-1",
        "subject_title": "经济基础知识",
        "start_ms": START,
        "duration_s": 5400,
        "media_class": "NORMAL",
        "relaxed": True,
        "receipt_open_ms": START - 120 * MINUTE,
        "receipt_close_ms": START - 10 * MINUTE,
        "receipt_limit_s": 3600,
        "admission_open_s": 1800,
        "candidates": [
            candidate(0, "R1", "01"),
            candidate(1, "R1", "02"),
            candidate(2, "R1", "03"),
            candidate(3, "R2", "04"),
            candidate(4, "R2", "05"),
        ],
    }
    return {**one, **changes}


def payload(**changes: Any) -> dict[str, Any]:
    seats = [("R1", "01"), ("R1", "02"), ("R1", "03"), ("R2", "04"), ("R2", "05")]
    plan: dict[str, Any] = {
        "type": "kaodian.plan",
        "version": "1.0",
        "plan_id": "p1",
        "venue_id": "v1",
        "venue_name": "第一考点",
        "exam_title": "经济专业技术资格考试",
        "mode": "REHEARSAL",
        "rooms": [{"room_id": "R1", "name": "第1考场"}, {"room_id": "R2", "name": "第2考场"}],
        "seats": [
            {"room_id": room, "seat_no": seat, "x": place, "y": 0}
            for place, (room, seat) in enumerate(seats)
        ],
        "sessions": [session()],
        **destination(),
    }
    return {**plan, **changes}


@dataclass
class Headquarters:
    """Keys that sign plans; ``accepted`` is what the venue pins."""

    keys: list[Ed25519PrivateKey] = field(
        default_factory=lambda: [Ed25519PrivateKey.generate() for _ in range(2)]
    )

    @property
    def accepted(self) -> dict[str, Any]:
        return {key_id(key.public_key()): key.public_key() for key in self.keys}

    def plan(self, **changes: Any) -> bytes:
        return json.dumps(sign(payload(**changes), self.keys), ensure_ascii=False).encode()


@dataclass
class Venue:
    """The services under test and a few ways to get people to their places."""

    store: Store
    ledger: Ledger
    clock: Clock
    service: SittingService
    hq: Headquarters
    start_ms: int = START
    minute: int = MINUTE
    numbers: tuple[str, ...] = tuple(ID_NUMBERS)
    planned_session = staticmethod(session)

    async def load(self, **changes: Any) -> Any:
        return await self.service.import_plan(
            self.hq.plan(**changes), self.hq.accepted, 2, "v1", Mode.REHEARSAL
        )

    async def admit(self, seat: str, room: str = "R1", **changes: Any) -> AdmittedView | Refusal:
        number = int(seat) - 1
        values: dict[str, Any] = {
            "session_id": "s1",
            "room_id": room,
            "ticket_no": f"36011234{seat}",
            "id_document": IdDocument.RESIDENT_ID,
            "id_number": ID_NUMBERS[number],
            "id_checked": True,
            "ticket_checked": True,
            "actor": "inv-1",
        }
        return await self.service.admit(**{**values, **changes})

    async def log_in(self, seat: str, room: str = "R1", **changes: Any) -> Sitting | Refusal:
        values: dict[str, Any] = {
            "session_id": "s1",
            "machine_id": f"m{seat}",
            "room_id": room,
            "seat_no": seat,
            "ticket_no": f"36011234{seat}",
            "id_number": ID_NUMBERS[int(seat) - 1],
            "alive": lambda _machine: False,
        }
        return await self.service.log_in(**{**values, **changes})

    async def ready(self, seat: str, room: str = "R1") -> str:
        """Admit, log in, confirm, acknowledge; returns the sitting's id."""
        assert await self.service.allow_login("s1", room, "inv-1") is None
        assert isinstance(await self.admit(seat, room), AdmittedView)
        sitting = await self.log_in(seat, room)
        assert isinstance(sitting, Sitting), sitting
        assert isinstance(await self.service.confirm(sitting.sitting_id), Sitting)
        done = await self.service.acknowledge_rules(sitting.sitting_id, "1")
        assert isinstance(done, Sitting)
        return sitting.sitting_id

    async def start(self, late_ms: int = 0) -> None:
        assert await self.service.arm_session("s1") is None
        assert await self.service.start_session("s1", START + late_ms) is None

    async def open(self, sitting_id: str) -> None:
        assert isinstance(await self.service.opened(sitting_id, self.clock.now), Sitting)

    def events(self) -> list[dict[str, Any]]:
        rows = self.store.read(
            lambda tx: tx.execute(select(schema.ledger.c.line).order_by(schema.ledger.c.seq)).all()
        )
        return [json.loads(row.line) for row in rows]

    def last_event(self) -> dict[str, Any]:
        return self.events()[-1]


@pytest.fixture
def clock() -> Clock:
    return Clock(START - 20 * MINUTE)


@pytest.fixture
def hq() -> Headquarters:
    return Headquarters()


@pytest.fixture
def make_venue(tmp_path: Path, clock: Clock, hq: Headquarters) -> Iterator[Callable[[], Venue]]:
    """Open the venue's store (again: as after a restart)."""
    opened: list[Venue] = []

    def make() -> Venue:
        for venue in opened:
            venue.store.close()
        opened.clear()
        engine = open_engine(tmp_path / "venue.db")
        migrate(engine)
        store = Store(engine)
        ledger = Ledger(store, [tmp_path / "ledger.jsonl"], clock)
        opened.append(Venue(store, ledger, clock, SittingService(store, ledger, clock), hq))
        return opened[0]

    yield make
    for venue in opened:
        venue.store.close()


@pytest.fixture
async def venue(make_venue: Callable[[], Venue]) -> Venue:
    """A venue with its plan imported, twenty minutes before the start."""
    one = make_venue()
    await one.load()
    return one


@pytest.fixture
def plan_payload() -> dict[str, Any]:
    """A plan's payload before it is signed; the test's own to change."""
    return payload()
