"""The clockwork of headquarters' documents: asks for the list, fetches what is new, and says
what waits for people.

Nothing is put into force here. A notice is held until two people publish it, an order about a
session waits until two take it in; both may still come as files (F14, I03, I11).
"""

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Iterable

from venue_server.gateway.desk_parts import DeskParts
from venue_server.release.arriving.rules import (
    MAX_DOCUMENT,
    NEAR_BEFORE_MS,
    SHORTEST_S,
    DocumentList,
    Listed,
    pause_s,
    read_list,
)
from venue_server.release.arriving.service import Arrived
from venue_server.release.arriving.store import LineDocument
from venue_server.release.headquarters_line import HeadquartersLine, LineFault
from venue_server.sitting.forms import Form
from venue_server.sitting.ordered.document import SessionOrder
from venue_server.sitting.ordered.service import OrderBook
from venue_server.sitting.states import AFTER_END
from venue_server.vault.notice import Notice
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.refusals import Refusal, RefusalCode

_TAKEN = (RefusalCode.NOTICE_REPLAYED, RefusalCode.ORDER_REPLAYED)
"""It is here already, by this way or as a file."""
_log = logging.getLogger(__name__)


class DocumentKeeper:
    """``forms`` are those that this venue has or is to get."""

    def __init__(
        self,
        parts: DeskParts,
        arrived: Arrived,
        book: OrderBook,
        forms: Callable[[], Collection[Form]],
    ) -> None:
        self._parts = parts
        self._arrived = arrived
        self._book = book
        self._forms = forms
        self._etag = ""
        self._list: DocumentList | None = None
        self._list_refused: Refusal | None = None
        self._notices_refused: dict[int, RefusalCode] = {}
        self._faults = 0
        self._asked_s: float | None = None

    async def run(self, line: HeadquartersLine) -> None:
        """For ever: ask, fetch, take in."""
        while True:
            await self._look(line)
            await self._settle()
            rate = self._parts.clock.rate
            jitter = random.random()  # noqa: S311  # jitter
            pause = pause_s(self._is_near(), self._faults, self._asked_s, jitter) / rate
            await asyncio.sleep(max(SHORTEST_S, pause))

    def _is_near(self) -> bool:
        now = self._parts.clock.now_ms()
        return any(
            each.state not in AFTER_END and each.planned.start_ms - NEAR_BEFORE_MS <= now
            for each in self._parts.sittings.sessions()
        )

    # ---- the line ------------------------------------------------------------------------

    async def _look(self, line: HeadquartersLine) -> None:
        try:
            answer = await line.documents(self._parts.venue_id, self._etag)
            if answer.body is not None:
                self._follow(answer.body, answer.etag)
            await self._fetch(line)
        except LineFault as fault:
            if not self._faults:
                _log.warning("headquarters' documents: %s", fault)
            self._faults, self._asked_s = self._faults + 1, None
        else:
            self._faults, self._asked_s = 0, answer.retry_after_s

    def _follow(self, body: bytes, etag: str) -> None:
        keys, threshold = self._parts.headquarters_keys, self._parts.headquarters_threshold
        found = read_list(body, keys, threshold, self._parts.venue_id)
        missing = self._arrived.missing(found) if isinstance(found, DocumentList) else found
        if isinstance(missing, Refusal):
            if missing != self._list_refused:
                _log.warning("headquarters' documents: %s", missing.text("en"))
            self._list_refused, self._etag = missing, ""
            return
        assert isinstance(found, DocumentList), "what is not one has a refusal"
        self._list, self._list_refused, self._etag = found, None, etag

    async def _fetch(self, line: HeadquartersLine) -> None:
        """Fetch what of the newest list is not here; one that fails keeps no other away."""
        missing = self._arrived.missing(self._list) if self._list is not None else []
        if self._list is None or isinstance(missing, Refusal):
            return
        failed: LineFault | None = None
        for number in missing:
            listed = self._list.documents[number - 1]
            try:
                await self._arrived.keep(number, listed.sha256, await self._whole(line, listed))
            except LineFault as fault:
                failed = fault
        if failed is not None:
            raise failed

    async def _whole(self, line: HeadquartersLine, listed: Listed) -> bytes | Refusal:
        if not 0 < listed.size <= MAX_DOCUMENT:
            return Refusal(RefusalCode.MESSAGE_TOO_LARGE, str(listed.size))
        return await line.document(self._parts.venue_id, listed.sha256, listed.size)

    # ---- taking in -----------------------------------------------------------------------

    async def _settle(self) -> None:
        """Hold every notice that is not here yet; one for a paper that the venue is only going to
        get is tried again, as somebody with a file would."""
        known = {(each.paper_id, each.sequence) for each in self._parts.notices.all()}
        refused: dict[int, RefusalCode] = {}
        for kept, found in self._arrived.notices().items():
            if (found.paper_id, found.sequence) in known:
                continue
            no = await self._parts.notices.keep(found, kept.document.encode(), self._forms(), "")
            if no is not None and no.code not in _TAKEN:
                refused[kept.number] = no.code
        self._notices_refused = refused
        self._parts.hub.venue_changed()

    # ---- saying --------------------------------------------------------------------------

    def waiting(self) -> list[tuple[LineDocument, SessionOrder]]:
        """Orders that came and that nobody took in yet, where anything is left to take in."""
        judged = ((kept, found, self._book.judge(found)) for kept, found in self._orders())
        return [(kept, found) for kept, found, no in judged if no is None]

    def order(self, sha256: str) -> tuple[LineDocument, SessionOrder] | None:
        """The order that came with this digest."""
        return next((each for each in self._orders() if each[0].sha256 == sha256), None)

    def _orders(self) -> Iterable[tuple[LineDocument, SessionOrder]]:
        return self._arrived.orders().items()

    def alarms(self) -> list[Alarm]:
        """What waits for two people, and what cannot be taken in."""
        told = [
            Alarm(
                AlarmCode.ORDER_ARRIVED,
                {"session": found.session_id, "reference": found.reference},
            )
            for _kept, found in self.waiting()
        ]
        told += [
            Alarm(
                AlarmCode.NOTICE_ARRIVED,
                {"paper": found.paper_id, "sequence": str(found.sequence)},
            )
            for kept, found in self._arrived.notices().items()
            if self._unpublished(found) and kept.number not in self._notices_refused
        ]
        return told + [
            Alarm(AlarmCode.DOCUMENT_REFUSED, {"number": str(number), "code": code})
            for number, code in self._refused()
        ]

    def _unpublished(self, found: Notice) -> bool:
        """Held and not published, while anybody may still sit the paper."""
        held = any(
            not each.published_at_ms
            for each in self._parts.notices.all()
            if (each.paper_id, each.sequence) == (found.paper_id, found.sequence)
        )
        return held and any(each.state not in AFTER_END for each in self._parts.sittings.sessions())

    def _refused(self) -> list[tuple[int, str]]:
        told = [(each.number, each.code) for each in self._arrived.refused()]
        told += [(number, code.value) for number, code in self._notices_refused.items()]
        judged = ((kept, self._book.judge(found)) for kept, found in self._orders())
        told += [
            (kept.number, no.code.value)
            for kept, no in judged
            if no is not None and no.code not in _TAKEN
        ]
        if self._list_refused is not None:
            told.append((0, self._list_refused.code.value))
        return sorted(told)
