"""Orders about the time of rooms. Durable first, then every station of the room is told."""

from collections.abc import Collection
from dataclasses import asdict

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.sitting_view import tell_times
from venue_server.sitting.roomtime.service import RoomTimes
from venue_server.sitting.rows import Session
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.roomtime_orders import (
    ConfirmExtension,
    ExtendTime,
    ExtendTimeOffline,
    GetRoomTimes,
    GetStartCode,
    HoldRoom,
    ResumeTime,
    StartRoom,
    SuspendTime,
)


class RoomTimeOrders:
    """See the module's text."""

    def __init__(self, parts: DeskParts, times: RoomTimes) -> None:
        self._parts = parts
        self._times = times

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "HoldRoom": self._hold,
            "StartRoom": self._start,
            "SuspendTime": self._suspend,
            "ResumeTime": self._resume,
            "ExtendTime": self._extend,
            "ExtendTimeOffline": self._extend_offline,
            "ConfirmExtension": self._confirm,
            "GetRoomTimes": self._get,
            "GetStartCode": self._start_code,
        }

    def _changed(self, session_id: str, rooms: Collection[str]) -> None:
        tell_times(self._parts, session_id, rooms)
        self._parts.hub.venue_changed()

    # ---- holding and starting ------------------------------------------------------------

    async def _hold(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, HoldRoom)
        session = self._parts.sittings.asked_session(message.session_id)
        if isinstance(session, Refusal):
            return session
        refusal = await self._times.hold(
            session.session_id, message.room_id, message.reason, ordered.person.person_id
        )
        return refusal or {}

    async def _start(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, StartRoom)
        session = self._parts.sittings.asked_session(message.session_id)
        if isinstance(session, Refusal):
            return session
        at = await self._times.start(
            session.session_id,
            message.room_id,
            message.at_ms,
            message.reason,
            ordered.person.person_id,
        )
        if isinstance(at, Refusal):
            return at
        self._changed(session.session_id, [message.room_id])
        return {"effective_start_ms": at or 0}

    async def _start_code(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetStartCode)
        session = self._parts.sittings.asked_session(message.session_id)
        if isinstance(session, Refusal):
            return session
        made = session.start_code_in(message.room_id)
        if made is None:
            return Refusal(RefusalCode.START_CODE_NONE, message.room_id)
        return {"room_id": message.room_id, "start_code": made.code}

    # ---- suspending and resuming ---------------------------------------------------------

    async def _suspend(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SuspendTime)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        rooms = await self._times.suspend(
            session.session_id, message.room_id, message.reason, ordered.person.person_id
        )
        if isinstance(rooms, Refusal):
            return rooms
        self._changed(session.session_id, rooms)
        return {"rooms": rooms}

    async def _resume(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ResumeTime)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        done = await self._times.resume(
            session.session_id, message.room_id, message.reason, ordered.person.person_id
        )
        if isinstance(done, Refusal):
            return done
        rooms, at_ms = done
        self._changed(session.session_id, rooms)
        return {"rooms": rooms, "resumes_at_ms": at_ms}

    # ---- extending -----------------------------------------------------------------------

    async def _extend(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ExtendTime)
        return await self._extended(message, ordered.person.person_id)

    async def _extend_offline(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ExtendTimeOffline)
        assert ordered.second is not None
        persons = ordered.both
        return await self._extended(message, persons)

    async def _extended(
        self, message: ExtendTime | ExtendTimeOffline, persons: str
    ) -> Result | Refusal:
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        approval = message.approval if isinstance(message, ExtendTime) else None
        done = await self._times.extend(
            session.session_id,
            message.room_id,
            message.minutes,
            message.reason,
            persons,
            approval,
        )
        if isinstance(done, Refusal):
            return done
        number, rooms = done
        self._changed(session.session_id, rooms)
        return {"extension_id": number, "rooms": rooms, "confirmed": approval is not None}

    async def _confirm(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ConfirmExtension)
        refusal = await self._times.confirm(
            message.extension_id, message.approval, ordered.person.person_id
        )
        return refusal or {}

    # ---- looking -------------------------------------------------------------------------

    async def _get(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetRoomTimes)
        session = self._parts.sittings.asked_session(message.session_id)
        if isinstance(session, Refusal):
            return session
        session_id = session.session_id
        return {
            "session_id": session_id,
            "rooms": [self._room(session, room_id) for room_id in session.rooms],
            "starts": [asdict(each) for each in self._times.starts(session_id)],
            "suspensions": [asdict(each) for each in self._times.suspensions(session_id)],
            "extensions": [asdict(each) for each in self._times.extensions(session_id)],
        }

    def _room(self, session: Session, room_id: str) -> dict[str, object]:
        times, held = session.times_in(room_id), session.is_held(room_id)
        return {
            "room_id": room_id,
            "held": held,
            "suspended_at_ms": times.suspended_at_ms,
            "resumes_at_ms": times.resumes_at_ms,
            "effective_start_ms": 0 if held else times.effective_start_ms,
            "closed_until_ms": 0 if held else times.closed_until_ms,
            "end_ms": 0 if held else times.end_ms,
        }
