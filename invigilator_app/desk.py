"""The desk: between the bridge and the window. Keeps who is on duty, which room is chosen, and
which answer goes to whom; everything shown is one ConsoleState made here."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from invigilator_app.actions.orders import Answer, Order
from invigilator_app.board.view import BoardView
from invigilator_app.link.bridge import Bridge
from invigilator_app.link.port import Line, LinePhase
from invigilator_app.screens.sign_in_page import SignInForm
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.window import ConsoleWindow
from venue_server.wire.console_views import SignedIn

_CLOCK_MS = 250
_PAGE_TICKS = 4  # pages whose lists depend on time are drawn again once a second


class Desk(QObject):
    """Wires one bridge to one window."""

    def __init__(self, bridge: Bridge, window: ConsoleWindow) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._person: SignedIn | None = None
        self._view: BoardView | None = None
        self._line = Line(LinePhase.STARTING)
        self._room_id = ""
        self._seen_ms = 0
        self._ticks = 0
        self._asking: SignInForm = window.sign_in.form
        self._replies: dict[int, Callable[[Answer], None]] = {}
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(_CLOCK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _connect(self) -> None:
        bridge, window = self._bridge, self._window
        bridge.line_changed.connect(self._line_changed)
        bridge.welcomed.connect(window.sign_in.show_welcome)
        bridge.signed_in.connect(self._signed_in)
        bridge.password_set.connect(self._password_set)
        bridge.duty_changed.connect(self._duty_changed)
        bridge.board_changed.connect(self._board_changed)
        bridge.answered.connect(self._answered)
        bridge.failed.connect(self._failed)
        window.sign_in.form.submitted.connect(self._sign_in)
        window.sign_in.form.renewed.connect(self._renew)
        duty = window.duty
        duty.footer.sign_out_wanted.connect(self._sign_out)
        duty.rooms.room_chosen.connect(self._choose_room)
        duty.ceremony.code.sign_in_wanted.connect(self._sign_in_second)
        duty.personal.ordered.connect(self._place)
        for page in duty.pages:
            page.ordered.connect(self._place)

    # ---- who ----

    def _sign_in(self, person_id: str, password: str, totp: str) -> None:
        self._asking = self._window.sign_in.form
        self._bridge.sign_in(person_id, password, totp)

    def _sign_in_second(self, person_id: str, password: str, totp: str) -> None:
        """The second custodian takes over this console to enter their share."""
        self._asking = self._window.duty.ceremony.code.sign_in
        self._bridge.sign_in(person_id, password, totp)

    def _renew(self, person_id: str, present: str, password: str, totp: str) -> None:
        """A first password, or another one: nobody is signed in by that."""
        self._asking = self._window.sign_in.form
        self._bridge.change_password(person_id, present, password, totp)

    def _password_set(self, answer: object) -> None:
        self._asking.renewal_answered(answer)

    def _duty_changed(self, person: SignedIn) -> None:
        """A drawn room, a delegated post: the buttons follow."""
        if self._person is not None and person.person_id == self._person.person_id:
            self._person = person
            self._show()

    def _signed_in(self, answer: object) -> None:
        self._asking.answered(answer)
        if isinstance(answer, SignedIn):
            self._person = answer
            self._view = None  # the server sends this person's own board next
            self._room_id = answer.rooms[0] if answer.rooms else self._room_id
            self._window.show_duty()
            self._show()

    def _sign_out(self) -> None:
        self._bridge.sign_out()
        self._leave()

    def _leave(self) -> None:
        """Nobody is on duty: nothing of the board stays on the screen."""
        self._person = self._view = None
        self._room_id = ""
        self._window.duty.open_page(self._window.duty.rooms)
        self._window.show_sign_in()
        self._window.sign_in.show_line(self._line)

    # ---- the line ----

    def _line_changed(self, line: Line) -> None:
        self._line = line
        self._window.sign_in.show_line(line)
        if self._person is None:
            return
        if line.phase is LinePhase.LOST:
            self._show()
        elif line.phase in (LinePhase.SIGN_IN, LinePhase.REFUSED):
            self._leave()  # a sign-in belongs to one connection

    def _failed(self, text: str) -> None:
        self._window.duty.alarms.setText("‼ " + self.tr("程序内部错误，请重新启动监考台：") + text)
        self._window.duty.alarms.show()
        self._window.sign_in.notice.setText(text)

    # ---- what is shown ----

    def _board_changed(self, view: BoardView) -> None:
        self._view = view
        self._seen_ms = self._bridge.now_ms() or self._seen_ms
        self._show()

    def _choose_room(self, room_id: str) -> None:
        self._room_id = room_id
        self._show()

    def _state(self) -> ConsoleState | None:
        if self._person is None:
            return None
        now = self._bridge.now_ms()
        online = self._line.phase is not LinePhase.LOST
        return ConsoleState(
            self._person,
            self._view,
            now or 0,
            now is not None,
            online,
            self._seen_ms,
            self._room_id,
        )

    def _show(self) -> None:
        state = self._state()
        if state is not None:
            self._window.duty.show_state(state)

    def _tick(self) -> None:
        self._ticks += 1
        state = self._state()
        if state is None:
            return
        if state.online:
            self._seen_ms = state.now_ms
        if self._ticks % _PAGE_TICKS:
            self._window.duty.show_clock(state)
        else:
            self._window.duty.show_state(state)

    # ---- orders ----

    def _place(self, order: Order, reply: Callable[[Answer], None]) -> None:
        self._replies[self._bridge.place(order)] = reply

    def _answered(self, ticket: int, answer: Answer) -> None:
        self._replies.pop(ticket)(answer)
