"""A made-up machine under a simulated station: what it tells of itself at the inspection (C08-C11).

Its system is a folder that the real readers look into, so that a restart, a frozen disk or a cable
to the Internet can be played. Processors, memory and what only a screen can measure are invented.
"""

import secrets
import shutil
from pathlib import Path

import msgspec

from candidate_station.inspection.facts import SLEEPS, Asked, gather
from candidate_station.inspection.program_digest import program_digest
from candidate_station.inspection.result import CheckResult, Verdict
from venue_server.wire.inspection_orders import StationFacts

CPUS, RAM_BYTES = 4, 8 * 1024**3
SCREEN = "1366×768 @ 100%"
INVENTED = "演练设定 / made up"
FINDINGS = (
    "CHK-DISK",
    "CHK-GLYPHS",
    "CHK-PICTURES",
    "CHK-MEDIA",
    "CHK-ITEMS",
    "CHK-LAYOUT",
    "CHK-DIGEST",
    "CHK-RENDER",
)
ROUTES = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
A_WAY_OUT = "eth1\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\n"


class InventedMachine:
    """One machine; ``data`` is its station's folder, which outlives a restart."""

    def __init__(self, data: Path, program: str = "") -> None:
        self._data = data
        self._root = data / "machine"
        self._program = program
        self._make()

    def _make(self) -> None:
        shutil.rmtree(self._root, ignore_errors=True)
        for folder in ("proc/sys/kernel/random", "proc/net", "run/systemd/system"):
            (self._root / folder).mkdir(parents=True)
        units = self._root / "etc/systemd/system"
        units.mkdir(parents=True)
        for unit in SLEEPS:
            (units / unit).symlink_to("/dev/null")
        (self._root / "etc/os-release").write_text('PRETTY_NAME="Rehearsal Linux"\n')
        self.boot()
        self.cable_to_the_internet(False)

    def boot(self) -> None:
        """Another boot; the disk is as it was."""
        where = self._root / "proc/sys/kernel/random/boot_id"
        where.write_text(secrets.token_hex(16))

    def cable_to_the_internet(self, plugged: bool) -> None:
        """Somebody put a cable into it that leads out, or took it away (C11)."""
        (self._root / "proc/net/route").write_text(ROUTES + (A_WAY_OUT if plugged else ""))

    def facts(self, asked: Asked) -> StationFacts:
        """What this machine tells; blocks on the disk."""
        told = gather(
            self._data,
            asked,
            [CheckResult(each, INVENTED, INVENTED, Verdict.OK) for each in FINDINGS],
            SCREEN,
            calibrated=True,
            root=self._root,
            program=lambda: self._program or program_digest(),
        )
        return msgspec.structs.replace(told, cpu_count=CPUS, ram_bytes=RAM_BYTES)
