"""F10, the wrong room or seat: refused, the right one named, and nobody is re-seated to please."""

from typing import Any

import pytest

from venue_server.wire.admission_orders import LookUpCandidate
from venue_server.wire.console_orders import Admit, AllowLogin
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import Refusal, RefusalCode


@pytest.fixture
async def doors(world: Any, kit: Any) -> tuple[Any, dict[str, Any]]:
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    rooms = await world.invigilators()
    world.go(world.day.at(-29))
    return admin, rooms


async def test_f10_the_wrong_rooms_door_names_the_right_room_and_seat(
    world: Any, doors: tuple[Any, dict[str, Any]]
) -> None:
    _admin, rooms = doors
    other = next(each for each in world.cast.candidates if each.room_id != "01")
    right = f"{other.room_id} {other.seat_no}"
    for order in (
        LookUpCandidate(0, "01", other.ticket_no),
        Admit(0, "01", other.ticket_no, other.id_document, other.id_number, True, True),
    ):
        answer = await rooms["01"].client.order(order)
        assert answer == Refusal(RefusalCode.WRONG_ROOM, right)
    done = await rooms[other.room_id].order(world.admission(other))
    assert done["admitted"]["seat_no"] == other.seat_no


async def test_f12_the_wrong_seat_refuses_the_log_in_and_names_the_right_one(
    world: Any, doors: tuple[Any, dict[str, Any]]
) -> None:
    admin, rooms = doors
    wrong = await world.station(admin, "01", "02")
    guest = world.candidate("01", "01")
    await rooms["01"].order(world.admission(guest))
    await rooms["01"].order(AllowLogin(0, "01"))
    answer = await wrong.client.log_in(guest.ticket_no, guest.id_number)
    assert answer == Refusal(RefusalCode.WRONG_SEAT, "01 01")
    sittings = world.node._day._parts.sittings.sittings("rehearsal-am")
    (row,) = [each for each in sittings if each.ticket_no == guest.ticket_no]
    assert (row.state, row.seat_no) == (SittingState.ADMITTED, "01")
