"""状态与台账: one screen of truth for the administrator, and the ledger's verifier."""

from PySide6.QtWidgets import QHBoxLayout

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import LedgerVerdict, ResultError, Status, read_result
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_orders import GetStatus, VerifyLedger
from venue_server.wire.console_views import Done

_BAD = "bad"


class StatusTab(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.reload = button(self.tr("刷新状态"), self.load, kind="main")
        self.verify = button(self.tr("校验台账"), self._verify)
        self.outcome = Outcome(texts)
        headings = [self.tr("部分"), self.tr("项目"), self.tr("值"), self.tr("结论")]
        self.table = TextTable(headings)
        self.next = label()
        self.next_card = Card(self.tr("接下来要做"))
        self.next_card.box.addWidget(self.next)
        self.next_card.hide()
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self.open_button(self.reload, may(Action.STATUS, state.person, state.online))
        self.open_button(self.verify, may(Action.VERIFY_LEDGER, state.person, state.online))

    def load(self) -> None:
        self.order(GetStatus(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            status = read_result(answer, Status)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        either = self.texts.either
        rows = [
            (either(section.title), either(name), either(value), verdict)
            for section in status.sections
            for name, value, verdict in section.rows
        ]
        self.table.show_rows(
            [[title, name, value, self.texts.verdict(v)] for title, name, value, v in rows],
            frozenset(at for at, row in enumerate(rows) if row[3] == _BAD),
        )
        self.next.setText("\n".join(f"· {either(each)}" for each in status.next))
        self.next_card.setVisible(bool(status.next))

    def _verify(self) -> None:
        self.outcome.waiting()
        self.order(VerifyLedger(0), self._verified)

    def _verified(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            verdict = read_result(answer, LedgerVerdict)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        text = self.tr("共 %1 条，链首摘要 %2").replace("%1", str(verdict.entries))
        text = text.replace("%2", verdict.head)
        if verdict.ok:
            self.outcome.good(self.tr("台账校验通过"), text)
        else:
            self.outcome.warn(self.tr("台账校验不通过"), f"{verdict.problem}\n{text}")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.reload)
        row.addWidget(self.verify)
        row.addStretch(1)
        page = self.scrolled_column()
        page.addLayout(row)
        page.addWidget(self.outcome)
        page.addWidget(self.next_card)
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 9))
        page.addWidget(self.table, 1)
