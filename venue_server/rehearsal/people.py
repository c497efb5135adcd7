"""The staff of a rehearsal: real consoles over the real protocol, acting by script.

When the server is gone a person waits until it is back, signs in again and gives the order again,
as a person at a console would.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from venue_server.client.console import BoardState, ConsoleClient, ConsoleHandler
from venue_server.client.endpoint import Endpoint
from venue_server.client.link_state import Down, LinkError
from venue_server.rehearsal.cast import Person
from venue_server.wire.frames import Message, Second
from venue_server.wire.refusals import Refusal, RefusalCode

VERSION = "rehearsal"
BACK_S = 600.0
ORDER_S = 120.0
LOOK_S = 1.0
Result = dict[str, object]

DONE_BEFORE = frozenset(
    {
        RefusalCode.ALREADY_ADMITTED,
        RefusalCode.RELEASE_DONE,
        RefusalCode.SESSION_WRONG_STATE,
        RefusalCode.SITTING_WRONG_STATE,
        RefusalCode.SEAT_TAKEN,
    }
)
"""Answers that mean, to an order given again after a lost connection, that it was carried out."""


class OrderRefusedError(Exception):
    """An order was refused that the script needs."""

    def __init__(self, order: str, refusal: Refusal) -> None:
        super().__init__(f"{order}: {refusal.text('zh')} / {refusal.text('en')}")
        self.refusal = refusal


class Actor(ConsoleHandler):
    """One person at one console."""

    def __init__(self, person: Person, endpoint: Endpoint) -> None:
        self.person = person
        self._up = asyncio.Event()
        self._seen = asyncio.Event()
        self.client = ConsoleClient(endpoint, self, VERSION)
        self._task = asyncio.create_task(self.client.run())

    def on_up(self) -> None:
        """The console is connected."""
        self._up.set()

    def on_down(self, down: Down) -> None:
        """The console lost the server."""
        self._up.clear()

    def on_board(self, board: BoardState) -> None:
        """The board changed."""
        self._seen.set()

    async def watch(self, fits: Callable[[BoardState], bool], timeout_s: float) -> None:
        """Wait until the board fits, signing in again when needed. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while True:
                if self.client.signed_in is None:
                    with suppress(LinkError):
                        await self.sign_in()
                    continue
                if self.client.board.current and fits(self.client.board):
                    return
                self._seen.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._seen.wait(), LOOK_S)

    async def leave(self) -> None:
        """Close the console."""
        await self.client.close()
        await self._task

    async def sign_in(self) -> None:
        """Sign in, waiting for the server as long as it takes. Raises OrderRefusedError."""
        async with asyncio.timeout(BACK_S):
            await self._up.wait()
        signed = await self.client.sign_in(self.person.person_id, self.person.password)
        if isinstance(signed, Refusal):
            raise OrderRefusedError("SignIn", signed)

    async def open_account(self, code: str) -> None:
        """Set one's own password with the code two people printed. Raises OrderRefusedError."""
        async with asyncio.timeout(BACK_S):
            await self._up.wait()
        me = self.person
        done = await self.client.change_password(me.person_id, code, me.password)
        if isinstance(done, Refusal):
            raise OrderRefusedError("ChangePassword", done)

    def second(self) -> Second:
        """This person as the second one of somebody's order."""
        return Second(self.person.person_id, self.person.password)

    async def attempt(self, message: Message) -> Result | Refusal:
        """Give an order until it is answered."""
        again = False
        while True:
            try:
                if self.client.signed_in is None:
                    await self.sign_in()
                done = await self.client.order(message, ORDER_S)
            except LinkError:
                again = True
                continue
            if isinstance(done, Refusal):
                if done.code is RefusalCode.NOT_SIGNED_IN:
                    self.client.signed_in = None
                    continue
                return {} if again and done.code in DONE_BEFORE else done
            return dict(done.result)

    async def order(self, message: Message) -> Result:
        """An order the script needs. Raises OrderRefusedError."""
        done = await self.attempt(message)
        if isinstance(done, Refusal):
            raise OrderRefusedError(type(message).__name__, done)
        return done
