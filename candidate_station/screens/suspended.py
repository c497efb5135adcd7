"""考试暂停: the room stands still, the paper is hidden, the remaining time is kept (F16, F17)."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.words import clock, fill, span
from candidate_station.session.screen_state import ScreenState


class SuspendedPage(CardPage):
    """Nothing to press. What is left of the time stands still in large digits."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("title", centred=True)
        self._left = label("huge", wrap=False, centred=True)
        self._left.setObjectName("suspendedLeft")
        self._what, self._kept = label("strong", centred=True), label("body", centred=True)
        self._where = label("muted", centred=True)
        stack(self.column, self._title, self._left, self._what, self._kept, self._where)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("‖ 考试暂停"))
        self._kept.setText(
            self.tr("已作答的内容不受影响，剩余时间不会减少。请在座位上听从监考人员安排。")
        )

    def show_state(self, state: ScreenState) -> None:
        left = span(state.remaining_s)
        self._left.setText(left)
        self._left.setAccessibleName(fill(self.tr("剩余时间 %1，已停止计时"), left))
        resumes = state.timing.resumes_at_ms if state.timing is not None else 0
        if resumes:
            text = self.tr("%1 恢复考试，届时自动回到原来的界面。")
            self._what.setText(fill(text, clock(resumes)))
        else:
            self._what.setText(self.tr("计时已停止。恢复时间由监考人员通知。"))
        self._where.setText(self._who(state))

    def _who(self, state: ScreenState) -> str:
        if state.candidate is None:
            return ""
        text = self.tr("%1 · 机位 %2")
        return fill(text, state.candidate.name, state.candidate.seat_no)
