"""The records of a day through the doors people use: what is looked at, written, still open."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from venue_server.records import export
from venue_server.records.equipment_io import append, sample
from venue_server.records.export import EXPORT_TYPE, SCHEMA
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.console_orders import GetRoomRecord, Reconcile, SignRoomRecord
from venue_server.wire.names import DataState, SubmitKind
from venue_server.wire.record_orders import (
    AnswerRecordPoint,
    EditRoomRecord,
    EnterScorePublication,
    ExportSession,
    GetCloseCheck,
    GetFeed,
    GetStatistics,
    PrintRoomRecord,
    SetLegalHold,
    WrittenField,
)
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys, verify

SCHEMA_FILE = Path(export.__file__).with_name(SCHEMA)


@pytest.fixture
async def day(world: Any, kit: Any) -> Any:
    """An exam with one candidate in each room, and others who never came."""
    return await kit.begin_exam(world, ("01", "01"), ("02", "02"))


async def ended(day: Any, kit: Any) -> None:
    """Both stations hand in at the end; the answers are backed up and reconciled."""
    chains = [kit.Chain(station.sitting_id) for station in day.stations]
    for station, chain in zip(day.stations, chains, strict=True):
        await day.next_save(station, chain)
    day.world.go(kit.DAY.at(90))
    for station, chain in zip(day.stations, chains, strict=True):
        done = await station.client.submit(chain.sitting_id, SubmitKind.AUTO, 1, chain.head)
        assert not isinstance(done, Refusal), done
    await day.chief.board(lambda b: b.venue.data_state is DataState.BACKED_UP)
    assert (await day.chief.order(Reconcile(0, SESSION_ID)))["consistent"] is True


async def test_k07_n05_the_record_is_looked_at_written_signed_and_printed(
    day: Any, kit: Any
) -> None:
    await ended(day, kit)
    room, other = day.rooms["01"], day.rooms["02"]
    record = await room.order(GetRoomRecord(0, "01"))
    sign = SignRoomRecord(0, "01", record["content_hash"])
    absent = [each["point"] for each in record["points"]]
    assert len(absent) == record["record"]["缺考"] > 0
    assert all(each.startswith("NOT_LOGGED_IN:") for each in absent)
    assert await room.refused(sign) is RefusalCode.POINTS_UNANSWERED
    look = AnswerRecordPoint(0, "01", absent, "因病缺考")
    assert await other.refused(look) is RefusalCode.ROOM_NOT_YOURS
    looked = await room.order(look)
    assert looked["points"][0]["answered"] is True
    write = EditRoomRecord(0, "01", WrittenField.REMARKS, "", "空调故障，已报修", "补记")
    written = await room.order(write)
    assert written["record"]["备注"] == "空调故障，已报修"
    assert await room.refused(sign) is RefusalCode.RECORD_CHANGED
    signed = await room.order(SignRoomRecord(0, "01", written["content_hash"]))
    assert [each["person_id"] for each in signed["signatures"]] == ["inv-01-1"]
    printed = await room.order(PrintRoomRecord(0, "01", written["content_hash"]))
    assert (printed["draft"], len(printed["ledger_head"])) == (True, 64)


async def test_close_check_says_what_is_open_and_who_must_act(day: Any, kit: Any) -> None:
    before = await day.chief.order(GetCloseCheck(0))
    assert before["closed"] is False
    assert any("主考：场次尚未结束" in each for each in before["next"])
    await ended(day, kit)
    after = await day.admin.order(GetCloseCheck(0, SESSION_ID))
    open_points = {p["number"] for p in after["sessions"][SESSION_ID] if p["open"]}
    assert open_points == {2, 3, 5, 8}
    assert any("监考、主考：01考场记录单签名不全" in each for each in after["next"])
    assert await day.rooms["01"].refused(GetCloseCheck(0)) is RefusalCode.ROLE_NOT_ALLOWED


async def test_c07_k05_n04_n08_the_export_keeps_its_form_and_is_signed(day: Any, kit: Any) -> None:
    await ended(day, kit)
    data = day.world.data
    assert (data / "equipment.jsonl").exists(), "the keeper samples from the start on"
    append(data, sample(data, day.world.now_ms()))  # the next one, as exam time jumps here
    done = await day.chief.order(ExportSession(0, SESSION_ID))
    raw = Path(done["file"]).read_bytes()
    assert sha256_hex(raw) == done["sha256"]
    document = json.loads(raw)
    Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8"))).validate(document)
    public = (data / "keys" / "venue.ed25519.pub").read_text().strip()
    payload = verify(document, EXPORT_TYPE, public_keys([public]), 1)
    assert not isinstance(payload, Refusal), payload
    assert payload["exported"]["person_id"] == kit.CHIEF  # N08
    sat = [row for row in payload["seating"] if row["outcome"] == "PRESENT"]
    assert [len(row["machines"]) for row in sat] == [1, 1]
    told = {entry["event"] for entry in payload["operation_log"]}
    assert told >= {"staff.signed-in", "session.reconciled", "candidate.logged-in"}
    assert len(payload["equipment_log"]) == 1
    stamps = {(each["dataset"], each["stage"]): each["at_ms"] for each in payload["stages"]}
    assert all(stamps["answers", stage] for stage in ("形成", "核查"))  # N04
    assert stamps["answers", "存储"] is None
    assert "id_number" not in raw.decode(), "O08: no identity number leaves this way"
    assert day.world.events("record.exported")[-1]["data"]["sha256"] == done["sha256"]


async def test_k03_m01_counts_and_the_day_of_the_scores(day: Any, kit: Any) -> None:
    entered = EnterScorePublication(
        0, SESSION_ID, kit.DAY.at(0), "公告1号", day.world.second(kit.CHIEF)
    )
    assert await day.admin.refused(entered) is RefusalCode.SESSION_WRONG_STATE
    await ended(day, kit)
    found = await day.chief.order(GetStatistics(0))
    session = next(r for r in found["rows"] if not r["room_id"] and r["session_id"] == SESSION_ID)
    assert session["scheduled"] == session["present"] + session["absent"] == 8
    assert found["problems"] == []
    assert found["csv"].splitlines()[0].startswith("room_id,scheduled")
    assert await day.admin.refused(entered) is RefusalCode.RECORD_TEXT_MISSING, "before the end"
    day.world.go(kit.DAY.at(200))
    later = msgspec.structs.replace(entered, published_at_ms=kit.DAY.at(120))
    kept = await day.admin.order(later)
    assert all(each["may_be_purged"] and each["until"] for each in kept["retention"])
    (entry,) = day.world.events("retention.scores-published")
    assert entry["roles"] == ["CHIEF", "SYSADMIN"], "both who signed (N03)"
    hold = SetLegalHold(0, SESSION_ID, "举报核查", "收到举报", day.world.second(kit.ADMIN))
    held = await day.chief.order(hold)
    assert not any(each["may_be_purged"] for each in held["retention"])
    shown = await day.chief.order(GetCloseCheck(0, SESSION_ID))
    assert shown["retention"][SESSION_ID] == held["retention"]


async def test_a13_o08_the_feed_holds_counts_and_nothing_about_anybody(day: Any, kit: Any) -> None:
    fed = await day.chief.order(GetFeed(0))
    (session,) = fed["sessions"]
    assert (session["present"], session["scheduled"]) == (2, 8)
    text = json.dumps(fed, ensure_ascii=False)
    for one in day.world.cast.candidates:
        assert one.name not in text
        assert one.ticket_no not in text
        assert one.id_number not in text
    assert not any(person.name in text for person in day.world.cast.staff)


async def test_n01_an_entry_says_who_acted_in_which_role(day: Any, kit: Any) -> None:
    await ended(day, kit)
    (entry,) = day.world.events("session.reconciled")
    assert (entry["actor"], entry["roles"]) == (kit.CHIEF, ["CHIEF"])
    assert all(entry["roles"] == [] for entry in day.world.events("candidate.logged-in"))


async def test_k03_the_reminder_stands_from_the_second_day_until_the_export(
    day: Any, kit: Any
) -> None:
    await ended(day, kit)

    def due(board: Any) -> bool:
        return any(each.code is AlarmCode.STATISTICS_DUE for each in board.venue.alarms)

    assert not due(day.chief.client.board)
    day.world.go(kit.DAY.at(90 + 2 * 24 * 60 + 1))
    await day.chief.board(due, "the reminder")
    await day.chief.order(ExportSession(0, SESSION_ID))
    await day.chief.board(lambda board: not due(board), "no reminder after the export")
