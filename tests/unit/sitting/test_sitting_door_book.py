"""Corrections (F04), kept items (F09), visitors (A09): by two where needed, open until closed."""

from typing import Any

import pytest

from venue_server.sitting.door.service import DoorBook
from venue_server.wire import hpke
from venue_server.wire.day_records import RecordField
from venue_server.wire.names import ItemKind
from venue_server.wire.refusals import Refusal, RefusalCode

KEY = hpke.generate()
TWO = "inv-1,inv-2"
TICKET = "3601123401"


@pytest.fixture
def door(venue: Any) -> DoorBook:
    return DoorBook(venue.store, venue.ledger, venue.service, venue.clock, KEY)


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


async def ask(door: DoorBook, name: str = "", number: str = "", **changes: Any) -> Any:
    values = {"room_id": "R1", "ticket_no": TICKET, "reason": "登记有误", "actor": "inv-1"}
    return await door.request_correction("s1", name=name, id_number=number, **(values | changes))


async def test_f04_name_and_number_are_never_corrected_together(door: DoorBook) -> None:
    assert code(await ask(door, "张三", "110101199003070011")) is RefusalCode.CORRECTION_OF_BOTH
    filed = await ask(door, "张㐂")
    assert filed.correction_id == "G0001"
    later = await ask(door, number="110101199003070011")
    assert code(later) is RefusalCode.CORRECTION_OF_BOTH, "nor one after the other"
    assert not isinstance(await ask(door, "张喜"), Refusal)
    assert [wish for _filed, wish in door.corrections("s1")] == ["张㐂", "张喜"]


async def test_f04_a_correction_is_filed_and_nothing_changes(venue: Any, door: DoorBook) -> None:
    before = venue.service.plan
    filed = await ask(door, number="110101199003070011")
    assert venue.service.plan == before
    assert b"110101199003070011" not in filed.sealed
    assert "110101199003070011" not in str(venue.events())
    assert venue.last_event()["data"]["field"] == "ID_NUMBER"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "", "number": ""}, RefusalCode.CORRECTION_EMPTY),
        ({"name": "张三", "reason": " "}, RefusalCode.CORRECTION_EMPTY),
        ({"name": "张•三"}, RefusalCode.CORRECTION_EMPTY),
        ({"name": "张三", "ticket_no": "99"}, RefusalCode.TICKET_UNKNOWN),
        ({"name": "张三", "room_id": "R2"}, RefusalCode.WRONG_ROOM),
    ],
)
async def test_f04_incomplete_requests_are_refused(
    door: DoorBook, changes: dict[str, Any], refusal: RefusalCode
) -> None:
    assert code(await ask(door, **changes)) is refusal


async def keep(door: DoorBook, what: str = "手机一部", **changes: Any) -> Any:
    values: dict[str, Any] = {"session_id": "s1", "room_id": "R1", "ticket_no": TICKET}
    values |= {"kind": ItemKind.TOOL, "candidate_signed": True, "persons": TWO}
    return await door.keep_item(what=what, **(values | changes))


async def test_f09_a_kept_item_has_a_receipt_and_is_open_until_it_goes_back(
    venue: Any, door: DoorBook
) -> None:
    first, second = await keep(door), await keep(door, "计算器", candidate_signed=False)
    assert (first.receipt_no, second.receipt_no) == ("W0001", "W0002")
    points = door.open_points("s1")
    assert [point.rule for point in points] == ["F09", "F09"]
    assert not any(point.blocks_sealing for point in points)
    back = await door.return_item("R1", "w0001", True, "", TWO)
    assert (back.ended_by, back.return_signed, back.handed_to) == (TWO, True, "")
    assert code(await door.return_item("R1", "W0001", True, "", TWO)) is RefusalCode.ITEM_UNKNOWN
    assert code(await door.return_item("R2", "W0002", True, "", TWO)) is RefusalCode.ITEM_UNKNOWN
    await door.return_item("R1", "W0002", False, "派出所民警", TWO)
    assert door.open_points("s1") == []
    texts = [line.text for line in door.room_lines("s1", "R1")]
    assert texts == [
        "3601123401 工具：手机一部，收据W0001，已退还",
        "3601123401 工具：计算器，收据W0002，本人未签名，已移交派出所民警",
    ]


async def test_f09_an_item_needs_an_owner_and_a_name(door: DoorBook) -> None:
    assert code(await keep(door, " ")) is RefusalCode.ENTRY_INCOMPLETE
    assert code(await keep(door, ticket_no="9")) is RefusalCode.TICKET_UNKNOWN
    assert code(await keep(door, room_id="R2")) is RefusalCode.WRONG_ROOM


async def test_a09_nobody_else_enters_without_approval(venue: Any, door: DoorBook) -> None:
    assert code(await door.visitor_in("R1", "F0001", "inv-1")) is RefusalCode.VISITOR_UNKNOWN
    visitor = await door.approve_visitor("s1", "R1", "赵工", "设备公司", "修空调", "chief")
    assert not isinstance(visitor, Refusal)
    assert door.room_lines("s1", "R1") == [], "approved is not entered"
    assert code(await door.visitor_in("R2", "F0001", "i")) is RefusalCode.VISITOR_UNKNOWN
    assert code(await door.visitor_out("R1", "F0001", "i")) is RefusalCode.VISITOR_UNKNOWN
    assert not isinstance(await door.visitor_in("R1", "f0001", "inv-1"), Refusal)
    assert code(await door.visitor_in("R1", "F0001", "i")) is RefusalCode.VISITOR_UNKNOWN
    assert [point.rule for point in door.open_points("s1")] == ["A09"]
    assert not isinstance(await door.visitor_out("R1", "F0001", "inv-2"), Refusal)
    assert door.open_points("s1") == []
    (line,) = door.room_lines("s1", "R1")
    assert line.field is RecordField.VISITORS
    assert line.text == "设备公司 赵工：修空调，chief 批准，已离开"
    events = [each["event"] for each in venue.events()][-3:]
    assert events == ["visitor.approved", "visitor.in", "visitor.out"]
    assert "赵工" not in str(venue.events())


async def test_a09_an_approval_needs_everything_and_a_room(door: DoorBook) -> None:
    incomplete = await door.approve_visitor("s1", "R1", "赵工", "", "修空调", "chief")
    assert code(incomplete) is RefusalCode.ENTRY_INCOMPLETE
    nowhere = await door.approve_visitor("s1", "R9", "赵工", "公司", "修空调", "chief")
    assert code(nowhere) is RefusalCode.ROOM_NOT_YOURS
