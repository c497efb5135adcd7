"""Answers at the desk: judged, stored twice, and only then acknowledged (L02, H07).

Nearly every frame of an exam is one more answer of a candidate who sits where they should, while
the exam runs. It takes the short way, :meth:`AnswerDesk.at_once`: no task is woken for it, and what
is known of its sitting is looked up again only after people or time changed it. Everything else
takes the long way. Both judge by the same rules, and neither says "saved" before it is durable.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from venue_server.gateway.conversation import Conversation
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.late_answers import note_late
from venue_server.gateway.late_arrivals import came_after_hand_in, note_arrival
from venue_server.gateway.notice_desk import NoticeDesk
from venue_server.gateway.sitting_view import answer_deadline_ms, answers_from_ms
from venue_server.gateway.stranded_answers import came_too_late
from venue_server.responses.acceptance import Head
from venue_server.sitting.policy import has_ended
from venue_server.sitting.rows import Sitting
from venue_server.wire.codec import decode_station
from venue_server.wire.messages import Refused, Timing
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import Save, SaveAck

SAVE = b'{"t":"Save"'
AT_ONCE_BYTES = 16 * 1024
"""A longer one is a tail after a cut; it waits its turn like everything that costs time."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Which answers of one sitting count, as of ``committed``."""

    committed: object
    sitting: Sitting
    rate: float
    times: Timing
    first_ms: int
    last_ms: int


class AnswerDesk:
    """Takes saves. ``opened`` records that a paper was opened, for a station that was cut off then.
    One instance serves every connection."""

    def __init__(
        self,
        parts: DeskParts,
        notices: NoticeDesk,
        opened: Callable[[Conversation, str, int], Awaitable[None]],
    ) -> None:
        self._parts = parts
        self._notices = notices
        self._opened = opened
        self._windows: dict[str, _Window] = {}  # by machine

    # ---- the short way -------------------------------------------------------------------

    def at_once(self, talk: Conversation, frame: bytes) -> bool:
        """Take a plain save, to be acknowledged when it is durable. False: it is none, and nothing
        was done with it."""
        plain = frame.startswith(SAVE) and len(frame) <= AT_ONCE_BYTES
        if not plain or not talk.saved.is_set():
            return False
        message, now_ms = decode_station(frame), self._parts.clock.now_ms()
        if not isinstance(message, Save) or "notice" in [each.kind for each in message.entries]:
            return False
        sitting_id = message.sitting_id
        window = self._window(talk, sitting_id, now_ms)
        if window is None:
            return False
        stored = partial(self._stored, talk, sitting_id)
        taken = self._parts.responses.take(
            sitting_id, message.entries, window.last_ms, window.first_ms, now_ms, stored
        )
        if taken:
            talk.saved.clear()
        return taken

    def _stored(self, talk: Conversation, sitting_id: str, head: Head, durable: bool) -> None:
        talk.saved.set()
        talk.connection.send(SaveAck(sitting_id, head.seq, head.hash))
        if not durable:
            talk.connection.send(Refused(0, RefusalCode.SAVE_NOT_DURABLE))

    def _window(self, talk: Conversation, sitting_id: str, now_ms: int) -> _Window | None:
        """The window of the conversation's own sitting; None when anything is out of the plain."""
        parts, sitting = self._parts, talk.sitting
        if sitting is None or sitting.sitting_id != sitting_id:
            return None
        sittings = parts.sittings
        if (
            sitting_id in sittings.held
            or sittings.was_moved(sitting_id)
            or parts.swaps.any_of(sitting_id)
        ):
            return None
        window = self._windows.get(talk.machine.machine_id)
        if (
            window is None
            or window.sitting is not sitting
            or window.committed is not sittings.committed()
            or window.rate != parts.clock.rate
        ):
            window = self._look(talk, sitting)
        if window is None or has_ended(window.times, now_ms):
            return None
        return window

    def _look(self, talk: Conversation, sitting: Sitting) -> _Window | None:
        parts, machine_id = self._parts, talk.machine.machine_id
        if sitting.opened_at_ms is None or parts.sittings.revoked_s(sitting.sitting_id):
            return None  # what was answered in time that was taken back is noted (I07)
        committed, rate = parts.sittings.committed(), parts.clock.rate
        last_ms = answer_deadline_ms(parts, sitting, machine_id)
        if last_ms is None:
            return None
        times, first_ms = parts.sittings.times_of(sitting), answers_from_ms(parts, sitting)
        window = _Window(committed, sitting, rate, times, first_ms, last_ms)
        if committed is parts.sittings.committed():
            self._windows[machine_id] = window
        return window

    # ---- the long way --------------------------------------------------------------------

    async def save(self, talk: Conversation, message: Save) -> None:
        """Take any save; it is answered when this returns."""
        parts, machine_id = self._parts, talk.machine.machine_id
        sitting = self._answering(talk, message.sitting_id)
        if sitting is None:
            talk.connection.send(Refused(0, RefusalCode.SITTING_UNKNOWN, message.sitting_id))
            return
        if await came_too_late(parts, machine_id, message.entries, sitting):
            talk.connection.send(Refused(0, RefusalCode.ANSWERS_TOO_LATE, message.sitting_id))
            return
        if came_after_hand_in(parts, sitting, machine_id):
            await self._after_hand_in(talk, sitting, message)
            return
        first_ms = answers_from_ms(parts, sitting)
        begun = bool(message.entries) and message.entries[0].at_ms >= first_ms
        if sitting.opened_at_ms is None and sitting.machine_id == machine_id and begun:
            # Cut off at the start: the first answers prove that the paper was open (H08).
            await self._opened(talk, sitting.sitting_id, message.entries[0].at_ms)
            # Moved while it opened?
            sitting = self._answering(talk, message.sitting_id) or talk.sitting or sitting
        holder = "" if parts.swaps.may_bring_tail(sitting, machine_id) else machine_id
        known = parts.responses.head(sitting.session_id, sitting.sitting_id).seq
        accepted = await parts.responses.save(
            sitting.session_id,
            sitting.sitting_id,
            machine_id,
            message.entries,
            answer_deadline_ms(parts, sitting, holder),
            first_ms,
        )
        if any(entry.kind == "notice" for entry in message.entries):
            await self._notices.heard(sitting, message.entries, accepted.head.seq)
        head = accepted.head
        await note_arrival(parts, sitting, message.entries, known, head.seq)
        if parts.sittings.revoked_s(sitting.sitting_id):
            await note_late(parts, sitting, message.entries, known, head.seq)
        talk.connection.send(SaveAck(sitting.sitting_id, head.seq, head.hash))
        if accepted.refusal is not None:
            talk.connection.send(Refused(0, accepted.refusal.code, accepted.refusal.detail))

    async def _after_hand_in(self, talk: Conversation, sitting: Sitting, message: Save) -> None:
        """Kept as a branch, durable before the answer; its keeper appends it or people decide."""
        parts = self._parts
        mine = [each for each in message.entries if each.sitting_id == sitting.sitting_id]
        kept = await parts.branches.keep(sitting, talk.machine.machine_id, mine) if mine else 0
        head = await parts.responses.flushed(sitting.session_id, sitting.sitting_id)
        talk.connection.send(SaveAck(sitting.sitting_id, head.seq, head.hash))
        if mine and mine[-1].seq > head.seq:
            code, detail = RefusalCode.SITTING_ENDED, str(head.seq + 1)
            talk.connection.send(Refused(0, code, detail))
        if kept:
            parts.hub.venue_changed()

    def _answering(self, talk: Conversation, sitting_id: str) -> Sitting | None:
        """The sitting at hand while the exam runs; afterwards people may have closed it meanwhile
        (L02), so the store is asked."""
        sittings, known = self._parts.sittings, talk.sitting
        mine = known is not None and known.sitting_id == sitting_id
        changed = self._parts.swaps.of(sitting_id) or sittings.was_moved(sitting_id)
        if known is None or not mine or changed:
            return sittings.sitting(sitting_id)
        if not has_ended(sittings.times_of(known), self._parts.clock.now_ms()):
            return known
        return sittings.sitting(sitting_id)
