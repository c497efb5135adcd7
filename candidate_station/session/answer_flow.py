"""One sitting's answers on their way: into the journal first, then to the server (H07, H08).

Rules, no I/O. An entry may leave the station once it is fsynced here. When the own disk refuses,
the server is the only durable place left, so entries go there unjournaled while the screen goes on
saying FAILED (a restart gets them back with the server's history).
"""

from collections.abc import Sequence

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.draft import Draft
from candidate_station.answers.outbox import ACK_TIMEOUT_S, MAX_BATCH, Outbox
from candidate_station.session.effects import AppendEntries, Effect, SendMessage
from candidate_station.session.inputs import JournalOpened, Now
from candidate_station.session.screen_state import SaveState
from venue_server.client.station import save_parts
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.station_messages import Save, SaveAck
from venue_server.wire.swap_orders import Moved, OfferTail

DISK_RETRY_S = 2.0


class AnswerFlow:
    """Chain, draft, journal position and outbox of one sitting."""

    def __init__(self, journal: JournalOpened) -> None:
        self.sitting_id = journal.sitting_id
        self.chain = AnswerChain(journal.sitting_id, journal.entries)
        self.draft = Draft(journal.entries)
        self.outbox = Outbox(self.chain)
        self.damaged = journal.damaged
        self.disk_failed = False
        self.diverged = False
        self.refused = False
        self.moved: Moved | None = None
        self._kept = 0  # of a moved sitting: entries that the server holds, merged or aside
        self._tail_at = 0.0
        self.reopened_seq = 0
        """Hand-ins up to here were undone by two people (I10)."""
        self._salvaged = journal.salvaged
        self._written = self.chain.seq
        self._writing = False
        self._retry_at = 0.0

    @property
    def durable_somewhere(self) -> bool:
        """True when a change made now would be kept: on this disk, or at least at the server."""
        return not self.disk_failed or self.outbox.open

    @property
    def unsynced(self) -> int:
        """Entries that lie on this machine only, as far as is known."""
        return self.chain.seq - self._kept if self.moved else self.outbox.unsynced

    @property
    def written(self) -> int:
        """The last entry that is fsynced here."""
        return self._written

    @property
    def closing(self) -> ResponseEntry | None:
        """The ``submit`` entry that ends the chain, if it is closed."""
        last = self.chain.last
        closed = last is not None and last.kind == "submit" and last.seq > self.reopened_seq
        return last if closed else None

    def record(
        self,
        kind: str,
        item_id: str,
        values: dict[str, list[str]],
        displayed: dict[str, list[str]],
        at_ms: int,
    ) -> None:
        """The candidate did something; it becomes the next entry."""
        self.draft.apply(self.chain.add(kind, item_id, values, displayed, at_ms))

    def learn(self, part: Sequence[ResponseEntry], upto: int) -> bool:
        """Take over one part of the server's history, which ends at ``upto``. True when a further
        part is needed; False when the chain is whole or, with nothing taken, another one.

        What the server has is acknowledged; nothing is sent until the chain is whole.
        """
        before = self.chain.seq
        if not self.chain.goes_with(part):
            return False
        self._take(part)
        if self.chain.seq >= upto or (part and self.chain.seq == before):
            return False
        self.outbox.server_has(self.chain.seq)
        self.outbox.close()
        return True

    def move(self, told: Moved) -> None:
        """The sitting goes on elsewhere: hand over what the server lacks, take nothing back."""
        self.moved, self._tail_at = told, 0.0
        self.refused = self.diverged = False
        self.outbox.close()
        seq = told.kept_seq
        if seq <= self.chain.seq and self.chain.head_at(seq) == told.kept_head:
            self._kept = max(self._kept, seq)

    def server_says(self, seq: int, head: str, history: Sequence[ResponseEntry]) -> bool:
        """Compare with the server's durable end; take over what it has more. False: diverged.

        A diverged chain is kept whole and nothing more is sent (F24: both branches are kept, a
        human decides).
        """
        mine = self.chain.agrees(seq, head, history)
        if mine:
            self._take(history)
            self._take(self._salvaged)
            self.outbox.server_has(seq)
        else:
            self.outbox.close()
        self.diverged = not mine
        self.refused = False
        self.moved = None
        return mine

    def acknowledged(self, ack: SaveAck) -> None:
        """Synced is only ever this."""
        if not self.outbox.acknowledged(ack.seq, ack.head):
            self.diverged = True
            self.outbox.close()

    def refuse(self) -> None:
        """The server will not take the rest; it stays in the journal."""
        self.refused = True
        self.outbox.close()

    def appended(self, seq: int) -> None:
        """The journal is fsynced up to ``seq``."""
        self._written = max(self._written, seq)
        self._writing = False
        self.disk_failed = False

    def append_failed(self, now: Now) -> None:
        """The disk refused; the same entries are tried again a little later."""
        self._writing = False
        self.disk_failed = True
        self._retry_at = now.mono_s + DISK_RETRY_S

    def pump(self, now: Now) -> list[Effect]:
        """What is due for the disk and for the server."""
        effects: list[Effect] = []
        waiting = self.chain.between(self._written, self.chain.seq)
        if waiting and not self._writing and now.mono_s >= self._retry_at:
            self._writing = True
            effects.append(AppendEntries(self.sitting_id, waiting))
        if self.moved is not None:
            return effects + self._tail(now)
        durable = self.chain.seq if self.disk_failed else self._written
        if batch := self.outbox.batch(durable, now.mono_s):
            effects.append(SendMessage(Save(self.sitting_id, list(batch))))
        return effects

    def _tail(self, now: Now) -> list[Effect]:
        """The next part of a moved sitting's tail; again until the server says that it keeps it."""
        entries = self.chain.between(self._kept, self._kept + MAX_BATCH)
        if not entries or now.mono_s < self._tail_at:
            return []
        self._tail_at = now.mono_s + ACK_TIMEOUT_S
        part = save_parts(entries)[0]
        return [SendMessage(OfferTail(self.sitting_id, part))]

    def save_state(self) -> SaveState:
        """Where the newest answer is; never more optimistic than the truth."""
        newest = self.draft.last_response_seq
        if self.disk_failed:
            return SaveState.FAILED
        if newest == 0:
            return SaveState.NOTHING
        if self.outbox.acked >= newest:
            return SaveState.SYNCED
        return SaveState.LOCAL if self._written >= newest else SaveState.NOTHING

    def _take(self, entries: Sequence[ResponseEntry]) -> None:
        before = self.chain.seq
        self.chain.extend(entries)
        for entry in self.chain.between(before, self.chain.seq):
            self.draft.apply(entry)
