"""Which physical disks a folder lies on, as the running system knows it (Linux: /proc, /sys).

A file system's own device number is not enough to tell two disks apart: two partitions, two logical
volumes or two subvolumes of one disk have two numbers and die together. Readers take the root
folder, so that they are tested on made-up trees.
"""

import os
import time
from pathlib import Path

_DEEPEST = 8  # layers of volumes upon volumes
_ROOT = Path("/")
_KEPT_S = 5.0
"""How a disk is cut up hardly changes, and this is asked about once for every group of saves."""
_kept: dict[str, tuple[float, frozenset[str]]] = {}


def disks_under(folder: Path, root: Path = _ROOT) -> frozenset[str]:
    """The whole disks (``major:minor``) under the file system of ``folder``; its own number where
    the system tells of none (a file system in memory, over the network). Raises OSError."""
    device = folder.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    if root != _ROOT:
        return disks_of(number, root)
    now = time.monotonic()
    asked, found = _kept.get(number, (-_KEPT_S, frozenset[str]()))
    if now - asked >= _KEPT_S:
        found = disks_of(number)
        _kept[number] = (now, found)
    return found


def disks_of(number: str, root: Path = _ROOT) -> frozenset[str]:
    """The whole disks under the block device or mounted file system ``number``."""
    block = root / "sys/dev/block" / number
    if not block.exists():
        source = _mounted_from(number, root)
        block = root / "sys/class/block" / Path(source).name
        if not source.startswith("/dev/") or not block.exists():
            return frozenset([number])
    return frozenset(_whole(block.resolve(), _DEEPEST)) or frozenset([number])


def _whole(block: Path, depth: int) -> list[str]:
    """A volume's disks are those of what it is made of, a partition's is the disk around it."""
    below = _inside(block / "slaves")
    if below and depth:
        return [disk for each in below for disk in _whole(each.resolve(), depth - 1)]
    disk = block.parent if (block / "partition").exists() else block
    try:
        said = (disk / "dev").read_text().strip()
    except OSError:
        return []
    # A partition's disk may itself be made of others (partitions on a mirror).
    return _whole(disk, depth - 1) if disk != block and depth else [said]


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _mounted_from(number: str, root: Path) -> str:
    """What the file system with this number is mounted from: subvolumes have numbers of no
    device."""
    try:
        lines = (root / "proc/self/mountinfo").read_text(errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, source = before.split(), after.split()
        if len(fields) > 2 and fields[2] == number and len(source) > 1:
            return source[1]
    return ""
