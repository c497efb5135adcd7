"""Orders at a room's door: admission, doubts, corrections, kept items, visitors."""

from dataclasses import asdict

import msgspec

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.sitting.door.rows import Correction, Doubt, KeptItem, Visitor
from venue_server.sitting.door.service import DoorBook
from venue_server.sitting.identity import masked, normalise
from venue_server.sitting.store import sitting_id_of
from venue_server.wire.admission_orders import (
    AdmitInDoubt,
    ApproveVisitor,
    CandidateCard,
    CorrectionLine,
    DecideDoubt,
    DoorLog,
    DoubtLine,
    GetDoorLog,
    ItemLine,
    KeepItem,
    LookUpCandidate,
    RequestCorrection,
    ReturnItem,
    SettleDoubt,
    VisitorIn,
    VisitorLine,
    VisitorOut,
)
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.console_orders import Admit, ConsoleMessage
from venue_server.wire.names import DoubtState
from venue_server.wire.refusals import Refusal, RefusalCode


class AdmissionOrders:
    """Carried out for the current session only."""

    def __init__(self, parts: DeskParts, door: DoorBook) -> None:
        self._parts = parts
        self._door = door

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "Admit": self._admit,
            "LookUpCandidate": self._look_up,
            "AdmitInDoubt": self._admit_in_doubt,
            "SettleDoubt": self._settle,
            "DecideDoubt": self._decide,
            "RequestCorrection": self._correct,
            "KeepItem": self._keep,
            "ReturnItem": self._return,
            "ApproveVisitor": self._approve,
            "VisitorIn": self._visitor_in,
            "VisitorOut": self._visitor_out,
            "GetDoorLog": self._log,
        }

    def alarms(self) -> list[Alarm]:
        """The chief is told as long as somebody unverified sits in a room (F14)."""
        session = self._parts.sittings.current_session()
        doubts = self._door.open_doubts(session.session_id) if session else []
        if not doubts:
            return []
        rooms = ", ".join(sorted({each.room_id for each in doubts}))
        return [Alarm(AlarmCode.DOUBTS_OPEN, {"count": str(len(doubts)), "rooms": rooms})]

    # ---- admission -----------------------------------------------------------------------

    async def _admit(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, Admit)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        done = await self._parts.sittings.admit(
            session.session_id,
            message.room_id,
            message.ticket_no,
            message.id_document,
            message.id_number,
            message.id_checked,
            message.ticket_checked,
            ordered.person.person_id,
            message.name_check,
            message.person_check,
            message.belongings_checked,
        )
        self._show(message.room_id, message.ticket_no)
        return done if isinstance(done, Refusal) else {"admitted": asdict(done)}

    async def _admit_in_doubt(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, AdmitInDoubt)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return Refusal(RefusalCode.SESSION_WRONG_STATE)
        if not message.note.strip():
            return Refusal(RefusalCode.REASON_MISSING)
        done = await self._parts.sittings.admit_in_doubt(
            session.session_id,
            message.room_id,
            message.ticket_no,
            message.note.strip(),
            ordered.both,
        )
        self._show(message.room_id, message.ticket_no)
        return done if isinstance(done, Refusal) else {"admitted": asdict(done)}

    def _show(self, room_id: str, ticket_no: str) -> None:
        # A seat's number is the last two digits of its ticket (F12), for a refused one as well.
        self._parts.hub.seat_changed(room_id, ticket_no.strip()[-2:])

    async def _look_up(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, LookUpCandidate)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        sittings = self._parts.sittings
        sitting = sittings.sitting(sitting_id_of(session.session_id, normalise(message.ticket_no)))
        if sitting is None:
            return Refusal(RefusalCode.TICKET_UNKNOWN)
        if sitting.room_id != message.room_id:
            return Refusal(RefusalCode.WRONG_ROOM, f"{sitting.room_id} {sitting.seat_no}")
        one = sittings.candidate(sitting)
        raised = [
            each
            for each in self._door.doubts(session.session_id)
            if each.sitting_id == sitting.sitting_id and each.state is DoubtState.RAISED
        ]
        card = CandidateCard(
            ticket_no=one.ticket_no,
            name=one.name,
            id_document=one.id_document.value,
            id_number_masked=masked(one.id_number),
            room_id=one.room_id,
            seat_no=one.seat_no,
            state=sitting.state.value,
            photo=one.photo,
            name_on_document=one.name_on_document,
            rare_char_note=one.rare_char_note,
            arrangements=list(one.arrangements),
            doubts=sorted(kind for each in raised for kind in each.kinds),
            admitted_at_ms=sitting.admitted_at_ms or 0,
        )
        return {"candidate": msgspec.to_builtins(card)}

    # ---- doubts and corrections ----------------------------------------------------------

    async def _settle(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SettleDoubt)
        done = await self._door.settle(
            message.room_id, message.doubt_id, message.verified, message.note, ordered.both
        )
        return done if isinstance(done, Refusal) else {"state": done.state.value}

    async def _decide(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, DecideDoubt)
        if not message.note.strip():
            return Refusal(RefusalCode.REASON_MISSING)
        done = await self._door.decide(
            message.doubt_id, message.word, message.note, ordered.person.person_id
        )
        return done if isinstance(done, Refusal) else {"state": done.state.value}

    async def _correct(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, RequestCorrection)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        done = await self._door.request_correction(
            session.session_id,
            message.room_id,
            message.ticket_no,
            message.name,
            message.id_number,
            message.reason,
            ordered.person.person_id,
        )
        return done if isinstance(done, Refusal) else {"correction_id": done.correction_id}

    # ---- items ---------------------------------------------------------------------------

    async def _keep(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, KeepItem)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        done = await self._door.keep_item(
            session.session_id,
            message.room_id,
            message.ticket_no,
            message.kind,
            message.what,
            message.candidate_signed,
            ordered.both,
        )
        return (
            done if isinstance(done, Refusal) else {"item": msgspec.to_builtins(self._item(done))}
        )

    async def _return(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ReturnItem)
        done = await self._door.return_item(
            message.room_id, message.receipt_no, message.signed, message.handed_to, ordered.both
        )
        return (
            done if isinstance(done, Refusal) else {"item": msgspec.to_builtins(self._item(done))}
        )

    # ---- visitors ------------------------------------------------------------------------

    async def _approve(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ApproveVisitor)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        done = await self._door.approve_visitor(
            session.session_id,
            message.room_id,
            message.name,
            message.unit,
            message.reason,
            ordered.person.person_id,
        )
        return done if isinstance(done, Refusal) else {"visitor_id": done.visitor_id}

    async def _visitor_in(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, VisitorIn)
        person = ordered.person.person_id
        done = await self._door.visitor_in(message.room_id, message.visitor_id, person)
        return done if isinstance(done, Refusal) else {"visitor_id": done.visitor_id}

    async def _visitor_out(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, VisitorOut)
        person = ordered.person.person_id
        done = await self._door.visitor_out(message.room_id, message.visitor_id, person)
        return done if isinstance(done, Refusal) else {"visitor_id": done.visitor_id}

    # ---- everything of a door ------------------------------------------------------------

    async def _log(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetDoorLog)
        session = self._parts.sittings.asked_session()
        if isinstance(session, Refusal):
            return session
        wanted, session_id = message.room_id, session.session_id
        log = DoorLog(
            doubts=[
                self._doubt(each)
                for each in self._door.doubts(session_id)
                if wanted in ("", each.room_id)
            ],
            items=[
                self._item(each)
                for each in self._door.items(session_id)
                if wanted in ("", each.room_id)
            ],
            visitors=[
                _visitor(each)
                for each in self._door.visitors(session_id)
                if wanted in ("", each.room_id)
            ],
            corrections=[
                _correction(each, wish)
                for each, wish in self._door.corrections(session_id)
                if wanted in ("", each.room_id)
            ],
        )
        return {"door": msgspec.to_builtins(log)}

    def _doubt(self, doubt: Doubt) -> DoubtLine:
        sitting = self._parts.sittings.sitting(doubt.sitting_id)
        assert sitting is not None, "a doubt is about a sitting"
        return DoubtLine(
            doubt_id=doubt.doubt_id,
            room_id=doubt.room_id,
            ticket_no=doubt.ticket_no,
            name=self._parts.sittings.candidate(sitting).name,
            seat_no=sitting.seat_no,
            kinds=sorted(doubt.kinds),
            state=doubt.state,
            raised_at_ms=doubt.raised_at_ms,
            admitted_at_ms=doubt.admitted_at_ms or 0,
            settled_at_ms=doubt.settled_at_ms or 0,
            decided_at_ms=doubt.decided_at_ms or 0,
            word=doubt.word,
            note=doubt.note,
        )

    def _item(self, item: KeptItem) -> ItemLine:
        sitting = self._parts.sittings.sitting(sitting_id_of(item.session_id, item.ticket_no))
        assert sitting is not None, "an item is a candidate's"
        return ItemLine(
            receipt_no=item.receipt_no,
            room_id=item.room_id,
            ticket_no=item.ticket_no,
            name=self._parts.sittings.candidate(sitting).name,
            kind=item.kind,
            what=item.what,
            kept_at_ms=item.kept_at_ms,
            kept_by=item.kept_by,
            candidate_signed=item.candidate_signed,
            ended_at_ms=item.ended_at_ms or 0,
            handed_to=item.handed_to,
        )


def _visitor(visitor: Visitor) -> VisitorLine:
    return VisitorLine(
        visitor_id=visitor.visitor_id,
        room_id=visitor.room_id,
        name=visitor.name,
        unit=visitor.unit,
        reason=visitor.reason,
        approved_by=visitor.approved_by,
        in_ms=visitor.in_ms or 0,
        out_ms=visitor.out_ms or 0,
    )


def _correction(filed: Correction, wish: str) -> CorrectionLine:
    shown = masked(wish) if filed.field == "ID_NUMBER" else wish
    return CorrectionLine(
        filed.correction_id,
        filed.room_id,
        filed.ticket_no,
        filed.field,
        shown,
        filed.reason,
        filed.filed_at_ms,
    )
