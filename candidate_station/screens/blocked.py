"""The paper or the machine is unusable: say why, and that an invigilator must come."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.session.screen_state import ScreenState
from venue_server.wire.refusals import RefusalCode


class BlockedPage(CardPage):
    """The way back is in the invigilator's hands; what was answered is still on the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._what = label("title"), label("body")
        self._refusal, self._kept = refusal_label(), label("muted")
        stack(self.column, self._title, self._refusal, self._what, self._kept)
        self.retranslate()

    def retranslate(self) -> None:
        self._write(terminated=False)

    def _write(self, terminated: bool) -> None:
        if terminated:  # two people ended this sitting (V05)
            self._title.setText(self.tr("本场考试已终止"))
            self._what.setText(self.tr("请听从监考人员安排离开考场。"))
            self._kept.setText(self.tr("此前的作答已保存，不会删除。"))
            return
        self._title.setText(self.tr("本机暂时不能使用"))
        self._what.setText(self.tr("请举手报告监考人员，在座位上等候处理。"))
        self._kept.setText(self.tr("已保存的作答不会丢失，需要时可换机继续。"))

    def show_state(self, state: ScreenState) -> None:
        ended = state.refusal is not None and state.refusal.code is RefusalCode.SITTING_TERMINATED
        self._write(terminated=ended)
        show_refusal(self._refusal, state.refusal, self.locale().name())
