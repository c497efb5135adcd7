"""Orders about backup media: which there are, what is proved on each, the labels (L04, L05)."""

from venue_server.wire.frames import Message, Part


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


class Backups(Part, frozen=True):
    """The answer to :class:`GetBackups`."""

    media: list[BackupMedium]
    labels: list[BackupLabel]
    required: int


BackupMessage = GetBackups
