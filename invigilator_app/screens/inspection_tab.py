"""封场检测: every check with its verdict, the checklist, stations, the seal by two (C08-C10)."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QTabWidget,
)

from invigilator_app.actions.inspection import (
    BROKEN,
    Check,
    Inspection,
    ReportResult,
    shown,
)
from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, read_result
from invigilator_app.printing.inspection_sheet import inspection_sheet, ledger_head
from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.screens.inspection_texts import InspectionTexts
from invigilator_app.screens.parts import Outcome, Page, button, label
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.inspection_orders import (
    AnswerCheck,
    CheckStations,
    GetInspection,
    GetInspectionReport,
    SealVenue,
    StartInspection,
)


class InspectionTab(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self._words = InspectionTexts(texts, self)
        self._inspection: Inspection | None = None
        self._listed: list[Check] = []
        self.seal_state = label(name="chip")
        self.run = button(self.tr("① 全面检测"), lambda: self._start(False), kind="main")
        self.again = button(self.tr("重测未通过项"), lambda: self._start(True))
        self.stations_check = button(self.tr("考试机自检"), lambda: self._stations(False))
        self.restart = button(self.tr("重启测试（留标记）"), lambda: self._stations(True))
        self.seal = button(self.tr("③ 封场（两人）"), self._ask_seal, kind="grave")
        self.save_pdf = button(self.tr("报告另存为 PDF…"), lambda: self._report(self._ask_pdf))
        self.save_json = button(self.tr("报告另存为 JSON…"), lambda: self._report(self._ask_json))
        self.only_open = QCheckBox(self.tr("只看未通过"))
        self.note = QLineEdit()
        self.note.setPlaceholderText(self.tr("② 选中须人工回答的项，填写说明"))
        self.good = button(self.tr("合格"), lambda: self._answer(True))
        self.bad = button(self.tr("不合格"), lambda: self._answer(False))
        self.outcome = Outcome(texts)
        self.checks = TextTable(self._words.check_headings())
        self.stations = TextTable(self._words.station_headings())
        self.findings = TextTable(self._words.finding_headings())
        self.tables = QTabWidget()
        self.only_open.toggled.connect(self._redraw)
        self.checks.itemSelectionChanged.connect(self._selected)
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        person, online = state.person, state.online
        for pressed, action in (
            (self.run, Action.START_INSPECTION),
            (self.again, Action.START_INSPECTION),
            (self.stations_check, Action.CHECK_STATIONS),
            (self.restart, Action.CHECK_STATIONS),
            (self.seal, Action.SEAL_VENUE),
            (self.save_pdf, Action.GET_INSPECTION_REPORT),
            (self.save_json, Action.GET_INSPECTION_REPORT),
        ):
            self.open_button(pressed, may(action, person, online))
        self._show_seal(state)
        self._selected()

    def _show_seal(self, state: ConsoleState) -> None:
        """The seal as the board tells it now, not as the table was last fetched."""
        if state.view is None:
            return
        venue = state.view.venue
        text = self._words.state(venue.seal_state)
        if venue.seal_state == BROKEN:
            reasons = self.tr("；").join(self.texts.remark(each) for each in venue.seal_reasons)
            text += self.tr("：%1").replace("%1", reasons)
        self.seal_state.setText(text)
        restyle(self.seal_state, "tone", self._words.tone(venue.seal_state))

    # ---- what is shown -------------------------------------------------------------------

    def load(self) -> None:
        """Fetch and show how the inspection stands."""
        self.order(GetInspection(0), self._fetched)

    def _fetched(self, answer: Answer) -> None:
        self._loaded(answer)

    def _loaded(self, answer: Answer) -> bool:
        """Show an answer that says how the inspection stands; False when it does not."""
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return False
        try:
            self._inspection = read_result(answer, Inspection)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return False
        self._redraw()
        return True

    def _redraw(self) -> None:
        found = self._inspection
        if found is None:
            return
        self._listed = shown(found, self.only_open.isChecked())
        words = self._words
        self.checks.show_rows(
            [words.check_row(each) for each in self._listed],
            frozenset(at for at, each in enumerate(self._listed) if words.is_bad(each.verdict)),
        )
        self.stations.show_rows(
            [words.station_row(each) for each in found.stations],
            frozenset(at for at, each in enumerate(found.stations) if words.is_sick(each)),
        )
        self.findings.show_rows(
            [words.finding_row(each) for each in found.findings],
            frozenset(at for at, each in enumerate(found.findings) if not each.closed_ms),
        )
        self._selected()

    def _selected(self) -> None:
        """Answers are open to the row that a person must answer."""
        check, state = self._chosen(), self.state
        verdict = may(Action.ANSWER_CHECK, state.person, state.online) if state else None
        allowed = verdict is not None and verdict.allowed and check is not None and check.asked
        for each in (self.good, self.bad, self.note):
            each.setEnabled(allowed)

    def _chosen(self) -> Check | None:
        at = self.checks.currentRow()
        return self._listed[at] if 0 <= at < len(self._listed) else None

    # ---- orders --------------------------------------------------------------------------

    def _start(self, only_failed: bool) -> None:
        self.outcome.waiting()
        self.order(StartInspection(0, only_failed), self._inspected)

    def _stations(self, restart_test: bool) -> None:
        self.outcome.waiting()
        told = self.tr("已留标记，请重启全部考试机，然后重测") if restart_test else ""
        done = self.tr("考试机已自检")
        self.order(CheckStations(0, restart_test), lambda answer: self._done(answer, done, told))

    def _answer(self, good: bool) -> None:
        check = self._chosen()
        if check is None:
            return
        order = AnswerCheck(0, check.check_id, good, self.note.text().strip())
        done = self.tr("已记录：%1").replace("%1", self.texts.either(check.title))
        self.order(order, lambda answer: self._done(answer, done))
        self.note.clear()

    def _inspected(self, answer: Answer) -> None:
        if not self._loaded(answer):
            return
        assert self._inspection is not None
        names = self._inspection.open
        if not names:
            self.outcome.good(self.tr("必查项全部通过"), self.tr("可以封场。"))
            return
        text = self.tr("、").join(names)
        self.outcome.warn(self.tr("尚有 %1 项必查项未通过").replace("%1", str(len(names))), text)

    def _done(self, answer: Answer, head: str, text: str = "") -> None:
        if self._loaded(answer):
            self.outcome.good(head, text)

    def _ask_seal(self) -> None:
        if self.state is None:
            return
        reason = QLineEdit()
        dialog = ask_second(
            self,
            self.texts,
            Action.SEAL_VENUE,
            self.state.person,
            self.tr("封场：此后考试机、程序、设置如有变化，封场即失效，须重新检测。"),
            [(self.tr("重新封场的原因（首次封场可空）"), reason)],
        )
        dialog.signed.connect(lambda second: self._seal(second, reason.text().strip()))

    def _seal(self, second: Second, reason: str) -> None:
        self.outcome.waiting()
        done = self.tr("考点已封场")
        self.order(SealVenue(0, second, reason), lambda answer: self._done(answer, done))

    # ---- the report ----------------------------------------------------------------------

    def _report(self, then: Callable[[ReportResult], None]) -> None:
        self.order(GetInspectionReport(0), lambda answer: self._reported(answer, then))

    def _reported(self, answer: Answer, then: Callable[[ReportResult], None]) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            found = read_result(answer, ReportResult)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        then(found)

    def _ask_pdf(self, found: ReportResult) -> None:
        self._ask_file("pdf", lambda path: self.write_pdf_to(path, found))

    def _ask_json(self, found: ReportResult) -> None:
        self._ask_file("json", lambda path: self.write_json_to(path, found))

    def _ask_file(self, kind: str, write: Callable[[Path], None]) -> None:
        start = str(Path(QDir.homePath()) / f"{self.tr('封场检测报告')}.{kind}")
        dialog = QFileDialog(self, self.tr("另存为"), start, f"{kind.upper()} (*.{kind})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda chosen: write(Path(chosen)))
        dialog.open()

    def write_pdf_to(self, path: Path, found: ReportResult) -> None:
        """The report for people: every run, open and closed findings, who sealed."""
        try:
            write_pdf(path, inspection_sheet(found.report), ledger_head(found.report))
        except PrintError as error:
            self.outcome.warn(self.tr("无法写入文件"), str(error))
        else:
            self.outcome.good(self.tr("已保存"), str(path))

    def write_json_to(self, path: Path, found: ReportResult) -> None:
        """The signed document itself: keys sorted, so that the same report is the same file."""
        text = json.dumps(found.report, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        try:
            path.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            self.outcome.warn(self.tr("无法写入文件"), error.strerror or str(path))
        else:
            self.outcome.good(self.tr("已保存"), str(path))

    def _lay_out(self) -> None:
        steps, more, answer = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for part in (self.run, self.again, self.stations_check, self.restart):
            steps.addWidget(part)
        steps.addStretch(1)
        for asked in (self.good, self.bad):
            answer.addWidget(asked)
        answer.insertWidget(0, self.note, 1)
        more.addWidget(self.only_open)
        more.addStretch(1)
        more.addWidget(self.save_pdf)
        more.addWidget(self.save_json)
        more.addWidget(self.seal)
        for table, title in (
            (self.checks, self.tr("检测项")),
            (self.stations, self.tr("考试机")),
            (self.findings, self.tr("问题与纠正")),
        ):
            table.setAccessibleName(title)
            table.setMinimumHeight(int(self.fontMetrics().height() * 10))
            self.tables.addTab(table, title)
        page = self.scrolled_column()
        page.addWidget(self.seal_state)
        page.addLayout(steps)
        page.addLayout(answer)
        page.addWidget(self.outcome)
        page.addWidget(self.tables, 1)
        page.addLayout(more)
