"""Keeps aside what does not fit a sitting's chain: sealed, recorded, never decided here (F24).

It lies on the primary only; people and headquarters judge it (``branching/``).
"""

from collections.abc import Callable

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.responses import store as rows
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.storage.engine import Store
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.refusals import Refusal

KNOWN = 4096
"""Batches kept aside that are known again: a station that heard no answer sends them again."""


class Aside:
    """What was kept aside of all sittings."""

    def __init__(
        self, store: Store, ledger: Ledger, keys: AnswerKeys, now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._now_ms = now_ms
        self._last: dict[str, None] = {}  # digests, oldest first

    async def keep(
        self,
        session_id: str,
        sitting_id: str,
        machine_id: str,
        strays: list[ResponseEntry],
        refusal: Refusal | None,
    ) -> bool:
        """Durable on return. False: the very same is kept already."""
        code = refusal.code.value if refusal else ""
        at_ms = self._now_ms()
        plain = msgspec.json.encode(strays).decode()
        this = sha256_hex(f"{sitting_id}\0{machine_id}\0{code}\0{plain}".encode())
        if this in self._last:
            return False
        marker = ResponseEntry(sitting_id, -1, "stray", "", {"entries": [plain]}, {}, at_ms, "")
        sealed = self._keys.seal(session_id, marker)

        def run(tx: Connection) -> None:
            rows.insert_stray(tx, sitting_id, machine_id, code, sealed, at_ms)
            self._ledger.record(
                tx,
                Event.ANSWERS_QUARANTINED,
                machine_id,
                sitting=sitting_id,
                code=code,
                count=len(strays),
            )

        await self._store.write(run)
        self._last[this] = None
        if len(self._last) > KNOWN:
            del self._last[next(iter(self._last))]
        return True

    def of(self, session_id: str, sitting_ids: list[str]) -> list[dict[str, object]]:
        """What was kept aside of sittings, opened, for headquarters' people."""
        return [
            {
                "sitting_id": row.sitting_id,
                "machine_id": row.machine_id,
                "code": row.code,
                "received_at_ms": row.received_at_ms,
                "entries": self._values(session_id, row.sitting_id, row.sealed),
            }
            for row in self._store.read(lambda tx: rows.strays_of(tx, sitting_ids))
        ]

    def open(self, session_id: str, sitting_id: str, sealed: bytes) -> list[ResponseEntry]:
        """One row of what was kept aside."""
        (entries,) = self._values(session_id, sitting_id, sealed)
        return msgspec.json.decode(entries, type=list[ResponseEntry])

    def _values(self, session_id: str, sitting_id: str, sealed: bytes) -> list[str]:
        return self._keys.open(session_id, sitting_id, -1, sealed).values["entries"]
