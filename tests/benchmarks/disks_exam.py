"""The exam beside failing disks: stations that save without end, and what is seen of each fault."""

import asyncio
import time
from collections.abc import Callable

from disks_console import PRIMARY, SECOND, SLOW, Chief
from kills_saves import Candidate
from measuring import Figure, say
from prepared_venue import PreparedVenue
from raw_station import Answers, Inbox, Wire, connect, contexts, hello, message_frame

from venue_server.wire.alarms import AlarmCode
from venue_server.wire.station_messages import Save

LATENCY_ONLY = ("slow 5", "slow 15", "slow 200")
TOO_SLOW = "slow 700"
GOES_ON = (TOO_SLOW, "low")
"""What the primary may do while answers are acknowledged."""
ALONE = {
    "low": {AlarmCode.DISK_LOW},
    # a file system that must read before it writes hangs there as well
    "reads": {AlarmCode.PRIMARY_READS_HANG, AlarmCode.PRIMARY_HANGS},
}
EVENT_S = 60.0
REST_S = 2.0  # what was on its way is acknowledged
SLOW_FOR_S = 8.0


async def more(candidates: list[Candidate]) -> None:
    """Everybody is acknowledged more than before."""
    before = [each.acknowledged for each in candidates]
    async with asyncio.timeout(EVENT_S):
        while not all(c.acknowledged > b for c, b in zip(candidates, before, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def still(candidates: list[Candidate], seconds: float) -> int:
    """How many acknowledgements come in this time, after those already on their way."""
    await asyncio.sleep(seconds)
    before = sum(each.acknowledged for each in candidates)
    await asyncio.sleep(seconds)
    return sum(each.acknowledged for each in candidates) - before


async def send_again(wires: list[Wire], candidates: list[Candidate]) -> None:
    """What was not acknowledged, again and again, as stations do from their journals."""
    while True:
        for wire, each in zip(wires, candidates, strict=True):
            answers = each.answers
            missing = answers.entries[each.acknowledged :]
            wire.write(message_frame(Save(answers.sitting_id, missing)))
        await asyncio.sleep(0.5)


class Exam:
    """Stations that save without end at one server, and the chief at a console."""

    def __init__(self, venue: PreparedVenue, chief: Chief) -> None:
        self._venue = venue
        self._chief = chief
        self.candidates = [Candidate(Answers(each.sitting_id, keep=True)) for each in venue.seated]
        self._wires: list[Wire] = []
        self.alarms: dict[str, float] = {}
        """Seconds from each fault to its alarm on the screen; of both disks, to the later one."""
        self.false_alarms = 0
        self.unbacked = 0
        self.longest = 0.0

    async def come(self, port: int) -> None:
        """Everybody connects, also again after a restart, and goes on."""
        self._wires = await connect(port, contexts(self._venue), lambda _w, _p: None)

        async def one(wire: Wire, number: int) -> None:
            welcome = await hello(self._venue, Inbox(wire), self._venue.seated[number])
            assert welcome.sitting is not None
            candidate = self.candidates[number]
            candidate.come_back(wire, welcome.sitting.seq, welcome.sitting.head)

        await asyncio.gather(*(one(wire, n) for n, wire in enumerate(self._wires)))

    async def left(self) -> None:
        """Every connection has ended."""
        await asyncio.gather(*(wire.ended for wire in self._wires))

    def rest(self, resting: bool) -> None:
        """Nobody answers for a while, or all go on."""
        for wire, each in zip(self._wires, self.candidates, strict=True):
            each.resting = resting
            each.go_on(wire)

    async def strike(self, name: str, device: str, what: str, strike: Callable[[], None]) -> None:
        """One fault: the alarm's time, and what saves do meanwhile."""
        began = time.monotonic()
        strike()
        seen = asyncio.create_task(self._seen(device, what, began))
        if what in LATENCY_ONLY:
            await self._goes_on()
            await seen
            return
        if device == "second" or what in GOES_ON:
            await self._goes_on()
        elif what != "reads":
            self.unbacked += await still(self.candidates, 0.5)
        self.alarms[name] = await seen
        say(f"{name}: alarm after {self.alarms[name]:.1f} s")

    async def at_rest(self, name: str, device: str, what: str, strike: Callable[[], None]) -> None:
        """The same while nobody saves: it must not wait for the next answer to be noticed."""
        self.rest(True)
        await asyncio.sleep(REST_S)
        began = time.monotonic()
        strike()
        self.alarms[name] = await self._seen(device, what, began)
        say(f"{name}: alarm after {self.alarms[name]:.1f} s")

    async def heal(self, heal: Callable[[], None]) -> None:
        """The fault is over: everybody is acknowledged again, and both copies are in order."""
        heal()
        self.rest(False)
        again = asyncio.create_task(send_again(self._wires, self.candidates))
        await more(self.candidates)
        again.cancel()
        await self._chief.over(PRIMARY | SECOND | SLOW)

    async def _seen(self, device: str, what: str, began: float) -> float:
        if what in LATENCY_ONLY:
            await asyncio.sleep(SLOW_FOR_S)
            self.false_alarms += bool(self._chief.alarms & (PRIMARY | SECOND | SLOW))
            return 0.0
        if what == TOO_SLOW:
            return await self._chief.seen(SLOW, began)
        if what in ALONE:
            return await self._chief.seen(ALONE[what], began)
        wanted = {"primary": (PRIMARY,), "second": (SECOND,), "both": (PRIMARY, SECOND)}[device]
        return max([await self._chief.seen(codes, began) for codes in wanted])

    async def _goes_on(self) -> None:
        began = time.monotonic()
        await more(self.candidates)
        await more(self.candidates)
        self.longest = max(self.longest, time.monotonic() - began)

    def figures(self) -> list[Figure]:
        """Each fault's alarm."""
        return [
            Figure(f"R3 fault to alarm on the screen, {name}", seconds, "s", "<= 5")
            for name, seconds in self.alarms.items()
        ]
