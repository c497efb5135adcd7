"""The room start code (考场启动码, E04): one field between the countdown and the paper."""

from candidate_station.screens.page import CardPage, button, field, label, row, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import clock, fill, span
from candidate_station.session.intents import EnterStartCode
from candidate_station.session.screen_state import ScreenState
from venue_server.wire.start_code import LENGTH


class StartCodePage(CardPage):
    """The field keeps the focus; Enter opens. After a wrong code the button rests for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self._paused = False
        self._title = label("title")
        self._where = label("muted")
        self._code_label, self.code = label("strong"), field()
        self._code_label.setBuddy(self.code)
        self.code.setMaxLength(4 * LENGTH)  # room for spaces; only what was typed decides
        self._hint = label("muted")
        self._time = label("body")
        self._refusal = refusal_label()
        self.enter = button("primary")
        stack(
            self.column,
            self._title,
            self._where,
            self._code_label,
            self.code,
            self._refusal,
            self._hint,
            self._time,
        )
        self.column.addLayout(row(self.enter))
        self.code.returnPressed.connect(self._open)
        self.enter.clicked.connect(self._open)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("请输入考场启动码"))
        self._code_label.setText(self.tr("考场启动码（6 位数字）(&C)"))
        self.code.setAccessibleName(self.tr("考场启动码"))
        self._hint.setText(self.tr("启动码由监考人员当场公布。没有听清请举手。"))
        self.enter.setText(self.tr("打开试卷(&O)"))

    def show_state(self, state: ScreenState) -> None:
        where = self.tr("考场 %1 · 机位 %2")
        self._where.setText(fill(where, state.room_id, state.seat_no))
        self._time.setText(self._time_text(state))
        show_refusal(self._refusal, state.refusal, self.locale().name())
        self._paused = state.code_paused
        self.enter.setEnabled(not state.code_paused)

    def _time_text(self, state: ScreenState) -> str:
        """Time runs whether or not the code is typed: the candidate is told so."""
        if state.timing is None or not state.clock_known:
            return ""
        if state.exam_now_ms < state.timing.effective_start_ms:
            text = self.tr(
                "%1 开考，届时打开试卷。考试时间自开考时刻起计算，与何时输入启动码无关。"
            )
            return fill(text, clock(state.timing.effective_start_ms))
        text = self.tr("考试已开始，剩余时间 %1。考试时间自开考时刻起计算，与何时输入启动码无关。")
        return fill(text, span(state.remaining_s))

    def entered(self) -> None:
        self.code.clear()
        self.code.setFocus()

    def _open(self) -> None:
        """What was typed stays, marked whole: the next digit begins anew."""
        if not self._paused and self.code.text().strip():
            self.intent.emit(EnterStartCode(self.code.text()))
        self.code.setFocus()
        self.code.selectAll()
