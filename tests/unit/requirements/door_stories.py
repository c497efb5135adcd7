"""Stories at the door of one venue, order by order: what was answered, and what stands then."""

from tests.unit.requirements.door_scenes import (
    DOUBT,
    LATE_MS,
    OTHERS,
    TWO,
    admit_in_doubt,
    code,
    correct,
    keep,
    owed,
    state,
)
from tests.unit.sitting.conftest import MINUTE, START, Venue, session
from venue_server.sitting.door.service import DoorBook
from venue_server.wire.names import ChiefWord, PersonCheck

LINKED = [
    session("s1", group="day"),
    session("s2", group="day", start_ms=START + 130 * MINUTE),
]


async def documents(venue: Venue, _book: DoorBook) -> object:
    one = code(await venue.admit("01", ticket_checked=False))
    return [one, state(venue), code(await venue.admit("01")), state(venue)]


async def corrections(venue: Venue, book: DoorBook) -> object:
    both, name = await correct(book, "张三", OTHERS), await correct(book, "张三")
    return [both, name, await correct(book, number=OTHERS), await correct(book, "张㐂")]


async def nothing_is_applied(venue: Venue, book: DoorBook) -> object:
    before = venue.service.plan
    return [await correct(book, number=OTHERS), venue.service.plan == before]


async def late_stays_late(venue: Venue, _book: DoorBook) -> object:
    """One in the last millisecond, one at the cut-off and again forty minutes later."""
    await venue.start()
    venue.clock.now = START + LATE_MS - 1
    answers = [code(await venue.admit("02"))]
    venue.clock.now += 1
    answers.append(code(await venue.admit("01")))
    told = venue.last_event()["event"]
    venue.clock.now = START + 40 * MINUTE
    return [*answers, told, code(await venue.admit("01")), state(venue)]


async def delayed(venue: Venue, _book: DoorBook) -> object:
    """A start fifteen minutes late moves the cut-off with it."""
    await venue.start(late_ms=15 * MINUTE)
    venue.clock.now = START + 15 * MINUTE + LATE_MS - 1
    last = code(await venue.admit("01"))
    venue.clock.now += 1
    return [last, code(await venue.admit("02"))]


async def belongings(venue: Venue, _book: DoorBook) -> object:
    await venue.admit("01", belongings_checked=True)
    return venue.last_event()["data"]["belongings_checked"]


async def kept(_venue: Venue, book: DoorBook) -> object:
    receipts = [await keep(book), await keep(book, "计算器")]
    back = [
        code(await book.return_item(room, "W0001", True, "", TWO)) for room in ("R2", "R1", "R1")
    ]
    before = owed(book)
    await book.return_item("R1", "W0002", False, "民警", TWO)
    return [receipts, back, before, owed(book)]


async def not_kept(_venue: Venue, book: DoorBook) -> object:
    return [
        await keep(book, " "),
        await keep(book, ticket="99"),
        await keep(book, ticket="3601123404"),
    ]


async def provisional(venue: Venue, book: DoorBook) -> object:
    """In doubt, let in by two, settled by two."""
    answers = [code(await venue.admit("01", person=PersonCheck.DOUBT)), state(venue)]
    answers += [code(await venue.admit("01")), await admit_in_doubt(venue), state(venue)]
    open_then = owed(book)
    answers.append(code(await book.settle("R2", DOUBT, True, "", TWO)))
    answers.append(code(await book.settle("R1", DOUBT, True, "", TWO)))
    return [answers, open_then, owed(book)]


async def not_verified(venue: Venue, book: DoorBook) -> object:
    await venue.admit("01", person=PersonCheck.DOUBT)
    await admit_in_doubt(venue)
    early = code(await book.decide(DOUBT, ChiefWord.REFERRED, "x", "chief"))
    await book.settle("R1", DOUBT, False, "", TWO)
    still = owed(book)
    done = code(await book.decide(DOUBT, ChiefWord.REFERRED, "x", "chief"))
    return [early, still, done, owed(book)]


async def without_a_doubt(venue: Venue, _book: DoorBook) -> object:
    return [await admit_in_doubt(venue), state(venue)]


async def one_admission(venue: Venue, _book: DoorBook) -> object:
    return [code(await venue.admit("01")), state(venue), state(venue, "s2")]


async def missed_the_first(venue: Venue, _book: DoorBook) -> object:
    """Late for the first; in time, and at the cut-off, for the second."""
    await venue.start()
    venue.clock.now = START + LATE_MS
    answers = [code(await venue.admit("01")), state(venue, "s2")]
    venue.clock.now = START + 130 * MINUTE
    answers.append(code(await venue.admit("01", session_id="s2")))
    return [*answers, state(venue), state(venue, "s2")]


async def doubt_in_both(venue: Venue, book: DoorBook) -> object:
    await venue.admit("01", person=PersonCheck.DOUBT)
    before = state(venue, "s2")
    await admit_in_doubt(venue)
    return [before, state(venue, "s2"), owed(book, "s2")]
