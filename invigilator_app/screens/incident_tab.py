"""突发事件: what happened, in a short form; reported, contained, closed (B07, I01-I13)."""

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from invigilator_app.actions.incident_forms import (
    IncidentList,
    IncidentRow,
    OneIncident,
    instant_of,
    seats_of,
)
from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, read_result
from invigilator_app.board.instants import minute, span
from invigilator_app.printing.incident_sheets import incident_sheet
from invigilator_app.screens.beside import Beside
from invigilator_app.screens.parts import Card, button, label
from invigilator_app.screens.printing_page import PrintingPage
from invigilator_app.screens.reason_dialog import ask_reason
from invigilator_app.screens.report_dialog import ReportDialog
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.incident_orders import (
    AddToIncident,
    CloseIncident,
    ContainIncident,
    CountersignIncident,
    GetIncidents,
    OpenIncident,
    ReportIncident,
)
from venue_server.wire.incidents import (
    GRAVE_TEXTS,
    KIND_TEXTS,
    SEVERITY_TEXTS,
    GraveClass,
    IncidentFacts,
    IncidentKind,
    Severity,
)

_TEXT_FIELDS = (
    "what",
    "seats",
    "person",
    "started",
    "ended",
    "cause",
    "action",
    "item_no",
    "approval_ref",
    "camera",
    "camera_marks",
)


class IncidentTab(PrintingPage):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.incidents: list[IncidentRow] = []
        self.now = label(name="why")
        self.table = TextTable(
            [
                self.tr("编号"),
                self.tr("类别"),
                self.tr("级别"),
                self.tr("考场"),
                self.tr("时间"),
                self.tr("状态"),
                self.tr("情况"),
            ]
        )
        self.room, self.kind = QComboBox(), QComboBox()
        self.severity, self.grave = QComboBox(), QComboBox()
        self.fields = {name: QLineEdit() for name in _TEXT_FIELDS}
        self.load_button = button(self.tr("刷新"), self.load)
        self.open = button(self.tr("登记新事件"), self._open, kind="main")
        self.add = button(self.tr("补充到选中事件"), self._add)
        self.report = button(self.tr("登记上报…"), self._ask_report, kind="main")
        self.contain = button(self.tr("控制并保全证据…"), self._ask_contain, kind="grave")
        self.close_one = button(self.tr("办结…"), self._ask_close)
        self.countersign = button(self.tr("复签"), self._countersign)
        self.print = button(self.tr("保存登记表…"), self._ask_print)
        self._fill_lists()
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._show_buttons)

    # ---- what is shown ----

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        rooms = [("", self.tr("全考点"))]
        if state.view is not None:
            rooms += [(key, board.room.name) for key, board in state.view.rooms.items()]
        if [self.room.itemData(at) for at in range(self.room.count())] != [r[0] for r in rooms]:
            self.room.clear()
            for key, name in rooms:
                self.room.addItem(name, key)
            self.room.setCurrentIndex(min(1, self.room.count() - 1))
        self._show_buttons()

    def load(self) -> None:
        """Fetch the incidents of the rooms this person sees."""
        self.order(GetIncidents(0), self._loaded)

    @property
    def chosen(self) -> IncidentRow | None:
        """The incident selected in the table."""
        at = self.table.currentRow()
        return self.incidents[at] if 0 <= at < len(self.incidents) else None

    def _loaded(self, answer: Answer) -> None:
        try:
            if not isinstance(answer, Done):
                self.outcome.trouble(answer)
                return
            self.incidents = read_result(answer, IncidentList).incidents
        except ResultError as error:
            self.outcome.warn(self.tr("结果无法显示"), str(error))
            return
        self.table.show_rows(
            [self._row(one) for one in self.incidents],
            frozenset(at for at, one in enumerate(self.incidents) if one.must_report),
        )
        owed = [one.incident_id for one in self.incidents if one.must_report]
        text = self.tr("‼ 须立即报告：%1").replace("%1", self.tr("、").join(owed))
        self.now.setText(text if owed else "")
        self.now.setVisible(bool(owed))
        self._show_buttons()

    def _row(self, one: IncidentRow) -> list[str]:
        at = 0 if self.texts.language == "zh" else 1
        if one.must_report:
            state = "‼ " + self.tr("待上报")
        elif one.closed:
            state = "✓ " + self.tr("已办结")
        else:
            state = "○ " + self.tr("处理中")
        if one.countersigned:
            state += " · " + self.tr("已复签")
        began = minute(one.facts.started_at_ms or one.opened_at_ms)
        lasted = f" +{span(one.duration_ms)}" if one.duration_ms else ""
        return [
            one.incident_id,
            KIND_TEXTS[one.kind][at],
            SEVERITY_TEXTS[one.severity][at],
            one.room_id or self.tr("全考点"),
            began + lasted,
            state,
            one.facts.what,
        ]

    def _show_buttons(self) -> None:
        if self.state is None:
            return
        one, person, online = self.chosen, self.state.person, self.state.online
        self.open_button(self.open, may(Action.OPEN_INCIDENT, person, online))
        chosen: tuple[tuple[QPushButton, Action], ...] = (
            (self.add, Action.ADD_TO_INCIDENT),
            (self.report, Action.REPORT_INCIDENT),
            (self.contain, Action.CONTAIN_INCIDENT),
            (self.close_one, Action.CLOSE_INCIDENT),
            (self.countersign, Action.COUNTERSIGN_INCIDENT),
        )
        for pressed, action in chosen:
            verdict = may(action, person, online)
            self.open_button(pressed, verdict)
            pressed.setEnabled(verdict.allowed and one is not None)
        self.print.setEnabled(one is not None)

    # ---- the form ----

    def facts(self) -> IncidentFacts | None:
        """What stands in the form; None when a time cannot be read, which is then said."""
        now_ms = self.state.now_ms if self.state else 0
        text = {name: field.text().strip() for name, field in self.fields.items()}
        started, ended = (instant_of(text.pop(name), now_ms) for name in ("started", "ended"))
        if started is None or ended is None:
            self.outcome.warn(self.tr("时间应写作 09:12 或 09:12:30"))
            return None
        seats = seats_of(text.pop("seats"))
        return IncidentFacts(seats=seats, started_at_ms=started, ended_at_ms=ended, **text)

    def _open(self) -> None:
        facts = self.facts()
        if facts is not None:
            order = OpenIncident(
                0,
                self.room.currentData() or "",
                IncidentKind(self.kind.currentData()),
                Severity(self.severity.currentData()),
                facts,
                GraveClass(self.grave.currentData()),
            )
            self.outcome.waiting()
            self.order(order, self._done)

    def _add(self) -> None:
        one, facts = self.chosen, self.facts()
        if one is None or facts is None:
            return
        asked = Severity(self.severity.currentData())
        ladder = list(Severity)
        rises = ladder.index(asked) > ladder.index(one.severity)
        order = AddToIncident(
            0,
            one.room_id,
            one.incident_id,
            facts,
            asked if rises else None,
            GraveClass(self.grave.currentData()),
        )
        self.outcome.waiting()
        self.order(order, self._done)

    def _done(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        one = read_result(answer, OneIncident).incident
        self.outcome.good(self.tr("已记录"), one.report if one.must_report else one.incident_id)
        for field in self.fields.values():
            field.clear()
        self.grave.setCurrentIndex(0)
        self.load()

    # ---- report, contain, close, print ----

    def _ask_report(self) -> None:
        one = self.chosen
        if one is None:
            return
        dialog = ReportDialog(self, one.incident_id, one.report)
        dialog.finished.connect(dialog.deleteLater)
        dialog.reported.connect(
            lambda to, way, ref: self._send(ReportIncident(0, one.incident_id, to, way, ref))
        )
        dialog.open()

    def _ask_contain(self) -> None:
        one = self.chosen
        if one is None:
            return
        text = self.tr("尚未释放的试卷将被冻结，本场数据保全，不得清除。事件升为严重，须立即上报。")
        dialog = ask_reason(
            self, self.tr("控制 %1").replace("%1", one.incident_id), text, self.tr("控制")
        )
        dialog.given.connect(
            lambda reason, _ref: self._send(ContainIncident(0, one.incident_id, reason))
        )

    def _ask_close(self) -> None:
        one = self.chosen
        if one is None:
            return
        text = self.tr("写明处理结果。原因、措施和起止时间须先补充完整。")
        dialog = ask_reason(
            self, self.tr("办结 %1").replace("%1", one.incident_id), text, self.tr("办结")
        )
        dialog.given.connect(
            lambda reason, _ref: self._send(CloseIncident(0, one.incident_id, reason))
        )

    def _countersign(self) -> None:
        if (one := self.chosen) is not None:
            self._send(CountersignIncident(0, one.room_id, one.incident_id))

    def _send(
        self, order: ReportIncident | ContainIncident | CloseIncident | CountersignIncident
    ) -> None:
        self.outcome.waiting()
        self.order(order, self._done)

    def _ask_print(self) -> None:
        one, state = self.chosen, self.state
        if one is None or state is None or state.view is None:
            return
        html = incident_sheet(state.view.venue.printed_name, one)
        self.ask_pdf(f"{self.tr('突发事件登记表')}-{one.incident_id}", html)

    # ---- lay-out ----

    def _fill_lists(self) -> None:
        at = 0 if self.texts.language == "zh" else 1
        for kind, words in KIND_TEXTS.items():
            self.kind.addItem(words[at], kind.value)
        for severity, words in SEVERITY_TEXTS.items():
            self.severity.addItem(words[at], severity.value)
        self.severity.setCurrentIndex(1)
        for grave, words in GRAVE_TEXTS.items():
            self.grave.addItem(words[at], grave.value)
        for box in (self.kind, self.severity, self.grave, self.room):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(12)
        for name in ("started", "ended"):
            self.fields[name].setPlaceholderText("09:12:30")

    def _lay_out(self) -> None:
        names = {
            "what": self.tr("情况"),
            "seats": self.tr("机位"),
            "person": self.tr("准考证号"),
            "started": self.tr("开始时间"),
            "ended": self.tr("恢复时间"),
            "cause": self.tr("原因"),
            "action": self.tr("措施"),
            "item_no": self.tr("题号（不写题目）"),
            "approval_ref": self.tr("批准文号"),
            "camera": self.tr("监控编号"),
            "camera_marks": self.tr("监控时间"),
        }
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for text, box in (
            (self.tr("考场"), self.room),
            (self.tr("类别"), self.kind),
            (self.tr("级别"), self.severity),
            (self.tr("第四十六条"), self.grave),
        ):
            form.addRow(text, box)
        for name, field in self.fields.items():
            form.addRow(names[name], field)
        side = Card(self.tr("登记或补充"))
        side.box.addLayout(form)
        side.box.addWidget(self.open)
        side.box.addWidget(self.add)
        side.box.addStretch(1)
        rows = QVBoxLayout()
        for pressed in (
            (self.load_button, self.report, self.contain),
            (self.close_one, self.countersign, self.print),
        ):
            row = QHBoxLayout()
            for each in pressed:
                row.addWidget(each)
            row.addStretch(1)
            rows.addLayout(row)
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 7))
        left = Card(self.tr("突发事件"))
        left.box.addWidget(self.now)
        left.box.addWidget(self.table, 1)
        left.box.addLayout(rows)
        self.now.hide()
        page = self.scrolled_column()
        page.addWidget(self.outcome)
        page.addWidget(Beside(left, side), 1)
