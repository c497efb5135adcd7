"""Group K, room record, statistics and signatures: the whole group's law in one table.

``TABLE`` asks the pure rules; ``DAY`` asks the services of one small session that has ended, with
everybody's points still to look at. ``EQUIPMENT`` asks the log of the machine's own status.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.unit import test_incident_rules as incident
from tests.unit.requirements import ended_day
from tests.unit.requirements.ended_day import (
    DayRow,
    outcomes,
    prints,
    reminded,
    said_to_a_point,
    sealed_by,
    signs,
    something_open,
    struck,
    unlooked,
    unreconciled,
)
from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.sitting import test_records_rules as rules_kit
from tests.unit.sitting.test_records_filling import Day
from venue_server.records.equipment_io import append, samples
from venue_server.records.incidents import rules as incident_rules
from venue_server.records.points import LOOKED_AT, record_points
from venue_server.records.reconciliation import ChainEnd, reconcile
from venue_server.records.room_record import (
    RoomFacts,
    missing_signatures,
    problems,
    required_signatures,
)
from venue_server.records.statistics import (
    DAY_MS,
    DUE_DAYS,
    Statistics,
    broken,
    days_over,
    of_sittings,
)
from venue_server.records.violations import observing
from venue_server.sitting.rows import Sitting
from venue_server.staff.person import Person
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.incidents import GraveClass, IncidentKind, IncidentStep, Severity
from venue_server.wire.names import Role, SittingState, SubmitKind
from venue_server.wire.remarks import RemarkCode
from venue_server.wire.violations import ViolationFacts, ViolationView

clock, hq, make_venue = ended_day.clock, ended_day.hq, ended_day.make_venue
venue, day = ended_day.venue, ended_day.day

INVIGILATOR, CHIEF = Role.INVIGILATOR, Role.CHIEF
ALL_THREE = [INVIGILATOR, INVIGILATOR, CHIEF]
HEAD = "ab" * 32
PRESENT = rules_kit.sitting(1, "R1", present=True)
ABSENT = rules_kit.sitting(2, "R1", present=False)
HANDED_IN = replace(PRESENT, final_seq=9, final_head=HEAD)
ADMITTED = replace(ABSENT, state=SittingState.ADMITTED, admitted_at_ms=1)
NOT_HELD = replace(ABSENT, state=SittingState.NOT_HELD)
LET_IN = replace(ADMITTED, state=SittingState.NOT_HELD)
SENT_AWAY = replace(ADMITTED, state=SittingState.TERMINATED)
FORCED = replace(PRESENT, submit_kind=SubmitKind.FORCED)


# ---- the pure rules ----------------------------------------------------------------------


def still(*signed: Role) -> Callable[[], list[Role]]:
    return lambda: missing_signatures(signed)


def asked_of(*sittings: Sitting) -> Callable[[], list[Role]]:
    """Whose signatures the record of a room with these sittings asks for."""
    return lambda: list(required_signatures(sittings))


def wrong(*sittings: Sitting) -> Callable[[], list[RemarkCode]]:
    """What K02 and K03 find wrong with a room in which these sat."""
    facts = cast(RoomFacts, SimpleNamespace(room_id="R1", sittings=sittings))
    return lambda: [each.code for each in problems(facts)]


def counted(**changes: int) -> Callable[[], list[RemarkCode]]:
    """Ten scheduled, eight present, two absent, with one number changed."""
    row = replace(Statistics("R1", 10, 8, 8, 2, 8, 0, 8, 0, 0, 8), **cast(Any, changes))
    return lambda: [each.code for each in broken(row)]


def recorded(of: Sitting, withdrawn_at_ms: int = 0, what: str = "手机") -> ViolationView:
    facts = ViolationFacts(facts=what)
    return ViolationView(
        "V001",
        "O31-6-3",
        "s1",
        "R1",
        of.seat_no,
        of.sitting_id,
        of.ticket_no,
        "",
        5,
        "甲",
        facts,
        withdrawn_at_ms=withdrawn_at_ms,
    )


def violating(*violations: ViolationView) -> Callable[[], int]:
    """The number 违纪 of a room in which two were present, from the lines of its record."""
    both = [PRESENT, rules_kit.sitting(3, "R1", present=True)]
    return lambda: of_sittings("R1", both, observing.room_lines(violations, "R1")).violations


def told_of(violation: ViolationView) -> list[RemarkCode]:
    found = observing.open_points([violation], [], {PRESENT.sitting_id: "R1"}, ended=True)
    return [each.remark.code for each in found if each.rule == "K03"]


def outcome(
    one: Sitting, chain: ChainEnd | None = None
) -> Callable[[], tuple[str, RemarkCode | None, bool]]:
    """(outcome, what a person is told, does it block) of one candidate."""

    def ask() -> tuple[str, RemarkCode | None, bool]:
        chains = {one.sitting_id: chain} if chain else {}
        (row,) = reconcile("s1", [one], lambda _one: "", chains).rows
        return row.outcome, row.problem.code if row.problem else None, row.blocking

    return ask


def irregular(severity: Severity, *more: IncidentStep) -> Callable[[], RemarkCode | None]:
    """What is still to be done about an incident after these steps."""
    steps = [incident.step(each, result="已恢复", to="考试中心") for each in more]
    one = incident.opened(IncidentKind.POWER, severity, GraveClass.NONE, incident.FULL, *steps)
    return lambda: said.code if (said := incident_rules.open_remark(one)) else None


def listed(one: Sitting, answered: int | None = None) -> Callable[[], list[RemarkCode]]:
    found = {} if answered is None else {one.sitting_id: answered}
    return lambda: [each.about.code for each in record_points([one], found, [], [])]


def lines_listed() -> set[RecordField]:
    lines = [RecordLine(each, 5, each.value) for each in RecordField]
    found = record_points([], {}, lines, [])
    return {line.field for line in lines if any(p.point.startswith(line.field.name) for p in found)}


TABLE = [
    Row("K01", "nobody signed", still(), [INVIGILATOR, INVIGILATOR, CHIEF]),
    Row("K01", "both invigilators, no chief", still(INVIGILATOR, INVIGILATOR), [CHIEF]),
    Row("K01", "one invigilator and the chief", still(INVIGILATOR, CHIEF), [INVIGILATOR]),
    Row("K01", "a deputy is no chief", still(INVIGILATOR, INVIGILATOR, Role.DEPUTY), [CHIEF]),
    Row("K01", "all three", still(CHIEF, INVIGILATOR, INVIGILATOR), []),
    Row("K01", "never held, nobody was let in", asked_of(NOT_HELD, NOT_HELD), [CHIEF]),
    Row("K01", "never held, somebody was let in", asked_of(NOT_HELD, LET_IN), ALL_THREE),
    Row("K01", "held, everybody absent", asked_of(ABSENT, ABSENT), ALL_THREE),
    Row("K02", "who sat handed in, who did not is absent", wrong(PRESENT, ABSENT), []),
    Row("K02", "somebody is neither", wrong(PRESENT, ADMITTED), [RemarkCode.COUNTS_DIFFER]),
    Row(
        "K02",
        "somebody present has not handed in",
        wrong(replace(PRESENT, submitted_at_ms=None)),
        [RemarkCode.HAND_INS_MISSING],
    ),
    Row("K03", "10 = 8 + 2, eight hand-ins, eight violations", counted(violations=8), []),
    Row("K03", "11 are not 8 + 2", counted(scheduled=11), [RemarkCode.COUNTS_DIFFER]),
    Row("K03", "nine hand-ins of eight", counted(submitted=9), [RemarkCode.HAND_INS_MISSING]),
    Row("K03", "nine violations of eight", counted(violations=9), [RemarkCode.VIOLATIONS_MANY]),
    Row("K03", "two records of one person", violating(recorded(PRESENT), recorded(PRESENT)), 1),
    Row("K03", "a record that was withdrawn", violating(recorded(PRESENT, 7)), 0),
    Row(
        "K03",
        "a record whose facts name another candidate",
        violating(recorded(PRESENT, what="与360003交谈")),
        1,
    ),
    Row("K03", "a violation of somebody present", lambda: told_of(recorded(PRESENT)), []),
    Row(
        "K03",
        "a violation of somebody who turned out absent",
        lambda: told_of(recorded(ABSENT)),
        [RemarkCode.VIOLATION_ABSENT],
    ),
    Row(
        "K03",
        "whole days since the end, before and at the third",
        lambda: [days_over(0, DUE_DAYS * DAY_MS - 1), days_over(0, DUE_DAYS * DAY_MS)],
        [2, 3],
    ),
    Row("K04", "marked absent, nothing held", outcome(ABSENT), ("ABSENT", None, False)),
    Row(
        "K04",
        "nothing held is no absence",
        outcome(ADMITTED),
        ("ADMITTED", RemarkCode.SESSION_NOT_ENDED, True),
    ),
    Row(
        "K04",
        "present, and the answers are gone",
        outcome(HANDED_IN),
        ("PRESENT", RemarkCode.NO_ANSWERS, True),
    ),
    Row(
        "K04",
        "marked absent, and there are answers",
        outcome(ABSENT, ChainEnd(9, HEAD, 3)),
        ("ABSENT", RemarkCode.ABSENT_WITH_ANSWERS, True),
    ),
    Row("K04", "an irregularity is open", irregular(Severity.MINOR), RemarkCode.INCIDENT_OPEN),
    Row("K04", "and has its result", irregular(Severity.MINOR, IncidentStep.CLOSED), None),
    Row(
        "K04",
        "a severe one has its result and was reported to nobody",
        irregular(Severity.SEVERE, IncidentStep.CLOSED),
        RemarkCode.INCIDENT_UNREPORTED,
    ),
    Row("K07", "never logged in", listed(ABSENT), [RemarkCode.NOT_LOGGED_IN]),
    Row(
        "K07",
        "logged in, never opened",
        listed(replace(ABSENT, logged_in_at_ms=1)),
        [RemarkCode.NEVER_OPENED],
    ),
    Row("K07", "sent away at the door", listed(SENT_AWAY), [RemarkCode.NOT_LOGGED_IN]),
    Row("K07", "no outcome yet", listed(ADMITTED), []),
    Row("K07", "nothing answered", listed(PRESENT, 0), [RemarkCode.ZERO_ANSWERED]),
    Row("K07", "one item answered", listed(PRESENT, 1), []),
    Row(
        "K07",
        "somebody else handed in for them",
        listed(FORCED, 1),
        [RemarkCode.NOT_SUBMITTED_BY_THEMSELVES],
    ),
    Row("K08", "is no third invigilator", still(INVIGILATOR, CHIEF, Role.ROVING), [INVIGILATOR]),
    Row("K08", "and nobody waits for them", still(INVIGILATOR, INVIGILATOR, CHIEF), []),
    Row("K07", "swapped, adjusted, reopened, left: and no more", lines_listed, set(LOOKED_AT)),
]


# ---- the services ------------------------------------------------------------------------

ALL = ("inv-1", "inv-2", "chief")
ROVE = Person("rove", "巡考", frozenset({Role.ROVING}), frozenset({"R1"}))
FAR = replace(ROVE, person_id="far", rooms=frozenset({"R2"}))
DEPUTY = Person("deputy", "副主考", frozenset({Role.DEPUTY}), frozenset())
DAY = [
    DayRow("K01", "both rooms signed by three each", sealed_by(*ALL), "done"),
    DayRow("K01", "the chief has not signed", sealed_by("inv-1", "inv-2"), "SES-03"),
    DayRow("K01", "one invigilator twice", sealed_by("inv-1", "inv-1", "chief"), "SES-03"),
    DayRow(
        "K01",
        "a remark after the signatures",
        sealed_by(*ALL, then=lambda day: day.write("", "后补")),
        "SES-04",
    ),
    DayRow("K01", "not reconciled", unreconciled, "SES-02"),
    DayRow("K01", "something is open that blocks", sealed_by(*ALL, then=something_open), "REC-01"),
    DayRow("K01", "a deputy signs as the chief", signs(DEPUTY, CHIEF), "STF-04"),
    DayRow("K01", "an invigilator signs as the chief", signs("inv-1", CHIEF), "STF-04"),
    DayRow("K01", "an invigilator of another room", signs("inv-3", INVIGILATOR), "STF-05"),
    DayRow("K01", "the content was another", signs("chief", CHIEF, "0" * 64), "SES-04"),
    DayRow("K01", "it is sealed already", signs("chief", CHIEF, state="SEALED"), "SES-01"),
    DayRow("K02", "a point nobody explained", unlooked, "REC-02"),
    DayRow("K02", "blank fields are struck, a number is not", struck, ["无", "无", "无", "无", 2]),
    DayRow("K03", "a millisecond before two days", reminded(2 * DAY_MS - 1), []),
    DayRow("K03", "two days: one is left", reminded(2 * DAY_MS), ["ALM-75"]),
    DayRow("K04", "sent away before the paper opened", outcomes, ["PRESENT", *["ABSENT"] * 4]),
    DayRow("K06", "nobody signed yet", prints(False, 2), "草稿"),
    DayRow("K06", "the first signed print", prints(True, 1), "正本"),
    DayRow("K06", "the second", prints(True, 2), "副本"),
    DayRow("K06", "a sheet of another content", prints(True, 1, "0" * 64), "SES-04"),
    DayRow(
        "K07",
        "a remark and a tick stand on the sheet",
        said_to_a_point,
        ["3601123402 未登录：因病未到（姓名inv-1）", "3601123403 未登录：已核查（姓名inv-1）"],
    ),
    DayRow("K08", "a roving invigilator of this area", signs(ROVE, Role.ROVING), "done"),
    DayRow("K08", "of another area", signs(FAR, Role.ROVING), "STF-05"),
]


def read(from_ms: int, to_ms: int, torn: bool = False) -> Callable[[Path], list[int]]:
    """The instants of the samples of a stretch; three were taken, at 10, 20 and 30."""

    def ask(folder: Path) -> list[int]:
        for at_ms in (10, 20, 30):
            append(folder, {"at_ms": at_ms})
        if torn:
            with (folder / "equipment.jsonl").open("a") as handle:
                handle.write('{"at_ms": 40, "lo')
        return [row["at_ms"] for row in samples(folder, from_ms, to_ms)]

    return ask


EQUIPMENT = [
    ("K05", "from the very sample on", read(20, 99), [20, 30]),
    ("K05", "from a millisecond after it", read(21, 99), [30]),
    ("K05", "to the very sample", read(0, 20), [10, 20]),
    ("K05", "to a millisecond before it", read(0, 19), [10]),
    ("K05", "a sample torn by a power cut is the only one lost", read(0, 99, True), [10, 20, 30]),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_k(row: Row) -> None:
    assert row.outcome() == row.expected


@pytest.mark.parametrize("row", DAY, ids=str)
async def test_group_k_on_a_day_that_ended(row: DayRow, day: Day) -> None:
    assert await row.outcome(day) == row.expected


@pytest.mark.parametrize(("number", "situation", "ask", "expected"), EQUIPMENT)
def test_group_k_the_machines_own_log(
    number: str,
    situation: str,
    ask: Callable[[Path], list[int]],
    expected: list[int],
    tmp_path: Path,
) -> None:
    assert ask(tmp_path) == expected, f"{number} {situation}"


def test_group_k_has_a_line_for_all_that_is_built() -> None:
    assert len(built("K")) >= 8, "the register was not understood"
    shown = {row.number for row in DAY} | {number for number, *_ in EQUIPMENT}
    assert without_a_row("K", TABLE) <= shown
