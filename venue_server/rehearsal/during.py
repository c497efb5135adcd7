"""What happens while candidates answer: a swap, an incident, a violation, a break, time given back.

Every deed is one that a venue must expect on any day; each is done through the orders that the
people in the room have. Minutes count from the effective start.
"""

import asyncio

import msgspec

from venue_server.client.console import BoardState
from venue_server.ledger.catalogue import Event
from venue_server.rehearsal.before import SPARE_SEAT
from venue_server.rehearsal.people import OrderRefusedError
from venue_server.rehearsal.scene import LOOK_S, STAGE_S, RehearsalFailedError, Scene
from venue_server.sitting.plan import Candidate
from venue_server.wire.console_views import SeatView
from venue_server.wire.credit_orders import (
    Credit,
    CreditReason,
    DecideTime,
    EndBreak,
    GetCredits,
    ProposeTime,
    StartBreak,
)
from venue_server.wire.frames import Message
from venue_server.wire.incident_orders import (
    CloseIncident,
    GetIncidents,
    GetViolations,
    NoteRefusal,
    OpenIncident,
    RecordViolation,
    ReportIncident,
    SignViolation,
)
from venue_server.wire.incidents import IncidentFacts, IncidentKind, IncidentView, Severity
from venue_server.wire.names import Role, SeatLink, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.swap_orders import SwapStation
from venue_server.wire.violations import CandidateSignature, ViolationFacts, ViolationView

UNPLUGGED_MIN, POWER_MIN, CALCULATOR_MIN, AWAY_MIN, BACK_MIN, OLD_MACHINE_MIN = (
    6,
    26,
    30,
    36,
    41,
    50,
)
CALCULATOR = "O31-6-1"  # something that is not allowed at the seat, after a warning (V02)
POWER_CUT = "照明跳闸，应急灯已亮 / the lights tripped"
REFERENCE = "演练〔1〕号"


class Incidents(msgspec.Struct, frozen=True):
    """Answer to GetIncidents."""

    incidents: list[IncidentView]


class _Violations(msgspec.Struct, frozen=True):
    violations: list[ViolationView]


class _Credits(msgspec.Struct, frozen=True):
    credits: list[Credit]


class During:
    """The acts of one sitting. ``who`` are candidates who come: with few of them one plays more
    than one part."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._who = scene.cast.present

    def _candidate(self, number: int) -> Candidate:
        return self._who[number % len(self._who)]

    async def play(self) -> None:
        """Everything, in the order of the day."""
        await self._minute(UNPLUGGED_MIN)
        await self.swap()
        await self._minute(POWER_MIN)
        await self.incident()
        await self._minute(CALCULATOR_MIN)
        await self.violation()
        await self._minute(AWAY_MIN)
        await self.take_a_break()
        await self.credit()
        await self._minute(OLD_MACHINE_MIN)
        await self.old_machine()

    # ---- F2, F12: a station fails, its candidate goes on at a spare -----------------------

    async def swap(self) -> None:
        """The machine goes dark; the invigilator and an administrator move the candidate."""
        one = self._candidate(1)
        await self.scene.deed("unplug", self.scene.index_of(one.room_id, one.seat_no))
        spare = str(SPARE_SEAT)
        # A server that has just started again waits for the spare too.
        await self.scene.board(
            lambda board: (
                _seat(board, one).link is SeatLink.OFFLINE
                and board.seats[one.room_id][spare].link is SeatLink.ONLINE
            )
        )
        order = SwapStation(
            0,
            one.room_id,
            self._sitting(one),
            spare,
            "主机断电无法启动 / the machine is dead",
            True,
            self.scene.role(Role.SYSADMIN, 1).second(),
        )
        await self._twice_is_once(one, order, Event.STATION_SWAPPED)
        await self.scene.deed("sit", self.scene.index_of(one.room_id, spare), one.ticket_no)
        await self.scene.board(lambda board: _works_at(_seat(board, one), spare))
        self.scene.tell(f"换机 {one.ticket_no} → 机位 {spare} / swapped to a spare")

    async def old_machine(self) -> None:
        """The old machine comes on again: it learns that its candidate went on elsewhere, and hands
        over what it had not sent (F24)."""
        one = self._candidate(1)
        await self.scene.deed("plug", self.scene.index_of(one.room_id, one.seat_no))
        self.scene.tell(f"原机位 {one.seat_no} 重新通电 / the old machine is on again")

    # ---- I07: lost time --------------------------------------------------------------------

    async def credit(self) -> None:
        """What was measured is proposed by the invigilator and approved by the chief (I07, I08)."""
        one = self._candidate(1)
        chief, room = self.scene.role(Role.CHIEF), self.scene.invigilator(one.room_id)
        sitting_id = self._sitting(one)
        order = ProposeTime(
            0, one.room_id, sitting_id, CreditReason.SWAP, 0, "换机", reference=REFERENCE
        )
        async with asyncio.timeout(STAGE_S):  # it is measured up to the first act at the spare
            while isinstance(no := await room.attempt(order), Refusal):
                if no.code is not RefusalCode.NOTHING_MEASURED:
                    raise OrderRefusedError("ProposeTime", no)
                await asyncio.sleep(LOOK_S)
        told = msgspec.convert(await chief.order(GetCredits(0, one.room_id)), _Credits)
        mine, *again = (each for each in told.credits if each.sitting_id == sitting_id)
        for each in again:  # proposed twice, because the first answer was lost with the line
            await chief.order(DecideTime(0, each.proposal_id, approve=False, note="重复"))
        if mine.approved is None:
            await chief.order(DecideTime(0, mine.proposal_id, approve=True, note="属实"))
        minutes = mine.seconds // 60
        self.scene.tell(f"补时 {one.ticket_no} {minutes} 分钟 / minutes given back, approved")

    # ---- B07, I01 --------------------------------------------------------------------------

    async def incident(self) -> None:
        """The lights trip: written down, reported, closed with its result."""
        one = self._candidate(0)
        chief, room = self.scene.role(Role.CHIEF), self.scene.invigilator(one.room_id)
        now = int(chief.client.clock.now_ms())
        facts = IncidentFacts(
            what=POWER_CUT,
            started_at_ms=now - 60_000,
            ended_at_ms=now,
            cause="插座过载 / an overloaded socket",
            action="合闸 / switched on again",
        )
        open_it = OpenIncident(0, one.room_id, IncidentKind.POWER, Severity.MINOR, facts)
        await room.order(open_it)
        told = msgspec.convert(await chief.order(GetIncidents(0)), Incidents)
        for each in told.incidents:
            if each.facts.what == POWER_CUT and not each.closed_at_ms:
                await chief.order(ReportIncident(0, each.incident_id, "考区", "电话", REFERENCE))
                await chief.order(CloseIncident(0, each.incident_id, "照明恢复，作答未受影响"))
        self.scene.tell("突发事件登记、上报、办结 / an incident reported and closed")

    # ---- V01-V06 ---------------------------------------------------------------------------

    async def violation(self) -> None:
        """Warned and done again: facts, a statement; the candidate refuses to sign, two witness
        it, the chief signs."""
        one = self._candidate(2)
        chief, room = self.scene.role(Role.CHIEF), self.scene.invigilator(one.room_id)
        now = int(chief.client.clock.now_ms())
        facts = ViolationFacts(
            facts="经提醒仍使用自带计算器",
            place=f"{one.room_id} 考场 {one.seat_no} 机位",
            happened_at_ms=now,
            warned_at_ms=now - 60_000,
            warned_by=room.person.person_id,
            statement="本人陈述：忘记交出",
            camera="C-01",
            camera_marks="演练",
        )
        await room.order(RecordViolation(0, one.room_id, self._sitting(one), CALCULATOR, facts))
        for each in await self._violations(one):
            if each.candidate is CandidateSignature.MISSING:
                second = self.scene.invigilator(one.room_id, 1).second()
                await room.order(NoteRefusal(0, one.room_id, each.violation_id, second))
        for each in await self._violations(one):
            if not each.chief:
                await chief.order(SignViolation(0, each.violation_id, each.content_hash))
        self.scene.tell(f"违纪记录 {one.ticket_no}，拒签，二人见证 / refused to sign, witnessed")

    async def _violations(self, one: Candidate) -> list[ViolationView]:
        told = await self.scene.invigilator(one.room_id).order(GetViolations(0))
        found = msgspec.convert(told, _Violations).violations
        return [each for each in found if each.ticket_no == one.ticket_no]

    # ---- H06 -------------------------------------------------------------------------------

    async def take_a_break(self) -> None:
        """One candidate is led out; the station locks, time runs on (F11)."""
        one = self._candidate(3)
        room, sitting_id = self.scene.invigilator(one.room_id), self._sitting(one)
        begin, end = (
            StartBreak(0, one.room_id, sitting_id),
            EndBreak(0, one.room_id, sitting_id),
        )
        await self._twice_is_once(one, begin, Event.BREAK_BEGUN)
        await self._minute(BACK_MIN)
        await self._twice_is_once(one, end, Event.BREAK_ENDED)
        self.scene.tell(f"暂离 {one.ticket_no} {room.person.person_id} / a break, and back")

    # ---- how -------------------------------------------------------------------------------

    async def _twice_is_once(self, one: Candidate, message: Message, event: Event) -> None:
        """An order that lost its answer with the line may have been carried out: the ledger says
        so. Raises OrderRefusedError when it was refused and never carried out."""
        done = await self.scene.invigilator(one.room_id).attempt(message)
        if isinstance(done, Refusal) and not self.scene.told(event):
            raise OrderRefusedError(type(message).__name__, done)

    def _sitting(self, one: Candidate) -> str:
        return _seat(self.scene.role(Role.CHIEF).client.board, one).sitting_id

    async def _minute(self, minute: int) -> None:
        # A release that came late shifts the exam: the board knows when it began (§10.5).
        room = next(iter(self.scene.role(Role.CHIEF).client.board.rooms.values()))
        if room.timing is None:
            raise RehearsalFailedError("the session has no start")
        await self.scene.until(room.timing.effective_start_ms + minute * 60_000)


def _seat(board: BoardState, one: Candidate) -> SeatView:
    """The candidate's own seat on the board, wherever they sit now."""
    return board.seats[one.room_id][one.seat_no]


def _works_at(seat: SeatView, spare: str) -> bool:
    """The candidate of this seat answers at the spare."""
    here = seat.moved_to == spare and seat.link is SeatLink.ONLINE
    return here and seat.paper == "open" and seat.state is SittingState.IN_PROGRESS
