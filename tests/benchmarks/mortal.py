"""The real programs, forked from one process that has imported them, made to die at named points.

Run as a program this is the nursery: it imports server and stations once, installs every kill
point, and forks a child for each line on its standard input, so that a restart costs what the
program itself does at its start and not Python's imports. A point is a wrapper around a function
of the product; it looks into a few shared bytes and does nothing until the harness arms it there.
Nothing of this is in the product.
"""

import faulthandler
import json
import mmap
import os
import select
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kill_points import POINTS, destroy_before_it_is_written_down, install, take_out_fsyncs

from candidate_station.session import effects as fx
from candidate_station.session import inputs as ins
from candidate_station.simulation import candidate
from candidate_station.simulation.truth import StationTruth
from tests.journeys.venue.venue_world import ExamTime
from venue_server import clock, day, day_line, day_time
from venue_server.client import backoff, time_sync
from venue_server.gateway import hub
from venue_server.release import token_schedule
from venue_server.trusted_time import schedule

_SKIPPED = struct.Struct("<d")  # seconds
_ARMED = struct.Struct("<ii")  # the armed point, and how often it is passed before
_PERHAPS = struct.Struct("<Q")  # further points, a bit each, where somebody may die once
_AT_ARMED, _AT_PERHAPS, _SIZE = 8, 16, 24
NOTHING = -1


class Control:
    """A few bytes shared by the harness and every program: exam time, and where to die."""

    def __init__(self, file: Path) -> None:
        fresh = not file.exists()
        if fresh:
            file.write_bytes(bytes(_SIZE))
        with file.open("r+b") as handle:
            self._map = mmap.mmap(handle.fileno(), _SIZE)
        if fresh:
            self.disarm()

    def arm(self, point: str, passing: int = 0) -> None:
        """The next program that comes to ``point`` dies there; ``passing`` it so often first."""
        _ARMED.pack_into(self._map, _AT_ARMED, POINTS.index(point), passing)

    def disarm(self) -> None:
        """Nobody dies any more."""
        _ARMED.pack_into(self._map, _AT_ARMED, NOTHING, 0)

    def perhaps(self, *points: str) -> None:
        """Somebody who comes to one of these dies there, once at each."""
        _PERHAPS.pack_into(self._map, _AT_PERHAPS, sum(1 << POINTS.index(each) for each in points))

    def waiting(self) -> list[str]:
        """The points of :meth:`perhaps` where nobody died yet."""
        (bits,) = _PERHAPS.unpack_from(self._map, _AT_PERHAPS)
        return [point for number, point in enumerate(POINTS) if bits >> number & 1]

    def armed(self) -> bool:
        """Does it still wait for its victim?"""
        return bool(_ARMED.unpack_from(self._map, _AT_ARMED)[0] != NOTHING)

    def reached(self, number: int) -> None:
        """A program is at point ``number``: die here, when it is to be."""
        armed, passing = _ARMED.unpack_from(self._map, _AT_ARMED)
        (bits,) = _PERHAPS.unpack_from(self._map, _AT_PERHAPS)
        if bits >> number & 1:
            _PERHAPS.pack_into(self._map, _AT_PERHAPS, bits & ~(1 << number))
        elif armed != number:
            return
        elif passing:
            _ARMED.pack_into(self._map, _AT_ARMED, armed, passing - 1)
            return
        else:
            self.disarm()
        os.kill(os.getpid(), signal.SIGKILL)

    @property
    def skipped_s(self) -> float:
        return float(_SKIPPED.unpack_from(self._map)[0])

    @skipped_s.setter
    def skipped_s(self, seconds: float) -> None:
        _SKIPPED.pack_into(self._map, 0, seconds)


class SharedTime(ExamTime):
    """Exam time that the harness moves for every program at once."""

    def __init__(self, control: Control) -> None:
        self._control = control
        super().__init__()

    @property  # type: ignore[override]
    def skipped_s(self) -> float:
        return self._control.skipped_s

    @skipped_s.setter
    def skipped_s(self, seconds: float) -> None:
        if seconds:  # the first assignment, of nothing, is the base class's own
            self._control.skipped_s = seconds


def look_often() -> None:
    """The clockwork looks more often than in real life, and links come back sooner."""
    day.WATCH_S = day.LOOK_S = day_line.WATCH_S = day_time.WATCH_S = 0.05
    day_time.MARK_S = 0.2
    schedule.URGENT_S, schedule.LONGEST_URGENT_S = 0.05, 0.2
    token_schedule.LOST_PROBE_S = token_schedule.SHORTEST_PROBE_S = 0.05
    token_schedule.PAUSES = ((float("inf"), 0.05),)
    hub.FLUSH_S = 0.05
    backoff.FIRST_S, backoff.LONGEST_S = 0.05, 0.2
    time_sync.PERIOD_S = 0.2
    candidate.FASTEST_S = 0.1


def tell_more() -> None:
    """The stations' own record also tells what they made, what they found on their disk, and what
    they showed as saved on this machine (H07)."""
    heard = StationTruth.observe

    def observe(self: StationTruth, happened: ins.Input | fx.Effect, now: ins.Now) -> None:
        match happened:
            case fx.AppendEntries(sitting_id, entries):
                made = [[each.seq, each.hash, each.item_id, each.values] for each in entries]
                self.record("made", sitting_id=sitting_id, station=self.index, entries=made)
            case ins.Appended(sitting_id, seq):
                self.record("kept", sitting_id=sitting_id, station=self.index, seq=seq)
            case ins.JournalOpened(sitting_id, entries):
                found = [[each.seq, each.hash] for each in entries]
                self.record("found", sitting_id=sitting_id, station=self.index, entries=found)
        heard(self, happened, now)

    StationTruth.observe = observe  # type: ignore[method-assign]


def _server(words: list[str]) -> int:
    from venue_server import __main__ as program  # by whoever needs it

    return program.main(words)


def _stations(words: list[str]) -> int:
    from candidate_station import simulate

    return simulate.main(words)


PROGRAMS: dict[str, Callable[[list[str]], int]] = {"server": _server, "stations": _stations}


def _become(order: dict[str, Any]) -> int:
    """In the forked child: the program, its output in the file that the order names."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, out), (2, out)):
        os.dup2(source, target)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  # lives as long as the process
    faulthandler.enable()
    try:
        return PROGRAMS[order["program"]](order["words"])
    except BaseException:  # noqa: BLE001  # as the interpreter would: say it and end
        traceback.print_exc()
        return 1


def _nursery(control: Control) -> None:
    """Fork what is asked for; tell who ended and how."""
    from candidate_station import simulate  # noqa: F401
    from venue_server import __main__ as program
    from venue_server import node  # noqa: F401

    program.parser()
    look_often()
    clock.ClockSources = SharedTime(control).sources  # type: ignore[misc,assignment]
    install(control.reached)
    if "KAODIAN_CARELESS" in os.environ:
        take_out_fsyncs()
    if "KAODIAN_HASTY" in os.environ:
        destroy_before_it_is_written_down()
    tell_more()
    ears, mouth = os.pipe()
    for end in (ears, mouth):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(mouth)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    print(json.dumps({"ready": os.getpid()}), flush=True)
    rest = b""
    living: set[int] = set()
    while True:
        readable, _, _ = select.select([0, ears], [], [])
        if ears in readable:
            os.read(ears, 4096)
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                living.discard(ended[0])
                told = {"pid": ended[0], "status": os.waitstatus_to_exitcode(ended[1])}
                print(json.dumps(told), flush=True)
        if 0 in readable:
            data = os.read(0, 65536)
            if not data:
                for pid in living:  # whoever started this is gone
                    os.kill(pid, signal.SIGKILL)
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                pid = os.fork()
                if pid == 0:
                    os._exit(_become(json.loads(line)))
                living.add(pid)
                print(json.dumps({"started": pid}), flush=True)


if __name__ == "__main__":
    _nursery(Control(Path(sys.argv[1])))
