"""Orders about backup media: which there are, what is proved on each, the labels (L04, L05)."""

from collections.abc import Sequence

from venue_server.wire.frames import Message, Part
from venue_server.wire.names import DataState


class GetBackups(Message, frozen=True):
    """Every backup medium and every verified copy; of one session, or of all (empty)."""

    n: int
    session_id: str = ""


class BackupMedium(Part, frozen=True):
    """One registered medium. ``problem`` is empty while it is there and usable; ``copies`` counts
    the verified archives it holds."""

    target: str
    folder: str
    medium_id: str
    problem: str
    copies: int


class BackupLabel(Part, frozen=True):
    """One verified copy, as its label and the day's certificate say it. ``line`` is 考区-考点-考场-
    场次, ``digest`` the first 16 hex digits of ``sha256``; ``verified_at_ms`` is the instant of the
    read-back, ``took_ms`` what writing and reading back took in real time."""

    session_id: str
    line: str
    exam_title: str
    subject_title: str
    start_ms: int
    number: int
    total: int
    target: str
    medium_id: str
    serial: str
    file: str
    size: int
    sha256: str
    digest: str
    verified_at_ms: int
    took_ms: int
    keeper: str


class BackupSession(Part, frozen=True):
    """One session and how many of its verified copies count: those on as many devices as are
    really different. ``day`` is the exam day, ``2026-11-22`` in Beijing time."""

    session_id: str
    exam_title: str
    subject_title: str
    start_ms: int
    day: str
    data_state: DataState
    counted: int


class Backups(Part, frozen=True):
    """The answer to :class:`GetBackups`."""

    media: list[BackupMedium]
    labels: list[BackupLabel]
    required: int
    sessions: list[BackupSession] = []


def days_to_certify(sessions: Sequence[BackupSession], now_ms: int) -> list[str]:
    """The exam days that have a certificate by now, the newest first (L05): every day on which a
    session has begun, however long after midnight it is asked for; before that the first one."""
    begun = {each.day for each in sessions if each.start_ms <= now_ms}
    return sorted(begun, reverse=True) or sorted({each.day for each in sessions})[:1]


BackupMessage = GetBackups
