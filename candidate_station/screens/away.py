"""暂离: the seat is locked and the paper hidden while its candidate is out; time runs on (H06)."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.words import fill, span
from candidate_station.session.screen_state import ScreenState


class AwayPage(CardPage):
    """Nothing to press: an invigilator lets the candidate go on."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._what = label("title"), label("body")
        self._left, self._kept = label("strong"), label("muted")
        self._left.setObjectName("awayRemaining")
        stack(self.column, self._title, self._what, self._left, self._kept)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("暂离，本机已锁定"))
        self._what.setText(self.tr("返回座位后请等候监考人员解锁，方可继续作答。"))
        self._kept.setText(self.tr("离开的时间计入本人考试时间。"))

    def show_state(self, state: ScreenState) -> None:
        self._left.setText(fill(self.tr("剩余时间 %1"), span(state.remaining_s)))
