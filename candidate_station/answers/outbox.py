"""What the server has not acknowledged yet, and when to send it.

Nothing is remembered across a restart on purpose: after a reload everything counts as unsent
until the server's own Welcome or SaveAck says otherwise (PITFALLS: saved-looking answers that
were never sent again). One batch is on its way at a time; a lost acknowledgement is answered by
sending again, which is harmless because saves are idempotent by (sitting, seq).
"""

import msgspec

from candidate_station.answers.answer_chain import AnswerChain
from venue_server.wire.chain import ResponseEntry

MAX_BATCH = 64
MAX_BATCH_BYTES = 512 * 1024
ACK_TIMEOUT_S = 5.0
RETRY_S = 1.0
_encoder = msgspec.json.Encoder()


class Outbox:
    """The sending side of one chain. ``open`` only between the server's word and a lost link."""

    def __init__(self, chain: AnswerChain) -> None:
        self._chain = chain
        self.acked = 0
        self.open = False
        self._sent = 0
        self._again_at = 0.0

    @property
    def unsynced(self) -> int:
        """Entries not acknowledged."""
        return self._chain.seq - self.acked

    def server_has(self, seq: int) -> None:
        """The server's durable end is ``seq``, checked to be on our chain. May go back."""
        self.acked = self._sent = min(seq, self._chain.seq)
        self._again_at = 0.0
        self.open = True

    def close(self) -> None:
        """The link is gone or the server may not be sent anything."""
        self.open = False
        self._sent = self.acked

    def acknowledged(self, seq: int, head: str) -> bool:
        """Take a SaveAck; False when it names another chain than ours."""
        if seq > self._chain.seq or head != self._chain.head_at(seq):
            return False
        self.acked = max(self.acked, seq)
        if self._sent <= self.acked:
            self._sent, self._again_at = self.acked, 0.0
        return True

    def send_again(self, mono_s: float) -> None:
        """The server could not take the last batch; try again a little later."""
        self._sent = self.acked
        self._again_at = mono_s + RETRY_S

    def batch(self, durable: int, mono_s: float) -> tuple[ResponseEntry, ...]:
        """The next entries to send, empty when nothing is due. ``durable`` is the last seq that
        may leave the station."""
        if not self.open:
            return ()
        if self._sent > self.acked and mono_s >= self._again_at:
            self._sent = self.acked
        if self._sent > self.acked or mono_s < self._again_at:
            return ()
        chosen: list[ResponseEntry] = []
        size = 0
        for entry in self._chain.between(self.acked, min(durable, self.acked + MAX_BATCH)):
            size += len(_encoder.encode(entry))
            if chosen and size > MAX_BATCH_BYTES:
                break
            chosen.append(entry)
        if chosen:
            self._sent = chosen[-1].seq
            self._again_at = mono_s + ACK_TIMEOUT_S
        return tuple(chosen)
