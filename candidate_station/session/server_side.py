"""What the server says, and what follows: the sitting met anew, time, keys, receipts, wiping."""

import msgspec

from candidate_station.session.answer_flow import AnswerFlow
from candidate_station.session.candidate_side import ask
from candidate_station.session.effects import (
    CheckMachine,
    ClosePaper,
    Effect,
    MarkSettled,
    OpenJournal,
    SendMessage,
)
from candidate_station.session.inputs import JournalFailed, JournalOpened, Now
from candidate_station.session.memory import Memory
from candidate_station.session.moving import moved, stands_aside, take_answers
from candidate_station.session.notices import Alert, Notice
from candidate_station.session.screen_state import Screen
from venue_server.wire.inspection_orders import RunStationCheck, StationEcho, StationProbe
from venue_server.wire.messages import Refused, SessionBrief, Timing
from venue_server.wire.names import SittingState
from venue_server.wire.notice_orders import NoticesPublished
from venue_server.wire.receipt_code import receipt_code, receipt_qr
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import (
    BreakChanged,
    FormKey,
    GetHistory,
    History,
    LoggedIn,
    LoginAllowed,
    PaperOffer,
    PaperOpened,
    ReleaseHeld,
    SaveAck,
    SessionChanged,
    SittingChanged,
    SittingTerminated,
    SittingView,
    SubmitReceipt,
    TimingChanged,
    ToStation,
    Welcome,
    WrappingKey,
)
from venue_server.wire.swap_orders import SittingMoved, TakeAnswers
from venue_server.wire.wiping_orders import AnswersAt, WipePaper

_HANDED_IN = frozenset({SittingState.SUBMITTED, SittingState.EXITED})
_SEATED = frozenset(
    {
        SittingState.LOGGED_IN,
        SittingState.CONFIRMED,
        SittingState.RULES_ACK,
        SittingState.IN_PROGRESS,
    }
)
_AT_WORK = frozenset(
    {
        Screen.ANSWER,
        Screen.CONFIRM_SUBMIT,
        Screen.AWAY,
        Screen.SUBMITTING,
        Screen.SUBMIT_FAILED,
    }
)


def take_message(memory: Memory, message: ToStation, now: Now) -> list[Effect]:
    """Act on one message of the server."""
    match message:
        case Welcome():
            return [*_welcome(memory, message, now), *tell_facts(memory)]
        case LoggedIn(_, sitting):
            memory.asked = None
            return _meet(memory, sitting, now)
        case History():
            return _more_history(memory, message, now)
        case LoginAllowed():
            memory.login_allowed = True
            if memory.screen is Screen.WAITING or stands_aside(memory):
                memory.go(Screen.LOGIN)
        case SessionChanged(session):
            _session_changed(memory, session)
        case TimingChanged():
            _timing_changed(memory, message, now)
        case SittingChanged(sitting):
            return _meet(memory, sitting, now)
        case BreakChanged(sitting_id, away):
            if memory.flow is not None and memory.flow.sitting_id == sitting_id:
                memory.away = away
        case PaperOffer():
            return memory.paper.offered(message)
        case WrappingKey():
            memory.paper.wrapping_key(message)
        case FormKey():
            memory.paper.form_key(message)
        case SaveAck(sitting_id):
            if memory.flow is not None and memory.flow.sitting_id == sitting_id:
                memory.flow.acknowledged(message)
        case SubmitReceipt():
            return _receipt(memory, message)
        case AnswersAt(sitting_id, place):
            if memory.flow is not None and memory.flow.sitting_id == sitting_id:
                memory.place = place
        case WipePaper():
            if message not in memory.wipes:  # it is asked again at every connection
                memory.wipes.append(message)
        case SittingMoved(told):
            return moved(memory, told)
        case TakeAnswers():
            take_answers(memory, message, now)
        case NoticesPublished():
            _corrected(memory, message)
        case ReleaseHeld(held):
            memory.release_held = held
        case RunStationCheck(n, token):
            # A candidate at work is not disturbed: the disk is theirs now.
            return [] if memory.screen in _AT_WORK else [CheckMachine(n, token)]
        case StationProbe(n):
            return [SendMessage(StationEcho(n, now.exam_ms or 0))]
        case SittingTerminated(sitting_id):
            if memory.flow is not None and memory.flow.sitting_id == sitting_id:
                return _terminated(memory)
        case Refused():
            _refused(memory, message, now)
    return []


def tell_facts(memory: Memory) -> list[Effect]:
    """Tell the server what this machine knows of itself, while it listens (C08)."""
    if memory.facts is None or not memory.online:
        return []
    return [SendMessage(memory.facts)]


def journal_opened(memory: Memory, journal: JournalOpened, now: Now) -> list[Effect]:
    """A journal is open: found at the start, or asked for because a sitting arrived."""
    if journal.damaged:
        memory.alerts.add(Alert.JOURNAL_DAMAGED)
    view = memory.arriving
    if view is None and memory.flow is None:
        memory.flow = AnswerFlow(journal)
    if view is None or view.sitting_id != journal.sitting_id:
        return []
    memory.arriving = None
    memory.flow = AnswerFlow(journal)
    return _arrive(memory, view, now)


def journal_failed(memory: Memory, failed: JournalFailed, now: Now) -> list[Effect]:
    """The disk refuses: the sitting goes on, says so, and every append tries again."""
    effects = journal_opened(memory, JournalOpened(failed.sitting_id, ()), now)
    if memory.flow is not None and memory.flow.sitting_id == failed.sitting_id:
        memory.flow.append_failed(now)
    return effects


def link_lost(memory: Memory) -> None:
    """Nothing changes for the candidate but the sign that the server is away (H08)."""
    memory.online = False
    memory.restoring = None
    if memory.flow is not None:
        memory.flow.outbox.close()


# ---- the sitting ---------------------------------------------------------------------------


def _welcome(memory: Memory, welcome: Welcome, now: Now) -> list[Effect]:
    memory.online = True
    memory.heartbeat_at = 0.0
    memory.station_id, memory.venue_name = welcome.station_id, welcome.venue_name
    memory.room_id, memory.seat_no = welcome.room_id, welcome.seat_no
    _session_changed(memory, welcome.session)
    memory.login_allowed, memory.release_held = welcome.login_allowed, welcome.release_held
    if memory.hand_in is not None:
        memory.hand_in.met_again()
    if welcome.terminated:
        effects = _terminated(memory)
    elif welcome.sitting is not None and welcome.sitting.state in _SEATED | _HANDED_IN:
        effects = _meet(memory, welcome.sitting, now)
    elif welcome.moved is not None and memory.flow is not None:
        effects = moved(memory, welcome.moved)
    else:
        effects = _nobody_here(memory)
    asked = memory.asked
    if asked is not None and asked.screen is memory.screen:
        return [*effects, *ask(memory, asked.question, now)]
    memory.asked = None
    return effects


def _terminated(memory: Memory) -> list[Effect]:
    """Two people ended the sitting (V05): the paper goes, the screen says so, and answers that the
    server has not seen are offered to it once more, to be kept aside with the rest."""
    memory.known_sitting, memory.terminated = False, True
    memory.hand_in, memory.arriving, memory.restoring = None, None, None
    memory.opened_at_ms = 0
    if memory.flow is not None and memory.flow.chain.seq > 0:
        memory.flow.outbox.server_has(memory.flow.outbox.acked)
    memory.block(Refusal(RefusalCode.SITTING_TERMINATED))
    return [ClosePaper()] if memory.paper.close() else []


def _nobody_here(memory: Memory) -> list[Effect]:
    """The server sees no sitting at this seat.

    Answers that we still hold are offered to it once more: it keeps what it cannot accept aside,
    so nothing is lost (F13). A candidate at work is stopped, because another station may have
    taken over; one whose time is over waits for the server's answer.
    """
    flow = memory.flow
    memory.known_sitting = False
    if memory.screen is Screen.RECEIPT:
        return []
    if flow is not None and flow.chain.seq > 0 and flow.moved is None:
        flow.outbox.server_has(flow.outbox.acked)
    if memory.hand_in is not None:
        return []
    if memory.screen in _AT_WORK or (memory.screen is Screen.BLOCKED and flow is not None):
        memory.block(Refusal(RefusalCode.SITTING_UNKNOWN))
        return []
    memory.go(Screen.LOGIN if memory.login_allowed else Screen.WAITING)
    return []


def _meet(memory: Memory, view: SittingView, now: Now) -> list[Effect]:
    """The server names the sitting at this seat; its journal must be open before it counts."""
    if memory.flow is not None and memory.flow.sitting_id == view.sitting_id:
        return _arrive(memory, view, now)
    if memory.arriving is not None and memory.arriving.sitting_id == view.sitting_id:
        memory.arriving = view
        return []
    closed: list[Effect] = [ClosePaper()] if memory.paper.close() else []
    details_rejected = memory.details_rejected
    memory.forget_sitting()
    memory.details_rejected = details_rejected
    memory.arriving = view
    return [*closed, OpenJournal(view.sitting_id)]


def _arrive(memory: Memory, view: SittingView, now: Now) -> list[Effect]:
    """Set journal and server side by side, then show what the sitting's state asks for.

    A long history comes in parts. Each is taken into the journal as it comes, so that a lost link
    costs one part; until the chain is whole nothing goes on, for a new entry would fork it.
    """
    flow = memory.flow
    assert flow is not None
    memory.restoring = None
    wanted = flow.chain.seq > 0 or view.state not in _HANDED_IN
    if wanted and flow.learn(view.history, view.seq):
        memory.restoring = msgspec.structs.replace(view, history=[])
        memory.restore_number = memory.number()
        return [SendMessage(GetHistory(memory.restore_number, view.sitting_id, flow.chain.seq))]
    effects = _compare(memory, view, now)
    if not memory.online:
        flow.outbox.close()
    return effects


def _corrected(memory: Memory, told: NoticesPublished) -> None:
    """Before the paper is open nothing of a correction is taken, whoever sends it (O02)."""
    own = memory.flow is not None and memory.flow.sitting_id == told.sitting_id
    if own and memory.opened_at_ms:
        memory.corrections = tuple(told.notices)


def _more_history(memory: Memory, history: History, now: Now) -> list[Effect]:
    view = memory.restoring
    if view is None or history.re != memory.restore_number:
        return []
    if not history.entries:  # the server lacks what it named: not our chain
        memory.restoring = None
        return _compare(memory, view, now)
    return _arrive(memory, msgspec.structs.replace(view, history=history.entries), now)


def _compare(memory: Memory, view: SittingView, now: Now) -> list[Effect]:
    flow = memory.flow
    assert flow is not None
    memory.known_sitting = True
    memory.candidate, memory.sitting_state = view.candidate, view.state
    if view.timing is not None:
        _take_timing(memory, view.timing, now, view.revoked_s)
    memory.credited_s, memory.away = view.credited_s, view.away
    memory.start_code = view.start_code
    _reopened(memory, view)
    if view.state in _HANDED_IN:
        if flow.chain.seq > 0:
            flow.server_says(view.seq, view.head, view.history)
        return _handed_in(memory, view.head)
    if not flow.server_says(view.seq, view.head, view.history):
        memory.hand_in = None
        memory.block(Refusal(RefusalCode.CHAIN_BROKEN))
        return []
    memory.details_rejected = False
    match view.state:
        case SittingState.LOGGED_IN:
            memory.go(Screen.CONFIRM)
        case SittingState.CONFIRMED:
            memory.go(Screen.RULES)
        case SittingState.RULES_ACK | SittingState.IN_PROGRESS:
            return _go_on(memory)
    return []


def _reopened(memory: Memory, view: SittingView) -> None:
    """Two people undid a hand-in: its closing entry closes nothing any more (I10)."""
    flow = memory.flow
    assert flow is not None
    flow.reopened_seq = view.reopened_seq
    if memory.hand_in is not None and view.reopened_seq and flow.closing is None:
        memory.hand_in = None
        memory.go(Screen.ANSWER if memory.opened_at_ms else Screen.COUNTDOWN)


def _go_on(memory: Memory) -> list[Effect]:
    """Rules are read: to the countdown, or on with what is already going on."""
    if memory.opened_at_ms == 0 or memory.flow is None:
        if memory.screen not in _AT_WORK:
            memory.go(Screen.COUNTDOWN)
        return []
    if memory.screen is Screen.BLOCKED:
        memory.go(Screen.COUNTDOWN)
        memory.go(Screen.ANSWER)
    # Repeated at every meeting: the first may have been lost with the link, and again is harmless.
    return [SendMessage(PaperOpened(memory.flow.sitting_id, memory.opened_at_ms))]


def _timing_changed(memory: Memory, changed: TimingChanged, now: Now) -> None:
    sitting_id, timing = changed.sitting_id, changed.timing
    told = {
        "timing": timing,
        "credited_s": changed.credited_s,
        "revoked_s": changed.revoked_s,
        "start_code": changed.start_code,
    }
    if memory.restoring is not None and memory.restoring.sitting_id == sitting_id:
        memory.restoring = msgspec.structs.replace(memory.restoring, **told)
    elif memory.flow is not None and memory.flow.sitting_id == sitting_id:
        _take_timing(memory, timing, now, changed.revoked_s)
        memory.credited_s, memory.start_code = changed.credited_s, changed.start_code
    elif memory.arriving is not None and memory.arriving.sitting_id == sitting_id:
        memory.arriving = msgspec.structs.replace(memory.arriving, **told)


def _take_timing(memory: Memory, timing: Timing, now: Now, revoked_s: int = 0) -> None:
    """Nothing ever shortens time (I02): neither may the end be earlier nor less be left, but by
    what two people took back of 补时 since (I07). When a resumption is called off the end is
    unsettled again, but as much is left as before."""
    old, fresh_s = memory.timing, revoked_s - memory.revoked_s
    shorter = (
        old is not None
        and timing.end_ms < old.end_ms
        and _left_ms(timing, now) < _left_ms(old, now)
    )
    if shorter and (old is None or old.end_ms - timing.end_ms > 1000 * fresh_s):
        memory.alerts.add(Alert.TIME_SHORTENED)
        return
    if old is not None and fresh_s > 0:
        memory.tell(Notice.CREDIT_REVOKED, now)
    elif old is not None and timing.end_ms > old.end_ms:
        memory.tell(Notice.TIME_CHANGED, now)
    memory.revoked_s = max(memory.revoked_s, revoked_s)
    if timing.stands and (old is None or not old.stands):
        memory.suspended_mono_s = now.mono_s
    memory.timing = timing


def _left_ms(timing: Timing, now: Now) -> int:
    """What is left of a sitting's time, from the instant on at which it goes on."""
    exam_ms = now.exam_ms
    if exam_ms is None or timing.stands:
        return timing.end_ms - max(timing.suspended_at_ms, timing.effective_start_ms)
    return timing.end_ms - max(exam_ms, timing.resumes_at_ms)


def _session_changed(memory: Memory, session: SessionBrief | None) -> None:
    before = memory.session.session_id if memory.session else ""
    memory.session = session
    if before == (session.session_id if session else ""):
        return
    memory.login_allowed = False
    over = memory.screen in (Screen.RECEIPT, Screen.LOGIN)
    if over or (memory.screen is Screen.BLOCKED and not memory.known_sitting):
        memory.forget_sitting()
        memory.go(Screen.WAITING)


# ---- receipts, refusals, wiping --------------------------------------------------------------


def _receipt(memory: Memory, receipt: SubmitReceipt) -> list[Effect]:
    if memory.flow is None or memory.flow.sitting_id != receipt.sitting_id:
        return []
    if memory.hand_in is not None:
        memory.hand_in.answered(receipt)
        if memory.hand_in.receipt is None:
            memory.alerts.add(Alert.HAND_IN_REFUSED)
            return []
    memory.alerts.discard(Alert.HAND_IN_REFUSED)
    return _handed_in(memory, receipt.head)


def _handed_in(memory: Memory, head: str) -> list[Effect]:
    """The server durably holds the hand-in (G11): show its receipt, forget the paper."""
    flow = memory.flow
    assert flow is not None
    memory.hand_in, memory.opened_at_ms = None, 0
    memory.sitting_state = SittingState.SUBMITTED
    # Computed here from the head: nobody's word stands between the candidate and their own chain.
    memory.receipt_code = receipt_code(head)
    memory.receipt_qr = receipt_qr(flow.sitting_id, head)
    memory.go(Screen.RECEIPT)
    effects: list[Effect] = []
    if flow.chain.seq > 0 and flow.chain.head == head:
        flow.outbox.acknowledged(flow.chain.seq, head)
        effects.append(MarkSettled(flow.sitting_id, head))
    if memory.paper.close():
        effects.append(ClosePaper())
    return effects


def _refused(memory: Memory, refused: Refused, now: Now) -> None:
    refusal = Refusal(refused.code, refused.detail)
    flow = memory.flow
    if memory.asked is not None and refused.re == memory.asked.question.n:
        if memory.asked.screen is memory.screen:
            memory.refusal = refusal
        memory.asked = None
    elif memory.restoring is not None and refused.re == memory.restore_number:
        memory.restoring = None
        memory.block(refusal)
    elif memory.hand_in is not None and memory.hand_in.refused(refused.re, refusal):
        memory.alerts.add(Alert.HAND_IN_REFUSED)
    elif refused.re == 0 and flow is not None:
        _save_refused(flow, refused.code, now)


def _save_refused(flow: AnswerFlow, code: RefusalCode, now: Now) -> None:
    match code:
        case RefusalCode.SAVE_GAP | RefusalCode.SAVE_NOT_DURABLE | RefusalCode.TOO_MANY:
            flow.outbox.send_again(now.mono_s)
        case RefusalCode.CHAIN_BROKEN:
            flow.diverged = True
            flow.outbox.close()
        case (
            RefusalCode.SITTING_ENDED
            | RefusalCode.SITTING_UNKNOWN
            | RefusalCode.NOT_STARTED
            | RefusalCode.ANSWERS_TOO_LATE
        ):
            flow.refuse()
