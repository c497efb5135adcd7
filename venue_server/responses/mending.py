"""Reading answers from a primary store with bad sectors: the second copy has them, too (R3).

Every answer is authenticated when it is opened, so a flipped bit cannot pass for an answer. What
does not open in the primary is taken from the second copy, and the damage is said aloud.
"""

from collections.abc import Sequence

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.responses.acceptance import Head
from venue_server.responses.answer_keys import AnswerFault, AnswerKeys
from venue_server.responses.second_copy import SecondCopy
from venue_server.responses.store import sealed_of
from venue_server.storage.engine import Store
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.chain import ResponseEntry, entry_hash

Sealed = tuple[int, bytes]  # sequence, sealed entry


class Mending:
    """Opens rows of the primary, from any thread. ``damaged`` names the first that was whole in the
    second copy alone."""

    def __init__(self, store: Store, ledger: Ledger, keys: AnswerKeys, second: SecondCopy) -> None:
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._second = second
        self.damaged: Alarm | None = None

    def authentic(self, session_id: str, sitting_id: str, head: Head) -> Head:
        """The end of a chain as its sealed entry says it: bits of the row beside it may rot, and a
        station would take the other head for another chain."""
        if head.seq == 0 or not self._keys.holds(session_id):
            return head
        rows = self._store.read(lambda tx: sealed_of(tx, sitting_id, head.seq - 1))
        try:
            last = self.open(session_id, sitting_id, rows)[-1]
        except AnswerFault:
            return head  # in neither copy: sealing says so
        if last.hash != head.hash:
            self._found(sitting_id, head.seq)
        return Head(head.seq, last.hash)

    def open(self, session_id: str, sitting_id: str, rows: Sequence[Sealed]) -> list[ResponseEntry]:
        """The entries of these rows. Raises AnswerFault: damaged in both copies, or the session's
        key is gone."""
        try:
            return [self._keys.open(session_id, sitting_id, seq, sealed) for seq, sealed in rows]
        except AnswerFault:
            if not self._keys.holds(session_id):
                raise
            return self._open_each(session_id, sitting_id, rows)

    def _open_each(
        self, session_id: str, sitting_id: str, rows: Sequence[Sealed]
    ) -> list[ResponseEntry]:
        elsewhere = self._second.sealed_of(sitting_id)
        entries = []
        for seq, sealed in rows:
            try:
                entry = self._keys.open(session_id, sitting_id, seq, sealed)
            except AnswerFault:
                if seq not in elsewhere:
                    raise
                entry = self._keys.open(session_id, sitting_id, seq, elsewhere[seq])
                assert entry.hash == entry_hash(entry), "it was accepted so"
                self._found(sitting_id, seq)
            entries.append(entry)
        return entries

    def _found(self, sitting_id: str, seq: int) -> None:
        """Said aloud, and written down once."""
        if self.damaged is None:
            what = f"{sitting_id}/{seq}"
            self.damaged = Alarm(AlarmCode.PRIMARY_DAMAGED, {"what": what})
            self._store.submit(
                lambda tx: self._ledger.record(
                    tx, Event.STORE_DEGRADED, copy="primary", problem=what
                )
            )
