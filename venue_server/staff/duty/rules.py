"""Rules of a day's duties (A01, A02, B02, B03, N03): drawing, declaring, delegating. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from venue_server.staff.draw import Drawable
from venue_server.staff.duty.effective import running_delegations
from venue_server.staff.duty.names import RecusalKind, RecusalScope
from venue_server.staff.duty.rows import Decision, Declaration, Delegation, Duty
from venue_server.staff.person import Person
from venue_server.staff.roster import Roster
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode

DAY_MS = 24 * 3600 * 1000
BEIJING_MS = 8 * 3600 * 1000  # Asia/Shanghai; it has no summer time
DECLARING = frozenset({Role.CHIEF, Role.DEPUTY, Role.INVIGILATOR, Role.ROVING, Role.SYSADMIN})
LONGEST_DELEGATION_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class SessionFacts:
    """A session and those linked to it, as far as people are concerned. ``rooms`` have candidates;
    ``room_of`` maps a ticket number to its room; ``doors_shut``: no room of them is in use yet."""

    session_ids: tuple[str, ...]
    start_ms: int
    rooms: tuple[str, ...]
    room_of: Mapping[str, str]
    doors_shut: bool
    over: bool

    @property
    def session_id(self) -> str:
        """The one that was asked about."""
        return self.session_ids[0]


def midnight_before(start_ms: int) -> int:
    """00:00 in Beijing of the day on which this instant lies."""
    return (start_ms + BEIJING_MS) // DAY_MS * DAY_MS - BEIJING_MS


# ---- recusals ----------------------------------------------------------------------------


def must_declare(person: Person) -> bool:
    """Whoever works at the exam declares; who only looks, or approves from outside, need not."""
    return person.active and bool(person.roles & DECLARING)


def declaration_problem(kind: str, about: str, reason: str, facts: SessionFacts) -> Refusal | None:
    """PPL-09 for a declaration that does not say what it must."""
    if kind not in list(RecusalKind):
        return Refusal(RefusalCode.RECUSAL_INVALID, kind)
    if kind == RecusalKind.NONE:
        return None
    known = (
        (kind == RecusalKind.CANDIDATE and about in facts.room_of)
        or (kind == RecusalKind.ROOM and about in facts.rooms)
        or kind == RecusalKind.VENUE
    )
    if not known or not reason.strip():
        return Refusal(RefusalCode.RECUSAL_INVALID, about)
    return None


def decision_problem(
    scope: str, rooms: Sequence[str], reason: str, facts: SessionFacts
) -> Refusal | None:
    """PPL-09 for a decision without a reason, or about rooms that are not there."""
    if scope not in list(RecusalScope) or not reason.strip():
        return Refusal(RefusalCode.RECUSAL_INVALID, scope)
    names_rooms = bool(rooms) and set(rooms) <= set(facts.rooms)
    if (scope == RecusalScope.ROOMS) != names_rooms:
        return Refusal(RefusalCode.RECUSAL_INVALID, ", ".join(rooms))
    return None


def undecided(
    declarations: Iterable[Declaration], decisions: Iterable[Decision]
) -> list[Declaration]:
    """Relations that were declared and about which nothing was decided since."""
    decided = {each.person_id: each.decided_at_ms for each in decisions}
    latest = {each.person_id: each for each in declarations}
    return [
        each
        for each in latest.values()
        if each.kind is not RecusalKind.NONE
        and decided.get(each.person_id, -1) < each.declared_at_ms
    ]


def unanswered(people: Iterable[Person], declarations: Iterable[Declaration]) -> list[str]:
    """Ids of those who must declare and have not."""
    answered = {each.person_id for each in declarations}
    return [one.person_id for one in people if must_declare(one) and one.person_id not in answered]


# ---- the draw ----------------------------------------------------------------------------


def draw_problem(
    facts: SessionFacts, now_ms: int, drawn_before: int, reason: str
) -> Refusal | None:
    """When rooms may be drawn: on the day, before any room is in use, once, or with a reason."""
    if now_ms < midnight_before(facts.start_ms):
        return Refusal(RefusalCode.DRAW_NOT_TODAY, facts.session_id)
    if not facts.doors_shut or facts.over:
        return Refusal(RefusalCode.DRAW_TOO_LATE, facts.session_id)
    if drawn_before and not reason.strip():
        return Refusal(RefusalCode.REASON_MISSING, facts.session_id)
    return None


def is_drawn(person: Person) -> bool:
    """Invigilators who may act; a roving one keeps their area (A07)."""
    return person.active and Role.INVIGILATOR in person.roles and Role.ROVING not in person.roles


def drawables(
    people: Iterable[Person],
    absent: Collection[str],
    roster: Roster,
    decisions: Iterable[Decision],
    rooms: Sequence[str],
) -> list[Drawable]:
    """Who is drawn, and what bears on it; ``absent`` people are not here."""
    decided = {each.person_id: each for each in decisions}
    found = []
    for one in people:
        if one.person_id in absent or not is_drawn(one):
            continue
        entry, decision = roster.get(one.person_id), decided.get(one.person_id)
        shut = decision.rooms if decision and decision.scope is RecusalScope.ROOMS else frozenset()
        found.append(
            Drawable(
                one.person_id,
                entry.gender if entry else "",
                bool(entry and entry.computer_capable),
                sorted(shut & set(rooms)),
            )
        )
    return found


def assignment_problem(
    person: Person | None, to_room: str, reason: str, facts: SessionFacts
) -> Refusal | None:
    """PPL-16: not somebody who supervises, not a room of the session, or the session is over."""
    if person is None:
        return Refusal(RefusalCode.PERSON_UNKNOWN)
    if not reason.strip():
        return Refusal(RefusalCode.REASON_MISSING)
    supervises = person.active and person.roles & {Role.INVIGILATOR, Role.ROVING}
    if not supervises or facts.over or (to_room and to_room not in facts.rooms):
        return Refusal(RefusalCode.ASSIGNMENT_INVALID, f"{person.person_id} {to_room}".strip())
    return None


# ---- posts -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """A delegation that is asked for; ``first`` and ``second`` are who order it."""

    role: Role
    giver: Person | None
    taker: Person | None
    until_ms: int
    reason: str
    first: Person
    second: Person


def delegation_problem(
    wanted: Wanted, registered: Iterable[Person], duty: Duty, now_ms: int
) -> Refusal | None:
    """PPL-07 with what is wrong, PPL-08 for a post that is away already, REL-13 no reason.

    The chief's post goes to a deputy only, by the chief or, in their absence, the zone director
    (A01, A02). A system administrator's is taken over by another one, or by somebody who is neither
    chief nor invigilator (A03, N03); one of the two who order it is an administrator or the zone
    director, so that the heads never give themselves both halves of a two-person order.
    """
    giver, taker = wanted.giver, wanted.taker
    if giver is None or taker is None or giver.person_id == taker.person_id:
        return Refusal(RefusalCode.PERSON_UNKNOWN)
    if not wanted.reason.strip():
        return Refusal(RefusalCode.REASON_MISSING)
    own = {one.person_id: one.roles for one in registered}
    able = {one.person_id for one in registered if one.active}
    running = running_delegations(duty.delegations, able, now_ms)
    if any(
        each.role is wanted.role and giver.person_id in (each.giver, each.taker) for each in running
    ):
        return Refusal(RefusalCode.DELEGATION_INVALID, giver.person_id)
    too_long = wanted.until_ms and not now_ms < wanted.until_ms <= now_ms + LONGEST_DELEGATION_MS
    if too_long or not taker.active or wanted.role not in own[giver.person_id]:
        return Refusal(RefusalCode.DELEGATION_INVALID, str(wanted.until_ms))
    return _chief(wanted, taker) if wanted.role is Role.CHIEF else _administrator(wanted, taker)


def _chief(wanted: Wanted, taker: Person) -> Refusal | None:
    assert wanted.giver is not None
    by_right = (
        wanted.first.person_id == wanted.giver.person_id or Role.ZONE_DIRECTOR in wanted.first.roles
    )
    if Role.DEPUTY not in taker.roles or not by_right:
        return Refusal(RefusalCode.DELEGATION_INVALID, taker.person_id)
    return None


def _administrator(wanted: Wanted, taker: Person) -> Refusal | None:
    no_go = taker.roles & {Role.CHIEF, Role.INVIGILATOR, Role.INSPECTOR}
    ordering = wanted.first.roles | wanted.second.roles
    watched = ordering & {Role.SYSADMIN, Role.ZONE_DIRECTOR}
    if wanted.role is not Role.SYSADMIN or no_go or not watched:
        return Refusal(RefusalCode.DELEGATION_INVALID, taker.person_id)
    return None


def may_end(delegation: Delegation, person: Person) -> bool:
    """Giver, taker and the zone director may; the chief ends an administrator's."""
    if person.person_id in (delegation.giver, delegation.taker):
        return True
    heads = {Role.ZONE_DIRECTOR} | ({Role.CHIEF} if delegation.role is Role.SYSADMIN else set())
    return bool(person.roles & heads)
