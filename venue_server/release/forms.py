"""The forms of a session and the sealed papers that carry them: who gets which, what is missing,
which reserves stay sealed (C05, D10, E06)."""

from collections.abc import Callable

from venue_server.intake.papers import HeldPaper, Papers
from venue_server.release.store import ReserveUse
from venue_server.sitting.forms import Assignment, Form, assign
from venue_server.sitting.rows import Session

Uses = Callable[[str], list[ReserveUse]]


class SessionForms:
    """Looks up; ``uses`` gives a session's reserves approved for use."""

    def __init__(self, papers: Papers, uses: Uses) -> None:
        self._papers = papers
        self._uses = uses

    def assignment(self, session: Session) -> Assignment:
        """Everybody's form as it stands now; fixed from the release on."""
        held = self._papers.all_held(session)
        only = held[0].form if held else None
        used = [use.substitution for use in self._uses(session.session_id)]
        return assign(session.planned, only, used)

    def papers(self, session: Session | None) -> list[HeldPaper]:
        """The sealed papers that this session opens and that are complete here."""
        if session is None:
            return []
        held = {each.form: each for each in self._papers.all_held(session)}
        return [held[form] for form in self.assignment(session).needed if form in held]

    def missing(self, session: Session) -> list[str]:
        """Names of the forms that this session opens and that are not complete here."""
        needed = self.assignment(session).needed
        here = {each.form for each in self._papers.all_held(session)}
        if not needed:
            return [session.planned.subject_code]
        return [str(form) for form in needed if form not in here]

    def complete(self, session: Session | None) -> list[HeldPaper] | None:
        """All papers of the session, or None while one of them is missing."""
        if session is None or self.missing(session):
            return None
        return self.papers(session)

    def reserves(self, session: Session) -> list[HeldPaper]:
        """Complete papers of the session that it does not open: they stay sealed (D10)."""
        needed = self.assignment(session).needed
        return [each for each in self._papers.all_held(session) if each.form not in needed]

    def in_room(self, session: Session, room_id: str) -> list[HeldPaper]:
        """The papers that candidates of one room get."""
        assignment = self.assignment(session)
        forms = {
            assignment.of_seat(room_id, one.seat_no)
            for one in session.planned.candidates
            if one.room_id == room_id
        }
        return [paper for paper in self.papers(session) if paper.form in forms]

    def offered(self, session: Session | None, form: Form) -> HeldPaper | None:
        """The paper a station asks for by HTTP, if this session opens it. A sealed reserve is
        given to nobody."""
        return next((each for each in self.papers(session) if each.form == form), None)
