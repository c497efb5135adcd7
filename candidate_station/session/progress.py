"""What happens by itself: the start, the end, retries, the automatic hand-in, the heartbeat."""

from candidate_station.paper.item_order import drawn_orders
from candidate_station.session.candidate_side import ask
from candidate_station.session.effects import Effect, SendMessage
from candidate_station.session.hand_in import HandIn
from candidate_station.session.inputs import Now
from candidate_station.session.memory import AT_PAPER, Memory
from candidate_station.session.notices import Alert
from candidate_station.session.paper_flow import PaperState
from candidate_station.session.screen_state import Screen
from candidate_station.session.wiping import begin_anew, wipe
from venue_server.wire.declared import state_declarations
from venue_server.wire.names import SeatAlert, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import Heartbeat, PaperOpened

HEARTBEAT_S = 2.0
_HANDING_IN = frozenset({Screen.SUBMITTING, Screen.SUBMIT_FAILED})


def advance(memory: Memory, now: Now) -> list[Effect]:
    """Everything that is due at ``now``; called after every input."""
    _divergence(memory)
    whole = memory.restoring is None  # else a new entry would fork the chain
    if whole:
        _end(memory, now)
        _extension(memory, now)
        _resume_hand_in(memory, now)
    _paper_trouble(memory)
    effects = _start(memory, now) if whole else []
    _break(memory)
    if memory.flow is not None:
        effects += memory.flow.pump(now)
    effects += _hand_in(memory, now)
    effects += memory.paper.pump(memory.online, now)
    effects += _ask_again(memory, now)
    effects += wipe(memory)
    effects += begin_anew(memory, now)
    effects += _heartbeat(memory, now)
    return effects


def next_instant_ms(memory: Memory, now: Now) -> int | None:
    """The next instant of exam time at which something is due to the millisecond, or None."""
    if memory.timing is None or now.exam_ms is None:
        return None
    timing = memory.timing
    start = memory.paper.opens_at(timing.effective_start_ms)
    if timing.stands:
        return None  # the server says when it goes on
    instants = (start, timing.closed_until_ms, timing.end_ms, timing.resumes_at_ms)
    return min((instant for instant in instants if instant > now.exam_ms), default=None)


def _divergence(memory: Memory) -> None:
    """Two histories of one sitting: stop here, keep ours, let people decide (F24)."""
    flow = memory.flow
    if flow is None or not flow.diverged:
        memory.alerts.discard(Alert.CHAIN_DIVERGED)
        return
    memory.alerts.add(Alert.CHAIN_DIVERGED)
    if memory.screen in AT_PAPER | _HANDING_IN:
        memory.hand_in = None
        memory.block(Refusal(RefusalCode.CHAIN_BROKEN))


def _end(memory: Memory, now: Now) -> None:
    """At zero the input is gone and the hand-in begins, without asking (G09, G12)."""
    if memory.terminated or not memory.ended(now) or memory.flow is None:
        return
    if memory.hand_in is not None:
        return
    paper_blocked = memory.screen is Screen.BLOCKED and memory.paper.refusal is not None
    elsewhere = memory.flow.diverged or memory.flow.moved is not None
    if memory.screen in AT_PAPER or (paper_blocked and not elsewhere):
        kind = HandIn.kind_closed(memory.flow) or SubmitKind.AUTO
        memory.hand_in = HandIn(memory.flow, kind, now)
        memory.go(Screen.SUBMITTING)
    elif memory.screen in (Screen.CONFIRM, Screen.RULES):
        memory.block(Refusal(RefusalCode.SITTING_ENDED))


def _extension(memory: Memory, now: Now) -> None:
    """More time was granted while the automatic hand-in was not received: go on answering."""
    hand_in = memory.hand_in
    if hand_in is None or hand_in.kind is not SubmitKind.AUTO or memory.timing is None:
        return
    if now.exam_ms is not None and not memory.ended(now):
        memory.hand_in = None
        memory.go(Screen.ANSWER if memory.opened_at_ms else Screen.COUNTDOWN)


def _resume_hand_in(memory: Memory, now: Now) -> None:
    """A restart in the middle of an early hand-in: the candidate had confirmed it (G10)."""
    if memory.screen is not Screen.COUNTDOWN or memory.flow is None or now.exam_ms is None:
        return
    if HandIn.kind_closed(memory.flow) is SubmitKind.EARLY:
        memory.hand_in = HandIn(memory.flow, SubmitKind.EARLY, now)
        memory.go(Screen.SUBMITTING)


def _start(memory: Memory, now: Now) -> list[Effect]:
    """Show the paper at the effective start by the estimated exam clock (E01, G12).

    It is unsealed in memory as soon as the released key is here, so that no slow machine costs its
    candidate a moment; first to the first item, after a restart to the same one (H10).
    """
    flow, timing = memory.flow, memory.timing
    if memory.screen is not Screen.COUNTDOWN or flow is None:
        return []
    if timing is None or now.exam_ms is None or memory.ended(now) or memory.suspended(now):
        return []
    index = memory.paper.index
    if memory.paper.state is not PaperState.OPEN or index is None:
        return memory.paper.open()
    if now.exam_ms < memory.paper.opens_at(timing.effective_start_ms) or memory.wants_code:
        return []
    memory.opened_at_ms = now.exam_ms
    orders = drawn_orders(index, flow.sitting_id)
    flow.record("open", "", state_declarations(index), orders, now.exam_ms)
    memory.go(Screen.ANSWER)
    return [SendMessage(PaperOpened(flow.sitting_id, now.exam_ms))]


def _break(memory: Memory) -> None:
    """While the candidate is out the paper is hidden and nothing is taken; time runs on (H06)."""
    if memory.away and memory.screen in (Screen.ANSWER, Screen.CONFIRM_SUBMIT):
        memory.go(Screen.AWAY)
    elif not memory.away and memory.screen is Screen.AWAY:
        memory.go(Screen.ANSWER)


def _paper_trouble(memory: Memory) -> None:
    """A paper that does not open blocks the station; one that may open again frees it."""
    refusal = memory.paper.refusal
    if refusal is not None:
        memory.alerts.add(Alert.PAPER_REFUSED)
        if memory.screen is Screen.COUNTDOWN:
            memory.block(refusal)
    elif Alert.PAPER_REFUSED in memory.alerts:
        memory.alerts.discard(Alert.PAPER_REFUSED)
        if memory.screen is Screen.BLOCKED and memory.known_sitting:
            memory.go(Screen.COUNTDOWN)


def _hand_in(memory: Memory, now: Now) -> list[Effect]:
    hand_in = memory.hand_in
    if hand_in is None:
        return []
    memory.go(Screen.SUBMIT_FAILED if hand_in.failed(now) else Screen.SUBMITTING)
    memory.refusal = hand_in.refusal
    submit = hand_in.due(memory.last_number + 1, memory.online, now)
    if submit is None:
        return []
    memory.number()
    return [SendMessage(submit)]


def _ask_again(memory: Memory, now: Now) -> list[Effect]:
    """Silence is no answer."""
    asked = memory.asked
    if asked is None or not memory.online or now.mono_s < asked.again_at:
        return []
    if asked.screen is not memory.screen:
        memory.asked = None
        return []
    return ask(memory, asked.question, now)


def _heartbeat(memory: Memory, now: Now) -> list[Effect]:
    if not memory.online or now.mono_s < memory.heartbeat_at:
        return []
    memory.heartbeat_at = now.mono_s + HEARTBEAT_S
    flow = memory.flow
    unsynced = flow.unsynced if flow else 0
    last_seq = flow.written if flow and memory.known_sitting else 0
    answered, screen = answered_count(memory), memory.shown(now).value
    return [
        SendMessage(Heartbeat(unsynced, answered, screen, _alerts(memory), last_seq)),
    ]


def answered_count(memory: Memory) -> int:
    """Items that hold an answer."""
    if memory.flow is None:
        return 0
    draft = memory.flow.draft
    if memory.paper.index is None:
        return draft.answered_count()
    return sum(draft.answers(item) for item, _ in memory.items if item.interactions)


def _alerts(memory: Memory) -> list[str]:
    flow = memory.flow
    alerts: list[str] = [alert.value for alert in sorted(memory.alerts)]
    if flow is not None:
        if flow.disk_failed:
            alerts.append(Alert.JOURNAL_FAILED)
        if flow.refused and flow.unsynced:
            alerts.append(Alert.SAVES_REFUSED)
        if not memory.known_sitting and memory.online and flow.unsynced:
            alerts.append(Alert.SITTING_GONE)
    if memory.hand_raised:
        alerts.append(SeatAlert.HAND_RAISED)
    if memory.details_rejected:
        alerts.append(SeatAlert.DETAILS_REJECTED)
    return [*alerts, *sorted(memory.observed)]
