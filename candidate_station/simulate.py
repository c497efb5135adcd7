"""Many headless stations in one process: the real station code minus the screens.

    python -m candidate_station.simulate --stations 12 --data DIR --server HOST:PORT \\
        --enrol HOST:PORT --candidates FILE.json --seed 1 --report FILE.jsonl

Each station enrols by itself, keeps its own journal and has a simulated candidate. JSON lines on
standard output say what happens (docs/states/station.md lists the events); ground truth goes to
the report. Ends with status 0 when every station's paper is wiped, on a line ``stop`` on
standard input, or on SIGTERM; with 1 when a station died. With ``--machines`` each station has a
made-up machine; other lines of standard input are deeds in the room (simulation/deeds.py).
"""

import argparse
import asyncio
import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TextIO

import msgspec

from candidate_station.inspection.facts import Asked, gather
from candidate_station.inspection.program_digest import program_digest
from candidate_station.session.driver import StationDriver
from candidate_station.session.screen_state import ScreenState
from candidate_station.session.settings import StationSettings
from candidate_station.simulation.candidate import Credential, SimulatedCandidate
from candidate_station.simulation.deeds import EVERY_STATION, Deed, read_deed
from candidate_station.simulation.machine import InventedMachine
from candidate_station.simulation.truth import StationTruth
from venue_server.wire.inspection_orders import StationFacts
from venue_server.wire.process_memory import forbid_core_files, hide_from_others

TICK_S = 0.5
LOOK_S = 0.5
GOODBYE_S = 1.0  # so that the last messages leave before the links close
THREADS = 8
PROGRAM = cache(program_digest)  # one process, one program: read once for all stations


class SimulatedStation:
    """One real driver, one simulated candidate, one keeper of the truth."""

    def __init__(
        self,
        settings: StationSettings,
        truth: StationTruth,
        executor: ThreadPoolExecutor,
        candidate: Callable[[StationDriver], SimulatedCandidate],
        machine: InventedMachine | None = None,
    ) -> None:
        self.truth = truth
        self._machine = machine
        self._state: ScreenState | None = None
        self._changed = asyncio.Event()
        self._settings, self._executor = settings, executor
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._over = False
        self.driver = self._driver()
        self._candidate = candidate(self.driver)

    def _driver(self) -> StationDriver:
        return StationDriver(
            self._settings,
            self._show,
            observer=self.truth.observe,
            executor=self._executor,
            tick_s=TICK_S,
            on_check=self._check,
        )

    @property
    def typed(self) -> dict[str, dict[str, list[str]]]:
        """What the candidate last wanted each item's answer to be."""
        return self._candidate.typed

    async def run(self) -> None:
        """Until it is stopped; a machine that was unplugged waits for its plug."""
        sitting = asyncio.create_task(self._sit())
        try:
            while not self._over:
                await self._plugged.wait()
                if self._over:
                    return
                await self.driver.run()
                if not self._over:
                    self.driver = self._candidate.driver = self._driver()
        finally:
            sitting.cancel()
            with suppress(asyncio.CancelledError):
                await sitting

    def stop(self) -> None:
        """For good."""
        self._over = True
        self._plugged.set()
        self.driver.stop()

    def do(self, deed: Deed, credentials: list[Credential]) -> None:
        """Somebody does something to this machine, or sits down at it."""
        match deed.do:
            case "restart" if self._machine is not None:
                self._machine.boot()
                self.driver.stop()
            case "unplug":
                self._plugged.clear()
                self._state = None  # a dark screen
                self.driver.stop()
            case "plug":
                if self._machine is not None:
                    self._machine.boot()
                self._plugged.set()
            case "cable" | "no-cable" if self._machine is not None:
                self._machine.cable_to_the_internet(deed.do == "cable")
            case "sit" | "rise":
                mine = [each for each in credentials if each.ticket_no == deed.ticket_no]
                self._candidate.takes_the_seat(mine[0] if mine else None)
            case "code":
                self._candidate.start_code = deed.code

    def _check(self, asked: Asked) -> None:
        """The machine's facts; without a screen there is nothing to calibrate."""
        driver, machine, data = self.driver, self._machine, self._settings.data_dir

        def facts() -> StationFacts:
            if machine is not None:
                return machine.facts(asked)
            return gather(data, asked, program=PROGRAM)

        self._executor.submit(lambda: driver.report(facts()))

    def _show(self, state: ScreenState) -> None:
        self._state = state
        self._changed.set()

    async def _sit(self) -> None:
        while True:
            pause = LOOK_S
            if self._state is not None:
                pause = min(LOOK_S, self._candidate.look(self._state, time.monotonic()))
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._changed.wait()


class Simulation:
    """All stations of one process."""

    def __init__(self, options: argparse.Namespace, report: TextIO) -> None:
        self._options = options
        self._report = report
        self._stop = asyncio.Event()
        self._died = 0
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="disk")
        read = msgspec.json.decode(options.candidates.read_bytes(), type=list[Credential])
        self._credentials = read
        self.stations = [self._station(index, read) for index in range(options.stations)]

    async def run(self) -> int:
        """Run to the end; returns the exit status."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        threading.Thread(target=self._listen, args=(loop,), daemon=True).start()
        work = [asyncio.create_task(self._keep(station)) for station in self.stations]
        while not self._stop.is_set() and not self._finished():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._stop.wait()
        if not self._stop.is_set():
            await asyncio.sleep(GOODBYE_S)
        for station in self.stations:
            station.stop()
        await asyncio.gather(*work)
        self._executor.shutdown()
        for station in self.stations:
            self._write("sitting", **station.truth.summary(), typed=station.typed)
        announce("ended", stations=len(self.stations), died=self._died)
        return 1 if self._died else 0

    def _finished(self) -> bool:
        return all(station.truth.wiped for station in self.stations) or self._died == len(
            self.stations
        )

    async def _keep(self, station: SimulatedStation) -> None:
        """One station's life. A station that dies is counted, named, and fails the run; the
        others go on, as they would in a room."""
        try:
            await station.run()
        except Exception as error:  # noqa: BLE001  # supervisor of independent stations
            self._died += 1
            announce("station_died", index=station.truth.index, error=repr(error))

    def _station(self, index: int, credentials: list[Credential]) -> SimulatedStation:
        options = self._options
        data = options.data / f"station-{index:04d}"
        settings = StationSettings(data, options.server, options.enrol, discovery=False)
        rng = Random(f"{options.seed}/{index}")  # noqa: S311  # plausible, not secret
        truth = StationTruth(index, announce, self._write)
        early = rng.random() < options.early
        return SimulatedStation(
            settings,
            truth,
            self._executor,
            lambda driver: SimulatedCandidate(driver, rng, credentials, options.think, early),
            InventedMachine(data, PROGRAM()) if options.machines else None,
        )

    def _write(self, event: str, **data: Any) -> None:
        self._report.write(_line(event, data))
        self._report.flush()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read deeds until a line ``stop``; the end of standard input means nothing."""
        for line in sys.stdin:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                if line.strip() == "stop":
                    loop.call_soon_threadsafe(self._stop.set)
                    return
                if (deed := read_deed(line)) is not None:
                    loop.call_soon_threadsafe(self._do, deed)

    def _do(self, deed: Deed) -> None:
        for station in self.stations:
            if deed.index in (station.truth.index, EVERY_STATION):
                station.do(deed, self._credentials)
        announce("done", do=deed.do, index=deed.index)


def announce(event: str, **data: Any) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(_line(event, data))
    sys.stdout.flush()


def _line(event: str, data: dict[str, Any]) -> str:
    return json.dumps({"event": event, **data}, ensure_ascii=False) + "\n"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="candidate_station.simulate", description=__doc__)
    parser.add_argument("--stations", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--server", required=True, help="HOST:PORT of the main listener")
    parser.add_argument("--enrol", required=True, help="HOST:PORT of the enrolment listener")
    parser.add_argument("--candidates", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--think", type=float, default=40.0, help="exam seconds between changes")
    parser.add_argument("--machines", action="store_true", help="a made-up machine each")
    parser.add_argument("--early", type=float, default=0.3, help="share handing in early")
    return parser.parse_args(arguments)


async def _run(options: argparse.Namespace) -> int:
    options.data.mkdir(parents=True, exist_ok=True)
    with options.report.open("a", encoding="utf-8") as report:
        return await Simulation(options, report).run()


def main(arguments: list[str] | None = None) -> int:
    """Run the simulation; returns the exit status."""
    forbid_core_files()
    hide_from_others()
    return asyncio.run(_run(parse(arguments)))


if __name__ == "__main__":
    sys.exit(main())
