"""交卷失败: answers are kept here, an invigilator must know, the station keeps asking (G11).

Nothing to press: the session machine asks the server again by itself, and the receipt page follows
when it answers. A button that repeats that would only promise more than it does.
"""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import fill
from candidate_station.session.screen_state import SaveState, ScreenState


class SubmitFailedPage(CardPage):
    """Says what is kept where, and never that all is well."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._what = label("title"), label("body")
        self._refusal, self._kept = refusal_label(), label("good")
        self._kept.setObjectName("kept")
        self._again = label("muted")
        stack(self.column, self._title, self._refusal, self._what, self._kept, self._again)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("✕ 交卷失败"))
        self._what.setText(self.tr("交卷尚未完成。请举手报告监考人员，不要离开座位，不要关机。"))
        self._again.setText(self.tr("系统正在自动重试，成功后显示交卷回执。"))

    def show_state(self, state: ScreenState) -> None:
        show_refusal(self._refusal, state.refusal, self.locale().name())
        kept = state.save_state is not SaveState.FAILED
        self._kept.setVisible(kept)
        text = self.tr("✓ 全部作答已保存在本机，待同步 %1 条。")
        if not state.unsynced:
            text = self.tr("✓ 全部作答已保存在本机和服务器，只差交卷确认。")
        self._kept.setText(fill(text, state.unsynced) if kept else "")
