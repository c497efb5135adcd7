"""Everything about one seat that an invigilator may know. No item content (O02)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from invigilator_app.board.instants import clock
from invigilator_app.board.seat_state import LIVE, answers_at_risk, seat_display
from invigilator_app.screens.parts import label
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.console_views import RoomView, SeatView
from venue_server.wire.names import SeatLink, SessionState

_FIELDS = (
    "name",
    "ticket",
    "state",
    "moved",
    "link",
    "paper",
    "answered",
    "unsynced",
    "copies",
    "seen",
    "alerts",
)


class SeatDetails(QFrame):
    """The panel beside the map."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("card")
        self._texts = texts
        self.title = label(name="title")
        self.values: dict[str, QLabel] = {}
        # Not a form layout: that one keeps an old height for a text that now takes two lines.
        grid = QGridLayout(self)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.title, 0, 0, 1, 2)
        self.advice = label(name="chip")
        self.advice.setProperty("tone", "warn")
        grid.addWidget(self.advice, 1, 0, 1, 2)
        for row, field in enumerate(_FIELDS, 2):
            value = label()
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.values[field] = value
            caption = label(self._caption(field), "quiet", wrap=False)
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        self.show_seat(None, None)

    def show_seat(self, seat: SeatView | None, room: RoomView | None) -> None:
        if seat is None or room is None:
            self.title.setText(self.tr("未选中机位"))
            self.advice.hide()
            for value in self.values.values():
                value.setText("—")
            return
        self.title.setText(self.tr("机位 %1").replace("%1", seat.seat_no))
        for field, text in self._texts_of(seat, room).items():
            self.values[field].setText(text or "—")
        advice = self._advice(seat, room)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        risk = answers_at_risk(seat)
        self.values["unsynced"].setObjectName("chip" if risk else "")
        restyle(self.values["unsynced"], "tone", "bad" if risk else "")

    def _texts_of(self, seat: SeatView, room: RoomView) -> dict[str, str]:
        texts = self._texts
        state = texts.seat(seat_display(seat, room))
        if seat.submit_kind is not None:
            state += f" · {texts.submit_kind(seat.submit_kind)}"
        risk = answers_at_risk(seat)
        unsynced = str(seat.unsynced)
        if risk:
            unsynced = "△ " + self.tr("%1 条只在考试机上").replace("%1", str(risk))
            unsynced += self._since(seat.at_risk.station_since_ms or seat.last_seen_ms)
        elif seat.at_risk.unheard:
            unsynced = "△ " + self.tr("考试机失联，可能还有") + self._since(seat.last_seen_ms)
        return {
            "name": seat.name,
            "ticket": seat.ticket_no,
            "state": state,
            "moved": self._moved(seat),
            "link": f"{texts.link(seat.link)} · {seat.station_id}" if seat.station_id else "",
            "paper": texts.paper(seat.paper),
            "answered": self.tr("%1 题").replace("%1", str(seat.answered)),
            "unsynced": unsynced,
            "copies": self._copies(seat),
            "seen": clock(seat.last_seen_ms) if seat.last_seen_ms else "",
            "alerts": self.tr("、").join(texts.alert(alert) for alert in seat.alerts),
        }

    def _advice(self, seat: SeatView, room: RoomView) -> str:
        """What to do now about answers that only this machine may have; nothing when none are."""
        risk = answers_at_risk(seat)
        away = seat.link is not SeatLink.ONLINE
        if away and seat.state in LIVE and room.session_state is SessionState.STARTED:
            return self.tr(
                "请应试人员继续作答，勿关机。先查网线和交换机；不能恢复，报系统管理员换机。"
            )
        if away and (risk or seat.at_risk.unheard):
            return self.tr(
                "本机可能还有作答：勿关机、勿还原。接通网线后自动上传；否则报系统管理员。"
            )
        if risk:
            return self.tr("作答尚在本机，正在上传：勿关机。数分钟内不减少，报系统管理员。")
        return ""

    def _copies(self, seat: SeatView) -> str:
        """Of how many answers the venue has one copy only, and since when (H07)."""
        risk = seat.at_risk
        if not risk.one_disk:
            return self.tr("✓ 无只存一处的作答") if seat.sitting_id else ""
        text = self.tr("%1 条只存一处").replace("%1", str(risk.one_disk))
        return "✕ " + text + self._since(risk.disk_since_ms)

    def _since(self, at_ms: int) -> str:
        return self.tr("（自 %1）").replace("%1", clock(at_ms)) if at_ms else ""

    def _moved(self, seat: SeatView) -> str:
        """At a moved candidate's own seat, where they sit; at the spare, whose it is (F12)."""
        if seat.moved_to:
            text = self.tr("换机：%1→%2")
            return text.replace("%1", seat.seat_no).replace("%2", seat.moved_to)
        if seat.guest_of:
            return self.tr("备用机，供机位 %1 使用").replace("%1", seat.guest_of)
        return ""

    def _caption(self, field: str) -> str:
        return {
            "name": self.tr("姓名"),
            "ticket": self.tr("准考证号"),
            "state": self.tr("状态"),
            "moved": self.tr("换机"),
            "link": self.tr("考试机"),
            "paper": self.tr("试卷"),
            "answered": self.tr("已答"),
            "unsynced": self.tr("未同步"),
            "copies": self.tr("考点存放"),
            "seen": self.tr("最近心跳"),
            "alerts": self.tr("告警"),
        }[field]
