"""The desk for stations: one conversation per connection, from hello to wiped.

What a station may do follows from its certificate (which seat it is), the sitting at that seat and
the session's state. Nothing is acknowledged before it is durable.
"""

from venue_server.gateway.answer_desk import AnswerDesk
from venue_server.gateway.clock_face import pong
from venue_server.gateway.connection import Connection
from venue_server.gateway.conversation import Conversation
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.lost_time_watch import station_lost
from venue_server.gateway.notice_desk import NoticeDesk
from venue_server.gateway.sitting_view import answers_from_ms, session_brief, sitting_view
from venue_server.gateway.swap_desk import SwapDesk
from venue_server.ledger.catalogue import Event
from venue_server.sitting.rows import Session, Sitting
from venue_server.stations.presence import PaperAt
from venue_server.stations.store import Machine
from venue_server.wire.codec import decode_station
from venue_server.wire.inspection_orders import StationEcho, StationFacts
from venue_server.wire.messages import (
    HISTORY_BYTES,
    PROTOCOL_VERSION,
    Refused,
    TimePing,
)
from venue_server.wire.names import SittingState, SubmitKind
from venue_server.wire.receipt_code import receipt_code
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import (
    AcknowledgeRules,
    ConfirmIdentity,
    GetHistory,
    Heartbeat,
    History,
    LoggedIn,
    LogIn,
    PaperOpened,
    PaperReady,
    Save,
    StationHello,
    StationMessage,
    Submit,
    SubmitReceipt,
    Welcome,
)
from venue_server.wire.swap_orders import OfferTail
from venue_server.wire.wiping_orders import PaperWiped

_PING = b'{"t":"TimePing"'  # as every encoder of ours begins it

ACTIVE = frozenset(
    {
        SittingState.LOGGED_IN,
        SittingState.CONFIRMED,
        SittingState.RULES_ACK,
        SittingState.IN_PROGRESS,
        SittingState.SUBMITTED,
    }
)


class StationDesk:
    """Answers stations. One instance serves every connection."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._swaps = SwapDesk(parts)
        self._notices = NoticeDesk(parts)
        self._answers = AnswerDesk(parts, self._notices, self._opened)

    def conversation(self, machine: Machine, connection: Connection) -> Conversation:
        """Begin a conversation with the machine the certificate named."""
        return Conversation(machine, connection)

    async def take(self, talk: Conversation, message: StationMessage) -> None:
        """Handle one message; answers go to the connection's outbox in order."""
        if not isinstance(message, TimePing):
            await talk.saved.wait()
        match message:
            case TimePing():
                talk.connection.send(pong(self._parts.clock, message))
                return  # nothing that a board shows
            case Save():
                await self._answers.save(talk, message)
                return  # what a board shows of saves comes with the heartbeat
            case StationEcho():
                self._parts.reports.echo(talk.machine.machine_id, message)
                return
            case StationFacts():
                await self._parts.reports.take(talk.machine.machine_id, message)
                return
            case Heartbeat():
                await self._heartbeat(talk, message)
            case StationHello():
                await self._hello(talk, message)
            case PaperReady():
                await self._paper_ready(talk, message)
            case LogIn():
                await self._log_in(talk, message)
            case ConfirmIdentity() | AcknowledgeRules():
                await self._before_start(talk, message)
            case PaperOpened():
                await self._paper_opened(talk, message)
            case GetHistory():
                self._history(talk, message)
            case Submit():
                await self._submit(talk, message)
            case OfferTail():
                talk.connection.send(await self._swaps.tail(talk.machine, message))
            case PaperWiped():
                await self._parts.station_wipes.reported(talk.machine.machine_id, message)
                if not message.left:
                    self._parts.presence.paper(talk.machine.machine_id, PaperAt.WIPED)
        self._parts.hub.seat_changed(talk.machine.room_id, talk.machine.seat_no)

    def at_once(self, talk: Conversation, frame: bytes) -> bool:
        """Answer what needs nothing but the clock, and take a plain save, without waiting for
        anything. False: nothing was done, :meth:`take` must be asked."""
        if not frame.startswith(_PING):
            return self._answers.at_once(talk, frame)
        message = decode_station(frame)
        if not isinstance(message, TimePing):
            return False
        talk.connection.send(pong(self._parts.clock, message))
        return True

    async def gone(self, talk: Conversation) -> None:
        """The connection ended."""
        machine_id = talk.machine.machine_id
        if self._parts.hub.station_down(machine_id, talk.connection):
            self._parts.presence.down(machine_id)
            self._parts.reports.gone(machine_id)
            station_lost(self._parts, machine_id)
        # What was taken goes to the disks, also when the doors close: it is stored before they are.
        await talk.saved.wait()

    # ---- hello and paper -----------------------------------------------------------------

    async def _hello(self, talk: Conversation, hello: StationHello) -> None:
        if hello.protocol != PROTOCOL_VERSION:
            talk.connection.send(Refused(0, RefusalCode.VERSION_UNKNOWN, str(hello.protocol)))
            return
        parts, machine = self._parts, talk.machine
        parts.hub.station_up(machine.machine_id, talk.connection)
        session = parts.sittings.current_session()
        has_paper = parts.delivery.is_for(machine, hello.have_paper)
        parts.presence.up(machine.machine_id, has_paper)
        here = parts.sittings.sitting_of_machine(machine.machine_id)
        talk.sitting = here if here and here.state in ACTIVE else None
        if talk.sitting is not None:
            await self._swaps.data_lost(machine, hello, talk.sitting)
        with talk.connection.together():
            talk.connection.send(self._welcome(machine, hello, session, here, talk.sitting))
            for order in parts.station_wipes.pending(machine.machine_id):
                talk.connection.send(order)
            parts.delivery.offer(machine)
            if has_paper:
                parts.delivery.give_keys(machine)
        heard = parts.credits.hearing(talk.sitting) if talk.sitting is not None else None
        parts.ledger.note_soon(Event.STATION_UP, machine.machine_id, heard)

    def _welcome(
        self,
        machine: Machine,
        hello: StationHello,
        session: Session | None,
        here: Sitting | None,
        sitting: Sitting | None,
    ) -> Welcome:
        """What a station is told of itself; ``sitting`` is the one at hand, ``here`` also one that
        is over."""
        parts = self._parts
        after = hello.last_seq if sitting and sitting.sitting_id == hello.sitting_id else 0
        return Welcome(
            station_id=machine.machine_id,
            venue_name=parts.venue_name,
            room_id=machine.room_id,
            seat_no=machine.seat_no,
            session=session_brief(parts, session) if session else None,
            login_allowed=session is not None and machine.room_id in session.login_rooms,
            sitting=sitting_view(parts, sitting, after) if sitting else None,
            release_held=parts.release_held(),
            moved=self._swaps.moved(machine, hello, here),
            terminated=here is not None and here.state is SittingState.TERMINATED,
        )

    async def _paper_ready(self, talk: Conversation, message: PaperReady) -> None:
        parts = self._parts
        if not parts.delivery.is_for(talk.machine, message.sha256):
            talk.connection.send(Refused(0, RefusalCode.CIPHERTEXT_CORRUPT, message.paper_id))
            return
        machine_id = talk.machine.machine_id
        parts.presence.paper(machine_id, PaperAt.VERIFIED)
        await parts.ledger.note(
            Event.PAPER_VERIFIED_AT_STATION,
            machine_id,
            paper=message.paper_id,
            form=message.form_id,
        )
        parts.delivery.give_keys(talk.machine)
        parts.hub.venue_changed()

    # ---- the candidate -------------------------------------------------------------------

    async def _log_in(self, talk: Conversation, message: LogIn) -> None:
        parts, machine = self._parts, talk.machine
        session = parts.sittings.current_session()
        if session is None:
            talk.connection.send(Refused(message.n, RefusalCode.LOGIN_NOT_ALLOWED))
            return
        before = self._swaps.holder(session.session_id, message.ticket_no)
        done = await parts.sittings.log_in(
            session.session_id,
            machine.machine_id,
            machine.room_id,
            machine.seat_no,
            message.ticket_no,
            message.id_number,
            parts.presence.is_online,
        )
        if isinstance(done, Refusal):
            await self._swaps.refused_log_in(machine, message.ticket_no, done.code)
        else:  # what another machine just sent must be in what this one begins from
            await parts.responses.flushed(done.session_id, done.sitting_id)
            await self._swaps.took_over(before, machine, done)
        self._answer_sitting(talk, message.n, done, with_history=True)
        if isinstance(done, Sitting):
            await parts.credits.heard(done)  # perhaps at a spare station

    def _is_own(self, talk: Conversation, sitting_id: str) -> bool:
        """Did this sitting log in at this very machine? Nobody acts on another's sitting."""
        sitting = talk.sitting
        moved = bool(self._parts.swaps.of(sitting_id))
        if sitting is None or sitting.sitting_id != sitting_id or moved:
            sitting = self._parts.sittings.sitting(sitting_id)
        return sitting is not None and sitting.machine_id == talk.machine.machine_id

    async def _before_start(
        self, talk: Conversation, message: ConfirmIdentity | AcknowledgeRules
    ) -> None:
        sittings = self._parts.sittings
        if not self._is_own(talk, message.sitting_id):
            talk.connection.send(Refused(message.n, RefusalCode.SITTING_UNKNOWN))
        elif isinstance(message, ConfirmIdentity):
            self._answer_sitting(talk, message.n, await sittings.confirm(message.sitting_id))
        else:
            done = await sittings.acknowledge_rules(message.sitting_id, message.text_version)
            self._answer_sitting(talk, message.n, done)

    def _answer_sitting(
        self, talk: Conversation, n: int, done: Sitting | Refusal, with_history: bool = False
    ) -> None:
        if isinstance(done, Refusal):
            talk.connection.send(Refused(n, done.code, done.detail))
            return
        talk.sitting = done
        after = 0 if with_history else None
        talk.connection.send(LoggedIn(n, sitting_view(self._parts, done, after)))
        self._parts.hub.venue_changed()

    async def _paper_opened(self, talk: Conversation, message: PaperOpened) -> None:
        if not self._is_own(talk, message.sitting_id):
            return
        sitting = talk.sitting
        if sitting is None or sitting.sitting_id != message.sitting_id:
            sitting = self._parts.sittings.sitting(message.sitting_id)
        assert sitting is not None, "it is this machine's own"
        if message.opened_at_ms < answers_from_ms(self._parts, sitting):
            talk.connection.send(Refused(0, RefusalCode.NOT_STARTED, message.sitting_id))
            return
        await self._opened(talk, message.sitting_id, message.opened_at_ms)

    async def _opened(self, talk: Conversation, sitting_id: str, at_ms: int) -> None:
        done = await self._parts.sittings.opened(sitting_id, at_ms)
        if isinstance(done, Refusal):
            talk.connection.send(Refused(0, done.code, done.detail))
            return
        talk.sitting = done
        self._parts.presence.paper(talk.machine.machine_id, PaperAt.OPEN)
        await self._notices.told(done)
        self._parts.hub.seat_changed(talk.machine.room_id, talk.machine.seat_no)
        self._parts.hub.venue_changed()

    # ---- answers -------------------------------------------------------------------------

    def _history(self, talk: Conversation, message: GetHistory) -> None:
        if not self._is_own(talk, message.sitting_id):
            talk.connection.send(Refused(message.n, RefusalCode.SITTING_UNKNOWN))
            return
        sitting = talk.sitting
        if sitting is None or sitting.sitting_id != message.sitting_id:
            sitting = self._parts.sittings.sitting(message.sitting_id)
        assert sitting is not None, "it is this machine's own"
        entries = self._parts.responses.part(
            sitting.session_id, sitting.sitting_id, max(0, message.after), HISTORY_BYTES
        )
        talk.connection.send(History(message.n, sitting.sitting_id, entries))

    async def _submit(self, talk: Conversation, message: Submit) -> None:
        parts = self._parts
        sitting = parts.sittings.sitting(message.sitting_id)
        if sitting is None or not self._is_own(talk, message.sitting_id):
            talk.connection.send(Refused(message.n, RefusalCode.SITTING_UNKNOWN))
            return
        # The other kinds are two people's word, never a machine's.
        if message.kind not in (SubmitKind.EARLY, SubmitKind.AUTO):
            talk.connection.send(Refused(message.n, RefusalCode.SITTING_WRONG_STATE, message.kind))
            return
        head = parts.responses.head(sitting.session_id, sitting.sitting_id)
        if (head.seq, head.hash) != (message.seq, message.head):
            talk.connection.send(Refused(message.n, RefusalCode.SAVE_GAP, str(head.seq)))
            return
        done = await parts.sittings.submit(
            message.sitting_id, message.kind, message.seq, message.head
        )
        if isinstance(done, Refusal):
            talk.connection.send(Refused(message.n, done.code, done.detail))
            return
        talk.sitting = parts.sittings.sitting(message.sitting_id)
        talk.connection.send(
            SubmitReceipt(
                re=message.n,
                sitting_id=message.sitting_id,
                kind=message.kind,
                head=message.head,
                code=receipt_code(message.head),
                at_ms=done,
            )
        )
        parts.hub.venue_changed()

    async def _heartbeat(self, talk: Conversation, message: Heartbeat) -> None:
        machine_id = talk.machine.machine_id
        if message.unsynced != self._parts.presence.of(machine_id).unsynced:
            self._parts.hub.venue_changed()  # rooms count the answers at risk
        fresh = self._parts.presence.heartbeat(
            machine_id,
            message.unsynced,
            message.answered,
            message.screen,
            message.alerts,
            message.last_seq,
        )
        for alert in fresh:
            # Observations only: a person decides what they mean (V09).
            await self._parts.ledger.note(Event.STATION_ALERT, machine_id, alert=alert[:200])
