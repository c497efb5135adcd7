"""What the candidate wants, and whether it may be: every intent in every screen."""

import msgspec

from candidate_station.paper.highlights import spans
from candidate_station.session.effects import Effect, SendMessage
from candidate_station.session.hand_in import HandIn
from candidate_station.session.inputs import Now
from candidate_station.session.intents import (
    AgreeRules,
    AskSubmit,
    CancelSubmit,
    ChangeAnswer,
    ConfirmDetails,
    ConfirmSubmit,
    EnterLogin,
    EnterStartCode,
    GoTo,
    Intent,
    MarkText,
    RaiseHand,
    ReadNotice,
    RejectDetails,
    Step,
    ToggleFlag,
)
from candidate_station.session.memory import Asked, Memory, Question
from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import Screen
from candidate_station.session.start_code import enter_start_code
from venue_server.wire.names import SubmitKind
from venue_server.wire.station_messages import AcknowledgeRules, ConfirmIdentity, LogIn

ASK_AGAIN_S = 10.0
HIGHLIGHT = "HIGHLIGHT"  # the tool's name in the plan
MAX_ANSWER_BYTES = 400_000  # far beyond any essay, far below what one message may hold


def take_intent(memory: Memory, intent: Intent, now: Now) -> list[Effect]:
    """Act on an intent; one that does not fit the screen (a late click) changes nothing."""
    if memory.suspended(now) and not isinstance(intent, (RaiseHand, ChangeAnswer)):
        return _while_suspended(memory, intent, now)
    match intent:
        case EnterLogin():
            return _log_in(memory, intent, now)
        case ConfirmDetails() | AgreeRules():
            return _agree(memory, intent, now)
        case RejectDetails():
            _reject(memory)
        case ChangeAnswer():
            _change(memory, intent, now)
        case GoTo(item_id):
            _visit(memory, item_id, now)
        case Step(by):
            _visit(memory, _neighbour(memory, by), now)
        case ToggleFlag(item_id):
            _flag(memory, item_id, now)
        case MarkText():
            _mark(memory, intent, now)
        case ReadNotice(sequence):
            _read_notice(memory, sequence, now)
        case EnterStartCode():
            enter_start_code(memory, intent, now)
        case AskSubmit() | CancelSubmit() | ConfirmSubmit():
            _submit(memory, intent, now)
        case RaiseHand(up):
            memory.hand_raised = up
            memory.heartbeat_at = 0.0
    return []


def _while_suspended(memory: Memory, intent: Intent, now: Now) -> list[Effect]:
    """Somebody still on the way to the seat may log in and read the rules; the paper is locked."""
    match intent:
        case EnterLogin():
            return _log_in(memory, intent, now)
        case ConfirmDetails() | AgreeRules():
            return _agree(memory, intent, now)
        case RejectDetails():
            _reject(memory)
    return []


def ask(memory: Memory, question: Question, now: Now) -> list[Effect]:
    """Put a question to the server; the answer moves the screen, silence asks again."""
    numbered = msgspec.structs.replace(question, n=memory.number())
    memory.asked = Asked(numbered, memory.screen, now.mono_s + ASK_AGAIN_S)
    memory.refusal = None
    return [SendMessage(numbered)]


def _log_in(memory: Memory, intent: EnterLogin, now: Now) -> list[Effect]:
    if memory.screen is not Screen.LOGIN:
        return []
    if not memory.online:
        memory.tell(Notice.SERVER_AWAY, now)
    return ask(memory, LogIn(0, intent.ticket_no, intent.id_number), now)


def _agree(memory: Memory, intent: ConfirmDetails | AgreeRules, now: Now) -> list[Effect]:
    if memory.flow is None:
        return []
    sitting_id = memory.flow.sitting_id
    if isinstance(intent, ConfirmDetails) and memory.screen is Screen.CONFIRM:
        return ask(memory, ConfirmIdentity(0, sitting_id), now)
    if isinstance(intent, AgreeRules) and memory.screen is Screen.RULES:
        return ask(memory, AcknowledgeRules(0, sitting_id, memory.rules_version), now)
    return []


def _reject(memory: Memory) -> None:
    if memory.screen is Screen.CONFIRM:
        memory.forget_sitting()
        memory.details_rejected = True
        memory.heartbeat_at = 0.0
        memory.go(Screen.LOGIN)


def _change(memory: Memory, intent: ChangeAnswer, now: Now) -> None:
    flow = memory.flow
    if flow is None or not _has_item(memory, intent.item_id):
        return
    if not memory.answering(now) and not memory.still_telling(now):
        return
    if flow.draft.values(intent.item_id) == intent.values:
        return
    size = sum(len(text.encode()) for texts in intent.values.values() for text in texts)
    if size > MAX_ANSWER_BYTES:
        memory.tell(Notice.ANSWER_TOO_LONG, now)
        return
    assert now.exam_ms is not None
    flow.record("response", intent.item_id, intent.values, intent.displayed, now.exam_ms)


def _visit(memory: Memory, item_id: str, now: Now) -> None:
    flow = memory.flow
    if flow is None or memory.screen is not Screen.ANSWER or not memory.answering(now):
        return
    if _has_item(memory, item_id) and item_id != memory.item_id:
        assert now.exam_ms is not None
        flow.record("visit", item_id, {}, {}, now.exam_ms)


def _neighbour(memory: Memory, by: int) -> str:
    items = [item.item_id for item, _ in memory.items]
    if memory.item_id not in items:
        return ""
    place = items.index(memory.item_id) + by
    return items[place] if 0 <= place < len(items) else ""


def _flag(memory: Memory, item_id: str, now: Now) -> None:
    flow = memory.flow
    if flow is None or not memory.answering(now) or not _has_item(memory, item_id):
        return
    assert now.exam_ms is not None
    value = "false" if flow.draft.flagged(item_id) else "true"
    flow.record("flag", item_id, {"flag": [value]}, {}, now.exam_ms)


def _mark(memory: Memory, intent: MarkText, now: Now) -> None:
    """The candidate marked words of the text: no answer, but restored like one (H05, H10)."""
    flow, marks = memory.flow, list(intent.marks)
    allowed = memory.session is not None and HIGHLIGHT in memory.session.tools
    if flow is None or not allowed or not memory.answering(now) or spans(marks) is None:
        return
    if not _has_item(memory, intent.item_id) or flow.draft.marks(intent.item_id) == marks:
        return
    assert now.exam_ms is not None
    flow.record("highlight", intent.item_id, {"highlight": marks}, {}, now.exam_ms)


def _read_notice(memory: Memory, sequence: int, now: Now) -> None:
    """The candidate read a correction: an entry of the chain, kept like an answer (F14)."""
    flow = memory.flow
    told = any(notice.sequence == sequence for notice in memory.corrections)
    if flow is None or not told or not memory.answering(now) or flow.draft.has_read(sequence):
        return
    assert now.exam_ms is not None
    flow.record("notice", "", {"notice": [str(sequence)]}, {}, now.exam_ms)


def _submit(memory: Memory, intent: AskSubmit | CancelSubmit | ConfirmSubmit, now: Now) -> None:
    match intent, memory.screen:
        case AskSubmit(), Screen.ANSWER:
            if memory.may_submit(now):
                memory.go(Screen.CONFIRM_SUBMIT)
            else:
                memory.tell(Notice.NOT_YET_SUBMITTABLE, now)
        case CancelSubmit(), Screen.CONFIRM_SUBMIT:
            memory.go(Screen.ANSWER)
        case ConfirmSubmit(), Screen.CONFIRM_SUBMIT:
            if memory.may_submit(now) and memory.flow is not None:
                memory.hand_in = HandIn(memory.flow, SubmitKind.EARLY, now)
                memory.go(Screen.SUBMITTING)


def _has_item(memory: Memory, item_id: str) -> bool:
    return memory.paper.index is not None and item_id in memory.paper.index.items
