"""Removable media that are plugged into this machine now (Linux: /sys/block), for server and seats.

The root folder is given, so that it is tested on made-up trees.
"""

from pathlib import Path

SECTOR = 512
SMALLEST = 1_000_000  # an empty floppy drive has some sectors all the same
EMPTY_DRIVE = 0x1FFFFF * SECTOR  # what the kernel says of an optical drive without a disc


def removable_media(root: Path = Path("/")) -> list[str]:
    """``name model size`` of every removable or USB disk with a medium in it, by name."""
    found = []
    for disk in sorted((root / "sys/block").glob("*")):
        size = _number(disk / "size") * SECTOR
        is_empty = disk.name.startswith("sr") and size == EMPTY_DRIVE
        plugged = "/usb" in str(disk.resolve())
        if size > SMALLEST and not is_empty and (plugged or _text(disk / "removable") == "1"):
            model = _text(disk / "device/model") or "?"
            found.append(f"{disk.name} {model} {size // 1_000_000} MB")
    return found


def _number(path: Path) -> int:
    said = _text(path)
    return int(said) if said.isdecimal() else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
