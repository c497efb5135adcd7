"""The chief at a console beside failing disks: what a person sees, and after how long (R3)."""

import asyncio
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack, redirect_stdout, suppress
from pathlib import Path

from venue_server import __main__ as command_line
from venue_server.client.console import BoardState, ConsoleClient, ConsoleHandler
from venue_server.client.endpoint import UnixEndpoint
from venue_server.client.link_state import LinkError
from venue_server.wire.alarms import AlarmCode

CHIEF, PASSWORD = "chief-1", "a long password of the chief"
SEEN_S = 60.0
AGAIN_S = 0.5  # a sign-in belongs to one connection, and a busy machine loses one
PRIMARY = frozenset(
    {
        AlarmCode.PRIMARY_FAILING,
        AlarmCode.PRIMARY_HANGS,
        AlarmCode.PRIMARY_ELSEWHERE,
        AlarmCode.PRIMARY_NOT_TAKEN,
        AlarmCode.PRIMARY_READS_HANG,
    }
)
SECOND = frozenset({AlarmCode.SECOND_FAILING, AlarmCode.SECOND_HANGS, AlarmCode.SECOND_MISSING})
SLOW = frozenset({AlarmCode.DISK_SLOW})


def add_chief(data: Path) -> None:
    """An account for the chief, while no server runs."""
    person = {
        "person_id": CHIEF,
        "name": "主考",
        "roles": ["CHIEF"],
        "rooms": [],
        "password": PASSWORD,
    }
    typed, sys.stdin = sys.stdin, io.StringIO(json.dumps(person) + "\n")
    try:
        with redirect_stdout(io.StringIO()):
            words = ["staff", "add", "--data", str(data), "--from-stdin"]
            assert command_line.main(words) == 0
    finally:
        sys.stdin = typed


class Chief(ConsoleHandler):
    """Signed in over the control socket; ``alarms`` are those of the board as last told."""

    def __init__(self, socket: Path) -> None:
        self._news = asyncio.Event()
        self._client = ConsoleClient(UnixEndpoint(socket), self, "benchmark")

    async def sign_in(self, stack: AsyncExitStack) -> None:
        """Connect and sign in; ends with the stack."""
        task = asyncio.create_task(self._client.run())

        async def leave() -> None:
            await self._client.close()
            await task

        stack.push_async_callback(leave)
        await self._until(lambda: self._client.board.current, "a board")

    @property
    def alarms(self) -> set[AlarmCode]:
        """The alarms on the screen now."""
        venue = self._client.board.venue
        return {each.code for each in venue.alarms} if venue else set()

    def on_up(self) -> None:
        self._news.set()

    def on_board(self, board: BoardState) -> None:
        del board
        self._news.set()

    async def seen(self, codes: Iterable[AlarmCode], since: float) -> float:
        """Seconds from ``since`` (steady) until one of the alarms is on the screen."""
        await self._until(lambda: not self.alarms.isdisjoint(codes), f"one of {set(codes)}")
        return time.monotonic() - since

    async def over(self, codes: Iterable[AlarmCode]) -> None:
        """None of them is there any more."""
        await self._until(lambda: self.alarms.isdisjoint(codes), f"the end of {set(codes)}")

    async def _until(self, ready: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(SEEN_S):
                while not (self._client.signed_in and self._client.board.current and ready()):
                    self._news.clear()
                    if self._client.link.up and self._client.signed_in is None:
                        with suppress(LinkError):
                            await self._client.sign_in(CHIEF, PASSWORD)  # refused: once more
                    with suppress(TimeoutError):
                        async with asyncio.timeout(AGAIN_S):
                            await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{what} did not come, there is {sorted(self.alarms)}") from None
