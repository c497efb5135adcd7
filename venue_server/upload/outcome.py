"""What came of an attempt to bring a session's answers home."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Uploaded:
    """Headquarters confirmed every sitting of the session."""

    session_id: str
    bundle_id: str
    sittings: int


@dataclass(frozen=True)
class UploadPending:
    """Not yet there, and not lost: the next attempt is due at ``next_attempt_ms``."""

    session_id: str
    attempts: int
    next_attempt_ms: int
    problem: str
