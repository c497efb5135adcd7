"""Every message that crosses the LAN. docs/protocol.md explains the flows.

One WebSocket text frame holds one JSON message; its ``t`` field is the struct's name. ``n`` is a
request's number, chosen by the sender and echoed as ``re`` by the one answer to it. All instants
are exam time: milliseconds since the epoch, UTC. Nothing here may hold item content.

Here is what both desks say; the rest is in `station_messages`, `console_orders` and
`console_views`.
"""

from venue_server.wire.frames import Message, Part
from venue_server.wire.names import MediaClass, Mode
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.remarks import Remark

PROTOCOL_VERSION = 1
MAX_FRAME = 4 * 1024 * 1024
# Whatever entry the server took must fit into one frame again, with another message around it.
MAX_SAVE_FRAME = MAX_FRAME - 64 * 1024
HISTORY_BYTES = 256 * 1024  # of entries in one message; a sitting's history comes in such parts


class Timing(Part, frozen=True):
    """The instants of one sitting, from the one pure policy (G01-G12).

    ``suspended_at_ms`` is when the last suspension began, 0 when there was none; the room stands
    still from then until ``resumes_at_ms``, which is 0 while nobody ordered it (I06). Until it is
    ordered the other instants are those of the time before the suspension.
    """

    effective_start_ms: int
    admission_closes_ms: int
    closed_until_ms: int
    end_ms: int
    suspended_at_ms: int = 0
    resumes_at_ms: int = 0

    @property
    def stands(self) -> bool:
        """Was the room suspended, and no resumption ordered yet?"""
        return self.suspended_at_ms > 0 and self.resumes_at_ms == 0

    def is_suspended(self, now_ms: int) -> bool:
        """Does the room stand still at ``now_ms`` (I06)?"""
        begun = 0 < self.suspended_at_ms <= now_ms
        return begun and (self.stands or now_ms < self.resumes_at_ms)

    def room_clock_ms(self, now_ms: int) -> int:
        """The room's own clock at ``now_ms``: it stands while nobody ordered it to go on."""
        return min(now_ms, self.suspended_at_ms) if self.stands else now_ms


class SessionBrief(Part, frozen=True):
    """What a station shows about the session before anyone logs in."""

    session_id: str
    exam_title: str
    subject_code: str
    subject_title: str
    scheduled_start_ms: int
    duration_s: int
    media_class: MediaClass
    mode: Mode
    tools: list[str] = []  # CALCULATOR, HIGHLIGHT: the plan's switches (H05)


class PaperSeal(Part, frozen=True):
    """What may be shown of a sealed paper before release (D17)."""

    paper_id: str
    form_id: str
    short_digest: str
    verified: bool
    classification: str = ""  # the mark every paper carries, and until when (D12)
    declassify_at_ms: int = 0


class Refused(Message, frozen=True):
    """The answer no. ``re`` is 0 when it answers no numbered request."""

    re: int
    code: RefusalCode
    detail: str = ""
    remarks: list[Remark] = []


class TimePing(Message, frozen=True):
    """Clock question. ``mono_ms`` is the asker's monotonic clock, echoed unread."""

    n: int
    mono_ms: float


class TimePong(Message, frozen=True):
    """``exam_ms`` is the server's exam time between receipt and answer. ``rate`` is exam seconds
    per real second: 1 except in a rehearsal with time compressed."""

    re: int
    mono_ms: float
    exam_ms: float
    rate: float
