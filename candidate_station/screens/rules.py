"""考场规则, 操作指南, 违纪处理; 我已阅读 is recorded (H01). The clock runs meanwhile."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from candidate_station.screens.page import Page, button, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.rules_text import consequences, exam_rules, how_to
from candidate_station.screens.words import fill, span
from candidate_station.session.intents import AgreeRules
from candidate_station.session.screen_state import ScreenState


class RulesPage(Page):
    """The text scrolls, the button stays."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("title")
        self._text = QWidget()
        self._text.setObjectName("card")
        lines = QVBoxLayout(self._text)
        lines.setContentsMargins(28, 20, 28, 20)
        lines.setSpacing(10)
        self._written: list[QLabel] = [label(role) for role, _ in _texts()]
        stack(lines, *self._written)
        lines.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self._text)
        self._urge = label("warn")
        self._urge.setObjectName("urge")
        self._refusal = refusal_label()
        self.agree = button("primary")
        self.agree.clicked.connect(lambda: self.intent.emit(AgreeRules()))
        bottom = QHBoxLayout()
        bottom.addWidget(self._urge, 1)
        bottom.addWidget(self.agree)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(28, 16, 28, 16)
        whole.addWidget(self._title)
        whole.addWidget(self.area, 1)
        whole.addWidget(self._refusal)
        whole.addLayout(bottom)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("请阅读考试规则"))
        self.agree.setText(self.tr("我已阅读(&R)"))
        self.area.setAccessibleName(self.tr("考试规则，可用方向键滚动"))
        for line, (_, text) in zip(self._written, _texts(), strict=True):
            line.setText(text)

    def show_state(self, state: ScreenState) -> None:
        self._urge.setText(self._urging(state))
        show_refusal(self._refusal, state.refusal, self.locale().name())

    def entered(self) -> None:
        self.area.verticalScrollBar().setValue(0)
        self.agree.setFocus()

    def _urging(self, state: ScreenState) -> str:
        """The prompt that grows: without the click there is no answering, but time runs."""
        if state.timing is None or not state.clock_known:
            return self.tr("阅读后请按“我已阅读”。未按此按钮不能开始作答。")
        left = (state.timing.effective_start_ms - state.exam_now_ms + 999) // 1000
        if left > 0:
            text = self.tr("距开考 %1。阅读后请按“我已阅读”；未按此按钮不能开始作答。")
            return fill(text, span(left))
        return self.tr("⚠ 考试已经开始，计时正在进行！请立即按“我已阅读”，进入作答。")


def _texts() -> list[tuple[str, str]]:
    """(role, text) of every line, in the present language."""
    lines = []
    for heading, sentences in (exam_rules(), how_to(), consequences()):
        lines.append(("heading", heading))
        lines += [("body", f"{number}. {text}") for number, text in enumerate(sentences, 1)]
    return lines
