"""P3 and P4: durable saves a second, and how long one save takes at the real load.

Every station saves again as soon as the one before is acknowledged. Floors in the same run, on the
same core: a bare WebSocket echo of the same frames over the same TLS, and bare group commits of the
same rows. Then every station saves once each 5 s and once each second.
"""

import asyncio
import json
import random
import time
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
from raw_station import Answers, Inbox, Wire, acknowledged, connect, contexts, hello, message_frame
from save_parts import parts_us

from venue_server.rehearsal.headquarters_side import VENUE_ID
from venue_server.wire.station_messages import Heartbeat

HERE = Path(__file__).parent
HEARTBEAT_S = 2.0


class Closed:
    """Rounds in a closed loop: each connection sends its next frame when the last was answered."""

    def __init__(self, wires: list[Wire], counts: bool) -> None:
        self._wires = wires
        self._counts = counts
        self.heads: dict[Wire, tuple[int, str]] = {}
        self.waits: list[float] = []  # of the last run, ms
        self.spread = 1.0  # of the last run: the last connection's end in that of the first

    async def run(self, frames: dict[Wire, list[bytes]]) -> float:
        """Send all frames; seconds from the first to the last answer."""
        left = sum(map(len, frames.values()))
        queues = {wire: iter(frames[wire]) for wire in self._wires}
        sent: dict[Wire, float] = {}
        ends: list[float] = []
        self.waits = []
        done = asyncio.get_running_loop().create_future()

        def answered(wire: Wire, payload: bytes) -> None:
            nonlocal left
            if self._counts:
                ack = acknowledged(payload)
                if ack is None:
                    return
                self.heads[wire] = ack
            now = time.perf_counter()
            self.waits.append((now - sent[wire]) * 1000)
            left -= 1
            if (following := next(queues[wire], None)) is not None:
                sent[wire] = now
                wire.write(following)
            else:
                ends.append(now)
            if left == 0:
                done.set_result(None)

        for wire in self._wires:
            wire.on_text = answered
        began = time.perf_counter()
        for wire in self._wires:
            sent[wire] = time.perf_counter()
            wire.write(next(queues[wire]))
        async with asyncio.timeout(300):
            await done
        self.spread = (ends[-1] - began) / (ends[0] - began)
        return time.perf_counter() - began


async def paced(
    wires: list[Wire], answers: dict[Wire, Answers], every_s: float, for_s: float
) -> list[float]:
    """Milliseconds from sending to acknowledgement, each station at its own pace, with the
    heartbeats of real stations beside."""
    loop = asyncio.get_running_loop()
    sent: dict[tuple[Wire, int], float] = {}
    waits: list[float] = []
    beat = message_frame(Heartbeat(0, 0, "ANSWER", []))
    end = loop.time() + for_s

    def answered(wire: Wire, payload: bytes) -> None:
        ack = acknowledged(payload)
        if ack is not None and (at := sent.pop((wire, ack[0]), None)) is not None:
            waits.append((time.perf_counter() - at) * 1000)

    def save(wire: Wire) -> None:
        if loop.time() < end:
            data = answers[wire].frames(1)[0]
            sent[wire, answers[wire].seq] = time.perf_counter()
            wire.write(data)
            loop.call_later(every_s, save, wire)

    def heartbeat(wire: Wire) -> None:
        if loop.time() < end:
            wire.write(beat)
            loop.call_later(HEARTBEAT_S, heartbeat, wire)

    for wire in wires:
        wire.on_text = answered
        loop.call_later(random.uniform(0, min(every_s, for_s)), save, wire)
        loop.call_later(random.uniform(0, HEARTBEAT_S), heartbeat, wire)
    await asyncio.sleep(for_s)
    async with asyncio.timeout(60):
        while sent:  # noqa: ASYNC110  # the last few acknowledgements
            await asyncio.sleep(0.01)
    return waits


async def measure(venue: PreparedVenue, short: bool) -> list[Figure]:
    """All rounds."""
    runs, each = (1, 20) if short else (12, 8)
    set_exam_time(venue.data, DAY.at(10))
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    echo = Child(str(HERE / "floor_echo.py"), str(venue.data / "keys"), VENUE_ID)
    sealed = len(Answers("rehearsal-am.26000001").frames(1)[0]) - 40
    count = len(venue.seated)
    rows = Child(str(HERE / "floor_rows.py"), str(venue.folder), str(count), str(sealed))
    tls = contexts(venue)
    before = server.memory()
    began = time.perf_counter()
    wires = await connect(json.loads(server.first_line)["port"], tls, lambda _w, _p: None)
    pairs = zip(wires, venue.seated, strict=True)
    await asyncio.gather(*(hello(venue, Inbox(wire), seated) for wire, seated in pairs))
    say(
        f"{count} stations connected and welcomed in {time.perf_counter() - began:.1f} s, "
        f"{(server.memory() - before) / count / 1024:.0f} KB of the server's memory each"
    )
    bare = await connect(int(echo.first_line), tls, lambda _w, _p: None)
    answers = {w: Answers(s.sitting_id) for w, s in zip(wires, venue.seated, strict=True)}

    saving, echoing = Closed(wires, True), Closed(bare, False)
    rates: dict[str, list[float]] = {"saves": [], "echo": [], "rows": []}
    overload: dict[str, list[float]] = {"longest": [], "spread": []}
    cpu: dict[str, list[float]] = {"save": [], "echo": [], "rows": []}
    for number in range(runs + 1):
        frames = {wire: answers[wire].frames(each) for wire in wires}
        used = server.cpu_s()
        total = each * count
        taken = {"saves": await saving.run(frames)}
        used, echo_used = server.cpu_s() - used, echo.cpu_s()
        taken |= {
            "echo": await echoing.run(dict(zip(bare, frames.values(), strict=True))),
        }
        rows_s, rows_cpu_s = (await asyncio.to_thread(rows.tell, str(total))).split()
        taken["rows"] = float(rows_s)
        for wire, done in saving.heads.items():
            assert done == (answers[wire].seq, answers[wire].head), "lost or foreign"
        if number == 0:
            continue  # the first round warms caches and is not counted
        for name, values in rates.items():
            values.append(total / taken[name])
        cpu["save"].append(used / total * 1e6)
        overload["longest"].append(max(saving.waits))
        overload["spread"].append(saving.spread)
        cpu["echo"].append((echo.cpu_s() - echo_used) / total * 1e6)
        cpu["rows"].append(float(rows_cpu_s) / total * 1e6)
        say(
            ", ".join(f"{name} {values[-1]:,.0f}/s" for name, values in rates.items())
            + f", server CPU {cpu['save'][-1]:.0f} µs a save, {cpu['echo'][-1]:.0f} µs an echo"
            + f", waits p50 {percentile(saving.waits, 0.5):.0f} ms, "
            + f"p99 {percentile(saving.waits, 0.99):.0f} ms"
        )
    parts = parts_us(500 if short else 4000)
    say("a save's parts by themselves: " + ", ".join(f"{k} {v:.1f} µs" for k, v in parts.items()))
    least = median(cpu["echo"]) + median(cpu["rows"]) + sum(parts.values())
    floor = min(median(rates["echo"]), median(rates["rows"]))
    rate = median(rates["saves"])
    figures = [
        Figure("P3 durable saves", rate, "saves/s", ">= 0.60", rate / floor),
        Figure("P11 server CPU per save", median(cpu["save"]), "µs", "flat within 25 %"),
        # Bears a busy machine better than rates do: waiting for a core is not counted.
        Figure(
            "CPU of an echo in that of a save (P3)",
            median(cpu["echo"]),
            "µs",
            "-",
            median(cpu["echo"]) / median(cpu["save"]),
        ),
        # No save can cost less than this; what is above it in P11 is the server's own.
        Figure(
            "CPU of echo, rows and parts by themselves, in that of a save (P3)",
            least,
            "µs",
            "-",
            least / median(cpu["save"]),
        ),
        # Everybody saves as fast as they are answered: nobody waits much longer than all do.
        Figure(
            f"P4 overload: longest wait, and in that of a fair turn ({count} stations)",
            median(overload["longest"]),
            "ms",
            "-",
            median(overload["longest"]) / (count / rate * 1000),
        ),
        Figure(
            "P4 overload: the last station's end in that of the first",
            median(overload["spread"]),
            "times",
            "-",
        ),
    ]
    for every, target in ((5.0, "<= 15 ms"), (1.0, "<= 30 ms")):
        waits = await paced(wires, answers, every, 1.5 if short else 30.0)
        say(
            f"one save each {every:g} s: {len(waits)} saves, p50 {percentile(waits, 0.5):.1f} ms, "
            f"p99 {percentile(waits, 0.99):.1f} ms, longest {max(waits):.1f} ms"
        )
        name = f"P4 save p99, {count} stations, one each {every:g} s"
        figures.append(Figure(name, percentile(waits, 0.99), "ms", target))
    for wire in wires + bare:
        wire.close()
    for child in (server, echo, rows):
        child.stop()
    return figures


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--stations", type=int)
    chosen = parser.parse_args()
    begin_load()
    with workspace(chosen.folder) as folder:
        stations = chosen.stations or (30 if chosen.short else 1000)
        venue = prepare(folder, stations, released=True)
        report(*uvloop.run(measure(venue, chosen.short)))


if __name__ == "__main__":
    main()
