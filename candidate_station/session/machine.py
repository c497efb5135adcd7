"""The station's session: one sans-I/O state machine from enrolment to the wiped disk.

``handle`` takes one input with the instant it happened and returns the effects to carry out, in
order; ``state`` is what the window shows at an instant. Screens are the states
(transitions.py, docs/states/station.md); sub-machines with rules of their own are the paper
(paper_flow.py), the answers on their way (answer_flow.py) and the hand-in (hand_in.py).
"""

from candidate_station.answers.draft import Values
from candidate_station.session.candidate_side import take_intent
from candidate_station.session.effects import ClosePaper, Effect, SendMessage
from candidate_station.session.inputs import (
    Appended,
    AppendFailed,
    CiphertextFailed,
    CiphertextHeld,
    Destroyed,
    DestroyRefused,
    Enrolled,
    Enrolling,
    FactsFound,
    Input,
    JournalFailed,
    JournalOpened,
    LinkDown,
    LinkUp,
    Now,
    Observed,
    PaperRefused,
    PaperUnsealed,
    Received,
    Tick,
    Wanted,
)
from candidate_station.session.memory import Memory
from candidate_station.session.notices import Alert
from candidate_station.session.progress import advance, next_instant_ms
from candidate_station.session.rules import RULES_VERSION
from candidate_station.session.screen_state import Screen, ScreenState
from candidate_station.session.server_side import (
    journal_failed,
    journal_opened,
    link_lost,
    take_message,
    tell_facts,
)
from candidate_station.session.view import screen_state
from candidate_station.session.wiping import wiped
from venue_server.wire.messages import PROTOCOL_VERSION
from venue_server.wire.paper_index import PaperIndex
from venue_server.wire.station_messages import StationHello
from venue_server.wire.wiping_orders import PaperWiped


class SessionMachine:
    """Not thread-safe: one loop feeds it."""

    def __init__(self, app_version: str, rules_version: str = RULES_VERSION) -> None:
        self._memory = Memory(app_version, rules_version)

    def handle(self, happened: Input, now: Now) -> list[Effect]:
        """Take one input; returns what to do, in order."""
        return [*self._take(happened, now), *advance(self._memory, now)]

    def state(self, now: Now) -> ScreenState:
        """The screen at ``now``."""
        return screen_state(self._memory, now)

    def hello(self) -> StationHello:
        """The first frame of a connection, telling the present truth."""
        memory = self._memory
        flow = memory.flow
        return StationHello(
            PROTOCOL_VERSION,
            memory.app_version,
            memory.paper.held_sha256,
            flow.sitting_id if flow else "",
            flow.chain.seq if flow else 0,
        )

    def next_instant_ms(self, now: Now) -> int | None:
        """Exam time at which a Tick must come to the millisecond, or None."""
        return next_instant_ms(self._memory, now)

    @property
    def sitting_id(self) -> str:
        """The sitting at this seat; empty when there is none."""
        return self._memory.flow.sitting_id if self._memory.flow else ""

    @property
    def shows_paper(self) -> bool:
        """True from the instant the candidate may see the paper until the receipt (E01)."""
        return self._memory.opened_at_ms > 0

    def values(self, item_id: str) -> Values:
        """The current answer of an item."""
        return self._memory.flow.draft.values(item_id) if self._memory.flow else {}

    def marks(self, item_id: str) -> list[str]:
        """The marks in an item's text (H05)."""
        return self._memory.flow.draft.marks(item_id) if self._memory.flow else []

    def _take(self, happened: Input, now: Now) -> list[Effect]:
        memory = self._memory
        match happened:
            case Received(message):
                return take_message(memory, message, now)
            case Wanted(intent):
                return take_intent(memory, intent, now)
            case JournalOpened():
                return journal_opened(memory, happened, now)
            case JournalFailed():
                return journal_failed(memory, happened, now)
            case LinkDown(refusal):
                link_lost(memory)
                if memory.screen in (Screen.CONNECTING, Screen.WAITING):
                    memory.refusal = refusal
            case Appended() | AppendFailed():
                self._journal_answered(happened, now)
            case Enrolling() | Enrolled():
                self._enrol(happened)
            case PaperUnsealed(index):
                return self._unsealed(index)
            case Destroyed() | DestroyRefused():
                return self._destroyed(happened, now)
            case CiphertextHeld() | CiphertextFailed() | PaperRefused():
                return self._paper_answered(happened, now)
            case Observed(word, true_now):
                (memory.observed.add if true_now else memory.observed.discard)(word)
                memory.heartbeat_at = 0.0
            case FactsFound(facts):
                memory.facts = facts
                return tell_facts(memory)
            case LinkUp():
                if memory.screen in (Screen.CONNECTING, Screen.WAITING):
                    memory.refusal = None  # it said why there was no line
            case Tick():
                pass
        return []

    def _enrol(self, happened: Enrolling | Enrolled) -> None:
        memory = self._memory
        if isinstance(happened, Enrolled):
            memory.station_id, memory.enrol_code = happened.station_id, ""
            memory.go(Screen.CONNECTING)
        else:
            memory.go(Screen.ENROL)
            memory.enrol_code, memory.refusal = happened.code, happened.refusal

    def _journal_answered(self, happened: Appended | AppendFailed, now: Now) -> None:
        flow = self._memory.flow
        if flow is None or flow.sitting_id != happened.sitting_id:
            return
        if isinstance(happened, Appended):
            flow.appended(happened.seq)
        else:
            flow.append_failed(now)

    def _paper_answered(
        self, happened: CiphertextHeld | CiphertextFailed | PaperRefused, now: Now
    ) -> list[Effect]:
        paper = self._memory.paper
        match happened:
            case CiphertextHeld(offer):
                return paper.held(offer)
            case CiphertextFailed(offer):
                paper.fetch_failed(offer, now)
            case PaperRefused(refusal):
                paper.refused(refusal, now)
        return []

    def _unsealed(self, index: PaperIndex) -> list[Effect]:
        """The paper is open in memory; nobody waiting for it any more means forget it again."""
        memory = self._memory
        memory.paper_was_open = True
        if memory.paper.unsealed(index) and memory.screen is Screen.COUNTDOWN:
            return []
        memory.paper.close()
        return [ClosePaper()]

    def _destroyed(self, happened: Destroyed | DestroyRefused, now: Now) -> list[Effect]:
        memory = self._memory
        memory.destroying = False
        if isinstance(happened, DestroyRefused):
            memory.alerts.add(Alert.WIPE_REFUSED)
            memory.wipes.clear()
            return []
        memory.alerts.discard(Alert.WIPE_REFUSED)
        own_journal = bool(memory.wipes) and not memory.wipes[0].paper_id and self._stands_aside()
        del memory.wipes[:1]
        memory.paper.gone(happened.paper_id)
        if memory.flow is not None and memory.flow.sitting_id == happened.sitting_id:
            code, qr = memory.receipt_code, memory.receipt_qr
            refusal, place = memory.refusal, memory.place
            memory.forget_sitting()
            memory.receipt_code, memory.receipt_qr, memory.place = code, qr, place
            memory.refusal = refusal if own_journal else None
        # A machine that only stood aside keeps its paper: it may be a spare again.
        if own_journal:
            return []
        wiped(memory, now)
        told = PaperWiped(happened.paper_id, happened.sitting_id, list(happened.left))
        return [SendMessage(told)]

    def _stands_aside(self) -> bool:
        flow = self._memory.flow
        return flow is not None and flow.moved is not None
