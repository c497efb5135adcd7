"""入场登记: one candidate after the other at the door (F01-F06, F08, F14). The server decides."""

from collections.abc import Callable
from contextlib import suppress

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

from invigilator_app.actions.admission import DOUBTFUL, AdmissionForm
from invigilator_app.actions.identity_number import masked
from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import LookedUp, ResultError, read_result
from invigilator_app.board.instants import clock
from invigilator_app.board.view import RoomBoard
from invigilator_app.printing.door_slips import late_notice
from invigilator_app.screens.candidate_card import CandidateCardView
from invigilator_app.screens.door_texts import DoorTexts
from invigilator_app.screens.parts import Outcome, button, label, scrolled
from invigilator_app.screens.save_pdf import save_sheet
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.texts import Texts
from venue_server.wire.admission_orders import AdmitInDoubt, LookUpCandidate
from venue_server.wire.console_orders import Admit
from venue_server.wire.console_views import Done, SignedIn
from venue_server.wire.frames import Second
from venue_server.wire.messages import Refused
from venue_server.wire.names import DoubtKind, IdDocument, NameCheck, PersonCheck
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
    """Stays open for the next candidate. ``submitted`` carries an Admit or an AdmitInDoubt whose
    answer comes back through :meth:`answered`; ``asked`` a look-up, to :meth:`looked_up`."""

    submitted = Signal(object)  # Admit | AdmitInDoubt
    asked = Signal(object)  # LookUpCandidate

    def __init__(
        self,
        parent: QWidget,
        texts: Texts,
        board: RoomBoard,
        now_ms: Callable[[], int],
        person: SignedIn,
        venue_name: str,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("入场登记"))
        self.setModal(True)
        self._texts = texts
        self._board = board
        self._now_ms = now_ms
        self._person = person
        self._venue_name = venue_name
        self._door_texts = DoorTexts(self)
        self._sent: Admit | AdmitInDoubt | None = None
        self._late = ""  # the ticket of whoever was refused as late
        self.ticket = QLineEdit()
        self.ticket.setMaxLength(40)
        self.document = QComboBox()
        for document in IdDocument:
            self.document.addItem(texts.id_document(document), document)
        self.id_number = IdNumberEdit()
        self.id_checked = QCheckBox(self.tr("已查验身份证件：本人、有效、与名单一致"))
        self.ticket_checked = QCheckBox(self.tr("已查验准考证：本场次、本考场"))
        self.card = CandidateCardView()
        self.name_check = QComboBox()
        for name in NameCheck:
            self.name_check.addItem(self._door_texts.name_check(name), name)
        self.person_check = QComboBox()
        for check in PersonCheck:
            self.person_check.addItem(self._door_texts.person_check(check), check)
        self.belongings = QCheckBox(self.tr("已检查携带物品，无禁止带入的物品"))
        self.warning = label(name="why")
        self.outcome = Outcome(texts)
        self.submit = button(self.tr("登记入场"), self._submit, kind="main")
        self.leave = button(self.tr("关闭"), self.reject)
        self.in_doubt = button(self.tr("两人决定先行入场…"), self._ask_in_doubt, kind="grave")
        self.slip = button(self.tr("迟到告知单另存为 PDF…"), self._save_slip)
        self.in_doubt.hide()
        self.slip.hide()
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
            NameCheck(self.name_check.currentData()),
            PersonCheck(self.person_check.currentData()),
            self.belongings.isChecked(),
        )

    # ---- the list's own data beside the person (F02, F08) ----

    def _look_up(self) -> None:
        """A scanner types the ticket number and Enter: show whom the list has for it."""
        ticket = self.ticket.text().strip()
        self.card.clear_card()
        if ticket:
            self.asked.emit(LookUpCandidate(0, self._board.room.room_id, ticket))
        self._go_to(self.id_number)

    def _go_to(self, field: QWidget) -> None:
        """The next field, in view also on a small screen."""
        field.setFocus()
        self.scrolls.ensureWidgetVisible(field)

    def looked_up(self, order: LookUpCandidate, answer: Answer) -> None:
        """The card of the ticket that stands in the form now; a wrong room is said big."""
        if order.ticket_no != self.ticket.text().strip():
            return
        if isinstance(answer, Done):
            with suppress(ResultError):
                card = read_result(answer, LookedUp).candidate
                self.card.show_card(card, self._texts.id_document(IdDocument(card.id_document)))
                self.outcome.clear()
        else:
            self.outcome.trouble(answer)

    # ---- two invigilators decide (F14) ----

    def _ask_in_doubt(self) -> None:
        note = QLineEdit()
        note.setMaxLength(200)
        note.setText(self._what_is_doubted())
        what = self.tr(
            "准考证号 %1 身份存疑。两名监考人员共同决定让其先行入场；主考即时知悉，"
            "之后须由两人核验并签名。"
        ).replace("%1", self.ticket.text().strip())
        dialog = ask_second(
            self,
            self._texts,
            Action.ADMIT_IN_DOUBT,
            self._person,
            what,
            [(self.tr("存疑情况"), note)],
        )
        dialog.signed.connect(lambda second: self._admit_in_doubt(note.text(), second))

    def _what_is_doubted(self) -> str:
        """A beginning for the note, from what was ticked."""
        form = self.form()
        kinds = []
        if form.name is not NameCheck.SAME:
            kinds.append(DoubtKind.NAME)
        if form.person is PersonCheck.DOUBT:
            kinds.append(DoubtKind.PERSON)
        named = kinds or [DoubtKind.NUMBER]
        return self.tr("、").join(self._door_texts.doubt_kind(kind) for kind in named)

    def _admit_in_doubt(self, note: str, second: Second) -> None:
        ticket = self.ticket.text().strip()
        room_id = self._board.room.room_id
        self._sent = AdmitInDoubt(0, room_id, ticket, note.strip(), second)
        self.outcome.waiting()
        self._changed()
        self.submitted.emit(self._sent)

    def _save_slip(self) -> None:
        timing = self._board.room.timing
        closed = timing.admission_closes_ms if timing else 0
        room = self._board.room.name
        html = late_notice(self._venue_name, room, self._late, self._now_ms(), closed)
        title = self.tr("迟到告知单")
        save_sheet(self, self.outcome, self.tr("另存为 PDF"), f"{title}-{self._late}", html)

    # ---- the answer ----

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
                self._late = sent.ticket_no
                self.outcome.text.setText(self._cut_off(answer))
        code = answer.code if isinstance(answer, Refused) else None
        both = may(Action.ADMIT_IN_DOUBT, self._person).allowed
        self.in_doubt.setVisible(code in DOUBTFUL and both)
        self.slip.setVisible(code is RefusalCode.ADMISSION_CLOSED)
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
        self.belongings.setChecked(False)
        self.name_check.setCurrentIndex(0)
        self.person_check.setCurrentIndex(0)
        self.card.clear_card()
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
        self.ticket.returnPressed.connect(self._look_up)
        self.id_number.returnPressed.connect(lambda: self._go_to(self.name_check))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setSpacing(10)
        form.addRow(self.tr("准考证号"), self.ticket)
        form.addRow(self.tr("证件类型"), self.document)
        form.addRow(self.tr("证件号码"), self.id_number)
        form.addRow(self.tr("姓名核对"), self.name_check)
        form.addRow(self.tr("本人核对"), self.person_check)
        row = QHBoxLayout()
        row.addWidget(self.in_doubt)
        row.addWidget(self.slip)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.submit)
        body = QWidget()
        box = QVBoxLayout(body)
        box.setSpacing(8)
        room = self._board.room
        title = self.tr("入场登记 · %1").replace("%1", room.name)
        box.addWidget(label(title, "title"))
        box.addWidget(label(self.tr("身份证件和准考证须同时查验，两证缺一不可。"), "quiet"))
        box.addLayout(form)
        box.addWidget(self.id_checked)
        box.addWidget(self.ticket_checked)
        box.addWidget(self.belongings)
        box.addWidget(self.warning)
        box.addStretch(1)
        self.scrolls = scrolled(body)
        beside = QHBoxLayout()
        beside.addWidget(self.scrolls, 3)
        beside.addWidget(self.card, 2)
        whole = QVBoxLayout(self)
        whole.addLayout(beside, 1)
        whole.addWidget(self.outcome)
        whole.addLayout(row)
        self.submit.setAutoDefault(False)
        self.leave.setAutoDefault(False)
        self.in_doubt.setAutoDefault(False)
        self.slip.setAutoDefault(False)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 58))
        parent = self.parentWidget()
        assert parent is not None, "it belongs to a page"
        most = parent.window().height() - 60
        self.resize(self.minimumWidth(), min(self._wanted_height(body), most))

    def _wanted_height(self, body: QWidget) -> int:
        """With room for an outcome, so that it does not push the form away."""
        return body.sizeHint().height() + self.fontMetrics().height() * 10
