"""``intake guard``: receiving devices follow the receipt (D03). Runs as root, beside the server.

It listens to nobody: it reads its own file of names, which only root may write, and the server's
word that a receipt is open (custody/window_io.py).
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from venue_server.intake.custody.guard import Device, GuardSettings, left_on, switches
from venue_server.intake.custody.guard_io import see, switch
from venue_server.intake.custody.window_io import receives
from venue_server.trusted_time.sources_io import boot_ms

LOOK_S = 1.0
EXIT_LEFT_ON = 1
EXIT_UNUSABLE = 2


def add_command(intake: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``intake guard``."""
    guard = intake.add_parser(
        "guard", help="switch receiving devices on and off with the receipt (root)"
    )
    guard.add_argument("names", type=Path, help='JSON: {"cards": [...], "usb_ports": [...]}')
    guard.add_argument("--data", type=Path, required=True)
    guard.add_argument("--once", action="store_true", help="look once, switch, and end")
    guard.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    try:
        settings = msgspec.json.decode(options.names.read_bytes(), type=GuardSettings)
    except (OSError, msgspec.DecodeError) as error:
        sys.stderr.write(f"{options.names}: {error}\n")
        return EXIT_UNUSABLE
    guard = Guard(settings, options.data, _say)
    if options.once:
        return 0 if guard.look() else EXIT_LEFT_ON
    while True:
        guard.look()
        time.sleep(LOOK_S)


class Guard:
    """Looks and switches; says each thing once, until it changes."""

    def __init__(self, settings: GuardSettings, data: Path, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._data = data
        self._say = say
        self._said: dict[str, str] = {}

    def look(self) -> bool:
        """One look; True when every named device is as it must be."""
        receiving = receives(self._data, boot_ms())
        devices = see(self._settings)
        switched = self._switch(receiving, devices)
        return self._nothing_left(receiving, devices) and switched

    def _switch(self, receiving: bool, devices: list[Device]) -> bool:
        fine = True
        for order in switches(receiving, devices):
            problem = switch(order)
            state = "开 / on" if order.on else "关 / off"
            self._tell(order.name, f"{order.name}: {problem or state}")
            fine = fine and not problem
        return fine

    def _nothing_left(self, receiving: bool, devices: list[Device]) -> bool:
        names = left_on(receiving, devices)
        for name in names:
            self._tell(name, f"{name}: 仍在使用，未关闭 / still in use, left on")
        return not names

    def _tell(self, name: str, line: str) -> None:
        if self._said.get(name) != line:
            self._said[name] = line
            self._say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
