"""总部更正通知: headquarters' corrections above the item, until read and at the items they concern.

Only headquarters' words are shown, as plain text (F14). An unread one stays on every item until the
candidate says 我已阅读; one that was read stays at the items it corrects.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from candidate_station.screens.page import button, label, set_role
from candidate_station.screens.style import Look
from candidate_station.screens.words import fill
from candidate_station.session.intents import ReadNotice
from candidate_station.session.screen_state import Correction


class Corrections(QScrollArea):
    """The panel; hidden while there is nothing to say. Long texts scroll."""

    intent = Signal(object)
    HEIGHT = 190

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("corrections")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._look = Look()
        self._shown: tuple[Correction, ...] = ()
        self.texts: list[QLabel] = []
        self.buttons: dict[int, QPushButton] = {}
        self._body = QWidget()
        self._body.setObjectName("correctionsBody")
        self._lines = QVBoxLayout(self._body)
        self._lines.setContentsMargins(4, 4, 4, 4)
        self.setWidget(self._body)
        self.hide()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("总部更正通知"))
        self._write()

    def show_corrections(self, corrections: tuple[Correction, ...]) -> None:
        """Show these; the newest unread one is at the top."""
        if corrections != self._shown:
            self._shown = corrections
            self._write()

    def show_look(self, look: Look) -> None:
        self._look = look
        self._fit()

    def reset(self) -> None:
        """Another candidate sits down."""
        self.show_corrections(())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The area watches its own content: other words or letters need another height."""
        done = super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

    def _write(self) -> None:
        had_focus = any(one.hasFocus() for one in self.buttons.values())
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.texts, self.buttons = [], {}
        for one in sorted(self._shown, key=lambda one: (one.read, -one.sequence)):
            self._add(one)
        self.setVisible(bool(self._shown))
        self._fit()
        if had_focus and self.buttons:
            next(iter(self.buttons.values())).setFocus()

    def _add(self, one: Correction) -> None:
        text = label("warn")
        set_role(text, "plain" if one.read else "warn")
        text.setText(self._words(one))
        self._lines.addWidget(text)
        self.texts.append(text)
        if one.read:
            return
        read = button("primary")
        read.setText(fill(self.tr("我已阅读第 %1 号通知(&R)"), one.sequence))
        read.clicked.connect(lambda: self.intent.emit(ReadNotice(one.sequence)))
        self._lines.addWidget(read, alignment=Qt.AlignmentFlag.AlignLeft)
        self.buttons[one.sequence] = read

    def _words(self, one: Correction) -> str:
        chinese = self.locale().name().startswith("zh")
        numbers = ("、" if chinese else ", ").join(str(number) for number in one.numbers)
        about = fill(self.tr("第 %1 题"), numbers) if numbers else self.tr("全卷")
        head = fill(self.tr("⚠ 总部更正通知 第 %1 号（%2）："), one.sequence, about)
        return f"{head}\n{one.zh if chinese else one.en}"

    def _fit(self) -> None:
        if self.isHidden():
            return
        need = self._lines.heightForWidth(max(1, self.viewport().width()))
        wanted = max(need, self._body.minimumSizeHint().height()) if need < 0 else need
        self.setFixedHeight(min(wanted + 2 * self.frameWidth(), self._look.px(self.HEIGHT)))
