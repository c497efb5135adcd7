"""The desk for consoles and the command line: sign-in, permission, second person, then the order.

Every order passes the same four gates here, so that no handler can forget one: somebody is signed
in on this connection, their role and room allow it (A08), the second person signs where two are
needed (D07, N03), and a refusal is recorded.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import msgspec

from venue_server.gateway.board import BoardDrawer, for_eyes_of
from venue_server.gateway.clock_face import pong
from venue_server.gateway.connection import Connection
from venue_server.gateway.desk_parts import DeskParts
from venue_server.ledger.catalogue import Event
from venue_server.staff.permissions import Named, may, named_before, second_rule, sees
from venue_server.staff.person import Person
from venue_server.staff.two_people import Pair, checker
from venue_server.storage.engine import StoreFault
from venue_server.storage.media_lanes import MediumStalledError
from venue_server.wire.console_orders import ConsoleHello, ConsoleMessage, SignIn, SignOut
from venue_server.wire.console_views import (
    ConsoleWelcome,
    Done,
    DutyChanged,
    RoomChanged,
    RoomView,
    SeatChanged,
    SignedIn,
    VenueChanged,
    VenueView,
)
from venue_server.wire.frames import Message, Second
from venue_server.wire.messages import PROTOCOL_VERSION, Refused, TimePing
from venue_server.wire.names import Role
from venue_server.wire.people_orders import ChangePassword
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.upload_orders import UploadsChanged

Result = dict[str, object]


@dataclass(frozen=True)
class Ordered:
    """Who gives an order: the signed-in person, the confirmed second one, and the console."""

    person: Person
    second: Person | None
    where: str

    @property
    def both(self) -> str:
        """The two who answer for an order that wants two: their ids, comma-separated."""
        assert self.second is not None, "the rule asks for two, and the desk asked"
        return f"{self.person.person_id},{self.second.person_id}"


Handler = Callable[[Ordered, ConsoleMessage], Awaitable[Result | Refusal]]
Signed = Callable[[ConsoleMessage], Pair | Refusal]
"""The two who signed for what a message orders, or why it cannot be ordered at all."""


@dataclass
class ConsoleTalk:
    """One console connection."""

    where: str
    connection: Connection
    person: Person | None = None


class ConsoleDesk:
    """Answers consoles. ``handlers`` maps an order's name to what carries it out; ``signed`` tells
    who signed before for orders that they cleared (N03)."""

    def __init__(
        self, parts: DeskParts, handlers: Mapping[str, Handler], signed: Mapping[Named, Signed]
    ) -> None:
        self._parts = parts
        self._handlers = handlers
        self._signed = signed
        self._drawer = BoardDrawer(parts)
        self._open: dict[int, ConsoleTalk] = {}
        self._told: dict[str, RoomView] = {}
        self._venue: VenueView | None = None  # as it was last told

    def begin(self, where: str, connection: Connection) -> ConsoleTalk:
        """A console connected; ``where`` is its machine id, or ``local``."""
        talk = ConsoleTalk(where, connection)
        self._open[id(talk)] = talk
        return talk

    def gone(self, talk: ConsoleTalk) -> None:
        """The connection ended; whoever was signed in there must sign in again."""
        self._open.pop(id(talk), None)

    async def take(self, talk: ConsoleTalk, message: ConsoleMessage) -> None:
        """Handle one message. What needs a disk that does not answer is refused, with the disk's
        alarm: the line stays, and with it whoever must be told (R3)."""
        disks = self._parts.disks
        try:
            if disks.hanging_s() and not isinstance(message, TimePing | ConsoleHello):
                raise StoreFault("it hangs")
            await self._take(talk, message)
        except StoreFault as fault:
            n = int(getattr(message, "n", 0))
            detail = disks.primary_trouble() or str(fault)
            talk.connection.send(Refused(n, RefusalCode.STORE_AWAY, detail))

    async def _take(self, talk: ConsoleTalk, message: ConsoleMessage) -> None:
        match message:
            case TimePing():
                talk.connection.send(pong(self._parts.clock, message))
            case ConsoleHello():
                if message.protocol != PROTOCOL_VERSION:
                    code = RefusalCode.VERSION_UNKNOWN
                    talk.connection.send(Refused(0, code, str(message.protocol)))
                    return
                talk.connection.send(ConsoleWelcome(self._parts.venue_name, self._parts.mode))
            case SignIn():
                await self._sign_in(talk, message)
            case SignOut():
                if talk.person is not None:
                    await self._parts.staff.sign_out(talk.person.person_id)
                talk.person = None
                talk.connection.send(Done(message.n))
            case ChangePassword():
                await self._change_password(talk, message)
            case _:
                await self._order(talk, message)

    async def _sign_in(self, talk: ConsoleTalk, message: SignIn) -> None:
        found = await self._parts.staff.sign_in(
            message.person_id, message.password, talk.where, message.totp
        )
        if isinstance(found, Refusal):
            talk.connection.send(Refused(message.n, found.code, found.detail))
            return
        talk.person = found
        talk.connection.send(
            SignedIn(
                re=message.n,
                person_id=found.person_id,
                name=found.name,
                roles=sorted(found.roles),
                rooms=sorted(found.rooms),
            )
        )
        if found.roles == {Role.INSPECTOR}:
            await self._inspected(found, "Board", "", talk.where)
        board = self._drawer.board(found)
        self._venue = board.venue
        talk.connection.send(board)
        self._told.clear()  # this console was told something newer than the others
        self._parts.hub.venue_changed()

    async def _change_password(self, talk: ConsoleTalk, message: ChangePassword) -> None:
        done = await self._parts.staff.change_password(
            message.person_id, message.present, message.password, talk.where, message.totp
        )
        if isinstance(done, Refusal):
            talk.connection.send(Refused(message.n, done.code, done.detail))
        else:
            talk.connection.send(Done(message.n))

    def people_changed(self) -> None:
        """Posts, rooms or accounts changed: everyone signed in acts by what they are now, and
        whoever may not act any more is put off the desk (S1 §49)."""
        known = {one.person_id: one for one in self._parts.staff.people()}
        for talk in self._open.values():
            if talk.person is None:
                continue
            before, talk.person = talk.person, known.get(talk.person.person_id)
            if talk.person is None or not talk.person.active:
                talk.person = None
                talk.connection.cut()
            elif (before.roles, before.rooms) != (talk.person.roles, talk.person.rooms):
                rooms = sorted(talk.person.rooms)
                talk.connection.send(DutyChanged(sorted(talk.person.roles), rooms))
                talk.connection.send(self._drawer.board(talk.person))

    # ---- orders --------------------------------------------------------------------------

    async def _order(self, talk: ConsoleTalk, message: ConsoleMessage) -> None:
        n = int(getattr(message, "n", 0))
        name = type(message).__name__
        done = await self._carry_out(talk, name, message)
        if isinstance(done, Refusal):
            await self._parts.ledger.note(
                Event.ORDER_REFUSED,
                talk.person.person_id if talk.person else "",
                order=name,
                code=done.code.value,
                where=talk.where,
            )
            talk.connection.send(Refused(n, done.code, done.detail, done.remarks))
            return
        talk.connection.send(Done(n, done))
        self._parts.hub.venue_changed()

    async def _carry_out(
        self, talk: ConsoleTalk, name: str, message: ConsoleMessage
    ) -> Result | Refusal:
        if talk.person is not None:
            # What they may is asked anew: a post ends at its instant, not at the next sign-in.
            talk.person = self._parts.staff.person(talk.person.person_id)
        if talk.person is None:
            return Refusal(RefusalCode.NOT_SIGNED_IN)
        room_id = getattr(message, "room_id", None)
        refusal = may(talk.person, name, room_id)
        if refusal is not None:
            return refusal
        second: Person | None = None
        if second_rule(name):
            found = await self._second(talk, talk.person, name, message)
            if isinstance(found, Refusal):
                return found
            second = found
        handler = self._handlers.get(name)
        if handler is None:
            return Refusal(RefusalCode.ORDER_UNKNOWN, name)
        if talk.person.roles == {Role.INSPECTOR}:
            await self._inspected(talk.person, name, room_id, talk.where)
        # A station that came back a moment ago counts: lost time is measured by what is on record.
        await self._parts.ledger.settle()
        try:
            return await handler(Ordered(talk.person, second, talk.where), message)
        except MediumStalledError as stalled:  # whatever was asked of it, people hear so (R11)
            said = f"{stalled.filename}: {stalled.strerror}"
            return Refusal(RefusalCode.MEDIUM_UNREADABLE, said)

    async def _second(
        self, talk: ConsoleTalk, person: Person, name: str, message: ConsoleMessage
    ) -> Person | Refusal:
        """The other person: who signs at this console now, or who signed for it before."""
        asked, staff = getattr(message, "second", None), self._parts.staff
        if isinstance(asked, Second):
            room_id = getattr(message, "room_id", None)
            return await staff.authenticate_second(person, asked, name, talk.where, room_id)
        named = named_before(name)
        if named is None:
            return Refusal(RefusalCode.SAME_PERSON, name)
        signed = self._signed[named](message)
        if isinstance(signed, Refusal):
            return signed
        running = self._parts.people.running()
        return checker(person, signed, named, name, staff.people(), running)

    async def _inspected(self, person: Person, name: str, room_id: str | None, where: str) -> None:
        """Each look of an inspector is recorded (A12)."""
        await self._parts.ledger.note(
            Event.INSPECTOR_LOOKED, person.person_id, at=name, room=room_id or "", where=where
        )

    # ---- the board -----------------------------------------------------------------------

    async def keep_boards_current(self) -> None:
        """Tell every signed-in console what changed, until cancelled."""
        while True:
            seats, venue, uploads = await self._parts.hub.changes()
            if not any(talk.person for talk in self._open.values()):
                continue
            if uploads:
                self._tell_uploads()
            try:
                for room_id, seat in self._drawer.seats(seats) if seats else []:
                    self._tell(room_id, SeatChanged(room_id, seat))
                if venue:
                    self._tell_heads(*self._drawer.heads())
            except StoreFault:
                self._tell_alarms()

    def _tell_uploads(self) -> None:
        uploads = self._parts.hub.uploads
        for talk in self._open.values():
            if uploads is not None and talk.person and may(talk.person, "GetUploads") is None:
                talk.connection.send(UploadsChanged(uploads))

    def _tell_heads(self, venue: VenueView, rooms: list[RoomView]) -> None:
        self._venue = venue
        for talk in self._open.values():
            if talk.person is not None:
                talk.connection.send(VenueChanged(venue))
        for room in rooms:
            if self._told.get(room.room_id) != room:
                self._told[room.room_id] = room
                self._tell_room(room)

    def _tell_alarms(self) -> None:
        """The store does not give the board (R3): the last one, with what is out of order now."""
        if self._venue is not None:
            alarms = self._parts.alarms.current()
            self._tell_heads(msgspec.structs.replace(self._venue, alarms=alarms), [])

    def _tell_room(self, room: RoomView) -> None:
        for talk in self._open.values():
            if talk.person is not None and sees(talk.person, room.room_id):
                talk.connection.send(RoomChanged(for_eyes_of(talk.person, room)))

    def _tell(self, room_id: str, message: Message) -> None:
        for talk in self._open.values():
            if talk.person is not None and sees(talk.person, room_id):
                talk.connection.send(message)

    def redraw(self) -> None:
        """Send everyone the whole board again (a new plan, many seats changed at once)."""
        for talk in self._open.values():
            if talk.person is not None:
                talk.connection.send(self._drawer.board(talk.person))
