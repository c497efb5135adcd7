"""R3: both disks full, read-only, broken, away, slow and hanging, one after the other and at once,
under saves.

Every station saves as fast as it is acknowledged. After each fault the disk is healed and everybody
must be acknowledged again. Where the second disk fails, saves must go on; where the primary fails,
nothing may be acknowledged at all. Judged at the end, over both copies, as in kills.py.

The chief sits at a console. From the instant of a fault until its alarm is on that screen five
seconds are allowed (R3), under saves and while nobody saves; a disk that is merely slow costs time
and raises nothing. The long form does the same with real file systems (disks_real.py).
"""

import json
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop
from disks_console import Chief, add_chief
from disks_exam import LATENCY_ONLY, TOO_SLOW, Exam, more
from disks_real import measure_real
from kills_saves import Verdict, judge
from measuring import Child, Figure, begin_load, options, report, workspace
from prepared_venue import DAY, PreparedVenue, prepare, set_exam_time

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
    for what in ("hang", *ERRORS, *LATENCY_ONLY, TOO_SLOW)
)
RESTING = (
    ("second", "EROFS"),
    ("second", "hang"),
    ("primary", "hang"),
    ("primary", "ENOSPC"),
    ("both", "ENODEV"),
)


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
    return [
        *exam.figures(),
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
        found = uvloop.run(measure(venue, chosen.short))
        if chosen.short:
            report(*found)
            return
        (folder / "real").mkdir()
        real = prepare(folder / "real", 50, released=True)
        add_chief(real.data)
        report(*uvloop.run(measure_real(real)), *found)


if __name__ == "__main__":
    main()
