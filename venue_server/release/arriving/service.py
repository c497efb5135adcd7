"""Documents from headquarters' line: kept once, checked exactly like a file (F14, I03, I11).

A notice is taken in as by hand: held, and published by two people only. An order about a session
waits until two people take it in: no order of anybody's works by arriving.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release.arriving import store as rows
from venue_server.release.arriving.rules import DocumentList, judge_list
from venue_server.release.arriving.store import LineDocument
from venue_server.sitting.ordered.document import TYPE as ORDER
from venue_server.sitting.ordered.document import SessionOrder, read_order
from venue_server.storage.engine import Store
from venue_server.vault.notice import TYPE as NOTICE
from venue_server.vault.notice import Notice, read_notice
from venue_server.wire.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class Reader:
    """Whom this venue believes, and who it is."""

    keys: Mapping[str, Ed25519PublicKey]
    threshold: int
    venue_id: str

    def read(self, data: bytes) -> Notice | SessionOrder | Refusal:
        """A notice or an order for this venue; otherwise the refusal a file would get."""
        notice = read_notice(data, self.keys, self.threshold, self.venue_id)
        wrong_type = RefusalCode.DOCUMENT_WRONG_TYPE
        if not isinstance(notice, Refusal) or notice.code is not wrong_type:
            return notice
        return read_order(data, self.keys, self.threshold, self.venue_id)


class Arrived:
    """Reads come from memory; whatever came is durable before it counts."""

    def __init__(
        self, store: Store, ledger: Ledger, reader: Reader, now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._reader = reader
        self._now_ms = now_ms
        self._load()
        self._length = 0

    def _load(self) -> None:
        self._kept = {each.number: each for each in self._store.read(rows.documents)}
        self._notices: dict[int, Notice] = {}
        self._orders: dict[int, SessionOrder] = {}
        for number, each in self._kept.items():
            found = self._reader.read(each.document.encode()) if not each.code else None
            if isinstance(found, Notice):
                self._notices[number] = found
            elif isinstance(found, SessionOrder):
                self._orders[number] = found

    def missing(self, found: DocumentList) -> list[int] | Refusal:
        """Places of a verified list that are not here; DOC-10 when it is an old or false one."""
        known = {number: each.sha256 for number, each in self._kept.items()}
        refusal = judge_list(found, known, self._length)
        if refusal is not None:
            return refusal
        self._length = len(found.documents)
        return [at for at in range(1, self._length + 1) if at not in known]

    async def keep(self, number: int, sha256: str, data: bytes | Refusal) -> None:
        """Keep what stands at one place: bytes with this digest, or why none are wanted."""
        found = self._reader.read(data) if isinstance(data, bytes) else data
        refused = isinstance(found, Refusal)
        kept = LineDocument(
            number=number,
            sha256=sha256,
            kind={Notice: NOTICE, SessionOrder: ORDER}.get(type(found), ""),
            document="" if refused or not isinstance(data, bytes) else data.decode(),
            code=found.code.value if isinstance(found, Refusal) else "",
            arrived_at_ms=self._now_ms(),
        )

        def run(tx: Connection) -> None:
            if rows.insert(tx, kept):
                self._ledger.record(
                    tx,
                    Event.LINE_DOCUMENT,
                    number=number,
                    sha256=sha256,
                    kind=kept.kind,
                    code=kept.code,
                )

        await self._store.write(run)
        self._load()

    def notices(self) -> dict[LineDocument, Notice]:
        """Every notice that came, in headquarters' order."""
        return {self._kept[number]: found for number, found in sorted(self._notices.items())}

    def orders(self) -> dict[LineDocument, SessionOrder]:
        """Every order that came, in headquarters' order."""
        return {self._kept[number]: found for number, found in sorted(self._orders.items())}

    def refused(self) -> list[LineDocument]:
        """What came and was no document for this venue."""
        return [each for each in self._kept.values() if each.code]
