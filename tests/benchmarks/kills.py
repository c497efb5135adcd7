"""R1: whole exam days in which server and stations are killed (kill -9), by name and at random.

Real programs, real journals, headquarters' real receipts; every day ends with the same judge over
the bundle that arrived (mortal_truth.py):

    lost         acknowledged, or shown as saved on the machine, and not at headquarters
    claimed      at headquarters or in one of the venue's copies, and made by no station
    duplicated   twice, or two entries under one sequence
    heads        hand-in receipts that the bundle's chain does not hold

The named points are listed in kill_points.py; each is died at once in every long day, and the run
fails when a point is not reached (but for the two of PERHAPS). The short form dies at some of them.
"""

import asyncio
import contextlib
import io
import logging
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable
from contextlib import redirect_stdout
from pathlib import Path
from random import Random
from typing import Any

from kill_points import POINTS
from measuring import Figure, options, report, say, workspace
from mortal_day import OLD, SPARE, MortalDay, open_day
from mortal_truth import Entry, Verdict, judge

from tests.journeys.venue.venue_template import DAY, Template, make_template
from venue_server.ledger.verify import verify_file
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.rehearsal.scene import in_state, session_state
from venue_server.responses.second_copy import SecondCopy
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.console_orders import SealSession, UploadSession, WipeSession
from venue_server.wire.frames import Message
from venue_server.wire.names import DataState, SessionState, SittingState
from venue_server.wire.signed import public_keys

IN_SHORT = frozenset(
    {
        "release: token durable",
        "release: committed, keys not pushed",
        "save: in the primary's transaction",
        "save: primary committed",
        "save: second copy written, not synced",
        "save: both durable, not acknowledged",
        "station: journal written, not synced",
        "station: journal synced, not shown",
        "station: before the outbox clears",
        "hand-in: committed, no receipt",
        "reopen: committed, not told",
        "collect: committed, no backup",
        "backup: proven, not recorded",
        "seal: bundle there, not recorded",
        "upload: bytes sent",
        "upload: receipt there, not recorded",
        "wipe: first key destroyed",
        "wipe: certified, stations not told",
    }
)
# Only where the answers left behind in the swap are not entered by the spare in time (F24).
PERHAPS = ("branch: decided, not appended", "branch: appended, hand-in not extended")
UNDER_SAVES = [
    "save: in the primary's transaction",
    "save: primary committed",
    "save: before the second copy",
    "save: second copy written, not synced",
    "save: second copy synced",
    "save: both durable, not acknowledged",
    "save: acknowledged",
    "station: before the journal",
    "station: journal written, not synced",
    "station: journal synced, not shown",
    "station: before the outbox clears",
    "station: outbox cleared",
]
WIPING_STATION = "station: key destroyed, journal there"
AT_A_START = [
    "start: copies read, not levelled",
    "ledger: committed, file behind",
    "ledger: file written, not synced",
]
BACKED_UP = DataState.BACKED_UP


class Script:
    """The day in its order, with the dying in between."""

    def __init__(self, day: MortalDay, short: bool, random_kills: int) -> None:
        self.day = day
        self.short = short
        self.random_kills = random_kills

    async def at(self, points: list[str], doing: Awaitable[Any] | None = None) -> None:
        """Die at those points that this form has, while ``doing``."""
        assert set(points) <= set(POINTS), points
        await self.day.at([p for p in points if not self.short or p in IN_SHORT], doing)

    async def play(self) -> Verdict:
        """From the enrolled stations to the wiped keys."""
        for stage in (self.before, self.release, self.answering, self.ending, self.closing):
            began = time.monotonic()
            await stage()
            say(f"  {stage.__name__}: {time.monotonic() - began:.1f} s, {self.day.killed} killed")
        return judge_day(self.day)

    async def before(self) -> None:
        """Stations enrol, fetch the paper and check it; everybody sits down."""
        day = self.day
        self.rooms = [
            await day.open_stations("west", [("01", "02"), ("02", "01")], early=1.0),
            await day.open_stations("east", [("02", "02"), ("01", "03")], early=0.0),
        ]
        await day.until(lambda: len(day.verified) >= 4, "their papers")
        if not self.short:
            self.old = await day.open_stations("old", [OLD], early=0.0)
            self.spare = await day.open_stations("spare", [SPARE], early=0.0)
        await self.at(["station: paper verified, not remembered"])
        places = sum(len(each.places) for each in day.stations)
        await day.until(lambda: len(day.verified) >= places, "every paper")
        self.seats = places - (0 if self.short else 1)
        await self.at(["station: journal made, not synced"], day.admission(self.seats))

    async def release(self) -> None:
        """The release point comes; the server dies at each step of it."""
        day = self.day
        await day.arm()
        asyncio.get_running_loop().call_later(0.1, day.world.go, DAY.at(-2))
        await self.at([each for each in POINTS if each.startswith("release: ")])
        await day.released()
        await day.opened(self.seats)

    async def answering(self) -> None:
        """Everybody answers all the time."""
        day = self.day
        await day.progress(self.rooms)
        for point in UNDER_SAVES:
            await self.at([point])
        await day.progress(self.rooms)
        if not self.short:
            for point in AT_A_START:
                await day.kill(day.server, "random: server")
                await self.at([point])  # armed before it is back
            await self.moved()
        for number in range(self.random_kills):
            victims = [day.server, *(each.mortal for each in self.rooms)]
            victim = victims[0] if number % 2 == 0 else victims[1 + number // 2 % 2]
            await day.kill(victim, "random: server" if victim is day.server else "random: stations")
            if number % 4 == 3:
                await day.progress(self.rooms)
        await day.progress(self.rooms)

    async def moved(self) -> None:
        """A station dies for good with answers on its disk alone; its candidate goes on at a spare,
        and later it comes back (F2, F13, F24)."""
        day, old = self.day, self.old
        (sitting_id,) = {entry[0] for entry in old.record.read().acknowledged}
        shown = len(old.record.shown)
        day.server.keep_alive = False
        await day.kill(day.server, "random: server")
        await day.until(lambda: len(old.record.read().shown) >= shown + 3, "a tail")
        old.mortal.keep_alive = False
        await day.kill(old.mortal, "random: stations")
        await day.server.again()
        await self.at(["swap: before", "swap: committed, not told"], day.swapping(sitting_id))
        before = len(self.spare.record.read().acknowledged)
        await day.until(
            lambda: len(self.spare.record.read().acknowledged) > before, "answers at the spare"
        )
        await self.at(
            ["branch: before it is kept", "branch: kept, not acknowledged"], old.mortal.again()
        )

    async def ending(self) -> None:
        """Early hand-ins, one taken back, the end by itself, collected and backed up."""
        day, loop = self.day, asyncio.get_running_loop()
        loop.call_later(0.1, day.world.go, DAY.at(75))
        await self.at(["hand-in: before its commit", "hand-in: committed, no receipt"])
        await self.at(["station: receipt heard, not marked", "station: receipt marked"])
        await day.board(lambda board: in_state(board, SittingState.SUBMITTED) >= 2)
        sitting_id = day.sitting_at(*self.rooms[0].places[0])
        await self.at(["reopen: before", "reopen: committed, not told"], day.reopening(sitting_id))
        if not self.short:
            day.perhaps(*PERHAPS)
        loop.call_later(0.1, day.world.go, DAY.at(90))
        await self.at([each for each in POINTS if each.startswith(("end: ", "collect: "))])
        await self.at([each for each in POINTS if each.startswith("backup: ")])
        await day.board(lambda board: in_state(board, SittingState.IN_PROGRESS) == 0)
        await day.decide_branches()
        await day.board(lambda b: b.venue is not None and b.venue.data_state is BACKED_UP)

    async def closing(self) -> None:
        """Signed, sealed, uploaded, wiped."""
        day = self.day
        await self.at(["sign: before its commit"], day.after.records())
        await self._ordered("seal: ", "chief-1", SealSession(0, SESSION_ID, day.second("admin-a")))
        await day.board(lambda board: session_state(board) is SessionState.SEALED)
        await self._ordered("upload: ", "admin-a", UploadSession(0, SESSION_ID))
        await day.board(lambda board: session_state(board) is SessionState.UPLOADED)
        await self._ordered("wipe: ", "admin-a", WipeSession(0, SESSION_ID, day.second("chief-1")))
        await day.told_to_wipe()
        await day.board(lambda board: session_state(board) in (SessionState.WIPED, None))

    async def _ordered(self, stage: str, person_id: str, order: Message) -> None:
        """An order of one stage with every death of it, the station's at the wipe too: it is told
        at any of its hellos in between."""
        points = [each for each in POINTS if each.startswith(stage)]
        at_a_station = stage == "wipe: " and not self.short
        if at_a_station:
            self.day.perhaps(WIPING_STATION)
        await self.at(points, self.day.attempt(person_id, order))
        if at_a_station:
            await self.day.was_reached(WIPING_STATION)


def judge_day(day: MortalDay) -> Verdict:
    """The bundle that arrived, and both of the venue's own copies, against the stations."""
    data = day.world.data
    (file,) = (day.world.keys.data_dir / "bundles").glob("*.kdbundle")
    public = (data / "keys/venue.ed25519.pub").read_text().strip()
    opened = open_bundle(file, day.world.keys.bundle, public_keys([public]))
    assert isinstance(opened, OpenedBundle), opened
    with contextlib.closing(sqlite3.connect(data / "venue.sqlite")) as database:
        primary: list[Entry] = database.execute(
            "SELECT sitting_id, seq, hash FROM response"
        ).fetchall()
    second = SecondCopy(data / "second" / "responses.journal")
    copy = [(each.sitting_id, each.seq, each.hash) for each in second.recover()]
    second.close()
    for ledger in (data / "ledger.jsonl", data / "second/ledger.jsonl"):
        assert (told := verify_file(ledger)).ok, told
    records = [each.record.read() for each in day.stations]
    return judge(records, day.receipts, opened, [primary, copy])


def one_day(
    template: Template, folder: Path, chance: Random, short: bool
) -> tuple[Verdict, Counter[str], int]:
    """Play and judge one day: the verdict, who died where, stations left with something."""

    async def play() -> tuple[Verdict, Counter[str], int]:
        day = await open_day(template, folder, chance)
        try:
            verdict = await Script(day, short, 4 if short else 16).play()
            return verdict, day.died, len(day.enrolled) - len(day.wiped)
        finally:
            await day.end()

    return asyncio.run(play())


def main() -> None:
    """Kill, judge and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    chosen = parser.parse_args()
    say(f"seed {chosen.seed}")
    total, died, untold = Verdict(), Counter[str](), 0
    with workspace(chosen.folder) as folder:
        (folder / "template").mkdir()
        with redirect_stdout(io.StringIO()):
            logging.disable(logging.INFO)
            template = make_template(folder / "template")
        for number in range(chosen.days or (1 if chosen.short else 3)):
            chance = Random(f"{chosen.seed}/{number}")  # where to die, not a secret
            verdict, dead, left = one_day(template, folder / f"day-{number}", chance, chosen.short)
            say(f"day {number + 1}: {dead.total()} killed, {verdict}")
            total, died, untold = total.plus(verdict), died + dead, untold + left
    for point in [*POINTS, "random: server", "random: stations"]:
        say(f"{died[point]:4} {point}")
    report(
        Figure("R1 kills", died.total(), "kills", "20" if chosen.short else "200"),
        Figure("R1 named points", len(set(died) & set(POINTS)), "points", "-"),
        Figure("R1 acknowledged", total.acknowledged, "answers", "-"),
        Figure("R1 shown as saved on the machine", total.shown, "answers", "-"),
        Figure("R1 stations that were not told of the wipe again", untold, "stations", "0"),
        Figure("R1 heads that differ", total.heads_differ, "receipts", "0"),
        Figure("R1 claimed", total.claimed, "answers", "0"),
        Figure("R1 duplicated", total.duplicated, "answers", "0"),
        Figure("R1 lost", total.lost, "answers", "0"),
    )


if __name__ == "__main__":
    main()
