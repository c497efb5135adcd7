"""How far the evening's upload is: what consoles are shown, and the order that asks (L08, L09).

Instants are exam time in milliseconds, UTC; rates and durations are real, as the line is.
"""

from enum import StrEnum

from venue_server.wire.frames import Message, Part


class UploadStage(StrEnum):
    """What one sealed bundle is doing."""

    NOT_BEGUN = "NOT_BEGUN"  # sealed; nobody ordered the upload yet
    SENDING = "SENDING"
    STALLED = "STALLED"  # an attempt is under way, and nothing was confirmed for too long
    CHECKING = "CHECKING"  # every byte is confirmed, the receipt is still to come
    NEXT = "NEXT"  # due; it goes on as soon as the one under way is through
    PAUSED = "PAUSED"  # the last attempt failed; the next one has its instant
    HOME = "HOME"  # headquarters' receipt matched


class UploadView(Part, frozen=True):
    """One bundle. ``confirmed`` of ``total`` bytes are durably at headquarters, by its own word;
    ``asked``: it gave that word in the attempt under way, else it is what was last known.

    ``rate``: bytes a second lately, 0 while unknown. ``left_min``: whole minutes still to go at
    that rate, None: unknown. ``moved_at_ms``: when the last byte was confirmed, 0: not known.
    ``next_attempt_ms``: of PAUSED. ``attempts``, ``problem``: those that failed, and why the last
    one did; ``needs_people``: no retry mends it."""

    session_id: str
    bundle_id: str
    stage: UploadStage
    total: int
    confirmed: int
    asked: bool = False
    rate: int = 0
    left_min: int | None = None
    moved_at_ms: int = 0
    next_attempt_ms: int = 0
    attempts: int = 0
    problem: str = ""
    needs_people: bool = False


class Uploads(Part, frozen=True):
    """Every sealed bundle that is not wiped, in the order of sealing, and their sum over the one
    line they share."""

    bundles: list[UploadView] = []
    total: int = 0
    confirmed: int = 0
    rate: int = 0
    left_min: int | None = None


class UploadsChanged(Message, frozen=True):
    """Server → console: pushed while something uploads, at a bounded rate."""

    uploads: Uploads


class GetUploads(Message, frozen=True):
    """How far every upload is; answered by Done."""

    n: int


UploadMessage = GetUploads
