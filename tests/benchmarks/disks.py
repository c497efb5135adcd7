"""R3: both disks full, read-only, broken, away, slow and hanging, one after the other and at once,
under saves.

Every station saves as fast as it is acknowledged. After each fault the disk is healed and everybody
must be acknowledged again. Where the second disk fails, saves must go on; where the primary fails,
nothing may be acknowledged at all. Judged at the end, over both copies, as in kills.py.

The chief sits at a console. From the instant of a fault until its alarm is on that screen five
seconds are allowed (R3), under saves and while nobody saves; a disk that is merely slow costs time
and raises nothing.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop
from disks_console import PRIMARY, SECOND, SLOW, Chief, add_chief
from kills_saves import Candidate, Verdict, judge
from measuring import Child, Figure, begin_load, options, report, say, workspace
from prepared_venue import DAY, PreparedVenue, prepare, set_exam_time
from raw_station import Answers, Inbox, Wire, connect, contexts, hello, message_frame

from venue_server.wire.station_messages import Save

FAULTY = Path(__file__).parents[1] / "faults" / "server" / "faulty_server.py"
ERRORS = ("ENOSPC", "EROFS", "EIO", "ENODEV")
LATENCY_ONLY = ("slow 5", "slow 15", "slow 200")
TOO_SLOW = "slow 700"
SHORT = (
    ("second", "hang"),
    ("second", "ENODEV"),
    ("primary", "hang"),
    ("primary", "EROFS"),
    ("both", "ENODEV"),
)
LONG = tuple(
    (device, what)
    for device in ("second", "primary", "both")
    for what in ("hang", *ERRORS, *LATENCY_ONLY, TOO_SLOW)
)
RESTING = (
    ("second", "EROFS"),
    ("second", "hang"),
    ("primary", "hang"),
    ("primary", "ENOSPC"),
    ("both", "ENODEV"),
)
EVENT_S = 60.0
REST_S = 2.0  # what was on its way is acknowledged
SLOW_FOR_S = 8.0


class Disks:
    """What the server's disks do now."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set("", "")

    def set(self, device: str, what: str) -> None:
        """One fault; an empty device heals both."""
        struck = ("primary", "second") if device == "both" else (device,)
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps({"primary": "", "second": "", **dict.fromkeys(struck, what)}))
        part.replace(self.file)


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
        if device == "second" or what == TOO_SLOW:
            await self._goes_on()
        else:
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
        wanted = {"primary": (PRIMARY,), "second": (SECOND,), "both": (PRIMARY, SECOND)}[device]
        return max([await self._chief.seen(codes, began) for codes in wanted])

    async def _goes_on(self) -> None:
        began = time.monotonic()
        await more(self.candidates)
        await more(self.candidates)
        self.longest = max(self.longest, time.monotonic() - began)


async def measure(venue: PreparedVenue, short: bool) -> list[Figure]:
    """One server, all faults, and a last start that levels both copies."""
    set_exam_time(venue.data, DAY.at(10))
    faults = SHORT if short else LONG
    disks = Disks(venue.folder / "faults.json")
    server = Child(str(FAULTY), str(disks.file), "run", "--data", str(venue.data))
    async with AsyncExitStack() as stack:
        chief = Chief(venue.data / "run" / "control.sock")
        await chief.sign_in(stack)
        exam = Exam(venue, chief)
        await exam.come(json.loads(server.first_line)["port"])
        for device, what in faults:
            await more(exam.candidates)
            name = f"{device} {what}"
            await exam.strike(name, device, what, lambda d=device, w=what: disks.set(d, w))
            await exam.heal(lambda: disks.set("", ""))
        for device, what in RESTING if not short else RESTING[:1]:
            name = f"{device} {what}, nobody saves"
            await exam.at_rest(name, device, what, lambda d=device, w=what: disks.set(d, w))
            await exam.heal(lambda: disks.set("", ""))
    server.stop()
    await exam.left()
    last = Child("-m", "venue_server", "run", "--data", str(venue.data))
    last.stop()
    return figures(exam, judge(venue, exam.candidates), len(faults))


def figures(exam: Exam, verdict: Verdict, faults: int) -> list[Figure]:
    """Everything that was counted."""
    total = sum(each.acknowledged for each in exam.candidates)
    alarms = [
        Figure(f"R3 fault to alarm on the screen, {name}", seconds, "s", "<= 5")
        for name, seconds in exam.alarms.items()
    ]
    return [
        *alarms,
        Figure("R3 longest fault to alarm", max(exam.alarms.values()), "s", "<= 5"),
        Figure("R3 alarms for a disk that is only slow", exam.false_alarms, "alarms", "0"),
        Figure(f"R3 acknowledged over {faults} faults", total, "saves", "-"),
        Figure("R3 longest pause with the second disk failing", exam.longest, "s", "< 5"),
        Figure("R3 acknowledged without the primary", exam.unbacked, "saves", "0"),
        Figure("R3 claimed", verdict.claimed, "saves", "0"),
        Figure("R3 lost", verdict.lost, "saves", "0"),
    ]


def main() -> None:
    """Strike, judge and print."""
    chosen = options(__doc__ or "").parse_args()
    begin_load()
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, 10 if chosen.short else 50, released=True)
        add_chief(venue.data)
        report(*uvloop.run(measure(venue, chosen.short)))


if __name__ == "__main__":
    main()
