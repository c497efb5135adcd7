"""An examination day for tables of requirements: the real services over a store of their own.

The venue is that of tests/unit/sitting: 90 minutes, relaxed, so hand-in opens at minute 75.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.unit.sitting.conftest import MINUTE, START, Clock, Headquarters, Venue
from venue_server.ledger.book import Ledger
from venue_server.records.incidents.service import IncidentService
from venue_server.records.violations.service import ViolationService
from venue_server.release.freezing import Freezing
from venue_server.sitting.credit.service import CreditService
from venue_server.sitting.roomtime.service import RoomTimes
from venue_server.sitting.service import SittingService
from venue_server.staff.permissions import may, may_second
from venue_server.staff.person import Person
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.wire.credit_orders import Credit, CreditReason
from venue_server.wire.names import Role, SubmitKind
from venue_server.wire.refusals import Refusal

ROOT = Path(__file__).parents[3]
LEAD_MS = 10_000
DONE = "done"
HEAD = "ab" * 32


@dataclass(frozen=True)
class Day:
    """One venue with everything that decides about its rooms, people and papers."""

    venue: Venue
    times: RoomTimes
    credits: CreditService
    incidents: IncidentService
    violations: ViolationService
    freezing: Freezing

    @property
    def clock(self) -> Clock:
        return self.venue.clock

    @property
    def service(self) -> SittingService:
        return self.venue.service

    async def at_work(self) -> str:
        """Seat 01 of R1 opened its paper at the start; a minute later."""
        sitting_id = await self.venue.ready("01")
        self.clock.minutes(0)
        await self.venue.start()
        await self.venue.open(sitting_id)
        self.clock.minutes(1)
        return sitting_id

    async def handed_in(self, minute: float = 80) -> str:
        """Seat 01 handed in by hand."""
        sitting_id = await self.at_work()
        self.clock.minutes(minute)
        assert await self.submit(sitting_id) == DONE
        return sitting_id

    async def submit(self, sitting_id: str, kind: SubmitKind = SubmitKind.EARLY) -> str:
        return told(await self.service.submit(sitting_id, kind, 9, HEAD))

    async def propose(
        self, sitting_id: str, minutes: int, note: str = "停电", reference: str = ""
    ) -> Credit | Refusal:
        """The invigilator of the room asks for more time, with words and no evidence."""
        why = CreditReason.POWER
        return await self.credits.propose(
            sitting_id, "R1", why, 60 * minutes, note, reference, [], "inv-1"
        )

    def end(self, sitting_id: str) -> float:
        """The candidate's own end, in minutes after the planned start."""
        return minutes(self.service.times_of(self.service.sitting(sitting_id)).end_ms)

    def states(self, sitting_id: str) -> tuple[str, str]:
        one = self.service.sitting(sitting_id)
        return one.state.value, one.submit_kind.value if one.submit_kind else ""

    def last_event(self) -> str:
        return str(self.venue.last_event()["event"])


Play = Callable[[Day], Awaitable[object]]


def at_the_venue(play: Play) -> Callable[[], object]:
    """An outcome played in a venue of its own, from twenty minutes before the start."""

    async def run() -> object:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "venue.db"
            file.write_bytes(_empty_store())
            store = Store(open_engine(file))
            try:
                return await play(await _day(store, Path(folder)))
            finally:
                store.close()

    def outcome() -> object:
        return asyncio.run(run())

    return outcome


@cache
def _empty_store() -> bytes:
    """The file of a store whose tables are made: making them takes longer than most plays."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "venue.db"
        engine = open_engine(file)
        migrate(engine)
        engine.dispose()
        assert not file.with_name("venue.db-wal").exists(), "all of it is in the file"
        return file.read_bytes()


async def _day(store: Store, folder: Path) -> Day:
    clock = Clock(START - 20 * MINUTE)
    ledger = Ledger(store, [folder / "ledger.jsonl"], clock)
    service = SittingService(store, ledger, clock)
    venue = Venue(store, ledger, clock, service, Headquarters())
    await venue.load()
    incidents = IncidentService(store, ledger, clock)
    return Day(
        venue,
        RoomTimes(store, ledger, service, clock, lambda: LEAD_MS),
        CreditService(store, ledger, service, clock, 10_000),
        incidents,
        ViolationService(store, ledger, service, incidents, clock),
        Freezing(store, ledger, clock),
    )


def told(answer: object) -> str:
    """The code of a refusal, ``done`` for everything else."""
    return answer.code.value if isinstance(answer, Refusal) else DONE


def minutes(instant_ms: int) -> float:
    """Minutes after the planned start."""
    return (instant_ms - START) / MINUTE


# ---- who may -------------------------------------------------------------------------------


def person(person_id: str, *roles: Role, rooms: tuple[str, ...] = ()) -> Person:
    return Person(person_id, person_id, frozenset(roles), frozenset(rooms))


CHIEF = person("chief", Role.CHIEF)
DEPUTY = person("deputy", Role.DEPUTY)
ADMIN = person("admin", Role.SYSADMIN)
INVIGILATOR = person("inv-1", Role.INVIGILATOR, rooms=("R1",))
ROVING = person("rove", Role.ROVING, rooms=("R1",))
DIRECTOR = person("director", Role.ZONE_DIRECTOR)
INSPECTOR = person("looks", Role.INSPECTOR)


def ordered_by(who: Person, order: str, room: str = "R1") -> Callable[[], object]:
    return lambda: told(may(who, order, room))


def seconded_by(
    first: Person, second: Person, order: str, room: str = "R1"
) -> Callable[[], object]:
    return lambda: told(may_second(first, second, order, room))


def wants(order: type[msgspec.Struct], field: str) -> Callable[[], object]:
    """Can the order not even be written without this field?"""
    required = {each.name for each in msgspec.structs.fields(order) if each.required}
    return lambda: field in required


# ---- what is shown by a test of another kind -------------------------------------------------


def missing_tests(elsewhere: dict[str, str]) -> list[str]:
    """References ``file::test`` that lead nowhere."""

    def found(reference: str) -> bool:
        path, _, name = reference.partition("::")
        file = ROOT / path
        return file.is_file() and f"def {name}(" in file.read_text(encoding="utf-8")

    return [each for each in elsewhere.values() if not found(each)]
