"""Defects, evacuations and stations lost in number at a running venue (F14, F17, I04, I09)."""

from typing import Any

import pytest

from venue_server.gateway import lost_stations
from venue_server.wire.credit_orders import GetInterruptions
from venue_server.wire.incident_orders import (
    AddToIncident,
    CloseIncident,
    ContainIncident,
    GetIncidents,
    OpenIncident,
    ReportIncident,
)
from venue_server.wire.incidents import GraveClass, IncidentFacts, IncidentKind, Severity
from venue_server.wire.refusals import RefusalCode


def has(code: str) -> Any:
    return lambda board: any(alarm.code == code for alarm in board.venue.alarms)


async def test_f14_the_same_item_three_times_is_an_alarm_by_number_only(exam_day: Any) -> None:
    room, chief = exam_day.rooms["01"], exam_day.chief
    blank = OpenIncident(
        0, "01", IncidentKind.PAPER, Severity.MINOR, IncidentFacts(what="图片不显示", seats=["01"])
    )
    assert await room.refused(blank) is RefusalCode.INCIDENT_INCOMPLETE
    for seat in ("01", "02", "03"):
        assert not has("ALM-72")(chief.client.board)
        facts = IncidentFacts(what="图片不显示", seats=[seat], item_no="7")
        await room.order(OpenIncident(0, "01", IncidentKind.PAPER, Severity.MINOR, facts))
    await chief.board(has("ALM-72"), "the alarm")
    found = await exam_day.rooms["02"].order(GetIncidents(0))
    assert found["incidents"] == [], "another room does not see it"


async def test_f17_i01_an_evacuation_is_reported_measured_and_closed(exam_day: Any) -> None:
    room, chief, world = exam_day.rooms["01"], exam_day.chief, exam_day.world
    began = world.now_ms()
    facts = IncidentFacts(what="消防警报", started_at_ms=began)
    order = OpenIncident(0, "", IncidentKind.EVACUATION, Severity.SEVERE, facts)
    assert await room.refused(order) is RefusalCode.ROOM_NOT_YOURS, "the venue is not theirs"
    one = (await chief.order(order))["incident"]
    number = one["incident_id"]
    assert "消防警报" in one["report"]
    await chief.board(has("ALM-70"), "report now")
    close = CloseIncident(0, number, "误报，恢复考试")
    assert await chief.refused(close) is RefusalCode.INCIDENT_UNREPORTED
    await chief.order(ReportIncident(0, number, "部考试中心", "电话", "12号"))
    await chief.board(lambda b: not has("ALM-70")(b), "the banner goes")
    assert await chief.refused(close) is RefusalCode.INCIDENT_INCOMPLETE
    world.go(began + 31 * 60_000)
    await chief.board(has("ALM-71"), "the next level decides (I09)")
    over = IncidentFacts(cause="误报", action="疏散后返回", ended_at_ms=began + 31 * 60_000)
    await chief.order(AddToIncident(0, "", number, over))
    done = (await chief.order(close))["incident"]
    assert (done["duration_ms"], done["closed_at_ms"] > 0) == (31 * 60_000, True)


async def test_i04_i12_stations_lost_in_number_open_a_severe_incident_once(
    exam_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_stations, "STAYS_S", 0.0)
    for station in exam_day.world.stations:
        await station.close()
    exam_day.world.stations.clear()
    opened = await exam_day.world.recorded("incident.opened")
    assert opened[0]["data"]["automatic"] is True
    await exam_day.chief.board(has("ALM-70"), "report now")
    found = await exam_day.chief.order(GetIncidents(0))
    (one,) = found["incidents"]
    assert (one["severity"], one["grave"]) == (Severity.SEVERE, GraveClass.BREAKDOWN)
    assert one["opened_by"] == "系统"
    log = (await exam_day.chief.order(GetInterruptions(0)))["interruptions"]
    assert [line["end_ms"] for line in log] == [None, None]
    assert [line["incident_id"] for line in log] == [one["incident_id"]] * 2


async def test_i05_containing_freezes_a_release_to_come_and_opens_no_second_incident(
    world: Any, kit: Any
) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    facts = IncidentFacts(what="网传试题")
    order = OpenIncident(0, "", IncidentKind.LEAK, Severity.MAJOR, facts, GraveClass.LEAK)
    number = (await chief.order(order))["incident"]["incident_id"]
    await admin.order(ContainIncident(0, number, "核实中"))
    (frozen,) = world.events("release.frozen")
    assert frozen["data"]["reason"] == f"{number} 核实中"
    found = await chief.order(GetIncidents(0))
    assert [one["incident_id"] for one in found["incidents"]] == [number]
    assert found["incidents"][0]["contained_at_ms"] > 0
    assert [hold["subject"] for hold in found["holds"]] == [number]
