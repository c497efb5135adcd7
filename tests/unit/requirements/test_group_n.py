"""Group N, information management: the whole group's law in one table.

``TABLE`` asks the pure rules; ``BOOK`` asks the ledger itself; ``DAY`` asks the services of one
small session that has ended.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from tests.unit import test_ledger_book as book_kit
from tests.unit import test_ledger_verify as verify_kit
from tests.unit import test_staff_duty as duty_kit
from tests.unit.requirements import ended_day
from tests.unit.requirements.ended_day import DayRow, exported, sealed_by, signs, word
from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.sitting import test_records_rules as rules_kit
from tests.unit.sitting.test_records_filling import Day
from tests.unit.test_ledger_book import Book
from tests.unit.test_staff_duty import ADMIN, CHIEF, INV, NOW, OTHER
from tests.unit.venue import test_pending as pending_kit
from venue_server.gateway.pace import BURST, FRAMES_PER_S, TURN, Pace
from venue_server.ledger.book import compare
from venue_server.ledger.catalogue import Event
from venue_server.ledger.corrections import missing_of_correction
from venue_server.ledger.verify import verify_lines
from venue_server.records.filling import LONGEST_TEXT
from venue_server.records.stages import STAGES, stamps
from venue_server.staff.duty.rows import Delegation, Duty
from venue_server.staff.duty.rules import LONGEST_DELEGATION_MS, Wanted, delegation_problem
from venue_server.staff.permissions import RULES, Named, may, may_second, second_rule
from venue_server.staff.person import Person
from venue_server.staff.two_people import checker, same_two
from venue_server.stations.pending import BEGUN_REAL_S, PENDING_REAL_S, SETTLED_REAL_S, PendingList
from venue_server.wire.names import Role, SessionState
from venue_server.wire.refusals import Refusal

clock, hq, make_venue = ended_day.clock, ended_day.hq, ended_day.make_venue
venue, day = ended_day.venue, ended_day.day
make_book, book = book_kit.make_book, book_kit.book

LINES = verify_kit.LINES
TWO_PEOPLE = {
    "ImportPlan",
    "OpenReceipt",
    "ImportFolder",
    "FetchPackages",
    "CloseReceipt",
    "ImportAgreed",
    "AddPerson",
    "ArmRelease",
    "SealSession",
    "SealAnew",
    "UploadSession",
    "ExportBundle",
    "HandOverBundles",
    "WipeSession",
    "DestroyKept",
    "EnterScorePublication",
    "SetLegalHold",
}
"""Roster, plan and papers, release, sealing (with which backup and upload begin), handing over,
wiping, destroying."""


# ---- the pure rules ----------------------------------------------------------------------


def judged(*lines: bytes) -> Callable[[], str]:
    return lambda: verify_lines(lines).problem


def flipped(line: int) -> list[bytes]:
    """The ledger with one bit of one line turned."""
    raw = bytearray(LINES[line])
    raw[40] ^= 1
    return [*LINES[:line], bytes(raw), *LINES[line + 1 :]]


def checks(first: Person, second: Person, order: str) -> Callable[[], str]:
    def ask() -> str:
        refusal = may_second(first, second, order)
        return refusal.code.value if refusal else "done"

    return ask


def gives(who: str, order: str, at_ms: int) -> Callable[[], str]:
    """May they give the order at that instant? B has the administrator's post for a minute."""

    def ask() -> str:
        post = duty_kit.post(Role.SYSADMIN, "admin", "deputy")
        person = duty_kit.now_is(Duty((post,)), at_ms)[who]
        refusal = may(person, order)
        return refusal.code.value if refusal else "done"

    return ask


def takes_over(**changes: object) -> Callable[[], str]:
    """B (a deputy) takes over from A (the administrator), with another administrator's word."""
    asked: Wanted = duty_kit.wanted(role=Role.SYSADMIN, giver=ADMIN, first=OTHER)
    asked = replace(asked, **changes)  # type: ignore[arg-type]

    def ask() -> str:
        refusal = delegation_problem(asked, duty_kit.EVERYONE, Duty(), NOW)
        return refusal.code.value if refusal else "done"

    return ask


OPENED = ("admin", "chief")
"""Who opened the receipt. Under the sealing the same two, the chief first."""
FETCH, UPLOAD = "FetchPackages", "UploadSession"


def checked_by(
    who: str, order: str, *posts: Delegation, gone: str = "", moved: Person | None = None
) -> Callable[[], str]:
    """Who checks what ``who`` performs; ``gone`` may not act now, ``moved`` is somebody else."""

    def ask() -> str:
        people = duty_kit.now_is(Duty(posts))
        people |= {moved.person_id: moved} if moved else {}
        people |= {gone: replace(people[gone], active=False)} if gone else {}
        named = RULES[order].named
        assert named is not None
        signed = OPENED if named is Named.RECEIPT else OPENED[::-1]
        found = checker(people[who], signed, named, order, list(people.values()), posts)
        return found.code.value if isinstance(found, Refusal) else found.person_id

    return ask


def two_are(first: str, second: str, *posts: Delegation) -> Callable[[], bool]:
    return lambda: same_two((first, second), OPENED, posts)


CHIEFS_POST = duty_kit.post(Role.CHIEF, "chief", "deputy")
ADMINS_POST = duty_kit.post(Role.SYSADMIN, "admin", "deputy")


def stage(dataset: str, name: str) -> Callable[[], tuple[int | None, int]]:
    """(when, which entry) of a stage of session s1, from a ledger of four entries."""

    def ask() -> tuple[int | None, int]:
        ledger = [
            rules_kit.entry(1, Event.PLAN_IMPORTED, sessions=["s1", "s2"]),
            rules_kit.entry(2, Event.RECONCILED, session="s2"),
            rules_kit.entry(3, Event.RECONCILED, session="s1"),
            rules_kit.entry(4, Event.RECONCILED, session="s1"),
        ]
        found = {(each.dataset, each.stage): each for each in stamps(ledger, "s1")}
        return found[dataset, name].at_ms, found[dataset, name].seq

    return ask


def place_for(newcomer_s: float, held: int) -> Callable[[], bool]:
    """Does an address of four places, ``held`` of them taken at 0 s, get one more?"""

    def ask() -> bool:
        places = PendingList(4)
        assert all(places.add(pending_kit.asks("a", 0)) for _ in range(held))
        return places.add(pending_kit.asks("a", newcomer_s))

    return ask


def waits(at_s: float, shows: bool) -> Callable[[], int]:
    """How many wait of one machine that asked at 0 s, with its code on the screen or without."""

    def ask() -> int:
        places = PendingList(4)
        places.add(pending_kit.asks("a", 0, shows))
        places.forget_old(at_s)
        return len(places.all())

    return ask


def read(frames: int) -> Callable[[], float | None]:
    """What a peer hears after so many frames in one instant: go on (None), or wait (seconds)."""

    def ask() -> float | None:
        pace = Pace(0.0)
        return [pace.frame(0.0) for _ in range(frames)][-1]

    return ask


EDITED = {"before": "甲", "after": "乙", "reason": "笔误"}
TABLE = [
    Row(
        "N01",
        "a correction with before, after and reason",
        lambda: missing_of_correction(Event.RECORD_EDITED, EDITED),
        [],
    ),
    Row(
        "N01",
        "one without any",
        lambda: missing_of_correction(Event.HOLD_CHANGED, {}),
        ["before", "after", "reason"],
    ),
    Row("N02", "an untouched ledger", judged(*LINES), ""),
    Row("N02", "a flipped bit in line 3", lambda: judged(*flipped(2))()[:7], "line 3:"),
    Row("N02", "and in the last line", lambda: judged(*flipped(4))()[:7], "line 5:"),
    Row(
        "N02",
        "an entry rewritten",
        judged(*verify_kit.forged(LINES, 2, rehash=False)),
        "line 3: content does not match its hash",
    ),
    Row(
        "N02",
        "an entry rewritten with a hash of its own",
        judged(*verify_kit.forged(LINES, 2, rehash=True)),
        "line 4: does not follow the entry before it",
    ),
    Row(
        "N02",
        "a row taken out",
        judged(*LINES[:1], *LINES[2:]),
        "line 2: sequence is 3, a row was removed, added or reordered",
    ),
    Row(
        "N03",
        "what two people do",
        lambda: {order for order in TWO_PEOPLE if second_rule(order)},
        TWO_PEOPLE,
    ),
    Row("N03", "A and B import a plan", checks(ADMIN, OTHER, "ImportPlan"), "done"),
    Row("N03", "A checks what A does", checks(ADMIN, ADMIN, "ImportPlan"), "STF-06"),
    Row(
        "N03",
        "A again, with two roles",
        checks(ADMIN, replace(ADMIN, roles=ADMIN.roles | CHIEF.roles), "WipeSession"),
        "STF-06",
    ),
    Row("N03", "an invigilator checks it", checks(ADMIN, INV, "WipeSession"), "STF-04"),
    Row(
        "N03",
        "B's account is shut",
        checks(ADMIN, replace(OTHER, active=False), "ImportPlan"),
        "PPL-04",
    ),
    Row(
        "N03", "a millisecond before B takes over", gives("deputy", "ImportPlan", NOW - 1), "STF-04"
    ),
    Row("N03", "when B takes over", gives("deputy", "ImportPlan", NOW), "done"),
    Row("N03", "the last millisecond", gives("deputy", "ImportPlan", NOW + 59_999), "done"),
    Row("N03", "when it is over", gives("deputy", "ImportPlan", NOW + 60_000), "STF-04"),
    Row("N03", "another administrator hands A's post to B", takes_over(), "done"),
    Row("N03", "the heads among themselves", takes_over(first=CHIEF), "PPL-07"),
    Row("N03", "to A themselves", takes_over(taker=ADMIN), "STF-08"),
    Row("N03", "to the chief", takes_over(taker=CHIEF), "PPL-07"),
    Row("N03", "to an invigilator", takes_over(taker=INV), "PPL-07"),
    Row("N03", "without a reason", takes_over(reason=" "), "REL-13"),
    Row("N03", "until this very instant", takes_over(until_ms=NOW), "PPL-07"),
    Row("N03", "for a millisecond", takes_over(until_ms=NOW + 1), "done"),
    Row("N03", "for a day", takes_over(until_ms=NOW + LONGEST_DELEGATION_MS), "done"),
    Row(
        "N03",
        "for a millisecond more than a day",
        takes_over(until_ms=NOW + LONGEST_DELEGATION_MS + 1),
        "PPL-07",
    ),
    Row("N03", "who opened the receipt with A checks A", checked_by("admin", FETCH), "chief"),
    Row("N03", "somebody else's receipt", checked_by("other", FETCH), "STF-11"),
    Row("N03", "B has A's post", checked_by("deputy", FETCH, ADMINS_POST), "chief"),
    Row("N03", "a post checks for its holder", checked_by("admin", FETCH, CHIEFS_POST), "chief"),
    Row(
        "N03",
        "who checks was recused and gave no post away",
        checked_by("admin", FETCH, gone="chief"),
        "STF-12",
    ),
    Row(
        "N03",
        "who checks was recused, B has their post",
        checked_by("admin", FETCH, CHIEFS_POST, gone="chief"),
        "deputy",
    ),
    Row(
        "N03",
        "B cannot have both posts and check themself",
        checked_by("deputy", FETCH, ADMINS_POST, CHIEFS_POST, gone="chief"),
        "STF-12",
    ),
    Row(
        "N03",
        "who checks has another role now",
        checked_by("admin", FETCH, moved=replace(CHIEF, roles=INV.roles)),
        "STF-12",
    ),
    Row("N03", "A sealed and uploads", checked_by("admin", UPLOAD), "chief"),
    Row("N03", "others sealed, B uploads", checked_by("other", UPLOAD), "admin"),
    Row("N03", "one of them is gone", checked_by("other", UPLOAD, gone="admin"), "chief"),
    Row(
        "N03", "A uploads, who checks is gone", checked_by("admin", UPLOAD, gone="chief"), "STF-12"
    ),
    Row("N03", "the two who opened it", two_are("admin", "chief"), True),
    Row("N03", "the same two, the other first", two_are("chief", "admin"), True),
    Row("N03", "one of them twice", two_are("admin", "admin"), False),
    Row("N03", "one of them and another", two_are("admin", "deputy"), False),
    Row("N03", "one of them and B", two_are("admin", "deputy", CHIEFS_POST), True),
    Row("N03", "B twice", two_are("deputy", "deputy", CHIEFS_POST, ADMINS_POST), False),
    Row(
        "N04",
        "four stages of four data sets",
        lambda: {name: "".join(stages) for name, stages in STAGES.items()},
        dict.fromkeys(("plan", "papers", "answers", "record"), "形成核查使用存储"),
    ),
    Row("N04", "an entry of the venue is a stamp", stage("plan", "形成"), (10, 1)),
    Row("N04", "the first entry of this session is it", stage("answers", "核查"), (30, 3)),
    Row("N04", "nothing yet", stage("answers", "存储"), (None, 0)),
    Row("N08", "a chief exports", lambda: may(CHIEF, "ExportSession"), None),
    Row(
        "N08",
        "who else may",
        lambda: {role for role in Role if role in RULES["ExportSession"].roles},
        {Role.CHIEF, Role.SYSADMIN},
    ),
    Row("N10", "a fourth place", place_for(0.0, held=3), True),
    Row("N10", "a fifth at once", place_for(SETTLED_REAL_S - 0.001, held=4), False),
    Row("N10", "a fifth for the oldest", place_for(SETTLED_REAL_S, held=4), True),
    Row("N10", "no code yet, just in time", waits(BEGUN_REAL_S - 0.001, shows=False), 1),
    Row("N10", "no code yet, too late", waits(BEGUN_REAL_S, shows=False), 0),
    Row("N10", "a code on the screen, just in time", waits(PENDING_REAL_S - 0.001, shows=True), 1),
    Row("N10", "a code on the screen, too late", waits(PENDING_REAL_S, shows=True), 0),
    Row("N10", "fifteen frames", read(TURN - 1), None),
    Row("N10", "sixteen: the others' turn", read(TURN), 0.0),
    Row("N10", "the last of the burst", read(int(BURST)), None),
    Row("N10", "one more", read(int(BURST) + 1), 1 / FRAMES_PER_S),
]


# ---- the ledger --------------------------------------------------------------------------


def forced(statement: str) -> Callable[[Book], Awaitable[object]]:
    async def ask(book: Book) -> str:
        try:
            await book.sql(statement)
        except DatabaseError as no:
            return "append-only" if "append-only" in str(no) else str(no)
        return "changed"

    return ask


def forged(statement: str) -> Callable[[Book], Awaitable[object]]:
    async def ask(book: Book) -> str:
        await book.forge(statement)
        return compare(book.store, book.files).problem

    return ask


async def entry(book: Book) -> dict[str, object]:
    await book.ledger.note(Event.RECORD_EDITED, "chief", **EDITED)
    told = json.loads(book.files[0].read_text("utf-8").splitlines()[-1])
    return {name: told[name] for name in ("at_ms", "actor", "roles", "data")}


async def untold(book: Book) -> str:
    try:
        await book.ledger.note(Event.RECORD_EDITED, "chief", before="甲", after="乙")
    except AssertionError:
        return f"refused, {book.ledger.head()[0]} entries"
    return "taken"


BOOK = [
    DayRow(
        "N01",
        "who, as what, when, before, after, why",
        entry,
        {"at_ms": book_kit.NOW, "actor": "chief", "roles": [], "data": EDITED},
    ),
    DayRow("N01", "a correction without its reason", untold, "refused, 3 entries"),
    DayRow("N01", "an entry is changed", forced("UPDATE ledger SET hash = hash"), "append-only"),
    DayRow("N01", "one goes", forced("DELETE FROM ledger WHERE seq = 3"), "append-only"),
    DayRow(
        "N02",
        "changed without the triggers",
        forged("UPDATE ledger SET line = replace(line, 'R1 01', 'R1 02') WHERE seq = 2"),
        "line 2: content does not match its hash",
    ),
    DayRow(
        "N02",
        "taken out without the triggers",
        forged("DELETE FROM ledger WHERE seq = 2"),
        "line 2: sequence is 3, a row was removed, added or reordered",
    ),
]


# ---- a day that ended --------------------------------------------------------------------


def writes(before: str, after: str, reason: str = "补记") -> Callable[[Day], Awaitable[object]]:
    async def ask(day: Day) -> str:
        return word(await day.write(before, after, reason))

    return ask


LONG = "长" * LONGEST_TEXT
DAY = [
    DayRow("N05", "a change with its reason", writes("", "空调故障"), "done"),
    DayRow("N05", "without one", writes("", "空调故障", "  "), "REC-04"),
    DayRow("N05", "nothing is changed", writes("", " "), "REC-04"),
    DayRow("N05", "over what somebody else wrote meanwhile", writes("旧", "新"), "REC-05"),
    DayRow("N05", "as long as may be", writes("", LONG), "done"),
    DayRow("N05", "one character longer", writes("", LONG + "长"), "REC-04"),
    DayRow(
        "N05",
        "after the signatures: all sign again",
        sealed_by("inv-1", "inv-2", "chief", then=writes("", "后补")),
        "SES-04",
    ),
    DayRow(
        "N05",
        "one of them signs the old sheet",
        signs("inv-1", Role.INVIGILATOR, "0" * 64),
        "SES-04",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_n(row: Row) -> None:
    assert row.outcome() == row.expected


@pytest.mark.parametrize("row", BOOK, ids=str)
async def test_group_n_in_the_ledger(row: DayRow, book: Book) -> None:
    await book.write(3)
    assert await row.outcome(book) == row.expected


@pytest.mark.parametrize("row", DAY, ids=str)
async def test_group_n_on_a_day_that_ended(row: DayRow, day: Day) -> None:
    assert await row.outcome(day) == row.expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SessionState.STARTED, "SES-01"),
        (SessionState.ENDED, ("chief", "王主考", True, "chief", True)),
    ],
)
async def test_group_n_an_export_names_who_made_it(
    state: SessionState, expected: object, day: Day, tmp_path: Path
) -> None:
    row = DayRow("N08", f"an export while {state.value}", exported(state, tmp_path), expected)
    assert await row.outcome(day) == row.expected


def test_group_n_has_a_line_for_all_that_is_built() -> None:
    assert len(built("N")) >= 7, "the register was not understood"
    assert without_a_row("N", TABLE) <= {row.number for row in (*BOOK, *DAY)}
