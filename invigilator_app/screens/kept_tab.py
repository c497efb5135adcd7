"""保管与销毁: what is still held of each session; wiping, keeping, destruction (L10, L11, M07)."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from invigilator_app.actions.holdings import (
    ANSWERS,
    RECORDS,
    Certified,
    HeldSession,
    Holdings,
    WipeChecked,
    day_of,
    published_at_ms,
)
from invigilator_app.actions.orders import Answer, Order, wipe_session
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, ResultT, StatusSection, read_result
from invigilator_app.printing.certificates import certificate_sheet
from invigilator_app.screens.kept_reasons import KeptReasons
from invigilator_app.screens.parts import Outcome, Page, bring_into_sight, button, label
from invigilator_app.screens.reason_dialog import MAX_REASON
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.session_box import SessionBox
from invigilator_app.screens.sheet_saver import SheetSaver
from invigilator_app.screens.standing_table import StandingTable
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.record_orders import EnterScorePublication, SetLegalHold
from venue_server.wire.wiping_orders import (
    DestroyKept,
    GetDestructionCertificate,
    GetHoldings,
    GetWipeCertificate,
    GetWipeCheck,
)

_COLUMNS = 3
_DIGEST = re.compile("[0-9a-f]{64}")


class KeptTab(Page):
    """Loaded when it comes up and after every order; every rule is the server's."""

    daily_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.session = SessionBox()
        self.reload = button(self.tr("刷新"), self.load)
        self.daily = button(self.tr("每日备份证明…"), self.daily_wanted.emit)
        self.check = button(self.tr("清除核查"), self._check, kind="main")
        self.wipe = button(self.tr("清除（两人）"), self._ask_wipe, kind="grave")
        self.wiped = button(self.tr("清除证书"), self._certificate)
        self.scores = button(self.tr("录入成绩公布日期（两人）"), self._ask_scores)
        self.hold = button(self.tr("封存留查（两人）"), self._ask_hold)
        self.lift = button(self.tr("解除封存（两人）"), self._ask_lift)
        self.destroying = {
            what: button(text, partial(self._ask_destroy, what), kind="grave")
            for what, text in (
                (ANSWERS, self.tr("销毁作答数据（两人）")),
                (RECORDS, self.tr("销毁电子记录（两人）")),
            )
        }
        self.destruction = button(self.tr("销毁证书"), self._destruction_certificates)
        self.print = button(self.tr("证书存为 PDF…"), self._print)
        self.outcome = Outcome(texts)
        self.standing = StandingTable(texts)
        self.standing.table.setAccessibleName(self.tr("本场现存内容"))
        self.proof_title = label(name="cardTitle")
        self.proof = StandingTable(texts)
        self.proof.table.setAccessibleName(self.tr("核查结果与证书"))
        self.saver = SheetSaver(self, self.outcome)
        self._held: Holdings | None = None
        self._shut = KeptReasons(self)
        self._sheet: StatusSection | None = None
        self.session.currentIndexChanged.connect(lambda _at: self._chosen_changed())
        self._lay_out()
        self._show_proof("", [])

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        person, online, one = state.person, state.online, self._one()
        self.print.setEnabled(self._sheet is not None)
        self.open_button(self.daily, may(Action.GET_STATISTICS, person, online))
        for pressed, action, why_not in (
            (self.reload, Action.GET_HOLDINGS, ""),
            (self.check, Action.GET_WIPE_CHECK, self._shut.not_there(one)),
            (self.wipe, Action.WIPE, self._shut.not_to_wipe(one)),
            (self.wiped, Action.GET_WIPE_CERTIFICATE, self._shut.not_wiped(one)),
            (self.scores, Action.ENTER_SCORES, self._shut.not_there(one)),
            (self.hold, Action.SET_HOLD, self._shut.not_to_hold(one)),
            (self.lift, Action.SET_HOLD, self._shut.not_to_lift(one)),
            (self.destroying[ANSWERS], Action.DESTROY_KEPT, self._shut.not_due(one, ANSWERS)),
            (self.destroying[RECORDS], Action.DESTROY_KEPT, self._shut.not_due(one, RECORDS)),
            (self.destruction, Action.GET_DESTRUCTION_CERTIFICATE, self._shut.not_destroyed(one)),
        ):
            verdict = may(action, person, online)
            self.open_button(pressed, verdict, why_not)
            pressed.setEnabled(verdict.allowed and not why_not)

    def _one(self) -> HeldSession | None:
        sessions = self._held.sessions if self._held else []
        named = self.session.currentText()
        return next((each for each in sessions if each.session_id == named), None)

    # ---- what there is -------------------------------------------------------------------

    def load(self) -> None:
        """Fetch and show what is held of every session."""
        self.order(GetHoldings(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        found = self._read(answer, Holdings)
        if found is None:
            return
        self._held = found
        # First what still waits for somebody.
        waiting = next((each.session_id for each in found.sessions if not each.wiped), "")
        self.session.offer([each.session_id for each in found.sessions], first=waiting)
        self._show_chosen()

    def _chosen_changed(self) -> None:
        """Another session was chosen: a certificate on the screen is not its own."""
        self._show_proof("", [])
        self._show_chosen()

    def _show_chosen(self) -> None:
        named = self.session.currentText()
        found = self._held
        sections = [each for each in found.sections if each.title == named] if found else []
        mark = f"[{named}] "  # the session is named above
        steps = [each for each in found.next if each.startswith(mark)] if found else []
        self.standing.show_sections(sections, [each.replace(mark, "") for each in steps])
        if self.state is not None:
            self.refresh(self.state)

    def _read(self, answer: Answer, kind: type[ResultT]) -> ResultT | None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return None
        try:
            return read_result(answer, kind)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return None

    def _show_proof(self, title: str, sections: list[StatusSection]) -> None:
        self.proof_title.setText(title)
        self.proof.show_sections([_on_screen(each) for each in sections], [])
        for each in (self.proof_title, self.proof):
            each.setVisible(bool(sections))
        if not sections:
            self._sheet = None
            return
        self._bring_proof()

    def _bring_proof(self) -> None:
        for part in (self.proof, self.print):  # its heading, should the whole be too high
            bring_into_sight(part)

    # ---- wiping --------------------------------------------------------------------------

    def _check(self) -> None:
        self.outcome.waiting()
        self.order(GetWipeCheck(0, self.session.currentText()), self._checked)

    def _checked(self, answer: Answer) -> None:
        found = self._read(answer, WipeChecked)
        if found is None:
            return
        self._sheet = None
        if found.closed:
            self.outcome.good(self.tr("已全部清除"))
        else:
            self.outcome.warn(self.tr("尚有未清除的内容"), self.tr("见下表。"))
        self._show_proof(self.tr("清除核查"), found.sections)
        self.load()

    def _ask_wipe(self) -> None:
        what = self.tr(
            "清除场次 %1 的密钥和试卷，服务器与各考试机一并清除。此操作不能撤回；上报回执已取得。"
        )
        self._ask(Action.WIPE, what, [], lambda named, second: wipe_session(named, second))

    def _certificate(self) -> None:
        self.outcome.waiting()
        self.order(GetWipeCertificate(0, self.session.currentText()), self._certified)

    def _certified(self, answer: Answer) -> None:
        found = self._read(answer, Certified)
        if found is None:
            return
        self.outcome.clear()
        self._show_proof(self.texts.either(found.sections[0].title), found.sections)
        self._sheet = found.sections[0]
        if self.state is not None:
            self.refresh(self.state)

    def _print(self) -> None:
        if self._sheet is None or self.state is None or self.state.view is None:
            return
        title = self.texts.either(self._sheet.title)
        html = certificate_sheet(self.state.view.venue.venue_name, self._sheet)
        self.saver.save(f"{title}-{self.session.currentText()}", html)

    # ---- keeping -------------------------------------------------------------------------

    def _ask_scores(self) -> None:
        if self.state is None:
            return
        now_ms, reference, day = self.state.now_ms, _line(), QDateEdit()
        today = day_of(now_ms)
        day.setDisplayFormat("yyyy-MM-dd")
        day.setMaximumDate(QDate(today.year, today.month, today.day))
        day.setDate(day.maximumDate())
        what = self.tr(
            "录入场次 %1 的成绩公布日期。保管期限自该日起算；录错可再次录入，以最后一次为准。"
        )
        rows: list[tuple[str, QWidget]] = [
            (self.tr("成绩公布日期"), day),
            (self.tr("依据（公告文号）"), reference),
        ]

        def order(named: str, second: Second) -> Order:
            shown = day.date()
            at_ms = published_at_ms(date(shown.year(), shown.month(), shown.day()), now_ms)
            return EnterScorePublication(0, named, at_ms, reference.text().strip(), second)

        self._ask(Action.ENTER_SCORES, what, rows, order)

    def _ask_hold(self) -> None:
        reason, why = _line(), _line()
        what = self.tr("封存场次 %1 的全部留存内容，期满也不得销毁，直至解除。")
        rows: list[tuple[str, QWidget]] = [
            (self.tr("封存事由"), reason),
            (self.tr("依据（来函、文号）"), why),
        ]
        self._ask(
            Action.SET_HOLD,
            what,
            rows,
            lambda named, second: SetLegalHold(
                0, named, reason.text().strip(), why.text().strip(), second
            ),
        )

    def _ask_lift(self) -> None:
        why = _line()
        what = self.tr("解除场次 %1 的封存。保管期限仍须届满才可销毁。")
        rows: list[tuple[str, QWidget]] = [(self.tr("解除依据"), why)]
        self._ask(
            Action.SET_HOLD,
            what,
            rows,
            lambda named, second: SetLegalHold(0, named, "", why.text().strip(), second),
        )

    # ---- destruction ---------------------------------------------------------------------

    def _ask_destroy(self, what: str) -> None:
        method, reference = _line(), _line()
        text = (
            self.tr("销毁场次 %1 的作答数据：密封包各版本及密钥副本。此操作不能撤回。")
            if what == ANSWERS
            else self.tr(
                "销毁场次 %1 的电子记录：导出文件及备份；不在此处的介质由两人人工销毁。不能撤回。"
            )
        )
        rows: list[tuple[str, QWidget]] = [
            (self.tr("销毁方式"), method),
            (self.tr("批准文号"), reference),
        ]
        self._ask(
            Action.DESTROY_KEPT,
            text,
            rows,
            lambda named, second: DestroyKept(
                0, named, what, method.text().strip(), reference.text().strip(), second
            ),
        )

    def _destruction_certificates(self) -> None:
        """The newest kind that was destroyed; the other one by pressing again."""
        one = self._one()
        if one is None or not one.destroyed:
            return
        shown = self._sheet.title if self._sheet else ""
        at = 1 if len(one.destroyed) > 1 and shown.endswith("destruction") else 0
        order = GetDestructionCertificate(0, one.session_id, one.destroyed[at])
        self.outcome.waiting()
        self.order(order, self._certified)

    # ---- orders of two -------------------------------------------------------------------

    def _ask(
        self,
        action: Action,
        what: str,
        rows: Sequence[tuple[str, QWidget]],
        order: Callable[[str, Second], Order],
    ) -> None:
        """Ask for the second person; ``order`` makes the order of the session that was chosen."""
        named = self.session.currentText()
        if self.state is None or not named:
            return
        text = what.replace("%1", named)
        dialog = ask_second(self, self.texts, action, self.state.person, text, rows)
        dialog.signed.connect(lambda second: self._give(action, order(named, second)))

    def _give(self, action: Action, order: Order) -> None:
        self.outcome.waiting()
        self.order(order, partial(self._done, action))

    def _done(self, action: Action, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
        elif action is Action.DESTROY_KEPT:
            self._certified(answer)
            self.outcome.good(self.tr("已销毁，证书见下表"))
            self._bring_proof()
        elif action is Action.WIPE:
            self.outcome.good(self.tr("已清除"), self.tr("请核查各考试机并打印清除证书。"))
        else:
            self.outcome.good(self.tr("已记入台账"))
        self.load()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(label(self.tr("场次"), wrap=False))
        top.addWidget(self.session, 1)
        top.addWidget(self.reload)
        top.addWidget(self.daily)
        pressed: list[QPushButton] = [
            self.check,
            self.wipe,
            self.wiped,
            self.scores,
            self.hold,
            self.lift,
            *self.destroying.values(),
            self.destruction,
        ]
        grid = QGridLayout()
        for at, each in enumerate(pressed):
            grid.addWidget(each, at // _COLUMNS, at % _COLUMNS)
        head = QHBoxLayout()
        head.addWidget(self.proof_title)
        head.addStretch(1)
        head.addWidget(self.print)
        page = self.scrolled_column()
        page.addLayout(top)
        page.addLayout(grid)
        page.addWidget(self.outcome)
        page.addWidget(self.standing, 1)
        page.addLayout(head)
        page.addWidget(self.proof, 1)


def _on_screen(section: StatusSection) -> StatusSection:
    """Digests by their beginning, so that a row fits; the print has them whole."""
    rows = [
        (name, _DIGEST.sub(lambda found: f"{found[0][:16]}...", value), verdict)
        for name, value, verdict in section.rows
    ]
    return StatusSection(section.title, rows)


def _line() -> QLineEdit:
    made = QLineEdit()
    made.setMaxLength(MAX_REASON)
    return made
