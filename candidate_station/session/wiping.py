"""Carrying out the server's orders to destroy papers and journals, as soon as it loses nothing."""

from candidate_station.session.effects import BeginAnew, Destroy, Effect
from candidate_station.session.inputs import Now
from candidate_station.session.memory import Memory
from candidate_station.session.notices import Alert
from candidate_station.session.screen_state import Screen
from venue_server.wire.wiping_orders import WipePaper

_AT_WORK = frozenset(
    {
        Screen.ANSWER,
        Screen.CONFIRM_SUBMIT,
        Screen.AWAY,
        Screen.SUBMITTING,
        Screen.SUBMIT_FAILED,
    }
)


_AT_REST = frozenset({Screen.CONNECTING, Screen.WAITING})
_STILL_READ = frozenset({Screen.RECEIPT, Screen.BLOCKED})
RECEIPT_STAYS_S = 300.0
"""Seconds that what a candidate may still be reading stays on the screen after the wiping."""


def wipe(memory: Memory) -> list[Effect]:
    """Carry out a pending wipe as soon as it loses nothing (L10, L11); say so while it would.
    A session with a reserve in use has several papers: one after the other. One that has to wait
    for the candidate at work holds up none of another session."""
    if memory.destroying or not memory.wipes:
        return []
    order = next((each for each in memory.wipes if _loses_nothing(memory, each)), None)
    if order is None:
        memory.alerts.add(Alert.WIPE_REFUSED)
        return []
    memory.wipes.remove(order)
    memory.wipes.insert(0, order)
    memory.destroying = True
    mine = memory.flow is not None and _is_mine(memory, order)
    return [Destroy(order.paper_id, order.sitting_id, mine, tuple(order.sha256))]


def wiped(memory: Memory, now: Now) -> None:
    """A paper was destroyed here. One that was open in this program leaves strings and pages behind
    that nothing but the program's end takes with it."""
    if memory.paper_was_open:
        memory.anew_from = now.mono_s + RECEIPT_STAYS_S


def begin_anew(memory: Memory, now: Now) -> list[Effect]:
    """Once, when nobody is at this machine and nothing else is to be destroyed."""
    if memory.anew_from is None or memory.wipes or memory.destroying or memory.flow is not None:
        return []
    over = memory.screen in _STILL_READ and now.mono_s >= memory.anew_from
    if not (over or memory.screen in _AT_REST):
        return []
    memory.anew_from = None
    return [BeginAnew()]


def _is_mine(memory: Memory, order: WipePaper) -> bool:
    """Is it about the sitting whose answers this machine holds in memory?"""
    flow = memory.flow
    return flow is None or order.sitting_id in ("", flow.sitting_id)


def _loses_nothing(memory: Memory, order: WipePaper) -> bool:
    flow = memory.flow
    if flow is None or not _is_mine(memory, order):
        return True
    busy = memory.screen in _AT_WORK or memory.hand_in is not None
    unsure = flow.diverged or flow.unsynced > 0
    return not (busy or unsure or (not order.sitting_id and flow.chain.seq > 0))
