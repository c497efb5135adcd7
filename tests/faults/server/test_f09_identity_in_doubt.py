"""F9, a document missing, a mismatch, a doubtful face: doubts, two signatures, the chief."""

from typing import Any

import msgspec
import pytest

from venue_server.wire.admission_orders import (
    AdmitInDoubt,
    DecideDoubt,
    GetDoorLog,
    LookUpCandidate,
    RequestCorrection,
    SettleDoubt,
)
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.console_orders import Admit
from venue_server.wire.names import ChiefWord, PersonCheck
from venue_server.wire.refusals import RefusalCode


@pytest.fixture
async def doors(world: Any, kit: Any) -> dict[str, Any]:
    """Doors are open; the invigilators' consoles by room."""
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    rooms: dict[str, Any] = await world.invigilators()
    world.go(world.day.at(-29))
    return rooms


def changed(world: Any, **changes: Any) -> Admit:
    order: Admit = msgspec.structs.replace(world.admission(world.candidate("01", "01")), **changes)
    return order


async def doubts(console: Any) -> list[dict[str, Any]]:
    log = await console.order(GetDoorLog(0, "01"))
    found: list[dict[str, Any]] = log["door"]["doubts"]
    return found


@pytest.mark.parametrize("missing", ["id_checked", "ticket_checked"])
async def test_f01_one_document_is_none(world: Any, doors: dict[str, Any], missing: str) -> None:
    refused = await doors["01"].refused(changed(world, **{missing: False}))
    assert refused is RefusalCode.DOCUMENTS_INCOMPLETE
    assert await doubts(doors["01"]) == []


async def test_f14_a_doubtful_face_is_let_in_by_two_told_the_chief_and_settled_by_two(
    world: Any, kit: Any, doors: dict[str, Any]
) -> None:
    console, chief = doors["01"], await world.console(kit.CHIEF)
    ticket = world.candidate("01", "01").ticket_no
    order = changed(world, person_check=PersonCheck.DOUBT)
    assert await console.refused(order) is RefusalCode.IDENTITY_DOUBTED
    assert await console.refused(changed(world)) is RefusalCode.DOUBT_OPEN
    alone = AdmitInDoubt(0, "01", ticket, "照片旧", world.second("inv-01-1"))
    assert await console.refused(alone) is RefusalCode.SAME_PERSON
    elsewhere = AdmitInDoubt(0, "01", ticket, "照片旧", world.second("inv-02-1"))
    assert await console.refused(elsewhere) is RefusalCode.ROOM_NOT_YOURS
    by_two = AdmitInDoubt(0, "01", ticket, "照片旧", world.second("inv-01-2"))
    await console.order(by_two)
    await chief.board(
        lambda board: any(a.code is AlarmCode.DOUBTS_OPEN for a in board.venue.alarms), "the alarm"
    )
    (doubt,) = await doubts(console)
    assert (doubt["state"], doubt["ticket_no"]) == ("PROVISIONAL", ticket)
    found = SettleDoubt(0, "01", doubt["doubt_id"], False, "", world.second("inv-01-2"))
    assert await chief.refused(found) is RefusalCode.ROLE_NOT_ALLOWED
    await console.order(found)
    word = DecideDoubt(0, doubt["doubt_id"], ChiefWord.STAYS, "报总部核查")
    assert await console.refused(word) is RefusalCode.ROLE_NOT_ALLOWED
    await chief.order(word)
    await chief.board(
        lambda board: not any(a.code is AlarmCode.DOUBTS_OPEN for a in board.venue.alarms), "none"
    )
    told = [each["event"] for each in world.ledger() if each["event"].startswith("doubt.")]
    assert told == ["doubt.raised", "doubt.admitted", "doubt.settled", "doubt.decided"]


async def test_f14_a_doubt_survives_the_servers_restart(world: Any, doors: dict[str, Any]) -> None:
    await doors["01"].refused(changed(world, person_check=PersonCheck.DOUBT))
    await world.restart()
    again = await world.console("inv-01-1")
    assert [each["state"] for each in await doubts(again)] == ["RAISED"]
    assert await again.refused(changed(world)) is RefusalCode.DOUBT_OPEN


async def test_o08_the_card_at_the_door_masks_the_number(world: Any, doors: dict[str, Any]) -> None:
    one = world.candidate("01", "01")
    answer = await doors["01"].order(LookUpCandidate(0, "01", one.ticket_no))
    card = answer["candidate"]
    assert (card["name"], card["photo"]) == (one.name, one.photo)
    assert one.id_number not in str(answer)
    assert card["id_number_masked"].endswith(one.id_number[-4:])


async def test_f04_both_at_once_are_never_filed(world: Any, doors: dict[str, Any]) -> None:
    ticket = world.candidate("01", "01").ticket_no
    both = RequestCorrection(0, "01", ticket, "登记有误", "张三", "110101199003070011")
    assert await doors["01"].refused(both) is RefusalCode.CORRECTION_OF_BOTH
    filed = await doors["01"].order(RequestCorrection(0, "01", ticket, "登记有误", "张三"))
    assert filed == {"correction_id": "G0001"}
