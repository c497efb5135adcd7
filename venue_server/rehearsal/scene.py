"""What the stages of a rehearsal share: folders, programs, people, and the board they watch."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from venue_server.client.console import BoardState
from venue_server.client.endpoint import Endpoint, UnixEndpoint
from venue_server.ledger.catalogue import Event
from venue_server.rehearsal import processes
from venue_server.rehearsal.cast import Cast, Person
from venue_server.rehearsal.figures import StationEvents
from venue_server.rehearsal.headquarters_side import Headquarters
from venue_server.rehearsal.options import DayTimes, RehearsalOptions
from venue_server.rehearsal.people import Actor
from venue_server.rehearsal.processes import Program, python_command
from venue_server.rehearsal.progress import Progress
from venue_server.wire.names import Role, SessionState, SittingState

STAGE_S = 180.0
LOOK_S = 0.5
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Place:
    """Where a station stands."""

    room_id: str
    seat_no: str


class RehearsalFailedError(Exception):
    """The day did not go as it must; the message says where."""


@dataclass
class Scene:
    """One rehearsal in progress. The first stages fill what the later ones use."""

    options: RehearsalOptions
    progress: Progress
    cast: Cast
    headquarters: Headquarters
    times: DayTimes
    events: StationEvents = field(default_factory=StationEvents)
    programs: list[Program] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)
    server_ports: tuple[int, int] = (0, 0)
    stations: Program | None = None
    places: list[Place] = field(default_factory=list)  # of the simulated stations, by index
    endpoints: dict[str, Endpoint] = field(default_factory=dict)  # whose console is on the LAN
    rooms: dict[str, list[str]] = field(default_factory=dict)  # who was drawn where (B02)
    released_at_ms: int = 0
    server_gone: bool = False
    stopping: bool = False
    leaving: list[Callable[[], None]] = field(default_factory=list)  # called at the very end

    @property
    def folder(self) -> Path:
        """Everything a rehearsal writes is below this."""
        return self.options.folder

    @property
    def venue(self) -> Path:
        """The venue server's data folder."""
        return self.folder / "venue"

    @property
    def truth_file(self) -> Path:
        """The stations' own record."""
        return self.folder / "stations-report.jsonl"

    @property
    def restart_command(self) -> str:
        """What a person types to start the server again by hand."""
        return f"./kaodian venue-server run --data {self.venue}"

    def actor(self, person: Person) -> Actor:
        """A person at their console."""
        actor = self.actors.get(person.person_id)
        if actor is None:
            local = UnixEndpoint(self.venue / "run" / "control.sock")
            endpoint = self.endpoints.get(person.person_id, local)
            actor = self.actors[person.person_id] = Actor(person, endpoint)
        return actor

    def invigilator(self, room_id: str, which: int = 0) -> Actor:
        """The first or second invigilator whom the draw put into a room."""
        wanted = self.rooms[room_id][which]
        return self.actor(next(each for each in self.cast.staff if each.person_id == wanted))

    def index_of(self, room_id: str, seat_no: str) -> int:
        """The number of the simulated station at a seat."""
        return self.places.index(Place(room_id, seat_no))

    def role(self, role: Role, index: int = 0) -> Actor:
        """The ``index``-th person of a role, at their console."""
        return self.actor(self.cast.person(role, index))

    async def board(self, fits: Callable[[BoardState], bool], timeout_s: float = STAGE_S) -> None:
        """Wait until the chief's board fits. Raises TimeoutError."""
        await self.role(Role.CHIEF).watch(fits, timeout_s)

    async def venue_time(self) -> int:
        """Exam time now, as soon as there is one: a server that has just started asks headquarters
        first. Raises TimeoutError."""
        clock = self.role(Role.CHIEF).client.clock
        async with asyncio.timeout(STAGE_S):
            while not clock.known:  # noqa: ASYNC110 - nobody tells of the first pong
                await asyncio.sleep(LOOK_S)
        return clock.now_ms()

    async def until(self, exam_ms: int) -> None:
        """Wait for an exam instant by the venue's own time."""
        clock = self.role(Role.CHIEF).client.clock
        # The clock may be corrected while waiting, so look again now and then.
        while (left_ms := (exam_ms - clock.now_ms()) / self.options.rate) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left_ms / 1000, LOOK_S))

    def tell(self, text: str) -> None:
        """One line of the day, with its minute before (T-) or after (T+) the start."""
        now_ms = self.role(Role.CHIEF).client.clock.now_ms()
        minute = int((now_ms - self.times.start_ms) // MINUTE_MS)
        self.progress.line(f"    T{minute:+04d}  {text}")

    async def deed(self, do: str, index: int = -1, ticket_no: str = "") -> None:
        """Somebody in the room does something to a station (candidate_station/simulation/deeds)."""
        assert self.stations is not None, "stations are enrolled"
        await self.stations.say(
            json.dumps({"do": do, "index": index, "ticket_no": ticket_no}, ensure_ascii=False)
        )

    def told(self, event: Event) -> int:
        """How often the venue's ledger tells of something."""
        text = (self.venue / "ledger.jsonl").read_text(encoding="utf-8")
        return text.count(f'"event":"{event.value}"')

    async def recorded(self, event: Event, count: int = 1) -> None:
        """Wait until the ledger tells of it so many times. Raises TimeoutError."""
        async with asyncio.timeout(STAGE_S):
            while self.told(event) < count:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S / 5)

    async def start(
        self, name: str, *words: str, heard: Callable[[dict[str, Any]], None] | None = None
    ) -> Program:
        """Start one of our programs by its module and arguments."""
        log = self.folder / f"{name}.log"
        program = await processes.start(name, python_command(*words), log, heard)
        self.programs.append(program)
        return program

    async def stop(self) -> None:
        """Everyone leaves, every program stops, the last started first."""
        self.stopping = True
        for actor in self.actors.values():
            await actor.leave()
        for program in reversed(self.programs):
            await program.stop()
        for leave in self.leaving:
            leave()


def stations_ready(board: BoardState) -> int:
    """Stations with verified ciphertext."""
    return board.venue.stations_ready if board.venue else 0


def in_state(board: BoardState, state: SittingState) -> int:
    """Seats whose sitting is in a state."""
    seats = (seat for room in board.seats.values() for seat in room.values())
    return sum(seat.state is state for seat in seats)


def session_state(board: BoardState) -> SessionState | None:
    """The current session's state."""
    return board.venue.session_state if board.venue else None
