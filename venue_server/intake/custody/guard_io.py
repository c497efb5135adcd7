"""Sees and switches receiving devices (Linux: /sys, ip(8)). Needs root, and a machine of its own.

Readers take the root folder, so that they are tested on made-up trees.
"""

import subprocess
from pathlib import Path

from venue_server.intake.custody.guard import Device, GuardSettings, Switch

IFF_UP = 1  # netdevice(7)
IP = "/usr/sbin/ip"
SWITCHED_S = 10.0


def see(settings: GuardSettings, root: Path = Path("/")) -> list[Device]:
    """The named devices that are there."""
    found: list[Device] = []
    for name in settings.cards:
        flags = _text(root / "sys/class/net" / name / "flags")
        if flags:
            found.append(Device("card", name, bool(int(flags, 16) & IFF_UP)))
    for name in settings.usb_ports:
        said = _text(root / "sys/bus/usb/devices" / name / "authorized")
        if said:
            found.append(Device("port", name, said == "1", _is_mounted(name, root)))
    return found


def switch(order: Switch, root: Path = Path("/"), ip: str = IP) -> str:
    """Do it; empty, or what the system said against it."""
    try:
        if order.kind == "port":
            file = root / "sys/bus/usb/devices" / order.name / "authorized"
            file.write_text("1" if order.on else "0", encoding="ascii")
        else:
            state = "up" if order.on else "down"
            subprocess.run(
                [ip, "link", "set", "dev", order.name, state],
                check=True,
                capture_output=True,
                timeout=SWITCHED_S,
            )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return ""


def _is_mounted(port: str, root: Path) -> bool:
    """Is a file system below this port mounted?"""
    for line in _text(root / "proc/self/mountinfo").splitlines():
        fields = line.split()
        if len(fields) > 2:
            device = root / "sys/dev/block" / fields[2]
            if device.exists() and port in device.resolve().parts:
                return True
    return False


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
