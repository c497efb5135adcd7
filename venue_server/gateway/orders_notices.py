"""Orders about headquarters' correction notices: import, publication by two, who read them (F14).

No answer here has a notice's text: it is item content (O02).
"""

from collections.abc import Collection
from pathlib import Path

import msgspec

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.notice_desk import NoticeDesk
from venue_server.release.notices.service import notice_in
from venue_server.release.notices.store import KeptNotice
from venue_server.sitting.forms import Form, main_forms, reserve_forms
from venue_server.sitting.rows import Sitting
from venue_server.staff.permissions import sees
from venue_server.staff.person import Person
from venue_server.storage.media_lanes import on_medium
from venue_server.vault.notice import read_notice
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.names import SittingState
from venue_server.wire.notice_orders import (
    GetNotices,
    ImportNotice,
    NoticeState,
    NoticeView,
    PublishNotice,
    RoomReads,
)
from venue_server.wire.refusals import Refusal, RefusalCode

MAX_FILE = 4 * 1024 * 1024
_AT_WORK = frozenset({SittingState.IN_PROGRESS})


class NoticeOrders:
    """See the module's text."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._desk = NoticeDesk(parts)

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetNotices": self._get,
            "ImportNotice": self._import,
            "PublishNotice": self._publish,
        }

    # ---- in ------------------------------------------------------------------------------

    async def _import(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ImportNotice)
        parts = self._parts
        try:
            data = await on_medium(Path(message.file), _read_file, Path(message.file))
        except OSError as error:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, error.strerror or message.file)
        keys, threshold = parts.headquarters_keys, parts.headquarters_threshold
        found = read_notice(data, keys, threshold, parts.venue_id)
        if isinstance(found, Refusal):
            return found
        person = ordered.person.person_id
        refusal = await parts.notices.keep(found, data, self.forms(), person)
        return refusal or {"paper_id": found.paper_id, "sequence": found.sequence}

    def forms(self) -> set[Form]:
        """Every form that this venue has or is to get."""
        forms: set[Form] = set()
        for session in self._parts.sittings.sessions():
            forms.update(main_forms(session.planned), reserve_forms(session.planned))
            forms.update(held.form for held in self._parts.papers.all_held(session))
        return forms

    # ---- out -----------------------------------------------------------------------------

    async def _publish(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, PublishNotice)
        parts = self._parts
        session = parts.sittings.current_session()
        session_id = session.session_id if session else ""
        refusal = await parts.notices.publish(
            message.paper_id,
            message.sequence,
            ordered.both,
            lambda form: parts.releases.secret_of(session_id, form),
        )
        if refusal is not None:
            return refusal
        at_work = [each for each in self._sittings(session_id) if each.state in _AT_WORK]
        for sitting in at_work:
            await self._desk.told(sitting)
            parts.hub.seat_changed(sitting.room_id, sitting.seat_no)
        return {"stations": len(at_work)}

    # ---- looking -------------------------------------------------------------------------

    async def _get(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetNotices)
        session = self._parts.sittings.current_session()
        session_id = session.session_id if session else ""
        sittings = self._sittings(session_id)
        views = [self._view(kept, session_id, sittings) for kept in self._parts.notices.all()]
        return {"notices": [_for(ordered.person, view) for view in views]}

    def _sittings(self, session_id: str) -> list[Sitting]:
        return self._parts.sittings.sittings(session_id) if session_id else []

    def _view(self, kept: KeptNotice, session_id: str, sittings: Collection[Sitting]) -> NoticeView:
        found = notice_in(kept)
        forms = [Form(found.paper_id, form_id) for form_id in found.sealed]
        secrets = {form: self._parts.releases.secret_of(session_id, form) for form in forms}
        opened = {form: secret for form, secret in secrets.items() if secret is not None}
        published = kept.published_at_ms > 0
        state = NoticeState.PUBLISHED if published else NoticeState.HELD
        unreadable = self._parts.notices.unreadable
        if any(kept.sequence in unreadable(form, secret) for form, secret in opened.items()):
            state = NoticeState.UNREADABLE
        return NoticeView(
            paper_id=kept.paper_id,
            sequence=kept.sequence,
            forms=sorted(found.sealed),
            state=state,
            issued_at_ms=found.issued_at_ms,
            valid_from_ms=found.valid_from_ms,
            imported_at_ms=kept.imported_at_ms,
            numbers=found.numbers if opened else [],
            published_at_ms=kept.published_at_ms,
            published_by=kept.published_by,
            rooms=self._reads(kept, forms, sittings) if published else [],
        )

    def _reads(
        self, kept: KeptNotice, forms: Collection[Form], sittings: Collection[Sitting]
    ) -> list[RoomReads]:
        concerned: dict[str, list[Sitting]] = {}
        for each in sittings:
            if each.state in _AT_WORK and self._desk.form_of(each) in forms:
                concerned.setdefault(each.room_id, []).append(each)
        has_read = self._parts.notices.has_read
        return [
            RoomReads(
                room_id,
                len(here),
                sorted(
                    each.seat_no
                    for each in here
                    if not has_read(each.sitting_id, kept.paper_id, kept.sequence)
                ),
            )
            for room_id, here in sorted(concerned.items())
        ]


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE)


def _for(person: Person, view: NoticeView) -> NoticeView:
    """The view with the rooms this person may see."""
    rooms = [each for each in view.rooms if sees(person, each.room_id)]
    return msgspec.structs.replace(view, rooms=rooms)
