"""A list and its form: side by side where there is room, else the form below the list."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

ROOM_LINES = 45
"""Heights of a line: a page of less width has no room for two columns, at any zoom."""


class Beside(QWidget):
    """``left`` gets three fifths of a wide page."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(left, 3)
        self._box.addWidget(right, 2)

    @property
    def stacked(self) -> bool:
        """The form stands below the list."""
        return self._box.direction() is QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < self.fontMetrics().height() * ROOM_LINES
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
