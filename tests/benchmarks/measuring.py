"""How every figure is taken: processes on a core each, medians, and the one line at the end."""

import argparse
import atexit
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

SERVER_CORE, LOAD_CORE = 0, 1


@dataclass(frozen=True)
class Figure:
    """One result. ``ratio`` is to the floor or peer of the same run, None when there is none."""

    name: str
    value: float
    unit: str
    target: str
    ratio: float | None = None

    def line(self) -> str:
        """``figure: name, value, unit, ratio, target``."""
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        return f"figure: {self.name}, {self.value:.6g}, {self.unit}, {ratio}, {self.target}"


def report(*figures: Figure) -> None:
    """Say what machine this was and print the figures, last."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"machine: {os.cpu_count()} cores, load averages {load}", flush=True)
    for figure in figures:
        print(figure.line(), flush=True)


def say(text: str) -> None:
    """What happens on the way."""
    print(text, flush=True)


def options(description: str) -> argparse.ArgumentParser:
    """``--short`` for CI, ``--folder`` for the disk to measure on."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--short", action="store_true", help="a few seconds, for CI")
    parser.add_argument("--folder", type=Path, help="where data lies (default: the temp folder)")
    return parser


@contextmanager
def workspace(folder: Path | None) -> Iterator[Path]:
    """A fresh folder that is gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="kaodian-benchmark-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# ---- processes ---------------------------------------------------------------------------


def pin(core: int) -> None:
    """Keep this process on one core, where there is more than one."""
    available = sorted(os.sched_getaffinity(0))
    if len(available) > 1:
        os.sched_setaffinity(0, {available[core % len(available)]})


def begin_load() -> None:
    """This process is the load: its core, and a file descriptor for every station."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pin(LOAD_CORE)


class Child:
    """A program of ours on the server's core; its first line of output says that it is ready."""

    def __init__(self, *words: str) -> None:
        available = sorted(os.sched_getaffinity(0) | _all_cores())
        command = [sys.executable, *words]
        if len(available) > 1:
            command = ["taskset", "-c", str(available[SERVER_CORE]), *command]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # A benchmark that fails leaves nobody behind, who would hold its output open for ever.
        atexit.register(self._process.kill)
        self.first_line = self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the program ended: {self._process.wait()}"
        return line

    def tell(self, text: str) -> str:
        """Give it a line and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()
        return self._line()

    def cpu_s(self) -> float:
        """CPU seconds used so far."""
        used = psutil.Process(self._process.pid).cpu_times()
        return float(used.user + used.system)

    def memory(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self._process.kill()
        self._reap()

    def stop(self) -> None:
        """End in order."""
        self._process.terminate()
        self._reap()

    def _reap(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def _all_cores() -> set[int]:
    """The cores this benchmark was started on, before it pinned itself."""
    return _CORES


_CORES = os.sched_getaffinity(0)
