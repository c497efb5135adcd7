"""Scenes at the door and at the log-in screen that group F's table asks about."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from tests.unit.requirements.stores import fresh_store
from tests.unit.sitting import test_sitting_door_rules as bench
from tests.unit.sitting.conftest import MINUTE, START, Clock, Headquarters, Venue
from venue_server.ledger.book import Ledger
from venue_server.sitting.admission import (
    AtDoor,
    AtScreen,
    DoorVerdict,
    at_door,
    at_screen,
    in_doubt_at_door,
)
from venue_server.sitting.door.service import DoorBook
from venue_server.sitting.service import SittingService
from venue_server.staff.permissions import may, may_second
from venue_server.staff.person import Person
from venue_server.wire import hpke
from venue_server.wire.names import (
    DoubtKind,
    IdDocument,
    ItemKind,
    MediaClass,
    Role,
    SessionState,
    SittingState,
)
from venue_server.wire.refusals import Refusal

OWN, OTHERS = bench.NUMBERS
TWO = "inv-1,inv-2"
TICKET = "3601123401"
DOUBT = f"s1.{TICKET}.1"
HQ = Headquarters()
KEY = hpke.generate()
DOORS_MS = 1_800_000
LATE_MS = 300_000
NORMAL = MediaClass.NORMAL


def code(answer: object) -> str:
    return answer.code.value if isinstance(answer, Refusal) else "allowed"


# ---- pure: at the door -------------------------------------------------------------------

ENTRY = AtDoor("R1", IdDocument.RESIDENT_ID, OWN, id_checked=True, ticket_checked=True)
Doubts = frozenset[DoubtKind]


def _verdict(
    at_ms: int, media: MediaClass, delay_ms: int, doubted: Doubts, by_two: bool, entry: AtDoor
) -> DoorVerdict:
    known, now = (bench.SITTING, bench.CANDIDATE), START + at_ms
    here = bench.session(media, delay_ms)
    if by_two:
        return in_doubt_at_door("R1", here, known, now, doubted)
    return at_door(entry, here, known, now, doubted)


def door(
    at_ms: int = 0,
    media: MediaClass = NORMAL,
    delay_ms: int = 0,
    doubted: tuple[DoubtKind, ...] = (),
    by_two: bool = False,
    **entry: Any,
) -> Callable[[], str]:
    """The answer at ``at_ms`` after the planned start; ``by_two``: two admit in doubt."""
    asked = replace(ENTRY, **entry)
    return lambda: code(_verdict(at_ms, media, delay_ms, frozenset(doubted), by_two, asked).refusal)


def doubts(**entry: Any) -> Callable[[], object]:
    """What does not match, and the state the sitting is in then."""

    def ask() -> object:
        found = _verdict(0, NORMAL, 0, frozenset(), False, replace(ENTRY, **entry))
        return [sorted(found.doubts), found.becomes]

    return ask


def noted(**entry: Any) -> Callable[[], object]:
    """The answer where the registration tells of a rare character, and whether it was noted."""

    def ask() -> object:
        here = msgspec.structs.replace(bench.CANDIDATE, rare_char_note="㐂以喜代")
        known = bench.SITTING, here
        found = at_door(replace(ENTRY, **entry), bench.session(NORMAL, 0), known, START)
        return [code(found.refusal), found.rare, sorted(found.doubts)]

    return ask


def doors_open(before_ms: int) -> Callable[[], str]:
    """The answer before the planned start, while nobody has opened the doors."""
    here = replace(bench.session(NORMAL, 0), state=SessionState.PLANNED, effective_start_ms=None)
    known = bench.SITTING, bench.CANDIDATE
    return lambda: code(at_door(ENTRY, here, known, START - before_ms).refusal)


# ---- pure: at the screen -----------------------------------------------------------------

SCREEN = AtScreen("m01", "R1", "01", OWN)


def screen(
    at_ms: int = 0,
    cutoff_s: int | None = None,
    state: SittingState = SittingState.ADMITTED,
    live_at: str = "",
    alive: bool = True,
    moved_to: str | None = None,
    login_rooms: frozenset[str] = frozenset({"R1"}),
    logged_in: bool = False,
    **entry: Any,
) -> Callable[[], object]:
    """The answer to a log-in; ``live_at``: the machine the candidate is logged in at already."""

    def ask() -> object:
        planned = msgspec.structs.replace(bench.PLANNED, login_cutoff_s=cutoff_s)
        here = replace(bench.session(NORMAL, 0), planned=planned, login_rooms=login_rooms)
        since = START if logged_in or live_at else None
        sitting = replace(bench.SITTING, state=state, machine_id=live_at, logged_in_at_ms=since)
        refusal = at_screen(
            replace(SCREEN, **entry),
            here,
            here.times_in("R1"),
            (sitting, bench.CANDIDATE),
            lambda _machine: alive,
            START + at_ms,
            moved_to,
        )
        return [code(refusal), refusal.detail] if refusal and refusal.detail else code(refusal)

    return ask


# ---- who may -----------------------------------------------------------------------------


def person(person_id: str, role: Role, *rooms: str) -> Person:
    return Person(person_id, person_id, frozenset({role}), frozenset(rooms), START)


I1, I2 = (person(name, Role.INVIGILATOR, "R1") for name in ("inv-1", "inv-2"))
CHIEF, ADMIN = person("chief", Role.CHIEF), person("admin", Role.SYSADMIN)


def order(who: Person, name: str, room: str = "R1") -> Callable[[], str]:
    return lambda: code(may(who, name, room))


def second(first: Person, other: Person, name: str) -> Callable[[], str]:
    return lambda: code(may_second(first, other, name, "R1"))


# ---- stories over a store ----------------------------------------------------------------

Story = Callable[[Venue, DoorBook], Awaitable[object]]


def story(tell: Story, **plan: Any) -> Callable[[], object]:
    """A story of one venue twenty minutes before the start, in a store of its own."""

    async def run() -> object:
        with tempfile.TemporaryDirectory() as folder:
            clock = Clock(START - 20 * MINUTE)
            store = fresh_store(Path(folder))
            ledger = Ledger(store, [Path(folder) / "ledger.jsonl"], clock)
            service = SittingService(store, ledger, clock)
            venue = Venue(store, ledger, clock, service, HQ)
            try:
                await venue.load(**plan)
                book = DoorBook(store, ledger, service, clock, KEY)
                return await tell(venue, book)
            finally:
                store.close()

    return lambda: asyncio.run(run())


def state(venue: Venue, session: str = "s1", seat: str = "01") -> str:
    found = venue.service.sitting(f"{session}.36011234{seat}")
    return found.state.value if found else ""


async def admit_in_doubt(venue: Venue) -> str:
    return code(await venue.service.admit_in_doubt("s1", "R1", TICKET, "照片旧", TWO))


async def correct(book: DoorBook, name: str = "", number: str = "", reason: str = "误") -> str:
    return code(await book.request_correction("s1", "R1", TICKET, name, number, reason, "inv-1"))


async def keep(book: DoorBook, what: str = "手机", ticket: str = TICKET) -> str:
    kept = await book.keep_item("s1", "R1", ticket, ItemKind.TOOL, what, True, TWO)
    return code(kept) if isinstance(kept, Refusal) else kept.receipt_no


def owed(book: DoorBook, session: str = "s1") -> list[tuple[str, bool]]:
    """(requirement, keeps the answers from being sealed) of each open point at the door."""
    return [(point.rule, point.blocks_sealing) for point in book.open_points(session)]
