"""违纪记录: facts and a suggested item of Order 31, items kept, signatures, in the order in which
they are needed (V01-V08). The judgement is made elsewhere."""

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QPushButton,
)

from invigilator_app.actions.incident_forms import (
    OneViolation,
    ViolationList,
    instant_of,
    lines_of,
)
from invigilator_app.actions.orders import Answer, Order
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, read_result
from invigilator_app.board.instants import minute
from invigilator_app.printing.incident_sheets import violation_sheet
from invigilator_app.screens.beside import Beside
from invigilator_app.screens.parts import Card, button, label
from invigilator_app.screens.printing_page import PrintingPage
from invigilator_app.screens.reason_dialog import ask_reason
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done, SeatView
from venue_server.wire.incident_orders import (
    AddToViolation,
    GetViolations,
    NoteRefusal,
    NoteSignature,
    RecordViolation,
    ReturnEvidence,
    SignViolation,
    TakeItem,
    TerminateSitting,
    WithdrawViolation,
)
from venue_server.wire.order31 import CODES
from venue_server.wire.violations import CandidateSignature, ViolationFacts, ViolationView

_TEXT_FIELDS = (
    "happened",
    "warned",
    "warned_by",
    "place",
    "facts",
    "evidence",
    "statement",
    "camera",
    "camera_marks",
)


class ViolationTab(PrintingPage):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.violations: list[ViolationView] = []
        self.seats: list[tuple[str, SeatView]] = []
        self.table = TextTable(
            [
                self.tr("编号"),
                self.tr("机位"),
                self.tr("姓名"),
                self.tr("条款"),
                self.tr("时间"),
                self.tr("签字"),
                self.tr("事实"),
            ]
        )
        self.who, self.code = QComboBox(), QComboBox()
        self.warning = label(name="chip")
        self.fields = {name: QLineEdit() for name in _TEXT_FIELDS}
        self.load_button = button(self.tr("刷新"), self.load)
        self.record = button(self.tr("记录违纪"), self._record, kind="main")
        self.add = button(self.tr("补充到选中记录"), self._add)
        self.take = button(self.tr("暂扣物品（两人）…"), self._ask_take)
        self.back = button(self.tr("归还物品（两人）…"), self._ask_back)
        self.signed = button(self.tr("本人已签字"), self._note_signature)
        self.refused = button(self.tr("本人拒签（两人）…"), self._ask_refused)
        self.sign = button(self.tr("主考签字"), self._sign, kind="main")
        self.withdraw = button(self.tr("撤销…"), self._ask_withdraw)
        self.print = button(self.tr("保存记录表…"), self._print)
        self.terminate = button(self.tr("终止其考试（两人）…"), self._ask_terminate, kind="grave")
        self._lay_out()
        self.code.currentIndexChanged.connect(self._show_warning)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self._show_warning()

    # ---- what is shown ----

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        boards = state.view.rooms.items() if state.view else ()
        seats = [
            (room_id, seat)
            for room_id, board in boards
            for seat in board.seats.values()
            if seat.sitting_id
        ]
        names = [
            f"{room_id}-{seat.seat_no} {seat.name} {seat.ticket_no}" for room_id, seat in seats
        ]
        self.seats = seats
        if [self.who.itemText(at) for at in range(self.who.count())] != names:
            chosen = self.who.currentText()
            self.who.clear()
            self.who.addItems(names)
            self.who.setCurrentIndex(max(0, self.who.findText(chosen)))
        self._show_buttons()

    def load(self) -> None:
        """Fetch the records of the rooms this person sees."""
        self.order(GetViolations(0), self._loaded)

    @property
    def chosen(self) -> ViolationView | None:
        """The record selected in the table."""
        at = self.table.currentRow()
        return self.violations[at] if 0 <= at < len(self.violations) else None

    def show_list(self, violations: list[ViolationView]) -> None:
        """Show these records."""
        self.violations = violations
        self.table.show_rows(
            [self._row(one) for one in violations],
            frozenset(at for at, one in enumerate(violations) if one.counts and not one.chief),
        )
        self._show_buttons()

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            self.show_list(read_result(answer, ViolationList).violations)
        except ResultError as error:
            self.outcome.warn(self.tr("结果无法显示"), str(error))

    def _row(self, one: ViolationView) -> list[str]:
        if not one.counts:
            state = "— " + self.tr("已撤销")
        elif one.chief:
            state = "✓ " + self.tr("签字齐全")
        elif one.candidate is CandidateSignature.MISSING:
            state = "△ " + self.tr("待本人签字")
        else:
            state = "△ " + self.tr("待主考签字")
        happened = minute(one.facts.happened_at_ms or one.recorded_at_ms)
        place = f"{one.room_id}-{one.seat_no}"
        return [one.violation_id, place, one.name, one.code, happened, state, one.facts.facts]

    def _show_warning(self) -> None:
        known = CODES[self.code.currentData()]
        text = self.tr("△ 该条款以提醒为前提：先填提醒时间和提醒人")
        hint = text if known.warning_required else self.tr("✓ 该条款不以提醒为前提")
        self.warning.setText(f"{known.text(self.texts.language)}\n{hint}")

    def _show_buttons(self) -> None:
        if self.state is None:
            return
        one, person, online = self.chosen, self.state.person, self.state.online
        for pressed, action, ready in (
            (self.record, Action.RECORD_VIOLATION, bool(self.seats)),
            (self.terminate, Action.TERMINATE_SITTING, bool(self.seats)),
            (self.add, Action.ADD_TO_VIOLATION, one is not None),
            (self.take, Action.TAKE_ITEM, one is not None),
            (self.back, Action.RETURN_EVIDENCE, one is not None and bool(one.items)),
            (self.signed, Action.NOTE_SIGNATURE, one is not None),
            (self.refused, Action.NOTE_REFUSAL, one is not None),
            (self.sign, Action.SIGN_VIOLATION, one is not None and not one.chief),
            (self.withdraw, Action.WITHDRAW_VIOLATION, one is not None),
        ):
            verdict = may(action, person, online)
            self.open_button(pressed, verdict)
            pressed.setEnabled(verdict.allowed and ready)
        self.print.setEnabled(one is not None)

    # ---- the form ----

    def facts(self) -> ViolationFacts | None:
        """What stands in the form; None when a time cannot be read, which is then said."""
        now_ms = self.state.now_ms if self.state else 0
        text = {name: field.text().strip() for name, field in self.fields.items()}
        happened, warned = (instant_of(text.pop(name), now_ms) for name in ("happened", "warned"))
        if happened is None or warned is None:
            self.outcome.warn(self.tr("时间应写作 09:12 或 09:12:30"))
            return None
        evidence = lines_of(text.pop("evidence"))
        return ViolationFacts(
            happened_at_ms=happened, warned_at_ms=warned, evidence=evidence, **text
        )

    def _seat(self) -> tuple[str, SeatView] | None:
        at = self.who.currentIndex()
        return self.seats[at] if 0 <= at < len(self.seats) else None

    def _record(self) -> None:
        seat, facts = self._seat(), self.facts()
        if seat is not None and facts is not None:
            code = str(self.code.currentData())
            self._send(RecordViolation(0, seat[0], seat[1].sitting_id, code, facts))

    def _add(self) -> None:
        one, facts = self.chosen, self.facts()
        if one is not None and facts is not None:
            self._send(AddToViolation(0, one.room_id, one.violation_id, facts))

    def _send(self, order: Order) -> None:
        self.outcome.waiting()
        self.order(order, self._done)

    def _done(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        one = read_result(answer, OneViolation).violation
        self.outcome.good(self.tr("已记录"), f"{one.violation_id} {one.name}")
        for field in self.fields.values():
            field.clear()
        self.load()

    # ---- signatures and items ----

    def _ask_take(self) -> None:
        one = self.chosen
        if one is None or self.state is None:
            return
        number, what = QLineEdit(), QLineEdit()
        signed = QCheckBox(self.tr("应试人员已在收据上签字"))
        rows = ((self.tr("物品编号"), number), (self.tr("物品"), what), ("", signed))
        text = self.tr("暂扣物品，开具收据。两名考务人员签名。")
        dialog = ask_second(self, self.texts, Action.TAKE_ITEM, self.state.person, text, rows)
        dialog.signed.connect(
            lambda second: self._send(
                TakeItem(
                    0,
                    one.room_id,
                    one.violation_id,
                    number.text().strip(),
                    what.text().strip(),
                    signed.isChecked(),
                    second,
                )
            )
        )

    def _ask_back(self) -> None:
        one = self.chosen
        if one is None or self.state is None:
            return
        number = QComboBox()
        number.addItems([item.number for item in one.items if not item.returned_at_ms])
        text = self.tr("归还暂扣物品。两名考务人员签名。")
        rows = ((self.tr("物品编号"), number),)
        dialog = ask_second(self, self.texts, Action.RETURN_EVIDENCE, self.state.person, text, rows)
        dialog.signed.connect(
            lambda second: self._send(
                ReturnEvidence(0, one.room_id, one.violation_id, number.currentText(), second)
            )
        )

    def _note_signature(self) -> None:
        if self.chosen is not None:
            self._send(NoteSignature(0, self.chosen.room_id, self.chosen.violation_id))

    def _ask_refused(self) -> None:
        one = self.chosen
        if one is None or self.state is None:
            return
        text = self.tr("应试人员拒绝在记录表上签字，由两名考务人员证明。")
        dialog = ask_second(self, self.texts, Action.NOTE_REFUSAL, self.state.person, text)
        dialog.signed.connect(
            lambda second: self._send(NoteRefusal(0, one.room_id, one.violation_id, second))
        )

    def _sign(self) -> None:
        one = self.chosen
        if one is not None:
            self._send(SignViolation(0, one.violation_id, one.content_hash))

    def _ask_withdraw(self) -> None:
        one = self.chosen
        if one is None:
            return
        title = self.tr("撤销 %1").replace("%1", one.violation_id)
        text = self.tr("撤销须有新的证据或法定依据。原记录保留，写明撤销依据。")
        dialog = ask_reason(self, title, text, self.tr("撤销"), wants_reference=True)
        dialog.given.connect(
            lambda why, ref: self._send(WithdrawViolation(0, one.violation_id, why, ref))
        )

    def _ask_terminate(self) -> None:
        seat = self._seat()
        if seat is None or self.state is None:
            return
        reason = QLineEdit()
        text = self.tr("终止 %1 继续参加考试，考试机立即锁定。此前的作答照常密封，不会删除。")
        text = text.replace("%1", self.who.currentText())
        rows = ((self.tr("事由"), reason),)
        action = Action.TERMINATE_SITTING
        dialog = ask_second(self, self.texts, action, self.state.person, text, rows)
        dialog.signed.connect(
            lambda second: self._send(
                TerminateSitting(0, seat[0], seat[1].sitting_id, reason.text().strip(), second)
            )
        )

    def _print(self) -> None:
        one, state = self.chosen, self.state
        if one is None or state is None or state.view is None:
            return
        html = violation_sheet(state.view.venue.printed_name, one)
        name = f"{self.tr('违纪违规情况记录表')}-{one.violation_id}"
        self.ask_pdf(name, html, one.content_hash)

    # ---- lay-out ----

    def _lay_out(self) -> None:
        for each in CODES.values():
            self.code.addItem(each.text(self.texts.language), each.code)
        for box in (self.code, self.who):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(14)
        names = {
            "happened": self.tr("发生时间"),
            "warned": self.tr("提醒时间"),
            "warned_by": self.tr("提醒人"),
            "place": self.tr("地点"),
            "facts": self.tr("事实"),
            "evidence": self.tr("证据（用分号隔开）"),
            "statement": self.tr("本人陈述"),
            "camera": self.tr("监控编号"),
            "camera_marks": self.tr("监控时间"),
        }
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("应试人员"), self.who)
        form.addRow(self.tr("涉嫌条款"), self.code)
        form.addRow(self.warning)
        for name, field in self.fields.items():
            form.addRow(names[name], field)
        for name in ("happened", "warned"):
            self.fields[name].setPlaceholderText("09:12:30")
        side = Card(self.tr("只记事实；认定和处理由考试机构作出"))
        side.box.addLayout(form)
        side.box.addWidget(self.record)
        side.box.addWidget(self.add)
        side.box.addWidget(self.terminate)
        side.box.addStretch(1)
        left = Card(self.tr("违纪记录"))
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 7))
        left.box.addWidget(self.table, 1)
        left.box.addLayout(self._buttons())
        page = self.scrolled_column()
        page.addWidget(self.outcome)
        page.addWidget(Beside(left, side), 1)

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        order: list[QPushButton] = [
            self.load_button,
            self.take,
            self.back,
            self.print,
            self.signed,
            self.refused,
            self.sign,
            self.withdraw,
        ]
        for at, pressed in enumerate(order):
            grid.addWidget(pressed, at // 4, at % 4)
        return grid
