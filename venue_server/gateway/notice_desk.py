"""Correction notices between the venue and its stations (F14).

A notice goes out only to a sitting whose paper is open, so nothing of it is at a station before the
release, and at every meeting again: after a cut, a restart and a swap the station says that its
paper is open and is told them all. Acknowledgements come back inside the candidate's own chain.
"""

from collections.abc import Iterable

from venue_server.gateway.desk_parts import DeskParts
from venue_server.release.notices.store import Read
from venue_server.sitting.forms import Form
from venue_server.sitting.rows import Sitting
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.names import SittingState
from venue_server.wire.notice_orders import SEAT_NOTICE_UNREAD, NoticesPublished, PaperNotice


def form_of(parts: DeskParts, sitting: Sitting) -> Form | None:
    """The form a sitting works on, wherever its candidate sits now."""
    session = parts.sittings.session(sitting.session_id)
    return parts.forms.assignment(session).of_seat(sitting.room_id, sitting.seat_no)


async def notices_told(parts: DeskParts, sitting: Sitting) -> None:
    """Tell a sitting's station every published notice of its form; nothing when there is none."""
    form = form_of(parts, sitting) if parts.notices.any_published else None
    secret = parts.releases.secret_of(sitting.session_id, form) if form else None
    if form is None or secret is None or sitting.state is not SittingState.IN_PROGRESS:
        return
    if parts.notices.unread(sitting.sitting_id, form):
        # The server may have died between an answer's commit and this note of it.
        entries = parts.responses.entries(sitting.session_id, sitting.sitting_id)
        await notices_heard(parts, sitting, entries, len(entries))
    texts = parts.notices.texts(form, secret)
    notices = [PaperNotice(number, text.items, text.zh, text.en) for number, text in texts]
    if notices and sitting.machine_id:
        message = NoticesPublished(sitting.sitting_id, notices)
        parts.hub.to_station(sitting.machine_id, message)


async def notices_heard(
    parts: DeskParts, sitting: Sitting, entries: Iterable[ResponseEntry], durable: int
) -> None:
    """Note what the candidate acknowledged in entries that are durable (up to ``durable``)."""
    form = form_of(parts, sitting)
    for entry in entries:
        if entry.kind != "notice" or entry.seq > durable or form is None:
            continue
        for number in entry.values.get("notice", []):
            if number.isascii() and number.isdigit() and len(number) < 10:
                read = Read(sitting.sitting_id, form.paper_id, int(number), entry.at_ms)
                await parts.notices.acknowledged(read)
    parts.hub.seat_changed(sitting.room_id, sitting.seat_no)


def notice_alerts(parts: DeskParts, sitting: Sitting | None) -> list[str]:
    """For the seat on a console: numbers that its candidate at work has not acknowledged."""
    if sitting is None or not parts.notices.any_published:
        return []
    form = form_of(parts, sitting) if sitting.state is SittingState.IN_PROGRESS else None
    unread = parts.notices.unread(sitting.sitting_id, form) if form else []
    return [f"{SEAT_NOTICE_UNREAD}:{number}" for number in unread]
