"""Waiting for the effective start; the page has no input surface at all (G12)."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import clock, fill, span
from candidate_station.session.screen_state import ScreenState


class CountdownPage(CardPage):
    """Shows the time to the start and, after it, that the paper is being opened."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("title", centred=True)
        self._left = label("huge", wrap=False, centred=True)
        self._left.setObjectName("countdown")
        self._what, self._where = label("body", centred=True), label("muted", centred=True)
        self._refusal = refusal_label()
        stack(self.column, self._title, self._left, self._what, self._where, self._refusal)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("等待开考"))

    def show_state(self, state: ScreenState) -> None:
        show_refusal(self._refusal, state.refusal, self.locale().name())
        self._where.setText(self._who(state))
        if not state.clock_known or (state.timing is None and state.session is None):
            self._show(None, self.tr("开考时间确定后将显示倒计时。请在座位上等候。"))
        elif state.timing is not None:
            self._to_effective_start(state, state.timing.effective_start_ms)
        elif state.session is not None:
            self._to_planned_start(state, state.session.scheduled_start_ms)

    def _to_planned_start(self, state: ScreenState, start: int) -> None:
        """Before the release only the plan is known; the start may come later, never earlier."""
        left = _seconds_left(state, start)
        if left > 0:
            text = self.tr("预定 %1 开考，届时自动进入作答界面。开考前不能作答。")
            self._show(left, fill(text, clock(start)))
        else:
            self._show(None, self.tr("预定时间已到，尚未开考。请在座位上等候监考人员通知。"))

    def _to_effective_start(self, state: ScreenState, start: int) -> None:
        left = _seconds_left(state, start)
        if left > 0:
            text = self.tr("%1 开考，届时自动进入作答界面。开考前不能作答。")
            self._show(left, fill(text, clock(start)))
        else:
            text = self.tr("开考时间已到，正在打开试卷，请稍候。如长时间未打开请举手。")
            self._show(left, text)

    def _show(self, left: int | None, text: str) -> None:
        shown = "--:--:--" if left is None else span(left)
        self._left.setText(shown)
        self._left.setAccessibleName(fill(self.tr("距开考 %1"), shown))
        self._what.setText(text)

    def _who(self, state: ScreenState) -> str:
        if state.candidate is None:
            return ""
        text = self.tr("%1 · 机位 %2")
        return fill(text, state.candidate.name, state.candidate.seat_no)


def _seconds_left(state: ScreenState, start: int) -> int:
    return (start - state.exam_now_ms + 999) // 1000
