"""One exam day of real programs that keep dying: who does what, and where somebody dies meanwhile.

The people are the rehearsal's: when the server is gone they wait, sign in again and give the order
again. Exam time jumps from one instant of the day to the next, as in the journeys.
"""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import msgspec
from measuring import say
from mortal import Control, SharedTime
from mortal_programs import PATIENCE_S, Mortal, Nursery, until
from mortal_truth import StationRecord

from tests.journeys.venue.venue_template import DAY, Template
from tests.journeys.venue.venue_world import World, open_world
from venue_server.client import backoff
from venue_server.rehearsal.after import After
from venue_server.rehearsal.doors import Doors
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.rehearsal.options import RehearsalOptions
from venue_server.rehearsal.people import Actor
from venue_server.rehearsal.progress import Progress, Stage
from venue_server.rehearsal.scene import Scene, in_state, session_state
from venue_server.rehearsal.script import STAGES
from venue_server.settings import load_settings, save_settings
from venue_server.wire.console_orders import AllowLogin, ArmRelease, ConfirmEnrolment
from venue_server.wire.credit_orders import ReopenSitting
from venue_server.wire.frames import Message, Second
from venue_server.wire.names import Role, SessionState, SittingState
from venue_server.wire.refusals import Refusal
from venue_server.wire.swap_orders import DecideBranch, GetSwaps, Keep, SwapStation

OLD, SPARE = ("01", "01"), ("01", "91")
GRACE_S = 1.0
WIPING_S = 60.0
STARTED = time.monotonic()
VERBOSE = "KILLS_VERBOSE" in os.environ
OFTEN = ("save: ", "station: before", "station: journal written")  # passed all the time
Place = tuple[str, str]


class KilledWorld(World):
    """The journeys' world with its server in another process."""

    @property
    def ports(self) -> Any:
        settings = load_settings(self.data)
        return SimpleNamespace(main=settings.listen_port, enrol=settings.enrol_port)


class _Branch(msgspec.Struct, frozen=True):
    sitting_id: str
    machine_id: str
    open: bool


class _Swaps(msgspec.Struct, frozen=True):
    branches: list[_Branch]


@dataclass
class Stations:
    """One process of simulated stations, at these places."""

    mortal: Mortal
    record: StationRecord
    places: list[Place]


@dataclass
class MortalDay:
    """The programs and people of one day, and the count of the dead."""

    world: KilledWorld
    control: Control
    nursery: Nursery
    scene: Scene
    server: Mortal
    chance: Random
    stations: list[Stations] = field(default_factory=list)
    died: Counter[str] = field(default_factory=Counter)
    receipts: dict[str, str] = field(default_factory=dict)
    enrolled: set[str] = field(default_factory=set)
    verified: set[str] = field(default_factory=set)
    wiped: set[str] = field(default_factory=set)
    _expected: int = 0
    _perhaps: list[str] = field(default_factory=list)

    # ---- death ---------------------------------------------------------------------------

    @property
    def mortals(self) -> list[Mortal]:
        return [self.server, *(each.mortal for each in self.stations)]

    @property
    def killed(self) -> int:
        """How many died of kill -9 so far."""
        return sum(each.killed for each in self.mortals)

    def _perhaps_died(self) -> int:
        gone = [each for each in self._perhaps if each not in self.control.waiting()]
        for point in gone:
            self._perhaps.remove(point)
            self.died[point] += 1
        return len(gone)

    def perhaps(self, *points: str) -> None:
        """Somebody may die at these, too, while other things happen."""
        self._perhaps = list(points)
        self.control.perhaps(*points)

    async def was_reached(self, point: str) -> None:
        """Wait until somebody died at one of these, and count it."""
        await self.until(lambda: point not in self.control.waiting(), f"the kill at {point!r}")
        self._expected += self._perhaps_died()

    async def until(self, fits: Callable[[], bool], what: str) -> None:
        await until(fits, what, *self.mortals)

    async def dead(self, why: str) -> None:
        """Wait for the one that was to die, and count it."""
        self._expected += 1

        def gone() -> bool:
            self._expected += self._perhaps_died()
            return not self.control.armed() and self.killed >= self._expected

        await self.until(gone, f"the kill at {why!r}")
        self.died[why] += 1
        if VERBOSE:
            say(f"    {time.monotonic() - STARTED:6.1f} s {why}")

    async def at(self, points: Sequence[str], doing: Awaitable[Any] | None = None) -> None:
        """Somebody dies at each of these points in turn, at the latest while ``doing``, and is
        started again. The next point is armed before the dead one is back."""
        task = None if doing is None else asyncio.ensure_future(doing)
        for point in points:
            self.control.arm(point, self.chance.randrange(3) if point.startswith(OFTEN) else 0)
            await self.dead(point)
        if task is not None:
            async with asyncio.timeout(PATIENCE_S):
                await task

    async def kill(self, who: Mortal, why: str) -> None:
        """kill -9 from outside, at a random instant."""
        await asyncio.sleep(self.chance.uniform(0, 0.4))
        who.kill()
        await self.dead(why)

    async def progress(self, answering: Sequence[Stations]) -> None:
        """Each of these is acknowledged something more."""
        before = [len(each.record.read().acknowledged) for each in answering]
        await self.until(
            lambda: all(
                len(each.record.read().acknowledged) > known
                for each, known in zip(answering, before, strict=True)
            ),
            "an acknowledged answer",
        )

    # ---- the programs --------------------------------------------------------------------

    def heard(self, event: dict[str, Any], places: list[Place]) -> None:
        """What stations print for whoever drives the day."""
        match event["event"]:
            case "enrol_code":
                place = places[event["index"]]
                asyncio.get_running_loop().create_task(self._confirm(event["code"], place))
            case "paper_verified":
                self.verified.add(event["station_id"])
            case "submitted":
                self.receipts[event["sitting_id"]] = event["head"]
            case "wiped":
                self.wiped.add(event["station_id"])

    async def _confirm(self, code: str, place: Place) -> None:
        if code not in self.enrolled:
            self.enrolled.add(code)
            admin = self.scene.role(Role.SYSADMIN)
            await admin.order(ConfirmEnrolment(0, code, "station", "-".join(place), *place))

    async def open_stations(self, name: str, places: list[Place], early: float) -> Stations:
        """Start stations at these places; who sits there is the candidate of the seat, at the
        spare the one who comes from the old one."""
        folder = self.world.folder / name
        folder.mkdir()
        people = []
        for room_id, seat_no in places:
            person = self.world.candidate(
                *(OLD if (room_id, seat_no) == SPARE else (room_id, seat_no))
            )
            who = {"ticket_no": person.ticket_no, "id_number": person.id_number}
            people.append({**who, "room_id": room_id, "seat_no": seat_no})
        (folder / "candidates.json").write_text(json.dumps(people))
        ports = self.world.ports
        options = {
            "stations": len(places), "data": folder / "data", "server": f"127.0.0.1:{ports.main}",
            "enrol": f"127.0.0.1:{ports.enrol}", "candidates": folder / "candidates.json",
            "report": folder / "report.jsonl", "seed": f"{self.chance.random()}", "think": 0.1,
            "early": early,
        }  # fmt: skip
        words = [word for key, value in options.items() for word in (f"--{key}", str(value))]
        mortal = Mortal(
            self.nursery, name, "stations", words, folder / "out.jsonl",
            lambda event: self.heard(event, places),
        )  # fmt: skip
        made = Stations(mortal, StationRecord(folder / "report.jsonl"), places)
        self.stations.append(made)
        await mortal.start()
        return made

    async def told_to_wipe(self) -> None:
        """Wait until every station has wiped, those that died or were away too. Who has not after
        a long while is counted."""
        with suppress(TimeoutError):
            async with asyncio.timeout(WIPING_S):
                while len(self.wiped) < len(self.enrolled):  # noqa: ASYNC110  # other processes
                    await asyncio.sleep(0.05)

    # ---- people --------------------------------------------------------------------------

    def actor(self, person_id: str) -> Actor:
        return self.scene.actor(self.world.person(person_id))

    def second(self, person_id: str) -> Second:
        return self.world.second(person_id)

    async def board(self, fits: Any) -> None:
        """Wait until the chief's board fits."""
        looking = asyncio.ensure_future(self.scene.board(fits))
        await self.until(looking.done, "the board")
        looking.result()

    def sitting_at(self, room_id: str, seat_no: str) -> str:
        """The sitting of a seat, as the chief's board shows it."""
        return self.scene.role(Role.CHIEF).client.board.seats[room_id][seat_no].sitting_id

    # ---- the stretches of the day --------------------------------------------------------

    async def admission(self, count: int) -> None:
        """Everybody is at the seat and has read the rules."""
        self.world.go(DAY.at(-30))
        seats = [place for each in self.stations for place in each.places if place != SPARE]
        for room_id, seat_no in seats:
            candidate = self.world.candidate(room_id, seat_no)
            await self.actor(f"inv-{room_id}-1").order(self.world.admission(candidate))
            await self.actor(f"inv-{room_id}-2").sign_in()
        for room_id in ("01", "02"):
            await self.actor(f"inv-{room_id}-1").order(AllowLogin(0, room_id))
        await self.board(lambda board: in_state(board, SittingState.RULES_ACK) >= count)

    async def arm(self) -> None:
        await self.scene.role(Role.CHIEF).order(ArmRelease(0, SESSION_ID, self.second("admin-a")))

    async def released(self) -> None:
        await self.board(lambda board: session_state(board) is SessionState.STARTED)

    async def opened(self, count: int) -> None:
        """The exam has begun at every seat."""
        self.world.go(DAY.at(0))
        await self.board(lambda board: in_state(board, SittingState.IN_PROGRESS) >= count)

    async def attempt(self, person_id: str, order: Message) -> None:
        """An order given again and again by somebody, who may have been obeyed before."""
        done = await self.actor(person_id).attempt(order)
        if isinstance(done, Refusal):
            say(f"{type(order).__name__}: {done.text('en')}")

    def swapping(self, sitting_id: str) -> Awaitable[None]:
        """The candidate of the old station goes on at the spare."""
        second = self.second("admin-a")
        order = SwapStation(0, "01", sitting_id, SPARE[1], "键盘失灵", True, second)
        return self.attempt("inv-01-1", order)

    def reopening(self, sitting_id: str) -> Awaitable[None]:
        """A hand-in by mistake is undone."""
        order = ReopenSitting(0, sitting_id, "误触交卷", self.second("inv-01-1"))
        return self.attempt("chief-1", order)

    async def decide_branches(self) -> None:
        """What needs people's decision about another machine's answers gets it (F24)."""
        told = msgspec.convert(await self.scene.role(Role.CHIEF).order(GetSwaps(0)), _Swaps)
        for branch in told.branches:
            if branch.open:
                where = branch.sitting_id, branch.machine_id
                order = DecideBranch(0, *where, Keep.BRANCH, "本人确认", self.second("admin-a"))
                await self.attempt("chief-1", order)

    @property
    def after(self) -> After:
        return After(self.scene, Doors(self.scene))

    async def end(self) -> None:
        """Everybody leaves; nothing is left running."""
        self.control.disarm()
        self.control.perhaps()
        try:
            for actor in self.scene.actors.values():
                await actor.leave()
            for each in reversed(self.mortals):
                await each.leave()
        finally:
            await self.nursery.close()
            await self.world.cut_off()


async def open_day(
    template: Template, folder: Path, chance: Random, tracer: Sequence[str] = ()
) -> MortalDay:
    """The venue's server runs, the plan and the sealed paper are in; 60 exam minutes to go."""
    folder.mkdir()
    backoff.FIRST_S, backoff.LONGEST_S = 0.05, 0.2  # people try again sooner than in real life
    control = Control(folder / "control")
    nursery = Nursery(folder / "control", tracer)
    await nursery.open()
    time = SharedTime(control)
    opened = await open_world(template, folder, time)
    values = {name: getattr(opened, name) for name in ("template", "folder", "time", "keys")}
    world = KilledWorld(
        **values, headquarters=opened.headquarters, line=opened.line, _clock=opened._clock
    )
    settings = msgspec.structs.replace(load_settings(world.data), hand_in_grace_s=GRACE_S)
    save_settings(world.data, settings)
    serving: list[dict[str, Any]] = []
    words = ["run", "--data", str(world.data)]
    server = Mortal(nursery, "server", "server", words, folder / "server.log", serving.append)
    await server.start()
    await until(lambda: bool(serving), "the server", server)
    ports = {"listen_port": serving[0]["port"], "enrol_port": serving[0]["enrol_port"]}
    save_settings(world.data, msgspec.structs.replace(settings, **ports))
    await until((world.data / "clock.json").exists, "trusted time", server)
    options = RehearsalOptions(0, 60.0, folder, None, None, show=False, seed=1, begin_ms=0)
    progress = Progress([Stage(*each) for each in STAGES])
    scene = Scene(options, progress, world.cast, world.headquarters, DAY)
    for room in world.cast.rooms:  # a venue without a roster: nobody is drawn
        scene.rooms[room.room_id] = [f"inv-{room.room_id}-{number}" for number in (1, 2)]
    day = MortalDay(world, control, nursery, scene, server, chance)
    admin = await world.console("admin-a")
    chief = await world.console("chief-1")
    await world.plan(admin)
    await world.receive(admin)
    for console in (admin, chief):
        await console.client.close()
        await console.task
    return day


__all__ = ["MortalDay", "Stations", "open_day"]
