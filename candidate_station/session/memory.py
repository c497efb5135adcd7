"""What one station's session remembers. Only the modules of this package change it."""

from dataclasses import dataclass, field

from candidate_station.session.answer_flow import AnswerFlow
from candidate_station.session.hand_in import HandIn
from candidate_station.session.inputs import Now
from candidate_station.session.notices import Alert, Notice
from candidate_station.session.paper_flow import PaperFlow, Placed
from candidate_station.session.screen_state import Screen
from candidate_station.session.transitions import move
from venue_server.wire.inspection_orders import StationFacts
from venue_server.wire.messages import SessionBrief, Timing
from venue_server.wire.names import SittingState
from venue_server.wire.notice_orders import PaperNotice
from venue_server.wire.refusals import Refusal
from venue_server.wire.start_code import StartCodeSeal
from venue_server.wire.station_messages import (
    AcknowledgeRules,
    CandidateBrief,
    ConfirmIdentity,
    LogIn,
    SittingView,
)
from venue_server.wire.wiping_orders import AnswerPlace, WipePaper

NOTICE_S = 15.0
TELLING_S = 2.0
AT_PAPER = frozenset({Screen.COUNTDOWN, Screen.ANSWER, Screen.CONFIRM_SUBMIT, Screen.AWAY})

Question = LogIn | ConfirmIdentity | AcknowledgeRules


@dataclass
class Asked:
    """A question on its way: asked on ``screen``, asked again while that screen is still up."""

    question: Question
    screen: Screen
    again_at: float


@dataclass
class Memory:
    """``online`` is true between the server's Welcome and the loss of the link. ``arriving`` is a
    sitting whose journal is being opened, ``restoring`` one whose history still comes in parts
    (``restore_number`` is the part asked for). ``known_sitting`` is False while the server does
    not see our sitting at this seat."""

    app_version: str
    rules_version: str
    screen: Screen = Screen.CONNECTING
    paper: PaperFlow = field(default_factory=PaperFlow)
    online: bool = False
    station_id: str = ""
    venue_name: str = ""
    room_id: str = ""
    seat_no: str = ""
    enrol_code: str = ""
    session: SessionBrief | None = None
    login_allowed: bool = False
    candidate: CandidateBrief | None = None
    sitting_state: SittingState | None = None
    timing: Timing | None = None
    start_code: StartCodeSeal | None = None  # to be typed before the paper opens (E04)
    code_typed: bool = False
    codes_wrong: int = 0
    code_again_at: float = 0.0
    suspended_mono_s: float = -TELLING_S
    flow: AnswerFlow | None = None
    arriving: SittingView | None = None
    restoring: SittingView | None = None
    restore_number: int = 0
    known_sitting: bool = False
    hand_in: HandIn | None = None
    credited_s: int = 0
    revoked_s: int = 0  # 补时 taken back, as far as ``timing`` holds it (I07)
    away: bool = False
    opened_at_ms: int = 0
    corrections: tuple[PaperNotice, ...] = ()  # headquarters' notices about this paper (F14)
    receipt_code: str = ""
    receipt_qr: str = ""
    place: AnswerPlace = AnswerPlace.NOWHERE  # how far what was acknowledged came (H07)
    refusal: Refusal | None = None
    asked: Asked | None = None
    hand_raised: bool = False
    details_rejected: bool = False
    wipes: list[WipePaper] = field(default_factory=list)
    release_held: bool = False
    terminated: bool = False  # two people ended the sitting at this seat (V05)
    destroying: bool = False
    paper_was_open: bool = False  # in this run of the program
    anew_from: float | None = None  # steady seconds from which the program may begin anew
    alerts: set[Alert] = field(default_factory=set)
    observed: set[str] = field(default_factory=set)
    notice: Notice | None = None
    notice_until: float = 0.0
    heartbeat_at: float = 0.0
    last_number: int = 0
    facts: StationFacts | None = None  # told at every welcome (C08)

    def number(self) -> int:
        """A fresh request number."""
        self.last_number += 1
        return self.last_number

    def go(self, screen: Screen) -> None:
        """Show another screen; what was refused on the old one is no longer news."""
        if screen is not self.screen:
            self.screen = move(self.screen, screen)
            self.refusal = None

    def block(self, refusal: Refusal) -> None:
        """The station is unusable until an invigilator or the server changes something."""
        self.go(Screen.BLOCKED)
        self.refusal = refusal

    def tell(self, notice: Notice, now: Now) -> None:
        """Show a sentence for a while."""
        self.notice, self.notice_until = notice, now.mono_s + NOTICE_S

    def ended(self, now: Now) -> bool:
        """True from the personal end on (G09). The end instant itself is over."""
        room_ms = self.room_ms(now)
        return room_ms is not None and self.timing is not None and room_ms >= self.timing.end_ms

    def may_submit(self, now: Now) -> bool:
        """The hand-in gate (G01-G05): from ``closed_until_ms`` on, and before the end."""
        room_ms = self.room_ms(now)
        if self.timing is None or room_ms is None or self.suspended(now):
            return False
        return self.timing.closed_until_ms <= room_ms < self.timing.end_ms

    def room_ms(self, now: Now) -> int | None:
        """The room's own clock, which stands while the room is suspended; None while unknown."""
        if self.timing is None or now.exam_ms is None:
            return now.exam_ms
        return self.timing.room_clock_ms(now.exam_ms)

    def suspended(self, now: Now) -> bool:
        """Does the room stand still (I06)? The server's word counts at once, even where this
        machine's estimate of the time is a little behind it."""
        timing, exam_ms = self.timing, now.exam_ms
        if timing is None:
            return False
        return timing.stands or (exam_ms is not None and timing.is_suspended(exam_ms))

    def shown(self, now: Now) -> Screen:
        """The screen that is up: a suspension covers the countdown and the paper, and moves
        nothing, so that the candidate finds everything as it was. The start code covers the
        countdown."""
        if self.screen in AT_PAPER and self.suspended(now):
            return Screen.SUSPENDED
        if self.screen is Screen.COUNTDOWN and self.wants_code:
            return Screen.START_CODE
        return self.screen

    @property
    def wants_code(self) -> bool:
        """Is the room start code still to be typed (E04)? Not where this sitting's paper was open
        before: its chain has begun, whatever the server could hear of it."""
        begun = self.opened_at_ms > 0 or (self.flow is not None and self.flow.chain.seq > 0)
        return self.start_code is not None and not self.code_typed and not begun

    def answering(self, now: Now) -> bool:
        """True when an answer may be changed now (G12)."""
        on_page = self.screen in (Screen.ANSWER, Screen.CONFIRM_SUBMIT)
        known = now.exam_ms is not None and self.restoring is None
        return on_page and known and not self.ended(now) and not self.suspended(now)

    def still_telling(self, now: Now) -> bool:
        """What was typed just before the suspension came may reach us just after it."""
        return self.suspended(now) and now.mono_s < self.suspended_mono_s + TELLING_S

    def forget_sitting(self) -> None:
        """The next candidate starts from nothing; journals stay on the disk."""
        self.flow = self.hand_in = self.candidate = self.sitting_state = self.timing = None
        self.arriving = self.restoring = self.asked = self.refusal = None
        self.opened_at_ms, self.receipt_code, self.receipt_qr = 0, "", ""
        self.start_code, self.code_typed = None, False
        self.codes_wrong, self.code_again_at = 0, 0.0
        self.place = AnswerPlace.NOWHERE
        self.corrections = ()
        self.credited_s, self.revoked_s, self.away = 0, 0, False
        self.hand_raised = self.details_rejected = self.known_sitting = self.terminated = False

    @property
    def items(self) -> Placed:
        """The open paper's items with their sections, in this candidate's order (D15)."""
        return self.paper.items(self.flow.sitting_id if self.flow else "")

    @property
    def item_id(self) -> str:
        """The item on the screen: the last one visited, else the first (H10)."""
        if self.paper.index is None:
            return ""
        last = self.flow.draft.item_id if self.flow else ""
        order = [item.item_id for item, _ in self.items]
        return last if last in order else next(iter(order), "")
