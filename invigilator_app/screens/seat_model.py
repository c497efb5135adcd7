"""The seats of one room as a grid model: only cells that changed are announced."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from invigilator_app.board.seat_state import SeatDisplay, answers_at_risk, seat_display
from invigilator_app.board.view import RoomBoard
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import SeatView
from venue_server.wire.names import SeatAlert

Index = QModelIndex | QPersistentModelIndex
SEAT_ROLE = int(Qt.ItemDataRole.UserRole)
DISPLAY_ROLE = SEAT_ROLE + 1
_NO_PARENT = QModelIndex()


class SeatModel(QAbstractTableModel):
    """Row-major grid of the room's seats in seat order, ``columns`` wide."""

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._seats: list[SeatView] = []
        self._states: list[SeatDisplay] = []
        self._columns = 8
        self._room_id = ""

    def set_room(self, board: RoomBoard) -> None:
        """Show ``board``; the same seats in the same room only announce what changed."""
        seats = list(board.seats.values())
        states = [seat_display(seat, board.room) for seat in seats]
        same = self._room_id == board.room.room_id and len(seats) == len(self._seats)
        if not same or any(a.seat_no != b.seat_no for a, b in zip(seats, self._seats, strict=True)):
            self.beginResetModel()
            self._room_id, self._seats, self._states = board.room.room_id, seats, states
            self.endResetModel()
            return
        changed = [
            at
            for at, (seat, state) in enumerate(zip(seats, states, strict=True))
            if seat is not self._seats[at] or state is not self._states[at]
        ]
        self._seats, self._states = seats, states
        for at in changed:
            cell = self.index(at // self._columns, at % self._columns)
            self.dataChanged.emit(cell, cell)

    def set_columns(self, columns: int) -> None:
        if columns != self._columns:
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()

    @property
    def columns(self) -> int:
        return self._columns

    @property
    def room_id(self) -> str:
        return self._room_id

    def count(self) -> int:
        return len(self._seats)

    def seat_at(self, index: Index) -> SeatView | None:
        at = index.row() * self._columns + index.column()
        return self._seats[at] if index.isValid() and at < len(self._seats) else None

    def index_of(self, seat_no: str) -> QModelIndex:
        """The cell of a seat; an invalid index when the room has no such seat."""
        for at, seat in enumerate(self._seats):
            if seat.seat_no == seat_no:
                return self.index(at // self._columns, at % self._columns)
        return QModelIndex()

    # ---- QAbstractTableModel ----

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else -(-len(self._seats) // self._columns)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.seat_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        seat = self.seat_at(index)
        if seat is None:
            return None
        state = self._states[index.row() * self._columns + index.column()]
        if role == SEAT_ROLE:
            return seat
        if role == DISPLAY_ROLE:
            return state
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if role in (*spoken, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(seat, state)
        return None

    def _spoken(self, seat: SeatView, state: SeatDisplay) -> str:
        """One line: seat, name, state, and what calls for attention."""
        parts = [seat.seat_no, seat.name, self._texts.seat(state)]
        if hand_raised(seat):
            parts.append(self.tr("举手"))
        if seat.moved_to:
            parts.append(self.tr("换机到 %1").replace("%1", seat.moved_to))
        if seat.guest_of:
            parts.append(self.tr("供机位 %1 使用").replace("%1", seat.guest_of))
        if answers_at_risk(seat):
            parts.append(self.tr("未同步 %1").replace("%1", str(answers_at_risk(seat))))
        return " ".join(part for part in parts if part)


def hand_raised(seat: SeatView) -> bool:
    return any(alert.partition(":")[0] == SeatAlert.HAND_RAISED for alert in seat.alerts)
