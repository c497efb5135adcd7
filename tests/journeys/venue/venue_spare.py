"""A spare station in a room, and the order that moves a candidate to it."""

from typing import Any

from tests.journeys.venue.venue_exam import ExamDay
from tests.journeys.venue.venue_machines import Station
from tests.journeys.venue.venue_template import ADMIN
from venue_server.wire.swap_orders import SwapStation

SPARE = "91"


async def spare_in(day: ExamDay, seat: str = SPARE, room: str = "01") -> Station:
    """A station with its verified paper at a seat of no candidate; 01-01's candidate will try."""
    world = day.world
    identity = await world.enrolled("station", day.admin, room, seat)
    spare = await world.connect(identity, room, seat, candidate=world.candidate("01", "01"))
    await spare.fetch()
    await day.admin.board(
        lambda b: seat in b.seats[room] and b.seats[room][seat].paper != "none", "its paper"
    )
    return spare


def swap_order(day: ExamDay, sitting_id: str, seat: str = SPARE, **changes: Any) -> SwapStation:
    """An invigilator of room 01 and an administrator move a candidate."""
    values = {
        "room_id": "01",
        "reason": "键盘失灵",
        "person_confirmed": True,
        "second": day.world.second(ADMIN),
    }
    return SwapStation(0, sitting_id=sitting_id, seat_no=seat, **{**values, **changes})


async def swap_to(day: ExamDay, sitting_id: str, seat: str = SPARE) -> dict[str, Any]:
    """The swap, carried out."""
    done = await day.rooms["01"].order(swap_order(day, sitting_id, seat))
    return dict(done["swap"])
