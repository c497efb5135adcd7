"""What the stages of a rehearsal share: folders, programs, people, and the board they watch."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from venue_server.client.console import BoardState
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
            socket = self.venue / "run" / "control.sock"
            actor = self.actors[person.person_id] = Actor(person, socket)
        return actor

    def role(self, role: Role, index: int = 0) -> Actor:
        """The ``index``-th person of a role, at their console."""
        return self.actor(self.cast.person(role, index))

    async def board(self, fits: Callable[[BoardState], bool], timeout_s: float = STAGE_S) -> None:
        """Wait until the chief's board fits. Raises TimeoutError."""
        await self.role(Role.CHIEF).watch(fits, timeout_s)

    async def until(self, exam_ms: int) -> None:
        """Wait for an exam instant by the venue's own time."""
        clock = self.role(Role.CHIEF).client.clock
        # The clock may be corrected while waiting, so look again now and then.
        while (left_ms := (exam_ms - clock.now_ms()) / self.options.rate) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left_ms / 1000, LOOK_S))

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
