"""离线移交: sealed answers by hand while the line stays down, two and two (F18, L09)."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from invigilator_app.actions.hand_overs import (
    Exported,
    HandedOver,
    HandOverStanding,
    ReceiptsTaken,
    SealedSession,
    medium_of,
    together,
)
from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, ResultT, read_result
from invigilator_app.printing.handover_sheet import handover_sheet
from invigilator_app.screens.parts import Outcome, Page, button, label
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.session_box import SessionBox
from invigilator_app.screens.sheet_saver import SheetSaver
from invigilator_app.screens.standing_table import StandingTable
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.handover_orders import (
    ExportBundle,
    GetHandOvers,
    HandOverBundles,
    TakeReceipts,
    TakesOver,
)


class ReceiverFields(QWidget):
    """Name, unit and document number of one who receives, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.unit, self.document = QLineEdit(), QLineEdit(), QLineEdit()
        named = (
            (self.name, self.tr("姓名")),
            (self.unit, self.tr("单位")),
            (self.document, self.tr("证件号码")),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for field, text in named:
            field.setPlaceholderText(text)
            field.setAccessibleName(text)
            metrics = field.fontMetrics()
            room = metrics.horizontalAdvance(text) + 2 * metrics.averageCharWidth()
            field.setMinimumWidth(room)
            row.addWidget(field)
        self.setFocusProxy(self.name)

    def value(self) -> TakesOver:
        """As it is sent; the server says what is missing."""
        return TakesOver(self.name.text(), self.unit.text(), self.document.text())


class HandOverTab(Page):
    """Loaded when it comes up and after every order."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.session = SessionBox()
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(self.tr("服务器上介质的挂载目录，或回执文件"))
        self.folder.setAccessibleName(self.folder.placeholderText())
        self.reload = button(self.tr("刷新"), self.load)
        self.export = button(self.tr("① 导出到介质（两人）"), self._ask_export, kind="main")
        self.over = button(self.tr("② 移交（两人交、两人收）"), self._ask_over, kind="main")
        self.take = button(self.tr("③ 取回回执"), self._take, kind="main")
        self.print = button(self.tr("打印移交记录"), self._print)
        self.outcome = Outcome(texts)
        self.standing = StandingTable(texts)
        self.standing.table.setAccessibleName(self.tr("各场次数据的去向"))
        self.saver = SheetSaver(self, self.outcome)
        self._sessions: dict[str, SealedSession] = {}
        self.session.currentIndexChanged.connect(lambda _at: self._changed())
        self.folder.textChanged.connect(lambda _text: self._changed())
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self.open_button(self.reload, may(Action.GET_HAND_OVERS, state.person, state.online))
        self._changed()

    def _changed(self) -> None:
        if self.state is None:
            return
        person, online = self.state.person, self.state.online
        chosen, folder = self._chosen(), bool(self.folder.text().strip())
        for pressed, action, ready in (
            (self.export, Action.EXPORT_BUNDLE, chosen is not None and folder),
            (self.over, Action.HAND_OVER_BUNDLES, bool(chosen and medium_of(chosen))),
            (self.take, Action.TAKE_RECEIPTS, folder),
            (self.print, Action.GET_HAND_OVERS, bool(chosen and chosen.hand_overs)),
        ):
            verdict = may(action, person, online)
            self.open_button(pressed, verdict)
            pressed.setEnabled(verdict.allowed and ready)

    def _chosen(self) -> SealedSession | None:
        return self._sessions.get(self.session.currentText())

    # ---- where it stands -----------------------------------------------------------------

    def load(self) -> None:
        self.order(GetHandOvers(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        found = self._read(answer, HandOverStanding)
        if found is None:
            return
        self._sessions = {each.session_id: each for each in found.sessions}
        self.session.offer(list(self._sessions))
        self.standing.show_sections(found.sections, [])
        self._changed()

    def _read(self, answer: Answer, kind: type[ResultT]) -> ResultT | None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return None
        try:
            return read_result(answer, kind)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return None

    # ---- out -----------------------------------------------------------------------------

    def _ask_export(self) -> None:
        chosen = self._chosen()
        if self.state is None or chosen is None:
            return
        what = self.tr("把场次 %1 的密封数据包写入本人领用的登记介质，并回读校验。")
        dialog = ask_second(
            self,
            self.texts,
            Action.EXPORT_BUNDLE,
            self.state.person,
            what.replace("%1", chosen.session_id),
        )
        dialog.signed.connect(lambda second: self._export(chosen.session_id, second))

    def _export(self, session_id: str, second: Second) -> None:
        self.outcome.waiting()
        order = ExportBundle(0, session_id, self.folder.text().strip(), second)
        self.order(order, self._exported)

    def _exported(self, answer: Answer) -> None:
        done = self._read(answer, Exported)
        if done is not None:
            text = self.tr("介质 %1，摘要 %2").replace("%1", done.medium)
            self.outcome.good(self.tr("已导出并回读一致"), text.replace("%2", done.sha256))
            self.load()

    # ---- over ----------------------------------------------------------------------------

    def _ask_over(self) -> None:
        chosen = self._chosen()
        if self.state is None or chosen is None:
            return
        medium = medium_of(chosen)
        sessions = together(list(self._sessions.values()), medium)
        reference, seal = QLineEdit(), QLineEdit()
        receivers = (ReceiverFields(), ReceiverFields())
        what = self.tr("把介质 %1（场次：%2）移交给上级的两名接收人。记录由本考点签署。")
        dialog = ask_second(
            self,
            self.texts,
            Action.HAND_OVER_BUNDLES,
            self.state.person,
            what.replace("%1", medium).replace("%2", self.tr("、").join(sessions)),
            [
                (self.tr("批准或受理文号"), reference),
                (self.tr("封条号"), seal),
                (self.tr("接收人一"), receivers[0]),
                (self.tr("接收人二"), receivers[1]),
            ],
        )
        dialog.signed.connect(
            lambda second: self._over(
                HandOverBundles(
                    0,
                    sessions,
                    medium,
                    reference.text().strip(),
                    seal.text().strip(),
                    [each.value() for each in receivers],
                    second,
                )
            )
        )

    def _over(self, order: HandOverBundles) -> None:
        self.outcome.waiting()
        self.order(order, self._handed_over)

    def _handed_over(self, answer: Answer) -> None:
        done = self._read(answer, HandedOver)
        if done is None:
            return
        if done.on_medium:
            self.outcome.good(self.tr("已移交并签署记录"), done.file)
        else:
            text = self.tr("介质已不在服务器上，请把此文件另行交付：%1")
            self.outcome.warn(self.tr("已移交并签署记录"), text.replace("%1", done.file))
        self.load()

    def _print(self) -> None:
        chosen = self._chosen()
        if self.state is None or self.state.view is None or chosen is None:
            return
        record = chosen.hand_overs[-1]
        name = self.tr("移交记录-%1").replace("%1", record["hand_over_id"])
        self.saver.save(name, handover_sheet(self.state.view.venue.printed_name, record))

    # ---- back ----------------------------------------------------------------------------

    def _take(self) -> None:
        self.outcome.waiting()
        self.order(TakeReceipts(0, self.folder.text().strip()), self._taken)

    def _taken(self, answer: Answer) -> None:
        done = self._read(answer, ReceiptsTaken)
        if done is None:
            return
        told = self.tr("；").join(
            f"{name}: {self.texts.either(value)}"
            for section in done.sections
            for name, value, verdict in section.rows
            if verdict == "bad"
        )
        good = self.tr("、").join(done.confirmed)
        if told:
            self.outcome.warn(self.tr("部分回执不符"), told)
        else:
            self.outcome.good(self.tr("回执核对一致"), good)
        self.load()

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.addWidget(label(self.tr("场次"), wrap=False))
        where.addWidget(self.session)
        where.addWidget(self.folder, 1)
        where.addWidget(self.reload)
        steps = QHBoxLayout()
        for pressed in (self.export, self.over, self.take):
            steps.addWidget(pressed)
        steps.addStretch(1)
        steps.addWidget(self.print)
        page = self.scrolled_column()
        page.addWidget(
            label(
                self.tr("上报持续未成时使用；上报仍自动重试。移交后仍须取得回执，数据才可清除。"),
                "quiet",
            )
        )
        page.addLayout(where)
        page.addLayout(steps)
        page.addWidget(self.outcome)
        page.addWidget(self.standing, 1)
