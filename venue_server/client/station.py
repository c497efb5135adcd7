"""A station's side of the protocol: the link, the time and one method for each thing it may say."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from venue_server.client.clock import ExamClock
from venue_server.client.endpoint import Endpoint
from venue_server.client.fetch import Progress, fetch_ciphertext
from venue_server.client.link import Link, LinkHandler
from venue_server.client.link_state import Down, LinkState
from venue_server.client.time_sync import TimeSync
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.codec import decode_to_station
from venue_server.wire.messages import TimePong
from venue_server.wire.names import SubmitKind
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import (
    AcknowledgeRules,
    ConfirmIdentity,
    GetHistory,
    Heartbeat,
    History,
    LoggedIn,
    LogIn,
    PaperOffer,
    PaperOpened,
    PaperReady,
    Save,
    StationHello,
    Submit,
    SubmitReceipt,
    ToStation,
)
from venue_server.wire.wiping_orders import PaperWiped

PATH = "/station"
SAVE_FRAME_BYTES = 256 * 1024  # far below MAX_FRAME, so that one long essay does not break a frame
SAVE_FRAME_ENTRIES = 200  # the server takes at most 500 at a time

StationHandler = LinkHandler[ToStation]


class StationClient(LinkHandler[ToStation]):
    """A station on the wire. ``hello`` is asked anew at every connection, so that it tells the
    present truth; ``handler`` hears everything but the time.

    Methods that return bool are one-way (False: the link is not up, nothing was kept); the others
    wait for the server's answer and raise LinkError when there is none.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        handler: StationHandler,
        hello: Callable[[], StationHello],
        clock: ExamClock | None = None,
    ) -> None:
        self._handler = handler
        self._hello = hello
        self.clock = clock or ExamClock()
        self.link: Link[ToStation] = Link(endpoint, PATH, decode_to_station, self)
        self._sync = TimeSync(self.clock, self.link.send, self.link.number)

    async def run(self) -> None:
        """Keep connected until :meth:`close`."""
        await self.link.run()

    async def close(self) -> None:
        await self.link.close()

    # ---- what the station says ------------------------------------------------------------

    def paper_ready(self, offer: PaperOffer) -> bool:
        """The ciphertext of ``offer`` is here and verified."""
        seal = offer.seal
        return self.link.send(PaperReady(seal.paper_id, seal.form_id, offer.sha256))

    async def log_in(self, ticket_no: str, id_number: str) -> LoggedIn | Refusal:
        return await self.link.ask(LogIn(0, ticket_no, id_number), LoggedIn)

    async def confirm_identity(self, sitting_id: str) -> LoggedIn | Refusal:
        return await self.link.ask(ConfirmIdentity(0, sitting_id), LoggedIn)

    async def acknowledge_rules(self, sitting_id: str, text_version: str) -> LoggedIn | Refusal:
        return await self.link.ask(AcknowledgeRules(0, sitting_id, text_version), LoggedIn)

    def paper_opened(self, sitting_id: str, opened_at_ms: int) -> bool:
        return self.link.send(PaperOpened(sitting_id, opened_at_ms))

    def save(self, sitting_id: str, entries: Sequence[ResponseEntry]) -> bool:
        """Send journalled entries, oldest first, in as many frames as they need."""
        return all(self.link.send(Save(sitting_id, part)) for part in save_parts(entries))

    async def history(self, sitting_id: str, after: int) -> History | Refusal:
        """The next part of a sitting's entries, after what a LoggedIn or Welcome brought."""
        return await self.link.ask(GetHistory(0, sitting_id, after), History)

    async def submit(
        self, sitting_id: str, kind: SubmitKind, seq: int, head: str
    ) -> SubmitReceipt | Refusal:
        return await self.link.ask(Submit(0, sitting_id, kind, seq, head), SubmitReceipt)

    def heartbeat(
        self, unsynced: int, answered: int, screen: str, alerts: Sequence[str] = ()
    ) -> bool:
        return self.link.send(Heartbeat(unsynced, answered, screen, list(alerts)))

    def paper_wiped(self, paper_id: str, sitting_id: str = "") -> bool:
        return self.link.send(PaperWiped(paper_id, sitting_id))

    async def fetch_ciphertext(
        self, offer: PaperOffer, target: Path, on_progress: Progress | None = None
    ) -> Path | Refusal:
        """See :func:`venue_server.client.fetch.fetch_ciphertext`."""
        return await fetch_ciphertext(self.link, offer, target, on_progress)

    # ---- the link's calls -----------------------------------------------------------------

    def on_up(self) -> None:
        self.link.send(self._hello())
        self._sync.start()
        self._handler.on_up()

    def on_message(self, message: ToStation) -> None:
        if isinstance(message, TimePong):
            self._sync.take(message)
        else:
            self._handler.on_message(message)

    def on_down(self, down: Down) -> None:
        self._sync.stop()
        self._handler.on_down(down)

    def on_state(self, state: LinkState, down: Down | None) -> None:
        self._handler.on_state(state, down)


def save_parts(entries: Sequence[ResponseEntry]) -> list[list[ResponseEntry]]:
    """Cut entries into runs of about ``SAVE_FRAME_BYTES`` of JSON and ``SAVE_FRAME_ENTRIES``."""
    parts: list[list[ResponseEntry]] = []
    room = 0
    for entry in entries:
        size = len(msgspec.json.encode(entry))
        if not parts or size > room or len(parts[-1]) == SAVE_FRAME_ENTRIES:
            parts.append([])
            room = SAVE_FRAME_BYTES
        parts[-1].append(entry)
        room -= size
    return parts
