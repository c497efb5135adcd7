"""总部更正通知: headquarters' corrections above the item, until read and at the items they concern.

Only headquarters' words are shown, as plain text (F14). An unread one stays on every item until the
candidate says 我已阅读; one that was read stays at the items it corrects. What was read about the
whole paper is put away and stays one key away.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from candidate_station.screens.page import button, label, set_role
from candidate_station.screens.style import Look
from candidate_station.screens.words import fill
from candidate_station.session.intents import ReadNotice
from candidate_station.session.screen_state import Correction


class Corrections(QScrollArea):
    """The panel; hidden while there is nothing to say. Long texts scroll. ``toggle`` is the button
    that shows what was put away, to be placed by the page."""

    intent = Signal(object)
    HEIGHT, LEAST = 125, 56

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("corrections")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._look = Look()
        self._shown: tuple[Correction, ...] = ()
        self.texts: list[QLabel] = []
        self.buttons: dict[int, QPushButton] = {}
        self._body = QWidget()
        self._body.setObjectName("correctionsBody")
        self._lines = QVBoxLayout(self._body)
        self._lines.setContentsMargins(4, 4, 4, 4)
        self.setWidget(self._body)
        self.toggle = button("tool")
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._write)
        self.toggle.hide()
        self.hide()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("总部更正通知"))
        self.toggle.setText(self.tr("更正通知(&G)"))
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
        self.toggle.setChecked(False)
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
        put_away = {one.sequence for one in self._shown if one.read and not one.numbers}
        self.toggle.setVisible(bool(put_away))
        hidden = set() if self.toggle.isChecked() else put_away
        wanted = [one for one in self._shown if one.sequence not in hidden]
        for one in sorted(wanted, key=lambda one: (one.read, -one.sequence)):
            self._add(one)
        self.setVisible(bool(wanted))
        self._fit()
        if had_focus and self.buttons:
            next(iter(self.buttons.values())).setFocus()

    def _add(self, one: Correction) -> None:
        text = label("warn")
        set_role(text, "plain" if one.read else "warn")
        text.setText(self._words(one))
        self.texts.append(text)
        line = QWidget()
        beside = QHBoxLayout(line)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(text, 1)
        self._lines.addWidget(line)
        if one.read:
            return
        read = button("primary")
        read.setText(self.tr("我已阅读(&R)"))
        read.setAccessibleName(fill(self.tr("我已阅读第 %1 号通知"), one.sequence))
        read.clicked.connect(lambda: self.intent.emit(ReadNotice(one.sequence)))
        beside.addWidget(read, alignment=Qt.AlignmentFlag.AlignTop)
        self.buttons[one.sequence] = read

    def _words(self, one: Correction) -> str:
        chinese = self.locale().name().startswith("zh")
        numbers = ("、" if chinese else ", ").join(str(number) for number in one.numbers)
        about = fill(self.tr("第 %1 题"), numbers) if numbers else self.tr("全卷")
        head = fill(self.tr("⚠ 总部更正通知 第 %1 号（%2）："), one.sequence, about)
        return f"{head}\n{one.zh if chinese else one.en}"

    def sizeHint(self) -> QSize:
        """As high as the texts need at this width, up to a share of the page."""
        need = self._lines.heightForWidth(max(1, self.viewport().width()))
        wanted = need + 2 * self.frameWidth() + 2 * self._look.px(2)
        return QSize(super().sizeHint().width(), min(wanted, self._look.px(self.HEIGHT)))

    def _fit(self) -> None:
        """On a low screen the item comes first: the panel shrinks to one button and scrolls."""
        wanted = self.sizeHint().height()
        self.setMinimumHeight(min(wanted, self._look.px(self.LEAST)))
        self.setMaximumHeight(wanted)
        self.updateGeometry()
