"""Backup media as targets, and the rules over verified copies: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from venue_server.backup.store import BackupCopy
from venue_server.storage.medium import MediumProblem, MediumRule


@dataclass(frozen=True)
class BackupTarget:
    """A medium by its registered label and the folder where it is mounted; ``medium`` knows
    whether the right one is there."""

    label: str
    folder: Path
    medium: MediumRule | None = None

    @property
    def medium_id(self) -> str:
        """The registered medium; empty where any will do."""
        return self.medium.medium_id if self.medium else ""

    def problem(self) -> MediumProblem | None:
        """Why nothing may be written there now, if so."""
        rule = self.medium or MediumRule(self.folder)
        return rule.problem()


@dataclass(frozen=True)
class BackupRules:
    """``required`` verified copies, on as many different devices when ``separate_devices`` (L04);
    a target that takes longer than ``limit_s`` real seconds has failed."""

    required: int = 2
    separate_devices: bool = True
    limit_s: float = 600.0


def is_enough(copies: Sequence[BackupCopy], rules: BackupRules) -> bool:
    """True when the verified copies satisfy the rules."""
    return places(copies, rules) >= rules.required


def places(copies: Sequence[BackupCopy], rules: BackupRules) -> int:
    """How many verified copies count: one for each device, or for each target."""
    if not rules.separate_devices:
        return len({copy.target for copy in copies})
    devices: list[list[BackupCopy]] = []
    for copy in copies:
        one = [each for each in devices if any(same_device(copy, other) for other in each)]
        devices = [each for each in devices if each not in one]
        devices.append([copy, *(other for each in one for other in each)])
    return len(devices)


def same_device(one: BackupCopy, other: BackupCopy) -> bool:
    """Would both be gone with one disk? Numbers are of the moment: a medium that was plugged in
    anew has another, and the one after it may have the same. So what the medium says of itself
    comes first: a registered medium and its clone are one, and so are two partitions of a disk.
    Where it is not known to be another, it is the same."""
    if one.medium_id and one.medium_id == other.medium_id:
        return True
    (disk, system), (other_disk, other_system) = _identity(one.serial), _identity(other.serial)
    if disk and other_disk:
        return disk == other_disk
    if system and other_system and system == other_system:
        return True
    numbers, other_numbers = (set(each.device.split(",")) for each in (one, other))
    return bool(numbers & other_numbers)


def _identity(serial: str) -> tuple[str, str]:
    """The disk's own serial and its file system's (``dev:SERIAL/UUID``, intake/custody)."""
    kind, _, said = serial.partition(":")
    disk, _, system = said.rpartition("/")
    return f"{kind}:{disk}" if disk else "", system


def lacking(targets: Sequence[BackupTarget], copies: Sequence[BackupCopy]) -> list[BackupTarget]:
    """The targets whose registered medium has no verified copy yet: only these are written. A
    medium in another one's place has none."""
    held = {(copy.target, copy.medium_id) for copy in copies}
    return [each for each in targets if (each.label, each.medium_id) not in held]


def on_medium(target: BackupTarget, copies: Sequence[BackupCopy]) -> list[BackupCopy]:
    """What should lie on the medium of a target."""
    return [
        each
        for each in copies
        if each.target == target.label and each.medium_id == target.medium_id
    ]
