"""Reconciliation, room records, signatures and statistics on a whole small session (K01-K04)."""

from collections.abc import Mapping
from typing import Any

import pytest

from venue_server.ledger.catalogue import Event
from venue_server.records.filling import Filling
from venue_server.records.reconciliation import ChainEnd, Reconciliation, reconcile
from venue_server.records.room_record import PapersOfRecord, RecordContent
from venue_server.records.service import (
    RecordSources,
    RecordsService,
    RoomRecord,
    signing_role,
)
from venue_server.staff.passwords import HashCost
from venue_server.staff.person import Person
from venue_server.staff.service import StaffService
from venue_server.wire.messages import PaperSeal
from venue_server.wire.names import Role, SessionState, SittingState, SubmitKind
from venue_server.wire.record_orders import AnswerRecordPoint
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.remarks import Remark

HEAD = "ab" * 32
PAPERS = PapersOfRecord([PaperSeal("paper-1", "A", "1f2e-3d4c", True)])
PEOPLE = {
    "chief": (Role.CHIEF, ()),
    "inv-1": (Role.INVIGILATOR, ("R1",)),
    "inv-2": (Role.INVIGILATOR, ("R1",)),
    "inv-3": (Role.INVIGILATOR, ("R2",)),
    "inv-4": (Role.INVIGILATOR, ("R2",)),
    "rove": (Role.ROVING, ("R1",)),
    "admin": (Role.SYSADMIN, ()),
    "look": (Role.INSPECTOR, ()),
}


def said(problem: Remark | None) -> str:
    return problem.text() if problem else ""


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


def end(answered: int = 3) -> ChainEnd:
    return ChainEnd(9, HEAD, answered)


CHAINS: Mapping[str, ChainEnd] = {"s1.3601123401": end(), "s1.3601123404": end(0)}


@pytest.fixture
def records(venue: Any, clock: Any) -> RecordsService:
    return RecordsService(
        venue.store,
        venue.ledger,
        venue.service,
        clock,
        RecordSources(lambda _session, _room: PAPERS),
    )


@pytest.fixture
def filling(venue: Any, records: RecordsService, clock: Any) -> Filling:
    return Filling(venue.store, venue.ledger, venue.service, records, clock)


@pytest.fixture
async def looked_at(
    ended: None, venue: Any, clock: Any, records: RecordsService, people: dict[str, Person]
) -> None:
    """The chief looked at every point there is (K07)."""
    filling = Filling(venue.store, venue.ledger, venue.service, records, clock)
    for room in ("R1", "R2"):
        await look(records, filling, people, room)


@pytest.fixture
async def people(venue: Any, clock: Any) -> dict[str, Person]:
    staff = StaffService(venue.store, venue.ledger, clock, clock, HashCost(1, 8, 1))
    made = {}
    for person_id, (role, rooms) in PEOPLE.items():
        one = await staff.add(person_id, f"姓名{person_id}", [role], rooms, "long password 1")
        assert isinstance(one, Person)
        made[person_id] = one
    return made


@pytest.fixture
async def ended(venue: Any, clock: Any) -> None:
    """01 and 04 sat and handed in, 02 was in doubt then late, 03 never logged in, 05 never came."""
    first, second = await venue.ready("01"), await venue.ready("04", "R2")
    await venue.admit("02", id_number=venue.numbers[0])
    await venue.admit("03")
    await venue.start()
    clock.minutes(0)
    await venue.open(first)
    await venue.open(second)
    clock.minutes(5)
    await venue.admit("02")
    clock.minutes(30)
    await venue.log_in("01")
    clock.minutes(80)
    await venue.service.submit(first, SubmitKind.EARLY, 9, HEAD)
    await venue.service.confirm_exit(first, "R1", "inv-1")
    clock.minutes(90)
    await venue.service.submit(second, SubmitKind.AUTO, 9, HEAD)
    assert await venue.service.end_session("s1") is None


async def look(
    records: RecordsService, filling: Filling, people: dict[str, Person], room: str
) -> None:
    """The chief looks at every point of a room."""
    points = [each.point for each in records.record("s1", room).content.points]
    done = await filling.answer("s1", people["chief"], AnswerRecordPoint(0, room, points))
    assert isinstance(done, RoomRecord), done


async def signed(
    records: RecordsService, people: dict[str, Person], room: str, *who: str
) -> RoomRecord:
    for person_id in who:
        content_hash = records.record("s1", room).content.content_hash
        person = people[person_id]
        role = signing_role(person)
        assert role is not None
        answer = await records.sign("s1", room, person, role, content_hash)
        assert isinstance(answer, RoomRecord), answer
    return records.record("s1", room)


# ---- reconciliation ----------------------------------------------------------------------


@pytest.mark.usefixtures("ended")
async def test_l02_a_session_that_fits_becomes_reconciled_once(
    venue: Any, records: RecordsService
) -> None:
    result = await records.reconcile("s1", CHAINS, "chief")
    assert isinstance(result, Reconciliation)
    assert result.consistent
    assert venue.service.session("s1").state is SessionState.RECONCILED
    assert venue.last_event()["event"] == Event.RECONCILED.value
    before = venue.events()
    assert await records.reconcile("s1", CHAINS, "chief") == result
    assert venue.events() == before


@pytest.mark.usefixtures("ended")
async def test_k04_k07_every_candidate_has_one_outcome_and_what_needs_a_look(
    records: RecordsService,
) -> None:
    result = await records.reconcile("s1", CHAINS, "chief")
    assert isinstance(result, Reconciliation)
    shown = result.as_result()
    rows = {
        row["seat_no"]: (row["outcome"], row["bundles"], said(row["problem"]))
        for row in shown["rows"]
    }
    assert rows == {
        "01": ("PRESENT", 1, ""),
        "02": ("ABSENT", 0, ""),
        "03": ("ABSENT", 0, "已入场未登录"),
        "04": ("PRESENT", 1, "已交卷，答题数为0"),
        "05": ("ABSENT", 0, ""),
    }
    assert (shown["scheduled"], shown["present"], shown["absent"]) == (5, 2, 3)
    assert shown["consistent"] is True


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize(
    ("chains", "seat", "problem"),
    [
        ({"s1.3601123401": end()}, "04", "没有作答数据"),
        ({**CHAINS, "s1.3601123401": ChainEnd(8, HEAD, 3)}, "01", "作答数据与交卷回执不一致"),
        ({**CHAINS, "s1.3601123401": ChainEnd(9, "cd" * 32, 3)}, "01", "作答数据与交卷回执不一致"),
        ({**CHAINS, "s1.3601123405": end()}, "05", "缺考但有作答数据"),
    ],
)
async def test_l02_what_does_not_fit_stops_reconciliation_and_is_named(
    venue: Any, records: RecordsService, chains: dict[str, ChainEnd], seat: str, problem: str
) -> None:
    result = await records.reconcile("s1", chains, "chief")
    assert isinstance(result, Reconciliation)
    assert not result.consistent
    found = {row.seat_no: row.problem.text() for row in result.rows if row.blocking}
    assert found == {seat: problem}
    assert venue.service.session("s1").state is SessionState.ENDED
    assert venue.last_event()["event"] != Event.RECONCILED.value


async def test_l02_an_open_sitting_stops_reconciliation(
    venue: Any, clock: Any, records: RecordsService
) -> None:
    sitting = await venue.ready("01")
    await venue.start()
    clock.minutes(0)
    await venue.open(sitting)
    clock.minutes(90)
    await venue.service.end_session("s1")
    result = await records.reconcile("s1", {sitting: end()}, "chief")
    assert isinstance(result, Reconciliation)
    assert [row.problem.text() for row in result.rows if row.blocking] == ["未交卷，请从考试机回收"]


async def test_k03_there_is_nothing_to_reconcile_before_the_end(
    venue: Any, records: RecordsService
) -> None:
    assert code(await records.reconcile("s1", {}, "chief")) is RefusalCode.SESSION_WRONG_STATE
    await venue.start()
    assert code(await records.reconcile("s1", {}, "chief")) is RefusalCode.SESSION_WRONG_STATE


# ---- the record --------------------------------------------------------------------------


@pytest.mark.usefixtures("ended")
async def test_k02_the_record_says_what_happened_and_strikes_what_did_not(
    records: RecordsService,
) -> None:
    record = records.record("s1", "R1")
    assert record.content.problems == []
    assert record.content.fields == {
        "考试名称": "经济专业技术资格考试",
        "科目": "ECO-1 经济基础知识",
        "考点": "第一考点",
        "考场": "R1 第1考场",
        "日期": "2026-09-21",
        "规定起止": "22:13:20—23:43:20",
        "实际起止": "22:13:20—23:43:20",
        "考场封闭截止": "23:28:20",
        "应考": 3,
        "实考": 1,
        "缺考": 2,
        "缺考准考证号": ["3601123402", "3601123403（已入场未登录）"],
        "迟到拒入": ["3601123402 22:18:20"],
        "证件存疑及处理": ["3601123402 21:53:20 未准入场"],
        "换机": "无",
        "补时": "无",
        "顺延": "无",
        "暂离": "无",
        "误操作交卷处理": "无",
        "特殊离场": "无",
        "违纪违规": "无",
        "暂扣物品": "无",
        "进入考场的其他人员": "无",
        "突发事件及处理": "无",
        "系统、设备异常": ["3601123401 22:43:20 重新登录"],
        "试卷包号与封存校验码": "paper-1/A 1f2e-3d4c",
        "封签当众展示": "无",
        "备用卷": "无",
        "作答数据份数": 1,
        "作答数据校验码": record.content.fields["作答数据校验码"],
        "核查事项": "无",
        "异常情况说明": "无",
        "备注": "无",
    }
    assert len(record.content.fields["作答数据校验码"]) == 64


@pytest.mark.usefixtures("ended")
async def test_a_room_where_nothing_happened_is_struck_throughout(
    records: RecordsService,
) -> None:
    fields = records.record("s1", "R2").content.fields
    struck = [label for label, value in fields.items() if value == "无"]
    assert struck == [
        "迟到拒入",
        "证件存疑及处理",
        "换机",
        "补时",
        "顺延",
        "暂离",
        "误操作交卷处理",
        "特殊离场",
        "违纪违规",
        "暂扣物品",
        "进入考场的其他人员",
        "突发事件及处理",
        "系统、设备异常",
        "封签当众展示",
        "备用卷",
        "核查事项",
        "异常情况说明",
        "备注",
    ]


@pytest.mark.usefixtures("looked_at")
async def test_the_content_stays_the_same_while_nothing_changes(
    venue: Any, clock: Any, records: RecordsService, people: dict[str, Person]
) -> None:
    before = records.record("s1", "R1").content
    await signed(records, people, "R1", "inv-1")
    clock.minutes(100)
    await venue.admit("02")  # at the door after the end: refused, but no longer the record's matter
    await records.reconcile("s1", CHAINS, "chief")
    assert isinstance(before, RecordContent)
    assert records.record("s1", "R1").content == before


@pytest.mark.usefixtures("ended")
async def test_an_unknown_room_or_session_has_no_record(records: RecordsService) -> None:
    for session_id, room_id in (("s1", "R9"), ("s9", "R1")):
        with pytest.raises(RefusedError) as no:
            records.record(session_id, room_id)
        assert no.value.refusal.code is RefusalCode.SESSION_WRONG_STATE


# ---- signatures --------------------------------------------------------------------------


@pytest.mark.usefixtures("looked_at")
async def test_k01_two_invigilators_and_the_chief_complete_a_record(
    records: RecordsService, people: dict[str, Person]
) -> None:
    content_hash = records.record("s1", "R1").content.content_hash
    missing = [Role.INVIGILATOR, Role.INVIGILATOR, Role.CHIEF]
    assert records.record("s1", "R1").required == missing
    for person_id, left in (
        ("rove", missing),
        ("admin", missing),
        ("inv-1", missing[1:]),
        ("inv-1", missing[1:]),  # the same person twice is one signature
        ("chief", [Role.INVIGILATOR]),
        ("inv-2", []),
    ):
        assert not records.signed_completely("s1", "R1", content_hash)
        record = await signed(records, people, "R1", person_id)
        assert record.required == left
    assert records.signed_completely("s1", "R1", content_hash)
    assert not records.signed_completely("s1", "R2", content_hash)
    names = [one["name"] for one in record.as_result()["signatures"]]
    assert sorted(names) == ["姓名admin", "姓名chief", "姓名inv-1", "姓名inv-2", "姓名rove"]


@pytest.mark.usefixtures("looked_at")
async def test_k01_an_edit_after_a_signature_voids_all_signatures(
    venue: Any, records: RecordsService, people: dict[str, Person]
) -> None:
    old = (await signed(records, people, "R1", "inv-1", "inv-2", "chief")).content.content_hash
    # Late evidence: the machine of 03 turns up with an opened paper. (03 logged in after all.)
    await venue.store.write(
        lambda tx: tx.exec_driver_sql(
            "UPDATE sitting SET rules_ack_at_ms = 1, logged_in_at_ms = 1 WHERE seat_no = '03'"
        )
    )
    await venue.service.opened("s1.3601123403", venue.start_ms)
    record = records.record("s1", "R1")
    assert record.content.content_hash != old
    assert (record.signatures, record.voided) == ([], 3)
    assert not records.signed_completely("s1", "R1", record.content.content_hash)
    again = await records.sign("s1", "R1", people["chief"], Role.CHIEF, old)
    assert code(again) is RefusalCode.RECORD_CHANGED


@pytest.mark.usefixtures("ended")
async def test_k02_a_record_that_does_not_add_up_cannot_be_signed(
    venue: Any, clock: Any, records: RecordsService, people: dict[str, Person]
) -> None:
    await venue.store.write(
        lambda tx: tx.exec_driver_sql(
            "UPDATE sitting SET state = 'IN_PROGRESS', submitted_at_ms = NULL WHERE seat_no = '01'"
        )
    )
    record = records.record("s1", "R1")
    assert [each.text() for each in record.content.problems] == ["实考1人，已交卷0人"]
    answer = await records.sign(
        "s1", "R1", people["chief"], Role.CHIEF, record.content.content_hash
    )
    assert code(answer) is RefusalCode.NOT_RECONCILED


async def test_k01_nothing_is_signed_before_the_end(
    venue: Any, records: RecordsService, people: dict[str, Person]
) -> None:
    await venue.start()
    record = records.record("s1", "R1")
    answer = await records.sign(
        "s1", "R1", people["chief"], Role.CHIEF, record.content.content_hash
    )
    assert code(answer) is RefusalCode.SESSION_WRONG_STATE


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize(
    ("person_id", "role", "expected"),
    [
        ("inv-3", Role.INVIGILATOR, RefusalCode.ROOM_NOT_YOURS),
        ("inv-1", Role.CHIEF, RefusalCode.ROLE_NOT_ALLOWED),
        ("look", Role.INSPECTOR, RefusalCode.ROLE_NOT_ALLOWED),
    ],
)
async def test_a08_only_the_rooms_own_people_sign_as_what_they_are(
    records: RecordsService,
    people: dict[str, Person],
    person_id: str,
    role: Role,
    expected: RefusalCode,
) -> None:
    content_hash = records.record("s1", "R1").content.content_hash
    answer = await records.sign("s1", "R1", people[person_id], role, content_hash)
    assert code(answer) is expected


@pytest.mark.usefixtures("looked_at")
async def test_a08_another_role_does_not_widen_an_invigilators_area(
    records: RecordsService,
) -> None:
    both = Person("x", "x", frozenset({Role.SYSADMIN, Role.INVIGILATOR}), frozenset({"R2"}))
    content_hash = records.record("s1", "R1").content.content_hash
    answer = await records.sign("s1", "R1", both, Role.INVIGILATOR, content_hash)
    assert code(answer) is RefusalCode.ROOM_NOT_YOURS
    answer = await records.sign("s1", "R1", both, Role.INSPECTOR, content_hash)
    assert code(answer) is RefusalCode.ROLE_NOT_ALLOWED


@pytest.mark.usefixtures("looked_at")
async def test_k01_sealing_waits_for_reconciliation_and_every_rooms_signatures(
    venue: Any, records: RecordsService, filling: Filling, people: dict[str, Person]
) -> None:
    await signed(records, people, "R1", "inv-1", "inv-2", "chief")
    assert code(records.may_seal("s1")) is RefusalCode.NOT_RECONCILED
    await records.reconcile("s1", CHAINS, "chief")
    unanswered = records.may_seal("s1")
    assert code(unanswered) is RefusalCode.POINTS_UNANSWERED
    assert [each.text() for each in unanswered.remarks] == ["3601123404 已交卷，答题数为0"]
    await look(records, filling, people, "R2")
    assert records.may_seal("s1") == Refusal(RefusalCode.RECORD_UNSIGNED, "R2")
    await signed(records, people, "R2", "inv-3", "inv-4", "chief")
    assert records.may_seal("s1") is None
    await venue.store.write(
        lambda tx: tx.exec_driver_sql("UPDATE sitting SET final_seq = 8 WHERE seat_no = '04'")
    )
    assert records.may_seal("s1") == Refusal(RefusalCode.RECORD_CHANGED, "R2")


@pytest.mark.usefixtures("looked_at")
async def test_after_sealing_nobody_signs_any_more(
    venue: Any, records: RecordsService, people: dict[str, Person]
) -> None:
    await records.reconcile("s1", CHAINS, "chief")
    await venue.service.advance_session("s1", SessionState.SEALED)
    content_hash = records.record("s1", "R1").content.content_hash
    answer = await records.sign("s1", "R1", people["chief"], Role.CHIEF, content_hash)
    assert code(answer) is RefusalCode.SESSION_WRONG_STATE


# ---- reports -----------------------------------------------------------------------------


@pytest.mark.usefixtures("ended")
async def test_k03_statistics_per_room_and_in_all(records: RecordsService) -> None:
    first, second, whole = records.statistics("s1")
    assert (first.room_id, second.room_id, whole.room_id) == ("R1", "R2", "")
    assert (first.scheduled, first.admitted, first.present, first.absent) == (3, 2, 1, 2)
    assert (second.early, second.automatic, second.forced, second.left) == (0, 1, 0, 0)
    assert (whole.scheduled, whole.present, whole.absent, whole.submitted) == (5, 2, 3, 2)
    assert (whole.early, whole.automatic, whole.left) == (1, 1, 1)


@pytest.mark.usefixtures("looked_at")
async def test_the_bundle_gets_every_rooms_content_and_signatures(
    records: RecordsService, people: dict[str, Person]
) -> None:
    record = await signed(records, people, "R1", "inv-1")
    carried = records.for_bundle("s1")
    assert set(carried["room_records"]) == {"R1", "R2"}
    room = carried["room_records"]["R1"]
    assert room["content_hash"] == record.content.content_hash
    assert room["content"]["record"]["实考"] == 1
    assert [one["person_id"] for one in room["signatures"]] == ["inv-1"]
    assert len(carried["statistics"]) == 3


def test_people_sign_as_the_highest_of_their_roles() -> None:
    def person(*roles: Role) -> Person:
        return Person("p", "p", frozenset(roles), frozenset())

    assert signing_role(person(Role.SYSADMIN, Role.INVIGILATOR)) is Role.INVIGILATOR
    assert signing_role(person(Role.DEPUTY)) is Role.DEPUTY
    assert signing_role(person(Role.INSPECTOR)) is None


async def test_before_the_end_an_unfinished_sitting_is_no_outcome(
    venue: Any, records: RecordsService
) -> None:
    result = reconcile("s1", venue.service.sittings("s1"), lambda one: one.ticket_no, {})
    assert {row.outcome for row in result.rows} == {SittingState.SCHEDULED.value}
    assert not result.consistent
