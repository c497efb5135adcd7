"""Handing in: close the chain, see it acknowledged, ask for the receipt, ask again (G09-G11).

Rules, no I/O. The receipt comes only from the server and must name our own head; until then the
data stays and the asking goes on, over lost links and server restarts. A definite refusal stops
the asking until the server has been met anew.
"""

from candidate_station.session.answer_flow import AnswerFlow
from candidate_station.session.inputs import Now
from venue_server.wire.names import SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import Submit, SubmitReceipt

ASK_AGAIN_S = 3.0
FAILED_AFTER_S = 10.0
# Refusals that asking again on the same link cannot cure; every other one may pass.
_FINAL = frozenset({RefusalCode.SITTING_ENDED, RefusalCode.SITTING_UNKNOWN})


class HandIn:
    """One attempt to hand in one sitting."""

    def __init__(self, flow: AnswerFlow, kind: SubmitKind, now: Now) -> None:
        assert now.exam_ms is not None, "nothing ends before the time is known"
        self.kind = kind
        self.refusal: Refusal | None = None
        self.receipt: SubmitReceipt | None = None
        self._flow = flow
        self._asked: int | None = None
        self._next_at = 0.0
        self._failed_at = now.mono_s + FAILED_AFTER_S
        self._final = False
        if flow.closing is None:
            flow.record("submit", "", {"submit": [kind.value]}, {}, now.exam_ms)

    @staticmethod
    def kind_closed(flow: AnswerFlow) -> SubmitKind | None:
        """How the chain was closed, when its last entry closes it."""
        closing = flow.closing
        if closing is None:
            return None
        early = closing.values.get("submit") == [SubmitKind.EARLY.value]
        return SubmitKind.EARLY if early else SubmitKind.AUTO

    def failed(self, now: Now) -> bool:
        """True when the candidate must be told that it has not worked yet."""
        return self.receipt is None and (self.refusal is not None or now.mono_s >= self._failed_at)

    def due(self, number: int, online: bool, now: Now) -> Submit | None:
        """The Submit to send now under request ``number``."""
        flow = self._flow
        if self.receipt is not None or self._final or not online or now.mono_s < self._next_at:
            return None
        if not flow.outbox.open or flow.outbox.acked < flow.chain.seq:
            return None
        self._asked = number
        self._next_at = now.mono_s + ASK_AGAIN_S
        return Submit(number, flow.sitting_id, self.kind, flow.chain.seq, flow.chain.head)

    def met_again(self) -> None:
        """A new link: ask at once, whatever was answered before."""
        self._final = False
        self._next_at = 0.0

    def answered(self, receipt: SubmitReceipt) -> None:
        """Take a receipt; only one for our own head counts."""
        if receipt.head == self._flow.chain.head:
            self.receipt, self.refusal = receipt, None
        else:
            self.refusal = Refusal(RefusalCode.RECEIPT_MISMATCH)

    def refused(self, number: int, refusal: Refusal) -> bool:
        """Take a refusal; False when it does not answer our last asking."""
        if number != self._asked:
            return False
        self.refusal = refusal
        self._final = refusal.code in _FINAL
        return True
