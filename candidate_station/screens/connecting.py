"""No server yet and nothing to answer."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import fill
from candidate_station.session.screen_state import ScreenState


class ConnectingPage(CardPage):
    """The way back is automatic: the station keeps looking for the server by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("title", centred=True)
        self._what = label("body", centred=True)
        self._station = label("muted", centred=True)
        self._refusal = refusal_label()
        stack(self.column, self._title, self._what, self._station, self._refusal)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("正在连接考点服务器…"))
        self._what.setText(
            self.tr("无需操作，连接后将自动继续。长时间停留在本页，请报告系统管理员。")
        )

    def show_state(self, state: ScreenState) -> None:
        known = state.station_id or self.tr("尚未取得")
        self._station.setText(fill(self.tr("本机编号：%1"), known))
        show_refusal(self._refusal, state.refusal, self.locale().name())
