"""What stands on the label of a backup medium (备份盘), so that three keepers can hold one each.

J6 §11: a backup is put under seal, signed, and kept by the archive, the discipline inspection and
the responsible person of the exam institution; its label reads 考区-考点-考场-场次 (P-9, L04). The
facts come from the verified copy and from the signed plan; names of people are written by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from venue_server.backup.store import BackupCopy
from venue_server.wire.backup_orders import BackupLabel

KEEPERS = ("档案室", "纪检监察人员", "人事考试机构主要负责人")
SHORT = 16


@dataclass(frozen=True)
class LabelPlace:
    """Whose answers they are. ``zone`` is the exam zone (考区), empty where the plan names none;
    ``rooms`` are the names of all rooms of the session."""

    zone: str
    venue_id: str
    venue_name: str
    rooms: tuple[str, ...]
    exam_title: str
    session_id: str
    subject_title: str
    start_ms: int


def line(place: LabelPlace) -> str:
    """考区-考点-考场-场次, the parts that are known."""
    rooms = "、".join(place.rooms)
    parts = (place.zone, place.venue_name or place.venue_id, rooms, place.session_id)
    return "-".join(part for part in parts if part)


def labels(copies: Sequence[BackupCopy], place: LabelPlace) -> list[BackupLabel]:
    """A label for each verified copy of the session of ``place``, in the order of the copies."""
    own = [each for each in copies if each.session_id == place.session_id]
    return [
        BackupLabel(
            session_id=place.session_id,
            line=line(place),
            exam_title=place.exam_title,
            subject_title=place.subject_title,
            start_ms=place.start_ms,
            number=number,
            total=len(own),
            target=copy.target,
            medium_id=copy.medium_id,
            serial=copy.serial,
            file=PurePath(copy.file).name,
            size=copy.size,
            sha256=copy.sha256,
            digest=copy.sha256[:SHORT],
            verified_at_ms=copy.verified_at_ms,
            took_ms=copy.took_ms,
            keeper=KEEPERS[number - 1] if number <= len(KEEPERS) else "",
        )
        for number, copy in enumerate(own, start=1)
    ]
