"""The signed roster (A01-A13, A15, B01): what it says of each person, and the accounts that follow.

Pure. Facts are read from the signed plan each time and are never stored beside an account, so that
nobody at the venue can edit them; a local addition has no facts and is called out (READY).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from venue_server.staff.person import NO_ROOM, Person, is_id
from venue_server.wire.names import Role


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """What headquarters signed about one person. ``phone`` is shown on the duty card only."""

    person_id: str
    name: str
    roles: frozenset[Role]
    area: frozenset[str] = frozenset()
    gender: str = ""
    computer_capable: bool = False
    trained: bool = False
    badge_no: str = ""
    phone: str = ""
    source_unit: str = ""
    duties: str = ""
    trained_on: Mapping[str, str] = field(default_factory=dict)  # kind of session to ISO date

    def trained_for(self, kind: str, day: str) -> bool:
        """Was this person trained for that kind of session by its day (B01)? A roster that names
        kinds means these alone; one that only says trained means every kind."""
        if not self.trained_on:
            return self.trained
        return "" < self.trained_on.get(kind, "") <= day

    def __repr__(self) -> str:
        return f"RosterEntry({self.person_id!r})"  # a phone number has no place in a log


Roster = Mapping[str, RosterEntry]


def roster_problem(entries: Sequence[RosterEntry], rooms: Iterable[str]) -> str:
    """What makes a roster unusable, or nothing: the same id twice, no id, two chiefs (A01), a room
    that does not exist, a system administrator who is chief or invigilator as well (A03)."""
    ids = [one.person_id for one in entries]
    if len(set(ids)) != len(ids):
        return "staff: a person stands twice"
    if wrong := [one for one in ids if not is_id(one)]:
        return f"staff: not an identifier: {wrong[0]!r}"
    chiefs = [one.person_id for one in entries if Role.CHIEF in one.roles]
    if len(chiefs) > 1:
        return f"staff: {len(chiefs)} chiefs (A01)"
    known = set(rooms)
    for one in entries:
        if not one.area <= known:
            return f"staff: {one.person_id} has an unknown room"
        if Role.SYSADMIN in one.roles and one.roles & {Role.CHIEF, Role.INVIGILATOR}:
            return f"staff: {one.person_id} is system administrator and more (A03)"
    return ""


def merged(rosters: Iterable[Sequence[RosterEntry]]) -> dict[str, RosterEntry]:
    """Several plans' rosters, oldest first, as one: whom two name the later one describes, and the
    later one's chief is the chief (A01)."""
    found: dict[str, RosterEntry] = {}
    for entries in rosters:
        if any(Role.CHIEF in entry.roles for entry in entries):
            found = {
                name: replace(entry, roles=entry.roles - {Role.CHIEF})
                for name, entry in found.items()
            }
        found |= {entry.person_id: entry for entry in entries}
    return found


def rooms_of(entry: RosterEntry) -> frozenset[str]:
    """The rooms an account begins with: the area of a roving invigilator (A07); none for who
    supervises a room, because that is drawn on the day (B02); all for everybody else."""
    if Role.ROVING in entry.roles:
        return entry.area or frozenset({NO_ROOM})
    return frozenset({NO_ROOM}) if Role.INVIGILATOR in entry.roles else frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One account to make (``before`` None) or to complete."""

    before: Person | None
    after: Person


def changes(people: Iterable[Person], entries: Sequence[RosterEntry]) -> list[Change]:
    """What a roster changes about the accounts; nothing the second time.

    Where it names a chief nobody else keeps that post (A01). An entry without a role belongs to
    staff without an account (A11).
    """
    known = {one.person_id: one for one in people}
    found: list[Change] = []
    for entry in entries:
        if not entry.roles:
            continue
        before = known.get(entry.person_id)
        start = before or Person(entry.person_id, entry.name, entry.roles, frozenset())
        after = replace(
            start, name=entry.name, roles=entry.roles, rooms=rooms_of(entry), planned=True
        )
        if after != before:
            found.append(Change(before, after))
    done = {each.after.person_id for each in found}
    chiefs = {entry.person_id for entry in entries if Role.CHIEF in entry.roles}
    if chiefs:
        found += [
            Change(one, replace(one, roles=one.roles - {Role.CHIEF}))
            for one in known.values()
            if Role.CHIEF in one.roles and one.person_id not in chiefs | done
        ]
    return found
