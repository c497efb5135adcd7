"""收尾检查: what of the day is still open, point by point, and who must act."""

from PySide6.QtWidgets import QHBoxLayout

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import CloseCheck, ResultError, read_result
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.close_texts import CLOSED
from venue_server.wire.console_views import Done
from venue_server.wire.record_orders import GetCloseCheck

_OPEN = "bad"


class CloseTab(Page):
    """One screen; loaded when it comes up and when asked."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.reload = button(self.tr("重新检查"), self.load, kind="main")
        self.outcome = Outcome(texts)
        headings = [self.tr("场次"), self.tr("检查项"), self.tr("结论"), self.tr("说明")]
        self.table = TextTable(headings)
        self.next = label()
        self.next_card = Card(self.tr("须办理"))
        self.next_card.box.addWidget(self.next)
        self.next_card.hide()
        row = QHBoxLayout()
        row.addWidget(self.reload)
        row.addStretch(1)
        page = self.scrolled_column()
        page.addLayout(row)
        page.addWidget(self.outcome)
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 12))
        page.addWidget(self.table, 1)
        page.addWidget(self.next_card)

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self.open_button(self.reload, may(Action.GET_CLOSE_CHECK, state.person, state.online))

    def load(self) -> None:
        self.outcome.waiting()
        self.order(GetCloseCheck(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            found = read_result(answer, CloseCheck)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        either = self.texts.either
        rows = [(section.title, *row) for section in found.sections for row in section.rows]
        self.table.show_rows(
            [
                [
                    title,
                    either(name),
                    self._verdict(value, verdict),
                    "" if value == CLOSED else either(value),
                ]
                for title, name, value, verdict in rows
            ],
            frozenset(at for at, row in enumerate(rows) if row[3] == _OPEN),
        )
        self.next.setText("\n".join(f"· {either(each)}" for each in found.next))
        self.next_card.setVisible(bool(found.next))
        if not rows:
            self.outcome.warn(self.tr("还没有结束的场次，没有可检查的事项"))
        elif found.closed:
            self.outcome.good(self.tr("全部办结"))
        else:
            self.outcome.warn(self.tr("还有未办结的事项"))

    def _verdict(self, value: str, verdict: str) -> str:
        if verdict == _OPEN:
            return self.tr("✕ 未办结")
        # How long things are kept is told here too; that is no point that somebody closes.
        return self.tr("✓ 已办结") if value == CLOSED else self.tr("· 供查阅")
