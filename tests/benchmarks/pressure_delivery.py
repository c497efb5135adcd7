"""R11, P4: what saves wait while a large paper is delivered, with the pace and without it.

One server each, in turn on the same core and the same venue: the product's, and one whose delivery
yields by the turns of the loop alone (the pace is taken out of it). In each a quiet stretch, then
stations fetch the whole paper while the others save. Figures: p99 and longest wait of the others'
saves in those of the quiet stretch of the same server, and how long the delivery took.
"""

import asyncio
import json
import ssl
import sys
import time

import uvloop
from delivery import fetch
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
from raw_station import Answers, contexts
from saves import paced
from storm import MB, PATH, all_come, enlarge, stations

FETCHING = 4
WITHOUT = "unpaced"


def unpaced() -> None:
    """The server without the pace, in this process: pieces as large as they ever are, no pause."""
    from venue_server.__main__ import main as serve
    from venue_server.gateway.delivery_pace import WHOLE, DeliveryPace

    DeliveryPace.piece = lambda _self, _now_s: WHOLE  # type: ignore[method-assign]
    DeliveryPace.sent = lambda _self, _now_s, _count, _floor: 0.0  # type: ignore[method-assign]
    serve(sys.argv[2:])


async def one_server(
    venue: PreparedVenue,
    chains: dict[str, Answers],
    command: list[str],
    every_s: float,
    quiet_s: float,
    size: int,
) -> dict[str, float]:
    """Quiet, then the delivery to its end; milliseconds and seconds. ``chains`` go on."""
    server = Child(*command, "run", "--data", str(venue.data))
    port = int(json.loads(server.first_line)["port"])
    those = stations(venue, range(FETCHING, len(venue.seated)))
    await all_come(venue, port, those)
    wires = [one.wire for one in those if one.wire is not None]
    sittings = [one.seated.sitting_id for one in those]
    answers = {
        wire: chains.setdefault(sitting_id, Answers(sitting_id))
        for wire, sitting_id in zip(wires, sittings, strict=True)
    }
    await paced(wires, answers, every_s, quiet_s / 2)  # warms caches
    quiet = await paced(wires, answers, every_s, quiet_s)
    began = time.perf_counter()
    delivered = asyncio.ensure_future(_deliver(port, contexts(venue)[:FETCHING], size))
    waits: list[float] = []
    while not delivered.done():
        waits += await paced(wires, answers, every_s, min(1.0, quiet_s))
    took_s = delivered.result() - began
    after = await paced(wires, answers, every_s, quiet_s)
    dropped = sum(wire.ended.done() for wire in wires)
    for wire in wires:
        wire.close()
    server.stop()
    found = {
        "quiet": percentile(quiet, 0.99),
        "p99": percentile(waits, 0.99),
        "longest": max(waits),
        "after": percentile(after, 0.99),
        "took": took_s,
        "dropped": dropped,
    }
    say(", ".join(f"{name} {value:.1f}" for name, value in found.items()))
    return found


async def _deliver(port: int, tls: list[ssl.SSLContext], size: int) -> float:
    await asyncio.gather(*(asyncio.to_thread(fetch, port, each, PATH, size) for each in tls))
    return time.perf_counter()


async def measure(
    venue: PreparedVenue, short: bool, runs: int, size: int, every_s: float
) -> list[Figure]:
    """Both servers in turn."""
    enlarge(venue.data, size)
    set_exam_time(venue.data, DAY.at(10))
    ways = {"paced": ["-m", "venue_server"], WITHOUT: [__file__, WITHOUT]}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    chains: dict[str, Answers] = {}
    for _ in range(runs):
        for name, command in ways.items():
            say(f"{name}:")
            set_exam_time(venue.data, DAY.at(10))
            found[name].append(
                await one_server(venue, chains, command, every_s, 0.6 if short else 5.0, size)
            )
    dropped = sum(each["dropped"] for those in found.values() for each in those)
    figures = [Figure("R11 stations that lost their connection", dropped, "stations", "0")]
    for name, those in found.items():
        for what in ("p99", "longest"):
            ratios = [each[what] / each["quiet"] for each in those]
            value = median([each[what] for each in those])
            label = f"R11 {what} of saves while a paper is delivered, {name}"
            figures.append(Figure(label, value, "ms", "-", median(ratios)))
        rate = [size * FETCHING / MB / each["took"] for each in those]
        figures.append(Figure(f"R11 delivery beside saves, {name}", median(rate), "MB/s", "-"))
    return figures


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--stations", type=int)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--megabytes", type=int)
    parser.add_argument("--every", type=float, default=1.0, help="one save each so many seconds")
    chosen = parser.parse_args()
    begin_load()
    count = FETCHING + (chosen.stations or (10 if chosen.short else 500))
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, count, released=True)
        size = (chosen.megabytes or (8 if chosen.short else 256)) * MB
        runs = chosen.runs or (1 if chosen.short else 5)
        report(*uvloop.run(measure(venue, chosen.short, runs, size, chosen.every)))


if __name__ == "__main__":
    if sys.argv[1:2] == [WITHOUT]:
        unpaced()
    else:
        main()
