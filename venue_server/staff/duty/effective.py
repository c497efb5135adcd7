"""What a person may do at one instant: their own roles and rooms, changed by the day's decisions.

Pure, and the one place where a delegation, a drawn room or a recusal turns into roles and rooms;
``permissions.may`` then decides by them as always (A01, A02, A08, B02, B03, N03).
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from venue_server.staff.duty.names import RecusalScope
from venue_server.staff.duty.rows import Assignment, Decision, Delegation, Duty
from venue_server.staff.person import NO_ROOM, Person
from venue_server.wire.names import Role


def effective(people: Iterable[Person], duty: Duty, now_ms: int) -> list[Person]:
    """Everyone as they may act at ``now_ms``."""
    everyone = list(people)
    able = {one.person_id for one in everyone if one.active}
    running = running_delegations(duty.delegations, able, now_ms)
    rooms = {each.person_id: each for each in duty.assignments}  # the last one counts
    decided = {each.person_id: each for each in duty.decisions}
    return [
        _recused(
            _placed(_delegated(one, running), rooms.get(one.person_id)),
            decided.get(one.person_id),
        )
        for one in everyone
    ]


def running_delegations(
    delegations: Iterable[Delegation], able: Collection[str], now_ms: int
) -> list[Delegation]:
    """Those in force: a taker who may not act any more gives the post back by that alone."""
    return [each for each in delegations if each.runs_at(now_ms) and each.taker in able]


def _delegated(person: Person, running: Iterable[Delegation]) -> Person:
    """There is one chief at any instant (A01): who gave the post away is a deputy meanwhile."""
    roles = set(person.roles)
    for each in running:
        if each.giver == person.person_id and each.role is Role.CHIEF:
            roles = roles - {Role.CHIEF} | {Role.DEPUTY}
        if each.taker == person.person_id:
            roles.add(each.role)
    return replace(person, roles=frozenset(roles))


def _placed(person: Person, assignment: Assignment | None) -> Person:
    """A drawn or assigned room is the whole area (A08); whoever steps in supervises (F21)."""
    if assignment is None:
        return person
    roles = person.roles
    if assignment.room_id != NO_ROOM:
        roles |= {Role.INVIGILATOR}
    return replace(person, roles=roles, rooms=frozenset({assignment.room_id}))


def _recused(person: Person, decision: Decision | None) -> Person:
    """Out of these rooms from the decision on (S1 §49)."""
    if decision is None or decision.scope is RecusalScope.NONE:
        return person
    if decision.scope is RecusalScope.VENUE:
        return replace(person, active=False)
    if not person.rooms:
        return person  # not bound to rooms: the chief decides about the venue
    return replace(person, rooms=person.rooms - decision.rooms or frozenset({NO_ROOM}))
