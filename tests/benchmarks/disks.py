"""R3: both disks full, read-only, broken, away, slow and hanging, one after the other and at once,
under saves.

Every station saves as fast as it is acknowledged. After each fault the disk is healed and everybody
must be acknowledged again. Where the second disk fails, saves must go on; where the primary fails,
nothing may be acknowledged at all. Judged at the end, over both copies, as in kills.py. That the
alarm is seen is shown in tests/faults/server (test_f19_*).
"""

import asyncio
import json
import time
from pathlib import Path

import uvloop
from kills_saves import Candidate, judge
from measuring import Child, Figure, begin_load, options, report, say, workspace
from prepared_venue import DAY, PreparedVenue, prepare, set_exam_time
from raw_station import Answers, Inbox, Wire, connect, contexts, hello, message_frame

from venue_server.wire.station_messages import Save

FAULTY = Path(__file__).parents[1] / "faults" / "server" / "faulty_server.py"
ERRORS = ("ENOSPC", "EROFS", "EIO", "ENODEV")
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
    for what in ("hang", *ERRORS, "slow 5", "slow 15", "slow 200")
)
EVENT_S = 60.0
LEVEL_S = 3.0


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


async def measure(venue: PreparedVenue, faults: tuple[tuple[str, str], ...]) -> list[Figure]:
    """One server, all faults, and a last start that levels both copies."""
    set_exam_time(venue.data, DAY.at(10))
    disks = Disks(venue.folder / "faults.json")
    candidates = [Candidate(Answers(each.sitting_id, keep=True)) for each in venue.seated]
    server = Child(str(FAULTY), str(disks.file), "run", "--data", str(venue.data))
    port = json.loads(server.first_line)["port"]
    wires = await connect(port, contexts(venue), lambda _w, _p: None)

    async def come_back(wire: Wire, number: int) -> None:
        welcome = await hello(venue, Inbox(wire), venue.seated[number])
        assert welcome.sitting is not None
        candidates[number].come_back(wire, welcome.sitting.seq, welcome.sitting.head)

    await asyncio.gather(*(come_back(wire, n) for n, wire in enumerate(wires)))
    unbacked = 0
    longest = 0.0
    for device, what in faults:
        await more(candidates)
        disks.set(device, what)
        began = time.monotonic()
        if device == "second" or what.startswith("slow"):
            await more(candidates)
            await more(candidates)
            longest = max(longest, time.monotonic() - began)
        else:
            unbacked += await still(candidates, 0.5)
        say(f"{device} {what}: {time.monotonic() - began:.1f} s")
        disks.set("", "")
        again = asyncio.create_task(send_again(wires, candidates))
        await more(candidates)
        again.cancel()
        if device != "primary":
            await asyncio.sleep(LEVEL_S)  # it is given up until it was looked at and caught up
    server.stop()
    await asyncio.gather(*(wire.ended for wire in wires))
    last = Child("-m", "venue_server", "run", "--data", str(venue.data))
    last.stop()
    verdict = judge(venue, candidates)
    total = sum(each.acknowledged for each in candidates)
    return [
        Figure(f"R3 acknowledged over {len(faults)} faults", total, "saves", "-"),
        Figure("R3 longest pause with the second disk failing", longest, "s", "< 5"),
        Figure("R3 acknowledged without the primary", unbacked, "saves", "0"),
        Figure("R3 claimed", verdict.claimed, "saves", "0"),
        Figure("R3 lost", verdict.lost, "saves", "0"),
    ]


def main() -> None:
    """Strike, judge and print."""
    chosen = options(__doc__ or "").parse_args()
    begin_load()
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, 10 if chosen.short else 50, released=True)
        report(*uvloop.run(measure(venue, SHORT if chosen.short else LONG)))


if __name__ == "__main__":
    main()
