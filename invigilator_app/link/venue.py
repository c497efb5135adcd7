"""The real line: enrol this console if it is new, then keep a ConsoleClient connected."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from invigilator_app.actions.orders import Answer, NoAnswer, Order
from invigilator_app.link.port import TRANSITIONS, Line, LinePhase, PortListener
from venue_server.client.addresses import AddressBook
from venue_server.client.clock import ExamClock
from venue_server.client.console import ORDER_S, ConsoleClient, ConsoleHandler
from venue_server.client.discovery import Discovery, Found, first_found
from venue_server.client.endpoint import TlsEndpoint
from venue_server.client.enrolment import EnrolmentError, enrol
from venue_server.client.identity import IdentityError, MachineIdentity
from venue_server.client.link_state import Down, LinkError, LinkState
from venue_server.client.link_words import explained, not_enrolled_because, not_found
from venue_server.wire.console_orders import (
    Reconcile,
    SealSession,
    UploadSession,
    VerifyLedger,
    WipeSession,
)
from venue_server.wire.console_views import (
    Board,
    ConsoleWelcome,
    Done,
    DutyChanged,
    RoomChanged,
    SeatChanged,
    SignedIn,
    ToConsole,
    VenueChanged,
)
from venue_server.wire.handover_orders import ExportBundle, TakeReceipts
from venue_server.wire.intake_orders import CheckPackages, FetchPackages, ImportFolder
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.upload_orders import UploadsChanged

RETRY_S = 3.0
SEARCH_S = 5.0
_LONG_ORDERS = (
    CheckPackages,
    ExportBundle,
    FetchPackages,
    ImportFolder,
    Reconcile,
    SealSession,
    TakeReceipts,
    UploadSession,
    VerifyLedger,
    WipeSession,
)
_LONG_S = 1800.0


@dataclass(frozen=True)
class VenueSettings:
    """``data``: folder of this machine's identity. ``server`` and ``enrol_server`` are
    ``host:port`` or empty, then mDNS gives a hint."""

    data: Path
    server: str
    enrol_server: str
    app_version: str


class VenuePort(ConsoleHandler):
    """A ConsolePort over the network."""

    def __init__(self, settings: VenueSettings) -> None:
        self._settings = settings
        self._clock = ExamClock()
        self._client: ConsoleClient | None = None
        self._listener: PortListener | None = None
        self._phase = LinePhase.STARTING

    # ---- ConsolePort ----

    async def run(self, listener: PortListener) -> None:
        self._listener = listener
        identity = await self._identity()
        self._tell(LinePhase.CONNECTING)
        configured = (self._settings.server,) if self._settings.server else identity.addresses
        book = AddressBook(configured)
        search = Discovery(lambda found: book.learn(found.address), identity.venue)
        client = ConsoleClient(
            TlsEndpoint(identity, book), self, self._settings.app_version, self._clock
        )
        self._client = client
        searching = not configured
        if searching:
            await search.start()
        try:
            await client.run()
        finally:
            self._client = None
            if searching:
                await search.close()

    async def change_password(
        self, person_id: str, present: str, password: str, totp: str = ""
    ) -> Done | Refused | None:
        if self._client is None:
            return None
        try:
            answer = await self._client.change_password(person_id, present, password, totp)
        except LinkError:
            return None
        return Refused(0, answer.code, answer.detail) if isinstance(answer, Refusal) else answer

    async def sign_in(
        self, person_id: str, password: str, totp: str = ""
    ) -> SignedIn | Refused | None:
        if self._client is None:
            return None
        try:
            answer = await self._client.sign_in(person_id, password, totp)
        except LinkError:
            return None
        if isinstance(answer, Refusal):
            return Refused(0, answer.code, answer.detail)
        self._tell(LinePhase.ON_DUTY)
        return answer

    async def sign_out(self) -> None:
        """Whether or not the server answers, nobody is on duty here any more."""
        if self._client is not None:
            try:
                await self._client.sign_out()
            except LinkError:
                return
        if self._phase is LinePhase.ON_DUTY:
            self._tell(LinePhase.SIGN_IN)

    async def order(self, order: Order) -> Answer:
        if self._client is None:
            return NoAnswer()
        limit_s = _LONG_S if isinstance(order, _LONG_ORDERS) else ORDER_S
        try:
            answer = await self._client.order(order, limit_s)
        except LinkError:
            return NoAnswer()
        return Refused(0, answer.code, answer.detail) if isinstance(answer, Refusal) else answer

    def now_ms(self) -> int | None:
        return self._clock.now_ms() if self._clock.known else None

    # ---- ConsoleHandler, on the loop ----

    def on_message(self, message: ToConsole) -> None:
        assert self._listener is not None
        match message:
            case ConsoleWelcome():
                self._listener.welcome(message)
            case DutyChanged():
                if self._client is not None and self._client.signed_in is not None:
                    self._listener.duty(self._client.signed_in)
            case Board() | VenueChanged() | RoomChanged() | SeatChanged() | UploadsChanged():
                self._listener.board(message)
            case Done() | Refused() | SignedIn():
                pass  # a late answer: the board tells what became of the order

    def on_state(self, state: LinkState, down: Down | None) -> None:
        match state:
            case LinkState.UP:
                self._tell(LinePhase.SIGN_IN)
            case LinkState.REFUSED:
                self._tell(LinePhase.REFUSED, refusal=down.refusal if down else None)
            case LinkState.DISCONNECTED if down is not None:
                self._down(down)
            case _:
                return

    def _down(self, down: Down) -> None:
        on_duty = self._phase in (LinePhase.ON_DUTY, LinePhase.LOST)
        phase = LinePhase.LOST if on_duty else LinePhase.CONNECTING
        self._tell(phase, f"{down.cause} {down.detail}".strip(), explained(down))

    def _tell(self, phase: LinePhase, detail: str = "", refusal: Refusal | None = None) -> None:
        assert self._listener is not None
        assert phase is self._phase or phase in TRANSITIONS[self._phase], (self._phase, phase)
        self._phase = phase
        self._listener.line(Line(phase, detail, refusal))

    # ---- identity ----

    async def _identity(self) -> MachineIdentity:
        """This console's identity: from disk, else by enrolment, for as long as it takes."""
        data = self._settings.data
        if MachineIdentity.exists(data):
            try:
                return await asyncio.to_thread(MachineIdentity.load, data)
            except IdentityError as error:
                self._tell(LinePhase.ENROLLING, "")
                unreadable = Refusal(RefusalCode.IDENTITY_UNREADABLE)
                self._tell(LinePhase.ENROL_REFUSED, str(error), unreadable)
                await asyncio.sleep(RETRY_S)
        while True:
            identity = await self._enrol_once()
            if identity is not None:
                return identity
            await asyncio.sleep(RETRY_S)

    async def _enrol_once(self) -> MachineIdentity | None:
        self._tell(LinePhase.ENROLLING)
        address = self._settings.enrol_server or await self._found_enrolment()
        if not address:
            self._tell(LinePhase.ENROL_REFUSED, refusal=not_found())
            return None
        try:
            outcome = await enrol(
                address,
                "console",
                self._settings.data,
                lambda code: self._tell(LinePhase.ENROLLING, code),
            )
        except EnrolmentError as error:
            why = not_enrolled_because(error, address)
            self._tell(LinePhase.ENROL_REFUSED, str(error), why)
            return None
        if isinstance(outcome, Refusal):
            self._tell(LinePhase.ENROL_REFUSED, refusal=outcome)
            return None
        return outcome

    async def _found_enrolment(self) -> str:
        found: Found | None = await first_found(SEARCH_S)
        return str(found.enrol) if found and found.enrol else ""
