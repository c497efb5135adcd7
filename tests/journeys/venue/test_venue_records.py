"""The records of a day through the doors people use: what is looked at, written, still open."""

from typing import Any

import pytest

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.messages import GetRoomRecord, Reconcile, SignRoomRecord
from venue_server.wire.names import DataState, SubmitKind
from venue_server.wire.record_orders import (
    AnswerRecordPoint,
    EditRoomRecord,
    GetCloseCheck,
    PrintRoomRecord,
    WrittenField,
)
from venue_server.wire.refusals import Refusal, RefusalCode


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
