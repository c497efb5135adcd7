"""What the clock keeps on disk: the anchor it runs by, and the mark below which time never was.

``clock.json``       the anchor; good for the boot it was made on, across restarts of the server
``clock-mark.json``  the latest instant that was surely reached, on both devices; it outlives a
                     reboot and shows a machine that was set back to an earlier state
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from venue_server.storage.files import write_whole
from venue_server.trusted_time.estimate import MAX_DRIFT, Estimate
from venue_server.trusted_time.states import Source

ANCHOR_FILE = "clock.json"
MARK_FILE = "clock-mark.json"
_Kept = TypeVar("_Kept", "Anchor", "Mark")


class Anchor(msgspec.Struct, frozen=True):
    """One moment known on both clocks, and how the clock runs from there.

    ``owed_ms`` real milliseconds are being made good at ``speed``; ``half_ms`` is how far the
    estimate may be off (real ms) at ``boot_ms``, growing by ``drift_bound``; ``synced_ms`` is the
    steady clock at the last agreement with the source. ``rival_ms``: a source contradicts, and is
    this far ahead (real ms), though nothing was corrected.
    """

    boot_id: str
    boot_ms: float
    exam_ms: float
    rate: float
    source: Source
    half_ms: float = 0.0
    drift: float = 0.0
    drift_bound: float = MAX_DRIFT
    owed_ms: float = 0.0
    speed: float = 0.0
    synced_ms: float = 0.0
    rival_ms: float | None = None

    def slewed_ms(self, boot_ms: float) -> float:
        """What was made good of ``owed_ms`` until then."""
        if not self.speed:
            return 0.0
        most = max(0.0, boot_ms - self.boot_ms) * self.speed
        return max(-most, min(most, self.owed_ms))

    def exam_at(self, boot_ms: float) -> float:
        """Exam time at a value of the steady clock."""
        real = (boot_ms - self.boot_ms) * (1 + self.drift) + self.slewed_ms(boot_ms)
        return self.exam_ms + real * self.rate

    def uncertainty_ms(self, boot_ms: float) -> float:
        """How far :meth:`exam_at` may be off, in real milliseconds; grows with age."""
        grown = max(0.0, boot_ms - self.boot_ms) * self.drift_bound
        return self.half_ms + grown + abs(self.owed_ms - self.slewed_ms(boot_ms))


class Mark(msgspec.Struct, frozen=True):
    """The high-water mark. ``running``: a session was armed or started, so that time must not be
    guessed forward after a reboot."""

    boot_id: str
    boot_ms: float
    exam_ms: float
    rate: float
    running: bool = False

    def floor(self, boot_id: str, boot_ms: float) -> float:
        """The exam time that has surely come, by the steady clock of this or of a later boot."""
        passed = boot_ms - self.boot_ms if boot_id == self.boot_id else boot_ms
        return self.exam_ms + max(0.0, passed) * self.rate * (1 - MAX_DRIFT)


def anchor_at(boot_id: str, known: Estimate, rate: float, source: Source) -> Anchor:
    """The anchor that runs exactly by an estimate."""
    return Anchor(
        boot_id=boot_id,
        boot_ms=known.at_ms,
        exam_ms=known.middle_ms * rate,
        rate=rate,
        source=source,
        half_ms=known.half_ms,
        drift=known.drift.value,
        drift_bound=known.drift.bound,
        synced_ms=known.at_ms,
    )


def read_anchor(file: Path) -> Anchor | None:
    """The anchor, or None when there is none that can be read (a damaged one is no anchor)."""
    return _read(file, Anchor)


def write_anchor(file: Path, anchor: Anchor) -> None:
    """Durably."""
    write_whole(file, msgspec.json.encode(anchor))


def read_mark(files: Iterable[Path]) -> Mark | None:
    """The highest readable mark."""
    marks = [mark for file in files if (mark := _read(file, Mark)) is not None]
    return max(marks, key=lambda mark: mark.exam_ms, default=None)


def write_mark(files: Iterable[Path], mark: Mark, usable: Callable[[Path], bool]) -> list[Path]:
    """Durably to each usable file; returns those that could not be written. A device that is gone
    has an alarm of its own; the mark on the other one is enough."""
    failed = []
    for file in filter(usable, files):
        try:
            write_whole(file, msgspec.json.encode(mark))
            if not usable(file):  # its device went just now; nothing is left in its place (R3)
                file.unlink()
        except OSError:
            failed.append(file)
    return failed


def _read(file: Path, kind: type[_Kept]) -> _Kept | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None
