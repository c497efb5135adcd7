"""Statistics, periods of keeping, stage stamps: rules over values (K03, M01-M03, M06, N04, Y06)."""

import csv
import io
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.ledger.catalogue import Event
from venue_server.records.export import LedgerIndex, log_ins
from venue_server.records.retention import (
    RetentionClass,
    months_later,
    retention,
    why_not_destroyed,
)
from venue_server.records.stages import STAGES, belongs, stamps
from venue_server.records.statistics import (
    Statistics,
    added,
    as_csv,
    broken,
    days_over,
    of_sittings,
    per_room,
    per_subject,
    share_warning,
)
from venue_server.sitting.rows import Sitting
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.names import SittingState, SubmitKind
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.remarks import RemarkCode

CHINA = timezone(timedelta(hours=8))


def sitting(number: int, room: str, present: bool, submitted: bool = True) -> Sitting:
    at = 1_000 if present else None
    done = at if submitted else None
    return Sitting(
        sitting_id=f"s1.{number:04d}",
        session_id="s1",
        room_id=room,
        seat_no=f"{number:02d}",
        ticket_no=f"36{number:04d}",
        state=SittingState.SUBMITTED if present else SittingState.ABSENT,
        machine_id="",
        admitted_at_ms=at,
        logged_in_at_ms=at,
        confirmed_at_ms=at,
        rules_ack_at_ms=at,
        opened_at_ms=at,
        submitted_at_ms=done,
        submit_kind=SubmitKind.AUTO if done else None,
        final_seq=None,
        final_head=None,
        exited_at_ms=None,
    )


def violation(number: int, room: str = "R1") -> RecordLine:
    ticket = f"36{number:04d}"
    return RecordLine(RecordField.VIOLATIONS, 5, f"{ticket} O31-6-1 手机", violator=ticket)


people = st.lists(st.tuples(st.sampled_from(["R1", "R2", "R3"]), st.booleans()), max_size=40)


@given(people)
def test_k03_rooms_add_up_to_the_session_and_nothing_is_broken(
    placed: list[tuple[str, bool]],
) -> None:
    rows = [sitting(number, room, present) for number, (room, present) in enumerate(placed)]
    rooms = per_room(rows, session_id="s1", subject="X")
    assert added(rooms, "s1", "X") == of_sittings("", rows, (), "s1", "X")
    assert [found for row in rooms for found in broken(row)] == []
    assert all(row.scheduled == row.present + row.absent for row in rooms)


def test_k03_violations_are_a_part_of_those_present() -> None:
    rows = [sitting(1, "R1", True), sitting(2, "R1", True), sitting(3, "R1", False)]
    told = [violation(1), violation(1), RecordLine(RecordField.EQUIPMENT, 6, "断电")]
    row = of_sittings("R1", rows, told)
    assert (row.violations, row.anomalies) == (1, 1), "two lines about one person are one"
    wrong = of_sittings("R1", rows[2:], [violation(3)])
    assert [each.code for each in broken(wrong)] == [RemarkCode.VIOLATIONS_MANY]


def test_k03_a_missing_hand_in_or_outcome_is_named() -> None:
    row = of_sittings("R1", [sitting(1, "R1", True, submitted=False)])
    assert [each.code for each in broken(row)] == [RemarkCode.HAND_INS_MISSING]
    uncounted = Statistics("R1", 3, 2, 1, 1, 1, 0, 1, 0, 0)
    assert [each.code for each in broken(uncounted)] == [RemarkCode.COUNTS_DIFFER]


def test_k03_subjects_gather_their_sessions() -> None:
    rows = [
        Statistics("", 10, 9, 9, 1, 9, 0, 9, 0, 0, session_id=f"s{number}", subject=subject)
        for number, subject in enumerate(("A", "B", "A"))
    ]
    found = per_subject(rows)
    assert [(each.subject, each.scheduled, each.present) for each in found] == [
        ("A", 20, 18),
        ("B", 10, 9),
    ]


def test_k03_the_table_reads_back_from_csv() -> None:
    rows = per_room([sitting(1, "R1", True), sitting(2, "R2", False)], {"R1": [violation(1)]})
    back = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert back == [{key: str(value) for key, value in asdict(row).items()} for row in rows]


@pytest.mark.parametrize(
    ("violations", "present", "percent", "warned"),
    [(3, 10, 30, True), (2, 10, 30, False), (0, 10, 30, False), (1, 1, 100, True)],
)
def test_y06_a_share_of_violations_is_a_warning_never_a_verdict(
    violations: int, present: int, percent: int, warned: bool
) -> None:
    row = Statistics("R1", present, 0, present, 0, present, 0, 0, 0, 0, violations)
    assert (share_warning(row, percent) is not None) == warned
    assert share_warning(added([row]), percent) is None, "a room's matter, not the session's"


def test_k03_days_are_counted_from_the_end() -> None:
    day = 24 * 3600 * 1000
    assert [days_over(0, at) for at in (-1, 0, day - 1, day, 3 * day)] == [-1, 0, 0, 1, 3]


# ---- retention ---------------------------------------------------------------------------

PUBLISHED = int(datetime(2026, 11, 25, 9, tzinfo=CHINA).timestamp() * 1000)


@pytest.mark.parametrize(
    ("category", "grave", "answers", "records"),
    [
        ("", False, (6, "2027-05-25"), (60, "2031-11-25")),  # M01, M03
        ("", True, (24, "2028-11-25"), (60, "2031-11-25")),  # M02
        ("CIVIL_SERVICE", False, (12, "2027-11-25"), (60, "2031-11-25")),  # M06
        ("CIVIL_SERVICE", True, (24, "2028-11-25"), (60, "2031-11-25")),  # the longest counts
        ("ANOTHER", False, (6, "2027-05-25"), (60, "2031-11-25")),
    ],
)
def test_m01_m02_m03_m06_the_longest_period_counts(
    category: str, grave: bool, answers: tuple[int, str], records: tuple[int, str]
) -> None:
    found = {each.what: each for each in retention(category, grave, PUBLISHED)}
    assert (found["answers"].months, found["answers"].until) == answers
    assert (found["records"].months, found["records"].until) == records
    assert (RetentionClass.GRAVE in found["answers"].classes) == grave


def test_m01_without_the_day_of_the_scores_nothing_may_ever_be_purged() -> None:
    assert all(each.until is None and not each.may_be_purged for each in retention("", True, None))


def test_v07_a_hold_keeps_everything_whatever_the_date() -> None:
    held = retention("", False, PUBLISHED, "司法鉴定")
    assert not any(each.may_be_purged for each in held)
    assert all(each.may_be_purged for each in retention("", False, PUBLISHED))


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.integers(1, 60))
def test_m01_a_period_is_never_shorter_than_its_months(day: date, months: int) -> None:
    at_ms = int(datetime(day.year, day.month, day.day, tzinfo=CHINA).timestamp() * 1000)
    until = date.fromisoformat(months_later(at_ms, months))
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    assert until >= first
    assert (until - first).days == day.day - 1


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
    st.sampled_from(["", "CIVIL_SERVICE"]),
    st.booleans(),
    st.dictionaries(st.sampled_from(["answers", "records"]), st.integers(1, 120)),
)
def test_m07_nothing_goes_a_day_too_early_and_everything_may_on_the_day(
    published: datetime, category: str, grave: bool, local: dict[str, int]
) -> None:
    published_ms = int(published.replace(tzinfo=CHINA).timestamp() * 1000)
    for kept in retention(category, grave, published_ms, "", local):
        assert kept.until is not None
        due = datetime.fromisoformat(kept.until).replace(tzinfo=CHINA)
        at_ms = int(due.timestamp() * 1000)
        assert why_not_destroyed(kept, at_ms) is None
        assert why_not_destroyed(kept, at_ms - 1) is RefusalCode.KEPT_LONGER
        held = retention(category, grave, published_ms, "来函", local)
        assert all(
            why_not_destroyed(each, at_ms + 10**12) is RefusalCode.KEPT_BY_HOLD for each in held
        )
    unknown = retention(category, grave, None, "", local)
    assert all(why_not_destroyed(each, 10**14) is RefusalCode.SCORES_UNKNOWN for each in unknown)


@given(st.integers(1, 120), st.sampled_from(["", "CIVIL_SERVICE"]), st.booleans())
def test_m06_a_local_rule_of_the_plan_only_ever_lengthens(
    months: int, category: str, grave: bool
) -> None:
    without = {each.what: each.months for each in retention(category, grave, PUBLISHED)}
    for what in without:
        found = {e.what: e for e in retention(category, grave, PUBLISHED, "", {what: months})}
        assert found[what].months == max(without[what], months)
        other = next(each for each in without if each != what)
        assert found[other].months == without[other]
        assert RetentionClass.LOCAL in found[what].classes


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        ("2024-02-29", 12, "2025-03-01"),  # no 29 February: the day after, never before
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-08-31", 6, "2027-03-03"),  # February has 28 days
        ("2026-12-31", 6, "2027-07-01"),
        ("2026-11-30", 60, "2031-11-30"),
    ],
)
def test_m01_leap_days_and_month_ends(day: str, months: int, until: str) -> None:
    at_ms = int(datetime.fromisoformat(day).replace(tzinfo=CHINA).timestamp() * 1000)
    assert months_later(at_ms, months) == until


def test_m01_the_day_is_chinas() -> None:
    late = int(datetime(2026, 1, 31, 17, tzinfo=UTC).timestamp() * 1000)
    assert months_later(late, 6) == "2026-08-01"


# ---- stages ------------------------------------------------------------------------------


def entry(seq: int, event: Event, **data: Any) -> dict[str, Any]:
    return {"seq": seq, "at_ms": seq * 10, "event": event.value, "actor": "a", "data": data}


def test_n04_every_data_set_has_all_four_stages() -> None:
    assert set(STAGES) == {"plan", "papers", "answers", "record"}
    assert all(list(stages) == ["形成", "核查", "使用", "存储"] for stages in STAGES.values())


def test_n04_the_first_entry_of_the_session_is_the_stamp() -> None:
    ledger = [
        entry(1, Event.PLAN_IMPORTED, sessions=["s1", "s2"]),
        entry(2, Event.RECONCILED, session="s2"),
        entry(3, Event.RECONCILED, session="s1"),
        entry(4, Event.RECONCILED, session="s1"),
    ]
    found = {(each.dataset, each.stage): (each.at_ms, each.seq) for each in stamps(ledger, "s1")}
    assert found["plan", "形成"] == (10, 1)
    assert found["answers", "核查"] == (30, 3)
    assert found["answers", "存储"] == (None, 0)
    assert not belongs(ledger[1], "s1")


# ---- the ledger in an export -------------------------------------------------------------


def test_y05_everything_that_names_a_candidate_or_their_machine_is_theirs_once() -> None:
    log = [
        entry(1, Event.LOGGED_IN, ticket="T1", sitting="s1.T1") | {"actor": "m1"},
        entry(2, Event.LOGGED_IN, ticket="T2", sitting="s1.T2") | {"actor": "m2"},
        entry(3, Event.STATION_DOWN, why="silent") | {"actor": "m1"},
        entry(4, Event.LOGGED_IN, ticket="T1", sitting="s1.T1") | {"actor": "m3"},
        entry(5, Event.LOGGED_IN, ticket="T1", sitting="s1.T1") | {"actor": "m3"},
    ]
    index = LedgerIndex(log)
    assert [each["seq"] for each in index.about("s1.T1", "T1", "m3")] == [1, 4, 5]
    assert [each["seq"] for each in index.about("T1", "m1")] == [1, 3, 4, 5]
    assert index.about("", "T9") == []
    assert [each["machine_id"] for each in log_ins(log)["T1"]] == ["m1", "m3"]
