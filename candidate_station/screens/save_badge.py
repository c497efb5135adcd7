"""Where the newest answer is (H07): a sign and words, never more optimistic than the truth."""

from PySide6.QtWidgets import QLabel

from candidate_station.screens.page import label, set_role
from candidate_station.screens.words import fill
from candidate_station.session.screen_state import SaveState, ScreenState


class SaveBadge(QLabel):
    """已同步, 已保存到本机, 未保存, or nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("saveState")
        self.setProperty("role", "plain")
        self.setWordWrap(True)
        self.setTextFormat(label("").textFormat())

    def show_state(self, state: ScreenState) -> None:
        role, text = self._words(state)
        set_role(self, role)
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)

    def _words(self, state: ScreenState) -> tuple[str, str]:
        match state.save_state:
            case SaveState.NOTHING if any(cell.answered for cell in state.navigator):
                return "plain", self.tr("… 正在保存")
            case SaveState.NOTHING:
                return "plain", self.tr("○ 尚无作答")
            case SaveState.SYNCED:
                return "good", self.tr("✓ 已同步（已存入服务器）")
            case SaveState.LOCAL:
                text = self.tr("■ 已保存到本机，%1 条待同步")
                return "warn", fill(text, str(state.unsynced))
            case SaveState.FAILED:
                return "alarm", self.tr("✕ 未保存！本机磁盘故障，请立即举手")
