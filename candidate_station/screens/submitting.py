"""Handing in: nothing to press, and nothing claimed before the server answered (G11)."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.words import fill
from candidate_station.session.screen_state import ScreenState


class SubmittingPage(CardPage):
    """The answers are on the station's disk; the page says so while the server is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._what = label("title", centred=True), label("body", centred=True)
        self._waiting = label("warn", centred=True)
        stack(self.column, self._title, self._what, self._waiting)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("正在交卷…"))
        self._what.setText(
            self.tr("作答已结束，答案已保存在本机，正在等待服务器确认。请勿离开座位，请勿关机。")
        )

    def show_state(self, state: ScreenState) -> None:
        text = self.tr("⚠ 网络中断，恢复后自动完成交卷；尚有 %1 条记录待同步。")
        self._waiting.setText(fill(text, str(state.unsynced)))
        self._waiting.setVisible(not state.online)
