"""A ``rehearse`` as a process of its own, for the tests that play whole days."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Rehearsal:
    """A running ``rehearse`` whose lines can be waited for."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.report_file = folder / "r.json"
        command = [sys.executable, "-m", "venue_server", "rehearse", "--out", str(folder / "out")]
        self.process = subprocess.Popen(
            [*command, "--report", str(self.report_file), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line)
                self._changed.notify_all()

    def wait_line(self, text: str, timeout_s: float = 120) -> None:
        with self._changed:
            found = self._changed.wait_for(
                lambda: any(text in line for line in self.lines), timeout_s
            )
        assert found, f"never said {text!r}: {''.join(self.lines)}"

    def close(self) -> None:
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def finish(self, timeout_s: float = 300) -> dict[str, Any]:
        status = self.process.wait(timeout_s)
        self._reader.join()
        told = "".join(self.lines)
        report = json.loads(self.report_file.read_text())
        assert status == (0 if report["passed"] else 1), told
        assert report["passed"], told
        return dict(report)


@contextmanager
def rehearsing(folder: Path, *options: str) -> Iterator[Rehearsal]:
    rehearsal = Rehearsal(folder, *options)
    try:
        yield rehearsal
    finally:
        if rehearsal.process.poll() is None:
            rehearsal.process.terminate()
            rehearsal.process.wait(30)
        rehearsal.close()
