"""入场登记: one candidate after the other at the door (F01-F06). The server decides."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.admission import AdmissionForm
from invigilator_app.actions.identity_number import masked
from invigilator_app.actions.orders import Answer
from invigilator_app.board.instants import clock
from invigilator_app.board.view import RoomBoard
from invigilator_app.screens.parts import Outcome, button, label
from invigilator_app.screens.texts import Texts
from venue_server.wire.messages import Admit, Done, Refused
from venue_server.wire.names import IdDocument
from venue_server.wire.refusals import RefusalCode


class IdNumberEdit(QLineEdit):
    """Shows the number while it is being typed and masks it as soon as the focus goes (O08)."""

    def __init__(self) -> None:
        super().__init__()
        self._number = ""
        self.setMaxLength(30)
        self.textEdited.connect(self._keep)

    def number(self) -> str:
        return self._number

    def clear_number(self) -> None:
        self._number = ""
        self.clear()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setText(self._number)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setText(masked(self._number))

    def _keep(self, text: str) -> None:
        self._number = text


class AdmissionDialog(QDialog):
    """Stays open for the next candidate. ``submitted`` carries an Admit; answers come back through
    :meth:`answered`."""

    submitted = Signal(object)  # Admit

    def __init__(
        self, parent: QWidget, texts: Texts, board: RoomBoard, now_ms: Callable[[], int]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("入场登记"))
        self.setModal(True)
        self._texts = texts
        self._board = board
        self._now_ms = now_ms
        self._sent: Admit | None = None
        self.ticket = QLineEdit()
        self.ticket.setMaxLength(40)
        self.document = QComboBox()
        for document in IdDocument:
            self.document.addItem(texts.id_document(document), document)
        self.id_number = IdNumberEdit()
        self.id_checked = QCheckBox(self.tr("已查验身份证件：本人、有效、与名单一致"))
        self.ticket_checked = QCheckBox(self.tr("已查验准考证：本场次、本考场"))
        self.warning = label(name="why")
        self.outcome = Outcome(texts)
        self.submit = button(self.tr("登记入场"), self._submit, kind="main")
        self.leave = button(self.tr("关闭"), self.reject)
        self._lay_out()
        self._connect()
        self._changed()

    def set_board(self, board: RoomBoard) -> None:
        """The room as it now is (its timing may have changed)."""
        self._board = board
        self._changed()

    def form(self) -> AdmissionForm:
        return AdmissionForm(
            self.ticket.text(),
            IdDocument(self.document.currentData()),
            self.id_number.number(),
            self.id_checked.isChecked(),
            self.ticket_checked.isChecked(),
        )

    def answered(self, answer: Answer) -> None:
        """Show the server's decision big; a yes clears the form for the next person."""
        sent, self._sent = self._sent, None
        assert sent is not None
        if isinstance(answer, Done):
            self.outcome.good(self.tr("准予入场"), self._whom(sent.ticket_no))
            self._clear()
        else:
            self.outcome.trouble(answer)
            if isinstance(answer, Refused) and answer.code is RefusalCode.ADMISSION_CLOSED:
                self.outcome.text.setText(self._cut_off(answer))
        self._changed()
        if not self.isVisible():
            self.deleteLater()

    def _left(self) -> None:
        """Closed. An answer still on its way needs the dialog a little longer."""
        if self._sent is None:
            self.deleteLater()

    def _cut_off(self, answer: Refused) -> str:
        """ADM-01 with the instant it refers to: there is no override in any role (F05)."""
        timing = self._board.room.timing
        at = clock(timing.admission_closes_ms) if timing else ""
        since = self.tr("禁止入场时间 %1。任何人无权放行。").replace("%1", at)
        return f"{self._texts.refused(answer)}\n{since}"

    def _whom(self, ticket_no: str) -> str:
        for seat in self._board.seats.values():
            if seat.ticket_no == ticket_no:
                return self.tr("机位 %1　%2").replace("%1", seat.seat_no).replace("%2", seat.name)
        return ticket_no

    def _clear(self) -> None:
        self.ticket.clear()
        self.id_number.clear_number()
        self.id_checked.setChecked(False)
        self.ticket_checked.setChecked(False)
        self.ticket.setFocus()

    def _changed(self) -> None:
        form = self.form()
        missing = form.missing()
        self.submit.setEnabled(not missing and self._sent is None)
        warnings = [
            "△ " + self._texts.warn(warn)
            for warn in form.warnings(self._board.room, self._now_ms())
        ]
        if missing and self.ticket.text():
            listed = self.tr("、").join(self._texts.missing(each) for each in missing)
            warnings.append(self.tr("还缺：%1").replace("%1", listed))
        self.warning.setText("\n".join(warnings))

    def _submit(self) -> None:
        form = self.form()
        if form.missing() or self._sent is not None:
            return
        self._sent = form.order(self._board.room.room_id)
        self.outcome.waiting()
        self._changed()
        self.submitted.emit(self._sent)

    def _connect(self) -> None:
        self.finished.connect(self._left)
        self.ticket.textChanged.connect(self._changed)
        self.id_number.textEdited.connect(self._changed)
        self.document.currentIndexChanged.connect(self._changed)
        self.id_checked.toggled.connect(self._changed)
        self.ticket_checked.toggled.connect(self._changed)
        # A barcode scanner types the ticket number and Enter.
        self.ticket.returnPressed.connect(self.id_number.setFocus)
        self.id_number.returnPressed.connect(self.id_checked.setFocus)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setSpacing(10)
        form.addRow(self.tr("准考证号"), self.ticket)
        form.addRow(self.tr("证件类型"), self.document)
        form.addRow(self.tr("证件号码"), self.id_number)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.submit)
        box = QVBoxLayout(self)
        box.setSpacing(10)
        room = self._board.room
        title = self.tr("入场登记 · %1").replace("%1", room.name)
        box.addWidget(label(title, "title"))
        box.addWidget(label(self.tr("身份证件和准考证须同时查验，两证缺一不可。"), "quiet"))
        box.addLayout(form)
        box.addWidget(self.id_checked)
        box.addWidget(self.ticket_checked)
        box.addWidget(self.warning)
        box.addWidget(self.outcome)
        box.addStretch(1)
        box.addLayout(row)
        self.submit.setAutoDefault(False)
        self.leave.setAutoDefault(False)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 36))
