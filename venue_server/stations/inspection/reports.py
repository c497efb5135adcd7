"""What stations tell of themselves: kept per machine, asked for, and their network probed (C08).

Facts are durable; probes are only of now. A station is asked by message and answers when it can.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from secrets import token_hex

import msgspec
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.stations.inspection import store as rows
from venue_server.storage.engine import Store
from venue_server.wire.frames import Message
from venue_server.wire.inspection_orders import (
    RunStationCheck,
    StationEcho,
    StationFacts,
    StationProbe,
)

ANSWER_WITHIN_S = 20.0
ECHO_WITHIN_S = 3.0
PROBES = 5
MAX_FINDINGS = 64
MAX_TEXT = 200


@dataclass
class Probed:
    """The last probing of one station. ``offset_ms`` is real, the station's time less ours."""

    sent: int = 0
    round_trips: list[float] = field(default_factory=list)
    offset_ms: float | None = None


class StationReports:
    """``send`` sends to a connected station; ``steady_ms`` is a clock that never jumps, ``rate``
    exam milliseconds per real one."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        now_ms: Callable[[], int],
        steady_ms: Callable[[], float],
        rate: Callable[[], float],
        send: Callable[[str, Message], None],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._now_ms = now_ms
        self._steady_ms = steady_ms
        self._rate = rate
        self._send = send
        self._told = store.read(rows.told)
        self._probed: dict[str, Probed] = {}
        self._awaited: dict[int, tuple[str, asyncio.Future[None]]] = {}
        self._echoes: dict[int, tuple[str, float, asyncio.Future[None]]] = {}
        self._number = 0
        self._probing = asyncio.Lock()
        self._away: set[str] = set()  # went while it was asked or probed

    def of(self, machine_id: str) -> rows.Told:
        """What a station told last."""
        return self._told.get(machine_id, rows.Told())

    def probed(self, machine_id: str) -> Probed:
        """Its last probing."""
        return self._probed.get(machine_id, Probed())

    # ---- what comes ----------------------------------------------------------------------

    async def take(self, machine_id: str, facts: StationFacts) -> None:
        """A station told its facts; durable before whoever asked goes on."""
        known = _bounded(facts)
        before = self.of(machine_id).facts
        at_ms = self._now_ms()

        def run(tx: Connection) -> None:
            rows.keep_facts(tx, machine_id, at_ms, known)
            if _trace(before) != _trace(known):
                self._record(tx, machine_id, known)

        await self._store.write(run)
        # Read again: a token may have been ordered while the facts were being written.
        self._told[machine_id] = rows.Told(at_ms, known, self.of(machine_id).token)
        waiting = self._awaited.pop(facts.re, None) if facts.re else None
        if waiting is not None and waiting[0] == machine_id and not waiting[1].done():
            waiting[1].set_result(None)

    def _record(self, tx: Connection, machine_id: str, facts: StationFacts) -> None:
        self._ledger.record(
            tx,
            Event.STATION_CHECKED,
            machine_id,
            app=facts.app_sha256,
            system=facts.os_build,
            failed=[each.check_id for each in facts.findings if each.verdict == "FAIL"],
            calibrated=facts.calibrated,
        )

    def echo(self, machine_id: str, echo: StationEcho) -> None:
        """A probe came back."""
        asked = self._echoes.pop(echo.re, None)
        if asked is None or asked[0] != machine_id:
            return
        _machine, sent_ms, done = asked
        probed = self._probed[machine_id]
        trip = self._steady_ms() - sent_ms
        best = not probed.round_trips or trip < min(probed.round_trips)
        probed.round_trips.append(trip)
        if best and echo.exam_ms:
            # The quickest answer knows best; it was given about half a round trip ago.
            rate = self._rate() or 1.0
            probed.offset_ms = (echo.exam_ms - self._now_ms()) / rate + trip / 2
        if not done.done():
            done.set_result(None)

    def gone(self, machine_id: str) -> None:
        """Its connection ended: nobody waits for its answers any more."""
        self._away.add(machine_id)
        awaited = [done for machine, done in self._awaited.values() if machine == machine_id]
        echoes = [done for machine, _at, done in self._echoes.values() if machine == machine_id]
        for done in (*awaited, *echoes):
            if not done.done():
                done.set_result(None)

    # ---- what is asked -------------------------------------------------------------------

    async def ask(self, machine_ids: Iterable[str], renew: bool, person: str) -> None:
        """Have connected stations check themselves; waits until all answered, or a while. Each gets
        a token for the restart test; with ``renew`` a new one."""
        asked = []
        for machine_id in machine_ids:
            self._away.discard(machine_id)
            token = self.of(machine_id).token
            if renew or not token:
                token = await self._new_token(machine_id, person)
            self._number += 1
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._awaited[self._number] = (machine_id, done)
            asked.append((self._number, done))
            self._send(machine_id, RunStationCheck(self._number, token))
        if asked:
            await asyncio.wait([done for _n, done in asked], timeout=ANSWER_WITHIN_S)
        for number, _done in asked:
            self._awaited.pop(number, None)

    async def _new_token(self, machine_id: str, person: str) -> str:
        """Saved before it is sent: a station with a token nobody knows would look restored."""
        token, at_ms = token_hex(8), self._now_ms()

        def run(tx: Connection) -> None:
            rows.keep_token(tx, machine_id, at_ms, token)
            self._ledger.record(tx, Event.RESTART_TEST, person, machine=machine_id)

        await self._store.write(run)
        known = self.of(machine_id)
        self._told[machine_id] = rows.Told(known.at_ms or at_ms, known.facts, token)
        return token

    async def probe(self, machine_ids: Iterable[str]) -> None:
        """Probe connected stations, each probe after the one before came back or was lost."""
        ids = list(machine_ids)
        async with self._probing:  # two at once would count each other's probes
            for machine_id in ids:
                self._probed[machine_id] = Probed()
            for _ in range(PROBES if ids else 0):
                sent = [
                    self._probe(machine_id) for machine_id in ids if machine_id not in self._away
                ]
                if not sent:
                    break
                await asyncio.wait([done for _n, done in sent], timeout=ECHO_WITHIN_S)
                for number, _done in sent:
                    self._echoes.pop(number, None)

    def _probe(self, machine_id: str) -> tuple[int, "asyncio.Future[None]"]:
        self._number += 1
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._probed[machine_id].sent += 1
        self._echoes[self._number] = (machine_id, self._steady_ms(), done)
        self._send(machine_id, StationProbe(self._number))
        return self._number, done


def _trace(facts: StationFacts | None) -> object:
    """What is worth an entry in the ledger when it changes."""
    if facts is None:
        return None
    failed = sorted(each.check_id for each in facts.findings if each.verdict == "FAIL")
    return facts.app_sha256, facts.os_build, failed, facts.calibrated


def _bounded(facts: StationFacts) -> StationFacts:
    """A station may say anything: no more of it is kept than a person would read."""

    def cut(text: str) -> str:
        return text[:MAX_TEXT]

    findings = [
        msgspec.structs.replace(
            each,
            check_id=cut(each.check_id),
            expected=cut(each.expected),
            measured=cut(each.measured),
            verdict=cut(each.verdict),
        )
        for each in facts.findings[:MAX_FINDINGS]
    ]
    return msgspec.structs.replace(
        facts,
        app_version=cut(facts.app_version),
        app_sha256=facts.app_sha256[:64],
        os_build=cut(facts.os_build),
        screen=cut(facts.screen),
        token=cut(facts.token),
        removable=[cut(each) for each in facts.removable[:MAX_FINDINGS]],
        findings=findings,
    )
