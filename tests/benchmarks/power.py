"""R2: the power goes at every claim and at every sync of a whole day; what was claimed is there.

The day of kills.py is played without deaths, its real programs under strace. From the trace every
state of the disk is made again with all writes thrown away that no fsync had confirmed by then,
and once more with a random part of them kept and torn at sectors (lost_writes.py). Of each state
the product's own recovery must give

    answers      every acknowledged one from the primary store, and from the second copy
    stations     every one shown as saved on the machine, from its journal
    ledger       a chain that verifies, and files that go on from it
    documents    every bundle and backup the store tells of, with its SHA-256

From the wiping on keys and journals go on purpose: power_ending.py judges that, and gives every
half-done wiping to the real server, which must end it.

``--careless`` plays it with a product whose fsyncs are taken out of the second copy and of the
station's journal, ``--hasty`` with one that destroys the answers' key before its list is written
down: the judge must convict both. Needs strace and the right to trace.
"""

import asyncio
import contextlib
import hashlib
import io
import json
import logging
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from kills import Script
from lost_writes import Disk
from measuring import Figure, options, report, say, workspace
from mortal import Control
from mortal_day import open_day
from power_ending import Ending, Restarts, Told, put, told_by
from trace_reading import (
    CALLS,
    Operation,
    Removed,
    Renamed,
    Synced,
    Wrote,
    can_trace,
    read_trace,
)

from candidate_station.answers.shelf import Shelf
from tests.journeys.venue.venue_template import Template, make_template
from venue_server.ledger.book import Ledger, compare
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.responses.second_copy import SecondCopy, SecondCopyDamaged
from venue_server.responses.store import all_responses
from venue_server.storage.engine import Store, open_engine
from venue_server.wire.journal_format import folder_name
from venue_server.wire.record_orders import EnterScorePublication, ExportSession
from venue_server.wire.wiping_orders import DestroyKept

SERVER_FILES = ("venue.sqlite", "venue.sqlite-wal", "ledger.jsonl", "second/ledger.jsonl")
JOURNAL = "second/responses.journal"
DAY_MS = 24 * 3600 * 1000
KEPT_DAYS = {"answers": 186, "records": 5 * 366}
Key = tuple[str, int]


class CalmScript(Script):
    """The day of kills.py without a death."""

    rounds = 6

    async def at(self, points: list[str], doing: Any = None) -> None:
        del points
        if doing is not None:
            await doing

    async def answering(self) -> None:
        """Everybody answers for a while."""
        for _ in range(self.rounds):
            await self.day.progress(self.rooms)

    async def play_calm(self) -> None:
        """From the enrolled stations to the destroyed records, judged by nobody."""
        stages = (self.before, self.release, self.answering, self.ending, self.closing)
        for stage in (*stages, self.destroying):
            await stage()

    async def destroying(self) -> None:
        """Years later: what was kept long enough is destroyed by two."""
        day = self.day
        admin, chief = day.actor("admin-a"), day.actor("chief-1")
        await admin.order(ExportSession(0, SESSION_ID))
        published_ms = day.world.now_ms()
        second = day.second("chief-1")
        await admin.order(EnterScorePublication(0, SESSION_ID, published_ms, "公告", second))
        for what, days in KEPT_DAYS.items():
            day.world.go(published_ms + days * DAY_MS)
            second = day.second("admin-a")
            await chief.order(DestroyKept(0, SESSION_ID, what, "删除", "批复", second))


def play(template: Template, folder: Path, chance: Random, short: bool) -> Path:
    """One day under strace; the trace."""
    log = folder.with_suffix(".trace")
    tracer = ["strace", "-f", "-qq", "-y", "-xx", "-s", "4000000", "-e", f"trace={CALLS}"]
    tracer += ["-e", "signal=none", "-o", str(log)]

    async def run() -> None:
        day = await open_day(template, folder, chance, tracer)
        try:
            script = CalmScript(day, True, 0)
            script.rounds = 6 if short else 25
            await script.play_calm()
        finally:
            await day.end()

    asyncio.run(run())
    return log


# ---- what was claimed ------------------------------------------------------------------------


@dataclass
class Claims:
    """What stations wrote into their records until now, from the same trace."""

    acknowledged: set[Key] = field(default_factory=set)
    shown: dict[tuple[str, str], int] = field(default_factory=dict)  # folder, sitting: sequence
    wiping: bool = False
    _rest: dict[str, bytes] = field(default_factory=dict)

    @property
    def claimed(self) -> set[Key]:
        """Every answer that anybody was told of."""
        told = {(each[1], n) for each, seq in self.shown.items() for n in range(1, seq + 1)}
        return self.acknowledged | told

    def take(self, wrote: Wrote) -> bool:
        """A write to a record; True when something new was claimed."""
        folder = str(Path(wrote.path).parent / "data")
        *lines, self._rest[wrote.path] = (self._rest.get(wrote.path, b"") + wrote.data).split(b"\n")
        new = False
        for line in lines:
            row = json.loads(line)
            if row["event"] == "acked":
                self.acknowledged.add((row["sitting_id"], row["seq"]))
                new = True
            elif row["event"] == "kept":
                station = f"{folder}/station-{row['station']:04d}"
                self.shown[station, row["sitting_id"]] = row["seq"]
                new = True
        return new


@dataclass
class Counts:
    """What the judge saw."""

    cuts: int = 0
    states: int = 0
    claims: int = 0
    lost: int = 0
    broken: int = 0
    late: int = 0  # moments from the wiping on

    def add(self, lost: int, broken: list[str], when: str) -> None:
        """One state judged."""
        self.states += 1
        self.lost += lost
        self.broken += len(broken)
        if lost or broken:
            say(f"  {when}: {lost} lost, {broken}")


@dataclass
class Looks:
    """How many of the moments are looked at: every so-many-th, before the wiping and from it on."""

    every: int
    late: int


def judge(
    log: Path, folder: Path, base: dict[str, bytes], looks: Looks, room: Path, ending: Ending
) -> Counts:
    """Cut the power again and again."""
    disk, claims, counts, chance = Disk(base), Claims(), Counts(), Random(1)
    moments = 0
    for operation in read_trace(log, folder):
        record = isinstance(operation, Wrote) and operation.path.endswith("/report.jsonl")
        if record:
            assert isinstance(operation, Wrote)
            moment = claims.take(operation)
        else:
            disk.take(operation)
            moment = _of_interest(operation, folder)
            if claims.wiping and isinstance(operation, (Wrote, Removed, Renamed)):
                moment = True  # before its sync as well
        if not claims.wiping and _is_home(operation):
            claims.wiping, moments = True, 0
        if not moment:
            continue
        moments += 1
        if moments % (looks.late if claims.wiping else looks.every):
            continue
        counts.cuts += 1
        counts.late += claims.wiping
        for torn in (None, chance):
            image = disk.after_a_cut(torn)
            when = f"cut {moments} {'torn' if torn else 'dropped'}"
            if claims.wiping:
                counts.add(*_late_state(image, claims, ending), f"late {when}")
            else:
                ending.remember(image)
                counts.add(*_state(image, folder, claims, room, ending), when)
    counts.claims = len(claims.acknowledged) + sum(claims.shown.values())
    return counts


def _late_state(image: dict[str, bytes], claims: Claims, ending: Ending) -> tuple[int, list[str]]:
    """The whole state where it was played; a half-done wiping is gone on with by the server."""

    def lay() -> None:
        shutil.rmtree(ending.folder, ignore_errors=True)
        put(image, ending.folder)

    lay()
    ending.remember(image)
    lost, broken, told = _server(ending.data, image, claims, ending.folder, ending)
    if told is None or told.certificate is None:
        lost += _stations(ending.folder, ending.folder, claims)
    elif ending.to_be_ended(told):
        lay()
        broken += ending.restart()
    return lost, broken


def _of_interest(operation: Operation, folder: Path) -> bool:
    return isinstance(operation, Synced) and not operation.path.endswith((".jsonl.part", ".sealed"))


def _is_home(operation: Operation) -> bool:
    """Headquarters has everything: from here on keys may go."""
    return isinstance(operation, Wrote) and b'"event":"upload.done"' in operation.data


def _state(
    image: dict[str, bytes], folder: Path, claims: Claims, room: Path, ending: Ending
) -> tuple[int, list[str]]:
    """Put the state on a disk and let the product recover it: answers lost, what else is wrong."""
    shutil.rmtree(room, ignore_errors=True)
    venue = f"{folder}/venue/"
    wanted = [*(venue + name for name in SERVER_FILES), venue + JOURNAL]
    for path, data in image.items():
        if path in wanted or "/sittings/" in path or "/journal-keys/" in path:
            target = room / Path(path).relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    lost, broken, _told = _server(room / "venue", image, claims, folder, ending)
    return lost + _stations(room, folder, claims), broken


def _server(
    data: Path, image: dict[str, bytes], claims: Claims, folder: Path, ending: Ending
) -> tuple[int, list[str], Told | None]:
    (data / "second").mkdir(exist_ok=True)
    broken: list[str] = []
    store = Store(open_engine(data / "venue.sqlite"))
    second = SecondCopy(data / JOURNAL)
    try:
        primary = {(each.sitting_id, each.seq) for each in store.read(all_responses)}
        copy: set[Key] = set()
        with contextlib.suppress(SecondCopyDamaged):  # an end torn in the middle is written anew
            for each in second.recover():
                copy.add((each.sitting_id, each.seq))
        files = [data / "ledger.jsonl", data / "second/ledger.jsonl"]
        ledger = Ledger(store, files, lambda: 0)
        broken += [alarm.text("en") for alarm in ledger.broken_files.values()]
        verdict = compare(store, files)
        broken += [] if verdict.ok else [verdict.problem]
        told = told_by(store, data / "venue.sqlite")
        broken += _documents(data, image, folder, told)
        if primary:
            broken += ending.judge(told, image, claims.claimed)
        if claims.wiping:
            broken += ending.go_on(store, told)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
        return len(claims.acknowledged), [repr(error)], None
    finally:
        second.close()
        store.close()
    lost = len(claims.acknowledged - primary) + len(claims.acknowledged - copy)
    return lost, broken, told


def _documents(data: Path, image: dict[str, bytes], folder: Path, said: Told) -> list[str]:
    """Bundles and backups that the recovered store tells of are there, byte for byte, unless two
    people's list of a destruction names them."""
    with contextlib.closing(sqlite3.connect(data / "venue.sqlite")) as database:
        told = database.execute("SELECT 'bundle', sha256 FROM bundle").fetchall()
        told += database.execute("SELECT 'backup ' || target, sha256 FROM backup_copy").fetchall()
    if not told:
        return []
    below = (f"{folder}/venue/outbox/", f"{folder}/venue/backup")
    there = {
        hashlib.sha256(content).hexdigest()
        for path, content in image.items()
        if path.startswith(below)
    }
    there |= said.listed_digests()
    return [f"the {what} is not there" for what, digest in told if digest not in there]


def _stations(room: Path, folder: Path, claims: Claims) -> int:
    lost = 0
    for (station, sitting_id), seq in claims.shown.items():
        here = room / Path(station).relative_to(folder)
        if not (here / "sittings" / folder_name(sitting_id)).is_dir():
            lost += seq
            continue
        shelf = Shelf(here)
        found = shelf.open(sitting_id)
        shelf.close_all()
        lost += max(0, seq - len(found.entries))
    return lost


def _base(template: Template, folder: Path) -> dict[str, bytes]:
    """The venue's files before the first program ran, durable."""
    return dict(_files(template.venue, folder / "venue"))


def _files(source: Path, target: Path) -> Iterator[tuple[str, bytes]]:
    for path in source.rglob("*"):
        if path.is_file() and path.name != "reserve":
            yield str(target / path.relative_to(source)), path.read_bytes()


def main() -> None:
    """Play, cut and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--careless", action="store_true", help="without fsync: must be convicted")
    parser.add_argument("--hasty", action="store_true", help="wipes too soon: must be convicted")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--every", type=int, help="look at every n-th moment before the wiping")
    parser.add_argument("--late", type=int, help="look at every n-th moment from the wiping on")
    chosen = parser.parse_args()
    if not can_trace():
        raise SystemExit("strace may not trace here")
    if chosen.careless:
        os.environ["KAODIAN_CARELESS"] = "1"
    if chosen.hasty:
        os.environ["KAODIAN_HASTY"] = "1"
    say(f"seed {chosen.seed}")
    with workspace(chosen.folder) as folder:
        (folder / "template").mkdir()
        with redirect_stdout(io.StringIO()):
            logging.disable(logging.INFO)
            template = make_template(folder / "template")
        base = _base(template, folder / "day")
        log = play(template, folder / "day", Random(chosen.seed), chosen.short)
        say(f"trace: {log.stat().st_size / 1e6:.0f} MB")
        (folder / "day").rename(folder / "played")
        looks = Looks(
            chosen.every or (40 if chosen.short else 1), chosen.late or (50 if chosen.short else 1)
        )
        control = folder / "control"
        Control(control).skipped_s = Control(folder / "played/control").skipped_s
        os.environ.pop("KAODIAN_HASTY", None)
        restarts = Restarts(control)
        ending = Ending(folder / "day", folder / "played/headquarters", restarts)
        try:
            counts = judge(log, folder / "day", base, looks, folder / "state", ending)
        finally:
            restarts.close()
    report(
        Figure("R2 moments of a power cut", counts.cuts, "moments", "-"),
        Figure("R2 states of the disk recovered", counts.states, "states", "-"),
        Figure("R2 cuts from the receipt on", counts.late, "moments", "-"),
        Figure("R2 wipings half done", ending.counts.half_done, "states", "-"),
        Figure("R2 wipings ended by the real server", ending.counts.ended, "states", "-"),
        Figure("R2 states with a certificate", ending.counts.certified, "states", "-"),
        Figure("R2 states within a destruction", ending.counts.destroying, "states", "-"),
        Figure("R2 claims", counts.claims, "answers", "-"),
        Figure(
            "R2 states that do not recover whole",
            counts.broken,
            "findings",
            "> 0" if chosen.hasty else "0",
        ),
        Figure("R2 lost", counts.lost, "answers", "> 0" if chosen.careless else "0"),
    )


if __name__ == "__main__":
    main()
