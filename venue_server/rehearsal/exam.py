"""The exam itself: admission, log-in, timed release, answering, collection."""

import asyncio

from venue_server.client.console import BoardState
from venue_server.rehearsal.faults import Faults
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.rehearsal.options import EXAM_MINUTES
from venue_server.rehearsal.people import OrderRefusedError
from venue_server.rehearsal.scene import (
    STAGE_S,
    RehearsalFailedError,
    Scene,
    in_state,
    session_state,
)
from venue_server.wire.messages import Admit, AllowLogin, ArmRelease
from venue_server.wire.names import DataState, Role, SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode


class Exam:
    """The stages from the doors to verified backups."""

    def __init__(self, scene: Scene, faults: Faults) -> None:
        self.scene = scene
        self.faults = faults

    async def admit(self) -> None:
        """Doors open, everyone present is admitted, logs in and reads the rules."""
        await self.scene.until(self.scene.times.at(-30))
        for room in self.scene.cast.rooms:
            for person in self.scene.cast.invigilators(room.room_id):
                await self.scene.actor(person).sign_in()
        for candidate in self.scene.cast.present:
            await self._door(candidate.ticket_no)
        for room in self.scene.cast.rooms:
            first = self.scene.actor(self.scene.cast.invigilators(room.room_id)[0])
            await first.order(AllowLogin(0, room.room_id))
        wanted = self.scene.options.stations
        await self.scene.board(lambda board: in_state(board, SittingState.RULES_ACK) >= wanted)

    async def _door(self, ticket_no: str) -> None:
        done = await self._try_door(ticket_no)
        if isinstance(done, Refusal):
            raise OrderRefusedError("Admit", done)

    async def _try_door(self, ticket_no: str) -> dict[str, object] | Refusal:
        candidate = next(c for c in self.scene.cast.candidates if c.ticket_no == ticket_no)
        actor = self.scene.actor(self.scene.cast.invigilators(candidate.room_id)[0])
        return await actor.attempt(
            Admit(
                0,
                candidate.room_id,
                candidate.ticket_no,
                candidate.id_document,
                candidate.id_number,
                id_checked=True,
                ticket_checked=True,
            )
        )

    async def release(self) -> None:
        """Chief and administrator arm the release; at its point all papers open."""
        admin = self.scene.role(Role.SYSADMIN)
        await self.scene.role(Role.CHIEF).order(ArmRelease(0, SESSION_ID, admin.second()))
        await self.faults.before_the_release()
        await self.faults.at_the_release()
        wanted = self.scene.options.stations
        await self.scene.board(lambda board: in_state(board, SittingState.IN_PROGRESS) >= wanted)

    async def answering(self) -> None:
        """Candidates answer until the end; a late one is refused, whoever asks."""
        # A release that came late shifts every instant: ask the board, not the plan (§10.5).
        room = next(iter(self.scene.role(Role.CHIEF).client.board.rooms.values()))
        assert room.timing is not None, "the session has started"
        await self.scene.until(room.timing.admission_closes_ms + 1)
        refused = await self._try_door(self.scene.cast.late.ticket_no)
        if not isinstance(refused, Refusal) or refused.code is not RefusalCode.ADMISSION_CLOSED:
            raise RehearsalFailedError(f"a late candidate was not refused: {refused}")
        real_s = EXAM_MINUTES * 60 / self.scene.options.rate
        going_wrong = asyncio.create_task(self.faults.during_the_exam())
        try:
            await self.scene.board(
                lambda board: (
                    self._show_answers(board)
                    and bool(board.venue)
                    and session_state(board) == SessionState.ENDED
                ),
                timeout_s=real_s + STAGE_S,
            )
            await going_wrong
        finally:
            going_wrong.cancel()
        await self.faults.after_the_exam()

    def _show_answers(self, board: BoardState) -> bool:
        seats = [seat for room in board.seats.values() for seat in room.values()]
        handed_in = sum(seat.submit_kind is not None for seat in seats)
        at_risk = sum(seat.unsynced for seat in seats)
        self.scene.progress.note(
            f"已交卷 / handed in {handed_in} · 仅在本机 / only on stations {at_risk}"
        )
        return True

    async def collect(self) -> None:
        """Everything handed in is collected and backed up, read back (L01)."""
        done = (DataState.BACKED_UP, DataState.SEALED)
        await self.scene.board(
            lambda board: board.venue is not None and board.venue.data_state in done
        )
