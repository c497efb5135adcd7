"""Rules of incidents (B07, I01-I13): entries add up, a severity climbs, closing wants all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.ledger.catalogue import Event
from venue_server.records.incidents import rules
from venue_server.records.incidents.automatic import EVENTS, raised_by, stations_lost
from venue_server.records.incidents.interruptions import incident_about
from venue_server.records.incidents.rules import IncidentEntry
from venue_server.wire.incidents import (
    GRAVE_TEXTS,
    KIND_TEXTS,
    SEVERITY_TEXTS,
    GraveClass,
    IncidentFacts,
    IncidentKind,
    IncidentStep,
    IncidentView,
    Severity,
)
from venue_server.wire.refusals import RefusalCode

T0 = 1_795_309_200_000
MIN = 60_000
FULL = IncidentFacts(
    what="三号机位停电",
    seats=["03"],
    started_at_ms=T0,
    ended_at_ms=T0 + 5 * MIN,
    cause="插座松动",
    action="更换插座",
)


def opened(
    kind: IncidentKind = IncidentKind.POWER,
    severity: Severity = Severity.MINOR,
    grave: GraveClass = GraveClass.NONE,
    facts: IncidentFacts = FULL,
    *more: IncidentEntry,
) -> IncidentView:
    first = IncidentEntry(
        IncidentStep.OPENED, T0, "a", kind=kind, severity=severity, grave=grave, facts=facts
    )
    return rules.standing("I001", "s1", "R1", "", [first, *more])


def step(kind: IncidentStep, **values: Any) -> IncidentEntry:
    return IncidentEntry(kind, T0 + MIN, "b", **values)


REPORTED = step(IncidentStep.REPORTED, to="考试中心", way="电话", reference="12号")


def test_every_kind_severity_and_class_has_words_in_both_languages() -> None:
    assert set(KIND_TEXTS) == set(IncidentKind)
    assert set(SEVERITY_TEXTS) == set(Severity)
    assert set(GRAVE_TEXTS) == set(GraveClass)
    assert all(all(pair) for pair in [*KIND_TEXTS.values(), *SEVERITY_TEXTS.values()])


@pytest.mark.parametrize("grave", [each for each in GraveClass if each is not GraveClass.NONE])
@pytest.mark.parametrize("asked", list(Severity))
def test_i04_each_of_the_six_classes_is_severe_and_owes_a_report(
    grave: GraveClass, asked: Severity
) -> None:
    one = opened(severity=asked, grave=grave)
    assert (one.severity, one.must_report) == (Severity.SEVERE, True)


def test_i01_only_a_report_ends_the_duty_and_only_then_it_may_close() -> None:
    one = opened(severity=Severity.SEVERE)
    refusal = rules.may_close(one, "已恢复")
    assert refusal is not None
    assert refusal.code is RefusalCode.INCIDENT_UNREPORTED
    told = opened(IncidentKind.POWER, Severity.SEVERE, GraveClass.NONE, FULL, REPORTED)
    assert not told.must_report
    assert (told.reports[0].to, told.reports[0].way) == ("考试中心", "电话")
    assert rules.may_close(told, "已恢复") is None


def test_e03_a_release_by_code_owes_a_report_though_it_is_not_severe() -> None:
    assert opened(IncidentKind.RELEASE_BY_CODE, Severity.MAJOR).must_report
    assert not opened(IncidentKind.SERVER, Severity.MAJOR).must_report


@given(st.lists(st.sampled_from(list(Severity)), max_size=8))
def test_i01_a_severity_never_falls(asked: list[Severity]) -> None:
    ladder = list(Severity)
    entries = [step(IncidentStep.ADDED, severity=each) for each in asked]
    one = opened(IncidentKind.LAN, Severity.NOTE, GraveClass.NONE, FULL, *entries)
    assert one.severity is max([Severity.NOTE, *asked], key=ladder.index)
    for each in ladder:
        falls = ladder.index(each) < ladder.index(one.severity)
        refusal = rules.may_add(one, IncidentFacts(), each)
        assert (refusal is not None) == falls


def test_b07_an_addition_replaces_what_it_names_and_opens_a_closed_one_again() -> None:
    closed = step(IncidentStep.CLOSED, result="已恢复")
    one = opened(IncidentKind.POWER, Severity.MINOR, GraveClass.NONE, FULL, closed)
    assert one.closed
    again = rules.may_close(one, "x")
    assert again is not None
    assert again.code is RefusalCode.INCIDENT_CLOSED
    corrected = step(IncidentStep.ADDED, facts=IncidentFacts(cause="整排断电"))
    two = opened(IncidentKind.POWER, Severity.MINOR, GraveClass.NONE, FULL, closed, corrected)
    assert not two.closed
    assert (two.facts.cause, two.facts.action, two.entries) == ("整排断电", "更换插座", 3)


@pytest.mark.parametrize("field", ["cause", "action", "started_at_ms", "ended_at_ms"])
def test_i12_an_interruption_closes_only_with_cause_action_start_and_end(field: str) -> None:
    assert rules.may_close(opened(), "已恢复") is None
    blank: Any = 0 if field.endswith("_ms") else ""
    facts = IncidentFacts(**{n: getattr(FULL, n) for n in FULL.__struct_fields__} | {field: blank})
    refusal = rules.may_close(opened(facts=facts), "已恢复")
    assert refusal is not None
    assert (refusal.code, len(refusal.remarks)) == (RefusalCode.INCIDENT_INCOMPLETE, 1)


def test_b07_an_incident_says_what_happened_and_a_paper_defect_its_number() -> None:
    for kind, facts in (
        (IncidentKind.OTHER, IncidentFacts()),
        (IncidentKind.PAPER, IncidentFacts(what="图不显示")),
        (IncidentKind.LAN, IncidentFacts(what="x", started_at_ms=T0, ended_at_ms=T0 - 1)),
    ):
        refusal = rules.may_open(kind, rules.clean(facts))
        assert refusal is not None
        assert refusal.code is RefusalCode.INCIDENT_INCOMPLETE
    assert rules.may_open(IncidentKind.PAPER, IncidentFacts(what="图不显示", item_no="7")) is None


def test_i12_the_duration_is_measured() -> None:
    assert opened().duration_ms == 5 * MIN
    assert opened(facts=IncidentFacts(what="x", started_at_ms=T0)).duration_ms == 0


@pytest.mark.parametrize(
    ("minutes", "passed"), [(29.99, 0), (30, 30), (44, 30), (45, 45), (600, 60)]
)
def test_i09_thresholds_escalate_and_never_cancel(minutes: float, passed: int) -> None:
    going = opened(facts=IncidentFacts(what="停电", started_at_ms=T0))
    assert rules.escalation_min(going, (30, 45, 60), T0 + int(minutes * MIN)) == passed
    over = opened()
    assert rules.escalation_min(over, (30, 45, 60), T0 + int(minutes * MIN)) == 0


def test_f14_three_reports_of_one_item_are_an_alarm() -> None:
    def defect(number: str) -> IncidentView:
        return opened(IncidentKind.PAPER, facts=IncidentFacts(what="缺图", item_no=number))

    two = [defect("7"), defect("7"), defect("8")]
    assert rules.repeated_defects(two) == {}
    assert rules.repeated_defects([*two, defect("7")]) == {"7": 3}


@pytest.mark.parametrize(
    ("lost", "stations", "are"), [(1, 1, False), (2, 10, False), (3, 10, True), (30, 100, True)]
)
def test_i04_a_share_of_stations_lost_is_a_breakdown(lost: int, stations: int, are: bool) -> None:
    assert rules.are_lost(lost, stations, 30) is are
    made = stations_lost("s1", lost, stations, T0)
    assert (made.severity, made.grave) == (Severity.SEVERE, GraveClass.BREAKDOWN)


def test_i13_a_report_says_all_that_is_known_and_points_into_the_video() -> None:
    facts = IncidentFacts(
        **{n: getattr(FULL, n) for n in FULL.__struct_fields__}
        | {"camera": "C-07", "camera_marks": "09:12-09:20"}
    )
    text = rules.report_text("第一考点", "经济考试", opened(facts=facts))
    for part in ("第一考点", "经济考试", "停电", "R1考场03机位", "插座松动", "C-07 09:12-09:20"):
        assert part in text


@pytest.mark.parametrize(
    ("event", "data", "kind", "severity", "grave"),
    [
        (Event.RELEASED_BY_CODE, {"session": "s1"}, "RELEASE_BY_CODE", "MAJOR", ""),
        (Event.RELEASE_CONTRADICTED, {"session": "s1"}, "LEAK", "SEVERE", "46-6"),
        (Event.RELEASE_FROZEN, {"reason": "网传"}, "LEAK", "SEVERE", "46-1"),
        (Event.RELEASE_ATTEMPT_REFUSED, {"session": "s1", "early": 1}, "LEAK", "MAJOR", ""),
        (Event.SERVER_STARTED, {}, "SERVER", "MAJOR", ""),
        (Event.CLOCK_DISPUTED, {"difference_ms": 9}, "CLOCK", "MAJOR", ""),
        (
            Event.UPLOAD_FAILED,
            {"session": "s1", "problem": "SES-07: x"},
            "UPLOAD",
            "SEVERE",
            "46-6",
        ),
        (
            Event.STORE_DEGRADED,
            {"copy": "primary", "problem": "ALM-89", "since_ms": T0},
            "SERVER",
            "MAJOR",
            "",
        ),
        (Event.STATION_ALERT, {"alert": "CHAIN_DIVERGED"}, "STATION", "MAJOR", ""),
        (Event.STATION_ALERT, {"alert": "JOURNAL_DAMAGED"}, "STATION", "SEVERE", "46-5"),
        (Event.JOURNAL_REFUSED, {"proof": "ALTERED", "unproved": 1}, "STATION", "SEVERE", "46-6"),
        (
            Event.JOURNAL_REFUSED,
            {"proof": "OTHER_STATION", "unproved": 3},
            "STATION",
            "SEVERE",
            "46-6",
        ),
        (Event.JOURNAL_REFUSED, {"proof": "BAD_SIGNATURE", "unproved": 1}, "STATION", "MAJOR", ""),
        (Event.JOURNAL_REFUSED, {"proof": "UNKNOWN_SIGNER", "unproved": 1}, "STATION", "MAJOR", ""),
    ],
)
def test_i04_which_facts_open_an_incident(
    event: Event, data: dict[str, Any], kind: str, severity: str, grave: str
) -> None:
    made = raised_by(event, 7, "m1", data, ["s1"])
    assert made is not None
    assert event in EVENTS, "else nobody asks"
    assert (made.kind, made.severity, made.grave) == (kind, severity, grave)
    assert made == raised_by(event, 7, "m1", data, ["s1"]), "the same key for the same fact"


@pytest.mark.parametrize(
    ("event", "data", "running"),
    [
        (Event.SERVER_STARTED, {}, []),
        (Event.UPLOAD_FAILED, {"session": "s1", "problem": "timed out"}, ["s1"]),
        (Event.STATION_ALERT, {"alert": "FOCUS_LOST"}, ["s1"]),
        (Event.STORE_DEGRADED, {"copy": "second", "problem": "EIO"}, ["s1"]),
        (Event.STORE_DEGRADED, {"copy": "primary", "problem": "page 7"}, ["s1"]),
        (Event.RELEASE_ATTEMPT_REFUSED, {"session": "s1", "early": 0}, []),
        (Event.RELEASED, {"session": "s1"}, ["s1"]),
        (Event.JOURNAL_REFUSED, {"proof": "UNSIGNED", "unproved": 0}, ["s1"]),
        (Event.JOURNAL_REFUSED, {"proof": "REVOKED", "unproved": 0}, ["s1"]),
        (Event.JOURNAL_REFUSED, {"proof": "ALTERED", "unproved": 0}, ["s1"]),
        (Event.JOURNAL_REFUSED, {"proof": "BAD_SIGNATURE", "unproved": 0}, ["s1"]),
    ],
)
def test_other_facts_open_none(event: Event, data: dict[str, Any], running: list[str]) -> None:
    assert raised_by(event, 7, "m1", data, running) is None


# ---- the interruption log ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room_id", "seat_no", "start", "end", "named"),
    [
        ("R1", "03", 1, 4, True),
        ("R1", "03", 1, None, True),
        ("R1", "04", 1, 4, False),
        ("R2", "03", 1, 4, False),
        ("R1", "03", -9, -8, False),
    ],
)
def test_i12_the_words_come_from_the_incident_that_names_the_seat_at_that_time(
    room_id: str, seat_no: str, start: int, end: int | None, named: bool
) -> None:
    until = None if end is None else T0 + end * MIN
    about = incident_about(room_id, seat_no, T0 + start * MIN, until, [opened()])
    assert (about is not None) == named
