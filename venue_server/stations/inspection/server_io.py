"""Measures the server's own machine: disks, power, memory, network cards.

Everything here blocks; the caller runs it on a thread.
"""

import hashlib
import os
import shutil
import time
from functools import cache
from pathlib import Path

import psutil

from venue_server.client.attached_media import removable_media
from venue_server.stations.inspection.measured import FolderMeasured

PROBE_FILE = ".kaodian-inspection-probe"
PROBE_BYTES = 16 * 1024 * 1024
PIECE = 1024 * 1024
MIB = 1024 * 1024


def measure_folder(
    name: str, folder: Path, problem: str, size: int = PROBE_BYTES
) -> FolderMeasured:
    """Write, fsync and read back a file on a device; a folder with a ``problem`` is not touched."""
    if problem:
        return FolderMeasured(name, problem)
    target = folder / PROBE_FILE
    try:
        written, speed, longest = _write(target, size)
        same = _read(target) == written
    except OSError as error:
        return FolderMeasured(name, error.strerror or "error")
    finally:
        target.unlink(missing_ok=True)
    return FolderMeasured(name, "", same, speed, longest)


def _write(target: Path, size: int) -> tuple[str, float, float]:
    """(digest, MiB/s, longest fsync in ms); fsynced piece by piece, as answers are."""
    digest, longest, began = hashlib.sha256(), 0.0, time.monotonic()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        for _ in range(max(1, size // PIECE)):
            piece = os.urandom(PIECE)
            digest.update(piece)
            os.write(descriptor, piece)
            synced = time.monotonic()
            os.fsync(descriptor)
            longest = max(longest, (time.monotonic() - synced) * 1000)
        # What is read back must come from the device and not from memory.
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
    took = max(time.monotonic() - began, 1e-6)
    return digest.hexdigest(), max(1, size // PIECE) * PIECE / MIB / took, longest


def _read(target: Path) -> str:
    with target.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def disk_free(folder: Path) -> int:
    """Bytes."""
    return shutil.disk_usage(folder).free


def file_digest(path: Path) -> str:
    """SHA-256 of a file; empty when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def power() -> tuple[bool | None, float | None]:
    """(on mains, charge in per cent) of battery or UPS, as far as the system knows one."""
    try:
        battery = psutil.sensors_battery()
    except OSError:  # a UPS that was unplugged while it was read
        return None, None
    return (None, None) if battery is None else (battery.power_plugged, float(battery.percent))


def memory() -> tuple[int, int, int]:
    """(processors, RAM, RAM available)."""
    found = psutil.virtual_memory()
    return psutil.cpu_count() or 1, found.total, found.available


def encrypted(folder: Path, root: Path = Path("/")) -> bool | None:
    """Does the folder lie on an encrypted device (dm-crypt below it)? None: it cannot be told."""
    number = folder.stat().st_dev
    device = root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    if not device.exists():
        return None
    return _is_crypt(device.resolve())


def _is_crypt(device: Path) -> bool:
    try:
        if (device / "dm/uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass
    slaves = device / "slaves"
    below = sorted(slaves.iterdir()) if slaves.is_dir() else []
    return any(_is_crypt(each.resolve()) for each in below)


def own_disks(folders: list[Path], root: Path = Path("/")) -> set[str]:
    """Names of the disks that carry these folders: they belong here all day."""
    found = set()
    for folder in folders:
        try:
            number = folder.stat().st_dev
        except OSError:
            continue
        device = (root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve()
        found |= {device.name, device.parent.name}
    return found


def foreign_media(folders: list[Path], root: Path = Path("/")) -> list[str]:
    """Removable media that carry none of the venue's own folders."""
    own = own_disks(folders, root)
    return [each for each in removable_media(root) if each.split()[0] not in own]


def cards_up() -> list[str]:
    """Network cards with a link, without loopback."""
    try:
        stats = psutil.net_if_stats()
    except OSError:  # a driver that does not answer: the watch over the seal goes on
        return []
    return sorted(name for name, each in stats.items() if each.isup and name != "lo")


@cache
def program_digest() -> str:
    """SHA-256 over names and bytes of all files of the server's package, as they were when this
    process first looked: what it runs. Reads some hundred files, once."""
    digest, package = hashlib.sha256(), Path(__file__).parents[2]
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(package)}\0{file_digest(path)}\n".encode())
    return digest.hexdigest()
