"""A venue whose session has two main forms, A and B by turns, and one sealed reserve."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from tests.journeys.venue.venue_machines import Console, Station
from tests.journeys.venue.venue_template import ADMIN_B, CHIEF, DAY, SEATS, Template
from tests.journeys.venue.venue_world import World
from venue_server.headquarters.release_token import load_release_secret
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.service_keys import load_headquarters
from venue_server.rehearsal.cast import Cast
from venue_server.rehearsal.headquarters_side import (
    RESERVE,
    SESSION_ID,
    TWO_FORMS_AND_A_RESERVE,
    VENUE_ID,
    Headquarters,
)
from venue_server.wire.canonical import canonical
from venue_server.wire.console_orders import ApproveReserve, ImportPlan
from venue_server.wire.intake_orders import CloseReceipt, ImportFolder, OpenReceipt
from venue_server.wire.signed import sign


def seal_forms(template: Template) -> None:
    """Seal form B and the reserve beside the template's form A, once a run."""
    headquarters = Headquarters(load_headquarters(template.folder / "headquarters"), "")
    public = (template.venue / "keys/venue.hpke.pub").read_text().strip()
    for paper in TWO_FORMS_AND_A_RESERVE[1:]:
        out = template.folder / f"sealed-{paper.form_id}"
        if not out.exists():
            headquarters.seal(sample_package_path(), out, public, DAY, paper)


class Forms:
    """What tests do with forms, beside what any world can do."""

    def __init__(self, world: World) -> None:
        self.world = world

    def form_of(self, seat_no: str) -> str:
        """Neighbours alternate."""
        return "AB"[(int(seat_no) - 1) % 2]

    @property
    def cast(self) -> Cast:
        cast = self.world.cast
        candidates = [
            msgspec.structs.replace(each, form_id=self.form_of(each.seat_no))
            for each in cast.candidates
        ]
        return Cast(cast.rooms, cast.seats, candidates, cast.staff, SEATS)

    async def plan(self, admin: Console) -> dict[str, object]:
        """Import the plan that names the three papers."""
        file = self.world.folder / "plan.signed.json"
        self.world.headquarters.write_plan(self.cast, DAY, file, TWO_FORMS_AND_A_RESERVE)
        return await admin.order(ImportPlan(0, str(file), self.world.second(ADMIN_B)))

    def sealed(self, form_id: str) -> Path:
        """The folder with what left headquarters of one form."""
        folder = self.world.template.folder
        return folder / ("sealed" if form_id == "A" else f"sealed-{form_id}")

    def code_shares(self, form_id: str) -> list[str]:
        """The two custodians' words for one form."""
        files = sorted((self.sealed(form_id) / "headquarters").glob("code-share-*.txt"))
        return [file.read_text().splitlines()[1] for file in files]

    def medium(self, *form_ids: str) -> Path:
        """One medium with the manifests and three fragments of these forms."""
        folder = self.world.folder / f"medium-{'-'.join(form_ids)}"
        folder.mkdir()
        for form_id in form_ids:
            venue = self.sealed(form_id) / "venue"
            shutil.copy(venue / "manifest.json", folder / f"{form_id}.manifest.json")
            for fragment in sorted(venue.glob("*.kdfrag"))[1:4]:
                shutil.copy(fragment, folder)
        return folder

    async def receive(self, admin: Console, *form_ids: str) -> dict[str, object]:
        """Supervised receipt of these forms from one medium."""
        self.world.go(DAY.at(-60))
        await admin.order(OpenReceipt(0, SESSION_ID, self.world.second(CHIEF)))
        result = await admin.order(ImportFolder(0, str(self.medium(*form_ids))))
        await admin.order(CloseReceipt(0, self.world.second(CHIEF)))
        return result

    def approval(self, **changes: object) -> Path:
        """Headquarters' signed approval of the reserve, as a file."""
        payload = {
            "type": "kaodian.reserve-approval",
            "version": "1.0",
            "venue_id": VENUE_ID,
            "session_id": SESSION_ID,
            "paper_id": RESERVE.paper_id,
            "form_id": RESERVE.form_id,
            "reason": "第一考场试卷图像缺失",
            "approved_by": "考区主任 测试",
            **changes,
        }
        file = self.world.folder / "approval.json"
        file.write_bytes(canonical(sign(payload, self.world.keys.signing)))
        return file

    def approve(self, second: str = CHIEF, **changes: str) -> ApproveReserve:
        """The zone director's order."""
        fields = {"paper_id": RESERVE.paper_id, "form_id": RESERVE.form_id, "reason": "试卷缺陷"}
        words = {**fields, **changes}
        return ApproveReserve(0, SESSION_ID, second=self.world.second(second), **words)

    def package_state(self, form_id: str) -> str:
        """What became of a form, as the store has it."""
        with closing(sqlite3.connect(self.world.data / "venue.sqlite")) as store:
            query = "SELECT state FROM package WHERE form_id = ?"
            return str(store.execute(query, (form_id,)).fetchone()[0])

    def secret(self, form_id: str) -> str:
        """Headquarters' release secret of a form, base64."""
        file = self.sealed(form_id) / "headquarters" / "release-secret.json"
        return load_release_secret(file).release_secret

    async def stations(self, admin: Console, *places: tuple[str, str]) -> list[Station]:
        """Stations at these places, each holding its paper."""
        made = [await self.world.station(admin, *place) for place in places]
        for station in made:
            await station.fetch()
        return made
