"""作答: title bar, 题号栏, the item area, previous/next/flag, and where the answers are (H04).

The item body itself is a widget handed in; this page never sees content. Before it leaves an item
or asks to hand in, ``leaving`` is emitted so that typed text reaches the machine first.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from candidate_station.screens.calculator import CalculatorPanel
from candidate_station.screens.corrections import Corrections
from candidate_station.screens.highlighter import Highlighter
from candidate_station.screens.instructions import Instructions
from candidate_station.screens.navigator import Navigator
from candidate_station.screens.page import Page, button, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.remaining import Remaining
from candidate_station.screens.save_badge import SaveBadge
from candidate_station.screens.style import Look
from candidate_station.screens.words import clock, fill
from candidate_station.session.intents import AskSubmit, GoTo, Step, ToggleFlag
from candidate_station.session.screen_state import NavigatorCell, ScreenState

CALCULATOR = "CALCULATOR"
"""The tool's name in the plan."""


class AnswerPage(Page):
    """``item_area`` is the widget that draws items; anything will do for the page."""

    leaving = Signal()
    NAVIGATOR_WIDTH = 250

    def __init__(self, item_area: QWidget) -> None:
        super().__init__()
        self._state: ScreenState | None = None
        self.item_area = item_area
        self._who, self._gate = label("strong"), label("small")
        self.remaining = Remaining()
        self.submit = button("danger")
        self.navigator = Navigator()
        self.corrections = Corrections()
        self.calculator, self.calculate = CalculatorPanel(), button("tool")
        self.calculate.setCheckable(True)
        self.calculate.hide()
        self.highlighter = Highlighter(self)
        self._heading, self.instructions = label("heading"), Instructions()
        self.previous, self.next, self.flag = button(), button(), button()
        self.badge, self._offline = SaveBadge(), label("warn")
        self._offline.setObjectName("offline")
        self._refusal = refusal_label()
        self._build()
        self._connect()
        self.show_look(Look())
        self.retranslate()

    def _build(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigator)
        middle.addLayout(self._item_column(), 1)
        middle.addWidget(self.calculator)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._title_bar())
        stack(whole, self._offline, self._refusal)
        whole.addLayout(middle, 1)
        whole.addWidget(self._status_bar())

    def _title_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("titleBar")
        line = QHBoxLayout(bar)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        stack(names, self._who, self._gate)
        names.addStretch(1)
        line.addLayout(names, 1)
        line.addWidget(self.remaining)
        line.addSpacing(12)
        line.addWidget(self.submit)
        return bar

    def _item_column(self) -> QVBoxLayout:
        frame = QFrame()
        frame.setObjectName("itemFrame")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(12, 8, 12, 8)
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self.calculate)
        top.addWidget(self.corrections.toggle)
        top.addWidget(self.instructions.toggle)
        inner.addLayout(top)
        inner.addWidget(self.highlighter.how)
        inner.addWidget(self.corrections)
        inner.addWidget(self.instructions)
        inner.addWidget(self.item_area, 1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame, 1)
        return column

    def _status_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("statusBar")
        line = QHBoxLayout(bar)
        line.addWidget(self.badge, 3)
        line.addStretch(1)
        for one in (self.highlighter.toggle, self.flag, self.previous, self.next):
            line.addWidget(one)
        return bar

    def _connect(self) -> None:
        self.navigator.intent.connect(self._leave_with)
        self.previous.clicked.connect(lambda: self._leave_with(Step(-1)))
        self.next.clicked.connect(lambda: self._leave_with(Step(1)))
        self.submit.clicked.connect(lambda: self._leave_with(AskSubmit()))
        self.flag.clicked.connect(self._toggle_flag)
        self.corrections.intent.connect(self.intent)
        self.calculate.toggled.connect(self._open_calculator)
        self.calculator.closed.connect(lambda: self.calculate.setChecked(False))

    def retranslate(self) -> None:
        self.previous.setText(self.tr("上一题(&P)"))
        self.next.setText(self.tr("下一题(&N)"))
        self.submit.setText(self.tr("交卷(&S)"))
        self.item_area.setAccessibleName(self.tr("试题"))
        self.remaining.retranslate()
        self.navigator.retranslate()
        self.instructions.retranslate()
        self.corrections.retranslate()
        self.highlighter.retranslate()
        self.calculate.setText(self.tr("计算器(&K)"))
        self.calculator.retranslate()
        self._offline.setText(
            self.tr("⚠ 网络中断，本机作答中：可继续作答，答案保存在本机，恢复后自动同步。")
        )

    def show_state(self, state: ScreenState) -> None:
        self._state = state
        self._write_names(state)
        self.remaining.show_seconds(state.remaining_s, state.credited_s, state.revoked_s)
        self.submit.setEnabled(state.may_submit)
        self._gate.setText(self._gate_words(state))
        self.navigator.show_cells(state.navigator)
        self._write_item(state)
        self.corrections.show_corrections(state.corrections)
        self.calculate.setVisible(state.session is not None and CALCULATOR in state.session.tools)
        self.highlighter.show_state(state)
        self.badge.show_state(state)
        self._offline.setVisible(not state.online)
        show_refusal(self._refusal, state.refusal, self.locale().name())

    def show_look(self, look: Look) -> None:
        self.navigator.setFixedWidth(look.px(self.NAVIGATOR_WIDTH))
        self.navigator.show_look(look)
        self.instructions.show_look(look)
        self.corrections.show_look(look)
        self.calculator.show_look(look)

    def entered(self) -> None:
        self.item_area.setFocus()

    def reset(self) -> None:
        """Another candidate sits down."""
        self.remaining.reset()
        self.instructions.reset()
        self.corrections.reset()
        self.highlighter.reset()
        self.calculate.setChecked(False)
        self.calculator.reset()

    def _write_names(self, state: ScreenState) -> None:
        who = state.candidate
        if who is None:
            self._who.setText("")
            return
        text = self.tr("%1　准考证号 %2　机位 %3")
        self._who.setText(fill(text, who.name, who.ticket_no, who.seat_no))

    def _gate_words(self, state: ScreenState) -> str:
        if state.may_submit or state.timing is None:
            return self.tr("现在可以交卷；交卷后须经监考人员同意方可离场。")
        if state.timing.closed_until_ms >= state.timing.end_ms:
            return self.tr("考场封闭至考试结束，到时自动交卷。")
        text = self.tr("考场封闭，%1 后可以交卷。")
        return fill(text, clock(state.timing.closed_until_ms))

    def _write_item(self, state: ScreenState) -> None:
        cell = _current(state)
        total = len(state.navigator)
        self.previous.setEnabled(cell is not None and cell.number > 1)
        self.next.setEnabled(cell is not None and cell.number < total)
        self.flag.setEnabled(cell is not None)
        flagged = cell is not None and cell.flagged
        self.flag.setText(self.tr("▲ 取消标记(&M)") if flagged else self.tr("△ 标记(&M)"))
        number = cell.number if cell else "—"
        text = fill(self.tr("第 %1 题，共 %2 题"), number, len(state.navigator))
        section = f"{cell.section}　" if cell and cell.section else ""
        self._heading.setText(section + text)
        self.instructions.show_section(cell.section if cell else "", state.instructions)

    def _leave_with(self, intent: GoTo | Step | AskSubmit) -> None:
        self.leaving.emit()
        self.intent.emit(intent)

    def _open_calculator(self, wanted: bool) -> None:
        self.calculator.setVisible(wanted)
        (self.calculator if wanted else self.item_area).setFocus()

    def _toggle_flag(self) -> None:
        if self._state is not None and self._state.item_id:
            self.intent.emit(ToggleFlag(self._state.item_id))


def _current(state: ScreenState) -> NavigatorCell | None:
    return next((cell for cell in state.navigator if cell.current), None)
