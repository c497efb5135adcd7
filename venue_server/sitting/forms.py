"""Which form a seat gets (C05, D10): the plan's main forms, and reserves approved in their place.

Pure. A sitting has exactly one form, decided before the release and never changed after it, so a
reserve can never be mixed with a main form in one sitting (E06).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from venue_server.sitting.plan import Plan, PlannedSession, Seat


class Form(NamedTuple):
    """A form by the names on its package, its HTTP path and its release token."""

    paper_id: str
    form_id: str

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.form_id}"


@dataclass(frozen=True)
class Substitution:
    """A reserve used in place of main forms: in one room (``room_id``) or in all, for one main form
    (``replaces``, a form id) or for all of them. The narrower one wins."""

    form: Form
    room_id: str = ""
    replaces: str = ""

    def covers(self, room_id: str, main: Form) -> bool:
        """Does it concern this main form in this room?"""
        return self.room_id in ("", room_id) and self.replaces in ("", main.form_id)

    @property
    def _narrowness(self) -> int:
        return 2 * bool(self.room_id) + bool(self.replaces)


@dataclass(frozen=True)
class Assignment:
    """Who gets what in one session. ``planned`` maps seats to their candidate's main form."""

    mains: tuple[Form, ...]
    planned: dict[tuple[str, str], Form]
    substitutions: tuple[Substitution, ...] = ()

    def of_seat(self, room_id: str, seat_no: str) -> Form | None:
        """The form of a seat; a spare seat gets the first main form. None: no form is known."""
        if not self.mains:
            return None
        return self._effective(room_id, self.planned.get((room_id, seat_no), self.mains[0]))

    @property
    def needed(self) -> tuple[Form, ...]:
        """Every form that the session opens, in the plan's order; all of them must be here and
        released before anybody starts."""
        rooms = sorted({room_id for room_id, _seat_no in self.planned}) or [""]
        found = [self._effective(room_id, main) for main in self.mains for room_id in rooms]
        return tuple(dict.fromkeys(found))

    def _effective(self, room_id: str, main: Form) -> Form:
        if not self.substitutions:
            return main
        fitting = [each for each in self.substitutions if each.covers(room_id, main)]
        best = max(fitting, key=lambda each: each._narrowness, default=None)
        return best.form if best else main


def main_forms(session: PlannedSession) -> tuple[Form, ...]:
    """The main forms the plan names; empty when it names none (the one paper of the subject)."""
    return tuple(Form(one.paper_id, one.form_id) for one in session.papers if not one.reserve)


def reserve_forms(session: PlannedSession) -> tuple[Form, ...]:
    """The reserves the plan names."""
    return tuple(Form(one.paper_id, one.form_id) for one in session.papers if one.reserve)


def assign(
    session: PlannedSession, only: Form | None, substitutions: Iterable[Substitution] = ()
) -> Assignment:
    """Everybody's form. ``only`` is the form at hand where the plan names none."""
    mains = main_forms(session) or ((only,) if only else ())
    by_id = {main.form_id: main for main in mains}
    planned = {
        (one.room_id, one.seat_no): by_id.get(one.form_id, mains[0])
        for one in session.candidates
        if mains
    }
    return Assignment(mains, planned, tuple(substitutions))


def same_form_neighbours(plan: Plan) -> list[str]:
    """Candidates side by side, or one behind the other, who have the same form although the session
    has several (C05): a warning to whoever imports the plan, which nobody here can change."""
    return [
        f"{session.session_id} {one.room_id}: {one.seat_no} / {other.seat_no} = {form_id}"
        for session in plan.sessions
        if len(main_forms(session)) > 1
        for one, other, form_id in _equal_neighbours(session, plan.seats)
    ]


def _equal_neighbours(
    session: PlannedSession, seats: Iterable[Seat]
) -> Iterator[tuple[Seat, Seat, str]]:
    forms = {(one.room_id, one.seat_no): one.form_id for one in session.candidates}
    places = {(seat.room_id, seat.x, seat.y): seat for seat in seats}
    for (room_id, x, y), seat in places.items():
        for place in ((room_id, x + 1, y), (room_id, x, y + 1)):
            other = places.get(place)
            mine = forms.get((room_id, seat.seat_no))
            if other and mine and mine == forms.get((room_id, other.seat_no)):
                yield seat, other, mine
