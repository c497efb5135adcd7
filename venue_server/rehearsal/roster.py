"""The staff of a rehearsed day, as headquarters' signed plan names them (A01-A15, B01).

Nobody has a room before the draw. Three open the venue with the command line; everybody else comes
into being with the plan and sets a password with a code that two people issued.
"""

import secrets
from collections.abc import Sequence

from venue_server.rehearsal.cast import Person
from venue_server.sitting.plan import PlannedStaff, Room
from venue_server.staff.draw import PER_ROOM
from venue_server.wire.names import Role

SURPLUS = 2  # one of them will be recused, one stays as a spare
FOUNDERS = ("chief-1", "admin-a", "admin-b")
"""Those who are there before any plan: they import it."""


def day_staff(rooms: Sequence[Room]) -> list[Person]:
    """Everybody who works on the day."""

    def person(person_id: str, name: str, role: Role, *area: str) -> Person:
        return Person(person_id, name, (role,), area, secrets.token_urlsafe(12))

    heads = [
        person("chief-1", "主考 程敬", Role.CHIEF),
        person("admin-a", "系统管理员甲 安宁", Role.SYSADMIN),
        person("admin-b", "系统管理员乙 毕成", Role.SYSADMIN),
        person("deputy-1", "副主考 方直", Role.DEPUTY),
        person("roving-1", "流动监考 周巡", Role.ROVING, *(each.room_id for each in rooms)),
    ]
    count = PER_ROOM * len(rooms) + SURPLUS
    return heads + [
        person(f"inv-{at}", f"监考 {at:02d}", Role.INVIGILATOR) for at in range(1, count + 1)
    ]


def planned(staff: Sequence[Person]) -> list[PlannedStaff]:
    """The roster that headquarters signs."""
    return [
        PlannedStaff(
            each.person_id,
            each.name,
            list(each.roles),
            rooms=list(each.rooms),
            gender="FM"[at % 2],
            computer_capable=True,
            trained=True,
            badge_no=f"K{at:03d}",
            phone=f"1390000{at:04d}",
            source_unit="演练设定",
        )
        for at, each in enumerate(staff, start=1)
    ]
