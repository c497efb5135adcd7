"""值班与签到: who is here by badge, duty hours, shifts and their gaps (A10, A13, A14)."""

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
)

from invigilator_app.actions.orders import Answer, Order
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import ResultError, read_result
from invigilator_app.board.instants import clock, day_minute
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.reason_dialog import MAX_REASON
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.duty_orders import (
    DutyView,
    EnterShift,
    GetDuty,
    OverrideDutyHours,
    ShiftView,
    StaffHere,
    WithdrawShift,
)
from venue_server.wire.people_orders import GetPeople
from venue_server.wire.people_views import PeopleView

_BEIJING = QTimeZone(8 * 3600)
_MAX_BADGE = 64


class DutyTab(Page):
    """A scanner types the badge's number and Enter: the field keeps the keyboard."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.view: DutyView | None = None
        self.outcome = Outcome(texts)
        self.reload = button(self.tr("刷新"), self.load, kind="main")
        self.badge = QLineEdit()
        self.badge.setMaxLength(_MAX_BADGE)
        self.badge.setPlaceholderText(self.tr("扫描证章，或输入证章号、账号"))
        self.badge.setAccessibleName(self.tr("证章号"))
        self.badge.returnPressed.connect(self._came)
        self.came = button(self.tr("签到"), self._came, kind="main")
        self.left = button(self.tr("离开"), self._left)
        self.hours = label()
        self.gaps = label(name="why")
        self.override = button(self.tr("值班时段内放行（两人）"), self._ask_override, kind="grave")
        self.present = TextTable(
            [self.tr("姓名"), self.tr("账号"), self.tr("证章号"), self.tr("到场"), self.tr("离开")]
        )
        self.present.setAccessibleName(self.tr("签到"))
        self.shifts = TextTable(
            [self.tr("起"), self.tr("止"), self.tr("姓名"), self.tr("地点"), self.tr("电话")]
        )
        self.shifts.setAccessibleName(self.tr("值班班次"))
        self.shifts.itemSelectionChanged.connect(self._changed)
        self.who, self.place, self.phone = QComboBox(), QLineEdit(), QLineEdit()
        self.begins, self.until = _instant(), _instant()
        self.enter = button(self.tr("登记班次"), self._enter, kind="main")
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.reason.setPlaceholderText(self.tr("撤销的事由"))
        self.withdraw = button(self.tr("撤销选中的班次"), self._withdraw)
        for field in (self.place, self.reason):
            field.textChanged.connect(self._changed)
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self._changed()

    def _changed(self) -> None:
        state = self.state
        if state is None:
            return
        for pressed, action in (
            (self.reload, Action.GET_DUTY),
            (self.came, Action.STAFF_HERE),
            (self.left, Action.STAFF_HERE),
            (self.override, Action.OVERRIDE_DUTY),
            (self.enter, Action.ENTER_SHIFT),
            (self.withdraw, Action.WITHDRAW_SHIFT),
        ):
            self.open_button(pressed, may(action, state.person, state.online))
        filled = bool(self.who.count() and self.place.text().strip())
        self.enter.setEnabled(self.enter.isEnabled() and filled)
        chosen = self.chosen is not None and bool(self.reason.text().strip())
        self.withdraw.setEnabled(self.withdraw.isEnabled() and chosen)

    @property
    def chosen(self) -> ShiftView | None:
        """The shift selected in the table."""
        at = self.shifts.currentRow()
        known = self.view.shifts if self.view and self.shifts.selectedItems() else []
        return known[at] if 0 <= at < len(known) else None

    # ---- what stands ---------------------------------------------------------------------

    def load(self) -> None:
        """Fetch duty, and the people of whom a shift may be."""
        self.order(GetDuty(0), self._loaded)
        self.order(GetPeople(0), self._people)
        self.badge.setFocus()

    def _people(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            return  # without a session there is nobody to choose from
        try:
            people = read_result(answer, PeopleView).people
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        kept = self.who.currentData()
        self.who.clear()
        for one in people:
            if one.active:
                self.who.addItem(f"{one.name}（{one.person_id}）", one.person_id)
        self.who.setCurrentIndex(max(0, self.who.findData(kept)))
        self._changed()

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            view = read_result(answer, DutyView)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        first, self.view = self.view is None, view
        if first and view.hours:
            self.begins.setDateTime(_at(view.hours[0][0]))
            self.until.setDateTime(_at(view.hours[0][1]))
        self.hours.setText(self._hours(view))
        self.gaps.setText("\n".join(f"△ {self._gap(each)}" for each in view.gaps))
        self.gaps.setVisible(bool(view.gaps))
        self.present.show_rows(
            [
                [
                    one.name,
                    one.person_id,
                    one.badge_no,
                    f"✓ {clock(one.since_ms)}",
                    clock(one.left_ms) if one.left_ms else "",
                ]
                for one in view.present
            ]
        )
        self.shifts.show_rows(
            [
                [day_minute(one.from_ms), day_minute(one.until_ms), one.name, one.place, one.phone]
                for one in view.shifts
            ]
        )
        self._changed()

    def _hours(self, view: DutyView) -> str:
        spans = [f"{day_minute(a)} — {day_minute(b)}" for a, b in view.hours]
        lines = ["\n".join(spans) or self.tr("没有值班时段")]
        if view.until_ms:
            said = self.tr("▶ 现在是值班时段，至%1：不更新、不恢复、不停机")
            lines.append(said.replace("%1", day_minute(view.until_ms)))
        if view.override_ms:
            said = self.tr("△ 已放行，至%1")
            lines.append(said.replace("%1", day_minute(view.override_ms)))
        return "\n".join(lines)

    def _gap(self, gap: tuple[int, int]) -> str:
        text = self.tr("无人值班：%1 — %2")
        return text.replace("%1", day_minute(gap[0])).replace("%2", day_minute(gap[1]))

    # ---- orders --------------------------------------------------------------------------

    def _give(self, order: Order, head: str) -> None:
        def answered(answer: Answer) -> None:
            if isinstance(answer, Done):
                self.outcome.good(head, str(answer.result.get("name", "")))
                self.load()
            else:
                self.outcome.trouble(answer)

        self.outcome.waiting()
        self.order(order, answered)

    def _came(self) -> None:
        self._note(here=True)

    def _left(self) -> None:
        self._note(here=False)

    def _note(self, here: bool) -> None:
        shown = self.badge.text().strip()
        self.badge.clear()
        if shown and self.came.isEnabled():
            head = self.tr("已签到") if here else self.tr("已记离开")
            self._give(StaffHere(0, shown, here), head)

    def _ask_override(self) -> None:
        assert self.state is not None
        reason = QLineEdit()
        reason.setMaxLength(MAX_REASON)
        what = self.tr("30分钟内允许在值班时段内更新、恢复或停机。")
        dialog = ask_second(
            self,
            self.texts,
            Action.OVERRIDE_DUTY,
            self.state.person,
            what,
            [(self.tr("事由（必填，将记入台账）"), reason)],
        )
        dialog.signed.connect(
            lambda second: self._give(
                OverrideDutyHours(0, reason.text(), second), self.tr("已放行30分钟")
            )
        )

    def _enter(self) -> None:
        order = EnterShift(
            0,
            str(self.who.currentData()),
            self.place.text(),
            self.phone.text(),
            self.begins.dateTime().toMSecsSinceEpoch(),
            self.until.dateTime().toMSecsSinceEpoch(),
        )
        self._give(order, self.tr("班次已登记"))

    def _withdraw(self) -> None:
        if (one := self.chosen) is not None:
            order = WithdrawShift(0, one.shift_id, self.reason.text())
            self.reason.clear()
            self._give(order, self.tr("班次已撤销"))

    # ---- layout --------------------------------------------------------------------------

    def _lay_out(self) -> None:
        page = self.scrolled_column()
        top = QHBoxLayout()
        top.addWidget(self.badge, 1)
        for part in (self.came, self.left, self.reload):
            top.addWidget(part)
        page.addLayout(top)
        page.addWidget(self.outcome)
        for table in (self.present, self.shifts):
            table.setMinimumHeight(int(self.fontMetrics().height() * 7))
        page.addWidget(self.present, 1)
        hours = Card(self.tr("值班时段"))
        hours.box.addWidget(self.hours)
        row = QHBoxLayout()
        row.addWidget(self.override)
        row.addStretch(1)
        hours.box.addLayout(row)
        page.addWidget(hours)
        page.addWidget(self._shift_card(), 1)

    def _shift_card(self) -> Card:
        card = Card(self.tr("值班班次"))
        card.box.addWidget(self.gaps)
        card.box.addWidget(self.shifts)
        grid = QGridLayout()
        for at, (text, field) in enumerate(
            (
                (self.tr("人员"), self.who),
                (self.tr("地点"), self.place),
                (self.tr("电话"), self.phone),
                (self.tr("起"), self.begins),
                (self.tr("止"), self.until),
            )
        ):
            field.setAccessibleName(text)
            grid.addWidget(label(text, wrap=False), at // 3, at % 3 * 2)
            grid.addWidget(field, at // 3, at % 3 * 2 + 1)
        grid.addWidget(self.enter, 1, 5)
        for column in (1, 3, 5):
            grid.setColumnStretch(column, 1)
        card.box.addLayout(grid)
        row = QHBoxLayout()
        row.addWidget(self.reason, 1)
        row.addWidget(self.withdraw)
        card.box.addLayout(row)
        return card


def _instant() -> QDateTimeEdit:
    field = QDateTimeEdit()
    field.setTimeZone(_BEIJING)
    field.setDisplayFormat("yyyy-MM-dd HH:mm")
    return field


def _at(at_ms: int) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(at_ms, _BEIJING)
