"""Violations and observations (V01-V09, Y06, M02): what comes first, who signs, nothing changed."""

import dataclasses
from typing import Any

import pytest

from venue_server.ledger.catalogue import Event
from venue_server.records.incidents.service import IncidentService
from venue_server.records.violations import observing, rules
from venue_server.records.violations.rules import ViolationEntry
from venue_server.records.violations.service import ViolationService
from venue_server.sitting.rows import Sitting
from venue_server.wire.day_records import RecordField
from venue_server.wire.incidents import IncidentKind, Severity
from venue_server.wire.names import SessionState, SittingState, SubmitKind
from venue_server.wire.order31 import CODES, GRAVE_ARTICLES, Article
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.violations import (
    CandidateSignature,
    ObservationView,
    Verdict,
    ViolationFacts,
    ViolationStep,
    ViolationView,
)

FACTS = ViolationFacts(facts="左手藏有写有公式的纸条", place="03机位", evidence=["纸条一张"])
BY = ("监考甲（inv-1）", "inv-1")


@pytest.fixture
def incidents(venue: Any) -> IncidentService:
    return IncidentService(venue.store, venue.ledger, venue.clock)


@pytest.fixture
def violations(venue: Any, incidents: IncidentService) -> ViolationService:
    return ViolationService(venue.store, venue.ledger, venue.service, incidents, venue.clock)


def code(done: object) -> RefusalCode:
    assert isinstance(done, Refusal), done
    return done.code


def stands(done: object) -> ViolationView:
    assert isinstance(done, ViolationView), done
    return done


async def at_work(venue: Any, seat: str = "01", room: str = "R1") -> str:
    """Somebody whose paper is open."""
    sitting_id: str = await venue.ready(seat, room)
    venue.clock.minutes(0)
    await venue.start()
    venue.clock.minutes(1)
    await venue.open(sitting_id)
    return sitting_id


async def recorded(violations: ViolationService, sitting_id: str, item: str = "O31-7-1") -> str:
    made = stands(await violations.record("R1", sitting_id, item, FACTS, *BY))
    return made.violation_id


# ---- the catalogue -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("article", "count"),
    [(Article.GENERAL, 10), (Article.SERIOUS, 6), (Article.VERY_SERIOUS, 3), (Article.DISORDER, 1)],
)
def test_v02_v03_v04_every_item_of_the_articles_is_there(article: Article, count: int) -> None:
    found = [each for each in CODES.values() if each.article is article]
    assert len(found) == count
    assert all(each.zh and each.en for each in found)


def test_v02_items_1_2_4_9_presuppose_a_warning_and_no_other() -> None:
    asked = {each.code for each in CODES.values() if each.warning_required}
    assert asked == {"O31-6-1", "O31-6-2", "O31-6-4", "O31-6-9"}
    assert all(("经提醒" in each.zh) == each.warning_required for each in CODES.values())


# ---- recording -----------------------------------------------------------------------------


async def test_v02_each_item_can_be_recorded_after_its_warning_only(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await at_work(venue)
    now = venue.clock.now
    warned = ViolationFacts(facts="x", warned_at_ms=now - 1000, warned_by="监考甲")
    for item, known in CODES.items():
        done = await violations.record("R1", sitting_id, item, FACTS, *BY)
        if not known.warning_required:
            assert stands(done).code == item
            continue
        assert code(done) is RefusalCode.WARNING_MISSING
        for warned_at, by in ((now, ""), (0, "监考甲"), (now + 1, "监考甲")):
            facts = ViolationFacts(facts="x", warned_at_ms=warned_at, warned_by=by)
            refused = await violations.record("R1", sitting_id, item, facts, *BY)
            assert code(refused) is RefusalCode.WARNING_MISSING
        assert stands(await violations.record("R1", sitting_id, item, warned, *BY)).counts


async def test_k03_v01_only_of_somebody_in_the_room_with_facts_and_a_known_item(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await at_work(venue)
    nobody = next(s for s in venue.service.sittings("s1") if s.seat_no == "02").sitting_id
    blank = ViolationFacts(facts="  ")
    for room, sitting, item, facts, expected in (
        ("R1", nobody, "O31-7-1", FACTS, RefusalCode.VIOLATION_NOT_PRESENT),
        ("R2", sitting_id, "O31-7-1", FACTS, RefusalCode.ROOM_NOT_YOURS),
        ("R1", "s1/none", "O31-7-1", FACTS, RefusalCode.SITTING_UNKNOWN),
        ("R1", sitting_id, "O31-5-1", FACTS, RefusalCode.VIOLATION_INCOMPLETE),
        ("R1", sitting_id, "O31-7-1", blank, RefusalCode.VIOLATION_INCOMPLETE),
    ):
        assert code(await violations.record(room, sitting, item, facts, *BY)) is expected
    assert violations.all("s1") == []


@pytest.mark.parametrize("item", [each for each in CODES if each[4] == "8"])
async def test_v04_a_very_serious_one_opens_a_severe_incident_at_once(
    venue: Any, violations: ViolationService, incidents: IncidentService, item: str
) -> None:
    number = await recorded(violations, await at_work(venue), item)
    (one,) = incidents.all("s1")
    assert (one.kind, one.severity, one.must_report) == (
        IncidentKind.CHEATING,
        Severity.SEVERE,
        True,
    )
    assert number in one.facts.what
    assert (one.room_id, one.facts.seats) == ("R1", ["01"])


# ---- signatures ----------------------------------------------------------------------------


async def test_v06_the_candidate_first_then_the_chief_and_a_change_voids_both(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await at_work(venue)
    number = await recorded(violations, sitting_id)
    present = violations.present("s1")

    def points() -> list[tuple[str, str, bool]]:
        found = observing.open_points(violations.all("s1"), [], present, False)
        return [(each.rule, each.remark.code.name, each.blocks_sealing) for each in found]

    now = violations.all("s1")[0]
    assert points() == [("V06", "VIOLATION_UNASKED", True)]
    refused = await violations.sign(number, now.content_hash, "主考", "chief-1")
    assert code(refused) is RefusalCode.VIOLATION_INCOMPLETE
    entry = ViolationEntry(
        ViolationStep.CANDIDATE_REFUSED, venue.clock.now, "监考甲", second="监考乙"
    )
    now = stands(await violations.step(number, "R1", entry, "inv-1,inv-2"))
    assert (now.candidate, now.witnesses) == (CandidateSignature.REFUSED, ["监考甲", "监考乙"])
    assert points() == [("V06", "VIOLATION_UNSIGNED", True)]
    old = await violations.sign(number, "0" * 64, "主考", "chief-1")
    assert code(old) is RefusalCode.VIOLATION_CHANGED
    signed = stands(await violations.sign(number, now.content_hash, "主考", "chief-1"))
    assert (signed.chief, points()) == ("主考", [])
    more = ViolationFacts(statement="纸条是草稿", evidence=["监控截图"])
    after = stands(await violations.add(number, "R1", more, *BY))
    assert (after.chief, after.candidate) == ("", CandidateSignature.MISSING)
    assert after.facts.evidence == ["纸条一张", "监控截图"]
    assert points() == [("V06", "VIOLATION_UNASKED", True)]


async def test_v06_items_are_kept_by_two_and_go_back_by_two(
    venue: Any, violations: ViolationService
) -> None:
    number = await recorded(violations, await at_work(venue))
    now = venue.clock.now
    taken = ViolationEntry(
        ViolationStep.ITEM_TAKEN, now, "甲", "乙", number="W01", what="手机", candidate_signed=True
    )
    one = stands(await violations.step(number, "R1", taken, "a,b"))
    (item,) = one.items
    assert (item.number, item.staff, item.candidate_signed) == ("W01", ["甲", "乙"], True)
    assert rules.may_take(one, "W02", "耳机") is None
    for asked, what in (("W01", "耳机"), ("W02", ""), ("", "耳机")):
        assert code(rules.may_take(one, asked, what)) is RefusalCode.VIOLATION_INCOMPLETE
    back = ViolationEntry(ViolationStep.ITEM_RETURNED, now, "甲", "乙", number="W01")
    two = stands(await violations.step(number, "R1", back, "a,b"))
    assert two.items[0].returned_by == ["甲", "乙"]
    assert two.content_hash == one.content_hash, "giving back voids no signature"
    assert code(rules.may_return(two, "W01")) is RefusalCode.VIOLATION_INCOMPLETE


async def test_v08_it_is_withdrawn_by_a_new_record_on_evidence_and_stays_readable(
    venue: Any, violations: ViolationService
) -> None:
    number = await recorded(violations, await at_work(venue))
    none = await violations.withdraw(number, "查证不实", " ", "主考", "chief-1")
    assert code(none) is RefusalCode.REASON_MISSING
    done = stands(await violations.withdraw(number, "查证不实", "监控C-07", "主考", "chief-1"))
    assert not done.counts
    more = await violations.add(number, "R1", FACTS, *BY)
    assert code(more) is RefusalCode.VIOLATION_WITHDRAWN
    history = violations.for_bundle("s1")["records"][0]["history"]
    assert [each["step"] for each in history] == ["RECORDED", "WITHDRAWN"]
    (line,) = observing.room_lines(violations.all("s1"), "R1")
    assert line.field is RecordField.VIOLATIONS
    assert "已撤销（依据：监控C-07）" in line.text


async def test_m02_serious_cases_raise_the_class_of_the_records(
    venue: Any, violations: ViolationService, incidents: IncidentService
) -> None:
    sitting_id = await at_work(venue)
    facts = ViolationFacts(facts="x", warned_at_ms=venue.clock.now, warned_by="甲")
    for item, known in CODES.items():
        assert rules.retention_class(violations.all("s1"), []) == "NORMAL", "withdrawn ones do not"
        made = stands(await violations.record("R1", sitting_id, item, facts, *BY))
        grave = "GRAVE" if known.article in GRAVE_ARTICLES else "NORMAL"
        assert rules.retention_class(violations.all("s1"), []) == grave
        stands(await violations.withdraw(made.violation_id, "x", "1号", "主考", "c"))
    assert rules.retention_class([], incidents.all("s1")) == "GRAVE", "the severe incidents of §8"
    assert violations.for_bundle("s1")["retention_class"] == "GRAVE"


# ---- ending a sitting ----------------------------------------------------------------------


async def test_v05_a_sitting_at_work_is_ended_present_with_its_answers(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await at_work(venue)
    none = await violations.terminate("R1", sitting_id, " ", (4, "ab" * 32), "x", "x")
    assert code(none) is RefusalCode.REASON_MISSING
    done = await violations.terminate("R1", sitting_id, "掀桌", (4, "ab" * 32), "主考、甲", "c,i")
    assert stands(done).code == "O31-9"
    one = venue.service.sitting(sitting_id)
    assert (one.state, one.submit_kind) == (SittingState.TERMINATED, SubmitKind.TERMINATED)
    assert (one.final_seq, one.present, one.absent) == (4, True, False)
    again = await violations.terminate("R1", sitting_id, "再次", (4, "ab" * 32), "x", "x")
    assert code(again) is RefusalCode.SITTING_WRONG_STATE
    assert len(violations.all("s1")) == 1, "a refused end records nothing"
    late = await venue.service.submit(sitting_id, SubmitKind.AUTO, 5, "cd" * 32)
    assert code(late) is RefusalCode.SITTING_ENDED


async def test_v05_k03_ended_before_the_paper_opened_it_counts_as_absent(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await venue.ready("01")
    stands(await violations.terminate("R1", sitting_id, "辱骂", (0, ""), "主考、甲", "c,i"))
    venue.clock.minutes(0)
    await venue.start()
    refused = await venue.service.opened(sitting_id, venue.clock.now)
    assert code(refused) is RefusalCode.SITTING_WRONG_STATE
    venue.clock.minutes(91)
    assert await venue.service.end_session("s1") is None
    counts = venue.service.counts("s1")
    assert (counts.scheduled, counts.present, counts.absent) == (5, 0, 5)
    one = venue.service.sitting(sitting_id)
    assert (one.state, one.absent) == (SittingState.TERMINATED, True)
    (point,) = [
        each
        for each in observing.open_points(violations.all("s1"), [], violations.present("s1"), True)
        if each.rule == "K03"
    ]
    assert not point.blocks_sealing


async def test_v05_what_is_refused_is_refused_before_anything_is_stopped(venue: Any) -> None:
    one = venue.service.sitting(await at_work(venue))
    started, over = SessionState.STARTED, SessionState.ENDED
    done = dataclasses.replace(one, state=SittingState.SUBMITTED)
    assert rules.may_terminate(one, started, "R1", "掀桌") is None
    for sitting, session, room, reason, expected in (
        (one, started, "R1", " ", RefusalCode.REASON_MISSING),
        (one, started, "R2", "掀桌", RefusalCode.ROOM_NOT_YOURS),
        (one, over, "R1", "掀桌", RefusalCode.SESSION_WRONG_STATE),
        (done, started, "R1", "掀桌", RefusalCode.SITTING_WRONG_STATE),
    ):
        assert code(rules.may_terminate(sitting, session, room, reason)) is expected


async def test_v05_nobody_is_terminated_after_the_end(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await at_work(venue)
    venue.clock.minutes(91)
    assert await venue.service.end_session("s1") is None
    late = await violations.terminate("R1", sitting_id, "辱骂", (0, ""), "主考、甲", "c,i")
    assert code(late) is RefusalCode.SESSION_WRONG_STATE
    assert violations.all("s1") == []


async def test_v05_a_station_cannot_hand_in_as_terminated(venue: Any) -> None:
    sitting_id = await at_work(venue)
    done = await venue.service.submit(sitting_id, SubmitKind.TERMINATED, 0, "")
    assert code(done) is RefusalCode.SITTING_WRONG_STATE


# ---- observations --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alert", "kept"),
    [
        ("FOCUS_LOST", True),
        ("WINDOW_HIDDEN", True),
        ("USB_INSERTED:0951", True),
        ("DUPLICATE_LOGIN", True),
        ("HAND_RAISED", False),
        ("JOURNAL_FAILED", False),
        ("", False),
    ],
)
def test_v09_what_is_an_observation(alert: str, kept: bool) -> None:
    assert observing.is_observation(alert) is kept


async def test_v09_an_observation_stays_one_until_a_person_decides_once(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await at_work(venue)
    await venue.ledger.note(Event.STATION_ALERT, "m01", alert="FOCUS_LOST")
    await venue.ledger.note(Event.STATION_ALERT, "m01", alert="HAND_RAISED")
    await venue.ledger.note(Event.STATION_ALERT, "m02", alert="FOCUS_LOST")  # nobody sits there
    (seen,) = violations.observations("s1")
    assert (seen.sitting_id, seen.alert, seen.verdict) == (sitting_id, "FOCUS_LOST", Verdict.OPEN)
    assert violations.all("s1") == [], "it never becomes a violation by itself"
    one = seen.observation_id
    assert code(await violations.decide(one, "R2", "", "x", *BY)) is RefusalCode.OBSERVATION_UNKNOWN
    assert code(await violations.decide(one, "R1", "", " ", *BY)) is RefusalCode.REASON_MISSING
    unknown = await violations.decide(one, "R1", "V009", "x", *BY)
    assert code(unknown) is RefusalCode.VIOLATION_UNKNOWN
    number = await recorded(violations, sitting_id)
    done = await violations.decide(one, "R1", number, "切换窗口", *BY)
    assert isinstance(done, ObservationView)
    assert (done.verdict, done.violation_id) == (Verdict.ATTACHED, number)
    assert any("FOCUS_LOST" in each for each in violations.all("s1")[0].facts.evidence)
    again = await violations.decide(one, "R1", "", "误报", *BY)
    assert code(again) is RefusalCode.OBSERVATION_UNKNOWN


async def test_v09_a_dismissed_observation_keeps_its_remark(
    venue: Any, violations: ViolationService
) -> None:
    await at_work(venue)
    await venue.ledger.note(Event.STATION_ALERT, "m01", alert="FOCUS_LOST")
    waiting = observing.open_points([], violations.observations("s1"), {}, False)
    assert [(each.rule, each.blocks_sealing) for each in waiting] == [("V09", False)]
    await violations.decide(1, "R1", "", "输入法窗口", *BY)
    (seen,) = violations.observations("s1")
    assert (seen.verdict, seen.remark) == (Verdict.DISMISSED, "输入法窗口")
    assert observing.open_points([], [seen], {}, False) == []


# ---- the share -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caught", "present", "percent", "high"),
    [
        (0, 0, 30, False),
        (0, 10, 0, False),
        (2, 10, 30, False),
        (3, 10, 30, True),
        (4, 10, 30, True),
        (1, 1, 60, True),
    ],
)
def test_y06_a_share_that_reaches_the_threshold_warns(
    caught: int, present: int, percent: int, high: bool
) -> None:
    assert rules.share_too_high(caught, present, percent) is high


async def test_y06_counts_each_of_those_present_once_and_no_withdrawn_record(
    venue: Any, violations: ViolationService
) -> None:
    sitting_id = await at_work(venue)
    first, second = await recorded(violations, sitting_id), await recorded(violations, sitting_id)
    present = violations.present("s1")
    shares = observing.high_shares(violations.all("s1"), present, 30)
    assert shares == {"R1": (1, 1)}
    for number in (first, second):
        await violations.withdraw(number, "不实", "1号", "主考", "c")
    assert observing.high_shares(violations.all("s1"), present, 30) == {}
    assert isinstance(venue.service.sitting(sitting_id), Sitting)
