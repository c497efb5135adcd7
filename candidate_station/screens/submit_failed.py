"""交卷失败: the answers are kept here, an invigilator must know, and there is a way on (G11)."""

from candidate_station.screens.page import CardPage, button, label, row, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.session.intents import CancelSubmit, ConfirmSubmit
from candidate_station.session.screen_state import ScreenState


class SubmitFailedPage(CardPage):
    """Try again, or back to answering while there is time left."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._what = label("title"), label("body")
        self._refusal, self._kept = refusal_label(), label("good")
        self.back, self.again = button(), button("primary")
        stack(self.column, self._title, self._refusal, self._what, self._kept)
        self.column.addLayout(row(self.back, self.again))
        self.back.clicked.connect(lambda: self.intent.emit(CancelSubmit()))
        self.again.clicked.connect(lambda: self.intent.emit(ConfirmSubmit()))
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("✕ 交卷失败"))
        self._what.setText(self.tr("交卷尚未完成。请举手报告监考人员，不要离开座位，不要关机。"))
        self._kept.setText(self.tr("✓ 全部作答已保存在本机，不会丢失。"))
        self.back.setText(self.tr("返回作答(&B)"))
        self.again.setText(self.tr("重新交卷(&R)"))

    def show_state(self, state: ScreenState) -> None:
        show_refusal(self._refusal, state.refusal, self.locale().name())
        self.back.setVisible(state.remaining_s > 0)

    def entered(self) -> None:
        self.again.setFocus()
