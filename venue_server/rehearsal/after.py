"""After the exam: records, sealing, upload, wiping."""

import asyncio
import json
import time

import msgspec

from venue_server.rehearsal.doors import Doors
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.rehearsal.people import Actor
from venue_server.rehearsal.scene import STAGE_S, RehearsalFailedError, Scene, session_state
from venue_server.wire.console_orders import (
    ConfirmExit,
    GetRoomRecord,
    GetStatus,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    WipeSession,
)
from venue_server.wire.incident_orders import (
    AddToIncident,
    CloseIncident,
    GetIncidents,
    ReportIncident,
)
from venue_server.wire.incidents import IncidentFacts, IncidentView
from venue_server.wire.names import Role, SessionState, SittingState
from venue_server.wire.record_orders import (
    AnswerRecordPoint,
    EditRoomRecord,
    GetCloseCheck,
    WrittenField,
)
from venue_server.wire.refusals import Refusal


class _Point(msgspec.Struct, frozen=True):
    point: str
    answered: bool


class _Record(msgspec.Struct, frozen=True):
    points: list[_Point]


class _Incidents(msgspec.Struct, frozen=True):
    incidents: list[IncidentView]


class After:
    """The stages that people order after the end."""

    def __init__(self, scene: Scene, doors: Doors) -> None:
        self.scene = scene
        self.doors = doors

    async def records(self) -> None:
        """Candidates leave; what happened gets its result; attendance and answers are compared; the
        sheets are filled in, validated and signed by both invigilators and the chief."""
        chief = self.scene.role(Role.CHIEF)
        await self._close_incidents(chief)
        await self.doors.give_back()
        for room in self.scene.cast.rooms:
            first = self.scene.invigilator(room.room_id)
            for seat in list(chief.client.board.seats.get(room.room_id, {}).values()):
                if seat.state is SittingState.SUBMITTED:
                    await first.order(ConfirmExit(0, room.room_id, seat.sitting_id))
        result = await chief.order(Reconcile(0, SESSION_ID))
        if not result.get("consistent", True):
            raise RehearsalFailedError(f"reconcile: {json.dumps(result, ensure_ascii=False)}")
        for room in self.scene.cast.rooms:
            await self._look_at_points(chief, room.room_id)
            await self._fill_in(room.room_id)
            await self._sign(room.room_id)

    async def _fill_in(self, room_id: str) -> None:
        field, text = WrittenField.REMARKS, "全程正常，异常情况见上 / as told above"
        why = "据实填写 / as it was"
        await self.scene.invigilator(room_id).order(
            EditRoomRecord(0, room_id, field, "", text, why)
        )

    async def _sign(self, room_id: str) -> None:
        """What is signed is what is on the sheet at that moment: nobody signs an older one."""
        room = [self.scene.invigilator(room_id, which) for which in (0, 1)]
        for actor in [*room, self.scene.role(Role.CHIEF)]:
            record = await actor.order(GetRoomRecord(0, room_id))
            await actor.order(SignRoomRecord(0, room_id, str(record.get("content_hash"))))
        self.scene.tell(f"{room_id} 考场情况记录单已签 / the sheet is signed by all three")

    async def _close_incidents(self, chief: Actor) -> None:
        """What opened by itself is completed, reported where it must be, and closed (I01, B07)."""
        told = msgspec.convert(await chief.order(GetIncidents(0, SESSION_ID)), _Incidents)
        for one in told.incidents:
            if one.closed_at_ms:
                continue
            self.scene.tell(f"突发事件 {one.incident_id} {one.kind}：{one.facts.what}")
            now = int(chief.client.clock.now_ms())
            facts = IncidentFacts(cause="演练设定", action="按预案处置", ended_at_ms=now)
            await chief.order(AddToIncident(0, one.room_id, one.incident_id, facts))
            await chief.order(ReportIncident(0, one.incident_id, "总部", "电话", "演练"))
            await chief.order(CloseIncident(0, one.incident_id, "作答无丢失，已恢复"))

    async def _look_at_points(self, chief: Actor, room_id: str) -> None:
        """The chief looks at everyone the list names (K07)."""
        record = msgspec.convert(await chief.order(GetRoomRecord(0, room_id)), _Record)
        points = [each.point for each in record.points if not each.answered]
        if points:
            await chief.order(AnswerRecordPoint(0, room_id, points))

    async def seal(self) -> None:
        """Chief and administrator seal the session (K01, L03). What opened by itself since the
        sheets were signed (a clock in dispute on a busy machine) is closed, and they sign again."""
        chief, admin = self.scene.role(Role.CHIEF), self.scene.role(Role.SYSADMIN)
        order = SealSession(0, SESSION_ID, admin.second())
        if isinstance(await chief.attempt(order), Refusal):
            await self._close_incidents(chief)
            for room in self.scene.cast.rooms:
                await self._look_at_points(chief, room.room_id)
                await self._sign(room.room_id)
            await chief.order(order)
        self.scene.tell("密封 / sealed by two")

    async def upload(self) -> None:
        """The bundle goes to headquarters until its receipt matches (L08)."""
        await self.scene.role(Role.SYSADMIN).order(UploadSession(0, SESSION_ID))
        await self.scene.board(lambda board: session_state(board) == SessionState.UPLOADED)
        status = await self.scene.role(Role.SYSADMIN).order(GetStatus(0))
        self.scene.released_at_ms = int(str(status.get("released_at_ms") or 0))
        self.scene.tell("上报完成，回执相符 / uploaded, the receipt matches")

    async def wipe(self) -> None:
        """Two people destroy keys and papers, at the venue and the stations (L11)."""
        chief = self.scene.role(Role.CHIEF)
        await self.scene.role(Role.SYSADMIN).order(WipeSession(0, SESSION_ID, chief.second()))
        deadline = time.monotonic() + STAGE_S
        while self.scene.events.wiped < len(self.scene.places):
            if time.monotonic() > deadline:
                raise RehearsalFailedError("not every station wiped its paper")
            await asyncio.sleep(0.05)
        self.scene.tell("清除完成 / keys and papers are destroyed")

    async def close_check(self) -> None:
        """The ten points of the day's end: nothing is open (docs/records.md)."""
        chief = self.scene.role(Role.CHIEF)
        deadline = time.monotonic() + STAGE_S
        # Stations say that they wiped before their word of it is kept at the server; and what
        # opened by itself since the records were signed is closed, also while this is waited for.
        while not (told := await chief.order(GetCloseCheck(0, SESSION_ID)))["closed"]:
            if time.monotonic() > deadline:
                raise RehearsalFailedError(f"close check: {told['next']}")
            await self._close_incidents(chief)
            await asyncio.sleep(0.5)
        self.scene.tell("收场核对：无未结事项 / the close check says nothing is open")
