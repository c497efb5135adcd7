"""The exam itself: timed release, answering, collection."""

import asyncio

import msgspec

from venue_server.client.console import BoardState
from venue_server.rehearsal.doors import Doors
from venue_server.rehearsal.during import During
from venue_server.rehearsal.faults import Faults
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.rehearsal.options import EXAM_MINUTES
from venue_server.rehearsal.scene import (
    STAGE_S,
    RehearsalFailedError,
    Scene,
    in_state,
    session_state,
)
from venue_server.wire.console_orders import ArmRelease, GetGoNoGo
from venue_server.wire.console_views import ReadyLine
from venue_server.wire.names import DataState, ReadyVerdict, Role, SessionState, SittingState


class Exam:
    """The stages from the release to verified backups."""

    def __init__(self, scene: Scene, faults: Faults, doors: Doors) -> None:
        self.scene = scene
        self.faults = faults
        self.doors = doors

    async def release(self) -> None:
        """Chief and administrator arm the release; at its point all papers open."""
        admin = self.scene.role(Role.SYSADMIN)
        await self._ready()
        await self.scene.role(Role.CHIEF).order(ArmRelease(0, SESSION_ID, admin.second()))
        self.scene.tell("二人启用释放 / the release is armed by two")
        await self.faults.before_the_release()
        await self.faults.at_the_release()
        wanted = self.scene.options.stations
        # On a slow day the release point is further away than any stage may take.
        await self.scene.until(self.scene.times.start_ms)
        await self.scene.board(lambda board: in_state(board, SittingState.IN_PROGRESS) >= wanted)
        self.scene.tell("试卷释放，开考 / released, the papers are open")

    async def _ready(self) -> None:
        """The chief reads the go/no-go board out: nothing says no (A01-A05, B03, E01)."""
        told = await self.scene.role(Role.CHIEF).order(GetGoNoGo(0, SESSION_ID))
        lines = msgspec.convert(told["lines"], list[ReadyLine])
        bad = [
            each for each in lines if each.verdict in (ReadyVerdict.NO_GO, ReadyVerdict.OVERRIDE)
        ]
        if bad:
            raise RehearsalFailedError(f"no-go: {bad}")

    async def answering(self) -> None:
        """Candidates answer until the end; a late one is refused, and more happens."""
        # A release that came late shifts every instant: ask the board, not the plan (§10.5).
        room = next(iter(self.scene.role(Role.CHIEF).client.board.rooms.values()))
        assert room.timing is not None, "the session has started"
        await self.scene.until(room.timing.admission_closes_ms + 1)
        await self.doors.late()
        real_s = EXAM_MINUTES * 60 / self.scene.options.rate
        going_wrong = asyncio.gather(self.faults.during_the_exam(), During(self.scene).play())
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
        self.scene.tell("考试结束 / the exam has ended")
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
        self.scene.tell("回收完成，备份已读回核对 / collected, the backup is read back")
