"""统计与打印: counts with what does not add up, and the sheets of a room and of the day."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QPushButton

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import (
    CloseCheck,
    CountReport,
    ResultError,
    WrittenExport,
    read_result,
)
from invigilator_app.board.view import RoomBoard
from invigilator_app.printing.backup_labels import backup_labels
from invigilator_app.printing.badges import badge_sheet
from invigilator_app.printing.conduct_sheets import room_rules, violation_rules
from invigilator_app.printing.day_certificate import day_certificate
from invigilator_app.printing.lists import (
    absent_list,
    seat_labels,
    seating_sheet,
    statistics_sheet,
)
from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.printing.venue_sheets import venue_map
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.backup_orders import Backups, GetBackups
from venue_server.wire.console_views import Done
from venue_server.wire.people_orders import GetOrganisation
from venue_server.wire.people_views import OrganisationBook
from venue_server.wire.record_orders import ExportSession, GetCloseCheck, GetStatistics

_SHEETS_A_ROW = 3
Sheet = Callable[[str, RoomBoard], str]
BookSheet = Callable[[OrganisationBook], str]


class PrintsTab(Page):
    """Counts come from the server; rooms' sheets from the board that is on the screen anyway."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.report: CountReport | None = None
        self.reload = button(self.tr("刷新统计"), self.load, kind="main")
        self.export = button(self.tr("导出本场数据"), self._export)
        self.outcome = Outcome(texts)
        headings = [
            self.tr("场次"),
            self.tr("考场"),
            self.tr("应考"),
            self.tr("实考"),
            self.tr("缺考"),
            self.tr("违纪"),
            self.tr("异常"),
        ]
        self.table = TextTable(headings)
        self.warnings = label(name="why")
        self.room = QComboBox()
        self.room.setAccessibleName(self.tr("考场"))
        self.room_sheets: list[QPushButton] = [
            self._room_sheet(self.tr("机位标签"), seat_labels),
            self._room_sheet(self.tr("监考座次表"), seating_sheet),
            self._room_sheet(self.tr("缺考名单"), absent_list),
        ]
        self.book_sheets: list[QPushButton] = [
            self._book_sheet(self.tr("考场分布示意图"), venue_map),
            self._book_sheet(self.tr("工作证章"), badge_sheet),
            self._book_sheet(self.tr("考场规则"), room_rules),
            self._book_sheet(self.tr("违纪违规行为处理规定"), violation_rules),
        ]
        self.labels = button(self.tr("备份盘标签") + " PDF…", self._print_labels)
        self.counts = button(self.tr("统计表存为 PDF…"), self._print_counts)
        self.certificate = button(self.tr("每日证明存为 PDF…"), self._certify)
        self._lay_out()

    def _room_sheet(self, name: str, sheet: Sheet) -> QPushButton:
        return button(f"{name} PDF…", lambda: self._print_room(name, sheet))

    def _book_sheet(self, name: str, sheet: BookSheet) -> QPushButton:
        return button(f"{name} PDF…", lambda: self._print_book(name, sheet))

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        verdict = may(Action.GET_STATISTICS, state.person, state.online)
        self.open_button(self.reload, verdict)
        self.open_button(self.certificate, verdict)
        self.open_button(self.labels, verdict)  # GetBackups has the rule of GetStatistics
        self.open_button(self.export, may(Action.EXPORT_SESSION, state.person, state.online))
        for each in self.book_sheets:
            self.open_button(each, may(Action.GET_ORGANISATION, state.person, state.online))
        self.counts.setEnabled(self.report is not None)
        rooms = [(b.room.name, key) for key, b in state.view.rooms.items()] if state.view else []
        shown = [
            (self.room.itemText(at), self.room.itemData(at)) for at in range(self.room.count())
        ]
        if rooms != shown:
            self.room.clear()
            for name, room_id in rooms:
                self.room.addItem(name, room_id)
        for pressed in self.room_sheets:
            pressed.setEnabled(bool(rooms))

    def load(self) -> None:
        self.order(GetStatistics(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            report = self.report = read_result(answer, CountReport)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.table.show_rows(
            [
                [
                    row.session_id or row.subject or self.tr("全部"),
                    row.room_id or self.tr("合计"),
                    *map(
                        str,
                        (row.scheduled, row.present, row.absent, row.violations, row.anomalies),
                    ),
                ]
                for row in report.rows
            ]
        )
        said = [f"✕ {self.texts.remark(each)}" for each in report.problems]
        said += [f"△ {self.texts.remark(each)}" for each in report.warnings]
        self.warnings.setText("\n".join(said))
        if self.state is not None:
            self.refresh(self.state)

    # ---- printing ----

    def _venue(self) -> str:
        view = self.state.view if self.state else None
        return view.venue.printed_name if view else ""

    def _print_room(self, name: str, sheet: Sheet) -> None:
        view = self.state.view if self.state else None
        board = view.rooms.get(self.room.currentData() or "") if view else None
        if board is not None:
            html = sheet(self._venue(), board)
            self._save(f"{name}-{board.room.name}", html)

    def _print_book(self, name: str, sheet: BookSheet) -> None:
        """Sheets about the whole venue are made of the organisation book as it is now."""
        self.outcome.waiting()
        self.order(GetOrganisation(0), lambda answer: self._book_here(answer, name, sheet))

    def _book_here(self, answer: Answer, name: str, sheet: BookSheet) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            book = read_result(answer, OrganisationBook)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.outcome.clear()
        self._save(name, sheet(book))

    def _print_counts(self) -> None:
        if self.report is not None and self.state is not None:
            html = statistics_sheet(self._venue(), self.report.rows, self.state.now_ms)
            self._save(self.tr("统计表"), html)

    def _certify(self) -> None:
        """The certificate holds what is true now: counts first, then the close check."""
        self.outcome.waiting()
        self.order(GetStatistics(0), self._counted)

    def _counted(self, answer: Answer) -> None:
        self._loaded(answer)
        if self.report is not None and isinstance(answer, Done):
            self.order(GetCloseCheck(0), self._checked)

    def _checked(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            check = read_result(answer, CloseCheck)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.order(GetBackups(0), lambda copies: self._copied(check, copies))

    def _copied(self, check: CloseCheck, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            backups = read_result(answer, Backups)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.outcome.clear()
        if self.report is not None and self.state is not None:
            now_ms = self.state.now_ms
            html = day_certificate(self._venue(), self.report.rows, check, now_ms, backups)
            self._save(self.tr("每日证明"), html)

    def _print_labels(self) -> None:
        """A label for each verified copy of the session that is shown (L04)."""
        view = self.state.view if self.state else None
        self.outcome.waiting()
        asked = GetBackups(0, view.venue.session_id if view else "")
        self.order(asked, self._labelled)

    def _labelled(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            copies = read_result(answer, Backups).labels
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.outcome.clear()
        self._save(self.tr("备份盘标签"), backup_labels(copies))

    def _export(self) -> None:
        view = self.state.view if self.state else None
        if view is not None and view.venue.session_id:
            self.outcome.waiting()
            self.order(ExportSession(0, view.venue.session_id), self._exported)

    def _exported(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            written = read_result(answer, WrittenExport)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.outcome.good(self.tr("已在服务器上导出"), f"{written.file}\n{written.sha256}")

    def _save(self, name: str, html: str) -> None:
        """Ask where, without blocking, then write."""
        start = str(Path(QDir.homePath()) / f"{name}.pdf")
        dialog = QFileDialog(self, self.tr("另存为 PDF"), start, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda chosen: self._write(Path(chosen), html))
        dialog.open()

    def _write(self, path: Path, html: str) -> None:
        try:
            write_pdf(path, html, "")
        except PrintError as error:
            self.outcome.warn(self.tr("无法写入文件"), str(error))
        else:
            self.outcome.good(self.tr("已保存"), str(path))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for part in (self.reload, self.counts, self.certificate, self.export):
            top.addWidget(part)
        top.addStretch(1)
        sheets = Card(self.tr("考场打印"))
        grid = QGridLayout()
        grid.addWidget(self.room, 0, 0)
        for at, pressed in enumerate(self.room_sheets, start=1):
            grid.addWidget(pressed, 0, at)
        sheets.box.addLayout(grid)
        whole = Card(self.tr("考点打印"))
        lines = QGridLayout()  # one row of them is wider than the smallest screen at 150 percent
        for at, pressed in enumerate((*self.book_sheets, self.labels)):
            lines.addWidget(pressed, at // _SHEETS_A_ROW, at % _SHEETS_A_ROW)
        whole.box.addLayout(lines)
        page = self.scrolled_column()
        page.addLayout(top)
        page.addWidget(self.outcome)
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 10))
        page.addWidget(self.table, 1)
        page.addWidget(self.warnings)
        page.addWidget(sheets)
        page.addWidget(whole)
