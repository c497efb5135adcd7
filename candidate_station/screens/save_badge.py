"""Where the newest answer is (H07): a sign and words, never more optimistic than the truth."""

from PySide6.QtWidgets import QLabel

from candidate_station.screens.page import label, set_role
from candidate_station.screens.words import fill
from candidate_station.session.screen_state import SaveState, ScreenState
from venue_server.wire.wiping_orders import AnswerPlace


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
                role = "warn" if state.place is AnswerPlace.STATION else "good"
                return role, self._synced(state.place)
            case SaveState.LOCAL:
                text = self.tr("■ 已保存到本机，%1 条待同步")
                return "warn", fill(text, str(state.unsynced))
            case SaveState.FAILED:
                return "alarm", self.tr("✕ 未保存！本机磁盘故障，请立即举手")

    def _synced(self, place: AnswerPlace) -> str:
        """How far everything has come; nothing more is said than the server said."""
        match place:
            case AnswerPlace.STATION:
                return self.tr("■ 已保存到本机，服务器存储故障")
            case AnswerPlace.SECOND:
                return self.tr("✓ 已同步（已在考点两处保存）")
            case AnswerPlace.BACKUP:
                return self.tr("✓ 已同步（已存入备份介质）")
            case AnswerPlace.HEADQUARTERS:
                return self.tr("✓ 已上报")
            case _:
                return self.tr("✓ 已同步（已存入服务器）")
