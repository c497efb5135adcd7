"""Orders about duty hours, shifts and who is at the venue (A10, A13, A14)."""

import msgspec

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.people_day import PeopleDay
from venue_server.staff.dutybook.rules import (
    Shift,
    gaps,
    inside,
    override_until,
    standing,
    who_shows,
)
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.duty_orders import (
    DutyView,
    EnterShift,
    OverrideDutyHours,
    PresenceView,
    ShiftView,
    StaffHere,
    WithdrawShift,
)
from venue_server.wire.refusals import Refusal, RefusalCode

Answer = Result | Refusal


class DutyOrders:
    """Registered by exam_day.py."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._book = parts.people.book

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetDuty": self._get,
            "OverrideDutyHours": self._override,
            "StaffHere": self._here,
            "EnterShift": self._enter,
            "WithdrawShift": self._withdraw,
        }

    async def _get(self, _ordered: Ordered, _message: ConsoleMessage) -> Answer:
        view: Result = msgspec.to_builtins(
            duty_view(self._parts.people, self._parts.clock.now_ms())
        )
        return view

    async def _override(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, OverrideDutyHours)
        done = await self._book.override(message.reason, ordered.both)
        return done if isinstance(done, Refusal) else {"until_ms": done}

    async def _here(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, StaffHere)
        who = who_shows(message.badge, self._parts.people.badges())
        if isinstance(who, Refusal):
            return who
        done = await self._book.note(who, message.here, ordered.person.person_id)
        if isinstance(done, Refusal):
            return done
        person = self._parts.staff.person(who)
        return {
            "person_id": who,
            "name": person.name if person else who,
            "since_ms": done.since_ms,
            "left_ms": done.left_ms,
        }

    async def _enter(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, EnterShift)
        person = self._parts.staff.person(message.person_id)
        if person is None or not person.active:
            return Refusal(RefusalCode.PERSON_UNKNOWN, message.person_id)
        shift = Shift(
            person.person_id,
            message.place.strip(),
            message.phone.strip(),
            message.from_ms,
            message.until_ms,
        )
        done = await self._book.enter(shift, ordered.person.person_id)
        return done if isinstance(done, Refusal) else {"shift_id": done}

    async def _withdraw(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, WithdrawShift)
        by = ordered.person.person_id
        done = await self._book.withdraw(message.shift_id, message.reason, by)
        return done or {"shift_id": message.shift_id}


def shift_views(people: PeopleDay) -> list[ShiftView]:
    """Every shift that stands, by begin."""
    names = {one.person_id: one.name for one in people.staff.people()}
    return [
        ShiftView(
            number,
            each.person_id,
            names.get(each.person_id, each.person_id),
            each.place,
            each.phone,
            each.from_ms,
            each.until_ms,
        )
        for number, each in standing(people.book.entries())
    ]


def duty_view(people: PeopleDay, now_ms: int) -> DutyView:
    """Everything about duty, at ``now_ms``."""
    entries, hours = people.book.entries(), people.hours()
    names = {one.person_id: one.name for one in people.staff.people()}
    badges = people.badges()
    return DutyView(
        hours=hours,
        until_ms=inside(hours, now_ms),
        override_ms=override_until(entries, now_ms),
        shifts=shift_views(people),
        gaps=gaps(hours, [each for _number, each in standing(entries)], now_ms),
        present=[
            PresenceView(who, names.get(who, who), badges.get(who, ""), each.since_ms, each.left_ms)
            for who, each in sorted(people.book.stays().items())
        ],
    )
