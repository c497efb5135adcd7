"""Watches the seal until the exam begins: all the time, thoroughly at T-120, T-60 and T-5 (C10).

During an exam nothing breaks the seal: stations fail and are swapped then, which has records of its
own. The next session's checks find the difference.
"""

import asyncio
import math

from venue_server.gateway.inspecting import Inspecting
from venue_server.ledger.catalogue import Event
from venue_server.sitting.rows import Session
from venue_server.sitting.states import BEFORE_START
from venue_server.stations.inspection import server_io
from venue_server.stations.inspection.drift import drift
from venue_server.stations.inspection.findings import open_checks
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.day_records import OpenPoint
from venue_server.wire.inspection_orders import SealState
from venue_server.wire.names import Mode, Role
from venue_server.wire.remarks import RemarkCode, remark

WATCH_S = 1.0
REST_S = 0.01
"""Past the instant: a timer may fire a little early."""
CHECKS_MIN = (120, 60, 5)
MINUTE_MS = 60_000
WHO = [Role.SYSADMIN, Role.CHIEF]


def due(start_ms: int, now_ms: int, done: frozenset[int]) -> int | None:
    """The minutes before the start of the check that is due now; a missed earlier one is not made
    up for, the later one sees the same."""
    past = [each for each in CHECKS_MIN if now_ms >= start_ms - each * MINUTE_MS]
    newest = min(past, default=None)
    return newest if newest is not None and newest not in done else None


def rest_s(start_ms: int, now_ms: int, rate: float) -> float:
    """Real seconds until the next look: a check is not late by a whole look, which in a rehearsal's
    fast day are minutes."""
    ahead = [start_ms - each * MINUTE_MS - now_ms for each in CHECKS_MIN]
    soonest_ms = min((each for each in ahead if each > 0), default=math.inf)
    return min(WATCH_S, soonest_ms / 1000 / rate + REST_S)


class SealKeeper:
    """One loop. What it knows survives nothing: after a restart the check is made again."""

    def __init__(self, inspecting: Inspecting) -> None:
        self._inspecting = inspecting
        self._parts = inspecting.parts
        self._done: dict[str, frozenset[int]] = {}
        self._outside: list[str] = []
        self._on_battery: float | None = None  # its charge in per cent; None: on mains, or unknown

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._devices()
            on_mains, charge = server_io.power()
            self._on_battery = charge if on_mains is False else None
            session = self._parts.sittings.current_session()
            if session is None or session.state in BEFORE_START:
                await self._look(session)
            await asyncio.sleep(self._rest_s(session))

    async def _look(self, session: Session | None) -> None:
        if self._parts.inspection.sealed is None:
            return
        minutes = self._due(session)
        if minutes is not None and session is not None:
            await self._inspecting.ask_stations("")
        sealed = self._parts.inspection.sealed  # asking took a while
        if sealed is None:
            return
        now, limits = self._inspecting.venue_now(), self._inspecting.limits()
        reasons = drift(sealed, now, limits, thorough=minutes is not None)
        if minutes is not None and session is not None:
            done = self._done.get(session.session_id, frozenset())
            self._done[session.session_id] = done | {minutes}
            await self._parts.ledger.note(
                Event.SEAL_CHECKED,
                session=session.session_id,
                minutes_before=minutes,
                holds=not reasons,
            )
        if reasons and await self._parts.inspection.break_seal(reasons):
            self._parts.hub.venue_changed()

    def _rest_s(self, session: Session | None) -> float:
        if session is None:
            return WATCH_S
        clock = self._parts.clock
        return rest_s(session.planned.start_ms, clock.now_ms(), clock.rate)

    def _due(self, session: Session | None) -> int | None:
        if session is None:
            return None
        done = self._done.get(session.session_id, frozenset())
        return due(session.planned.start_ms, self._parts.clock.now_ms(), done)

    async def _devices(self) -> None:
        """Receiving devices that come or stay outside a receipt leave a trace (D03)."""
        now = self._inspecting.machine.out_of_place()
        if now and now != self._outside:
            await self._parts.ledger.note(Event.DEVICES_OUTSIDE, names=now)
        self._outside = now

    # ---- what others are told ------------------------------------------------------------

    def alarms(self) -> list[Alarm]:
        """A broken seal, receiving devices outside their time, a power cut (C12)."""
        told = []
        seal = self._parts.inspection.seal_now
        if seal.state is SealState.SEAL_BROKEN:
            reasons = ", ".join(each.code.value for each in seal.remarks)
            told.append(Alarm(AlarmCode.SEAL_BROKEN, {"reasons": reasons}))
        if self._outside:
            told.append(Alarm(AlarmCode.DEVICES_OUTSIDE, {"names": ", ".join(self._outside)}))
        if self._on_battery is not None:
            told.append(Alarm(AlarmCode.ON_BATTERY, {"percent": f"{self._on_battery:.0f}"}))
        return told

    def open_points(self, _session_id: str) -> list[OpenPoint]:
        """What the close check is told. The inspection keeps no answers from being sealed."""
        inspection = self._parts.inspection
        state = inspection.seal_now.state
        if state is SealState.SEAL_BROKEN:
            return [OpenPoint("C10", remark(RemarkCode.SEAL_IS_BROKEN), WHO)]
        if state is SealState.SEALED or self._parts.mode is not Mode.LIVE:
            return []  # a rehearsal may do without (E07)
        told = [OpenPoint("C08", remark(RemarkCode.VENUE_NOT_SEALED), WHO)]
        if state is SealState.INSPECTED and (checks := open_checks(inspection.results())):
            said = remark(RemarkCode.CHECKS_OPEN, checks=", ".join(checks))
            told.append(OpenPoint("C09", said, WHO))
        return told
