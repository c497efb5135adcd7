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
    places = {copy.device if rules.separate_devices else copy.target for copy in copies}
    return len(places) >= rules.required


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
