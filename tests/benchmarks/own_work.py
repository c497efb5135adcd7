"""R11: what saves wait while the server itself works, in its lanes and in threads as any other.

One server each, in turn over the same venue: one whose work goes through storage/background.py, one
that gives the same work to plain threads, as asyncio.to_thread does, and one whose threads all step
back, those that compute in Python as well (why they must not: --beside). Two kinds of work without
end: "hash" (SHA-256 and deflate of large pieces, as papers and backups are made) and "compute"
(JSON in Python, as ledger and bundle are). Figures: p99 of saves, and in that of quiet stretches of
the same server. With --beside, programs compute on the server's core all the while.
"""

import json
import os
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path

import uvloop
from measuring import (
    Child,
    Figure,
    begin_load,
    median,
    options,
    percentile,
    report,
    say,
    workspace,
)
from prepared_venue import DAY, PreparedVenue, prepare, set_exam_time
from pressure import pressed
from raw_station import Answers
from saves import paced
from storm import all_come, stations
from thread_turns import KINDS as TURNS
from thread_turns import delays_ms

SERVE = "serve"
WAYS = ("lanes", "plain threads", "all stepped back")
KINDS = {"hash": "heavy", "compute": "computing"}
SAVE_EACH_S = 0.5
PIECE = os.urandom(1 << 20) + bytes(1 << 20)
ENTRIES = [
    {"seq": n, "event": "answer", "data": {"values": ["A", "B"], "n": n}} for n in range(3000)
]


def hash_once() -> None:
    """Some tens of milliseconds that do not hold the interpreter."""
    sha256(zlib.compress(PIECE, 1)).digest()


def compute_once() -> None:
    """Some tens of milliseconds that do."""
    for each in ENTRIES:
        sha256(json.dumps(json.loads(json.dumps(each)), sort_keys=True).encode()).hexdigest()


def serve(way: str, kind: Path, arguments: list[str]) -> None:
    """The server, with the work that the file ``kind`` names, two pieces at a time."""
    from venue_server.__main__ import main
    from venue_server.storage.background import LANES

    works = {"hash": hash_once, "compute": compute_once}
    plain = ThreadPoolExecutor(6)

    def for_ever() -> None:
        while True:
            name = kind.read_text()
            if not name:
                time.sleep(0.02)
                continue
            lane = {WAYS[1]: plain, WAYS[2]: LANES["heavy"]}.get(way, LANES[KINDS[name]])
            for piece in [lane.submit(works[name]) for _ in range(2)]:
                piece.result()

    threading.Thread(target=for_ever, daemon=True).start()
    main(arguments)


async def one_server(
    venue: PreparedVenue, chains: dict[str, Answers], way: str, for_s: float
) -> dict[str, tuple[float, float]]:
    """By kind of work: p99 in ms, and in that of the quiet stretches around it."""
    set_exam_time(venue.data, DAY.at(10))
    kind = venue.folder / "kind"
    kind.write_text("")
    command = (__file__, SERVE, way, str(kind), "run", "--data", str(venue.data))
    server = Child(*command)
    port = int(json.loads(server.first_line)["port"])
    those = stations(venue, range(len(venue.seated)))
    await all_come(venue, port, those)
    wires = [one.wire for one in those if one.wire is not None]
    answers = {
        wire: chains.setdefault(one.seated.sitting_id, Answers(one.seated.sitting_id))
        for wire, one in zip(wires, those, strict=True)
    }
    await paced(wires, answers, SAVE_EACH_S, for_s / 2)  # warms caches
    found = {}
    for name in KINDS:
        quiet = await paced(wires, answers, SAVE_EACH_S, for_s)
        kind.write_text(name)
        loud = await paced(wires, answers, SAVE_EACH_S, for_s)
        kind.write_text("")
        quiet += await paced(wires, answers, SAVE_EACH_S, for_s)
        p99 = percentile(loud, 0.99)
        found[name] = p99, p99 / percentile(quiet, 0.99)
    for wire in wires:
        wire.close()
    server.stop()
    say(f"{way}: " + ", ".join(f"{n} {p:.1f} ms, {r:.1f} times" for n, (p, r) in found.items()))
    return found


async def measure(venue: PreparedVenue, for_s: float, runs: int, beside: bool) -> list[Figure]:
    """Both ways in turn."""
    chains: dict[str, Answers] = {}
    found: dict[str, list[dict[str, tuple[float, float]]]] = {way: [] for way in WAYS}
    with pressed("computing", venue.folder) if beside else nullcontext():
        for _ in range(runs):
            for way in WAYS:
                found[way].append(await one_server(venue, chains, way, for_s))
    figures = []
    for way, those in found.items():
        for kind in KINDS:
            name = f"R11 p99 of saves beside the server's own work, {kind}, {way}"
            p99 = median([each[kind][0] for each in those])
            ratio = median([each[kind][1] for each in those])
            figures.append(Figure(name, p99, "ms", "-", ratio))
    return figures


def turns(for_s: float, runs: int, beside: int) -> list[Figure]:
    """The kinds of ``thread_turns`` one after the other, again and again; medians."""
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in TURNS}
    for _ in range(runs):
        for kind, those in found.items():
            those.append(delays_ms(kind, for_s, beside))
    least = median([p50 for p50, _ in found["nothing"]])
    figures = []
    for kind, those in found.items():
        p50, p99 = median([each[0] for each in those]), median([each[1] for each in those])
        say(f"a loop beside {kind}, {beside} programs as well: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
        name = f"R11 delay of a loop beside {kind}, {beside} programs as well"
        figures.append(Figure(name, p50, "ms", "-", p50 / least))
    return figures


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--stations", type=int)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--beside", action="store_true", help="other programs compute as well")
    parser.add_argument("--turns", action="store_true", help="the loop alone, without a server")
    chosen = parser.parse_args()
    begin_load()
    if chosen.turns or chosen.short:
        runs, for_s = (1, 0.2) if chosen.short else (chosen.runs or 5, 1.0)
        figures = [*turns(for_s, runs, 0), *turns(for_s, runs, 3)]
        if chosen.turns:
            report(*figures)
            return
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, chosen.stations or (10 if chosen.short else 200), released=True)
        runs = chosen.runs or (1 if chosen.short else 5)
        for_s = 0.6 if chosen.short else 4.0
        report(*uvloop.run(measure(venue, for_s, runs, chosen.beside)))


if __name__ == "__main__":
    if sys.argv[1:2] == [SERVE]:
        serve(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
    else:
        main()
