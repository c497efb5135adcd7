"""The venue-sealing inspection (封场检测): a failure found, corrected, run again, sealed by two."""

import asyncio

import msgspec

from venue_server.ledger.catalogue import Event
from venue_server.rehearsal.scene import RehearsalFailedError, Scene
from venue_server.wire.frames import Message
from venue_server.wire.inspection_orders import (
    AnswerCheck,
    CheckStations,
    GetInspection,
    SealVenue,
    StartInspection,
)
from venue_server.wire.names import Role

READY_S = 60.0
LOOK_S = 0.2
FAULTY = 0  # the station that somebody has cabled to the Internet
FOUND = "STA-INTERNET"


class _Check(msgspec.Struct, frozen=True):
    check_id: str
    verdict: str
    measured: str
    names: list[str]
    asked: bool


class _Station(msgspec.Struct, frozen=True):
    seat: str
    online: bool


class _Inspected(msgspec.Struct, frozen=True):
    """What the rehearsal reads of the answer to GetInspection."""

    state: str
    checks: list[_Check]
    open: list[str]
    stations: list[_Station]


class Sealing:
    """From the first look to the seal."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def inspect(self) -> None:
        """Everything is measured once; what is wrong is found."""
        await self._all_online()
        await self.scene.deed("cable", FAULTY)
        await self._look(CheckStations(0, restart_test=True))
        await self._restart_all()
        found = await self._look(GetInspection(0))
        admin = self.scene.role(Role.SYSADMIN)
        for check in found.checks:
            if check.asked:
                await admin.order(AnswerCheck(0, check.check_id, True, "已查看"))
        found = await self._look(StartInspection(0))
        (internet,) = (each for each in found.checks if each.check_id == FOUND)
        if internet.verdict != "FAIL":
            raise RehearsalFailedError(f"{FOUND} was not found: {internet.measured}")
        self.scene.tell(f"检测不合格 {FOUND} {'、'.join(internet.names)} / a check failed")
        passed = sum(each.verdict == "OK" for each in found.checks)
        self.scene.progress.note(f"{passed} / {len(found.checks)}")

    async def seal(self) -> None:
        """Corrected, run again, and sealed by administrator and chief (C08-C10). A real window of
        ``--show`` cannot be restarted for the restart test: such a venue stays unsealed."""
        await self.scene.deed("no-cable", FAULTY)
        await self._all_online()
        found = await self._corrected()
        if found.open and self.scene.options.show:
            self.scene.tell(f"不封场：{'、'.join(found.open)} / not sealed, a window takes part")
            return
        if found.open:
            bad = [each for each in found.checks if each.check_id in found.open]
            told = ", ".join(f"{each.check_id} {each.measured} {each.names}" for each in bad)
            raise RehearsalFailedError(f"the venue cannot be sealed: {told}")
        chief = self.scene.role(Role.CHIEF)
        found = await self._look(SealVenue(0, chief.second()))
        self.scene.tell(f"已封场 {found.state} / the venue is sealed by two")

    async def _corrected(self) -> _Inspected:
        """What failed is measured again until nothing is open, as people do who correct it."""
        deadline = asyncio.get_running_loop().time() + READY_S / 2
        while True:
            found = await self._look(StartInspection(0, only_failed=True))
            if not found.open or asyncio.get_running_loop().time() > deadline:
                return found
            await asyncio.sleep(LOOK_S)

    async def _restart_all(self) -> None:
        """Every station is restarted: their disks must keep what was written (C11)."""
        before = self.scene.told(Event.STATION_UP)
        await self.scene.deed("restart")
        await self.scene.recorded(Event.STATION_UP, before + len(self.scene.places))
        await self._all_online()

    async def _all_online(self) -> None:
        async with asyncio.timeout(READY_S):
            found = await self._look(GetInspection(0))
            while not all(each.online for each in found.stations):
                await asyncio.sleep(LOOK_S)
                found = await self._look(GetInspection(0))

    async def _look(self, message: Message) -> _Inspected:
        done = await self.scene.role(Role.SYSADMIN).order(message)
        return msgspec.convert(done, _Inspected)
