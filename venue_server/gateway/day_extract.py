"""What of one session goes into the bundle: answers, seats, papers, records (L03, Y05, C07)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from venue_server.gateway.day_export import DayExport
from venue_server.gateway.desk_parts import DeskParts
from venue_server.intake.papers import HeldPaper
from venue_server.records.export import LedgerIndex
from venue_server.records.service import RecordsService
from venue_server.records.stages import belongs
from venue_server.records.store import whole_ledger
from venue_server.sitting.forms import Form
from venue_server.sitting.rows import Session, Sitting
from venue_server.storage.engine import Store
from venue_server.upload.extract import SessionExtract, SittingExtract
from venue_server.wire.chain import ResponseEntry


class DayExtract:
    """Reads the stages' own rows; blocking where it decrypts."""

    def __init__(
        self, parts: DeskParts, store: Store, records: RecordsService, exports: DayExport
    ) -> None:
        self.parts = parts
        self.exports = exports
        self._store = store
        self._records = records

    def of_session(self, session: Session) -> SessionExtract:
        """Everything of one session; answers are decrypted one sitting at a time, when read."""
        parts = self.parts
        session_id = session.session_id
        sittings = parts.sittings.sittings(session_id)
        index = self._store.read(
            lambda tx: LedgerIndex(each for each in whole_ledger(tx) if belongs(each, session_id))
        )

        def events_of(one: SittingExtract) -> list[Mapping[str, Any]]:
            return index.about(one.sitting_id, one.ticket_no, one.machine_id)

        papers = {paper.form: paper for paper in parts.forms.papers(session)}
        first = next(iter(papers), None)
        return SessionExtract(
            venue_id=parts.venue_id,
            plan_id=session.plan_id,
            session_id=session.session_id,
            mode=parts.mode.value,
            paper_id=first.paper_id if first else "",
            subject_code=session.planned.subject_code,
            subject_title=session.planned.subject_title,
            sittings=[
                self._extract_sitting(each, self._paper_of(each, papers)) for each in sittings
            ],
            ledger_file=parts.ledger.files[0],
            effective_start_ms=session.effective_start_ms,
            ended_at_ms=session.whole.end_ms,
            extra={"papers": self._papers_used(session)},
            events_of=events_of,
        )

    def _paper_of(self, sitting: Sitting, papers: Mapping[Form, HeldPaper]) -> HeldPaper | None:
        """The paper of a sitting: that of the seat headquarters drew, wherever it ended up."""
        candidate = self.parts.sittings.candidate(sitting)
        session = self.parts.sittings.session(sitting.session_id)
        assignment = self.parts.forms.assignment(session)
        form = assignment.of_seat(candidate.room_id, candidate.seat_no)
        return papers.get(form) if form else None

    def _papers_used(self, session: Session) -> list[dict[str, str]]:
        """Every package received for the session and what became of it (D10, O01)."""
        reasons = {
            use.substitution.form: f"{use.reason} ({use.approved_by})"
            for use in self.parts.reserves.used(session.session_id)
        }
        return [
            {
                "package_id": each.package_id,
                "paper_id": each.paper_id,
                "form_id": each.form_id,
                "state": each.state.value,
                "approved": reasons.get(Form(each.paper_id, each.form_id), ""),
            }
            for each in self.parts.papers.of_session(session.session_id)
        ]

    def records(self, session: Session, sealed_by: str) -> dict[str, object]:
        """Room records, statistics, the export, and what was kept aside of every sitting (F24)."""
        session_id = session.session_id
        sittings = [each.sitting_id for each in self.parts.sittings.sittings(session_id)]
        return {
            **self._records.for_bundle(session_id),
            **self.parts.sources.for_bundle(session_id),
            "strays": self.parts.responses.aside.of(session_id, sittings),
            "export": self.exports.payload(session, sealed_by, ""),
        }

    def _extract_sitting(self, sitting: Sitting, paper: HeldPaper | None) -> SittingExtract:
        parts = self.parts
        candidate = parts.sittings.candidate(sitting)

        def entries() -> list[ResponseEntry]:
            return parts.responses.entries(sitting.session_id, sitting.sitting_id)

        return SittingExtract(
            sitting_id=sitting.sitting_id,
            ticket_no=sitting.ticket_no,
            name=candidate.name,
            id_number=candidate.id_number,
            room_id=sitting.room_id,
            seat_no=sitting.seat_no,
            machine_id=sitting.machine_id,
            form_id=paper.form.form_id if paper else "",
            paper_id=paper.form.paper_id if paper else "",
            package_id=paper.manifest.package_id if paper else "",
            state=sitting.state.value,
            entries=entries,
            submit_kind=sitting.submit_kind.value if sitting.submit_kind else None,
            admitted_at_ms=sitting.admitted_at_ms,
            logged_in_at_ms=sitting.logged_in_at_ms,
            opened_at_ms=sitting.opened_at_ms,
            submitted_at_ms=sitting.submitted_at_ms,
            exited_at_ms=sitting.exited_at_ms,
            final_seq=sitting.final_seq,
            final_head=sitting.final_head,
            neighbours=self._neighbours(sitting),
            swaps=[asdict(each) for each in parts.swaps.of(sitting.sitting_id)],
        )

    def _neighbours(self, sitting: Sitting) -> list[str]:
        """Seats next to this one in the room's grid (Y05)."""
        sittings = self.parts.sittings
        plan = sittings.plan_of(sittings.session(sitting.session_id))
        seats = {each.seat_no: each for each in plan.seats if each.room_id == sitting.room_id}
        own = seats[sitting.seat_no]
        return [
            number
            for number, each in seats.items()
            if number != own.seat_no and max(abs(each.x - own.x), abs(each.y - own.y)) == 1
        ]
