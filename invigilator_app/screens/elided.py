"""A label of one line that shortens what does not fit; the tool tip says the whole."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class Elided(QLabel):
    """``show_text(text, kept)``: ``text`` may be shortened, ``kept`` behind it never is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text, self._kept = "", ""

    def show_text(self, text: str, kept: str = "") -> None:
        if (text, kept) == (self._text, self._kept):
            return
        self._text, self._kept = text, kept
        self.setToolTip(text + kept)
        self.setAccessibleName(text + kept)
        self._fit()

    def whole(self) -> str:
        """What is said, shortened or not."""
        return self._text + self._kept

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        room = self.contentsRect().width() - metrics.horizontalAdvance(self._kept)
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, max(0, room))
        if shown + self._kept != self.text():
            self.setText(shown + self._kept)
