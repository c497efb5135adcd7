"""What stands on the label of a backup medium (备份盘), so that three keepers can hold one each.

J6 §11: a backup is put under seal, signed, and kept by the archive, the discipline inspection and
the responsible person of the exam institution; its label reads 考区-考点-考场-场次 (P-9, L04). The
facts come from the verified copy and from the signed plan; names of people are written by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from venue_server.backup.store import BackupCopy

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


@dataclass(frozen=True)
class MediumLabel:
    """One label. ``number`` of ``total`` counts the verified copies of this session; ``digest`` is
    the first 16 hex digits of the archive's SHA-256, ``sha256`` all of them; ``size`` in bytes;
    ``keeper`` proposes who keeps this copy."""

    place: LabelPlace
    number: int
    total: int
    target: str
    medium_id: str
    serial: str
    file: str
    size: int
    sha256: str
    verified_at_ms: int
    keeper: str

    @property
    def digest(self) -> str:
        """What a person compares."""
        return self.sha256[:SHORT]

    @property
    def line(self) -> str:
        """考区-考点-考场-场次, the parts that are known."""
        place = self.place
        rooms = "、".join(place.rooms)
        parts = (place.zone, place.venue_name or place.venue_id, rooms, place.session_id)
        return "-".join(part for part in parts if part)

    def as_dict(self) -> dict[str, object]:
        """For an order's answer and for the print: JSON values."""
        return {
            "line": self.line,
            "exam_title": self.place.exam_title,
            "subject_title": self.place.subject_title,
            "start_ms": self.place.start_ms,
            "number": self.number,
            "total": self.total,
            "target": self.target,
            "medium_id": self.medium_id,
            "serial": self.serial,
            "file": self.file,
            "size": self.size,
            "sha256": self.sha256,
            "digest": self.digest,
            "verified_at_ms": self.verified_at_ms,
            "keeper": self.keeper,
        }


def labels(copies: Sequence[BackupCopy], place: LabelPlace) -> list[MediumLabel]:
    """A label for each verified copy of the session of ``place``, in the order of the copies."""
    own = [each for each in copies if each.session_id == place.session_id]
    return [
        MediumLabel(
            place,
            number,
            len(own),
            copy.target,
            copy.medium_id,
            copy.serial,
            copy.file,
            copy.size,
            copy.sha256,
            copy.verified_at_ms,
            KEEPERS[number - 1] if number <= len(KEEPERS) else "",
        )
        for number, copy in enumerate(own, start=1)
    ]
