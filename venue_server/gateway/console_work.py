"""A console's orders, one after the other, while its line is still read.

An order may take minutes: a paper is fetched, a medium is slow. If nobody read the line meanwhile,
pings would go unanswered and both sides would take the other for dead.
"""

import asyncio
from collections.abc import Awaitable, Callable

from venue_server.gateway.connection import Connection
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import RefusalCode

WAITING_LIMIT = 32


class ConsoleWork:
    """``carry_out`` handles one message. A context manager: leaving lets the order in hand finish,
    because people must be able to rely on what they ordered, and drops those behind it."""

    def __init__(
        self, connection: Connection, carry_out: Callable[[ConsoleMessage], Awaitable[None]]
    ) -> None:
        self._connection = connection
        self._carry_out = carry_out
        self._waiting: asyncio.Queue[ConsoleMessage | None] = asyncio.Queue()
        self._ending = False

    async def __aenter__(self) -> "ConsoleWork":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._ending = True
        self._waiting.put_nowait(None)
        try:
            await self._task
        except asyncio.CancelledError:
            self._task.cancel()  # the server is stopping and waits no longer
            raise

    def put(self, message: ConsoleMessage) -> None:
        """Queue a message; LAN-06 to whoever sends faster than anything can be done."""
        if self._waiting.qsize() >= WAITING_LIMIT:
            number = int(getattr(message, "n", 0))
            self._connection.send(Refused(number, RefusalCode.TOO_MANY))
            return
        self._waiting.put_nowait(message)

    async def _run(self) -> None:
        try:
            while (message := await self._waiting.get()) is not None and not self._ending:
                await self._carry_out(message)
        finally:
            # A bug in an order ends this console's line, as it does everywhere; nothing else.
            self._connection.cut()
