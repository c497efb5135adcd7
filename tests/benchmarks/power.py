"""R2: the power goes at every claim and at every sync of a whole day; what was claimed is there.

The day of kills.py is played without deaths, its real programs under strace. From the trace every
state of the disk is made again with all writes thrown away that no fsync had confirmed by then,
and once more with a random part of them kept and torn at sectors (lost_writes.py). Of each state
the product's own recovery must give

    answers      every acknowledged one from the primary store, and from the second copy
    stations     every one shown as saved on the machine, from its journal
    ledger       a chain that verifies, and files that go on from it
    documents    every bundle and backup the store tells of, with its SHA-256

``--careless`` plays it with a product whose fsyncs are taken out of the second copy and of the
station's journal: the judge must convict it. Needs strace and the right to trace.
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
from mortal_day import open_day
from trace_reading import CALLS, Operation, Synced, Wrote, can_trace, read_trace

from candidate_station.answers.shelf import Shelf
from tests.journeys.venue.venue_template import Template, make_template
from venue_server.ledger.book import Ledger, compare
from venue_server.responses.second_copy import SecondCopy, SecondCopyDamaged
from venue_server.responses.store import all_responses
from venue_server.storage.engine import Store, open_engine
from venue_server.wire.journal_format import folder_name

SERVER_FILES = ("venue.sqlite", "venue.sqlite-wal", "ledger.jsonl", "second/ledger.jsonl")
JOURNAL = "second/responses.journal"
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
        """From the enrolled stations to the wiped keys, judged by nobody."""
        for stage in (self.before, self.release, self.answering, self.ending, self.closing):
            await stage()


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
    wiped: bool = False
    _rest: dict[str, bytes] = field(default_factory=dict)

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

    def add(self, lost: int, broken: list[str], when: str) -> None:
        """One state judged."""
        self.states += 1
        self.lost += lost
        self.broken += len(broken)
        if lost or broken:
            say(f"  {when}: {lost} lost, {broken}")


def judge(log: Path, folder: Path, base: dict[str, bytes], every: int, room: Path) -> Counts:
    """Cut the power again and again; ``every`` how many of the moments are looked at."""
    disk, claims, counts, chance = Disk(base), Claims(), Counts(), Random(1)
    wiping = False
    moments = 0
    for operation in read_trace(log, folder):
        record = isinstance(operation, Wrote) and operation.path.endswith("/report.jsonl")
        if record:
            assert isinstance(operation, Wrote)
            moment = claims.take(operation)
        else:
            disk.take(operation)
            moment = _of_interest(operation, folder)
        # From the wipe on, keys and journals go on purpose.
        wiping = wiping or _is_wiping(operation)
        if wiping:
            break
        if not moment:
            continue
        moments += 1
        if moments % every:
            continue
        counts.cuts += 1
        for torn in (None, chance):
            lost, broken = _state(disk.after_a_cut(torn), folder, claims, room)
            counts.add(lost, broken, f"cut {moments} {'torn' if torn else 'dropped'}")
    counts.claims = len(claims.acknowledged) + sum(claims.shown.values())
    return counts


def _of_interest(operation: Operation, folder: Path) -> bool:
    return isinstance(operation, Synced) and not operation.path.endswith((".jsonl.part", ".sealed"))


def _is_wiping(operation: Operation) -> bool:
    return isinstance(operation, Wrote) and b'"event":"wipe.begun"' in operation.data


def _state(
    image: dict[str, bytes], folder: Path, claims: Claims, room: Path
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
    lost, broken = _server(room / "venue", image, claims, folder)
    return lost + _stations(room, folder, claims), broken


def _server(
    data: Path, image: dict[str, bytes], claims: Claims, folder: Path
) -> tuple[int, list[str]]:
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
        broken += _documents(data, image, folder)
        if primary and not any(
            "/keys/answers/" in path and path.endswith(".key") for path in image
        ):
            broken.append("the key of the answers is not there")
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
        return len(claims.acknowledged), [repr(error)]
    finally:
        second.close()
        store.close()
    return len(claims.acknowledged - primary) + len(claims.acknowledged - copy), broken


def _documents(data: Path, image: dict[str, bytes], folder: Path) -> list[str]:
    """Bundles and backups that the recovered store tells of are there, byte for byte."""
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
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--every", type=int, help="look at every n-th moment")
    chosen = parser.parse_args()
    if not can_trace():
        raise SystemExit("strace may not trace here")
    if chosen.careless:
        os.environ["KAODIAN_CARELESS"] = "1"
    say(f"seed {chosen.seed}")
    with workspace(chosen.folder) as folder:
        (folder / "template").mkdir()
        with redirect_stdout(io.StringIO()):
            logging.disable(logging.INFO)
            template = make_template(folder / "template")
        base = _base(template, folder / "day")
        log = play(template, folder / "day", Random(chosen.seed), chosen.short)
        say(f"trace: {log.stat().st_size / 1e6:.0f} MB")
        every = chosen.every or (40 if chosen.short else 1)
        counts = judge(log, folder / "day", base, every, folder / "state")
    report(
        Figure("R2 moments of a power cut", counts.cuts, "moments", "-"),
        Figure("R2 states of the disk recovered", counts.states, "states", "-"),
        Figure("R2 claims", counts.claims, "answers", "-"),
        Figure("R2 states that do not recover whole", counts.broken, "findings", "0"),
        Figure("R2 lost", counts.lost, "answers", "> 0" if chosen.careless else "0"),
    )


if __name__ == "__main__":
    main()
