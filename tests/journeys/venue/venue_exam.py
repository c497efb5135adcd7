"""A venue in the middle of the exam."""

from dataclasses import dataclass

from tests.journeys.venue.venue_machines import Chain, Console, Station
from tests.journeys.venue.venue_template import ADMIN, CHIEF, DAY
from tests.journeys.venue.venue_world import World
from venue_server.wire.names import SittingState
from venue_server.wire.station_messages import SaveAck


@dataclass
class ExamDay:
    """A world in the middle of the exam: stations with the paper open, everybody signed in."""

    world: World
    admin: Console
    chief: Console
    rooms: dict[str, Console]
    stations: list[Station]

    @property
    def first(self) -> Station:
        """The station at 01-01."""
        return self.stations[0]

    @property
    def other(self) -> Station:
        """The station at 02-02."""
        return self.stations[1]

    async def next_save(self, station: Station, chain: Chain, text: str = "") -> SaveAck:
        """One more answer, saved and acknowledged."""
        return await station.save(chain.add(self.world.now_ms(), text))


async def begin_exam(world: World, *places: tuple[str, str]) -> ExamDay:
    """Everything from the plan to the open papers at these places (room, seat)."""
    admin, chief = await world.console(ADMIN), await world.console(CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    stations = [await world.station(admin, *place) for place in places]
    for station in stations:
        await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, *stations)
    await world.arm(chief)
    await world.released(chief)
    world.go(DAY.at(0))
    for station in stations:
        await station.content_key()
        assert station.client.paper_opened(station.sitting_id, world.now_ms())
    await chief.board(
        lambda b: all(
            b.seats[s.room_id][s.seat_no].state is SittingState.IN_PROGRESS for s in stations
        ),
        "the open papers",
    )
    return ExamDay(world, admin, chief, rooms, stations)
