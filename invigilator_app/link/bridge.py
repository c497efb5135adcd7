"""The one bridge between the line's loop and the Qt thread.

Board messages may come hundreds of times a second; they are queued on the loop's thread, folded in
one go on the GUI thread at most every ``GATHER_MS``, and announced once.
"""

from collections import deque
from concurrent.futures import CancelledError, Future
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from invigilator_app.actions.orders import Answer, NoAnswer, Order
from invigilator_app.board.view import BoardMessage, BoardView, fold
from invigilator_app.link.loop_thread import LoopThread
from invigilator_app.link.port import ConsolePort, Line
from venue_server.wire.console_views import ConsoleWelcome, SignedIn

GATHER_MS = 100


class Bridge(QObject):
    """Signals arrive on the GUI thread. ``answered`` carries the ticket that ``place`` gave."""

    line_changed = Signal(object)  # Line
    welcomed = Signal(object)  # ConsoleWelcome
    signed_in = Signal(object)  # SignedIn | Refused | None
    password_set = Signal(object)  # Done | Refused | None
    duty_changed = Signal(object)  # SignedIn
    board_changed = Signal(object)  # BoardView
    answered = Signal(int, object)  # ticket, Answer
    failed = Signal(str)  # a bug on the loop's thread: shown, then the program ends

    _woken = Signal()

    def __init__(self, port: ConsolePort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port = port
        self._thread = LoopThread()
        self._queue: deque[BoardMessage] = deque()
        self._tickets = count(1)
        self._view: BoardView | None = None
        self._pending: set[Future[Any]] = set()
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self._fold_queue)
        self._woken.connect(self._wake)

    def start(self) -> None:
        self._thread.start()
        self._watch(self._thread.submit(self._port.run(self)))

    def stop(self) -> None:
        self._gather.stop()
        self._thread.stop()

    def now_ms(self) -> int | None:
        """Exam time now; None while unknown."""
        return self._port.now_ms()

    def sign_in(self, person_id: str, password: str, totp: str = "") -> None:
        async def work() -> None:
            self.signed_in.emit(await self._port.sign_in(person_id, password, totp))

        self._watch(self._thread.submit(work()))

    def change_password(self, person_id: str, present: str, password: str, totp: str) -> None:
        """Set one's own password; ``password_set`` tells how it ended."""

        async def work() -> None:
            done = await self._port.change_password(person_id, present, password, totp)
            self.password_set.emit(done)

        self._watch(self._thread.submit(work()))

    def sign_out(self) -> None:
        """Forget the board at once; the server forgets the person."""
        self._queue.clear()
        self._view = None
        self._watch(self._thread.submit(self._port.sign_out()))

    def place(self, order: Order) -> int:
        """Send an order; its answer comes as ``answered`` with the returned ticket."""
        ticket = next(self._tickets)

        async def work() -> None:
            answer: Answer = NoAnswer()
            try:
                answer = await self._port.order(order)
            finally:
                self.answered.emit(ticket, answer)

        self._watch(self._thread.submit(work()))
        return ticket

    # ---- called on the loop's thread ----

    def line(self, line: Line) -> None:
        self.line_changed.emit(line)

    def welcome(self, welcome: ConsoleWelcome) -> None:
        self.welcomed.emit(welcome)

    def duty(self, person: SignedIn) -> None:
        self.duty_changed.emit(person)

    def board(self, message: BoardMessage) -> None:
        self._queue.append(message)
        if len(self._queue) == 1:
            self._woken.emit()

    # ---- on the GUI thread ----

    @Slot()
    def _wake(self) -> None:
        if not self._gather.isActive():
            self._gather.start()

    @Slot()
    def _fold_queue(self) -> None:
        before = self._view
        while self._queue:
            self._view = fold(self._view, self._queue.popleft())
        if self._view is not None and self._view is not before:
            self.board_changed.emit(self._view)

    def _watch(self, future: "Future[Any]") -> None:
        """Hold on to running work: the loop itself keeps only weak references to its tasks."""
        self._pending.add(future)
        future.add_done_callback(self._report)

    def _report(self, future: "Future[Any]") -> None:
        """A bug in the line must not die in silence."""
        self._pending.discard(future)
        if future.cancelled():
            return
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is not None:
            self.failed.emit(f"{type(error).__name__}: {error}")
