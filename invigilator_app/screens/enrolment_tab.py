"""登记: machines that show a code, and the form that confirms it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from invigilator_app.actions.orders import Answer, confirm_enrolment
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, Waiting, WaitingMachine, read_result
from invigilator_app.board.instants import clock
from invigilator_app.screens.parts import Card, Outcome, Page, button, label, scrolled
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_orders import ListEnrolments
from venue_server.wire.console_views import Done


class EnrolmentTab(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self._waiting: list[WaitingMachine] = []
        self.table = TextTable(
            [self.tr("登记码"), self.tr("类型"), self.tr("地址"), self.tr("时间")]
        )
        self.table.currentCellChanged.connect(self._picked)
        self.reload = button(self.tr("刷新列表"), self.load)
        self.code = QLineEdit()
        self.kind = QComboBox()
        self.kind.addItem(self.tr("考试机"), "station")
        self.kind.addItem(self.tr("监考台"), "console")
        self.name = QLineEdit()
        self.room = QComboBox()
        self.seat = QLineEdit()
        self.confirm = button(self.tr("登记码一致，确认登记"), self._confirm, kind="main")
        self.outcome = Outcome(texts)
        self.kind.currentIndexChanged.connect(self._changed)
        for field in (self.code, self.name, self.seat):
            field.textChanged.connect(self._changed)
        self._lay_out()
        self._changed()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        rooms = [
            (board.room.name, room_id)
            for room_id, board in (state.view.rooms if state.view else {}).items()
        ]
        if [self.room.itemData(at) for at in range(self.room.count())] != [r for _, r in rooms]:
            self.room.clear()
            for name, room_id in rooms:
                self.room.addItem(name, room_id)
        self._changed()

    def load(self) -> None:
        self.order(ListEnrolments(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            self._waiting = read_result(answer, Waiting).waiting
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        kinds = {"station": self.tr("考试机"), "console": self.tr("监考台")}
        self.table.show_rows(
            [
                [each.code, kinds.get(each.kind, each.kind), each.address, clock(each.since_ms)]
                for each in self._waiting
            ]
        )

    def _picked(self, row: int, *_: int) -> None:
        """The code is filled in, but a person still compares it with the machine's screen."""
        if 0 <= row < len(self._waiting):
            machine = self._waiting[row]
            self.code.setText(machine.code)
            self.kind.setCurrentIndex(max(0, self.kind.findData(machine.kind)))

    def _changed(self) -> None:
        station = self.kind.currentData() == "station"
        self.seat.setEnabled(station)
        filled = bool(self.code.text().strip() and self.name.text().strip())
        placed = not station or bool(self.seat.text().strip() and self.room.currentData())
        allowed = (
            self.state is not None
            and may(Action.CONFIRM_ENROLMENT, self.state.person, self.state.online).allowed
        )
        self.confirm.setEnabled(allowed and filled and placed)
        self.reload.setEnabled(allowed)

    def _confirm(self) -> None:
        order = confirm_enrolment(
            self.code.text(),
            self.kind.currentData(),
            self.name.text(),
            self.room.currentData() or "",
            self.seat.text(),
        )
        self.outcome.waiting()
        self.order(order, self._confirmed)

    def _confirmed(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self.outcome.good(self.tr("已登记"), f"{self.code.text()} · {self.name.text()}")
        for field in (self.code, self.name, self.seat):
            field.clear()
        self.load()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("登记码"), self.code)
        form.addRow(self.tr("类型"), self.kind)
        form.addRow(self.tr("名称"), self.name)
        form.addRow(self.tr("考场"), self.room)
        form.addRow(self.tr("机位号"), self.seat)
        card = Card(self.tr("确认登记"))
        card.box.addWidget(label(self.tr("请到机器前核对：两边登记码必须完全一致。"), "why"))
        card.box.addLayout(form)
        card.box.addWidget(self.confirm)
        card.box.addWidget(self.outcome)
        card.box.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(self.reload, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self.table, 1)
        page = QHBoxLayout(self)
        page.addLayout(left, 3)
        page.addWidget(scrolled(card), 2)
