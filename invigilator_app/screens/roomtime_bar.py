"""The time of the room, for chief and deputies: hold, start, suspend, resume, extend (I02, I06).

One key stops; a reason confirms. Whatever the server refuses it says itself.
"""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSpinBox,
    QWidget,
)

from invigilator_app.actions import roomtime
from invigilator_app.actions.orders import Answer, Order
from invigilator_app.actions.permissions import Action, Verdict
from invigilator_app.actions.results import ResultError, RoomTimesTold, read_result
from invigilator_app.board.instants import clock, span
from invigilator_app.board.room_time import RoomTime, room_time
from invigilator_app.screens.approval_dialog import MAX_TEXT, ApprovalDialog
from invigilator_app.screens.parts import Outcome, Page, button, label
from invigilator_app.screens.reason_dialog import ask_reason
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.console_views import Done, RoomView
from venue_server.wire.frames import Second
from venue_server.wire.names import Role
from venue_server.wire.roomtime_orders import Approval, GetRoomTimes


class ExtensionFields:
    """What every form of an extension asks: where, how long, why."""

    def __init__(self) -> None:
        self.scope, self.minutes, self.reason = QComboBox(), QSpinBox(), QLineEdit()
        self.minutes.setRange(1, 24 * 60)
        self.minutes.setValue(10)
        self.reason.setMaxLength(MAX_TEXT)
        for field, name in ((self.scope, "scope"), (self.minutes, "minutes"), (self.reason, "why")):
            field.setObjectName(f"extension-{name}")

    @property
    def room_id(self) -> str:
        return str(self.scope.currentData())

    def complete(self) -> bool:
        return bool(self.reason.text().strip())


class RoomTimeBar(Page):
    """A row of the room page. ``outcome`` is the page's own."""

    def __init__(self, texts: Texts, outcome: Outcome) -> None:
        super().__init__(texts)
        self.outcome = outcome
        self.now = label(name="chip")
        self.stop = button(self.tr("F8 暂停本考场"), self._ask_stop, kind="grave", key="F8")
        self.resume = button(self.tr("F9 恢复考试"), self._ask_resume, kind="main", key="F9")
        self.more = button(self.tr("考场时间"), lambda: None)
        menu = QMenu(self.more)
        self.stop_all = menu.addAction(self.tr("暂停全考点…"), self._ask_stop_all)
        self.hold = menu.addAction(self.tr("暂缓开考…"), self._ask_hold)
        self.start = menu.addAction(self.tr("单独开考…"), self._ask_start)
        self.extend = menu.addAction(self.tr("按部考试中心批准顺延…"), self._ask_extend)
        self.offline = menu.addAction(self.tr("两人顺延（待确认）…"), self._ask_offline)
        self.confirm = menu.addAction(self.tr("确认待确认的顺延…"), self._ask_pending)
        self.more.setMenu(menu)
        self.stop_all.setShortcut("Shift+F8")
        self.addAction(self.stop_all)  # so that its key works while the menu is shut
        self._whole: dict[QAction, Action] = {
            self.stop_all: Action.SUSPEND_TIME,
            self.extend: Action.EXTEND_TIME,
            self.offline: Action.EXTEND_TIME_OFFLINE,
            self.confirm: Action.CONFIRM_EXTENSION,
        }
        self._here: dict[QAction, Action] = {
            self.hold: Action.HOLD_ROOM,
            self.start: Action.START_ROOM,
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for each in (self.now, self.stop, self.resume, self.more):
            row.addWidget(each)

    # ---- showing ----

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self.setVisible(state.has_role(Role.CHIEF, Role.DEPUTY))
        if state.view is None or state.room is None:
            return
        here = room_time(state.room.room, state.now_ms)
        everywhere = [room_time(each.room, state.now_ms) for each in state.view.rooms.values()]
        for entries, rooms in ((self._whole, everywhere), (self._here, [here])):
            for entry, action in entries.items():
                entry.setEnabled(self._verdict(action, rooms).allowed)
        resume = self._verdict(Action.RESUME_TIME, everywhere)
        self.open_button(self.stop, self._verdict(Action.SUSPEND_TIME, [here]))
        self.open_button(self.resume, resume)
        self.resume.setVisible(resume.allowed)
        self.stop.setVisible(self.stop.isEnabled() or not resume.allowed)
        self._say(here, state.room.room, state.now_ms)

    def _verdict(self, action: Action, rooms: list[RoomTime]) -> Verdict:
        assert self.state is not None
        return roomtime.on_room_time(action, self.state.person, rooms, self.state.online)

    def _say(self, here: RoomTime, room: RoomView, now_ms: int) -> None:
        timing = room.timing
        text, tone = "", ""
        if here is RoomTime.HELD:
            text, tone = self.tr("△ 暂缓开考：等待主考单独开考"), "warn"
        elif here is RoomTime.SUSPENDED and timing is not None:
            text = self.tr("‖ 已暂停 %1（自 %2）")
            text = text.replace("%1", span(max(0, now_ms - timing.suspended_at_ms)))
            text, tone = text.replace("%2", clock(timing.suspended_at_ms)), "bad"
        elif here is RoomTime.RESUMING and timing is not None:
            text = self.tr("▶ %1 恢复考试").replace("%1", clock(timing.resumes_at_ms))
            tone = "warn"
        self.now.setText(text)
        self.now.setVisible(bool(text))
        restyle(self.now, "tone", tone)

    def _room(self) -> RoomView | None:
        state = self.state
        return state.room.room if state is not None and state.room is not None else None

    # ---- holding and starting ----

    def _ask_hold(self) -> None:
        room = self._room()
        if room is None:
            return
        text = self.tr("%1 届时不与其他考场一同开考，试卷在本考场保持关闭，直至主考单独开考。")
        dialog = ask_reason(
            self, self.tr("暂缓开考"), text.replace("%1", room.name), self.tr("暂缓开考")
        )
        dialog.given.connect(
            lambda reason, _: self._give(
                roomtime.hold_room(room.room_id, reason), self.tr("已暂缓开考")
            )
        )

    def _ask_start(self) -> None:
        room = self._room()
        if room is None:
            return
        text = self.tr("%1 的全部考试机将一同开考；释放之前则与其他考场一同开考。此后不能再暂缓。")
        dialog = ask_reason(
            self, self.tr("单独开考"), text.replace("%1", room.name), self.tr("开考")
        )
        dialog.given.connect(
            lambda reason, _: self._give(
                roomtime.start_room(room.room_id, reason), self.tr("已下达开考")
            )
        )

    # ---- suspending and resuming ----

    def _ask_stop(self) -> None:
        room = self._room()
        if room is not None:
            self._stop(room.room_id, room.name)

    def _ask_stop_all(self) -> None:
        self._stop("", self.tr("全考点"))

    def _stop(self, room_id: str, where: str) -> None:
        text = self.tr("%1：考试机立即隐藏试题、锁定输入，剩余时间停止计时，直至恢复。")
        dialog = ask_reason(
            self, self.tr("暂停考试"), text.replace("%1", where), self.tr("立即暂停")
        )
        dialog.given.connect(
            lambda reason, _: self._give(roomtime.suspend_time(room_id, reason), self.tr("已暂停"))
        )

    def _ask_resume(self) -> None:
        room, state = self._room(), self.state
        if room is None or state is None or state.view is None:
            return
        standing = [
            each.room
            for each in state.view.rooms.values()
            if room_time(each.room, state.now_ms) is RoomTime.SUSPENDED
        ]
        text = self.tr("已暂停的考场（%1）将在稍后的同一时刻恢复，剩余时间与暂停时相同。")
        text = text.replace("%1", self.tr("、").join(each.name for each in standing))
        dialog = ask_reason(self, self.tr("恢复考试"), text, self.tr("恢复考试"))
        dialog.given.connect(
            lambda reason, _: self._give(roomtime.resume_time("", reason), self.tr("已下达恢复"))
        )

    # ---- extending ----

    def _fields(self, room: RoomView) -> tuple[ExtensionFields, list[tuple[str, QWidget]]]:
        fields = ExtensionFields()
        fields.scope.addItem(self.tr("本考场：%1").replace("%1", room.name), room.room_id)
        fields.scope.addItem(self.tr("全考点"), "")
        return fields, [
            (self.tr("范围"), fields.scope),
            (self.tr("顺延分钟数"), fields.minutes),
            (self.tr("事由（必填，将记入台账）"), fields.reason),
        ]

    def _ask_extend(self) -> None:
        room, state = self._room(), self.state
        if room is None or state is None:
            return
        fields, rows = self._fields(room)
        dialog = ApprovalDialog(
            self,
            self.tr("顺延"),
            self.tr("须经部考试中心同意（规程第三十二条）。考试时间只能延长，不能缩短。"),
            self.tr("执行顺延"),
            state.now_ms,
            rows,
            fields.complete,
        )
        fields.reason.textChanged.connect(dialog.typed)
        dialog.given.connect(lambda approval: self._extend(fields, approval))
        _open(dialog)

    def _extend(self, fields: ExtensionFields, approval: Approval) -> None:
        order = roomtime.extend_time(
            fields.room_id, fields.minutes.value(), fields.reason.text(), approval
        )
        self._give(order, self.tr("已顺延"))

    def _ask_offline(self) -> None:
        room, state = self._room(), self.state
        if room is None or state is None:
            return
        fields, rows = self._fields(room)
        what = self.tr(
            "无法取得部考试中心书面批准时，由两人共同执行，并标记“待确认”；确认之前不能密封。"
        )
        dialog = ask_second(self, self.texts, Action.EXTEND_TIME_OFFLINE, state.person, what, rows)
        dialog.signed.connect(lambda second: self._extend_offline(fields, second))

    def _extend_offline(self, fields: ExtensionFields, second: Second) -> None:
        order = roomtime.extend_offline(
            fields.room_id, fields.minutes.value(), fields.reason.text(), second
        )
        self._give(order, self.tr("已顺延，待确认"))

    def _ask_pending(self) -> None:
        self.order(GetRoomTimes(0), self._pending_told)

    def _pending_told(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            told = read_result(answer, RoomTimesTold)
        except ResultError as error:
            self.outcome.warn(self.tr("顺延"), str(error))
            return
        pending = [each for each in told.extensions if each.confirmed_at_ms is None]
        if not pending or self.state is None:
            self.outcome.good(self.tr("没有待确认的顺延"))
            return
        which = QComboBox()
        for each in pending:
            text = self.tr("第 %1 号：%2 %3 分钟　%4").replace("%1", str(each.extension_id))
            text = text.replace("%2", each.room_id or self.tr("全考点"))
            text = text.replace("%3", str(each.length_ms // 60_000)).replace("%4", each.reason)
            which.addItem(text, each.extension_id)
        dialog = ApprovalDialog(
            self,
            self.tr("确认顺延"),
            self.tr("录入部考试中心的批准，解除“待确认”。"),
            self.tr("确认"),
            self.state.now_ms,
            [(self.tr("待确认的顺延"), which)],
        )
        dialog.given.connect(
            lambda approval: self._give(
                roomtime.confirm_extension(int(which.currentData()), approval),
                self.tr("顺延已确认"),
            )
        )
        _open(dialog)

    # ---- answers ----

    def _give(self, order: Order, done: str) -> None:
        self.outcome.waiting()
        self.order(order, lambda answer: self._answered(answer, done))

    def _answered(self, answer: Answer, done: str) -> None:
        if isinstance(answer, Done):
            self.outcome.good(done)
        else:
            self.outcome.trouble(answer)


def _open(dialog: ApprovalDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
