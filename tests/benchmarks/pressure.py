"""R11: the processor, the disk and the network are pressed hard, and what saves take meanwhile.

Every pressure in turn with quiet stretches of the same length, all in one run: programs that only
compute, beside the server on its core, at the weight its unit leaves to others (CPUWeight 1000
against 100, which nice 10 comes near); programs that write and sync on the answers' disk; archives
that are read, compressed and hashed; stations that fetch a large paper again and again; all of it
at once. Counted: saves that were never acknowledged, connections that were lost.
"""

import asyncio
import json
import multiprocessing
import os
import ssl
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvloop
from delivery import fetch
from measuring import (
    SERVER_CORE,
    Child,
    Figure,
    begin_load,
    median,
    options,
    percentile,
    pin,
    report,
    say,
    workspace,
)
from prepared_venue import DAY, PreparedVenue, prepare, set_exam_time
from raw_station import Answers, contexts
from saves import paced
from storm import MB, PATH, all_come, enlarge, stations

SAVE_EACH_S = 0.5
FETCHING = 4
BESIDE = 10  # niceness: the weight 110 against 1024


def compute(_folder: Path) -> None:
    """For ever."""
    os.nice(BESIDE)
    pin(SERVER_CORE)
    number = 1
    while True:
        number = number * 6364136223846793005 % (1 << 64) + 1


def write(folder: Path) -> None:
    """Four MiB and a sync, again and again, in one file."""
    os.nice(BESIDE)
    data = os.urandom(4 << 20)
    with (folder / f"pressure-{os.getpid()}").open("wb", buffering=0) as file:
        while True:
            file.seek(0)
            file.write(data)
            os.fsync(file.fileno())


def archive(folder: Path) -> None:
    """Read, compress, hash and read back, as a backup and its verification do."""
    os.nice(BESIDE)
    pin(SERVER_CORE)
    target = folder / f"archive-{os.getpid()}"
    data = os.urandom(2 << 20) + bytes(2 << 20)
    while True:
        target.write_bytes(zlib.compress(data, 6))
        sha256(target.read_bytes()).digest()


PRESSURES = {
    "computing": ((compute, 4),),
    "writing": ((write, 2),),
    "archiving": ((archive, 2),),
    "a paper delivered": (),
    "all at once": ((compute, 2), (write, 1), (archive, 1)),
}


@contextmanager
def pressed(name: str, folder: Path) -> Iterator[None]:
    """The programs of one pressure run."""
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        for work, count in PRESSURES[name]:
            for _ in range(count):
                process = spawn.Process(target=work, args=(folder,), daemon=True)
                process.start()
                stack.callback(_end, process)
        yield


def _end(process: BaseProcess) -> None:
    process.kill()
    process.join(30)


async def fetching(port: int, tls: list[ssl.SSLContext], size: int) -> int:
    """Fetch the whole paper again and again until cancelled."""

    async def one(context: ssl.SSLContext) -> None:
        while True:
            await asyncio.to_thread(fetch, port, context, PATH, size)

    await asyncio.gather(*(one(context) for context in tls))
    return 0


async def measure(venue: PreparedVenue, for_s: float, runs: int, size: int) -> list[Figure]:
    """Each pressure between two quiet stretches, ``runs`` times."""
    enlarge(venue.data, size)
    set_exam_time(venue.data, DAY.at(10))
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    port = int(json.loads(server.first_line)["port"])
    those = stations(venue, range(FETCHING, len(venue.seated)))
    await all_come(venue, port, those)
    wires = [one.wire for one in those if one.wire is not None]
    answers = {wire: Answers(one.seated.sitting_id) for wire, one in zip(wires, those, strict=True)}
    tls = contexts(venue)[:FETCHING]
    sent = acknowledged = 0

    async def saves() -> list[float]:
        nonlocal acknowledged
        waits = await paced(wires, answers, SAVE_EACH_S, for_s)  # it waits for the last one
        acknowledged += len(waits)
        return waits

    await saves()  # warms caches
    found = []
    for name in PRESSURES:
        ratios, beside = [], []
        for _ in range(runs):
            quiet = await saves()
            with pressed(name, venue.folder):
                paper = asyncio.ensure_future(
                    fetching(port, tls if "paper" in name or "all" in name else [], size)
                )
                loud = await saves()
                paper.cancel()
                await asyncio.gather(paper, return_exceptions=True)
            quiet += await saves()
            ratios.append(percentile(loud, 0.99) / percentile(quiet, 0.99))
            beside.append(percentile(loud, 0.99))
        say(f"{name}: p99 {median(beside):.1f} ms, {median(ratios):.1f} times quiet")
        found.append(Figure(f"R11 p99 beside {name}", median(beside), "ms", "-", median(ratios)))
    sent = sum(each.seq for each in answers.values())
    dropped = sum(wire.ended.done() for wire in wires)
    for wire in wires:
        wire.close()
    server.stop()
    return [
        Figure("R11 saves acknowledged under pressure", acknowledged, "saves", "-"),
        Figure("R11 saves that were never acknowledged", sent - acknowledged, "saves", "0"),
        Figure("R11 stations that lost their connection", dropped, "stations", "0"),
        *found,
    ]


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--stations", type=int)
    parser.add_argument("--runs", type=int)
    chosen = parser.parse_args()
    begin_load()
    count = FETCHING + (chosen.stations or (10 if chosen.short else 200))
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, count, released=True)
        runs = chosen.runs or (1 if chosen.short else 5)
        size = (8 if chosen.short else 64) * MB
        report(*uvloop.run(measure(venue, 0.6 if chosen.short else 5.0, runs, size)))


if __name__ == "__main__":
    main()
