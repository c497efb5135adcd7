"""总部更正通知: which notices are here, publication by two, and who has not read them (F14).

A notice's text is item content and never comes to a console (O02).
"""

from collections.abc import Collection

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, read_result
from invigilator_app.board.instants import clock
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.notice_orders import (
    GetNotices,
    ImportNotice,
    NoticeState,
    NoticeView,
    PublishNotice,
    RoomReads,
)
from venue_server.wire.session_orders import (
    ArrivedOrderView,
    GetSessionOrders,
    ImportSessionOrder,
    TakeSessionOrder,
)


class NoticeList(msgspec.Struct, frozen=True):
    """The answer to GetNotices."""

    notices: list[NoticeView]


class WaitingOrders(msgspec.Struct, frozen=True):
    """Of the answer to GetSessionOrders: what came over headquarters' line and waits for two."""

    waiting: list[ArrivedOrderView] = []


class NoticeTab(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.notices: list[NoticeView] = []
        self.table = TextTable(
            [
                self.tr("试卷"),
                self.tr("编号"),
                self.tr("卷别"),
                self.tr("题号"),
                self.tr("状态"),
                self.tr("未确认的座位"),
            ]
        )
        self.waiting: list[ArrivedOrderView] = []
        self.arrived = TextTable(
            [self.tr("场次"), self.tr("命令"), self.tr("文号"), self.tr("事由"), self.tr("到达")]
        )
        self.arrived_card = Card(self.tr("总部专线送达、待接收的场次命令"))
        self.outcome = Outcome(texts)
        self.file = QLineEdit()
        self.file.setPlaceholderText(self.tr("服务器上的文件路径"))
        self.load_button = button(self.tr("刷新"), self.load)
        self.take = button(self.tr("接收通知文件"), self._import)
        self.take_order = button(self.tr("接收场次命令…"), self._ask_order, kind="grave")
        self.publish = button(self.tr("发布选中的通知…"), self._ask_publish, kind="grave")
        self.take_arrived = button(self.tr("接收选中的命令…"), self._ask_arrived, kind="grave")
        self._lay_out()
        self.arrived.itemSelectionChanged.connect(self._show_buttons)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self.file.textChanged.connect(self._show_buttons)

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self._show_buttons()

    def load(self) -> None:
        """Fetch the notices, with the readers of the rooms this person sees."""
        self.order(GetNotices(0), self._loaded)
        state = self.state
        if state and may(Action.IMPORT_SESSION_ORDER, state.person, state.online).allowed:
            self.order(GetSessionOrders(0), self._arrived)

    def _arrived(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            return  # the notices' answer says what is wrong; the alarm stands on every page
        try:
            self.waiting = read_result(answer, WaitingOrders).waiting
        except ResultError as error:
            self.outcome.warn(self.tr("结果无法显示"), str(error))
            return
        language = self.texts.language
        self.arrived.show_rows(
            [
                [
                    each.session_id,
                    each.kind.text(language),
                    each.reference,
                    each.reason,
                    clock(each.arrived_at_ms),
                ]
                for each in self.waiting
            ],
            frozenset(range(len(self.waiting))),
        )
        self.arrived_card.setVisible(bool(self.waiting))
        self._show_buttons()

    @property
    def chosen_order(self) -> ArrivedOrderView | None:
        """The arrived order selected in its table."""
        at = self.arrived.currentRow()
        return self.waiting[at] if 0 <= at < len(self.waiting) else None

    @property
    def chosen(self) -> NoticeView | None:
        """The notice selected in the table."""
        at = self.table.currentRow()
        return self.notices[at] if 0 <= at < len(self.notices) else None

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            self.notices = read_result(answer, NoticeList).notices
        except ResultError as error:
            self.outcome.warn(self.tr("结果无法显示"), str(error))
            return
        held = [
            one.state is not NoticeState.PUBLISHED or _unread(one.rooms) for one in self.notices
        ]
        self.table.show_rows(
            [self._row(one) for one in self.notices],
            frozenset(at for at, waits in enumerate(held) if waits),
        )
        self._show_buttons()

    def _row(self, one: NoticeView) -> list[str]:
        comma = self.tr("、")
        if one.state is NoticeState.HELD:
            state, unread = "△ " + self.tr("待发布"), ""
        elif one.state is NoticeState.UNREADABLE:
            state, unread = "✗ " + self.tr("内容打不开，请报告总部"), ""
        else:
            when = clock(one.published_at_ms)
            state = "✓ " + self.tr("已发布 %1").replace("%1", when)
            unread = comma.join(_unread(one.rooms)) or "✓"
        numbers = comma.join(one.numbers) or "—"
        return [one.paper_id, str(one.sequence), comma.join(one.forms), numbers, state, unread]

    def _show_buttons(self) -> None:
        if self.state is None:
            return
        person, online, one = self.state.person, self.state.online, self.chosen
        publishes = may(Action.PUBLISH_NOTICE, person, online)
        imports = may(Action.IMPORT_NOTICE, person, online)
        self.open_button(self.publish, publishes)
        self.open_button(self.take, imports)
        held = one is not None and one.state is NoticeState.HELD
        self.publish.setEnabled(publishes.allowed and held)
        named = bool(self.file.text().strip())
        self.take.setEnabled(imports.allowed and named)
        orders = may(Action.IMPORT_SESSION_ORDER, person, online)
        self.open_button(self.take_order, orders)
        self.take_order.setEnabled(orders.allowed and named)
        self.open_button(self.take_arrived, orders)
        self.take_arrived.setEnabled(orders.allowed and self.chosen_order is not None)

    def _import(self) -> None:
        self.outcome.waiting()
        self.order(ImportNotice(0, self.file.text().strip()), self._done)

    def _ask_order(self) -> None:
        if self.state is None:
            return
        file = self.file.text().strip()
        text = self.tr(
            "接收总部的场次命令（取消、重新组织、续考）：%1。正在进行的场次随即全部暂停，不能恢复。"
        ).replace("%1", file)
        action = Action.IMPORT_SESSION_ORDER
        dialog = ask_second(self, self.texts, action, self.state.person, text)
        dialog.signed.connect(lambda second: self._take_order(file, second))

    def _take_order(self, file: str, second: Second) -> None:
        self.outcome.waiting()
        self.order(ImportSessionOrder(0, file, second), self._done)

    def _ask_arrived(self) -> None:
        one = self.chosen_order
        if one is None or self.state is None:
            return
        text = self.tr(
            "接收总部专线送达的场次命令：%1，文号 %2。正在进行的场次随即全部暂停，不能恢复。"
        )
        text = text.replace("%1", one.kind.text(self.texts.language)).replace("%2", one.reference)
        action = Action.IMPORT_SESSION_ORDER
        dialog = ask_second(self, self.texts, action, self.state.person, text)
        dialog.signed.connect(lambda second: self._take_arrived(one, second))

    def _take_arrived(self, one: ArrivedOrderView, second: Second) -> None:
        self.outcome.waiting()
        self.order(TakeSessionOrder(0, one.sha256, second), self._done)

    def _ask_publish(self) -> None:
        one = self.chosen
        if one is None or self.state is None:
            return
        text = self.tr(
            "发布试卷 %1 的第 %2 号更正通知：开卷后在有关考试机上显示，须由应试人员确认。不能撤回。"
        )
        text = text.replace("%1", one.paper_id).replace("%2", str(one.sequence))
        dialog = ask_second(self, self.texts, Action.PUBLISH_NOTICE, self.state.person, text)
        dialog.signed.connect(lambda second: self._publish(one, second))

    def _publish(self, one: NoticeView, second: Second) -> None:
        self.outcome.waiting()
        self.order(PublishNotice(0, one.paper_id, one.sequence, second), self._done)

    def _done(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self.outcome.good(self.tr("已记录"))
        self.load()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.load_button)
        row.addWidget(self.file, 1)
        row.addWidget(self.take)
        row.addWidget(self.publish)
        row.addWidget(self.take_order)
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 12))
        card = Card(self.tr("试卷只能由总部更正；通知内容只在考试机上显示"))
        card.box.addWidget(label(self.tr("监考人员不得解释试题内容。"), "quiet"))
        card.box.addWidget(self.table, 1)
        card.box.addLayout(row)
        page = self.scrolled_column()
        page.addWidget(self.outcome)
        self.arrived.setAccessibleName(self.tr("总部专线送达、待接收的场次命令"))
        self.arrived.setMinimumHeight(int(self.fontMetrics().height() * 5))
        self.arrived_card.box.addWidget(self.arrived)
        taking = QHBoxLayout()
        taking.addStretch(1)
        taking.addWidget(self.take_arrived)
        self.arrived_card.box.addLayout(taking)
        self.arrived_card.hide()
        page.addWidget(self.arrived_card)
        page.addWidget(card, 1)


def _unread(rooms: Collection[RoomReads]) -> list[str]:
    """The seats, as room-seat, that have not acknowledged it."""
    return [f"{room.room_id}-{seat_no}" for room in rooms for seat_no in room.unread_seats]
