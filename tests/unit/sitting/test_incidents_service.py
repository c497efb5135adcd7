"""Incidents in the store (B07, I01, I05, V07): append-only, once a key, one transaction with the
ledger; what they tell the room record, the close check and the bundle."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from venue_server.ledger.catalogue import Event
from venue_server.records.incidents.automatic import stations_lost
from venue_server.records.incidents.service import IncidentService
from venue_server.storage import schema
from venue_server.wire.day_records import RecordField
from venue_server.wire.incidents import (
    GraveClass,
    IncidentFacts,
    IncidentKind,
    IncidentView,
    Severity,
)
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.violations import Hold

POWER = IncidentFacts(what="停电", seats=["03"], cause="跳闸", action="合闸")


@pytest.fixture
def incidents(venue: Any) -> IncidentService:
    return IncidentService(venue.store, venue.ledger, venue.clock)


async def opened(incidents: IncidentService, room: str = "R1", **changes: Any) -> IncidentView:
    values: dict[str, Any] = {
        "session_id": "s1",
        "room_id": room,
        "kind": IncidentKind.POWER,
        "severity": Severity.MINOR,
        "grave": GraveClass.NONE,
        "facts": POWER,
        "by": "监考甲（inv-1）",
        "actor": "inv-1",
    }
    done = await incidents.open(**(values | changes))
    assert isinstance(done, IncidentView), done
    return done


def code(done: object) -> RefusalCode:
    assert isinstance(done, Refusal), done
    return done.code


@pytest.mark.parametrize(
    "table",
    ["incident_entry", "violation_entry", "observation", "observation_verdict", "evidence_hold"],
)
async def test_v08_b07_the_tables_take_no_update_and_no_delete(venue: Any, table: str) -> None:
    found = {
        row.name
        for row in venue.store.read(
            lambda tx: tx.execute(
                text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=:t"),
                {"t": table},
            ).all()
        )
    }
    assert found == {f"{table}_no_update", f"{table}_no_delete"}


async def test_b07_an_entry_can_neither_be_changed_nor_deleted(
    venue: Any, incidents: IncidentService
) -> None:
    await opened(incidents)
    table = schema.incident_entry
    for statement in (update(table).values(document="{}"), delete(table)):
        with pytest.raises(DBAPIError, match="append-only"):
            await venue.store.write(lambda tx, it=statement: tx.execute(it))
    assert incidents.one("I001") is not None


async def test_i01_reported_then_closed_each_step_in_the_ledger(
    venue: Any, incidents: IncidentService
) -> None:
    one = await opened(incidents, severity=Severity.SEVERE)
    assert code(await incidents.close("I001", "已恢复", "主考", "chief-1")) is (
        RefusalCode.INCIDENT_UNREPORTED
    )
    assert code(await incidents.report("I001", " ", "电话", "", "主考", "c")) is (
        RefusalCode.REASON_MISSING
    )
    (point,) = incidents.open_points("s1")
    assert (point.rule, point.blocks_sealing, point.room_id) == ("I01", True, "R1")
    await incidents.report("I001", "部考试中心", "电话", "12号", "主考", "chief-1")
    (point,) = incidents.open_points("s1")
    assert (point.rule, point.blocks_sealing) == ("B07", True)
    over = IncidentFacts(ended_at_ms=one.facts.started_at_ms + 60_000)
    await incidents.add("I001", "R1", over, None, GraveClass.NONE, "监考甲", "inv-1")
    done = await incidents.close("I001", "已恢复供电", "主考", "chief-1")
    assert isinstance(done, IncidentView)
    assert (done.closed, done.entries) == (True, 4)
    assert incidents.open_points("s1") == []
    told = [one["event"] for one in venue.events() if one["event"].startswith("incident.")]
    assert told == ["incident.opened", "incident.reported", "incident.added", "incident.closed"]
    assert "停电" not in str(venue.events()), "the words stay out of the ledger"


async def test_a07_a_roving_invigilator_countersigns_what_stands(
    incidents: IncidentService,
) -> None:
    one = await opened(incidents)
    rove = "流动监考（rove-1）", "rove-1"
    signed = await incidents.countersign(one.incident_id, "R1", *rove)
    assert isinstance(signed, IncidentView) and signed.countersigned == [rove[0]]
    again = await incidents.countersign(one.incident_id, "R1", *rove)
    assert code(again) is RefusalCode.INCIDENT_COUNTERSIGNED
    elsewhere = await incidents.countersign(one.incident_id, "R2", *rove)
    assert code(elsewhere) is RefusalCode.INCIDENT_UNKNOWN
    own = await incidents.countersign(one.incident_id, "R1", one.opened_by, "inv-1")
    assert code(own) is RefusalCode.SAME_PERSON
    (line,) = incidents.room_lines("s1", "R1")
    assert line.text.endswith("复签：流动监考（rove-1）")
    more = await incidents.add(
        one.incident_id, "R1", IncidentFacts(cause="短路"), None, GraveClass.NONE, "甲", "inv-1"
    )
    assert isinstance(more, IncidentView) and more.countersigned == [], "it was another text"


async def test_b07_an_incident_of_another_room_is_unknown_there(incidents: IncidentService) -> None:
    await opened(incidents)
    done = await incidents.add("I001", "R2", POWER, None, GraveClass.NONE, "x", "x")
    assert code(done) is RefusalCode.INCIDENT_UNKNOWN
    assert code(await incidents.close("I009", "x", "x", "x")) is RefusalCode.INCIDENT_UNKNOWN


async def test_i04_what_raises_itself_is_written_with_its_cause_and_once(
    make_venue: Callable[[], Any],
) -> None:
    venue = make_venue()
    await venue.load()
    incidents = IncidentService(venue.store, venue.ledger, venue.clock)
    await venue.ledger.note(Event.RELEASED_BY_CODE, session="s1")
    await venue.ledger.note(Event.RELEASED_BY_CODE, session="s1")
    (one,) = incidents.all("s1")
    assert (one.kind, one.key, one.must_report) == (
        IncidentKind.RELEASE_BY_CODE,
        "by-code:s1",
        True,
    )
    venue = make_venue()  # as after a restart
    incidents = IncidentService(venue.store, venue.ledger, venue.clock)
    await venue.ledger.note(Event.RELEASED_BY_CODE, session="s1")
    assert len(incidents.all("s1")) == 1
    made = stations_lost("s1", 3, 9, venue.clock.now)
    assert await incidents.raise_once(made) is not None
    assert await incidents.raise_once(made) is None
    events = [each["event"] for each in venue.events()]
    by_code = events.index("release.by-code")
    assert events[by_code + 1] == "incident.opened"


async def test_f19_an_outage_of_the_primary_is_one_incident_with_its_beginning_and_end(
    venue: Any, incidents: IncidentService
) -> None:
    """Recorded when the device is back; killed between the two entries, it is recorded again."""
    since_ms = venue.clock.now - 90_000
    told = {"copy": "primary", "problem": "ALM-89", "since_ms": since_ms, "noticed_ms": 40}
    for _ in range(2):
        await venue.ledger.note(Event.STORE_DEGRADED, **told)
    (one,) = incidents.all()
    assert (one.kind, one.severity) == (IncidentKind.SERVER, Severity.MAJOR)
    assert (one.facts.started_at_ms, one.facts.ended_at_ms) == (since_ms, venue.clock.now)
    assert "ALM-89" in one.facts.what and "已恢复" in one.facts.what
    assert not one.closed, "people close it"
    (line,) = incidents.room_lines("s1", "R1")
    assert line.field is RecordField.EQUIPMENT
    later = {**told, "since_ms": venue.clock.now + 1}  # the clock was set back meanwhile
    await venue.ledger.note(Event.STORE_DEGRADED, **later)
    assert [each.facts.ended_at_ms >= each.facts.started_at_ms for each in incidents.all()] == [
        True,
        True,
    ]


async def test_i04_a_cause_that_is_rolled_back_leaves_no_incident(
    venue: Any, incidents: IncidentService
) -> None:
    def run(tx: Any) -> None:
        venue.ledger.record(tx, Event.RELEASED_BY_CODE, session="s1")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await venue.store.write(run)
    assert incidents.all() == []


async def test_i05_containing_makes_it_severe_and_holds_the_evidence(
    venue: Any, incidents: IncidentService
) -> None:
    await opened(incidents)
    assert code(await incidents.contain("I001", " ", "主考", "c")) is RefusalCode.REASON_MISSING
    done = await incidents.contain("I001", "疑似泄题", "主考（chief-1）", "chief-1")
    assert isinstance(done, IncidentView)
    assert (done.severity, done.must_report) == (Severity.SEVERE, True)
    (hold,) = incidents.holds("s1")
    assert (hold.subject, hold.reason, len(hold.snapshot)) == ("I001", "疑似泄题", 64)
    # A freeze that names the incident is part of it; any other is an incident of its own.
    await venue.ledger.note(Event.RELEASE_FROZEN, "chief-1", reason="I001 疑似泄题")
    assert len(incidents.all()) == 1
    await venue.ledger.note(Event.RELEASE_FROZEN, "chief-1", reason="网传试题")
    assert [one.grave for one in incidents.all()] == [GraveClass.NONE, GraveClass.LEAK]


async def test_v07_a_hold_is_lifted_with_a_reference_and_not_twice(
    incidents: IncidentService,
) -> None:
    held = await incidents.hold("s1", "V001", "复核", "主考", "chief-1")
    assert isinstance(held, Hold)
    none = await incidents.lift("s1", "V001", "复核完", " ", "x", "x")
    assert code(none) is RefusalCode.REASON_MISSING
    assert isinstance(await incidents.lift("s1", "V001", "复核完", "9号", "x", "x"), Hold)
    assert incidents.holds("s1") == []
    again = await incidents.lift("s1", "V001", "复核完", "9号", "x", "x")
    assert code(again) is RefusalCode.EVIDENCE_NOT_HELD


async def test_k01_lines_go_to_their_field_and_their_room(incidents: IncidentService) -> None:
    await opened(incidents)
    await opened(incidents, "", kind=IncidentKind.EVACUATION)
    await opened(incidents, "R2", kind=IncidentKind.ILLNESS)
    lines = incidents.room_lines("s1", "R1")
    assert [line.field for line in lines] == [RecordField.EQUIPMENT, RecordField.INCIDENTS]
    assert "R1考场03机位" in lines[0].text
    assert "全考点" in lines[1].text
    (first, *_others) = incidents.for_bundle("s1")
    assert (first["incident_id"], len(first["history"])) == ("I001", 1)
