"""The facts of this machine for the server's inspection (C01, C10, C11). No Qt.

Readers of the system take the root folder, so that tests show them made-up machines.
"""

import platform
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from candidate_station.answers.durable import make_private_folder
from candidate_station.inspection.internet import default_route, dns_answers, name_servers
from candidate_station.inspection.program_digest import program_digest
from candidate_station.inspection.restart_token import boot_id, find_token, leave_token
from candidate_station.inspection.result import CheckResult
from venue_server.client.attached_media import removable_media
from venue_server.wire.inspection_orders import StationFacts, StationFinding
from venue_server.wire.version import VERSION

SLEEPS = ("sleep.target", "suspend.target", "hibernate.target")


@dataclass(frozen=True)
class Asked:
    """A check the server asked for: its number, and the token to leave (empty: none)."""

    n: int = 0
    token: str = ""


def gather(
    data_dir: Path,
    asked: Asked,
    results: Sequence[CheckResult] = (),
    screen: str = "",
    calibrated: bool = False,
    root: Path = Path("/"),
    program: Callable[[], str] = program_digest,
) -> StationFacts:
    """Everything that is known of this machine. Blocks on disk and name servers for some seconds at
    the worst; a token that cannot be written is simply not there."""
    boot = boot_id(root / "proc/sys/kernel/random/boot_id")
    make_private_folder(data_dir)
    if asked.token:
        with suppress(OSError):
            leave_token(data_dir, asked.token, boot)
    found = find_token(data_dir, boot)
    return StationFacts(
        re=asked.n,
        app_version=VERSION,
        app_sha256=program(),
        os_build=os_build(root),
        cpu_count=psutil.cpu_count() or 1,
        ram_bytes=psutil.virtual_memory().total,
        disk_free=shutil.disk_usage(data_dir).free,
        screen=screen,
        sleep_off=sleep_off(root),
        default_route=default_route(root),
        dns_answers=dns_answers(name_servers(root)),
        token=found.token,
        token_survived=found.survived,
        removable=removable_media(root),
        calibrated=calibrated,
        findings=[
            StationFinding(one.check_id, one.expected, one.measured, one.verdict.value)
            for one in results
        ],
    )


def os_build(root: Path = Path("/")) -> str:
    """The system's name and kernel."""
    try:
        lines = (root / "etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = dict(line.split("=", 1) for line in lines if "=" in line)
    name = named.get("PRETTY_NAME", platform.system()).strip('"')
    return f"{name}, {platform.release()}"


def sleep_off(root: Path = Path("/")) -> bool | None:
    """Are systemd's targets of sleep masked, as the installation does it? None without systemd."""
    if not (root / "run/systemd/system").exists():
        return None
    units = [root / "etc/systemd/system" / name for name in SLEEPS]
    return all(unit.is_symlink() and str(unit.readlink()) == "/dev/null" for unit in units)
