"""接收试卷包: opened and closed under supervision, files judged one by one (D01, D02)."""

from contextlib import suppress

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from invigilator_app.actions.orders import (
    Answer,
    check_packages,
    close_receipt,
    fetch_packages,
    get_intake,
    import_folder,
    import_plan,
    open_receipt,
    sign_receipt_sheet,
)
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import (
    CheckedPackages,
    ClosedReceipt,
    Imported,
    ImportedPlan,
    IntakeStanding,
    OpenedReceipt,
    ResultError,
    read_result,
)
from invigilator_app.actions.two_person import to_sign_now
from invigilator_app.board.instants import clock
from invigilator_app.screens.parts import Outcome, Page, button, label
from invigilator_app.screens.release_texts import ReleaseTexts
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.standing_table import StandingTable
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.refusals import TEXTS, RefusalCode

_MAX_NAMED = 6


class IntakeTab(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self._release_texts = ReleaseTexts(self)
        self.open = button(self.tr("① 开启接收（两人）"), self._ask_open, kind="main")
        self.plan = QLineEdit()
        self.plan.setPlaceholderText(self.tr("服务器上的考务计划文件（总部签名）"))
        self.take_plan = button(self.tr("导入考务计划（两人）"), self._ask_plan)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(self.tr("服务器上的文件夹，如介质的挂载目录"))
        self.take = button(self.tr("② 导入文件夹"), self._import, kind="main")
        self.fetch = button(self.tr("从总部镜像获取"), self._fetch)
        self.close_button = button(self.tr("③ 结束接收（两人）"), self._ask_close, kind="main")
        self.reload = button(self.tr("刷新接收状态"), self.load)
        self.check = button(self.tr("检查密封试卷包"), self._check)
        self.sign = button(self.tr("④ 主考签收"), self._sign, kind="main")
        self.standing = StandingTable(texts)
        self._sheet_code = ""
        self.outcome = Outcome(texts)
        self.files = TextTable([self.tr("文件"), self.tr("结论"), self.tr("说明")])
        self.summary = label(name="cardTitle")
        self.summary.hide()
        self.plan.textChanged.connect(self._changed)
        self.folder.textChanged.connect(self._changed)
        self.folder.returnPressed.connect(self._import)
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self.open_button(self.open, may(Action.OPEN_RECEIPT, state.person, state.online))
        closing = may(Action.CLOSE_RECEIPT, state.person, state.online)
        self.open_button(self.close_button, closing)
        for pressed, action in (
            (self.fetch, Action.FETCH_PACKAGES),
            (self.reload, Action.GET_INTAKE),
            (self.check, Action.CHECK_PACKAGES),
            (self.sign, Action.SIGN_RECEIPT_SHEET),
        ):
            self.open_button(pressed, may(action, state.person, state.online))
        self._changed()

    def _changed(self) -> None:
        allowed = (
            self.state is not None
            and may(Action.IMPORT, self.state.person, self.state.online).allowed
        )
        self.take.setEnabled(allowed and bool(self.folder.text().strip()))
        self.take_plan.setEnabled(allowed and bool(self.plan.text().strip()))

    # ---- where it stands -----------------------------------------------------------------

    def load(self) -> None:
        """Fetch and show where the receipt stands."""
        self.order(get_intake(), self._loaded)

    def _load_quietly(self) -> None:
        if (
            self.state is not None
            and may(Action.GET_INTAKE, self.state.person, self.state.online).allowed
        ):
            self.order(get_intake(), self._loaded_quietly)

    def _loaded_quietly(self, answer: Answer) -> None:
        """What an order did is on the screen: trouble with this must not take its place."""
        if isinstance(answer, Done):
            with suppress(ResultError):
                self._show(read_result(answer, IntakeStanding))

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            standing = read_result(answer, IntakeStanding)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self._show(standing)

    def _show(self, standing: IntakeStanding) -> None:
        self._sheet_code = standing.sheet.code
        self.standing.show_sections(standing.sections, standing.next)

    def _check(self) -> None:
        assert self.state is not None
        self.outcome.waiting()
        self.order(check_packages(self.state.session_id), self._checked)

    def _checked(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            checked = read_result(answer, CheckedPackages)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.standing.show_sections(checked.sections, [])
        if checked.passed:
            self.outcome.good(self.tr("密封试卷包检查通过"), self.tr("检查未打开试卷。"))
        else:
            self.outcome.warn(
                self.tr("密封试卷包有问题"), self.tr("请按下表重新接收有问题的部分。")
            )

    def _sign(self) -> None:
        """The chief signs the sheet whose code is on the screen, and no other."""
        assert self.state is not None
        self.outcome.waiting()
        self.order(sign_receipt_sheet(self.state.session_id, self._sheet_code), self._signed)

    def _signed(self, answer: Answer) -> None:
        self._load_quietly()
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self.outcome.good(
            self.tr("已签收"), self.tr("清单校验码 %1").replace("%1", self._sheet_code)
        )

    # ---- the plan ------------------------------------------------------------------------

    def _ask_plan(self) -> None:
        if self.state is None:
            return
        what = self.tr("导入总部签名的考务计划：一名系统管理员导入，另一名核对。")
        dialog = ask_second(self, self.texts, Action.IMPORT_PLAN, self.state.person, what)
        dialog.signed.connect(self._import_plan)

    def _import_plan(self, second: Second) -> None:
        self.outcome.waiting()
        self.order(import_plan(self.plan.text(), second), self._plan_imported)

    def _plan_imported(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            plan = read_result(answer, ImportedPlan)
        except ResultError as error:
            self.outcome.warn(self.tr("考务计划已导入"), str(error))
            return
        text = self.tr("计划 %1：%2 场，应试人员 %3 人次")
        for mark, value in (
            ("%1", plan.plan_id),
            ("%2", len(plan.sessions)),
            ("%3", plan.candidates),
        ):
            text = text.replace(mark, str(value))
        self._load_quietly()
        if not plan.same_form_neighbours:
            self.outcome.good(self.tr("考务计划已导入"), text)
            return
        alike = self.tr("相邻座位卷别相同 %1 处，请向总部核实：").replace(
            "%1", str(len(plan.same_form_neighbours))
        )
        shown = self.tr("；").join(plan.same_form_neighbours[:_MAX_NAMED])
        self.outcome.warn(self.tr("考务计划已导入"), f"{text}\n{alike}{shown}")

    # ---- receiving -----------------------------------------------------------------------

    def _ask_open(self) -> None:
        if self.state is None:
            return
        what = self.tr("开启本场试卷包的接收。接收须在监督下、在规定时间内完成。")
        dialog = ask_second(self, self.texts, Action.OPEN_RECEIPT, self.state.person, what)
        dialog.signed.connect(self._open)

    def _open(self, second: Second) -> None:
        assert self.state is not None
        self.outcome.waiting()
        self.order(open_receipt(self.state.session_id, second), self._opened)

    def _opened(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            opened = read_result(answer, OpenedReceipt)
        except ResultError as error:
            self.outcome.warn(self.tr("接收已开启"), str(error))
            return
        limit = self.tr("编号 %1，须在 %2 前完成").replace("%1", opened.receipt_id)
        self.outcome.good(self.tr("接收已开启"), limit.replace("%2", clock(opened.deadline_ms)))
        self.folder.setFocus()
        self._load_quietly()

    def _import(self) -> None:
        if not self.take.isEnabled():
            return
        self._take_in(Action.IMPORT, None)

    def _fetch(self) -> None:
        self._take_in(Action.FETCH_PACKAGES, None)

    def _take_in(self, action: Action, second: Second | None) -> None:
        self.outcome.waiting()
        folder = self.folder.text()
        fetching = action is Action.FETCH_PACKAGES
        order = fetch_packages(second) if fetching else import_folder(folder, second)
        self.order(order, lambda answer: self._taken_in(action, answer))

    def _taken_in(self, action: Action, answer: Answer) -> None:
        if to_sign_now(answer) and self.state is not None:
            what = self.tr("与本人共同开启接收的人员现已不能核对，须由代行其职的人员签名。")
            dialog = ask_second(self, self.texts, action, self.state.person, what)
            dialog.signed.connect(lambda second: self._take_in(action, second))
        self._imported(answer)

    def _imported(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            result = read_result(answer, Imported)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self._show_files(result)
        self._load_quietly()

    def _show_files(self, result: Imported) -> None:
        self.files.show()
        self.files.show_rows(
            [
                [each.name, self.texts.imported(each.code), self._explained(each.code)]
                for each in result.files
            ],
            frozenset(at for at, each in enumerate(result.files) if each.code),
        )
        text = self.tr("%1：已有 %2 片，需要 %3 片")
        state = self._release_texts.package(result.state)
        for mark, value in (("%1", state), ("%2", len(result.have)), ("%3", result.need)):
            text = text.replace(mark, str(value))
        self.summary.setText(text)
        self.summary.show()
        missing = self.tr("、").join(str(each) for each in result.missing)
        if len(result.have) >= result.need > 0:
            self.outcome.good(self.tr("碎片已足够"), text)
        else:
            self.outcome.warn(
                self.tr("碎片数量不足"), self.tr("尚缺：%1").replace("%1", missing or "—")
            )

    def _explained(self, code: str) -> str:
        """A refusal code with its sentence; an unknown code as it stands."""
        if code not in list(RefusalCode):
            return code
        chinese, english = TEXTS[RefusalCode(code)]
        return f"{code} {chinese if self.texts.language == 'zh' else english}"

    def _ask_close(self) -> None:
        if self.state is None:
            return
        what = self.tr("结束接收，由监督人员签名。")
        dialog = ask_second(self, self.texts, Action.CLOSE_RECEIPT, self.state.person, what)
        dialog.signed.connect(self._close_receipt)

    def _close_receipt(self, second: Second) -> None:
        self.outcome.waiting()
        self.order(close_receipt(second), self._closed)

    def _closed(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            state = read_result(answer, ClosedReceipt).state
        except ResultError as error:
            self.outcome.warn(self.tr("接收已结束"), str(error))
            return
        self.outcome.good(self.tr("接收已结束"), self._release_texts.package(state))
        self._load_quietly()

    def _lay_out(self) -> None:
        plan = QHBoxLayout()
        plan.addWidget(self.plan, 1)
        plan.addWidget(self.take_plan)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addWidget(self.folder, 1)
        row.addWidget(self.take)
        more = QHBoxLayout()
        more.addWidget(self.fetch)
        more.addStretch(1)
        more.addWidget(self.close_button)
        after = QHBoxLayout()
        after.addWidget(self.reload)
        after.addWidget(self.check)
        after.addStretch(1)
        after.addWidget(self.sign)
        page = self.scrolled_column()
        page.addLayout(plan)
        page.addLayout(row)
        page.addLayout(more)
        page.addLayout(after)
        page.addWidget(self.outcome)
        page.addWidget(self.summary)
        page.addWidget(self.standing, 1)
        self.files.setAccessibleName(self.tr("导入的文件"))
        self.files.setMinimumHeight(int(self.fontMetrics().height() * 7))
        self.files.hide()
        page.addWidget(self.files)
