"""The screen as the memory has it: one frozen value, nothing remembered here."""

from candidate_station.session.inputs import Now
from candidate_station.session.memory import Memory
from candidate_station.session.notices import Notice
from candidate_station.session.paper_flow import PaperState
from candidate_station.session.screen_state import (
    Correction,
    NavigatorCell,
    SaveState,
    Screen,
    ScreenState,
)
from candidate_station.session.start_code import code_paused

_TALKING = frozenset({Screen.LOGIN, Screen.CONFIRM, Screen.RULES, Screen.COUNTDOWN})
_BEFORE_PAPER = _TALKING | {Screen.WAITING}
_ITEMS = frozenset({Screen.ANSWER, Screen.CONFIRM_SUBMIT})


def screen_state(memory: Memory, now: Now) -> ScreenState:
    """Everything the window shows. Cheap enough for several times a second."""
    flow = memory.flow
    screen = memory.shown(now)
    cells = _navigator(memory) if screen in _ITEMS else ()
    return ScreenState(
        screen=screen,
        venue_name=memory.venue_name,
        station_id=memory.station_id,
        room_id=memory.room_id,
        seat_no=memory.seat_no,
        online=memory.online,
        exam_now_ms=now.exam_ms or 0,
        clock_known=now.exam_ms is not None,
        session=memory.session,
        seal=memory.paper.seal,
        enrol_code=memory.enrol_code,
        candidate=memory.candidate,
        timing=memory.timing,
        remaining_s=_remaining_s(memory, now),
        credited_s=memory.credited_s,
        revoked_s=memory.revoked_s,
        may_submit=screen in _ITEMS and memory.may_submit(now),
        navigator=cells,
        item_id=memory.item_id if screen in _ITEMS else "",
        instructions=_instructions(memory) if screen in _ITEMS else "",
        corrections=_corrections(memory) if screen in _ITEMS else (),
        unanswered=sum(not cell.answered for cell in cells),
        flagged=sum(cell.flagged for cell in cells),
        save_state=flow.save_state() if flow else SaveState.NOTHING,
        unsynced=flow.unsynced if flow else 0,
        place=memory.place,
        receipt_code=memory.receipt_code,
        receipt_qr=memory.receipt_qr,
        refusal=memory.refusal,
        code_paused=code_paused(memory, now),
        notices=tuple(_notices(memory, now)),
        input_locked=screen is not Screen.ANSWER
        or not memory.answering(now)
        or (flow is not None and not flow.durable_somewhere),
    )


def _remaining_s(memory: Memory, now: Now) -> int:
    """Whole seconds left, rounded up; before the start, until it."""
    if memory.timing is None or now.exam_ms is None:
        return 0
    timing = memory.timing
    before = memory.screen is Screen.COUNTDOWN and now.exam_ms < timing.effective_start_ms
    until = timing.effective_start_ms if before else timing.end_ms
    at_ms = timing.room_clock_ms(now.exam_ms)
    if memory.suspended(now):
        at_ms = max(at_ms, timing.resumes_at_ms)  # what is left when it goes on
    return max(0, -(-(until - at_ms) // 1000))


def _navigator(memory: Memory) -> tuple[NavigatorCell, ...]:
    flow = memory.flow
    if flow is None:
        return ()
    current = memory.item_id
    corrected = {item_id for notice in memory.corrections for item_id in notice.items}
    return tuple(
        NavigatorCell(
            number,
            item.item_id,
            section.title,
            flow.draft.answers(item),
            flow.draft.flagged(item.item_id),
            item.item_id == current,
            item.item_id in corrected,
        )
        for number, (item, section) in enumerate(memory.items, start=1)
    )


def _instructions(memory: Memory) -> str:
    current = memory.item_id
    held = (section.instructions for item, section in memory.items if item.item_id == current)
    return next(held, "").strip()


def _corrections(memory: Memory) -> tuple[Correction, ...]:
    """Every notice that is not read, whatever item is shown, and those of the item on the screen.
    One that names an item this paper lacks is shown as one about the whole paper, never hidden."""
    flow, current = memory.flow, memory.item_id
    if flow is None or not memory.corrections:
        return ()
    numbers = {item.item_id: number for number, (item, _) in enumerate(memory.items, start=1)}
    found: list[Correction] = []
    for notice in memory.corrections:
        known = [item_id for item_id in notice.items if item_id in numbers]
        read, here = flow.draft.has_read(notice.sequence), not known or current in known
        if not read or here:
            own = tuple(sorted(numbers[item_id] for item_id in known))
            found.append(Correction(notice.sequence, own, notice.zh, notice.en, read, here))
    return tuple(found)


def _notices(memory: Memory, now: Now) -> list[Notice]:
    notices: list[Notice] = []
    flow = memory.flow
    if memory.screen is Screen.CONNECTING and flow is not None and flow.chain.seq > 0:
        notices.append(Notice.ANSWERS_FOUND)
    if memory.restoring is not None:
        notices.append(Notice.RESTORING)
    if memory.screen in _TALKING and not memory.online:
        notices.append(Notice.SERVER_AWAY)
    if flow is not None and flow.disk_failed:
        notices.append(Notice.DISK_FAILED)
    if memory.release_held and memory.screen in _BEFORE_PAPER:
        notices.append(Notice.RELEASE_HELD)
    if memory.screen is Screen.COUNTDOWN:
        notices += _paper_notices(memory, now)
    if memory.notice is not None and now.mono_s < memory.notice_until:
        notices.append(memory.notice)
    return notices


def _paper_notices(memory: Memory, now: Now) -> list[Notice]:
    if memory.paper.state in (PaperState.NONE, PaperState.FETCHING, PaperState.MISSING):
        return [Notice.PAPER_AWAITED]
    timing, exam_ms = memory.timing, now.exam_ms
    if timing is None or exam_ms is None:
        return []
    begun = exam_ms >= timing.effective_start_ms
    return [Notice.KEY_AWAITED] if begun and not memory.paper.keyed else []
