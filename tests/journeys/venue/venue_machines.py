"""Machines and people of a venue in a test: stations, consoles, their ears, a chain of answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from venue_server.client.console import BoardState, ConsoleClient, ConsoleHandler
from venue_server.client.identity import MachineIdentity
from venue_server.client.link import LinkHandler
from venue_server.client.link_state import Down, LinkState
from venue_server.client.station import StationClient
from venue_server.sitting.plan import Candidate
from venue_server.wire.canonical import unb64
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.console_views import Done
from venue_server.wire.form_key import unwrap_form_key, wrapping_info
from venue_server.wire.frames import Message
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import (
    FormKey,
    LoggedIn,
    PaperOffer,
    Save,
    SaveAck,
    SittingView,
    StationHello,
    Welcome,
    WrappingKey,
)

PATIENCE_S = 60.0
M = TypeVar("M", bound=Message)


class Heard(LinkHandler[Any]):
    """Everything a machine was told, in order, and waiting for it without polling."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.up = asyncio.Event()
        self.downs: list[Down] = []
        self._news = asyncio.Event()

    def on_up(self) -> None:
        self.up.set()

    def on_message(self, message: Any) -> None:
        self.messages.append(message)
        self._news.set()

    def on_down(self, down: Down) -> None:
        self.downs.append(down)
        self.up.clear()
        self._news.set()

    def on_state(self, state: LinkState, down: Down | None) -> None:
        self._news.set()

    def all(self, kind: type[M]) -> list[M]:
        """Every message of a kind so far."""
        return [each for each in self.messages if isinstance(each, kind)]

    async def until(self, fits: Callable[[], bool], what: str = "") -> None:
        """Wait until a condition over what was heard holds."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not fits():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            kinds = [type(each).__name__ for each in self.messages[-12:]]
            raise AssertionError(f"{what or 'it'} did not come; heard last: {kinds}") from None

    async def next(
        self, kind: type[M], after: int = 0, fits: Callable[[M], bool] = lambda _m: True
    ) -> M:
        """The first fitting message of a kind, among those after the first ``after`` messages."""

        def found() -> list[M]:
            late = self.messages[after:]
            return [each for each in late if isinstance(each, kind) and fits(each)]

        await self.until(lambda: bool(found()), kind.__name__)
        return found()[0]


class ConsoleHeard(Heard, ConsoleHandler):
    """A console's ear."""

    def on_board(self, board: BoardState) -> None:
        self._news.set()


@dataclass
class Console:
    """A person at a console."""

    client: ConsoleClient
    heard: ConsoleHeard
    task: "asyncio.Task[None]"

    async def order(self, message: Message) -> dict[str, Any]:
        """An order that must be carried out; its result."""
        done = await self.client.order(message)
        assert isinstance(done, Done), done
        return dict(done.result)

    async def refused(self, message: Message) -> RefusalCode:
        """An order that must be refused; its code."""
        done = await self.client.order(message)
        assert isinstance(done, Refusal), done
        return done.code

    async def board(self, fits: Callable[[BoardState], bool], what: str = "the board") -> None:
        """Wait until the board shows something."""
        board = self.client.board

        def shows() -> bool:
            try:
                return board.current and fits(board)
            except KeyError:
                return False  # a seat that comes with its machine is not on the board yet

        await self.heard.until(shows, what)


class Chain:
    """The answers of one sitting, as its station would make them."""

    def __init__(self, sitting_id: str) -> None:
        self.sitting_id = sitting_id
        self.entries: list[ResponseEntry] = []

    @property
    def head(self) -> str:
        return self.entries[-1].hash if self.entries else genesis(self.sitting_id)

    def add(
        self, at_ms: int, text: str = "", kind: str = "response", item: str = "Q01"
    ) -> ResponseEntry:
        """Make and keep the next entry."""
        values = {"RESPONSE": [text]} if kind == "response" else {}
        item = item if kind == "response" else ""
        seq = len(self.entries) + 1
        entry = ResponseEntry(self.sitting_id, seq, kind, item, values, {}, at_ms, self.head)
        self.entries.append(seal_entry(entry))
        return self.entries[-1]


@dataclass
class Station:
    """A machine at a seat that speaks the raw protocol through the client library."""

    identity: MachineIdentity
    client: StationClient
    heard: Heard
    task: "asyncio.Task[None]"
    folder: Path
    room_id: str
    seat_no: str
    candidate: Candidate
    hello: StationHello = field(default_factory=lambda: StationHello(1, "test"))
    sitting: SittingView | None = None

    @property
    def machine_id(self) -> str:
        return self.identity.machine_id

    async def welcome(self) -> Welcome:
        return await self.heard.next(Welcome)

    async def lost(self) -> None:
        """Wait until the connection is gone."""
        await self.heard.until(lambda: not self.heard.up.is_set(), "the end of the connection")

    async def fetch(self) -> Path:
        """Fetch and verify the offered ciphertext and say so."""
        offer = await self.heard.next(PaperOffer)
        target = self.folder / "ciphertext"
        done = await self.client.fetch_ciphertext(offer, target)
        assert isinstance(done, Path), done
        self.hello = msgspec.structs.replace(self.hello, have_paper=offer.sha256)
        assert self.client.paper_ready(offer)
        return done

    async def content_key(self, after: int = 0) -> bytes:
        """Open the wrapping key and the form key that came after the first ``after`` messages."""
        wrapping = await self.heard.next(WrappingKey, after)
        form = await self.heard.next(FormKey, after)
        info = wrapping_info(wrapping.paper_id, wrapping.form_id, self.machine_id)
        key = self.identity.hpke().open(unb64(wrapping.sealed), info)
        return unwrap_form_key(key, unb64(form.wrapped), form.paper_id, form.form_id)

    async def log_in(self) -> LoggedIn | Refusal:
        done = await self.client.log_in(self.candidate.ticket_no, self.candidate.id_number)
        if isinstance(done, LoggedIn):
            self.sitting = done.sitting
        return done

    @property
    def sitting_id(self) -> str:
        assert self.sitting is not None
        return self.sitting.sitting_id

    async def seated(self) -> None:
        """Log in, confirm, read the rules."""
        assert isinstance(await self.log_in(), LoggedIn)
        assert isinstance(await self.client.confirm_identity(self.sitting_id), LoggedIn)
        done = await self.client.acknowledge_rules(self.sitting_id, "1")
        assert isinstance(done, LoggedIn), done
        assert done.sitting.state is SittingState.RULES_ACK

    async def save(self, *entries: ResponseEntry) -> SaveAck:
        """Save and wait for the acknowledgement."""
        before = len(self.heard.messages)
        assert self.client.link.send(Save(self.sitting_id, list(entries)))
        return await self.heard.next(SaveAck, before)

    async def close(self) -> None:
        await self.client.close()
        await self.task


async def patiently(work: Awaitable[Any]) -> Any:
    """Await with a bound that says what hangs instead of the whole test's time-out."""
    async with asyncio.timeout(PATIENCE_S):
        return await work


async def leave(console: Console) -> None:
    """Close a console."""
    await console.client.close()
    await console.task
