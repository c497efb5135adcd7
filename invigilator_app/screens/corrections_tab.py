"""更正申请: name or number, never both; filed for headquarters, nothing is changed here (F04)."""

from PySide6.QtWidgets import QComboBox

from invigilator_app.actions.permissions import Action
from invigilator_app.board.instants import clock
from invigilator_app.screens.door_tab import DoorTab
from invigilator_app.screens.parts import button
from invigilator_app.screens.texts import Texts
from venue_server.wire.admission_orders import CorrectionLine, RequestCorrection

_NAME, _NUMBER = "NAME", "ID_NUMBER"


class CorrectionsTab(DoorTab):
    """One line a request; there is one field for what is asked, so that it cannot be two."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, 6)
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("编号"),
                self.tr("准考证号"),
                self.tr("更正项目"),
                self.tr("申请更正为"),
                self.tr("事由"),
                self.tr("时间"),
            ]
        )
        self.ticket = self.entry(self.tr("准考证号"))
        self.field = QComboBox()
        self.field.addItem(self.tr("姓名"), _NAME)
        self.field.addItem(self.tr("证件号码"), _NUMBER)
        self.field.setAccessibleName(self.tr("更正项目"))
        self.wish = self.entry(self.tr("申请更正为"))
        self.reason = self.entry(self.tr("事由"))
        self.file = button(self.tr("提交更正申请"), self._file, kind="main")
        self.lay_out(
            self.tr("姓名和身份证件号码不得同时更正。本考点只受理申请，不修改任何报名信息。"),
            (self.ticket, self.field, self.wish, self.reason),
            (self.file,),
        )

    def show_lines(self, lines: list[CorrectionLine]) -> None:
        self.table.show_rows(
            [
                [
                    one.correction_id,
                    one.ticket_no,
                    self.tr("姓名") if one.field == _NAME else self.tr("证件号码"),
                    one.wish,
                    one.reason,
                    clock(one.filed_at_ms),
                ]
                for one in lines
            ]
        )

    def filed(self) -> None:
        """The request was taken: ready for the next one; a number does not stay (O08)."""
        for field in (self.ticket, self.wish, self.reason):
            field.clear()

    def changed(self) -> None:
        entered = all(each.text().strip() for each in (self.ticket, self.wish, self.reason))
        self.open(self.file, Action.REQUEST_CORRECTION, entered)

    def _file(self) -> None:
        wish = self.wish.text().strip()
        name, number = (wish, "") if self.field.currentData() == _NAME else ("", wish)
        ticket, reason = self.ticket.text().strip(), self.reason.text().strip()
        order = RequestCorrection(0, self.room_id, ticket, reason, name, number)
        self.placed.emit(order, self.tr("已提交，报总部处理"))
