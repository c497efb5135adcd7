"""What the bridge needs of the line: one protocol, met by the real client and by test doubles."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from invigilator_app.actions.orders import Answer, Order
from invigilator_app.board.view import BoardMessage
from venue_server.wire.console_views import ConsoleWelcome, Done, SignedIn
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import Refusal


class LinePhase(StrEnum):
    """docs/states/console.md. SIGN_IN and ON_DUTY need an open line; a phase may be told again
    with another detail."""

    STARTING = "STARTING"
    ENROLLING = "ENROLLING"  # ``detail`` is the code to compare
    ENROL_REFUSED = "ENROL_REFUSED"
    CONNECTING = "CONNECTING"
    SIGN_IN = "SIGN_IN"
    ON_DUTY = "ON_DUTY"
    LOST = "LOST"  # the line broke while somebody was on duty: the last board stays, greyed
    REFUSED = "REFUSED"  # the server does not take this machine


TRANSITIONS: dict[LinePhase, frozenset[LinePhase]] = {
    LinePhase.STARTING: frozenset({LinePhase.ENROLLING, LinePhase.CONNECTING}),
    LinePhase.ENROLLING: frozenset({LinePhase.ENROL_REFUSED, LinePhase.CONNECTING}),
    LinePhase.ENROL_REFUSED: frozenset({LinePhase.ENROLLING}),
    LinePhase.CONNECTING: frozenset({LinePhase.SIGN_IN, LinePhase.REFUSED}),
    LinePhase.SIGN_IN: frozenset({LinePhase.ON_DUTY, LinePhase.CONNECTING, LinePhase.REFUSED}),
    LinePhase.ON_DUTY: frozenset({LinePhase.SIGN_IN, LinePhase.LOST, LinePhase.REFUSED}),
    LinePhase.LOST: frozenset({LinePhase.SIGN_IN, LinePhase.REFUSED}),
    LinePhase.REFUSED: frozenset({LinePhase.CONNECTING, LinePhase.SIGN_IN}),
}


@dataclass(frozen=True)
class Line:
    """``detail``: the enrolment code, or why the line is down, in the machine's words;
    ``refusal``: the server's no, where there is one."""

    phase: LinePhase
    detail: str = ""
    refusal: Refusal | None = None


class PortListener(Protocol):
    """Called on the loop's thread; must not block."""

    def line(self, line: Line) -> None: ...

    def welcome(self, welcome: ConsoleWelcome) -> None: ...

    def board(self, message: BoardMessage) -> None: ...

    def duty(self, person: SignedIn) -> None:
        """What the person on duty may do is other than before."""


class ConsolePort(Protocol):
    """The line itself. Lives on the bridge's loop; only ``now_ms`` is called from outside."""

    async def run(self, listener: PortListener) -> None:
        """Enrol if needed, connect, stay connected; returns or is cancelled at the end."""

    async def sign_in(
        self, person_id: str, password: str, totp: str = ""
    ) -> SignedIn | Refused | None:
        """None when no answer came."""

    async def change_password(
        self, person_id: str, present: str, password: str, totp: str = ""
    ) -> Done | Refused | None:
        """None when no answer came."""

    async def sign_out(self) -> None: ...

    async def order(self, order: Order) -> Answer: ...

    def now_ms(self) -> int | None:
        """Exam time now, None while the server's clock is unknown. Any thread."""


PortFactory = Callable[[], ConsolePort]
