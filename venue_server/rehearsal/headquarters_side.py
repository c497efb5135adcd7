"""What headquarters does before the day: keys, the signed plan, the sealed paper."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from venue_server.headquarters.order import SealOrder
from venue_server.headquarters.plan_seal import seal_plan
from venue_server.headquarters.problem_texts import describe
from venue_server.headquarters.problems import Problem
from venue_server.headquarters.seal import SealedPaper, seal_package
from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.headquarters.service_receipts import Venue, register_venue
from venue_server.headquarters.service_release import PaperSecret, publish_paper
from venue_server.rehearsal.cast import Cast
from venue_server.rehearsal.options import EXAM_MINUTES, DayTimes
from venue_server.sitting.plan import (
    PLAN_TYPE,
    DesignatedServer,
    Plan,
    PlannedPaper,
    PlannedSession,
    PlannedStaff,
)
from venue_server.wire.canonical import unb64
from venue_server.wire.names import MediaClass, Mode

VENUE_ID = "rehearsal-venue"
VENUE_NAME = "试考考点"
ZONE = "试考考区"
SUBJECT_CODE = "9901"
SUBJECT_TITLE = "考务工作基础知识（试考）"
EXAM_TITLE = "电子化考试试考"
SESSION_ID = "rehearsal-am"
PAPER_ID = "rehearsal-paper"
FORM_ID = "A"
OTHER_FORM_ID = "B"
RESERVE = PlannedPaper("rehearsal-reserve", "R", reserve=True)
TWO_FORMS_AND_A_RESERVE = (
    PlannedPaper(PAPER_ID, FORM_ID),
    PlannedPaper(PAPER_ID, OTHER_FORM_ID),
    RESERVE,
)
"""What a rehearsal carries: neighbours get different forms, the reserve is never opened."""


class PaperRefusedError(Exception):
    """The package cannot be sealed; ``problems`` say where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(describe(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Headquarters:
    """Headquarters of one rehearsal, at ``base_url``; its clock began at ``clock_began_s``."""

    keys: HeadquartersKeys
    base_url: str
    clock_began_s: float = 0.0

    def public_file(self, file: Path) -> Path:
        """Write what a venue is given of headquarters."""
        public = {
            "keys": self.keys.signing_public,
            "threshold": 2,
            "base_url": self.base_url,
            "certificate_pem": self.keys.certificate_pem,
        }
        file.write_text(json.dumps(public))
        return file

    def register(self, signing_public: str) -> None:
        """Know the venue, so that its bundle is accepted."""
        register_venue(self.keys.data_dir, Venue(VENUE_ID, signing_public))

    def write_plan(
        self,
        cast: Cast,
        times: DayTimes,
        file: Path,
        papers: Sequence[PlannedPaper] = (),
        venue_public: str = "",
        staff: Sequence[PlannedStaff] = (),
    ) -> Path:
        """The signed plan of the day. Without ``papers`` it names no form, for nobody. Its personal
        data is sealed to ``venue_public`` where that is given (O08). ``staff`` is its roster."""
        candidates = cast.candidates
        if not papers:
            candidates = [msgspec.structs.replace(each, form_id="") for each in candidates]
        session = PlannedSession(
            session_id=SESSION_ID,
            subject_code=SUBJECT_CODE,
            subject_title=SUBJECT_TITLE,
            start_ms=times.start_ms,
            duration_s=EXAM_MINUTES * 60,
            media_class=MediaClass.NORMAL,
            relaxed=True,
            receipt_open_ms=times.at(-60),
            receipt_close_ms=times.at(-5),
            receipt_limit_s=50 * 60,
            admission_open_s=30 * 60,
            candidates=candidates,
            papers=list(papers),
        )
        plan = Plan(
            type=PLAN_TYPE,
            version="1.0",
            plan_id=f"plan-{times.start_ms}",
            venue_id=VENUE_ID,
            venue_name=VENUE_NAME,
            exam_title=EXAM_TITLE,
            mode=Mode.REHEARSAL,
            rooms=cast.rooms,
            seats=cast.seats,
            sessions=[session],
            designated_server=DesignatedServer(self.base_url, self.keys.certificate_pem),
            bundle_public=self.keys.bundle_public,
            zone=ZONE,
            staff=list(staff),
        )
        public = unb64(venue_public) if venue_public else None
        made = seal_plan(msgspec.to_builtins(plan), self.keys.signing, public)
        assert isinstance(made, bytes), made
        file.write_bytes(made)
        return file

    def seal(
        self,
        package: Path,
        out: Path,
        venue_public: str,
        times: DayTimes,
        paper: PlannedPaper = TWO_FORMS_AND_A_RESERVE[0],
    ) -> SealedPaper:
        """Seal one form for this venue: a run of its own, with a seed, secrets and a package of its
        own. Raises PaperRefusedError with every reason."""
        order = SealOrder(
            paper_id=paper.paper_id,
            form_id=paper.form_id,
            subject_code=SUBJECT_CODE,
            venues={VENUE_ID: unb64(venue_public)},
            release_at_ms=times.at(-2),
            expires_at_ms=times.at(24 * 60),
            mode=Mode.REHEARSAL,
            attest_subject=True,
            attest_rendering=True,
        )
        sealed = seal_package(package, out, order, self.keys.signing)
        if isinstance(sealed, list):
            raise PaperRefusedError(sealed)
        secret = msgspec.json.decode(sealed.secret_file.read_bytes(), type=PaperSecret)
        publish_paper(self.keys.data_dir, secret)
        return sealed
