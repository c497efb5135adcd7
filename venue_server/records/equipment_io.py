"""Running status of the server machine, sampled into a bounded log of its own (K05).

The log is two files of limited size: when one is full, the older goes. It can never take the space
that answers need, and a full disk loses samples, not answers. Not the ledger: these are readings,
nobody's acts.
"""

import json
from pathlib import Path
from typing import Any

import psutil

LIMIT = 1_000_000
"""Bytes of one file; two files are some weeks of samples."""

NAME, OLDER = "equipment.jsonl", "equipment.1.jsonl"


def sample(folder: Path, at_ms: int) -> dict[str, Any]:
    """One reading: load in thousandths of all processors over one and fifteen minutes, memory and
    the disk under ``folder`` in bytes, and the battery or UPS where the system tells of one."""
    one, _five, fifteen = psutil.getloadavg()
    processors = psutil.cpu_count() or 1
    memory, disk = psutil.virtual_memory(), psutil.disk_usage(str(folder))
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return {
        "at_ms": at_ms,
        "load_permille": round(1000 * one / processors),
        "load_15_permille": round(1000 * fifteen / processors),
        "memory_total": memory.total,
        "memory_available": memory.available,
        "disk_total": disk.total,
        "disk_free": disk.free,
        "power_percent": round(battery.percent) if battery else -1,
        "on_mains": battery.power_plugged is not False if battery else True,
    }


def append(folder: Path, row: dict[str, Any]) -> None:
    """Add one sample. Raises OSError; nothing waits for it."""
    path = folder / NAME
    if path.exists() and path.stat().st_size > LIMIT:
        path.replace(folder / OLDER)
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(row, sort_keys=True) + "\n")


def samples(folder: Path, from_ms: int, to_ms: int) -> list[dict[str, Any]]:
    """The samples of a stretch of exam time, oldest first; a torn line is left out."""
    found = []
    for name in (OLDER, NAME):
        path = folder / name
        if path.exists():
            found += [_row(line) for line in path.read_text("utf-8").splitlines()]
    return [row for row in found if row and from_ms <= row["at_ms"] <= to_ms]


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:  # the torn last line of a crash
        return None
    return row if isinstance(row, dict) and isinstance(row.get("at_ms"), int) else None
