"""考试机观察: what stations noticed; a person attaches one to a record or dismisses it (V09)."""

from PySide6.QtWidgets import QComboBox, QHBoxLayout

from invigilator_app.actions.incident_forms import ViolationList
from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, read_result
from invigilator_app.board.instants import clock
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.reason_dialog import ask_reason
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.incident_orders import DecideObservation, GetViolations
from venue_server.wire.violations import ObservationView, Verdict, ViolationView


class ObservationTab(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.observations: list[ObservationView] = []
        self.violations: list[ViolationView] = []
        self.table = TextTable(
            [
                self.tr("时间"),
                self.tr("机位"),
                self.tr("准考证号"),
                self.tr("考试机观察到"),
                self.tr("处理"),
            ]
        )
        self.record = QComboBox()
        self.outcome = Outcome(texts)
        self.load_button = button(self.tr("刷新"), self.load)
        self.attach = button(self.tr("作为证据附入所选记录"), self._attach, kind="main")
        self.dismiss = button(self.tr("不作处理，写明理由…"), self._ask_dismiss)
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._show_buttons)

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self._show_buttons()

    def load(self) -> None:
        """Fetch the observations of the rooms this person sees."""
        self.order(GetViolations(0), self._loaded)

    @property
    def chosen(self) -> ObservationView | None:
        """The observation selected in the table."""
        at = self.table.currentRow()
        return self.observations[at] if 0 <= at < len(self.observations) else None

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            found = read_result(answer, ViolationList)
        except ResultError as error:
            self.outcome.warn(self.tr("结果无法显示"), str(error))
            return
        self.observations, self.violations = found.observations, found.violations
        waiting = [one.verdict is Verdict.OPEN for one in self.observations]
        self.table.show_rows(
            [self._row(one) for one in self.observations],
            frozenset(at for at, undecided in enumerate(waiting) if undecided),
        )
        self._show_buttons()

    def _row(self, one: ObservationView) -> list[str]:
        state = {
            Verdict.OPEN: "△ " + self.tr("待处理"),
            Verdict.ATTACHED: "✓ " + self.tr("已附入 %1").replace("%1", one.violation_id),
            Verdict.DISMISSED: "— " + self.tr("不作处理：%1").replace("%1", one.remark),
        }[one.verdict]
        place = f"{one.room_id}-{one.seat_no}"
        return [clock(one.at_ms), place, one.ticket_no, self.texts.alert(one.alert), state]

    def _show_buttons(self) -> None:
        if self.state is None:
            return
        one = self.chosen
        mine = [
            each.violation_id
            for each in self.violations
            if one is not None and each.counts and each.sitting_id == one.sitting_id
        ]
        if [self.record.itemText(at) for at in range(self.record.count())] != mine:
            self.record.clear()
            self.record.addItems(mine)
        verdict = may(Action.DECIDE_OBSERVATION, self.state.person, self.state.online)
        undecided = one is not None and one.verdict is Verdict.OPEN
        for pressed, ready in ((self.attach, bool(mine)), (self.dismiss, True)):
            self.open_button(pressed, verdict)
            pressed.setEnabled(verdict.allowed and undecided and ready)

    def _attach(self) -> None:
        one = self.chosen
        if one is not None:
            self._send(one, "", self.record.currentText())

    def _ask_dismiss(self) -> None:
        one = self.chosen
        if one is None:
            return
        text = self.tr("该观察不作处理。观察和理由都保留。")
        dialog = ask_reason(self, self.tr("不作处理"), text, self.tr("记录"))
        dialog.given.connect(lambda why, _ref: self._send(one, why, ""))

    def _send(self, one: ObservationView, remark: str, violation_id: str) -> None:
        self.outcome.waiting()
        order = DecideObservation(0, one.room_id, one.observation_id, remark, violation_id)
        self.order(order, self._done)

    def _done(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self.outcome.good(self.tr("已记录"))
        self.load()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.load_button)
        row.addStretch(1)
        whose = label(self.tr("该应试人员的违纪记录"), "quiet", wrap=False)
        whose.setBuddy(self.record)
        row.addWidget(whose)
        self.record.setMinimumContentsLength(8)
        row.addWidget(self.record)
        row.addWidget(self.attach)
        row.addWidget(self.dismiss)
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 12))
        card = Card(self.tr("考试机观察不等于违纪，由人认定后才记入"))
        card.box.addWidget(self.table, 1)
        card.box.addLayout(row)
        page = self.scrolled_column()
        page.addWidget(self.outcome)
        page.addWidget(card, 1)
