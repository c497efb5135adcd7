"""The room: seat map, what needs attention, one seat's details, and the room's orders."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSplitter,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.orders import Answer, Order, allow_login, confirm_exit, get_spares
from invigilator_app.actions.permissions import Action, in_room, may, may_move, on_seat
from invigilator_app.actions.results import ResultError, Spares, read_result
from invigilator_app.board.attention import attention
from invigilator_app.board.counts import room_counts
from invigilator_app.board.search import find_seats
from invigilator_app.board.start_code import start_code_shown
from invigilator_app.board.view import RoomBoard
from invigilator_app.screens.admission_dialog import AdmissionDialog
from invigilator_app.screens.attention_list import AttentionList
from invigilator_app.screens.confirm_dialog import ask
from invigilator_app.screens.copies_chip import CopiesChip
from invigilator_app.screens.credit_dialog import CreditDialog
from invigilator_app.screens.door_dialog import DoorDialog
from invigilator_app.screens.parts import Outcome, Page, button, label, scrolled
from invigilator_app.screens.roomtime_bar import RoomTimeBar
from invigilator_app.screens.seat_details import SeatDetails
from invigilator_app.screens.seat_map import SeatMap
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.swap_dialog import SwapDialog
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.admission_orders import GetDoorLog, LookUpCandidate
from venue_server.wire.console_views import Done, SeatView


class RoomPage(Page):
    """Shown to everyone; what may be ordered depends on role and state."""

    room_chosen = Signal(str)
    seat_found = Signal()  # the search jumped to a seat: bring this page up

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self._seat_no = ""
        self._room_ids: list[str] = []
        self.admission: AdmissionDialog | None = None
        self.door: DoorDialog | None = None
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.search = QLineEdit()  # stands in the navigation row: it searches all rooms
        self.search.setPlaceholderText(self.tr("查找：机位、准考证号、姓名"))
        self.search.setClearButtonEnabled(True)
        self.found = label(name="quiet", wrap=False)
        self.counts = QHBoxLayout()
        self.chips: dict[str, QLabel] = {}
        self.copies = CopiesChip()
        self.map = SeatMap(texts)
        self.attention = AttentionList(texts)
        self.details = SeatDetails(texts)
        self.start_code = label(name="startCode", wrap=False)
        self.start_code.hide()
        self.outcome = Outcome(texts)
        self.time = RoomTimeBar(texts, self.outcome)
        self.allow = button(self.tr("F5 允许登录"), self._ask_allow, kind="main", key="F5")
        self.admit = button(self.tr("F6 入场登记"), self._open_admission, kind="main", key="F6")
        self.book = button(self.tr("F10 考场登记"), self._open_book, key="F10")
        self.exit = button(self.tr("F7 确认离场"), self._ask_exit, key="F7")
        self.swap = button(self.tr("F11 换机…"), self._ask_swap, key="F11")
        self.credit = button(self.tr("F12 补时与特殊处理"), self._open_credit, key="F12")
        self.credit_dialog: CreditDialog | None = None
        self.more = button(self.tr("更多"), lambda: None)
        self.more.setMenu(self._rarer_orders())
        self._lay_out()
        self._connect()

    # ---- showing ----

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        if state.view is None or state.room is None:
            return
        self._show_tabs(state)
        self._show_room(state, state.room)
        self.time.refresh(state)

    def _show_tabs(self, state: ConsoleState) -> None:
        assert state.view is not None and state.room is not None
        ids = list(state.view.rooms)
        self.tabs.blockSignals(True)
        if ids != self._room_ids:
            while self.tabs.count():
                self.tabs.removeTab(0)
            for _ in ids:
                self.tabs.addTab("")
            self._room_ids = ids
        for at, (room_id, board) in enumerate(state.view.rooms.items()):
            matters = len(attention(board, state.now_ms))
            mark = f"  △{matters}" if matters else ""
            text = board.room.name + mark
            if self.tabs.tabText(at) != text:
                self.tabs.setTabText(at, text)
            if room_id == state.room.room.room_id:
                self.tabs.setCurrentIndex(at)
        self.tabs.blockSignals(False)

    def _show_room(self, state: ConsoleState, board: RoomBoard) -> None:
        self.map.set_room(board)
        self.attention.show_items(attention(board, state.now_ms))
        self._show_counts(board)
        code = start_code_shown(board)  # E04: told in the room, to those who stand in it
        self.start_code.setText(self.tr("考场启动码 %1").replace("%1", code))
        self.start_code.setVisible(bool(code))
        seat = self._seat(board)
        self.details.show_seat(seat, board.room)
        person, online = state.person, state.online
        self.open_button(self.allow, in_room(Action.ALLOW_LOGIN, person, board.room, online))
        self.open_button(self.admit, in_room(Action.ADMIT, person, board.room, online))
        self.open_button(self.book, in_room(Action.GET_DOOR_LOG, person, board.room, online))
        self.open_button(self.exit, on_seat(person, board.room, seat, online))
        self.open_button(self.swap, may_move(person, board.room, seat, online))
        if board.room.login_allowed:
            self.allow.setText(self.tr("✓ 已允许登录"))
        else:
            self.allow.setText(self.tr("F5 允许登录"))
        self.allow.setShortcut("F5")
        self.open_button(self.credit, may(Action.GET_CREDITS, person, online))
        if self.admission is not None:
            self.admission.set_board(board)
        if self.door is not None:
            self.door.show_state(state)
        if self.credit_dialog is not None:
            self.credit_dialog.show_state(state)

    def _show_counts(self, board: RoomBoard) -> None:
        counts = room_counts(board)
        risk = counts.at_risk
        texts = {
            "scheduled": self.tr("应考 %1").replace("%1", str(counts.scheduled)),
            "present": self.tr("实考 %1").replace("%1", str(counts.present)),
            "absent": self.tr("缺考 %1").replace("%1", str(counts.absent)),
            "admitted": self.tr("入场 %1").replace("%1", str(counts.admitted)),
            "submitted": self.tr("交卷 %1").replace("%1", str(counts.submitted)),
            "risk": ("△ " if risk else "✓ ") + self.tr("未同步 %1").replace("%1", str(risk)),
        }
        for name, text in texts.items():
            if name not in self.chips:
                chip = label(name="chip", wrap=False)
                self.chips[name] = chip
                self.counts.addWidget(chip)
            self.chips[name].setText(text)
        self.counts.addWidget(self.copies)  # after the others
        self.copies.show_counts(counts)
        restyle(self.chips["risk"], "tone", "bad" if risk else "good")
        tone = "bad" if counts.problems else ""
        restyle(self.chips["scheduled"], "tone", tone)
        problems = "；".join(self.texts.count_problem(each) for each in counts.problems)
        self.chips["scheduled"].setToolTip(problems)
        if problems:
            self.chips["scheduled"].setText("✕ " + texts["scheduled"])

    def _seat(self, board: RoomBoard) -> SeatView | None:
        return board.seats.get(self._seat_no)

    # ---- choosing ----

    def choose_seat(self, seat_no: str) -> None:
        if seat_no != self._seat_no:
            self.outcome.clear()
        self._seat_no = seat_no
        if self.state is not None and self.state.room is not None:
            self._show_room(self.state, self.state.room)

    def jump(self, seat_no: str) -> None:
        """Go to a seat on the map, with the keyboard focus."""
        self.map.choose(seat_no)
        self.map.setFocus()

    def _find(self) -> None:
        if self.state is None or self.state.view is None:
            return
        found = find_seats(self.state.view, self.search.text())
        if not found:
            self.found.setText(self.tr("✕ 未找到") if self.search.text().strip() else "")
            return
        self.found.setText(self.tr("找到 %1 个").replace("%1", str(len(found))))
        room_id, seat_no = found[0]
        self.seat_found.emit()
        self.room_chosen.emit(room_id)
        self.jump(seat_no)

    def _tab_changed(self, at: int) -> None:
        if 0 <= at < len(self._room_ids):
            self._seat_no = ""
            self.room_chosen.emit(self._room_ids[at])

    # ---- ordering ----

    def _ask_allow(self) -> None:
        if self.state is None or self.state.room is None or not self.allow.isEnabled():
            return
        room = self.state.room.room
        text = self.tr("%1：已入场 %2 人，应考 %3 人。允许后应试人员即可登录，不能撤回。")
        for mark, value in (("%1", room.name), ("%2", room.admitted), ("%3", room.scheduled)):
            text = text.replace(mark, str(value))
        dialog = ask(self, self.tr("允许登录"), text, self.tr("允许登录"))
        dialog.agreed.connect(lambda: self.order(allow_login(room.room_id), self._allowed))

    def _allowed(self, answer: Answer) -> None:
        self._report(answer, self.tr("已允许登录"))

    def _open_admission(self) -> None:
        state = self.state
        if state is None or state.room is None or not self.admit.isEnabled():
            return
        assert state.view is not None, "a room is shown of a board"
        venue = state.view.venue.printed_name
        dialog = AdmissionDialog(self, self.texts, state.room, self._now_ms, state.person, venue)
        dialog.submitted.connect(lambda order: self.order(order, dialog.answered))
        dialog.asked.connect(
            lambda order: self.order(order, lambda answer: self._looked_up(order, answer))
        )
        dialog.finished.connect(self._close_admission)
        self.admission = dialog
        dialog.open()
        dialog.ticket.setFocus()

    def _looked_up(self, order: LookUpCandidate, answer: Answer) -> None:
        """The dialog may be gone when the answer comes."""
        if self.admission is not None:
            self.admission.looked_up(order, answer)

    def _open_credit(self) -> None:
        """The chosen seat's time and exceptions; without one, every proposal."""
        if self.state is None or self.state.room is None or not self.credit.isEnabled():
            return
        dialog = CreditDialog(self, self.texts, self.state, self._seat_no)
        dialog.ordered.connect(self.order)
        dialog.finished.connect(self._close_credit)
        dialog.finished.connect(dialog.deleteLater)
        self.credit_dialog = dialog
        dialog.ask_again()
        dialog.open()

    def _close_credit(self) -> None:
        self.credit_dialog = None

    def _close_admission(self) -> None:
        """The dialog sees to its own end."""
        self.admission = None

    def _open_book(self) -> None:
        state = self.state
        if state is None or state.room is None or not self.book.isEnabled():
            return
        dialog = DoorDialog(self, self.texts, state)
        dialog.ordered.connect(self._place_at_door)
        dialog.finished.connect(self._close_book)
        self.door = dialog
        dialog.open()
        dialog.load()

    def _place_at_door(self, order: Order) -> None:
        """The dialog may be gone when the answer comes: then nobody waits for it."""
        dialog = self.door

        def reply(answer: Answer) -> None:
            if dialog is None or self.door is not dialog:
                return
            if isinstance(order, GetDoorLog):
                dialog.loaded(answer)
            else:
                dialog.answered(order, answer)

        self.order(order, reply)

    def _close_book(self) -> None:
        if self.door is not None:
            self.door.deleteLater()
        self.door = None

    def _now_ms(self) -> int:
        return self.state.now_ms if self.state is not None else 0

    def _ask_exit(self) -> None:
        state = self.state
        seat = self._seat(state.room) if state is not None and state.room is not None else None
        if state is None or state.room is None or seat is None or not self.exit.isEnabled():
            return
        room_id, sitting_id = state.room.room.room_id, seat.sitting_id
        text = self.tr("机位 %1　%2 已交卷并经服务器确认。同意其离场？")
        text = text.replace("%1", seat.seat_no).replace("%2", seat.name)
        dialog = ask(self, self.tr("确认离场"), text, self.tr("同意离场"))
        dialog.agreed.connect(
            lambda: self.order(confirm_exit(room_id, sitting_id), self._exit_answered)
        )

    def _exit_answered(self, answer: Answer) -> None:
        self._report(answer, self.tr("已确认离场"))

    def _ask_swap(self) -> None:
        """First the spares of the room, then the two people (F12)."""
        state = self.state
        seat = self._seat(state.room) if state is not None and state.room is not None else None
        if state is None or state.room is None or seat is None or not self.swap.isEnabled():
            return
        room_id = state.room.room.room_id
        order = get_spares(room_id, seat.sitting_id)
        self.order(order, lambda answer: self._open_swap(answer, room_id, seat))

    def _open_swap(self, answer: Answer, room_id: str, seat: SeatView) -> None:
        if not isinstance(answer, Done) or self.state is None:
            self.outcome.trouble(answer)
            return
        try:
            spares = read_result(answer, Spares).spares
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        dialog = SwapDialog(self, self.texts, self.state.person, seat, spares)
        dialog.finished.connect(dialog.deleteLater)
        dialog.signed.connect(
            lambda second: self.order(dialog.order(room_id, seat.sitting_id, second), self._swapped)
        )
        dialog.open()

    def _swapped(self, answer: Answer) -> None:
        self._report(answer, self.tr("已换机，请应试人员在备用机登录"))

    def _report(self, answer: Answer, done: str) -> None:
        if isinstance(answer, Done):
            self.outcome.good(done)
        else:
            self.outcome.trouble(answer)

    # ---- layout ----

    def _rarer_orders(self) -> QMenu:
        """Orders whose buttons stand below a seat's details, where a small screen may hide them."""
        menu = QMenu(self)

        def fill() -> None:
            menu.clear()
            for each in (self.swap, self.credit, self.book):
                menu.addAction(each.text(), each.click).setEnabled(each.isEnabled())

        menu.aboutToShow.connect(fill)
        return menu

    def _lay_out(self) -> None:
        self.search.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 14))
        top = QHBoxLayout()
        top.addWidget(self.tabs, 1)
        top.addLayout(self.counts)
        orders = QHBoxLayout()
        for each in (self.admit, self.allow, self.exit, self.more):
            orders.addWidget(each)
        orders.addStretch(1)
        orders.addWidget(self.time)
        seat = QWidget()  # what is known of a seat, and what is done about it more rarely
        about = QVBoxLayout(seat)
        about.setContentsMargins(0, 0, 0, 0)
        for part in (self.details, self.swap, self.credit, self.book):
            about.addWidget(part)
        about.addStretch(1)
        side = QSplitter(Qt.Orientation.Vertical)
        side.setChildrenCollapsible(False)
        side.setContentsMargins(6, 0, 0, 0)
        side.addWidget(self.attention)
        side.addWidget(scrolled(seat))
        side.setSizes([400, 300])
        side.setStretchFactor(0, 4)
        side.setStretchFactor(1, 3)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.map)
        self.split.addWidget(side)
        self.split.setStretchFactor(0, 5)
        self.split.setStretchFactor(1, 2)
        page = QVBoxLayout(self)
        page.setContentsMargins(10, 8, 10, 6)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(self.start_code)
        page.addWidget(self.split, 1)
        page.addWidget(self.outcome)
        page.addLayout(orders)

    def _connect(self) -> None:
        self.time.ordered.connect(self.ordered)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.search.returnPressed.connect(self._find)
        self.map.chosen.connect(self.choose_seat)
        self.map.opened.connect(lambda _: self._ask_exit())
        self.attention.seat_wanted.connect(self.jump)
