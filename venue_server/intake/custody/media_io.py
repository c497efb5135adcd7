"""Which medium a folder lies on, as the running system knows it (Linux: /proc, /sys, /dev/disk).

The id of a medium joins what identifies the device and what identifies its file system, so that a
stick with a copied serial or a re-made file system is another medium:

    disc:<volume id>/<file system uuid>      an optical disc
    dev:<device serial>/<file system uuid>   anything else; what has neither cannot be registered

Readers take the root folder, so that they are tested on made-up trees.
"""

import re
from pathlib import Path

from venue_server.intake.custody.media import FoundMedium

_MOUNT_ESCAPE = re.compile(r"\\([0-7]{3})")
_LABEL_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")


def medium_of(folder: Path, root: Path = Path("/")) -> FoundMedium | None:
    """The medium under ``folder``; None when it is on no block device that says who it is."""
    block = _block_device(folder, root)
    if block is None:
        return None
    disk = block if (block / "removable").exists() else block.parent
    names = {block.name, disk.name}
    uuid = _link_name(root / "dev/disk/by-uuid", block.name)
    if any(name.startswith("sr") for name in names):
        label = _LABEL_ESCAPE.sub(
            lambda found: chr(int(found[1], 16)), _link_name(root / "dev/disk/by-label", block.name)
        )
        return FoundMedium(f"disc:{label}/{uuid}", removable=True, disc=True)
    serial, plugged = _serial(disk, root)
    removable = plugged or _text(disk / "removable") == "1"
    if not serial and not uuid and not removable:
        return None
    return FoundMedium(f"dev:{serial}/{uuid}", removable, disc=False)


def _block_device(folder: Path, root: Path) -> Path | None:
    """The device's folder below /sys of the file system that ``folder`` is in."""
    inside = str(folder.resolve() if root == Path("/") else folder)
    best: tuple[int, str, str] | None = None
    for line in _text(root / "proc/self/mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        fields, source = before.split(), after.split()
        if len(fields) < 5 or len(source) < 2:
            continue
        mount = _MOUNT_ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4])
        within = inside == mount or inside.startswith(mount.rstrip("/") + "/")
        # Of two mounts on one place the later hides the earlier.
        if within and (best is None or len(mount) >= best[0]):
            best = (len(mount), fields[2], source[1])
    if best is None:
        return None
    _length, numbers, source_name = best
    for place in (f"sys/dev/block/{numbers}", f"sys/class/block/{Path(source_name).name}"):
        if (root / place).exists():
            return (root / place).resolve()
    return None


def _serial(disk: Path, root: Path) -> tuple[str, bool]:
    """The device's serial, and whether it hangs on USB: the first parent that is a USB device."""
    for parent in (disk, *disk.parents):
        if parent == root:
            break
        if (parent / "idVendor").exists():
            return _text(parent / "serial"), True
    places = (disk / "device/serial", disk / "serial", disk / "device/wwid", disk / "wwid")
    return next((said for place in places if (said := _text(place))), ""), False


def _link_name(folder: Path, device: str) -> str:
    """The name of the link in ``folder`` that points to ``device``."""
    try:
        links = sorted(folder.iterdir())
    except OSError:
        return ""
    return next((link.name for link in links if link.resolve().name == device), "")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
