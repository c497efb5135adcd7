"""The "needs attention" list of the chosen room; Enter jumps to the seat."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from invigilator_app.board.attention import Attention, Urgency
from invigilator_app.screens.parts import label
from invigilator_app.screens.texts import Texts

_INK = {Urgency.NOW: "#8c140e", Urgency.SOON: "#6b4a00", Urgency.NOTE: "#1b2430"}
_MARK = {Urgency.NOW: "‼", Urgency.SOON: "△", Urgency.NOTE: "·"}


class AttentionList(QWidget):
    """``seat_wanted`` when a line with a seat is activated."""

    seat_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._shown: tuple[Attention, ...] | None = None
        self.title = label(name="cardTitle")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("需要关注"))
        self.list.itemActivated.connect(self._open)
        self.list.itemClicked.connect(self._open)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.title)
        box.addWidget(self.list, 1)
        self.show_items(())

    def show_items(self, items: tuple[Attention, ...]) -> None:
        """Redraw only when something changed, keeping the cursor on the same seat."""
        if items == self._shown:
            return
        row = self.list.currentRow()
        self._shown = items
        self.title.setText(self.tr("需要关注（%1）").replace("%1", str(len(items))))
        self.list.clear()
        for item in items:
            self.list.addItem(self._line(item))
        if not items:
            nothing = QListWidgetItem(self.tr("✓ 目前没有需要处理的事项"))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)
        self.list.setCurrentRow(min(row, len(items) - 1))

    def _line(self, item: Attention) -> QListWidgetItem:
        who = f"{item.seat_no} {item.name}".strip()
        mark = f"{_MARK[item.urgency]} {self._texts.urgency(item.urgency)}"
        text = " ".join(part for part in (mark, who, self._texts.attention(item)) if part)
        line = QListWidgetItem(text)
        line.setForeground(QColor(_INK[item.urgency]))
        line.setData(Qt.ItemDataRole.UserRole, item.seat_no)
        return line

    def _open(self, line: QListWidgetItem) -> None:
        seat_no = line.data(Qt.ItemDataRole.UserRole)
        if seat_no:
            self.seat_wanted.emit(seat_no)
