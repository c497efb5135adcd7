"""At the doors: who comes in, who does not, what is kept, and the first log-ins (F01-F14, A09)."""

import msgspec

from venue_server.ledger.catalogue import Event
from venue_server.rehearsal.people import OrderRefusedError
from venue_server.rehearsal.scene import RehearsalFailedError, Scene, in_state
from venue_server.sitting.plan import Candidate
from venue_server.wire.admission_orders import (
    AdmitInDoubt,
    ApproveVisitor,
    DoorLog,
    GetDoorLog,
    KeepItem,
    ReturnItem,
    SettleDoubt,
    VisitorIn,
    VisitorOut,
)
from venue_server.wire.console_orders import Admit, AllowLogin, WitnessSeal
from venue_server.wire.names import ItemKind, PersonCheck, Role, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode

VISITOR = "电工 祁师傅"


class _Door(msgspec.Struct, frozen=True):
    door: DoorLog


class Doors:
    """From the opening of the doors to the reminder of the rules."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def admit(self) -> None:
        """Doors open; everyone present is admitted, logs in and reads the rules. One face is in
        doubt, one item is kept, one visitor looks in, one candidate sits down at a wrong seat."""
        await self.scene.until(self.scene.times.at(-30))
        doubtful, *others = self.scene.cast.present
        await self._in_doubt(doubtful)
        for candidate in others:
            await self._admitted(candidate)
        await self._keep_item(self.scene.cast.present[-1])
        await self._visitor()
        await self._log_in()
        wanted = self.scene.options.stations
        await self.scene.board(lambda board: in_state(board, SittingState.RULES_ACK) >= wanted)
        await self._witness()

    async def attempt(self, candidate: Candidate, person: PersonCheck) -> object:
        """One try at a room's door."""
        return await self.scene.invigilator(candidate.room_id).attempt(
            Admit(
                0,
                candidate.room_id,
                candidate.ticket_no,
                candidate.id_document,
                candidate.id_number,
                id_checked=True,
                ticket_checked=True,
                person_check=person,
            )
        )

    async def late(self) -> None:
        """Whoever comes after admission has closed stays outside, whoever asks (F08)."""
        refused = await self.attempt(self.scene.cast.late, PersonCheck.SAME)
        if not isinstance(refused, Refusal) or refused.code is not RefusalCode.ADMISSION_CLOSED:
            raise RehearsalFailedError(f"a late candidate was not refused: {refused}")
        self.scene.tell(f"迟到 {self.scene.cast.late.ticket_no} 未准入场 / late, refused")

    async def give_back(self) -> None:
        """Kept items go back to their owners (F09)."""
        for room_id in self.scene.rooms:
            for item in (await self._log(room_id)).items:
                if not item.ended_at_ms:
                    second = self.scene.invigilator(room_id, 1).second()
                    back = ReturnItem(0, room_id, item.receipt_no, True, second)
                    await self.scene.invigilator(room_id).order(back)
                    self.scene.tell(f"退还物品 {item.receipt_no} / a kept item is given back")

    # ---- what happens at a door ----------------------------------------------------------

    async def _admitted(self, candidate: Candidate) -> None:
        done = await self.attempt(candidate, PersonCheck.SAME)
        if isinstance(done, Refusal):
            raise OrderRefusedError("Admit", done)

    async def _in_doubt(self, candidate: Candidate) -> None:
        """The face is in doubt: two let the candidate in, compare again and sign (F14)."""
        room_id = candidate.room_id
        refused = await self.attempt(candidate, PersonCheck.DOUBT)
        if not isinstance(refused, Refusal) or refused.code is not RefusalCode.IDENTITY_DOUBTED:
            raise RehearsalFailedError(f"a doubtful face was let in: {refused}")
        first, second = (self.scene.invigilator(room_id, which) for which in (0, 1))
        note = "照片较旧 / an old photo"
        by_two = AdmitInDoubt(0, room_id, candidate.ticket_no, note, second.second())
        await first.order(by_two)
        for doubt in (await self._log(room_id)).doubts:
            if doubt.ticket_no == candidate.ticket_no and not doubt.settled_at_ms:
                found = "二人比对一致 / both agree"
                settle = SettleDoubt(0, room_id, doubt.doubt_id, True, found, second.second())
                await first.order(settle)
        self.scene.tell(f"存疑 {candidate.ticket_no}，二人核验 / a doubt, cleared by two")

    async def _keep_item(self, owner: Candidate) -> None:
        room_id = owner.room_id
        second = self.scene.invigilator(room_id, 1).second()
        order = KeepItem(0, room_id, owner.ticket_no, ItemKind.OTHER, "智能手表", True, second)
        await self.scene.invigilator(room_id).order(order)
        self.scene.tell(f"暂扣物品 {owner.ticket_no}：智能手表 / an item is kept")

    async def _visitor(self) -> None:
        room_id = self.scene.cast.rooms[0].room_id
        why = "检修插座 / a socket is mended"
        chief, door = self.scene.role(Role.CHIEF), self.scene.invigilator(room_id)
        await chief.order(ApproveVisitor(0, room_id, VISITOR, "后勤", why))
        for visitor in (await self._log(room_id)).visitors:
            if not visitor.out_ms:
                await door.order(VisitorIn(0, room_id, visitor.visitor_id))
                await door.order(VisitorOut(0, room_id, visitor.visitor_id))
        self.scene.tell(f"来访 {VISITOR} 进出 {room_id} 考场 / a visitor in and out")

    async def _log(self, room_id: str) -> DoorLog:
        told = await self.scene.invigilator(room_id).order(GetDoorLog(0, room_id))
        return msgspec.convert(told, _Door).door

    # ---- log-in --------------------------------------------------------------------------

    async def _log_in(self) -> None:
        """Log-in is allowed; somebody tries it at an empty seat that is not theirs (F10)."""
        lost, empty = self.scene.cast.present[-1], self.scene.cast.candidates[-1]
        own = self.scene.index_of(lost.room_id, lost.seat_no)
        wrong = self.scene.index_of(empty.room_id, empty.seat_no)
        await self.scene.deed("rise", own)
        for room_id in self.scene.rooms:
            await self.scene.invigilator(room_id).order(AllowLogin(0, room_id))
        await self.scene.deed("sit", wrong, lost.ticket_no)
        await self.scene.recorded(Event.LOGIN_REFUSED)
        await self.scene.deed("rise", wrong)
        await self.scene.deed("sit", own, lost.ticket_no)
        self.scene.tell(f"坐错机位 {lost.ticket_no} 登录被拒 / a wrong seat, refused")

    async def _witness(self) -> None:
        """In every room the seals are shown (D17)."""
        for room_id in self.scene.rooms:
            ticket = next(c.ticket_no for c in self.scene.cast.present if c.room_id == room_id)
            second = self.scene.invigilator(room_id, 1).second()
            order = WitnessSeal(0, room_id, ticket, second)
            await self.scene.invigilator(room_id).order(order)
        self.scene.tell("各考场展示封签 / the seals are shown in every room")
