"""Orders about the records of the day: the points of a room record, its written fields, prints.

The answers are described in docs/protocol.md; docs/records.md tells what they are for.
"""

from enum import StrEnum

from venue_server.wire.frames import Message, Second


class WrittenField(StrEnum):
    """A field of the 考场情况记录单 that people write, by its label on the sheet."""

    EXPLANATION = "异常情况说明"
    REMARKS = "备注"


class AnswerRecordPoint(Message, frozen=True):
    """A person looked at these points of a room's record (K07). An empty ``remark`` is a tick.

    An empty session means the one whose records are open.
    """

    n: int
    room_id: str
    points: list[str]
    remark: str = ""
    session_id: str = ""


class EditRoomRecord(Message, frozen=True):
    """Write a field of a room's record (N05). ``before`` is what the writer saw, so that nobody
    overwrites what they have not read. Voids every signature (K01)."""

    n: int
    room_id: str
    field: WrittenField
    before: str
    after: str
    reason: str
    session_id: str = ""


class PrintRoomRecord(Message, frozen=True):
    """Somebody prints the record with this content; the answer says whether it is a 副本 (K06)."""

    n: int
    room_id: str
    content_hash: str
    session_id: str = ""


class GetCloseCheck(Message, frozen=True):
    """What of a session's day is still open, and who must act. An empty session: every session
    that has begun to be examined today or earlier."""

    n: int
    session_id: str = ""


class GetStatistics(Message, frozen=True):
    """Counts per room, subject and venue with their invariants (K03). Empty: every session that
    ended."""

    n: int
    session_id: str = ""


class ExportSession(Message, frozen=True):
    """Write the signed export of a session on the server: seating, records, statistics, operation
    and equipment log (C07, K05); watermarked with who and when (N08)."""

    n: int
    session_id: str


class EnterScorePublication(Message, frozen=True):
    """The day the scores of a session were published: periods of keeping run from it (M01)."""

    n: int
    session_id: str
    published_at_ms: int
    reference: str
    second: Second


class SetLegalHold(Message, frozen=True):
    """Keep everything of a session whatever its period (V07); an empty ``reason`` lifts the hold.
    ``why`` says why it changes."""

    n: int
    session_id: str
    reason: str
    why: str
    second: Second


class GetFeed(Message, frozen=True):
    """Counts for a command platform, and nothing about anybody (A13)."""

    n: int


RecordMessage = (
    GetFeed
    | AnswerRecordPoint
    | EditRoomRecord
    | PrintRoomRecord
    | GetCloseCheck
    | GetStatistics
    | ExportSession
    | EnterScorePublication
    | SetLegalHold
)
