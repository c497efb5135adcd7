"""The READY rules about people (A01-A04): what still stands in the way of a start. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from venue_server.staff.person import Person
from venue_server.wire.names import Role

INVIGILATORS_PER_ROOM = 2
DEPUTIES_USUAL = 2


@dataclass(frozen=True)
class Finding:
    """One finding; ``code`` cites the requirement, ``room_id`` is empty for the venue's own."""

    code: str
    zh: str
    en: str
    blocking: bool = True
    room_id: str = ""


def staff_findings(people: Iterable[Person], rooms: Sequence[str], since_ms: int) -> list[Finding]:
    """Everything about people that is not as it must be.

    ``since_ms`` is the beginning of the exam day: who signed in before it is not here today.
    """
    everyone = list(people)
    here = [one for one in everyone if one.signed_in_at_ms >= max(since_ms, 1)]
    findings = _venue_findings(everyone, here)
    for room_id in rooms:
        findings += _room_findings(here, room_id)
    return findings


def invigilators_here(here: Iterable[Person], room_id: str) -> int:
    """Invigilators among ``here`` who are assigned to this very room; one for all rooms counts for
    none, because nobody stands in two rooms (A04)."""
    return sum(Role.INVIGILATOR in one.roles and room_id in one.rooms for one in here)


def _venue_findings(everyone: list[Person], here: list[Person]) -> list[Finding]:
    findings = []
    chiefs = [one for one in everyone if Role.CHIEF in one.roles]
    if len(chiefs) != 1:
        findings.append(
            Finding(
                "A01", f"主考须为1名，现为{len(chiefs)}名", f"{len(chiefs)} chiefs, must be one"
            )
        )
    elif chiefs[0] not in here:
        findings.append(Finding("A01", "主考未登录", "the chief is not signed in"))
    if not any(_is_pure_admin(one) for one in here):
        findings.append(
            Finding(
                "A03",
                "缺少已登录的系统管理员（不得由主考、监考人员兼任）",
                "no signed-in system administrator who is neither chief nor invigilator",
            )
        )
    deputies = sum(Role.DEPUTY in one.roles for one in everyone)
    if deputies > DEPUTIES_USUAL:
        findings.append(
            Finding("A02", f"副主考{deputies}名，多于2名", f"{deputies} deputies", blocking=False)
        )
    return findings


def _is_pure_admin(person: Person) -> bool:
    return Role.SYSADMIN in person.roles and not person.roles & {Role.CHIEF, Role.INVIGILATOR}


def _room_findings(here: list[Person], room_id: str) -> list[Finding]:
    count = invigilators_here(here, room_id)
    if count >= INVIGILATORS_PER_ROOM:
        return []
    zh = f"{room_id}考场已登录监考人员{count}名，至少须2名"
    en = f"room {room_id}: {count} invigilators signed in, at least 2 needed"
    return [Finding("A04", zh, en, room_id=room_id)]
