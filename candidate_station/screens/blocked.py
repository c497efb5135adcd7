"""The paper or the machine is unusable: say why, and that an invigilator must come."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.session.screen_state import ScreenState


class BlockedPage(CardPage):
    """The way back is in the invigilator's hands; what was answered is still on the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._what = label("title"), label("body")
        self._refusal, self._kept = refusal_label(), label("muted")
        stack(self.column, self._title, self._refusal, self._what, self._kept)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("本机暂时不能使用"))
        self._what.setText(self.tr("请举手报告监考人员，在座位上等候处理。"))
        self._kept.setText(self.tr("已保存的作答不会丢失，需要时可换机继续。"))

    def show_state(self, state: ScreenState) -> None:
        show_refusal(self._refusal, state.refusal, self.locale().name())
