"""What the pages render: one frozen value, made by the desk."""

from dataclasses import dataclass

from invigilator_app.board.view import BoardView, RoomBoard
from venue_server.wire.console_views import SignedIn
from venue_server.wire.names import Role


@dataclass(frozen=True)
class ConsoleState:
    """``online`` is False while the line is down: the board is then the last one seen, at
    ``seen_ms``. ``now_ms`` is exam time, 0 while unknown."""

    person: SignedIn
    view: BoardView | None = None
    now_ms: int = 0
    clock_known: bool = False
    online: bool = True
    seen_ms: int = 0
    room_id: str = ""

    @property
    def room(self) -> RoomBoard | None:
        """The room chosen in the tabs, else the first one."""
        if self.view is None or not self.view.rooms:
            return None
        chosen = self.view.rooms.get(self.room_id)
        return chosen or next(iter(self.view.rooms.values()))

    @property
    def session_id(self) -> str:
        return self.view.venue.session_id if self.view else ""

    def has_role(self, *roles: Role) -> bool:
        return bool(set(roles) & set(self.person.roles))
