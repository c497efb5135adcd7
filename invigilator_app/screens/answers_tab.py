"""作答去向: how far every answer has come, and what one fault could lose (H07)."""

from PySide6.QtWidgets import QHBoxLayout

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import AnswerRow, Answers, ResultError, read_result
from invigilator_app.board.instants import clock
from invigilator_app.screens.parts import Outcome, Page, button
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.wiping_orders import AnswerPlace, GetAnswers

_BAD = "bad"


class AnswersTab(Page):
    """The sums above, everybody below; loaded when it comes up and when asked."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.reload = button(self.tr("刷新"), self.load, kind="main")
        self.outcome = Outcome(texts)
        self.sums = TextTable([self.tr("项目"), self.tr("值"), self.tr("结论")])
        self.sums.setAccessibleName(self.tr("作答去向合计"))
        self.people = TextTable(
            [
                self.tr("考场"),
                self.tr("机位"),
                self.tr("准考证号"),
                self.tr("全部已到"),
                self.tr("考试机"),
                self.tr("服务器"),
                self.tr("第二份"),
                self.tr("备份"),
                self.tr("上报"),
                self.tr("风险"),
            ]
        )
        self.people.setAccessibleName(self.tr("逐人作答去向"))
        row = QHBoxLayout()
        row.addWidget(self.reload)
        row.addStretch(1)
        page = self.scrolled_column()
        page.addLayout(row)
        page.addWidget(self.outcome)
        line = self.fontMetrics().height()
        self.people.setMinimumHeight(line * 10)
        self.sums.setMinimumHeight(line * 12)
        page.addWidget(self.people, 3)  # who is at risk stands first
        page.addWidget(self.sums, 2)

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self.open_button(self.reload, may(Action.GET_ANSWERS, state.person, state.online))

    def load(self) -> None:
        self.outcome.waiting()
        self.order(GetAnswers(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            found = read_result(answer, Answers)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        either = self.texts.either
        sums = [
            (either(name), either(value), verdict)
            for name, value, verdict in found.sections[0].rows
        ]
        self.sums.show_rows(
            [[name, value, self.texts.verdict(verdict)] for name, value, verdict in sums],
            frozenset(at for at, row in enumerate(sums) if row[2] == _BAD),
        )
        risky = [each for each in found.rows if self._risk(each)]
        # First those about whom somebody must do something.
        rows = risky + [each for each in found.rows if not self._risk(each)]
        self.people.show_rows([self._row(each) for each in rows], frozenset(range(len(risky))))
        if risky:
            text = self.tr("场次 %1：%2 人的作答有风险").replace("%1", found.session_id)
            self.outcome.warn(text.replace("%2", str(len(risky))), self._advice(risky))
        else:
            text = self.tr("场次 %1：没有一处故障就会丢失的作答")
            self.outcome.good(text.replace("%1", found.session_id))

    def _advice(self, risky: list[AnswerRow]) -> str:
        """What to do now, one line for each kind of risk there is."""
        lines = []
        if any(each.only_station or each.unheard for each in risky):
            lines.append(
                self.tr(
                    "△ 作答在考试机上：勿关该机，查网线和交换机；"
                    "不能恢复，在“换机与分支”导入单机数据。"
                )
            )
        if any(each.one_disk for each in risky):
            lines.append(
                self.tr("✕ 考点只存一处：查第二块盘和备份介质（“状态与台账”），恢复后自动补齐。")
            )
        return "\n".join(lines)

    def _row(self, one: AnswerRow) -> list[str]:
        numbers = (one.station, one.server, one.second, one.backup, one.headquarters)
        return [
            one.room_id,
            one.seat_no,
            one.ticket_no,
            self._place(one.place),
            *(str(each) if each else "—" for each in numbers),
            self._risk(one) or "✓",
        ]

    def _risk(self, one: AnswerRow) -> str:
        found = []
        if one.only_station:
            text = "△ " + self.tr("%1 条只在考试机上").replace("%1", str(one.only_station))
            found.append(text + self._since(one.station_since_ms))
        elif one.unheard:
            found.append("△ " + self.tr("考试机失联") + self._since(one.station_since_ms))
        if one.one_disk:
            text = "✕ " + self.tr("%1 条只存一处").replace("%1", str(one.one_disk))
            found.append(text + self._since(one.disk_since_ms))
        return self.tr("；").join(found)

    def _since(self, at_ms: int) -> str:
        return self.tr("（自 %1）").replace("%1", clock(at_ms)) if at_ms else ""

    def _place(self, place: AnswerPlace) -> str:
        return {
            AnswerPlace.NOWHERE: self.tr("尚无作答"),
            AnswerPlace.STATION: self.tr("考试机"),
            AnswerPlace.SERVER: self.tr("服务器"),
            AnswerPlace.SECOND: self.tr("两处保存"),
            AnswerPlace.BACKUP: self.tr("备份介质"),
            AnswerPlace.HEADQUARTERS: self.tr("已上报"),
        }[place]
