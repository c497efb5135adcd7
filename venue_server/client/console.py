"""A console's side of the protocol: sign in, give orders, see the board.

The command line on the server's own machine is a console over the Unix socket.
"""

import msgspec

from venue_server.client.clock import ExamClock
from venue_server.client.endpoint import Endpoint
from venue_server.client.link import Link, LinkHandler
from venue_server.client.link_state import Down, LinkState
from venue_server.client.time_sync import TimeSync
from venue_server.wire.codec import decode_to_console
from venue_server.wire.console_orders import ConsoleHello, SignIn, SignOut
from venue_server.wire.console_views import (
    Board,
    Done,
    DutyChanged,
    RoomChanged,
    RoomView,
    SeatChanged,
    SeatView,
    SignedIn,
    ToConsole,
    VenueChanged,
    VenueView,
)
from venue_server.wire.frames import Message
from venue_server.wire.messages import PROTOCOL_VERSION, TimePong
from venue_server.wire.people_orders import ChangePassword
from venue_server.wire.refusals import Refusal
from venue_server.wire.upload_orders import Uploads, UploadsChanged

PATH = "/console"
ORDER_S = 60.0


class BoardState:
    """The board as last told. ``current`` is False from a lost connection until the next Board.

    ``seats`` maps room id to seat number to seat.
    """

    def __init__(self) -> None:
        self.current = False
        self.venue: VenueView | None = None
        self.rooms: dict[str, RoomView] = {}
        self.seats: dict[str, dict[str, SeatView]] = {}
        self.uploads: Uploads | None = None

    def apply(self, message: ToConsole) -> bool:
        """Take in one message; True when it was about the board."""
        match message:
            case Board(venue, rooms, seats, uploads):
                self.current = True
                self.venue = venue
                self.rooms = {room.room_id: room for room in rooms}
                self.seats = {r: {s.seat_no: s for s in views} for r, views in seats.items()}
                self.uploads = uploads
            case VenueChanged(venue):
                self.venue = venue
            case RoomChanged(room):
                self.rooms[room.room_id] = room
            case SeatChanged(room_id, seat):
                self.seats.setdefault(room_id, {})[seat.seat_no] = seat
            case UploadsChanged(uploads):
                self.uploads = uploads
            case _:
                return False
        return True


class ConsoleHandler(LinkHandler[ToConsole]):
    """What a console's owner hears; ``on_message`` also gets every message about the board."""

    def on_board(self, board: BoardState) -> None:
        """The board changed; read it now, it is not a copy."""


class ConsoleClient(LinkHandler[ToConsole]):
    """A console or the command line on the wire.

    A sign-in belongs to one connection: after a lost one ``signed_in`` is None and the person signs
    in again; no password is kept here.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        handler: ConsoleHandler,
        app_version: str,
        clock: ExamClock | None = None,
    ) -> None:
        self._handler = handler
        self._app_version = app_version
        self.clock = clock or ExamClock()
        self.board = BoardState()
        self.signed_in: SignedIn | None = None
        self.link: Link[ToConsole] = Link(endpoint, PATH, decode_to_console, self)
        self._sync = TimeSync(self.clock, self.link.send, self.link.number)

    async def run(self) -> None:
        """Keep connected until :meth:`close`."""
        await self.link.run()

    async def close(self) -> None:
        await self.link.close()

    async def sign_in(self, person_id: str, password: str, totp: str = "") -> SignedIn | Refusal:
        """Raises LinkError when no answer came."""
        answer = await self.link.ask(SignIn(0, person_id, password, totp), SignedIn)
        if isinstance(answer, SignedIn):
            self.signed_in = answer
        return answer

    async def change_password(
        self, person_id: str, present: str, password: str, totp: str = ""
    ) -> Done | Refusal:
        """Set one's own password; ``present`` is the old one or a one-time code. Raises LinkError
        when no answer came."""
        message = ChangePassword(0, person_id, present, password, totp)
        return await self.link.ask(message, Done)

    async def sign_out(self) -> Done | Refusal:
        """Raises LinkError when no answer came."""
        answer = await self.link.ask(SignOut(0), Done)
        if isinstance(answer, Done):
            self.signed_in = None
            self.board = BoardState()  # somebody else may sit down here
        return answer

    async def order(self, message: Message, timeout_s: float = ORDER_S) -> Done | Refusal:
        """Give one numbered order (its ``n`` is filled in).

        Raises LinkError when no answer came: the order may or may not have been carried out, the
        board tells.
        """
        return await self.link.ask(message, Done, timeout_s)

    # ---- the link's calls -----------------------------------------------------------------

    def on_up(self) -> None:
        self.link.send(ConsoleHello(PROTOCOL_VERSION, self._app_version))
        self._sync.start()
        self._handler.on_up()

    def on_message(self, message: ToConsole) -> None:
        if isinstance(message, TimePong):
            self._sync.take(message)
            return
        if isinstance(message, DutyChanged) and self.signed_in is not None:
            roles, rooms = message.roles, message.rooms
            self.signed_in = msgspec.structs.replace(self.signed_in, roles=roles, rooms=rooms)
        changed = self.board.apply(message)
        self._handler.on_message(message)
        if changed:
            self._handler.on_board(self.board)

    def on_down(self, down: Down) -> None:
        self._sync.stop()
        self.signed_in = None
        self.board.current = False
        self._handler.on_down(down)

    def on_state(self, state: LinkState, down: Down | None) -> None:
        self._handler.on_state(state, down)
