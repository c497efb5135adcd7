"""People as consoles see them: values read from the services, nothing decided."""

import msgspec

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.orders_duty import shift_views
from venue_server.gateway.people_day import PeopleDay, exam_day
from venue_server.sitting.rows import Session
from venue_server.staff.duty.rows import Declaration
from venue_server.staff.person import NO_ROOM, Person
from venue_server.staff.roster import RosterEntry
from venue_server.staff.store import Account
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.names import Role
from venue_server.wire.people_views import (
    DelegationView,
    DrawsView,
    DrawView,
    FindingView,
    OrganisationBook,
    OrganisationEntry,
    OrganisationRoom,
    PeopleView,
    PersonView,
    SeatPlace,
)

_TOLD = frozenset({Role.CHIEF, Role.ZONE_DIRECTOR})  # who decides about recusals


def people_view(parts: DeskParts, session: Session, viewer: Person, real_ms: int) -> PeopleView:
    """Everything about people in one session."""
    day, session_id, since_ms = parts.people, session.session_id, parts.day_began_ms()
    declared = {each.person_id: each for each in day.duties.declarations(session_id)}
    decided = {each.person_id: each.scope.value for each in day.duties.decisions(session_id)}
    roster = day.roster()
    now = {one.person_id: one for one in parts.staff.people()}
    told = bool(viewer.roles & _TOLD)
    people = [
        _person(
            account,
            now[account.person.person_id],
            roster.get(account.person.person_id),
            declared.get(account.person.person_id),
            decided.get(account.person.person_id, ""),
            (since_ms, real_ms, told),
            (session.planned.media_class.value, exam_day(session)),
        )
        for account in parts.staff.accounts()
    ]
    people = _with_badges(people, day)
    rooms, spares = _places(day, session_id)
    findings = [
        FindingView(each.code, each.remark, each.blocking, each.room_id)
        for each in day.findings(session, since_ms)
    ]
    drawn = len(day.duties.draws(session_id))
    return PeopleView(session_id, people, findings, rooms, spares, drawn, _delegations(day))


def _person(
    account: Account,
    now: Person,
    entry: RosterEntry | None,
    declared: Declaration | None,
    decided: str,
    asked: tuple[int, int, bool],
    training: tuple[str, str],
) -> PersonView:
    since_ms, real_ms, told = asked
    about = f"{declared.about} {declared.reason}".strip() if declared and told else ""
    return PersonView(
        person_id=now.person_id,
        name=now.name,
        roles=sorted(now.roles),
        own_roles=sorted(account.person.roles),
        rooms=sorted(now.rooms),
        here=now.active and now.signed_in_at_ms >= max(since_ms, 1),
        active=now.active,
        planned=now.planned,
        declared=declared.kind.value if declared else "",
        about=about,
        decided=decided,
        password_set=bool(account.password_hash),
        totp=account.totp_on,
        locked=account.attempts.is_locked(real_ms),
        disabled=account.disabled_reason if account.disabled_at_ms else "",
        agreement=account.agreement,
        gender=entry.gender if entry else "",
        computer_capable=bool(entry and entry.computer_capable),
        trained=bool(entry and entry.trained_for(*training)),
        trained_on=dict(entry.trained_on) if entry else {},
        badge_no=entry.badge_no if entry else "",
        source_unit=entry.source_unit if entry else "",
    )


def _with_badges(people: list[PersonView], day: PeopleDay) -> list[PersonView]:
    """With when everybody came today by badge, and left (A10)."""
    stays = day.book.stays()
    return [
        msgspec.structs.replace(
            one, came_ms=stays[one.person_id].since_ms, left_ms=stays[one.person_id].left_ms
        )
        if one.person_id in stays
        else one
        for one in people
    ]


def _places(day: PeopleDay, session_id: str) -> tuple[dict[str, list[str]], list[str]]:
    placed = {each.person_id: each.room_id for each in day.duties.assignments(session_id)}
    rooms: dict[str, list[str]] = {}
    spares = []
    for person_id, room_id in sorted(placed.items()):
        if room_id == NO_ROOM:
            spares.append(person_id)
        else:
            rooms.setdefault(room_id, []).append(person_id)
    return dict(sorted(rooms.items())), spares


def _delegations(day: PeopleDay) -> list[DelegationView]:
    running = {each.delegation_id for each in day.running()}
    return [
        DelegationView(
            each.delegation_id,
            each.role,
            each.giver,
            each.taker,
            each.begins_ms,
            each.until_ms,
            each.reason,
            each.delegation_id in running,
        )
        for each in day.duties.delegations()
    ]


def draws_view(day: PeopleDay, session_id: str) -> DrawsView:
    """Every draw of a session, oldest first."""
    draws = [
        DrawView(
            each.number,
            each.drawn_at_ms,
            each.persons,
            each.reason,
            sha256_hex(each.document.encode()),
            each.document,
        )
        for each in day.duties.draws(session_id)
    ]
    return DrawsView(session_id, draws)


def organisation_book(parts: DeskParts) -> OrganisationBook:
    """The organisation book of the plan imported last, with local additions called so (A15)."""
    plan = parts.sittings.plan
    roster = parts.people.roster()
    people = [_entry(one) for one in roster.values()]
    people += [
        OrganisationEntry(
            one.name, sorted(one.roles), "", "", "", "", sorted(one.rooms), planned=False
        )
        for one in parts.staff.people()
        if one.person_id not in roster
    ]
    rooms = [
        OrganisationRoom(
            room.room_id,
            room.name,
            sum(seat.room_id == room.room_id for seat in plan.seats),
            {
                each.session_id: sum(one.room_id == room.room_id for one in each.candidates)
                for each in plan.sessions
            },
            room.building,
            room.floor,
            room.way,
            [
                SeatPlace(seat.seat_no, seat.x, seat.y)
                for seat in plan.seats
                if seat.room_id == room.room_id
            ],
        )
        for room in (plan.rooms if plan else ())
        if plan is not None
    ]
    return OrganisationBook(
        parts.venue_name,
        plan.exam_title if plan else "",
        plan.plan_id if plan else "",
        parts.people.hours(),
        people,
        rooms,
        shift_views(parts.people),
        plan.zone if plan else "",
        plan.posted.room_rules if plan else "",
        plan.posted.violation_rules if plan else "",
    )


def _entry(one: RosterEntry) -> OrganisationEntry:
    return OrganisationEntry(
        one.name,
        sorted(one.roles),
        one.duties,
        one.source_unit,
        one.phone,
        one.badge_no,
        sorted(one.area),
    )
