"""P1 and P2: how long after the release point the last station holds its key, and the start skew.

Every station is connected with mTLS and holds the sealed paper and a wrapping key of its own. At
the release point the server fetches headquarters' token over TLS, makes the release durable and
sends every station its key. Floor: the same bytes written by a bare asyncio TLS loop to as many
sockets. Every station's key is opened afterwards and must be the same one.

Start skew: as many exam clocks as stations (the station's own class) follow the running server over
links that delay every ping and pong by 0 to 50 ms; how far their instants of the start lie from the
server's is what candidates would see.
"""

import asyncio
import json
import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import uvloop
from measuring import Child, Figure, begin_load, median, options, percentile, report, say, workspace
from prepared_venue import DAY, RELEASE_MS, PreparedVenue, Seated, prepare, set_exam_time
from raw_station import Inbox, Wire, connect, contexts, hello, message_frame

from venue_server.client.clock import ExamClock
from venue_server.client.time_sync import BURST
from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import HeadquartersKeys, load_headquarters
from venue_server.rehearsal.headquarters_side import VENUE_ID
from venue_server.settings import load_settings, save_settings
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64
from venue_server.wire.codec import decode_to_station
from venue_server.wire.form_key import unwrap_form_key, wrapping_info
from venue_server.wire.messages import TimePing, TimePong
from venue_server.wire.station_messages import FormKey, WrappingKey

HERE = Path(__file__).parent
JITTER_S = 0.050
FIRST = b'{"t":"FormKey"'


def boot_ms() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME) * 1000


class Arrivals:
    """When each station's key came, and what came."""

    def __init__(self, wires: list[Wire]) -> None:
        self.at: dict[Wire, float] = {}
        self.payload: dict[Wire, bytes] = {}
        self._all = asyncio.get_running_loop().create_future()
        self._count = len(wires)
        for wire in wires:
            wire.on_text = self._take

    def _take(self, wire: Wire, payload: bytes) -> None:
        if wire not in self.at and (payload.startswith(FIRST) or payload[:1] != b"{"):
            self.at[wire] = boot_ms()
            self.payload[wire] = payload
            if len(self.at) == self._count:
                self._all.set_result(None)

    async def last(self) -> float:
        """The boot clock when the last one had its key."""
        async with asyncio.timeout(120):
            await self._all
        return max(self.at.values())


class TooLateError(Exception):
    """The release point came before every station was ready."""


@dataclass(frozen=True)
class Release:
    """One run in ms: release point to last key, first to last key, every clock's error; ``size``
    is the bytes of one key's message."""

    last_ms: float
    spread_ms: float
    errors_ms: list[float]
    size: int


async def one_release(
    venue: PreparedVenue, keys: HeadquartersKeys, lead_s: float, folder: Path
) -> Release:
    """Copy the venue, run its server through its release point, look at every key."""
    shutil.copytree(venue.data, folder)
    began_ms = RELEASE_MS - lead_s * 1000
    async with serving(keys, HeadquartersClock(1.0, int(began_ms))) as port:
        known = load_settings(folder)
        line = msgspec.structs.replace(known.headquarters, base_url=f"https://127.0.0.1:{port}")
        save_settings(folder, msgspec.structs.replace(known, headquarters=line))
        set_exam_time(folder, began_ms)
        release_at = boot_ms() + lead_s * 1000
        server = Child("-m", "venue_server", "run", "--data", str(folder))
        try:
            port = json.loads(server.first_line)["port"]
            wires = await connect(port, contexts(venue), lambda _w, _p: None)
            pairs = zip(wires, venue.seated, strict=True)
            sealed = await asyncio.gather(*(_wrapping_key(venue, *pair) for pair in pairs))
            wrapped = dict(zip(wires, sealed, strict=True))
            clocks = await asyncio.gather(*map(_clock, wires))
            await asyncio.sleep(0.3)  # let the server forget this
            if boot_ms() > release_at:
                raise TooLateError
            arrivals = Arrivals(wires)
            last = await arrivals.last()
            errors = [_error_ms(clock, began_ms, release_at - lead_s * 1000) for clock in clocks]
            size = _check(venue, wires, wrapped, arrivals)
            for wire in wires:
                wire.close()
            return Release(last - release_at, last - min(arrivals.at.values()), errors, size)
        finally:
            server.stop()
            shutil.rmtree(folder)


async def _wrapping_key(venue: PreparedVenue, wire: Wire, seated: Seated) -> WrappingKey:
    inbox = Inbox(wire)
    await hello(venue, inbox, seated)
    return cast(WrappingKey, await inbox.next(WrappingKey))


def _check(
    venue: PreparedVenue,
    wires: list[Wire],
    wrapped: dict[Wire, WrappingKey],
    arrivals: Arrivals,
) -> int:
    """Every station opens its own key to the same content key; bytes of one message."""
    keys = set()
    for wire, seated in zip(wires, venue.seated, strict=True):
        form = decode_to_station(arrivals.payload[wire])
        assert isinstance(form, FormKey), form
        info = wrapping_info(form.paper_id, form.form_id, seated.machine_id)
        private = hpke.from_private_raw(seated.hpke_private)
        own = private.open(unb64(wrapped[wire].sealed), info)
        keys.add(unwrap_form_key(own, unb64(form.wrapped), form.paper_id, form.form_id))
        assert form.effective_start_ms == DAY.start_ms
    assert len(keys) == 1 and len({each.sealed for each in wrapped.values()}) == len(wires)
    return max(map(len, arrivals.payload.values()))


# ---- clocks ------------------------------------------------------------------------------


async def _clock(wire: Wire) -> ExamClock:
    """A station's clock after its first burst over a link that delays each way by 0 to 50 ms."""
    clock, inbox = ExamClock(), Inbox(wire)
    for number in range(BURST):
        sent_s = clock.steady()
        await asyncio.sleep(random.uniform(0, JITTER_S))
        wire.write(message_frame(TimePing(number, sent_s * 1000)))
        pong = cast(TimePong, await inbox.next(TimePong))
        await asyncio.sleep(random.uniform(0, JITTER_S))
        clock.sample(sent_s, clock.steady(), pong.exam_ms, pong.rate)
    return clock


def _error_ms(clock: ExamClock, exam_ms: float, boot: float) -> float:
    """How much later than the server this station takes the start to be."""
    believed = boot_ms() + clock.seconds_until(DAY.start_ms) * 1000
    return believed - (boot + DAY.start_ms - exam_ms)


# ---- floor -------------------------------------------------------------------------------


async def floor(venue: PreparedVenue, size: int, runs: int) -> list[float]:
    """Milliseconds from the bare loop's first write to the last arrival."""
    words = [str(HERE / "floor_push.py"), str(venue.data / "keys"), VENUE_ID, str(size)]
    server = Child(*words)
    wires = await connect(int(server.first_line), contexts(venue), lambda _w, _p: None)
    taken = []
    for _ in range(runs):
        arrivals = Arrivals(wires)
        began = float(await asyncio.to_thread(server.tell, "go"))
        taken.append(await arrivals.last() - began)
    for wire in wires:
        wire.close()
    server.stop()
    return taken


async def measure(venue: PreparedVenue, runs: int, lead_s: float) -> list[Figure]:
    """All runs."""
    keys = load_headquarters(venue.folder / "headquarters")
    releases: list[Release] = []
    bare: list[float] = []
    for number in range(runs):
        while len(releases) == number:
            try:
                folder = venue.folder / f"run-{number}"
                releases.append(await one_release(venue, keys, lead_s, folder))
            except TooLateError:
                lead_s *= 1.5
                say(f"the stations were not ready in time; again with {lead_s:.0f} s")
        now = releases[-1]
        bare += await floor(venue, now.size, 3)
        say(
            f"release point to last key {now.last_ms:.1f} ms, first to last key "
            f"{now.spread_ms:.1f} ms, bare {bare[-1]:.1f} ms"
        )
    count = len(venue.seated)
    last = median([each.last_ms for each in releases])
    spread = median([each.spread_ms for each in releases])
    floor_ms = median(bare)
    skews = [
        percentile([abs(error - median(each.errors_ms)) for error in each.errors_ms], 0.99)
        for each in releases
    ]
    return [
        Figure(f"P1 first to last key, {count} stations", spread, "ms", "-", spread / floor_ms),
        Figure(f"P2 start skew p99, {count} clocks", median(skews), "ms", "<= 50 ms"),
        Figure(f"P1 release to last key, {count} stations", last, "ms", "<= 2.0", last / floor_ms),
    ]


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--stations", type=int)
    parser.add_argument("--lead", type=float, help="seconds for the stations to connect")
    chosen = parser.parse_args()
    begin_load()
    stations = chosen.stations or (30 if chosen.short else 1000)
    lead_s = chosen.lead or 3.0 + stations * 0.04
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, stations, released=False)
        report(*uvloop.run(measure(venue, 1 if chosen.short else 5, lead_s)))


if __name__ == "__main__":
    main()
