"""Everything that can happen to the time of one sitting, in one sitting (G01-G09, I02, I06-I10).

A room held and started late, 顺延 of the session, a suspension and its resumption, time credited
while the room stands, a station killed and swapped to a spare, a hand-in by mistake reopened, the
server killed with SIGKILL while everything stands, and orders that meet a station just as it comes
back. After every step each candidate's screen, the board and hand-computed values agree, and nobody
was ever shortened.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from candidate_station.session.effects import OpenJournal
from candidate_station.session.inputs import JournalOpened, Now, Received
from candidate_station.session.machine import SessionMachine
from tests.faults.server.server_process import ServerProcess
from venue_server.client import backoff
from venue_server.gateway.sitting_view import CLOCK_TOLERANCE_REAL_MS
from venue_server.wire.credit_orders import CreditReason, DecideTime, ProposeTime, ReopenSitting
from venue_server.wire.names import SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.roomtime_orders import (
    Approval,
    ExtendTime,
    HoldRoom,
    ResumeTime,
    StartRoom,
    SuspendTime,
)
from venue_server.wire.station_messages import LoggedIn, SittingChanged, TimingChanged, Welcome
from venue_server.wire.swap_orders import SwapStation

MINUTE = 60_000
FIRST, PLAIN, HELD = ("01", "01"), ("01", "02"), ("02", "02")


@dataclass
class Sitting:
    """One candidate: where they sit now, and what their end has been so far."""

    station: Any
    chain: Any
    ends: list[int] = field(default_factory=list)

    def screen(self, now_ms: int) -> Any:
        """What a station that was told exactly this would show at this instant."""
        machine, now = SessionMachine("test"), Now(0.0, now_ms)
        heard = self.station.heard.messages
        welcome = next(each for each in reversed(heard) if isinstance(each, Welcome))
        told: list[Any] = [welcome]
        if welcome.sitting is None:
            told.append(LoggedIn(0, self.station.sitting))
        later = heard[heard.index(welcome) + 1 :]
        told += [each for each in later if isinstance(each, TimingChanged | SittingChanged)]
        for message in told:
            for effect in machine.handle(Received(message), now):
                if isinstance(effect, OpenJournal):
                    journal = JournalOpened(effect.sitting_id, tuple(self.chain.entries))
                    machine.handle(journal, now)
        return machine.state(now)


@dataclass
class Sat:
    """The sitting in progress. Golden instants are minutes after the planned start, computed by
    hand."""

    world: Any
    kit: Any
    admin: Any
    chief: Any
    rooms: dict[str, Any]
    first: Sitting
    plain: Sitting
    held: Sitting

    async def agree(
        self, one: Sitting, closed_ms: int, end_ms: int, credited_s: int = 0, left_ms: int = -1
    ) -> None:
        """Screen, board and golden values; ``left_ms`` where the room stands still."""
        await one.station.heard.until(
            lambda: self._shown(one) == (closed_ms, end_ms, credited_s),
            f"{one.station.candidate.ticket_no}: {self._shown(one)} not {closed_ms, end_ms}",
        )
        now = self.world.now_ms()
        left = left_ms if left_ms >= 0 else end_ms - now
        assert one.screen(now).remaining_s == max(0, -(-left // 1000))
        room_id = one.station.room_id
        await self.chief.board(
            lambda b: (
                b.rooms[room_id].timing is not None  # a moment ago it was still held
                and b.rooms[room_id].timing.closed_until_ms == closed_ms
                and b.rooms[room_id].timing.end_ms == end_ms - 1000 * credited_s
            ),
            "the room's own instants",
        )
        assert not one.ends or end_ms >= one.ends[-1], "somebody was shortened"
        one.ends.append(end_ms)

    def _shown(self, one: Sitting) -> tuple[int, int, int]:
        state = one.screen(self.world.now_ms())
        return state.timing.closed_until_ms, state.timing.end_ms, state.credited_s

    def at(self, minutes: float) -> int:
        return int(self.kit.DAY.at(minutes))

    def approval(self) -> Approval:
        return Approval("人社部考试中心", "考中心函〔2026〕9号", "王主任", self.world.now_ms())

    async def signed_in_again(self) -> None:
        self.admin = await self.world.console(self.kit.ADMIN)
        self.chief = await self.world.console(self.kit.CHIEF)
        self.rooms = await self.world.invigilators()


@pytest.fixture
async def process(world: Any) -> AsyncIterator[ServerProcess]:
    made = ServerProcess(world.data)
    yield made
    if made.runs:
        await made.end(signal.SIGKILL)


async def seated(world: Any, kit: Any) -> Sat:
    """Everybody has read the rules; room 02 is held back; room 01 begins on time."""
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    stations = [await world.station(admin, *at) for at in (FIRST, PLAIN, HELD)]
    for station in stations:
        await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, *stations)
    await chief.order(HoldRoom(0, "02", "门锁故障"))
    await world.arm(chief)
    await world.released(chief)
    world.go(kit.DAY.at(0))
    for station in stations[:2]:
        await opened(world, station)
    made = [Sitting(each, kit.Chain(each.sitting_id)) for each in stations]
    return Sat(world, kit, admin, chief, rooms, *made)


async def opened(world: Any, station: Any) -> None:
    await station.content_key()
    assert station.client.paper_opened(station.sitting_id, world.now_ms())


async def test_everything_about_time_in_one_sitting(
    world: Any, kit: Any, process: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.2)
    sat = await seated(world, kit)
    first, plain, held, at = sat.first, sat.plain, sat.held, sat.at
    for one in (first, plain):  # 90 minutes, relaxed: closed until a quarter of an hour before
        await sat.agree(one, at(75), at(90))
    assert held.station.heard.all(TimingChanged) == [], "a held room has no instants yet"

    # The held room starts twelve minutes late and keeps its ninety minutes (G08).
    world.go(at(10))
    await sat.chief.order(StartRoom(0, "02", "已开门", at(12)))
    await sat.agree(held, at(87), at(102))
    await sat.agree(first, at(75), at(90))
    world.go(at(12))
    await opened(world, held.station)

    # 顺延 by a quarter of an hour, for the whole session (I02).
    world.go(at(20))
    await sat.chief.order(ExtendTime(0, 15, "广播干扰", sat.approval()))
    for one in (first, plain):
        await sat.agree(one, at(90), at(105))
    await sat.agree(held, at(102), at(117))

    # Room 01 stands still; room 02 goes on (F16, I06).
    world.go(at(30))
    await sat.chief.order(SuspendTime(0, "停电", "01"))
    told = await first.station.heard.next(TimingChanged, fits=lambda m: m.timing.stands)
    since = told.timing.suspended_at_ms
    assert at(30) <= since < at(31)
    world.go(at(40))
    for one in (first, plain):
        await sat.agree(one, at(90), at(105), left_ms=at(105) - since)
    await sat.agree(held, at(102), at(117))

    # Six minutes are credited to one candidate while the room stands (I07).
    await credit(sat, first, 6)
    await sat.agree(first, at(90), at(111), 360, left_ms=at(111) - since)
    await sat.agree(plain, at(90), at(105), left_ms=at(105) - since)

    # The server is killed with SIGKILL while the room stands; nothing of it is forgotten.
    await killed(sat, process)
    await sat.agree(first, at(90), at(111), 360, left_ms=at(111) - since)
    await sat.agree(plain, at(90), at(105), left_ms=at(105) - since)
    await sat.agree(held, at(102), at(117))

    # It goes on: what lay ahead moves by exactly what the room stood.
    world.go(at(50))
    on = (await sat.chief.order(ResumeTime(0, "总部同意，来电", "01")))["resumes_at_ms"]
    lost = on - since
    await sat.agree(first, at(90) + lost, at(111) + lost, 360, left_ms=at(111) - since)
    world.go(on)
    await sat.agree(first, at(90) + lost, at(111) + lost, 360)
    await sat.agree(plain, at(90) + lost, at(105) + lost)
    await sat.agree(held, at(102), at(117))

    # The credited candidate's station dies; at the spare the very same instants count (F2, F12).
    ack = await first.station.save(first.chain.add(world.now_ms(), "前一台"))
    assert ack.seq == 1
    await swapped(sat)
    await sat.agree(first, at(90) + lost, at(111) + lost, 360)
    assert (await first.station.save(first.chain.add(world.now_ms(), "后一台"))).seq == 2

    # Orders that meet a station just as it comes back count once, whoever is quicker.
    end = at(117)
    for minutes in (1, 2, 3):
        await at_the_reconnect(
            sat, held, ExtendTime(0, minutes, "设备故障", sat.approval(), "02"), minutes
        )
        end += minutes * MINUTE
        await sat.agree(held, at(102) + end - at(117), end)
    proposal = await proposed(sat, first, 2)
    await at_the_reconnect(sat, first, DecideTime(0, proposal, approve=True), 1)
    await sat.agree(first, at(90) + lost, at(113) + lost, 480)
    lost += await stands_and_goes_on_at_the_reconnect(sat, lost)

    # A hand-in by mistake, as early as it is allowed and not a moment sooner; undone (F15, I10).
    early = await hand_in(world, plain, SubmitKind.EARLY)
    assert isinstance(early, Refusal) and early.code is RefusalCode.ROOM_CLOSED
    world.go(at(90) + lost)
    assert not isinstance(await hand_in(world, plain, SubmitKind.EARLY), Refusal)
    again = ReopenSitting(0, plain.chain.sitting_id, "误触交卷", world.second("inv-01-1"))
    await sat.chief.order(again)
    told = await plain.station.heard.next(SittingChanged)
    assert told.sitting.state is SittingState.IN_PROGRESS
    await sat.agree(plain, at(90) + lost, at(105) + lost)
    await plain.station.save(plain.chain.add(world.now_ms(), "再答"))

    await each_ends_at_their_own_end(sat, at(105) + lost, end, at(113) + lost)


async def stands_and_goes_on_at_the_reconnect(sat: Sat, lost: int) -> int:
    """Both orders of a second suspension meet a station that just comes back; how long the room
    stood. The other station of the room was there all the time and says the same."""
    at, ends = sat.at, ((sat.first, 113, 480), (sat.plain, 105, 0))
    await at_the_reconnect(sat, sat.plain, SuspendTime(0, "又停电", "01"), 2)
    await sat.chief.board(lambda b: b.rooms["01"].timing.stands, "the second suspension")
    since = sat.chief.client.board.rooms["01"].timing.suspended_at_ms
    for one, end, credited_s in ends:
        left = at(end) + lost - since
        await sat.agree(one, at(90) + lost, at(end) + lost, credited_s, left_ms=left)
    done = await at_the_reconnect(sat, sat.plain, ResumeTime(0, "来电", "01"), 1)
    on = int(done["resumes_at_ms"])
    for one, end, credited_s in ends:
        left, stood = at(end) + lost - since, lost + on - since
        await sat.agree(one, at(90) + stood, at(end) + stood, credited_s, left_ms=left)
    sat.world.go(on)
    return on - since


async def each_ends_at_their_own_end(sat: Sat, plain: int, held: int, first: int) -> None:
    """A millisecond is not given away, and none is taken; the session ends with the last (G09)."""
    world = sat.world
    for one, end in sorted(
        ((sat.plain, plain), (sat.held, held), (sat.first, first)), key=lambda each: each[1]
    ):
        world.go(end - 1000)
        last = len(one.chain.entries) + 1
        edge = end + CLOCK_TOLERANCE_REAL_MS
        assert (await one.station.save(one.chain.add(edge, "最后"))).seq == last, "one's own time"
        assert (await one.station.save(one.chain.add(edge + 1, "迟"))).seq == last, "it is over"
        one.chain.entries.pop()
        assert one.screen(end - 1).remaining_s == 1 and one.screen(end).remaining_s == 0
        await sat.chief.board(lambda b: b.venue.session_state is SessionState.STARTED)
        world.go(end)
        assert not isinstance(await hand_in(world, one, SubmitKind.AUTO), Refusal)
    await sat.chief.board(lambda b: b.venue.session_state is SessionState.ENDED, "the end")
    ended = world.events("session.ended")
    assert len(ended) == 1 and ended[0]["at_ms"] >= max(plain, held, first)


async def proposed(sat: Sat, one: Sitting, minutes: int) -> int:
    """The invigilator proposes 补时; the number of the proposal."""
    order = ProposeTime(
        0,
        one.station.room_id,
        one.chain.sitting_id,
        CreditReason.POWER,
        60 * minutes,
        "断电重启",
    )
    made = await sat.rooms[one.station.room_id].order(order)
    return int(made["credit"]["proposal_id"])


async def credit(sat: Sat, one: Sitting, minutes: int) -> None:
    proposal = await proposed(sat, one, minutes)
    await sat.chief.order(DecideTime(0, proposal, approve=True))


async def killed(sat: Sat, process: ServerProcess) -> None:
    """The server goes on as a process of its own, which is killed; then it is started again."""
    world = sat.world
    await world.restart_as(process.start)
    assert await process.end(signal.SIGKILL) == -signal.SIGKILL
    for station in world.stations:
        await station.lost()
        station.heard.messages.clear()
    await world.start()
    for station in world.stations:
        await station.welcome()
    await sat.signed_in_again()


async def swapped(sat: Sat) -> None:
    """01-01 dies; its candidate goes on at the spare 01-91."""
    world, old = sat.world, sat.first.station
    identity = await world.enrolled("station", sat.admin, "01", "91")
    spare = await world.connect(identity, "01", "91", candidate=old.candidate)
    await spare.fetch()
    await sat.chief.board(lambda b: b.seats["01"]["91"].paper != "none", "the spare's paper")
    world.stations.remove(old)
    await old.close()
    await sat.chief.board(lambda b: b.seats["01"]["01"].link == "OFFLINE", "the dead station")
    order = SwapStation(
        0, "01", sat.first.chain.sitting_id, "91", "主机损坏", True, world.second(sat.kit.ADMIN)
    )
    await sat.rooms["01"].order(order)
    assert isinstance(await spare.log_in(), LoggedIn)
    assert spare.client.paper_opened(spare.sitting_id, world.now_ms())
    sat.first.station = spare


async def at_the_reconnect(sat: Sat, one: Sitting, order: Any, turns: int) -> dict[str, Any]:
    """The order and the station's return run side by side; ``turns`` shifts them a little. What
    the order answered."""
    world, old = sat.world, one.station
    world.stations.remove(old)
    await old.close()

    async def ordered() -> dict[str, Any]:
        for _ in range(turns * 20):
            await asyncio.sleep(0)  # lets the other one get ahead
        return dict(await sat.chief.order(order))

    place = (old.room_id, old.seat_no)
    new, done = await asyncio.gather(
        world.connect(old.identity, *place, old.hello, old.candidate), ordered()
    )
    new.sitting = old.sitting
    one.station = new
    return done


async def hand_in(world: Any, one: Sitting, kind: SubmitKind) -> Any:
    """Close the chain and hand in; a hand-in that is refused leaves the chain as it was."""
    station, chain = one.station, one.chain
    if kind is SubmitKind.AUTO:
        return await station.client.submit(chain.sitting_id, kind, len(chain.entries), chain.head)
    if not chain.entries:
        await station.save(chain.add(world.now_ms(), "答"))
    return await station.client.submit(chain.sitting_id, kind, len(chain.entries), chain.head)
