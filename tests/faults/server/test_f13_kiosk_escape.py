"""A station notices something (F13): it is kept as an observation within seconds, and a person
decides what it means (V09)."""

from typing import Any

from venue_server.wire.incident_orders import DecideObservation, GetViolations, RecordViolation
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.violations import ViolationFacts


async def observed(exam_day: Any) -> dict[str, Any]:
    """The station's word, kept and shown."""
    station, room = exam_day.first, exam_day.rooms["01"]
    assert station.client.heartbeat(0, 0, "ANSWER", ["FOCUS_LOST"])
    await room.board(lambda b: "FOCUS_LOST" in b.seats["01"]["01"].alerts, "the alert")
    await exam_day.world.recorded("station.alert")
    found = await room.order(GetViolations(0))
    assert found["violations"] == [], "it never becomes one by itself"
    (seen,) = found["observations"]
    assert (seen["alert"], seen["seat_no"], seen["verdict"]) == ("FOCUS_LOST", "01", "")
    return dict(seen)


async def test_f13_v09_an_observation_becomes_evidence_by_a_persons_word(exam_day: Any) -> None:
    seen, room = await observed(exam_day), exam_day.rooms["01"]
    facts = ViolationFacts(
        facts="切换窗口，经提醒不改",
        warned_at_ms=exam_day.world.now_ms() - 1000,
        warned_by="监考甲",
    )
    order = RecordViolation(0, "01", exam_day.first.sitting_id, "O31-6-9", facts)
    number = (await room.order(order))["violation"]["violation_id"]
    attach = DecideObservation(0, "01", seen["observation_id"], "", number)
    assert await exam_day.rooms["02"].refused(attach) is RefusalCode.ROOM_NOT_YOURS
    await room.order(attach)
    (violation,) = (await room.order(GetViolations(0)))["violations"]
    assert any("FOCUS_LOST" in each for each in violation["facts"]["evidence"])


async def test_f13_v09_or_is_dismissed_with_a_remark_and_survives_a_restart(
    exam_day: Any, kit: Any
) -> None:
    seen = await observed(exam_day)
    room = exam_day.rooms["01"]
    await room.order(DecideObservation(0, "01", seen["observation_id"], "输入法窗口"))
    await exam_day.world.restart()
    chief = await exam_day.world.console(kit.CHIEF)
    (again,) = (await chief.order(GetViolations(0)))["observations"]
    assert (again["verdict"], again["remark"]) == ("DISMISSED", "输入法窗口")
