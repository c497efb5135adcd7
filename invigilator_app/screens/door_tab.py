"""What the tabs of a room's door share: a table, the chosen line, orders, two signatures."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from invigilator_app.actions.permissions import Action, in_room
from invigilator_app.screens.door_texts import DoorTexts
from invigilator_app.screens.parts import label
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.frames import Message, Second

MAX_TEXT = 200


class DoorTab(QWidget):
    """``placed`` carries an order and what to say when it was carried out."""

    placed = Signal(object, str)

    def __init__(self, texts: Texts, columns: int) -> None:
        super().__init__()
        self.texts = texts
        self.door = DoorTexts(self)
        self.state: ConsoleState | None = None
        self.table = TextTable([""] * columns)
        self.table.itemSelectionChanged.connect(self.changed)

    def show_state(self, state: ConsoleState) -> None:
        self.state = state
        self.changed()

    def changed(self) -> None:
        """Enable what may be pressed now."""

    @property
    def room_id(self) -> str:
        assert self.state is not None and self.state.room is not None
        return self.state.room.room.room_id

    def chosen(self) -> int:
        """The chosen row; -1 when there is none."""
        rows = self.table.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def open(self, pressed: QPushButton, action: Action, ready: bool) -> None:
        """Enable a button for whom it is, once what it needs is there."""
        if self.state is None or self.state.room is None:
            pressed.setEnabled(False)
            return
        verdict = in_room(action, self.state.person, self.state.room.room, self.state.online)
        pressed.setEnabled(verdict.allowed and ready)
        pressed.setToolTip(self.texts.why(verdict.why) if verdict.why else "")

    def by_two(
        self,
        action: Action,
        what: str,
        make: Callable[[Second], Message],
        done: str,
        rows: Sequence[tuple[str, QLineEdit]] = (),
    ) -> None:
        """Ask for the second signature, then place what ``make`` makes of it."""
        if self.state is None:
            return
        dialog = ask_second(self, self.texts, action, self.state.person, what, rows)
        dialog.signed.connect(lambda second: self.placed.emit(make(second), done))

    def entry(self, hint: str) -> QLineEdit:
        """A field of a line that is being entered."""
        made = QLineEdit()
        made.setMaxLength(MAX_TEXT)
        made.setPlaceholderText(hint)
        made.setAccessibleName(hint)
        made.textChanged.connect(self.changed)
        return made

    def lay_out(
        self, explained: str, entries: Sequence[QWidget], buttons: Sequence[QPushButton]
    ) -> None:
        """Explanation, entries, table, buttons from top to bottom."""
        column = QVBoxLayout(self)
        column.addWidget(label(explained, "quiet"))
        if entries:
            row = QHBoxLayout()
            for entry in entries:
                row.addWidget(entry, 1 if isinstance(entry, QLineEdit) else 0)
            column.addLayout(row)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        for pressed in buttons:
            pressed.setAutoDefault(False)
            row.addWidget(pressed)
        row.addStretch(1)
        column.addLayout(row)
