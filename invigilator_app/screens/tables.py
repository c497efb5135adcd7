"""Read-only tables: rows of texts, the first column of what matters, keyboard friendly."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

_BAD = QColor("#fde3e0")


class TextTable(QTableWidget):
    """A table of plain texts. The last column takes what room is left."""

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__(0, len(headings))
        self.setHorizontalHeaderLabels(list(headings))
        self.setAccessibleName(", ".join(headings))  # until the page names it
        self.verticalHeader().setVisible(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._shown: tuple[tuple[str, ...], ...] = ()

    def show_rows(self, rows: Sequence[Sequence[str]], bad: frozenset[int] = frozenset()) -> None:
        """Replace the content; ``bad`` rows get a second mark by colour."""
        made = tuple(tuple(row) for row in rows)
        if made == self._shown:
            return
        self._shown = made
        self.setRowCount(len(made))
        for y, row in enumerate(made):
            for x, text in enumerate(row):
                item = QTableWidgetItem(text)
                if y in bad:
                    item.setBackground(_BAD)
                self.setItem(y, x, item)
