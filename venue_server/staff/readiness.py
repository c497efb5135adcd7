"""The READY rules about people (A01-A04): what still stands in the way of a start. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from venue_server.staff.person import Person
from venue_server.wire.names import Role
from venue_server.wire.remarks import Remark, RemarkCode, remark

INVIGILATORS_PER_ROOM = 2
DEPUTIES_USUAL = 2


@dataclass(frozen=True)
class Finding:
    """One finding; ``code`` cites the requirement, ``room_id`` is empty for the venue's own."""

    code: str
    remark: Remark
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
        findings.append(Finding("A01", remark(RemarkCode.CHIEFS_NOT_ONE, count=len(chiefs))))
    elif chiefs[0] not in here:
        findings.append(Finding("A01", remark(RemarkCode.CHIEF_NOT_SIGNED_IN)))
    if not any(_is_pure_admin(one) for one in here):
        findings.append(Finding("A03", remark(RemarkCode.ADMINISTRATOR_MISSING)))
    deputies = sum(Role.DEPUTY in one.roles for one in everyone)
    if deputies > DEPUTIES_USUAL:
        many = remark(RemarkCode.MANY_DEPUTIES, count=deputies)
        findings.append(Finding("A02", many, blocking=False))
    return findings


def _is_pure_admin(person: Person) -> bool:
    return Role.SYSADMIN in person.roles and not person.roles & {Role.CHIEF, Role.INVIGILATOR}


def _room_findings(here: list[Person], room_id: str) -> list[Finding]:
    count = invigilators_here(here, room_id)
    if count >= INVIGILATORS_PER_ROOM:
        return []
    few = remark(RemarkCode.FEW_INVIGILATORS, room=room_id, count=count)
    return [Finding("A04", few, room_id=room_id)]
