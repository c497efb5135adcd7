"""Which receiving devices are switched, and when: on while a receipt is open, off otherwise (D03).

Only what the machine's administrator named is ever touched: a port that nobody named may hold the
backup disk. A named port whose medium is mounted stays on until it is taken out, and that is said.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

Kind = Literal["card", "port"]
_CARD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}")  # IFNAMSIZ, and never an option
_PORT = re.compile(r"[0-9]+-[0-9]+(\.[0-9]+)*")  # as below /sys/bus/usb/devices


class GuardSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``cards``: network cards that only receive. ``usb_ports``: ports that only receive, as the
    system names them ("1-4", "2-1.3")."""

    cards: list[str] = []
    usb_ports: list[str] = []

    def __post_init__(self) -> None:
        """Raises ValueError on a name that is none."""
        odd = [each for each in self.cards if not _CARD.fullmatch(each)]
        odd += [each for each in self.usb_ports if not _PORT.fullmatch(each)]
        if odd:
            raise ValueError(f"no device's name: {', '.join(odd)}")


@dataclass(frozen=True)
class Device:
    """A named device that is there now. ``in_use``: a file system on it is mounted."""

    kind: Kind
    name: str
    on: bool
    in_use: bool = False


@dataclass(frozen=True)
class Switch:
    """Put ``name`` on or off."""

    kind: Kind
    name: str
    on: bool


def switches(receiving: bool, devices: Iterable[Device]) -> list[Switch]:
    """What must be switched so that the devices follow the receipt."""
    return [
        Switch(each.kind, each.name, receiving)
        for each in devices
        if each.on is not receiving and not (each.in_use and not receiving)
    ]


def left_on(receiving: bool, devices: Iterable[Device]) -> list[str]:
    """Devices that should be off and cannot be: somebody still reads from them."""
    return [each.name for each in devices if not receiving and each.on and each.in_use]
