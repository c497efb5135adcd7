"""What the entries of the duty book say at one instant (A10, A13, A14). Pure; exam time in ms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from venue_server.staff.duty.rules import midnight_before
from venue_server.wire.refusals import Refusal, RefusalCode

OVERRIDE_MS = 30 * 60 * 1000
LONGEST_SHIFT_MS = 24 * 3600 * 1000
Stretch = tuple[int, int]


class Presence(msgspec.Struct, frozen=True, tag="PRESENCE"):
    """Somebody came, or left."""

    person_id: str
    here: bool


class Shift(msgspec.Struct, frozen=True, tag="SHIFT"):
    """Somebody is on duty in ``[from_ms, until_ms)``."""

    person_id: str
    place: str
    phone: str
    from_ms: int
    until_ms: int


class Withdrawal(msgspec.Struct, frozen=True, tag="WITHDRAWAL"):
    """The shift of that entry does not stand any more."""

    shift_id: int
    reason: str


class Override(msgspec.Struct, frozen=True, tag="OVERRIDE"):
    """Duty hours do not forbid a deliberate stop until then."""

    reason: str
    until_ms: int


Content = Presence | Shift | Withdrawal | Override


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the book; ``persons`` made it, comma-separated."""

    entry_id: int
    content: Content
    persons: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's last coming; ``left_ms`` 0 while they are here."""

    since_ms: int
    left_ms: int


# ---- duty hours (A14) --------------------------------------------------------------------


def inside(hours: Iterable[Stretch], now_ms: int) -> int:
    """Until when the duty hours last that run now; 0 outside of them."""
    return next((until for begins, until in hours if begins <= now_ms < until), 0)


def override_until(entries: Iterable[Entry], now_ms: int) -> int:
    """Until when an override runs that was given before now; 0 without one."""
    return max(
        (
            each.content.until_ms
            for each in entries
            if isinstance(each.content, Override) and each.at_ms <= now_ms < each.content.until_ms
        ),
        default=0,
    )


# ---- who is here (A10) -------------------------------------------------------------------


def stays(entries: Iterable[Entry], now_ms: int) -> dict[str, Stay]:
    """The last stay today of everybody who came today, by person."""
    since_ms = midnight_before(now_ms)
    found: dict[str, Stay] = {}
    for each in entries:
        if not isinstance(each.content, Presence) or each.at_ms < since_ms:
            continue
        who, before = each.content.person_id, found.get(each.content.person_id)
        if each.content.here and (before is None or before.left_ms):
            found[who] = Stay(each.at_ms, 0)
        elif not each.content.here and before is not None and not before.left_ms:
            found[who] = Stay(before.since_ms, each.at_ms)
    return found


def missing(people: Iterable[str], here: dict[str, Stay]) -> frozenset[str]:
    """Of these people, who is not here. Nobody while no badge was shown today: a venue without
    badges, or a rehearsal, goes on as it is."""
    if not here:
        return frozenset()
    return frozenset(who for who in people if who not in here or here[who].left_ms)


def who_shows(badge: str, badges: dict[str, str]) -> str | Refusal:
    """The person of a badge number or of their own id; ``badges``: number by person. DTY-02 also
    where two people have the same number."""
    shown = badge.strip()
    if shown in badges:
        return shown
    found = [who for who, number in badges.items() if number and number == shown]
    return found[0] if len(found) == 1 else Refusal(RefusalCode.BADGE_UNKNOWN, shown)


# ---- shifts (A13) ------------------------------------------------------------------------


def standing(entries: Sequence[Entry]) -> list[tuple[int, Shift]]:
    """The shifts that stand, by begin, each with its number."""
    gone = {each.content.shift_id for each in entries if isinstance(each.content, Withdrawal)}
    shifts = [
        (each.entry_id, each.content)
        for each in entries
        if isinstance(each.content, Shift) and each.entry_id not in gone
    ]
    return sorted(shifts, key=lambda one: (one[1].from_ms, one[0]))


def gaps(hours: Iterable[Stretch], shifts: Iterable[Shift], now_ms: int) -> list[Stretch]:
    """Stretches of duty hours from now on in which nobody has a shift."""
    covered = sorted((each.from_ms, each.until_ms) for each in shifts)
    found = []
    for begins, until in hours:
        at_ms = max(begins, now_ms)
        for start, end in covered:
            if at_ms < min(start, until):
                found.append((at_ms, min(start, until)))
            at_ms = max(at_ms, end)
        if at_ms < until:
            found.append((at_ms, until))
    return found


def shift_problem(shift: Shift) -> Refusal | None:
    """DTY-03: without a place, without a length, or longer than a day."""
    length_ms = shift.until_ms - shift.from_ms
    if not shift.place.strip() or not 0 < length_ms <= LONGEST_SHIFT_MS:
        return Refusal(RefusalCode.SHIFT_INVALID, shift.person_id)
    return None
