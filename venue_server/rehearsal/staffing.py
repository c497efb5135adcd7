"""The people of the day: one-time codes, declarations, a recusal, the draw of rooms (B02, B03)."""

import asyncio

from venue_server.rehearsal.cast import Person
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.rehearsal.options import BEFORE_MINUTES
from venue_server.rehearsal.roster import FOUNDERS
from venue_server.rehearsal.scene import RehearsalFailedError, Scene
from venue_server.rehearsal.windows import invitation
from venue_server.wire.duty_orders import StaffHere
from venue_server.wire.frames import Second
from venue_server.wire.names import Role
from venue_server.wire.people_orders import (
    DecideRecusal,
    DeclareRecusal,
    DrawRooms,
    GetPeople,
    IssueCode,
    RecordAgreement,
)
from venue_server.wire.refusals import Refusal, RefusalCode


class Staffing:
    """What happens to people before they stand in their rooms."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def accounts(self) -> None:
        """Everybody of the signed roster gets a code that two people issued, and sets a password;
        their undertakings are on record (B05)."""
        admin, chief = self.scene.role(Role.SYSADMIN), self.scene.role(Role.CHIEF)
        for person in self.scene.cast.staff:
            actor = self.scene.actor(person)
            if person.person_id not in FOUNDERS:
                issued = await admin.order(IssueCode(0, person.person_id, chief.second()))
                await actor.open_account(str(issued["code"]))
            await chief.order(RecordAgreement(0, person.person_id, "责任书 演练"))
        self.scene.tell(f"{len(self.scene.cast.staff)} 人开通账号 / accounts opened")

    async def declare(self) -> None:
        """Everybody signs in and declares; one has a relative in a room and is recused from it."""
        chief = self.scene.role(Role.CHIEF)
        related = self.scene.cast.person(Role.INVIGILATOR)
        about = self.scene.cast.present[0]
        others = [each for each in self.scene.cast.staff if each is not related]
        await asyncio.gather(*(self._sign_in(each) for each in self.scene.cast.staff))
        for person in others:
            await self.scene.actor(person).order(DeclareRecusal(0, SESSION_ID, "NONE"))
        told = DeclareRecusal(0, SESSION_ID, "CANDIDATE", about.ticket_no, "应试人员是其侄女")
        await self.scene.actor(related).order(told)
        early = await chief.attempt(DrawRooms(0, SESSION_ID, self._deputy()))
        if not isinstance(early, Refusal) or early.code is not RefusalCode.RECUSAL_UNDECIDED:
            raise RehearsalFailedError(f"rooms were drawn over an open recusal: {early}")
        room = about.room_id
        word = DecideRecusal(0, SESSION_ID, related.person_id, "ROOMS", "亲属在该考场", [room])
        await chief.order(word)
        self.scene.tell(f"回避：{related.person_id} 不进 {room} 考场 / recused from a room")

    async def _sign_in(self, person: Person) -> None:
        actor = self.scene.actor(person)
        if actor.client.signed_in is None:
            await actor.sign_in()

    async def draw(self) -> None:
        """The chief draws the rooms before the staff meeting's eyes, the deputy confirms (B02)."""
        await self.scene.until(self.scene.times.at(-BEFORE_MINUTES))
        await self._show_badges()
        chief = self.scene.role(Role.CHIEF)
        done = await chief.order(DrawRooms(0, SESSION_ID, self._deputy()))
        rooms = done["rooms"]
        assert isinstance(rooms, dict), "as the protocol says"
        self.scene.rooms = {str(room): list(people) for room, people in rooms.items()}
        for room, people in self.scene.rooms.items():
            self.scene.tell(f"抽签：{room} 考场 {'、'.join(people)} / drawn")
        if self.scene.options.show:
            for line in invitation(self.scene):
                self.scene.progress.line(line)

    async def _show_badges(self) -> None:
        """Everybody shows a badge at the door of the staff meeting: only who is here is drawn."""
        admin = self.scene.role(Role.SYSADMIN)
        people = (await admin.order(GetPeople(0, SESSION_ID)))["people"]
        assert isinstance(people, list), "as the protocol says"
        badges = {each["person_id"]: each["badge_no"] for each in people}
        for person in self.scene.cast.staff:
            shown = badges.get(person.person_id) or person.person_id
            await admin.order(StaffHere(0, shown, here=True))
        self.scene.tell(f"{len(self.scene.cast.staff)} 人凭证章签到 / signed in by badge")

    def _deputy(self) -> Second:
        return self.scene.role(Role.DEPUTY).second()
