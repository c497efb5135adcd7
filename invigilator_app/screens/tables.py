"""Read-only tables: rows of texts, the first column of what matters, keyboard friendly."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

_BAD = QColor("#fde3e0")
READABLE = 24
"""Characters: the last column is never narrower, unless it needs less; then the table scrolls."""


class TextTable(QTableWidget):
    """A table of plain texts. The last column takes what room is left, and is never squeezed until
    nobody can read it."""

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
        self._fit_last()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_last()

    def _fit_last(self) -> None:
        """Give the last column the rest of the width where that is enough to read it."""
        last, header = self.columnCount() - 1, self.horizontalHeader()
        room = self.viewport().width() - sum(self.columnWidth(at) for at in range(last))
        readable = self.fontMetrics().averageCharWidth() * READABLE
        wanted = min(max(self.sizeHintForColumn(last), header.sectionSizeHint(last)), readable)
        fits = room >= wanted
        if header.stretchLastSection() != fits:
            header.setStretchLastSection(fits)
        if not fits and header.sectionSize(last) != wanted:
            header.setSectionResizeMode(last, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(last, wanted)
