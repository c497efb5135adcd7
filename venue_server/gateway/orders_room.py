"""Orders of a room: log-in permission, leaving."""

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.wire.console_orders import AllowLogin, ConfirmExit, ConsoleMessage
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import LoginAllowed


class RoomOrders:
    """Carried out for the current session only."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "AllowLogin": self._allow_login,
            "ConfirmExit": self._confirm_exit,
        }

    async def _allow_login(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, AllowLogin)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        refusal = await self._parts.sittings.allow_login(
            session.session_id, message.room_id, ordered.person.person_id
        )
        if refusal is not None:
            return refusal
        in_room = {
            each.machine_id
            for each in self._parts.enrolment.machines("station")
            if each.room_id == message.room_id
        }
        self._parts.hub.to_stations(LoginAllowed(message.room_id), in_room.__contains__)
        return {}

    async def _confirm_exit(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ConfirmExit)
        done = await self._parts.sittings.confirm_exit(
            message.sitting_id, message.room_id, ordered.person.person_id
        )
        if isinstance(done, Refusal):
            return done
        self._parts.hub.seat_changed(done.room_id, done.seat_no)
        return {"sitting_id": message.sitting_id}
