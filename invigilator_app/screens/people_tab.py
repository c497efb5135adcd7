"""人员: roster, who is here, declarations, the draw with its result, posts (A01-A15, B01-B05)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from invigilator_app.actions.orders import Answer, Order
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, read_result
from invigilator_app.board.instants import day_minute
from invigilator_app.printing.people_sheets import code_slip, draw_sheet, duty_card
from invigilator_app.screens.delegate_fields import DelegateFields
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.people_words import PeopleWords
from invigilator_app.screens.reason_dialog import MAX_REASON
from invigilator_app.screens.recusal_dialog import RecusalDialog
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.sheet_saver import SheetSaver
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.people_orders import (
    AssignRoom,
    DecideRecusal,
    DisableAccount,
    DrawRooms,
    EndDelegation,
    GetDraw,
    GetOrganisation,
    GetPeople,
    IssueCode,
    UnlockAccount,
)
from venue_server.wire.people_views import DrawsView, OrganisationBook, PeopleView, PersonView


class PeopleTab(Page):
    """Whoever is chosen in the table is whom the buttons below are about."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self._words = PeopleWords(texts, self)
        self.people: PeopleView | None = None
        self.reload = button(self.tr("刷新"), self.load, kind="main")
        self.draw = button(self.tr("抽签确定考场（两人）"), self._ask_draw, kind="main")
        self.print_draw = button(self.tr("打印抽签结果"), self._print_draw)
        self.print_card = button(self.tr("打印值班联系表"), self._print_card)
        self.assign = button(self.tr("人工安排考场（两人）"), self._ask_assign)
        self.decide = button(self.tr("回避决定"), self._ask_decide)
        self.delegate = button(self.tr("由其代行职务（两人）"), self._ask_delegate)
        self.end = button(self.tr("结束代行"), self._end)
        self.code = button(self.tr("签发开通码（两人）"), self._ask_code)
        self.unlock = button(self.tr("解除登录锁定"), self._unlock)
        self.disable = button(self.tr("停用账号（两人）"), self._ask_disable)
        self.outcome = Outcome(texts)
        self.saver = SheetSaver(self, self.outcome)
        self.findings = label()
        self.places = label()
        self.posts = label()
        who = [self.tr("账号"), self.tr("姓名"), self.tr("职务"), self.tr("责任考场")]
        state = [self.tr("登录"), self.tr("回避"), self.tr("备注")]
        self.table = TextTable([*who, *state])
        self.table.setAccessibleName(self.tr("人员"))
        self.table.itemSelectionChanged.connect(self._changed)
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self._changed()
        self._make_room()

    def _make_room(self) -> None:
        """A wrapped label asks for one line only where its column scrolls: say what it needs."""
        for shown in (self.findings, self.places, self.posts):
            # -1 is Qt's answer for a label without a text.
            shown.setMinimumHeight(max(0, shown.heightForWidth(max(shown.width(), 200))))

    def _changed(self) -> None:
        state = self.state
        if state is None:
            return
        chosen = self.chosen() is not None
        for pressed, action, about_one in (
            (self.reload, Action.GET_PEOPLE, False),
            (self.draw, Action.DRAW_ROOMS, False),
            (self.print_draw, Action.GET_DRAW, False),
            (self.print_card, Action.GET_ORGANISATION, False),
            (self.assign, Action.ASSIGN_ROOM, True),
            (self.decide, Action.DECIDE_RECUSAL, True),
            (self.delegate, Action.DELEGATE, True),
            (self.end, Action.END_DELEGATION, False),
            (self.code, Action.ISSUE_CODE, True),
            (self.unlock, Action.UNLOCK_ACCOUNT, True),
            (self.disable, Action.DISABLE_ACCOUNT, True),
        ):
            self.open_button(pressed, may(action, state.person, state.online))
            if about_one and not chosen and pressed.isEnabled():
                pressed.setEnabled(False)
                pressed.setToolTip(self.tr("请先在表中选中一名人员"))
        running = self.people is not None and any(e.running for e in self.people.delegations)
        self.end.setEnabled(self.end.isEnabled() and running)

    def chosen(self) -> PersonView | None:
        """Whoever is selected in the table."""
        at = self.table.currentRow()
        people = self.people.people if self.people is not None else []
        selected = bool(self.table.selectedItems())
        return people[at] if selected and 0 <= at < len(people) else None

    # ---- what stands ---------------------------------------------------------------------

    def load(self) -> None:
        """Fetch and show everything about people."""
        self.order(GetPeople(0), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            self._show(read_result(answer, PeopleView))
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))

    def _show(self, view: PeopleView) -> None:
        self.people = view
        words = self._words
        self.table.show_rows(
            [
                [
                    one.person_id,
                    one.name,
                    self.texts.roles(one.roles),
                    words.rooms(one.rooms),
                    words.here(one),
                    words.recusal(one),
                    words.notes(one),
                ]
                for one in view.people
            ],
            frozenset(at for at, one in enumerate(view.people) if not one.active),
        )
        marks = {True: "✕", False: "△"}
        self.findings.setText(
            "\n".join(
                f"{marks[each.blocking]} {each.code} {self.texts.remark(each.remark)}"
                for each in view.findings
            )
            or self.tr("✓ 人员条件均已满足")
        )
        self.places.setText(self._placed(view))
        self.posts.setText(
            "\n".join(
                words.delegation(each, day_minute(each.until_ms) if each.until_ms else "")
                for each in view.delegations
                if each.running
            )
            or self.tr("无人代行职务")
        )
        self._changed()
        self._make_room()

    def _placed(self, view: PeopleView) -> str:
        names = {one.person_id: one.name for one in view.people}
        lines = [
            f"{room}：" + self.tr("、").join(names.get(who, who) for who in members)
            for room, members in view.rooms.items()
        ]
        if view.spares:
            spares = self.tr("、").join(names.get(who, who) for who in view.spares)
            lines.append(self.tr("备用：%1").replace("%1", spares))
        if not view.draws:
            lines.insert(0, self.tr("尚未抽签"))
        return "\n".join(lines)

    # ---- orders --------------------------------------------------------------------------

    def _give(self, order: Order, head: str) -> None:
        """Give an order; the list is fetched anew whatever becomes of it."""

        def answered(answer: Answer) -> None:
            if isinstance(answer, Done):
                self.outcome.good(head)
                self.load()
            else:
                self.outcome.trouble(answer)

        self.outcome.waiting()
        self.order(order, answered)

    def _ask(
        self,
        action: Action,
        what: str,
        rows: list[tuple[str, QWidget]],
        make: Callable[[Second], Order],
        head: str,
    ) -> None:
        """An order of two people, with what else it needs."""
        assert self.state is not None
        dialog = ask_second(self, self.texts, action, self.state.person, what, rows)
        dialog.signed.connect(lambda second: self._give(make(second), head))

    def _reason(self) -> QLineEdit:
        field = QLineEdit()
        field.setMaxLength(MAX_REASON)
        return field

    def _session(self) -> str:
        return self.people.session_id if self.people is not None else ""

    def _ask_draw(self) -> None:
        absent, reason = self._reason(), self._reason()
        session = self._session()
        what = self.tr(
            "随机确定监考人员责任考场，每场一次。重新抽签须说明事由，原结果保留。"
            "未到岗人员的账号以空格分隔。"
        )
        rows: list[tuple[str, QWidget]] = [
            (self.tr("未到岗人员"), absent),
            (self.tr("重新抽签的事由"), reason),
        ]
        self._ask(
            Action.DRAW_ROOMS,
            what,
            rows,
            lambda by: DrawRooms(0, session, by, absent.text().split(), reason.text()),
            self.tr("已抽签，结果已告知各监考台"),
        )

    def _ask_assign(self) -> None:
        one, reason, room = self.chosen(), self._reason(), QComboBox()
        if one is None or self.state is None or self.state.view is None:
            return
        for room_id, board in self.state.view.rooms.items():
            room.addItem(board.room.name, room_id)
        room.addItem(self.tr("不在任何考场"), "")
        session = self._session()
        what = self.tr("将%1安排到指定考场，代替抽签结果。").replace("%1", one.name)
        rows: list[tuple[str, QWidget]] = [
            (self.tr("考场"), room),
            (self.tr("事由（必填，将记入台账）"), reason),
        ]
        self._ask(
            Action.ASSIGN_ROOM,
            what,
            rows,
            lambda by: AssignRoom(
                0, session, one.person_id, str(room.currentData()), reason.text(), by
            ),
            self.tr("已安排"),
        )

    def _ask_decide(self) -> None:
        one = self.chosen()
        if one is None:
            return
        dialog = RecusalDialog(self, one.name, self._words.recusal(one))
        dialog.finished.connect(dialog.deleteLater)
        session, who = self._session(), one.person_id
        dialog.decided.connect(
            lambda scope, rooms, reason: self._give(
                DecideRecusal(0, session, who, scope, reason, rooms), self.tr("已作出回避决定")
            )
        )
        dialog.open()

    def _ask_delegate(self) -> None:
        one = self.chosen()
        if one is None or self.state is None or self.people is None:
            return
        fields = DelegateFields(self, self.texts, one, self.people.people)
        now_ms = self.state.now_ms
        what = self.tr("由%1代行他人职务，到时自动结束。").replace("%1", one.name)
        self._ask(
            Action.DELEGATE,
            what,
            fields.rows(),
            lambda by: fields.order(by, now_ms),
            self.tr("已委托"),
        )

    def _end(self) -> None:
        running = [e for e in (self.people.delegations if self.people else []) if e.running]
        if running:
            self._give(EndDelegation(0, running[-1].delegation_id), self.tr("代行已结束"))

    def _ask_disable(self) -> None:
        one, reason = self.chosen(), self._reason()
        if one is None:
            return
        what = self.tr("停用%1的账号，立即生效。").replace("%1", one.name)
        self._ask(
            Action.DISABLE_ACCOUNT,
            what,
            [(self.tr("事由（必填，将记入台账）"), reason)],
            lambda by: DisableAccount(0, one.person_id, reason.text(), by),
            self.tr("账号已停用"),
        )

    def _unlock(self) -> None:
        one = self.chosen()
        if one is not None:
            self._give(UnlockAccount(0, one.person_id), self.tr("已解除锁定"))

    def _ask_code(self) -> None:
        one = self.chosen()
        if one is None or self.state is None:
            return
        what = self.tr("为%1签发一次性开通码，其现有密码立即失效。").replace("%1", one.name)
        dialog = ask_second(self, self.texts, Action.ISSUE_CODE, self.state.person, what)
        dialog.signed.connect(partial(self._issue, one))

    def _issue(self, one: PersonView, second: Second) -> None:
        self.outcome.waiting()
        self.order(IssueCode(0, one.person_id, second), partial(self._issued, one))

    def _issued(self, one: PersonView, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        code = str(answer.result.get("code", ""))
        self.outcome.good(self.tr("开通码（只显示这一次）：%1").replace("%1", code), one.name)
        html = code_slip(self._venue(), one.person_id, one.name, code)
        self.saver.save(self.tr("开通码") + f"-{one.person_id}", html)
        self.load()

    # ---- printing ------------------------------------------------------------------------

    def _venue(self) -> str:
        view = self.state.view if self.state is not None else None
        return view.venue.printed_name if view is not None else ""

    def _print_draw(self) -> None:
        self.order(GetDraw(0, self._session()), self._draw_here)

    def _draw_here(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            digest = read_result(answer, DrawsView).draws[-1].sha256
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        if self.people is not None:
            html = draw_sheet(self._venue(), self.people, digest)
            self.saver.save(self.tr("监考人员责任考场"), html, digest)

    def _print_card(self) -> None:
        self.order(GetOrganisation(0), self._book_here)

    def _book_here(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            book = read_result(answer, OrganisationBook)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.saver.save(self.tr("值班联系表"), duty_card(book))

    def _lay_out(self) -> None:
        page = self.scrolled_column()
        page.addLayout(_row(self.reload, self.draw, None, self.print_draw, self.print_card))
        page.addWidget(self.outcome)
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 12))
        page.addWidget(self.table, 3)
        page.addLayout(_row(self.assign, self.decide, self.delegate, self.end, None))
        page.addLayout(_row(self.code, self.unlock, self.disable, None))
        for title, shown in (
            (self.tr("开考条件（人员）"), self.findings),
            (self.tr("责任考场"), self.places),
            (self.tr("代行职务"), self.posts),
        ):
            card = Card(title)
            card.box.addWidget(shown)
            page.addWidget(card)


def _row(*parts: QPushButton | None) -> QHBoxLayout:
    """Buttons in a row; None takes the room that is left."""
    row = QHBoxLayout()
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
