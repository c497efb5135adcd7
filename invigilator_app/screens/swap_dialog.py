"""换机: who goes on where and why, both people having compared the person, then both sign (F12)."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from invigilator_app.actions.orders import swap_station
from invigilator_app.actions.permissions import Action
from invigilator_app.actions.results import SpareSeat
from invigilator_app.screens.second_dialog import SecondDialog
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import SeatView, SignedIn
from venue_server.wire.frames import Second
from venue_server.wire.swap_orders import SwapStation

MAX_REASON = 500


class SwapDialog(SecondDialog):
    """``signed`` comes only when a spare, a reason and the comparison are there."""

    def __init__(
        self,
        parent: QWidget,
        texts: Texts,
        first: SignedIn,
        seat: SeatView,
        spares: Sequence[SpareSeat],
    ) -> None:
        self.spare = QComboBox()
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.compared = QCheckBox()
        what = QCoreApplication.translate(
            "SwapDialog", "机位 %1　%2　%3：换到同考场备用机继续。作答、试题顺序和剩余时间不变。"
        )
        for mark, value in (("%1", seat.seat_no), ("%2", seat.name), ("%3", seat.ticket_no)):
            what = what.replace(mark, value)
        rows: list[tuple[str, QWidget]] = [
            (QCoreApplication.translate("SwapDialog", "备用机位"), self.spare),
            (QCoreApplication.translate("SwapDialog", "换机原因（必填，将记入台账）"), self.reason),
            (QCoreApplication.translate("SwapDialog", "核对本人"), self.compared),
        ]
        super().__init__(parent, texts, Action.SWAP_STATION, first, what, rows)
        self.setWindowTitle(self.tr("换机"))
        self.compared.setText(self.tr("两人均已对照证件和照片核对本人"))
        for each in spares:
            if not each.why:
                self.spare.addItem(each.seat_no, each.seat_no)
        for signal in (self.reason.textChanged, self.compared.toggled):
            signal.connect(self._changed)
        self._changed()

    def _changed(self, *_: object) -> None:
        """The signature waits for what the order needs; the sentence says what is missing."""
        if not self.spare.count():
            missing = self.tr("本考场没有可用的备用机：须联机、已校验试卷、无人使用")
        elif not self.reason.text().strip():
            missing = self.tr("请写明换机原因")
        elif not self.compared.isChecked():
            missing = self.tr("请两人对照照片核对本人后勾选")
        else:
            missing = ""
        self.problem.setText(f"△ {missing}" if missing else "")
        self.sign.setEnabled(not missing)

    def order(self, room_id: str, sitting_id: str, second: Second) -> SwapStation:
        """The order as filled in."""
        spare, compared = self.spare.currentData() or "", self.compared.isChecked()
        return swap_station(room_id, sitting_id, spare, self.reason.text(), compared, second)
