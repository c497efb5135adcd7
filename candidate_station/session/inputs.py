"""Everything that can happen to a station's session: the only way into the machine."""

from dataclasses import dataclass

from candidate_station.session.intents import Intent
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.inspection_orders import StationFacts
from venue_server.wire.paper_index import PaperIndex
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import PaperOffer, ToStation


@dataclass(frozen=True)
class Now:
    """The instant an input is handled. ``mono_s`` is the machine's monotonic clock in seconds;
    ``exam_ms`` the estimated exam time, None until the server was heard once."""

    mono_s: float
    exam_ms: int | None


@dataclass(frozen=True)
class Enrolling:
    """Not enrolled; the code that a person must confirm at the server."""

    code: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Enrolled:
    station_id: str


@dataclass(frozen=True)
class LinkUp:
    pass


@dataclass(frozen=True)
class LinkDown:
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Received:
    message: ToStation


@dataclass(frozen=True)
class Wanted:
    """The candidate wants something."""

    intent: Intent


@dataclass(frozen=True)
class Observed:
    """The lock-down noticed something (V09), or it is over; goes to the invigilators as it is."""

    word: str
    true_now: bool


@dataclass(frozen=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True)
class JournalOpened:
    """The journal of a sitting is open: ``entries`` is its unbroken chain. When it was
    ``damaged``, ``salvaged`` holds the readable entries behind the damage."""

    sitting_id: str
    entries: tuple[ResponseEntry, ...]
    damaged: bool = False
    salvaged: tuple[ResponseEntry, ...] = ()


@dataclass(frozen=True)
class JournalFailed:
    """The journal could not even be opened; appending will try again."""

    sitting_id: str


@dataclass(frozen=True)
class Appended:
    """Entries up to ``seq`` are fsynced on this machine."""

    sitting_id: str
    seq: int


@dataclass(frozen=True)
class AppendFailed:
    """The disk refused; nothing of the batch counts as saved."""

    sitting_id: str


@dataclass(frozen=True)
class CiphertextHeld:
    """Ciphertext with the right SHA-256 is on this machine."""

    offer: PaperOffer


@dataclass(frozen=True)
class CiphertextFailed:
    """It could not be fetched; ``refusal`` when that has a name."""

    offer: PaperOffer
    refusal: Refusal | None = None


@dataclass(frozen=True)
class PaperUnsealed:
    """The paper is open in memory."""

    index: PaperIndex


@dataclass(frozen=True)
class PaperRefused:
    refusal: Refusal


@dataclass(frozen=True)
class Destroyed:
    """Paper, keys and journal named by the Destroy effect are gone, but for ``left``: names of
    what a search of the disk found afterwards."""

    paper_id: str
    sitting_id: str
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class DestroyRefused:
    """Nothing was destroyed, because answers would have been lost or the disk refused."""

    paper_id: str
    sitting_id: str


@dataclass(frozen=True)
class FactsFound:
    """What this machine found out about itself, for the server."""

    facts: StationFacts


Input = (
    Enrolling
    | Enrolled
    | LinkUp
    | LinkDown
    | Received
    | Wanted
    | Observed
    | Tick
    | JournalOpened
    | JournalFailed
    | Appended
    | AppendFailed
    | CiphertextHeld
    | CiphertextFailed
    | PaperUnsealed
    | PaperRefused
    | Destroyed
    | DestroyRefused
    | FactsFound
)
