"""The READY rules about people (A01-A06, A15, B01-B05): what stands in the way of a start. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from venue_server.staff.person import Person
from venue_server.staff.roster import Roster
from venue_server.wire.names import MediaClass, Role
from venue_server.wire.remarks import Remark, RemarkCode, remark

INVIGILATORS_PER_ROOM = 2
DEPUTIES_USUAL = 2
_FOR_KIND = {
    MediaClass.NORMAL: RemarkCode.NOT_TRAINED_NORMAL,
    MediaClass.AUDIO: RemarkCode.NOT_TRAINED_AUDIO,
    MediaClass.VIDEO: RemarkCode.NOT_TRAINED_VIDEO,
}
_NAMED = 8  # more than these are counted, not listed


@dataclass(frozen=True)
class Finding:
    """One finding; ``code`` cites the requirement, ``room_id`` is empty for the venue's own."""

    code: str
    remark: Remark
    blocking: bool = True
    room_id: str = ""


@dataclass(frozen=True)
class PeopleFacts:
    """What is known besides the accounts. ``roster`` is empty where headquarters signed none: then
    nothing is asked that only it could answer."""

    min_sysadmin: int = 1
    roster: Roster = field(default_factory=dict)
    drawn: bool = False
    unanswered: Sequence[str] = ()  # ids of those who have not declared (B03)
    undecided: Sequence[str] = ()
    agreed: frozenset[str] = frozenset()  # undertakings on record (B05)
    kind: MediaClass = MediaClass.NORMAL  # of the session, for which people are trained (B01)
    day: str = "9999-12-31"  # of the session, ISO
    untrained_block: bool = False  # headquarters' setting


def staff_findings(
    people: Iterable[Person],
    rooms: Sequence[str],
    since_ms: int,
    facts: PeopleFacts | None = None,
) -> list[Finding]:
    """Everything about people that is not as it must be.

    ``since_ms`` is the beginning of the exam day: who signed in before it is not here today.
    """
    facts = facts or PeopleFacts()
    everyone = [one for one in people if one.active]
    here = [one for one in everyone if one.signed_in_at_ms >= max(since_ms, 1)]
    findings = _venue_findings(everyone, here, facts.min_sysadmin)
    findings += _recusal_findings(facts, everyone, here)
    for room_id in rooms:
        findings += _room_findings(here, room_id, facts.roster)
    return findings + _training(everyone, facts) + _warnings(everyone, facts)


def invigilators_here(here: Iterable[Person], room_id: str) -> int:
    """Invigilators among ``here`` who are assigned to this very room; one for all rooms counts for
    none, because nobody stands in two rooms (A04)."""
    return len(_in_room(here, room_id))


def _in_room(here: Iterable[Person], room_id: str) -> list[Person]:
    return [one for one in here if Role.INVIGILATOR in one.roles and room_id in one.rooms]


def _venue_findings(everyone: list[Person], here: list[Person], min_sysadmin: int) -> list[Finding]:
    findings = []
    chiefs = [one for one in everyone if Role.CHIEF in one.roles]
    if len(chiefs) != 1:
        findings.append(Finding("A01", remark(RemarkCode.CHIEFS_NOT_ONE, count=len(chiefs))))
    elif chiefs[0] not in here:
        findings.append(Finding("A01", remark(RemarkCode.CHIEF_NOT_SIGNED_IN)))
    administrators = sum(_is_pure_admin(one) for one in here)
    if administrators < max(min_sysadmin, 1):
        missing = remark(RemarkCode.ADMINISTRATOR_MISSING)
        few = remark(RemarkCode.FEW_ADMINISTRATORS, count=administrators, need=min_sysadmin)
        findings.append(Finding("A03", few if administrators else missing))
    deputies = sum(Role.DEPUTY in one.roles for one in everyone)
    if deputies > DEPUTIES_USUAL:
        many = remark(RemarkCode.MANY_DEPUTIES, count=deputies)
        findings.append(Finding("A02", many, blocking=False))
    return findings


def _is_pure_admin(person: Person) -> bool:
    return Role.SYSADMIN in person.roles and not person.roles & {Role.CHIEF, Role.INVIGILATOR}


def _recusal_findings(
    facts: PeopleFacts, everyone: list[Person], here: list[Person]
) -> list[Finding]:
    """Everyone who is here has answered (B03), where rooms are drawn; whoever never came has not
    to. A relation that was declared is decided, always."""
    findings = []
    present = {one.person_id for one in here}
    silent = [each for each in facts.unanswered if each in present]
    if facts.drawn and silent:
        findings.append(Finding("B03", _listed(RemarkCode.NOT_DECLARED, silent)))
    active = {one.person_id for one in everyone}
    if undecided := [each for each in facts.undecided if each in active]:
        findings.append(Finding("B03", _listed(RemarkCode.RECUSAL_OPEN, undecided)))
    return findings


def _room_findings(here: list[Person], room_id: str, roster: Roster) -> list[Finding]:
    members = _in_room(here, room_id)
    if len(members) < INVIGILATORS_PER_ROOM:
        few = remark(RemarkCode.FEW_INVIGILATORS, room=room_id, count=len(members))
        return [Finding("A04", few, room_id=room_id)]
    known = [roster[one.person_id] for one in members if one.person_id in roster]
    findings = []
    asked = any(one.computer_capable for one in roster.values())
    if asked and not any(one.computer_capable for one in known):
        none = remark(RemarkCode.NO_COMPUTER_SKILLS, room=room_id)
        findings.append(Finding("A05", none, room_id=room_id))
    genders = {one.gender for one in known}
    if len(known) == len(members) and len(genders) == 1 and "" not in genders:
        alike = remark(RemarkCode.ROOM_NOT_MIXED, room=room_id)
        findings.append(Finding("A06", alike, blocking=False, room_id=room_id))
    return findings


def _working(everyone: list[Person]) -> list[Person]:
    return [one for one in everyone if one.roles != {Role.INSPECTOR}]


def _training(everyone: list[Person], facts: PeopleFacts) -> list[Finding]:
    """Whom the roster calls untrained for this kind of session (B01); whoever was trained for
    another kind is named apart. It blocks only where headquarters says so."""
    entries = [
        facts.roster[one.person_id] for one in _working(everyone) if one.person_id in facts.roster
    ]
    untrained = [each for each in entries if not each.trained_for(facts.kind, facts.day)]
    never = [each.person_id for each in untrained if not each.trained_on]
    otherwise = [each.person_id for each in untrained if each.trained_on]
    found = ((RemarkCode.NOT_TRAINED, never), (_FOR_KIND[facts.kind], otherwise))
    blocking = facts.untrained_block
    return [Finding("B01", _listed(code, ids), blocking) for code, ids in found if ids]


def _warnings(everyone: list[Person], facts: PeopleFacts) -> list[Finding]:
    """What headquarters' roster makes worth saying; it never blocks."""
    roster = facts.roster
    if not roster:
        return []
    working = _working(everyone)
    unsigned = [one.person_id for one in working if one.person_id not in facts.agreed]
    local = [one.person_id for one in everyone if not one.planned]
    found = [
        ("B05", RemarkCode.AGREEMENT_MISSING, unsigned),
        ("A15", RemarkCode.LOCAL_ADDITIONS, local),
    ]
    findings = [Finding(rule, _listed(code, ids), False) for rule, code, ids in found if ids]
    if not facts.drawn and any(Role.INVIGILATOR in one.roles for one in roster.values()):
        findings.append(Finding("B02", remark(RemarkCode.ROOMS_NOT_DRAWN), blocking=False))
    return findings


def _listed(code: RemarkCode, ids: Sequence[str]) -> Remark:
    named = ", ".join(sorted(ids)[:_NAMED])
    more = f" +{len(ids) - _NAMED}" if len(ids) > _NAMED else ""
    return remark(code, names=named + more)
