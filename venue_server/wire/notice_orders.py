"""Headquarters' correction notices: what stations are told, and the orders of people (F14).

Only headquarters corrects a paper. A notice's text is item content: it goes to the stations that
hold the form, never to a console (O02). Instants are exam time in milliseconds, UTC.
"""

from enum import StrEnum

from venue_server.wire.frames import Message, Part, Second

SEAT_NOTICE_UNREAD = "NOTICE_UNREAD"
"""In ``SeatView.alerts``: a published notice was not acknowledged; behind ``:`` its number."""


class NoticeState(StrEnum):
    """Where a notice stands at this venue."""

    HELD = "HELD"  # imported, sealed, not published
    PUBLISHED = "PUBLISHED"  # two people published it; shown from the release on
    UNREADABLE = "UNREADABLE"  # published before the release, and its text does not open: tell hq


class PaperNotice(Part, frozen=True):
    """One notice as its stations show it. ``items`` empty: the whole paper. Plain text."""

    sequence: int
    items: list[str]
    zh: str
    en: str


class NoticesPublished(Message, frozen=True):
    """Server → station: every notice that concerns the form of this sitting, oldest first; always
    all of them, so that again is harmless. Sent once the paper is open, never before."""

    sitting_id: str
    notices: list[PaperNotice]

    def __repr__(self) -> str:
        return f"NoticesPublished({len(self.notices)})"


class RoomReads(Part, frozen=True):
    """Of one room: how many candidates at work it concerns, and the seats that have not read it."""

    room_id: str
    concerned: int
    unread_seats: list[str]


class NoticeView(Part, frozen=True):
    """A notice as a console sees it: no text. ``numbers`` are the items' numbers as printed, empty
    before the release and for the whole paper."""

    paper_id: str
    sequence: int
    forms: list[str]
    state: NoticeState
    issued_at_ms: int
    valid_from_ms: int
    imported_at_ms: int
    numbers: list[str] = []
    published_at_ms: int = 0
    published_by: str = ""
    rooms: list[RoomReads] = []


class GetNotices(Message, frozen=True):
    """Every notice here, and who has not read it in the rooms of the person who asks."""

    n: int


class ImportNotice(Message, frozen=True):
    """Take in headquarters' signed notice from the server's own file system."""

    n: int
    file: str


class PublishNotice(Message, frozen=True):
    """The chief and a second person put an imported notice into force at this venue (N03)."""

    n: int
    paper_id: str
    sequence: int
    second: Second


NoticeMessage = GetNotices | ImportNotice | PublishNotice
