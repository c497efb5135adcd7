"""Group M, retention: the whole group's law in one table.

``TABLE`` asks the pure rules; ``DAY`` what applies to one small session that has ended (on 21
September 2026, about midnight in China) once scores, holds, violations and incidents are known;
``GONE`` the destruction itself.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.exc import IntegrityError

from tests.unit.requirements import ended_day
from tests.unit.requirements.ended_day import DayRow, exports, word
from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.sitting import test_incidents_service as incidents_kit
from tests.unit.sitting.test_records_filling import Day
from tests.unit.upload import test_destruction as destruction_kit
from venue_server.gateway.keeping_view import KeptThings
from venue_server.ledger.book import Ledger
from venue_server.records.incidents.service import IncidentService
from venue_server.records.keeping import Keeping
from venue_server.records.retention import months_later, retention
from venue_server.records.violations import observing
from venue_server.staff.permissions import may, may_second
from venue_server.staff.person import Person
from venue_server.storage.engine import Store
from venue_server.upload.destruction import Destruction
from venue_server.wire.incidents import GraveClass, Severity
from venue_server.wire.names import Role
from venue_server.wire.violations import ViolationFacts, ViolationView

clock, hq, make_venue = ended_day.clock, ended_day.hq, ended_day.make_venue
venue, day = ended_day.venue, ended_day.day

CHINA = timezone(timedelta(hours=8))


def at(text: str) -> int:
    """An instant of China's time, in ms."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp() * 1000)


SCORES = at("2026-11-25 09:00")


# ---- the pure rules ----------------------------------------------------------------------


def kept(
    what: str,
    category: str = "",
    grave: bool = False,
    scores: int | None = SCORES,
    local: dict[str, int] | None = None,
) -> Callable[[], tuple[int, str | None]]:
    """(months, the first day on which it may go)."""

    def ask() -> tuple[int, str | None]:
        (one,) = [
            each for each in retention(category, grave, scores, "", local) if each.what == what
        ]
        return one.months, one.until

    return ask


def later(day_: str, months: int) -> Callable[[], str]:
    return lambda: months_later(at(day_), months)


def second(first: Role, other: Role, same: bool = False) -> Callable[[], str]:
    """Who orders a destruction, and who confirms it."""
    one = Person("a", "a", frozenset({first}), frozenset())
    two = Person("a" if same else "b", "b", frozenset({other}), frozenset())

    def ask() -> str:
        refusal = may(one, "DestroyKept") or may_second(one, two, "DestroyKept")
        return refusal.code.value if refusal else "done"

    return ask


CHIEF, ADMIN = Role.CHIEF, Role.SYSADMIN
TABLE = [
    Row("M01", "answers, from the day of the scores", kept("answers"), (6, "2027-05-25")),
    Row("M01", "no day of the scores, no date", kept("answers", scores=None), (6, None)),
    Row("M01", "nor for the records", kept("records", scores=None), (60, None)),
    Row("M01", "scores at the last second of a day", later("2026-11-25 23:59:59", 6), "2027-05-25"),
    Row("M01", "and a second later", later("2026-11-26 00:00:00", 6), "2027-05-26"),
    Row("M01", "no 31st: the days go on, never back", later("2026-08-31", 6), "2027-03-03"),
    Row("M02", "a grave case", kept("answers", grave=True), (24, "2028-11-25")),
    Row("M02", "no 29 February two years on", later("2028-02-29", 24), "2030-03-01"),
    Row("M03", "electronic records", kept("records"), (60, "2031-11-25")),
    Row("M03", "of a grave case, no less", kept("records", grave=True), (60, "2031-11-25")),
    Row("M06", "the civil service", kept("answers", "CIVIL_SERVICE"), (12, "2027-11-25")),
    Row(
        "M06",
        "in a grave case: the longer",
        kept("answers", "CIVIL_SERVICE", True),
        (24, "2028-11-25"),
    ),
    Row(
        "M06",
        "the plan's own longer rule",
        kept("answers", local={"answers": 7}),
        (7, "2027-06-25"),
    ),
    Row(
        "M06",
        "a shorter one shortens nothing",
        kept("answers", local={"answers": 5}),
        (6, "2027-05-25"),
    ),
    Row(
        "M06", "one for the records only", kept("answers", local={"records": 99}), (6, "2027-05-25")
    ),
    Row("M07", "the chief with an administrator", second(CHIEF, ADMIN), "done"),
    Row("M07", "the same person twice", second(CHIEF, ADMIN, same=True), "STF-06"),
    Row("M07", "the chief with a deputy", second(CHIEF, Role.DEPUTY), "STF-04"),
    Row("M07", "two administrators", second(ADMIN, ADMIN), "STF-04"),
]


# ---- a day that ended --------------------------------------------------------------------


def keeping(day: Day) -> Keeping:
    return exports(day, Path()).keeping


def violation(code: str, withdrawn_at_ms: int = 0) -> Callable[[Day], Awaitable[object]]:
    """The months for which answers are kept after this violation."""
    facts = ViolationFacts(facts="手机")
    one = ViolationView(
        "V",
        code,
        "s1",
        "R1",
        "01",
        "x",
        "360112",
        "",
        5,
        "",
        facts,
        withdrawn_at_ms=withdrawn_at_ms,
    )

    async def ask(day: Day) -> int:
        day.lines += observing.room_lines([one], "R1")
        return keeping(day).of_session("s1")[0].months

    return ask


def happened(severity: Severity, grave: GraveClass = GraveClass.NONE, room: str = "R1") -> Any:
    """The months for which answers are kept after this incident."""

    async def ask(day: Day) -> int:
        service = IncidentService(day.venue.store, day.venue.ledger, day.venue.clock)
        await incidents_kit.opened(service, room, severity=severity, grave=grave)
        day.lines += service.room_lines("s1", "R1")
        return keeping(day).of_session("s1")[0].months

    return ask


def published(after_end_ms: int, after_now_ms: int | None = None, reference: str = "公告") -> Any:
    """Scores are entered as published so long after the session's end (or after this instant)."""

    async def ask(day: Day) -> str:
        end_ms = day.venue.service.session("s1").whole.end_ms
        day.venue.clock.now = end_ms + 86_400_000
        at_ms = end_ms + after_end_ms
        if after_now_ms is not None:
            at_ms = day.venue.clock.now + after_now_ms
        return word(await keeping(day).enter_scores("s1", at_ms, reference, "admin,chief"))

    return ask


def destroyed(when: str, what: str = "answers", hold: str = "", evidence: bool = False) -> Any:
    """May it be destroyed then, with the scores of 30 September 2026?"""

    async def ask(day: Day) -> str:
        day.venue.clock.now = at("2026-10-01 12:00")
        mine = exports(day, Path())
        if hold:
            assert word(await mine.keeping.set_hold("s1", hold, "来函", "a,b")) == "done"
        if when != "unknown":
            await mine.keeping.enter_scores("s1", at("2026-09-30 10:00"), "公告", "a,b")
        closing = SimpleNamespace(
            exports=mine,
            parts=SimpleNamespace(sources=SimpleNamespace(held=lambda _session: evidence)),
        )
        things = KeptThings(cast(Any, closing), day.venue.store, Path(), [])
        instant = at("2099-01-01") if when == "unknown" else at(when)
        return word(things.judged(day.venue.service.session("s1"), what, instant))

    return ask


async def lifted(day: Day) -> list[str]:
    """A hold is set, set again, lifted without a word, and lifted."""
    mine = keeping(day)
    asked = [("司法鉴定", "来函"), ("司法鉴定", "来函"), ("", " "), ("", "函复")]
    return [word(await mine.set_hold("s1", hold, why, "a,b")) for hold, why in asked]


DAY = [
    DayRow("M02", "a general violation (O31-6)", violation("O31-6-3"), 6),
    DayRow("M02", "a serious one (O31-7)", violation("O31-7-1"), 24),
    DayRow("M02", "a very serious one (O31-8)", violation("O31-8-1"), 24),
    DayRow("M02", "a serious one that was withdrawn", violation("O31-7-1", 9), 6),
    DayRow("M02", "a small incident", happened(Severity.MINOR), 6),
    DayRow("M02", "a major one", happened(Severity.MAJOR), 6),
    DayRow("M02", "a severe one", happened(Severity.SEVERE), 24),
    DayRow("M02", "a severe one of the whole venue", happened(Severity.SEVERE, room=""), 24),
    DayRow("M02", "a small one of a grave class", happened(Severity.MINOR, GraveClass.LEAK), 24),
    DayRow("M01", "scores at the very end", published(0), "done"),
    DayRow("M01", "a millisecond before the end", published(-1), "REC-04"),
    DayRow("M01", "now", published(0, after_now_ms=0), "done"),
    DayRow("M01", "in a millisecond", published(0, after_now_ms=1), "REC-04"),
    DayRow("M01", "without a reference", published(0, reference=" "), "REC-04"),
    DayRow("M07", "the scores are not known", destroyed("unknown"), "WIP-04"),
    DayRow("M07", "the last second", destroyed("2027-03-29 23:59:59"), "WIP-05"),
    DayRow("M07", "on the day", destroyed("2027-03-30 00:00:00"), "done"),
    DayRow("M07", "the records then", destroyed("2027-03-30 00:00:00", "records"), "WIP-05"),
    DayRow(
        "M07", "the records after five years", destroyed("2031-09-30 00:00:00", "records"), "done"
    ),
    DayRow("M07", "under a legal hold", destroyed("2099-01-01", hold="司法鉴定"), "WIP-06"),
    DayRow("M07", "evidence is held", destroyed("2099-01-01", evidence=True), "WIP-06"),
    DayRow("M07", "setting and lifting a hold", lifted, ["done", "REC-04", "REC-04", "done"]),
]


# ---- the destruction ---------------------------------------------------------------------


def gone(by_hand: tuple[str, ...] = (), there: bool = True, **changes: str) -> Any:
    """(what was destroyed, what by hand, by whom, is the file gone), or the code of a refusal."""

    async def ask(made: Destruction, folder: Path) -> object:
        file = folder / "bundle"
        if there:
            file.write_text("x")
        done = await made.destroy(destruction_kit.order({"bundle": file}, by_hand, **changes))
        if not isinstance(done, dict):
            return word(done)
        names = [each["name"] for each in done["items"]]
        return names, done["by_hand"], done["persons"], not file.exists()

    return ask


async def erased(made: Destruction, folder: Path) -> str:
    await gone()(made, folder)
    try:
        made._store.submit(lambda tx: tx.exec_driver_sql("DELETE FROM destruction")).result()
    except IntegrityError as no:
        return "append-only" if "append-only" in str(no) else str(no)
    return "erased"


BOTH = ["chief", "admin"]
GONE = [
    ("M07", "list, method, certificate", gone(), (["bundle"], [], BOTH, True)),
    ("M07", "without a method", gone(method=" "), "REC-04"),
    ("M07", "without a reference", gone(reference=""), "REC-04"),
    ("M07", "nothing is there", gone(there=False), "WIP-07"),
    ("M07", "a medium by hand", gone(("disk-a",), there=False), ([], ["disk-a"], BOTH, True)),
    ("M07", "the certificate is erased", erased, "append-only"),
]


@pytest.fixture
def destruction(store: Store, tmp_path: Path) -> Destruction:
    return Destruction(store, Ledger(store, [tmp_path / "ledger.jsonl"], lambda: 7), lambda: 7)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_m(row: Row) -> None:
    assert row.outcome() == row.expected


@pytest.mark.parametrize("row", DAY, ids=str)
async def test_group_m_on_a_day_that_ended(row: DayRow, day: Day) -> None:
    assert await row.outcome(day) == row.expected


@pytest.mark.parametrize(("number", "situation", "ask", "expected"), GONE)
async def test_group_m_the_destruction(
    number: str, situation: str, ask: Any, expected: object, destruction: Any, tmp_path: Path
) -> None:
    assert await ask(destruction, tmp_path) == expected, f"{number} {situation}"


def test_group_m_has_a_line_for_all_that_is_built() -> None:
    assert len(built("M")) >= 5, "the register was not understood"
    assert not without_a_row("M", TABLE)
