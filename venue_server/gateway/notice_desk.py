"""Correction notices between the venue and its stations (F14).

A notice goes out only to a sitting whose paper is open, so nothing of it is at a station before the
release, and at every meeting again: after a cut, a restart and a swap the station says that its
paper is open and is told them all. Acknowledgements come back inside the candidate's own chain.
"""

from collections.abc import Iterable

from venue_server.gateway.desk_parts import DeskParts
from venue_server.release.notices.store import Read
from venue_server.sitting.forms import Assignment, Form
from venue_server.sitting.rows import Sitting
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.names import SittingState
from venue_server.wire.notice_orders import SEAT_NOTICE_UNREAD, NoticesPublished, PaperNotice


class NoticeDesk:
    """See the module's text. Forms are fixed from the release on, so they are looked up once."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._fixed: dict[str, Assignment] = {}

    def form_of(self, sitting: Sitting) -> Form | None:
        """The form a sitting works on, wherever its candidate sits now."""
        assignment = self._fixed.get(sitting.session_id)
        if assignment is None:
            session = self._parts.sittings.session(sitting.session_id)
            assignment = self._parts.forms.assignment(session)
            if session.effective_start_ms is not None:
                self._fixed[sitting.session_id] = assignment
        return assignment.of_seat(sitting.room_id, sitting.seat_no)

    async def told(self, sitting: Sitting) -> None:
        """Tell a sitting's station every published notice of its form, if there is one."""
        form = self.form_of(sitting) if self._parts.notices.any_published else None
        secret = self._parts.releases.secret_of(sitting.session_id, form) if form else None
        if form is None or secret is None or sitting.state is not SittingState.IN_PROGRESS:
            return
        if self._parts.notices.unread(sitting.sitting_id, form):
            # The server may have died between an answer's commit and this note of it.
            entries = self._parts.responses.entries(sitting.session_id, sitting.sitting_id)
            await self.heard(sitting, entries, len(entries))
        texts = self._parts.notices.texts(form, secret)
        notices = [PaperNotice(number, text.items, text.zh, text.en) for number, text in texts]
        if notices and sitting.machine_id:
            message = NoticesPublished(sitting.sitting_id, notices)
            self._parts.hub.to_station(sitting.machine_id, message)

    async def heard(self, sitting: Sitting, entries: Iterable[ResponseEntry], durable: int) -> None:
        """Note what the candidate acknowledged in entries that are durable (up to ``durable``)."""
        form = self.form_of(sitting)
        for entry in entries:
            if entry.kind != "notice" or entry.seq > durable or form is None:
                continue
            for number in entry.values.get("notice", []):
                if number.isascii() and number.isdigit() and len(number) < 10:
                    read = Read(sitting.sitting_id, form.paper_id, int(number), entry.at_ms)
                    await self._parts.notices.acknowledged(read)
        self._parts.hub.seat_changed(sitting.room_id, sitting.seat_no)

    def alerts(self, sitting: Sitting | None) -> list[str]:
        """For the seat on a console: numbers that its candidate at work has not acknowledged."""
        if sitting is None or not self._parts.notices.any_published:
            return []
        form = self.form_of(sitting) if sitting.state is SittingState.IN_PROGRESS else None
        unread = self._parts.notices.unread(sitting.sitting_id, form) if form else []
        return [f"{SEAT_NOTICE_UNREAD}:{number}" for number in unread]
