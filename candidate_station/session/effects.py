"""Everything the session machine may ask for. The driver carries effects out in order."""

from dataclasses import dataclass

from venue_server.wire.chain import ResponseEntry
from venue_server.wire.station_messages import FormKey, PaperOffer, StationMessage, WrappingKey


@dataclass(frozen=True)
class SendMessage:
    """Send, or drop when the link is down: the machine sends again what matters."""

    message: StationMessage


@dataclass(frozen=True)
class OpenJournal:
    """Answered by JournalOpened or JournalFailed."""

    sitting_id: str


@dataclass(frozen=True)
class AppendEntries:
    """Answered by Appended or AppendFailed; one at a time for a sitting."""

    sitting_id: str
    entries: tuple[ResponseEntry, ...]


@dataclass(frozen=True)
class MarkSettled:
    """Remember on disk that the server's receipt covers the journal up to ``head``."""

    sitting_id: str
    head: str


@dataclass(frozen=True)
class FetchCiphertext:
    """Answered by CiphertextHeld or CiphertextFailed. ``afresh``: do not trust a held copy."""

    offer: PaperOffer
    afresh: bool = False


@dataclass(frozen=True)
class OpenPaper:
    """Unwrap the key and unseal the paper in memory; answered by PaperUnsealed or PaperRefused."""

    offer: PaperOffer
    wrapping: WrappingKey
    form_key: FormKey


@dataclass(frozen=True)
class ClosePaper:
    """Forget the open paper and its key; the ciphertext stays."""


@dataclass(frozen=True)
class Destroy:
    """Destroy the paper's ciphertext and the sitting's journal with its key (L10, L11).

    ``acknowledged``: the machine knows that the server holds every entry. Otherwise the driver
    destroys only a journal that a stored receipt covers. Answered by Destroyed or
    DestroyRefused.
    """

    paper_id: str
    sitting_id: str
    acknowledged: bool
    sha256: tuple[str, ...] = ()  # of ciphertexts that may lie there without their offer


@dataclass(frozen=True)
class BeginAnew:
    """A paper that was open in this program is destroyed: end, and let the session start the
    program afresh, so that no page and no string of it is left in any process (L10)."""


@dataclass(frozen=True)
class CheckMachine:
    """Check this machine, leaving ``token`` on the disk first; answered by FactsFound (C11)."""

    n: int
    token: str


Effect = (
    SendMessage
    | OpenJournal
    | AppendEntries
    | MarkSettled
    | FetchCiphertext
    | OpenPaper
    | ClosePaper
    | Destroy
    | BeginAnew
    | CheckMachine
)
