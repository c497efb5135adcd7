"""Points, written fields and prints of a room record (K01, K02, K06, K07, N05)."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.records.filling import LONGEST_TEXT, Filling, Printed
from venue_server.records.points import line_point
from venue_server.records.reconciliation import ChainEnd, Reconciliation
from venue_server.records.room_record import PapersOfRecord
from venue_server.records.service import RecordSources, RecordsService, RoomRecord
from venue_server.staff.passwords import HashCost
from venue_server.staff.person import Person
from venue_server.staff.service import StaffService
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.names import Role, SubmitKind
from venue_server.wire.record_orders import AnswerRecordPoint, EditRoomRecord, WrittenField
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import Remark, RemarkCode, remark

HEAD = "ab" * 32
SWAP = RecordLine(RecordField.SWAPS, 1_790_000_600_000, "3601123401 01→03 主机故障")
BREAK = RecordLine(RecordField.BREAKS, 1_790_000_700_000, "3601123401 出22:25 入22:29")


@dataclass
class Day:
    """One small session that ended, and what other parts tell of it."""

    venue: Any
    records: RecordsService
    filling: Filling
    people: dict[str, Person]
    lines: list[RecordLine] = field(default_factory=list)
    points: list[OpenPoint] = field(default_factory=list)

    def record(self, room: str = "R1") -> RoomRecord:
        return self.records.record("s1", room)

    async def look(self, *points: str, remark: str = "", who: str = "inv-1") -> Any:
        order = AnswerRecordPoint(0, "R1", list(points), remark)
        return await self.filling.answer("s1", self.people[who], order)

    async def write(self, before: str, after: str, reason: str = "补记") -> Any:
        order = EditRoomRecord(0, "R1", WrittenField.REMARKS, before, after, reason)
        return await self.filling.edit("s1", self.people["inv-1"], order)

    async def sign(self, who: str, role: Role, room: str = "R1") -> Any:
        content_hash = self.record(room).content.content_hash
        return await self.records.sign("s1", room, self.people[who], role, content_hash)

    async def sign_all(self, room: str, first: str, second: str) -> None:
        for who, role in (
            (first, Role.INVIGILATOR),
            (second, Role.INVIGILATOR),
            ("chief", Role.CHIEF),
        ):
            done = await self.sign(who, role, room)
            assert isinstance(done, RoomRecord), done


@pytest.fixture
async def day(venue: Any, clock: Any) -> Day:
    """01 sat in R1 with two who never came; 04 and 05 of R2 never came."""
    staff = StaffService(venue.store, venue.ledger, clock, clock, HashCost(1, 8, 1))
    people: dict[str, Person] = {}
    for person_id, role, rooms in (
        ("chief", Role.CHIEF, []),
        ("inv-1", Role.INVIGILATOR, ["R1"]),
        ("inv-2", Role.INVIGILATOR, ["R1"]),
        ("inv-3", Role.INVIGILATOR, ["R2"]),
        ("inv-4", Role.INVIGILATOR, ["R2"]),
    ):
        one = await staff.add(person_id, f"姓名{person_id}", [role], rooms, "long password 1")
        assert isinstance(one, Person)
        people[person_id] = one
    sitting = await venue.ready("01")
    await venue.start()
    clock.minutes(0)
    await venue.open(sitting)
    clock.minutes(90)
    await venue.service.submit(sitting, SubmitKind.AUTO, 9, HEAD)
    assert await venue.service.end_session("s1") is None
    lines: list[RecordLine] = []
    points: list[OpenPoint] = []
    records = RecordsService(
        venue.store,
        venue.ledger,
        venue.service,
        clock,
        RecordSources(
            lambda _session, _room: PapersOfRecord(),
            lambda _session, room: list(lines) if room == "R1" else [],
            lambda _session: list(points),
        ),
    )
    filling = Filling(venue.store, venue.ledger, venue.service, records, clock)
    return Day(venue, records, filling, people, lines, points)


def refused(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


async def reconcile(day: Day, answered: int = 3) -> None:
    chains = {"s1.3601123401": ChainEnd(9, HEAD, answered)}
    done = await day.records.reconcile("s1", chains, "chief")
    assert isinstance(done, Reconciliation)
    assert done.consistent


async def test_k07_everyone_to_look_at_is_listed_by_ticket(day: Day) -> None:
    await reconcile(day, answered=0)
    about = [each.about.text() for each in day.record().content.points]
    assert about == ["3601123401 已交卷，答题数为0", "3601123402 未登录", "3601123403 未登录"]
    assert day.record().as_result()["problems"] == [
        each.about for each in day.record().content.points
    ]


async def test_k07_swapped_and_adjusted_need_a_look_a_break_does_not(day: Day) -> None:
    day.lines += [SWAP, BREAK]
    points = [each.point for each in day.record().content.points]
    assert line_point(SWAP) in points
    assert line_point(BREAK) not in points
    assert day.record().content.fields["换机"] == ["22:23:20 3601123401 01→03 主机故障"]
    assert day.record().content.fields["暂离"] == ["22:25:00 3601123401 出22:25 入22:29"]


async def test_k07_an_unanswered_point_stops_the_signature(day: Day) -> None:
    answer = await day.sign("inv-1", Role.INVIGILATOR)
    assert refused(answer) is RefusalCode.POINTS_UNANSWERED
    assert [each.text() for each in answer.remarks] == ["3601123402 未登录", "3601123403 未登录"]
    await day.look("NOT_LOGGED_IN:3601123402", remark="电话确认因病未到")
    await day.look("NOT_LOGGED_IN:3601123403")
    assert isinstance(await day.sign("inv-1", Role.INVIGILATOR), RoomRecord)
    assert day.record().content.fields["核查事项"] == [
        "3601123402 未登录：电话确认因病未到（姓名inv-1）",
        "3601123403 未登录：已核查（姓名inv-1）",
    ]


async def test_k07_a_line_that_changes_needs_a_new_look(day: Day) -> None:
    day.lines.append(SWAP)
    await day.look(line_point(SWAP))
    assert line_point(SWAP) not in [
        each.point for each in day.record().content.points if each.answer is None
    ]
    day.lines[0] = RecordLine(SWAP.field, SWAP.at_ms, SWAP.text + "（更正）")
    assert line_point(day.lines[0]) in [
        each.point for each in day.record().content.points if each.answer is None
    ]


async def test_k07_a_point_that_does_not_exist_is_refused(day: Day) -> None:
    assert refused(await day.look("NOT_LOGGED_IN:3601123401")) is RefusalCode.POINT_UNKNOWN
    assert refused(await day.look()) is RefusalCode.POINT_UNKNOWN
    too_long = await day.look("NOT_LOGGED_IN:3601123402", remark="长" * (LONGEST_TEXT + 1))
    assert refused(too_long) is RefusalCode.RECORD_TEXT_MISSING


async def test_k01_a_remark_after_a_signature_voids_it(day: Day) -> None:
    await day.look("NOT_LOGGED_IN:3601123402", "NOT_LOGGED_IN:3601123403")
    await day.sign_all("R1", "inv-1", "inv-2")
    assert day.record().required == []
    await day.look("NOT_LOGGED_IN:3601123402", remark="后补说明")
    assert (day.record().signatures, day.record().voided) == ([], 3)


async def test_n05_before_after_and_reason_of_an_edit_are_kept(day: Day) -> None:
    assert isinstance(await day.write("", "空调故障"), RoomRecord)
    assert isinstance(await day.write("空调故障", "空调故障，已报修", "补充"), RoomRecord)
    assert day.record().content.fields["备注"] == "空调故障，已报修"
    kept = [(each.before, each.after, each.reason) for each in day.records.edits("s1", "R1")]
    assert kept == [("", "空调故障", "补记"), ("空调故障", "空调故障，已报修", "补充")]
    entry = day.venue.last_event()
    assert entry["event"] == "record.edited"
    assert entry["actor"] == "inv-1"
    assert {name: entry["data"][name] for name in ("before", "after", "reason")} == {
        "before": "空调故障",
        "after": "空调故障，已报修",
        "reason": "补充",
    }


async def test_n05_nobody_overwrites_what_they_have_not_read(day: Day) -> None:
    await day.write("", "甲写的")
    assert refused(await day.write("", "乙写的")) is RefusalCode.RECORD_FIELD_CHANGED
    assert refused(await day.write("甲写的", "甲写的")) is RefusalCode.RECORD_TEXT_MISSING
    assert refused(await day.write("甲写的", "改", "  ")) is RefusalCode.RECORD_TEXT_MISSING
    assert day.record().content.fields["备注"] == "甲写的"


async def test_k06_only_the_first_signed_print_is_the_original(day: Day) -> None:
    async def printed() -> dict[str, Any]:
        content_hash = day.record().content.content_hash
        done = await day.filling.print("s1", "R1", content_hash, day.people["inv-1"])
        assert isinstance(done, Printed)
        return done.as_result()

    await day.look("NOT_LOGGED_IN:3601123402", "NOT_LOGGED_IN:3601123403")
    draft = await printed()
    assert (draft["draft"], draft["copy"]) == (True, False)
    await day.sign_all("R1", "inv-1", "inv-2")
    first, second = await printed(), await printed()
    assert (first["draft"], first["copy"]) == (False, False)
    assert (second["draft"], second["copy"]) == (False, True)
    assert len(first["ledger_head"]) == 64
    wrong = await day.filling.print("s1", "R1", "0" * 64, day.people["inv-1"])
    assert refused(wrong) is RefusalCode.RECORD_CHANGED


async def test_k01_sealing_is_refused_while_something_that_blocks_it_is_open(day: Day) -> None:
    await reconcile(day)
    for room, first, second in (("R1", "inv-1", "inv-2"), ("R2", "inv-3", "inv-4")):
        points = [each.point for each in day.record(room).content.points]
        order = AnswerRecordPoint(0, room, points)
        await day.filling.answer("s1", day.people["chief"], order)
        await day.sign_all(room, first, second)
    assert day.records.may_seal("s1") is None
    blocking = remark(RemarkCode.COUNTS_DIFFER, scheduled=1, present=1, absent=1)
    day.points.append(OpenPoint("V06", Remark(RemarkCode.NOT_HANDED_IN), [Role.CHIEF]))
    assert day.records.may_seal("s1") is None, "open, but sealing does not wait for it"
    day.points.append(OpenPoint("I02", blocking, [Role.CHIEF], "R1", blocks_sealing=True))
    refusal = day.records.may_seal("s1")
    assert refusal == Refusal(RefusalCode.POINTS_OPEN, "", [blocking])


async def test_k01_nothing_changes_a_record_while_it_is_being_sealed(day: Day) -> None:
    day.records.sealing.add("s1")
    for answer in (
        await day.look("NOT_LOGGED_IN:3601123402"),
        await day.write("", "晚到的备注"),
        await day.sign("chief", Role.CHIEF),
    ):
        assert refused(answer) is RefusalCode.SESSION_WRONG_STATE
    day.records.sealing.discard("s1")
    assert isinstance(await day.write("", "又可填写"), RoomRecord)


@given(
    st.lists(
        st.builds(
            RecordLine,
            st.sampled_from(RecordField),
            st.integers(0, 2**45),
            st.text(max_size=20),
        )
    )
)
def test_k07_every_point_has_an_id_of_its_own(lines: list[RecordLine]) -> None:
    different = {(line.field, line.at_ms, line.text) for line in lines}
    assert len({line_point(line) for line in lines}) == len(different)
