"""The paper on this station: ciphertext, keys still sealed, open, gone (E01, E02, D17).

Rules, no I/O. Only sealed forms of the keys pass through here; the driver opens them. OPEN means
unsealed in this machine's memory; the candidate sees it at the effective start (progress.py),
never because a key arrived.
"""

from enum import StrEnum

from candidate_station.paper.item_order import items_in_order
from candidate_station.session.effects import (
    Effect,
    FetchCiphertext,
    OpenPaper,
    SendMessage,
)
from candidate_station.session.inputs import Now
from venue_server.wire.messages import PaperSeal
from venue_server.wire.paper_index import ItemIndex, PaperIndex, SectionIndex
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import FormKey, PaperOffer, PaperReady, WrappingKey

FETCH_RETRY_S = 2.0

Placed = tuple[tuple[ItemIndex, SectionIndex], ...]


class PaperState(StrEnum):
    """Drawn in docs/states/station.md."""

    NONE = "NONE"
    FETCHING = "FETCHING"
    MISSING = "MISSING"  # offered, but fetching failed: tried again
    HELD = "HELD"  # verified ciphertext on this machine
    OPENING = "OPENING"
    OPEN = "OPEN"
    REFUSED = "REFUSED"  # it does not open


_P = PaperState
PAPER_TRANSITIONS: dict[PaperState, frozenset[PaperState]] = {
    _P.NONE: frozenset({_P.FETCHING, _P.HELD}),
    _P.FETCHING: frozenset({_P.HELD, _P.MISSING, _P.NONE, _P.FETCHING}),
    _P.MISSING: frozenset({_P.FETCHING, _P.NONE}),
    _P.HELD: frozenset({_P.OPENING, _P.FETCHING, _P.NONE}),
    _P.OPENING: frozenset({_P.OPEN, _P.REFUSED, _P.HELD, _P.NONE}),
    _P.OPEN: frozenset({_P.HELD, _P.NONE}),
    _P.REFUSED: frozenset({_P.FETCHING, _P.HELD, _P.NONE}),
}


class PaperFlow:
    """One paper at a time."""

    def __init__(self) -> None:
        self.state = PaperState.NONE
        self.offer: PaperOffer | None = None
        self.index: PaperIndex | None = None
        self.refusal: Refusal | None = None
        self._placed: tuple[str, Placed] = "", ()  # of which sitting
        self._wrapping: dict[tuple[str, str], WrappingKey] = {}
        self._keys: dict[tuple[str, str], tuple[WrappingKey, FormKey]] = {}
        self._retry_at = 0.0

    @property
    def seal(self) -> PaperSeal | None:
        """What may be shown before release."""
        return self.offer.seal if self.offer else None

    @property
    def held_sha256(self) -> str:
        """SHA-256 of the verified ciphertext on this machine, or empty."""
        held = self.state in (_P.HELD, _P.OPENING, _P.OPEN)
        return self.offer.sha256 if held and self.offer else ""

    @property
    def keyed(self) -> bool:
        """True when the sealed keys for the offered form are here."""
        return self._form() in self._keys

    def items(self, sitting_id: str) -> Placed:
        """Items of the open paper with their sections, in the order this sitting sees (D15)."""
        if self.index is None:
            return ()
        if not self._placed[1] or self._placed[0] != sitting_id:
            self._placed = sitting_id, items_in_order(self.index, sitting_id)
        return self._placed[1]

    def offered(self, offer: PaperOffer) -> list[Effect]:
        """The server offers ciphertext; an open paper is never replaced."""
        if self.state in (_P.OPENING, _P.OPEN):
            return []
        if self.held_sha256 == offer.sha256:
            self.offer = offer
            return [self._ready(offer)]
        if self.state is _P.FETCHING and self.offer == offer:
            return []
        self.offer = offer
        self._move(_P.FETCHING)
        return [FetchCiphertext(offer)]

    def held(self, offer: PaperOffer) -> list[Effect]:
        """Verified ciphertext is here: fetched just now, or found at the start."""
        if self.offer is not None and offer.sha256 != self.offer.sha256:
            return []
        if self.state not in (_P.NONE, _P.FETCHING):
            return []
        self.offer, self.refusal = offer, None
        self._move(_P.HELD)
        return [self._ready(offer)]

    def fetch_failed(self, offer: PaperOffer, now: Now) -> None:
        if self.state is _P.FETCHING and offer == self.offer:
            self._move(_P.MISSING)
            self._retry_at = now.mono_s + FETCH_RETRY_S

    def wrapping_key(self, message: WrappingKey) -> None:
        self._wrapping[message.paper_id, message.form_id] = message

    def form_key(self, message: FormKey) -> None:
        """A form key is under the wrapping key that came last before it; one without is useless,
        and the server sends both again at the next hello."""
        form = message.paper_id, message.form_id
        if form in self._wrapping:
            self._keys[form] = self._wrapping[form], message
            if self.state is _P.REFUSED:
                self._move(_P.HELD)
                self.refusal = None

    def opens_at(self, effective_start_ms: int) -> int:
        """The instant to show it at: what timing and key say, whichever is later."""
        keys = self._keys.get(self._form())
        return max(effective_start_ms, keys[1].effective_start_ms if keys else 0)

    def pump(self, online: bool, now: Now) -> list[Effect]:
        """Fetch again what failed; fetch afresh what did not open because it is damaged."""
        if self.offer is None or not online or now.mono_s < self._retry_at:
            return []
        damaged = (
            self.state is _P.REFUSED
            and self.refusal is not None
            and self.refusal.code is RefusalCode.CIPHERTEXT_CORRUPT
        )
        if self.state is not _P.MISSING and not damaged:
            return []
        self._move(_P.FETCHING)
        return [FetchCiphertext(self.offer, afresh=damaged)]

    def open(self) -> list[Effect]:
        """Unseal in memory, when the ciphertext and the released key are here."""
        if self.state is not _P.HELD or not self.keyed or self.offer is None:
            return []
        self._move(_P.OPENING)
        return [OpenPaper(self.offer, *self._keys[self._form()])]

    def unsealed(self, index: PaperIndex) -> bool:
        """The paper is open; False when it was closed in the meantime."""
        if self.state is not _P.OPENING:
            return False
        self._move(_P.OPEN)
        self.index, self.refusal, self._placed = index, None, ("", ())
        return True

    def refused(self, refusal: Refusal, now: Now) -> None:
        """It does not open; a fresh key or fresh ciphertext may help."""
        if self.state is _P.OPENING:
            self._move(_P.REFUSED)
            self.refusal = refusal
            self._retry_at = now.mono_s + FETCH_RETRY_S

    def close(self) -> bool:
        """Forget the open paper; ciphertext and sealed keys stay. False: nothing was open."""
        was_open = self.state in (_P.OPENING, _P.OPEN)
        if was_open:
            self._move(_P.HELD)
        self.index = None
        return was_open

    def gone(self, paper_id: str) -> None:
        """The paper was destroyed."""
        if self.offer is not None and self.offer.seal.paper_id == paper_id:
            self._move(_P.NONE)
            self.offer = self.index = self.refusal = None
        self._wrapping = {form: k for form, k in self._wrapping.items() if form[0] != paper_id}
        self._keys = {form: k for form, k in self._keys.items() if form[0] != paper_id}

    def _form(self) -> tuple[str, str]:
        seal = self.seal
        return (seal.paper_id, seal.form_id) if seal else ("", "")

    def _ready(self, offer: PaperOffer) -> SendMessage:
        return SendMessage(PaperReady(offer.seal.paper_id, offer.seal.form_id, offer.sha256))

    def _move(self, target: PaperState) -> None:
        assert target in PAPER_TRANSITIONS[self.state], f"{self.state} -> {target}"
        self.state = target
