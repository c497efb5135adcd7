"""The day's documents: the signed plan, the sealed papers, their supervised receipt (D01-D19)."""

import asyncio
import json
import shutil
from pathlib import Path

from venue_server.headquarters.service_papers import publish_package
from venue_server.rehearsal.headquarters_side import SESSION_ID, TWO_FORMS_AND_A_RESERVE
from venue_server.rehearsal.options import BEFORE_MINUTES, DayTimes
from venue_server.rehearsal.roster import planned
from venue_server.rehearsal.scene import RehearsalFailedError, Scene, stations_ready
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.intake_orders import (
    CloseReceipt,
    FetchPackages,
    GetIntake,
    ImportFolder,
    MoveMedium,
    OpenReceipt,
    RegisterMedium,
    SignReceiptSheet,
)
from venue_server.wire.names import Role

DEVICE = "rehearsal-receiver-1"
DAY_MINUTES = 24 * 60
# Real seconds for what must be done before the day's own time begins: accounts, inspection, seal.
PREPARING_S = 4.0
PREPARING_EACH_S = 0.1  # for every station more


class Papers:
    """From the plan to verified ciphertext at every station."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def plan(self) -> None:
        """Headquarters seals two forms and a reserve and signs the plan with its roster; two
        administrators import it."""
        scene = self.scene
        now = await scene.venue_time()
        # What comes before takes real time, and the release point is inside what is sealed.
        scene.times = DayTimes(now + self._room_ms() + BEFORE_MINUTES * 60_000)
        venue_public = (scene.venue / "keys/venue.hpke.pub").read_text().strip()
        for paper in TWO_FORMS_AND_A_RESERVE:
            sealed = scene.folder / "sealed" / paper.form_id
            await asyncio.to_thread(
                scene.headquarters.seal,
                scene.options.package,
                sealed,
                venue_public,
                scene.times,
                paper,
            )
            publish_package(scene.headquarters.keys.data_dir, sealed / "venue")
        plan = scene.headquarters.write_plan(
            scene.cast,
            scene.times,
            scene.folder / "plan.signed.json",
            TWO_FORMS_AND_A_RESERVE,
            venue_public,
            planned(scene.cast.staff),
        )
        second = scene.role(Role.SYSADMIN, 1).second()
        await scene.role(Role.SYSADMIN).order(ImportPlan(0, str(plan), second))
        scene.tell("考务计划已导入 / the signed plan is imported by two")

    def _room_ms(self) -> int:
        sealing_s = len(TWO_FORMS_AND_A_RESERVE) * (1.0 + _size_mb(self.scene.options.package) / 10)
        preparing_s = PREPARING_S + PREPARING_EACH_S * len(self.scene.places)
        return int(self.scene.options.rate * 1000 * (sealing_s + preparing_s))

    async def device_out(self) -> None:
        """The keeper hands the receiving device to the operator, both sign (D03)."""
        keeper, user = self.scene.role(Role.DEPUTY), self.scene.role(Role.SYSADMIN)
        people = (keeper.person.person_id, user.person.person_id)
        valid = self.scene.times.at(-DAY_MINUTES), self.scene.times.at(DAY_MINUTES)
        register = RegisterMedium(
            0, "DEVICE", "", DEVICE, "接收设备 01", *people, *valid, keeper.second()
        )
        await user.order(register)
        await keeper.order(MoveMedium(0, DEVICE, False, user.second()))
        self.scene.tell("接收设备发出 / the receiving device is handed out")

    async def device_back(self) -> None:
        """And it comes back to its keeper (D03)."""
        user = self.scene.role(Role.SYSADMIN)
        await self.scene.role(Role.DEPUTY).order(MoveMedium(0, DEVICE, True, user.second()))
        self.scene.tell("接收设备收回 / the receiving device is back with its keeper")

    async def intake(self) -> None:
        """Two of five fragments of every form on a medium, in the wrong order; headquarters' mirror
        has the rest. The chief signs for what is here."""
        await self.device_out()
        medium = self._medium()
        operator, supervisor = self.scene.role(Role.SYSADMIN), self.scene.role(Role.CHIEF)
        await operator.order(OpenReceipt(0, SESSION_ID, supervisor.second()))
        await operator.order(ImportFolder(0, str(medium)))
        result = await operator.order(FetchPackages(0))
        if result.get("state") != "COMPLETE":
            raise RehearsalFailedError(f"intake: {json.dumps(result, ensure_ascii=False)}")
        await operator.order(CloseReceipt(0, supervisor.second()))
        sheet = (await operator.order(GetIntake(0, SESSION_ID)))["sheet"]
        assert isinstance(sheet, dict), "as the protocol says"
        await supervisor.order(SignReceiptSheet(0, SESSION_ID, str(sheet["code"])))
        self.scene.tell("碎片齐全，主考签收 / every fragment is here, the chief signed")

    def _medium(self) -> Path:
        medium = self.scene.folder / "medium"
        medium.mkdir()
        for paper in TWO_FORMS_AND_A_RESERVE:
            sealed = self.scene.folder / "sealed" / paper.form_id / "venue"
            fragments = sorted(sealed.glob("*.kdfrag"))
            for path in (fragments[4], fragments[0]):
                shutil.copy(path, medium)
            shutil.copy(sealed / "manifest.json", medium / f"{paper.form_id}.manifest.json")
        return medium

    async def distribute(self) -> None:
        """Every station holds verified ciphertext (E02)."""
        wanted = len(self.scene.places)
        await self.scene.board(lambda board: stations_ready(board) >= wanted)
        self.scene.tell(f"{wanted} 台考试机密文校验通过 / every station verified its ciphertext")


def _size_mb(package: Path) -> float:
    files = [package] if package.is_file() else [p for p in package.rglob("*") if p.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
