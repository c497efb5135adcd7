"""交卷 in two steps: what is unanswered and flagged, and back is the default (G10)."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from candidate_station.screens.flow import FlowLayout
from candidate_station.screens.page import CardPage, button, label, row, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import fill, span
from candidate_station.session.intents import CancelSubmit, ConfirmSubmit, GoTo
from candidate_station.session.screen_state import NavigatorCell, ScreenState


class _Numbers(QWidget):
    """A heading and the numbers under it; pressing one goes back to that item."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        super().__init__()
        self._pressed = pressed
        self._cells: tuple[tuple[int, str], ...] = ()
        self.heading = label("strong")
        self._flow_box = QWidget()
        self._flow = FlowLayout(self._flow_box, spacing=6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self._flow_box)

    def show_cells(self, cells: list[NavigatorCell]) -> None:
        wanted = tuple((cell.number, cell.item_id) for cell in cells)
        self.setVisible(bool(wanted))
        if wanted != self._cells:
            self._cells = wanted
            self._rebuild(wanted)

    def retranslate(self, heading: str) -> None:
        """The heading's words come from the page, which names the list."""
        self.heading.setText(heading)
        self._rebuild(self._cells)

    def _rebuild(self, wanted: tuple[tuple[int, str], ...]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, item_id in wanted:
            self._flow.addWidget(self._button(number, item_id))

    def _button(self, number: int, item_id: str) -> QWidget:
        one = button("cell")
        one.setText(str(number))
        one.setAccessibleName(fill(self.tr("返回第%1题"), str(number)))
        one.clicked.connect(lambda: self._pressed(item_id))
        return one


class ConfirmSubmitPage(CardPage):
    """Counts, the numbers themselves, then 返回作答 (default) or 确认交卷."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._final = label("title"), label("warn")
        self._left = label("muted")
        self._unanswered, self._flagged = label("strong"), label("strong")
        self._missing, self._marked = _Numbers(self._go), _Numbers(self._go)
        self._refusal = refusal_label()
        self.back, self.really = button("primary"), button("danger")
        stack(
            self.column,
            self._title,
            self._left,
            self._unanswered,
            self._missing,
            self._flagged,
            self._marked,
            self._final,
            self._refusal,
        )
        self.column.addLayout(row(self.really, self.back))
        self.back.clicked.connect(lambda: self.intent.emit(CancelSubmit()))
        self.really.clicked.connect(lambda: self.intent.emit(ConfirmSubmit()))
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("确认交卷？"))
        self._final.setText(self.tr("⚠ 确认交卷后不能再作答。"))
        self._missing.retranslate(self.tr("未作答题号（点击可返回该题）："))
        self._marked.retranslate(self.tr("已标记题号（点击可返回该题）："))
        self.back.setText(self.tr("返回作答(&B)"))
        self.really.setText(self.tr("确认交卷(&S)"))

    def show_state(self, state: ScreenState) -> None:
        left = self.tr("剩余时间 %1，到时自动交卷")
        self._left.setText(fill(left, span(state.remaining_s)))
        missing = self.tr("⚠ 未作答：%1 题") if state.unanswered else self.tr("✓ 全部试题已作答")
        self._unanswered.setText(fill(missing, str(state.unanswered)))
        self._flagged.setText(fill(self.tr("已标记：%1 题"), str(state.flagged)))
        self._missing.show_cells([cell for cell in state.navigator if not cell.answered])
        self._marked.show_cells([cell for cell in state.navigator if cell.flagged])
        show_refusal(self._refusal, state.refusal, self.locale().name())

    def entered(self) -> None:
        self.back.setFocus()

    def _go(self, item_id: str) -> None:
        self.intent.emit(CancelSubmit())
        self.intent.emit(GoTo(item_id))
