"""核对: the end of the sitting. Counts with their check, who handed in, who did not, what is at
risk, and the server's reconciliation of candidates and bundles (K03, TIMELINE E+2)."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QTabWidget

from invigilator_app.actions.orders import Answer, force_submit
from invigilator_app.actions.permissions import Action, on_session
from invigilator_app.actions.results import (
    ReconcileRow,
    Reconciliation,
    ResultError,
    read_result,
)
from invigilator_app.board.counts import Counts, hand_in_lists, room_counts, venue_counts
from invigilator_app.board.seat_state import answers_at_risk, seat_display
from invigilator_app.board.view import BoardView, RoomBoard
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.console_orders import Reconcile as ReconcileOrder
from venue_server.wire.console_views import Done, SeatView


class CountsCard(Card):
    """应考 = 实考 + 缺考, in big figures, with the verdict in words."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(self.tr("应考 = 实考 + 缺考"))
        self._texts = texts
        self.figures: dict[str, QLabel] = {}
        grid = QGridLayout()
        columns = (
            ("scheduled", self.tr("应考")),
            ("present", self.tr("实考")),
            ("absent", self.tr("缺考")),
            ("submitted", self.tr("已交卷")),
            ("open", self.tr("未交卷")),
            ("risk", self.tr("未同步作答")),
        )
        for at, (name, caption) in enumerate(columns):
            figure = label("0", "big", wrap=False)
            self.figures[name] = figure
            grid.addWidget(label(caption, "quiet", wrap=False), 0, at)
            grid.addWidget(figure, 1, at)
            grid.setColumnStretch(at, 1)
        self.verdict = label(name="chip")
        self.box.addLayout(grid)
        self.box.addWidget(self.verdict)

    def show_counts(self, counts: Counts) -> None:
        values = {
            "scheduled": counts.scheduled,
            "present": counts.present,
            "absent": counts.absent,
            "submitted": counts.submitted,
            "open": counts.not_submitted,
            "risk": counts.at_risk,
        }
        for name, value in values.items():
            self.figures[name].setText(str(value))
        if counts.problems:
            text = "✕ " + "；".join(self._texts.count_problem(each) for each in counts.problems)
            tone = "bad"
        elif not counts.final:
            text, tone = self.tr("… 考试尚未结束，人数还会变化"), ""
        else:
            text, tone = self.tr("✓ 人数一致"), "good"
        self.verdict.setText(text)
        restyle(self.verdict, "tone", tone)


class ClosingPage(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.counts = CountsCard(texts)
        self._open_seats: list[tuple[str, SeatView]] = []
        headings = [
            self.tr("考场"),
            self.tr("机位"),
            self.tr("姓名"),
            self.tr("准考证号"),
            self.tr("状态"),
            self.tr("未同步"),
        ]
        self.lists = {name: TextTable(headings) for name in ("open", "risk", "done", "absent")}
        self.result = TextTable(
            [
                self.tr("机位"),
                self.tr("姓名"),
                self.tr("准考证号"),
                self.tr("结果"),
                self.tr("作答数据"),
                self.tr("问题"),
            ]
        )
        self.tabs = QTabWidget()
        for table in self.lists.values():
            self.tabs.addTab(table, "")
        self.tabs.addTab(self.result, self.tr("核对结果"))
        self.reconcile = button(self.tr("核对作答数据"), self._reconcile, kind="main")
        self.force = button(self.tr("强制交卷（两人）…"), self._ask_force, kind="grave")
        self.why = label(name="why")
        self.outcome = Outcome(texts)
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        view = state.view
        if view is None:
            return
        boards = list(view.rooms.values())
        counts = room_counts(boards[0]) if len(boards) == 1 else venue_counts(boards)
        self.counts.show_counts(counts)
        self._show_lists(view)
        verdict = on_session(Action.RECONCILE, state.person, view.venue, state.online)
        self.open_button(self.reconcile, verdict)
        self.why.setText("△ " + self.texts.why(verdict.why) if verdict.why else "")
        self._show_force(state, view)

    def _show_force(self, state: ConsoleState, view: BoardView) -> None:
        verdict = on_session(Action.FORCE_SUBMIT, state.person, view.venue, state.online)
        tip = self.tr("只用于考试机无法恢复时")
        self.open_button(self.force, verdict, tip)
        self.force.setEnabled(verdict.allowed and bool(self._open_seats))

    def _show_lists(self, view: BoardView) -> None:
        names = {
            "open": self.tr("未交卷"),
            "risk": self.tr("未同步"),
            "done": self.tr("已交卷"),
            "absent": self.tr("缺考"),
        }
        rows: dict[str, list[list[str]]] = {name: [] for name in names}
        for board in view.rooms.values():
            found = hand_in_lists(board)
            for name, seats in (
                ("open", found.not_handed_in),
                ("risk", found.at_risk),
                ("done", found.handed_in),
                ("absent", found.absent),
            ):
                rows[name] += [self._row(board, seat) for seat in seats]
        self._open_seats = [
            (board.room.room_id, seat)
            for board in view.rooms.values()
            for seat in hand_in_lists(board).not_handed_in
        ]
        for at, (name, caption) in enumerate(names.items()):
            bad = name == "risk" and rows[name]
            self.lists[name].show_rows(
                rows[name], frozenset(range(len(rows[name]))) if bad else frozenset()
            )
            mark = "△ " if bad else ""
            self.tabs.setTabText(at, f"{mark}{caption} {len(rows[name])}")

    def _row(self, board: RoomBoard, seat: SeatView) -> list[str]:
        state = self.texts.seat(seat_display(seat, board.room))
        if seat.submit_kind is not None:
            state = self.texts.submit_kind(seat.submit_kind)
        risk = answers_at_risk(seat)
        unsynced = "△ " + self.tr("%1 条").replace("%1", str(risk)) if risk else "0"
        return [board.room.name, seat.seat_no, seat.name, seat.ticket_no, state, unsynced]

    def _ask_force(self) -> None:
        """Only for a person chosen by hand in the first list."""
        row = self.lists["open"].currentRow()
        if self.state is None or not 0 <= row < len(self._open_seats):
            self.tabs.setCurrentWidget(self.lists["open"])
            self.outcome.warn(self.tr("请先在“未交卷”中选中一人"))
            return
        room_id, seat = self._open_seats[row]
        what = self.tr(
            "强制交卷：机位 %1　%2。以服务器已收到的作答为准，考试机上其余作答另行回收。"
        )
        what = what.replace("%1", seat.seat_no).replace("%2", seat.name)
        dialog = ask_second(self, self.texts, Action.FORCE_SUBMIT, self.state.person, what)
        dialog.signed.connect(
            lambda second: self.order(force_submit(room_id, seat.sitting_id, second), self._forced)
        )

    def _forced(self, answer: Answer) -> None:
        if isinstance(answer, Done):
            self.outcome.good(self.tr("已强制交卷"))
        else:
            self.outcome.trouble(answer)

    def _reconcile(self) -> None:
        if self.state is None or not self.reconcile.isEnabled():
            return
        self.outcome.waiting()
        self.order(ReconcileOrder(0, self.state.session_id), self._answered)

    def _answered(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            result = read_result(answer, Reconciliation)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self._show_result(result)

    def _problem(self, row: ReconcileRow) -> str:
        sign = "✕" if row.blocking else "·"
        return f"{sign} {self.texts.remark(row.problem)}" if row.problem else ""

    def _show_result(self, result: Reconciliation) -> None:
        rows = sorted(result.rows, key=lambda row: (not row.blocking, not row.problem))
        self.result.show_rows(
            [
                [
                    row.seat_no,
                    row.name,
                    row.ticket_no,
                    self.texts.outcome(row.outcome),
                    self.tr("✓ 有") if row.bundles else self.tr("— 无"),
                    self._problem(row),
                ]
                for row in rows
            ],
            frozenset(at for at, row in enumerate(rows) if row.blocking),
        )
        self.tabs.setCurrentWidget(self.result)
        sums = self.tr("应考 %1 = 实考 %2 + 缺考 %3")
        for mark, number in (
            ("%1", result.scheduled),
            ("%2", result.present),
            ("%3", result.absent),
        ):
            sums = sums.replace(mark, str(number))
        if result.consistent:
            self.outcome.good(self.tr("核对一致"), sums)
        else:
            self.outcome.warn(self.tr("核对不一致，请处理有问题的各行后再核对"), sums)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.reconcile)
        row.addWidget(self.why, 1)
        row.addWidget(self.force)
        page = self.scrolled_column()
        page.setContentsMargins(10, 8, 10, 6)
        page.setSpacing(8)
        page.addWidget(self.counts)
        page.addLayout(row)
        page.addWidget(self.outcome)
        self.tabs.setMinimumHeight(int(self.fontMetrics().height() * 14))
        page.addWidget(self.tabs, 1)
