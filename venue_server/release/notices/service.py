"""Correction notices: imported sealed, published by two people, acknowledged by candidates (F14).

States: nothing -> held -> published. Nothing here opens a text before the paper's release: what
opens it is the release secret, which is not at the venue before (vault/notice.py).
"""

from collections.abc import Callable, Collection

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release.notices import store as rows
from venue_server.release.notices.store import KeptNotice, Read
from venue_server.sitting.forms import Form
from venue_server.storage.engine import Store
from venue_server.vault.notice import Notice, NoticeText, open_text
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


def notice_in(kept: KeptNotice) -> Notice:
    """The notice in a stored document; it was verified when it came."""
    return msgspec.convert(msgspec.json.decode(kept.document)["payload"], Notice)


def judge_new(
    new: Notice, known: Collection[KeptNotice], forms: Collection[Form]
) -> Refusal | None:
    """May this notice be kept? NTC-01 for a paper or form this venue does not have, NTC-02 known
    already, NTC-03 older than one that is known."""
    for form_id in new.sealed:
        if Form(new.paper_id, form_id) not in forms:
            return Refusal(RefusalCode.NOTICE_FOREIGN, f"{new.paper_id}/{form_id}")
    numbers = [each.sequence for each in known if each.paper_id == new.paper_id]
    name = f"{new.paper_id} {new.sequence}"
    if new.sequence in numbers:
        return Refusal(RefusalCode.NOTICE_REPLAYED, name)
    if numbers and new.sequence < max(numbers):
        return Refusal(RefusalCode.NOTICE_OLDER, name)
    return None


class Notices:
    """The venue's notices. Reads come from memory; every change is durable before it counts."""

    def __init__(self, store: Store, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._ledger = ledger
        self._now_ms = now_ms
        self._kept = [(each, notice_in(each)) for each in store.read(rows.notices)]
        self._read = {
            (each.sitting_id, each.paper_id, each.sequence) for each in store.read(rows.reads)
        }

    def all(self) -> list[KeptNotice]:
        """Every notice, by paper and sequence."""
        return [kept for kept, _ in self._kept]

    def published(self, form: Form) -> list[Notice]:
        """The published notices that concern a form, oldest first."""
        return [
            found
            for kept, found in self._kept
            if kept.published_at_ms
            and found.paper_id == form.paper_id
            and form.form_id in found.sealed
        ]

    @property
    def any_published(self) -> bool:
        """Is there anything at all that a candidate must read?"""
        return any(kept.published_at_ms for kept, _ in self._kept)

    def has_read(self, sitting_id: str, paper_id: str, sequence: int) -> bool:
        """Did this sitting acknowledge this notice?"""
        return (sitting_id, paper_id, sequence) in self._read

    def unread(self, sitting_id: str, form: Form) -> list[int]:
        """Numbers of the published notices that a sitting with this form has not acknowledged."""
        return [
            each.sequence
            for each in self.published(form)
            if not self.has_read(sitting_id, each.paper_id, each.sequence)
        ]

    async def keep(
        self, new: Notice, document: bytes, forms: Collection[Form], person: str
    ) -> Refusal | None:
        """Keep a verified notice (:func:`judge_new`)."""

        def run(tx: Connection) -> None:
            refusal = judge_new(new, rows.notices(tx), forms)
            if refusal is not None:
                raise RefusedError(refusal)
            kept = KeptNotice(new.paper_id, new.sequence, document.decode(), self._now_ms(), person)
            rows.insert(tx, kept)
            self._ledger.record(
                tx,
                Event.NOTICE_IMPORTED,
                person,
                paper=new.paper_id,
                sequence=new.sequence,
                forms=sorted(new.sealed),
            )

        return await self._changed(run)

    async def publish(
        self,
        paper_id: str,
        sequence: int,
        persons: str,
        secrets: Callable[[Form], bytes | None],
    ) -> Refusal | None:
        """Two people put a notice into force. NTC-05 unknown, NTC-06 not yet valid, NTC-07 done
        before; NTC-04 when the paper is released and its secret does not open the text."""

        def run(tx: Connection) -> None:
            name = f"{paper_id} {sequence}"
            known = {(each.paper_id, each.sequence): each for each in rows.notices(tx)}
            kept = known.get((paper_id, sequence))
            if kept is None:
                raise RefusedError(Refusal(RefusalCode.NOTICE_UNKNOWN, name))
            if kept.published_at_ms:
                raise RefusedError(Refusal(RefusalCode.NOTICE_PUBLISHED, name))
            now, found = self._now_ms(), notice_in(kept)
            if now < found.valid_from_ms:
                raise RefusedError(Refusal(RefusalCode.NOTICE_NOT_YET, name))
            for form_id in found.sealed:
                secret = secrets(Form(paper_id, form_id))
                text = open_text(found, form_id, secret) if secret else None
                if isinstance(text, Refusal):
                    raise RefusedError(text)
            rows.publish(tx, paper_id, sequence, now, persons)
            self._ledger.record(
                tx, Event.NOTICE_PUBLISHED, persons, paper=paper_id, sequence=sequence
            )

        return await self._changed(run)

    def texts(self, form: Form, secret: bytes) -> list[tuple[int, NoticeText]]:
        """The published notices of a released form, opened. One that does not open was refused at
        its publication, or published before the release: it is left out, :meth:`unreadable`."""
        opened = (
            (each.sequence, open_text(each, form.form_id, secret)) for each in self.published(form)
        )
        return [(number, text) for number, text in opened if not isinstance(text, Refusal)]

    def unreadable(self, form: Form, secret: bytes) -> list[int]:
        """Published notices whose text the released secret does not open: headquarters' fault."""
        return [
            each.sequence
            for each in self.published(form)
            if isinstance(open_text(each, form.form_id, secret), Refusal)
        ]

    async def acknowledged(self, read: Read) -> None:
        """A candidate read a notice; again is harmless. Numbers nobody published are ignored."""
        key = read.sitting_id, read.paper_id, read.sequence
        published = any(
            (kept.paper_id, kept.sequence) == key[1:] and kept.published_at_ms
            for kept, _ in self._kept
        )
        if key in self._read or not published:
            return

        def run(tx: Connection) -> None:
            if rows.insert_read(tx, read):
                self._ledger.record(
                    tx,
                    Event.NOTICE_READ,
                    sitting=read.sitting_id,
                    paper=read.paper_id,
                    sequence=read.sequence,
                )

        await self._store.write(run)
        self._read.add(key)

    async def _changed(self, run: Callable[[Connection], None]) -> Refusal | None:
        try:
            await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        self._kept = [(each, notice_in(each)) for each in self._store.read(rows.notices)]
        return None
