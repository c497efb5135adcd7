"""A violation is suspected (F12): facts, warning, signatures at a running venue, and the end of a
sitting for disorder (V05). One test per state it can strike in."""

from typing import Any

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.console_orders import (
    GetRoomRecord,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    WipeSession,
)
from venue_server.wire.incident_orders import (
    AddToIncident,
    CloseIncident,
    GetIncidents,
    GetViolations,
    HoldEvidence,
    LiftHold,
    NoteRefusal,
    NoteSignature,
    RecordViolation,
    SignViolation,
    TakeItem,
    TerminateSitting,
)
from venue_server.wire.incidents import IncidentFacts
from venue_server.wire.names import DataState, SubmitKind
from venue_server.wire.order31 import DISORDER
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.signed import public_keys
from venue_server.wire.station_messages import SaveAck, SittingTerminated, Welcome
from venue_server.wire.violations import ViolationFacts


def blocking(world: Any) -> list[str]:
    """The rules of what keeps the session from being sealed."""
    points = world.node._day._parts.sources.points(SESSION_ID)
    return [each.rule for each in points if each.blocks_sealing]


async def test_f12_v06_facts_item_refusal_and_the_chiefs_signature(exam_day: Any) -> None:
    world, room, chief = exam_day.world, exam_day.rooms["01"], exam_day.chief
    sitting = exam_day.first.sitting_id
    facts = ViolationFacts(facts="使用手机", place="01机位", camera="C-01", camera_marks="09:12")
    unwarned = RecordViolation(0, "01", sitting, "O31-6-1", facts)
    assert await room.refused(unwarned) is RefusalCode.WARNING_MISSING
    elsewhere = RecordViolation(0, "02", sitting, "O31-7-5", facts)
    assert await room.refused(elsewhere) is RefusalCode.ROOM_NOT_YOURS
    made = (await room.order(RecordViolation(0, "01", sitting, "O31-7-5", facts)))["violation"]
    number, second = made["violation_id"], world.second("inv-01-2")
    alone = TakeItem(0, "01", number, "W01", "手机", False, world.second("inv-01-1"))
    assert await room.refused(alone) is RefusalCode.SAME_PERSON
    await room.order(TakeItem(0, "01", number, "W01", "手机", False, second))
    now = (await room.order(NoteRefusal(0, "01", number, second)))["violation"]
    assert (now["candidate"], len(now["witnesses"])) == ("REFUSED", 2)
    assert await room.refused(SignViolation(0, number, now["content_hash"])) is (
        RefusalCode.ROLE_NOT_ALLOWED
    )
    assert blocking(world) == ["V06"]
    signed = (await chief.order(SignViolation(0, number, now["content_hash"])))["violation"]
    assert "chief-1" in signed["chief"]
    assert blocking(world) == []
    other = await exam_day.rooms["02"].order(GetViolations(0))
    assert other["violations"] == [], "another room does not see it"
    # Of three scheduled one is present and has a violation: far over the threshold (Y06).
    await chief.board(lambda b: any(a.code == "ALM-73" for a in b.venue.alarms), "the share")
    entered = world.events("violation.entered")
    assert [each["data"]["step"] for each in entered] == [
        "RECORDED",
        "ITEM_TAKEN",
        "CANDIDATE_REFUSED",
        "CHIEF_SIGNED",
    ]


async def test_f12_v05_terminated_the_station_is_locked_and_the_answers_are_one_bundle(
    exam_day: Any, kit: Any
) -> None:
    world, chief, station = exam_day.world, exam_day.chief, exam_day.first
    chain = kit.Chain(station.sitting_id)
    await exam_day.next_save(station, chain, "第一题")
    order = TerminateSitting(0, "01", station.sitting_id, "掀翻桌椅", world.second("inv-01-1"))
    for wrong in (exam_day.admin, exam_day.rooms["01"]):
        assert await wrong.refused(order) is RefusalCode.ROLE_NOT_ALLOWED
    other_room = world.second("inv-02-1")
    elsewhere = TerminateSitting(0, "01", station.sitting_id, "掀翻桌椅", other_room)
    assert await chief.refused(elsewhere) is RefusalCode.ROOM_NOT_YOURS
    made = (await chief.order(order))["violation"]
    assert made["code"] == DISORDER
    assert (await station.heard.next(SittingTerminated)).sitting_id == station.sitting_id
    # A second order changes nothing, and gives nothing back.
    assert await chief.refused(order) is RefusalCode.SITTING_WRONG_STATE
    # What the station still has is kept aside, never taken as an answer.
    before = len(station.heard.messages)
    late = await station.save(chain.add(world.now_ms(), "第二题"))
    assert late.seq == 1
    assert await station.heard.next(SaveAck, before)
    assert len(await world.recorded("answers.quarantined")) == 1
    await world.restart()
    assert (await station.welcome()).terminated, "the lock survives the server"
    assert not (await exam_day.other.heard.next(Welcome)).terminated
    await closes_with_one_bundle(exam_day, kit)


async def signed_and_closed(world: Any, room: Any, chief: Any, incident: str) -> None:
    """What keeps the session from being sealed is done: signatures (V06), a result (B07)."""
    assert blocking(world) == ["B07", "V06"]
    violation = (await room.order(NoteSignature(0, "01", "V001")))["violation"]
    await chief.order(SignViolation(0, "V001", violation["content_hash"]))
    facts = IncidentFacts(cause="重新启动", action="恢复连接", ended_at_ms=world.now_ms())
    await chief.order(AddToIncident(0, "", incident, facts))
    await chief.order(CloseIncident(0, incident, "作答无丢失"))
    assert blocking(world) == []


async def closes_with_one_bundle(exam_day: Any, kit: Any) -> None:
    """L02, C07: reconciled with one bundle for the terminated one; a hold stops wiping (V07)."""
    world, first, other = exam_day.world, exam_day.first, exam_day.other
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    rooms = await world.invigilators()
    world.go(kit.DAY.at(90))
    ended = kit.Chain(other.sitting_id)
    await other.save(ended.add(world.now_ms(), kind="submit"))
    await other.client.submit(other.sitting_id, SubmitKind.AUTO, 1, ended.head)
    await chief.board(lambda b: b.venue.data_state is DataState.BACKED_UP, "the backup")
    (incident,) = (await chief.order(GetIncidents(0)))["incidents"]
    assert incident["kind"] == "SERVER", "the restart during the exam opened one by itself"
    await signed_and_closed(world, rooms["01"], chief, incident["incident_id"])
    rows = (await chief.order(Reconcile(0, SESSION_ID)))["rows"]
    await world.look_at_points(chief)
    (mine,) = [row for row in rows if row["sitting_id"] == first.sitting_id]
    assert (mine["outcome"], mine["bundles"]) == ("PRESENT", 1)
    for room_id, console in rooms.items():
        record = await console.order(GetRoomRecord(0, room_id))
        two = next(c for c in world.consoles if c.client.signed_in.person_id == f"inv-{room_id}-2")
        for signing in (console, two, chief):
            await signing.order(SignRoomRecord(0, room_id, record["content_hash"]))
    await chief.order(SealSession(0, SESSION_ID, world.second(kit.ADMIN)))
    await admin.order(UploadSession(0, SESSION_ID))
    await chief.board(lambda b: b.venue.data_state is DataState.UPLOADED, "the upload")
    (file,) = (world.keys.data_dir / "bundles").glob("*.kdbundle")
    public = (world.data / "keys" / "venue.ed25519.pub").read_text().strip()
    opened = open_bundle(file, world.keys.bundle, public_keys([public]))
    assert isinstance(opened, OpenedBundle), opened
    (sealed,) = [each for each in opened.sittings if each.head.sitting_id == first.sitting_id]
    assert len(sealed.chain) == 1
    (violation,) = opened.records["violations"]["records"]
    assert (violation["code"], violation["sitting_id"]) == (DISORDER, first.sitting_id)
    assert [each["kind"] for each in opened.records["incidents"]] == ["SERVER"]
    await chief.order(HoldEvidence(0, "V001", "待复核"))
    wipe = WipeSession(0, SESSION_ID, world.second(kit.CHIEF))
    assert await admin.refused(wipe) is RefusalCode.EVIDENCE_HELD
    await chief.order(LiftHold(0, "V001", "复核完毕", "9号", world.second(kit.ADMIN)))
    await admin.order(wipe)
