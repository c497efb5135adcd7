"""A sitting that went on at another machine, and what comes back from the one before (F2, F13).

The machine that a candidate left stops at once, hands over every entry that the server does not
hold, and keeps its journal until people settled what was in it. The machine at which the candidate
goes on is the chain's one writer: what its forerunner never sent is entered here, as answers of the
same chain, where nothing was answered meanwhile.
"""

from candidate_station.session.effects import ClosePaper, Effect
from candidate_station.session.inputs import Now
from candidate_station.session.memory import Memory
from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import Screen
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.swap_orders import Moved, TakeAnswers
from venue_server.wire.wiping_orders import WipePaper


def moved(memory: Memory, told: Moved) -> list[Effect]:
    """The server says that the sitting of our journal goes on elsewhere."""
    flow = memory.flow
    if flow is None or flow.sitting_id != told.sitting_id:
        return []
    flow.move(told)
    memory.hand_in, memory.opened_at_ms, memory.known_sitting = None, 0, False
    memory.block(Refusal(RefusalCode.SITTING_MOVED, told.seat_no))
    waiting = any(order.sitting_id == flow.sitting_id for order in memory.wipes)
    if told.settled and flow.unsynced == 0 and not waiting:
        memory.wipes.append(WipePaper("", flow.sitting_id))  # the journal; the paper stays
    return [ClosePaper()] if memory.paper.close() else []


def stands_aside(memory: Memory) -> bool:
    """True when nothing but the message of a moved sitting is left on the screen."""
    told = memory.refusal is not None and memory.refusal.code is RefusalCode.SITTING_MOVED
    return memory.screen is Screen.BLOCKED and memory.flow is None and told


def take_answers(memory: Memory, offered: TakeAnswers, now: Now) -> None:
    """Enter answers that the machine before never sent, while the candidate is at work.

    The item on the screen waits until the candidate leaves it: what they see is what is recorded.
    The server offers the answers again until they are in the chain, or another one is.
    """
    flow, here = memory.flow, memory.item_id
    if flow is None or flow.sitting_id != offered.sitting_id or not memory.answering(now):
        return
    assert now.exam_ms is not None, "answering"
    answered = {
        each.item_id
        for each in flow.chain.between(offered.base_seq, flow.chain.seq)
        if each.kind == "response"
    }
    wanted = [each for each in offered.entries if _missing(each, answered | {here})]
    for each in wanted:
        flow.record("response", each.item_id, each.values, each.displayed, now.exam_ms)
    if wanted:
        flow.record("visit", here, {}, {}, now.exam_ms)  # the candidate stays where they were
        memory.tell(Notice.ANSWERS_RETURNED, now)


def _missing(entry: ResponseEntry, but: set[str]) -> bool:
    return entry.kind == "response" and entry.item_id not in but
