"""The room start code (考场启动码, E04): asked once between the release and the open paper.

It holds up nothing but the opening: time runs from the effective start whoever has typed it or not,
and the end comes as ever. There is no lock-out; what is wrong only costs a moment, so that nobody
tries all codes by hand.
"""

from candidate_station.session.inputs import Now
from candidate_station.session.intents import EnterStartCode
from candidate_station.session.memory import Memory
from candidate_station.session.screen_state import Screen
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.start_code import is_start_code

PAUSE_S = 1.0
LONG_PAUSE_S = 5.0
WRONG_BEFORE_LONG = 5  # from the fifth wrong code in a row on


def enter_start_code(memory: Memory, intent: EnterStartCode, now: Now) -> None:
    """Take a typed code; one typed during the pause after a wrong one is not looked at."""
    seal = memory.start_code
    if seal is None or memory.shown(now) is not Screen.START_CODE or code_paused(memory, now):
        return
    if is_start_code(seal, intent.code):
        memory.code_typed, memory.refusal = True, None
        return
    memory.codes_wrong += 1
    pause_s = LONG_PAUSE_S if memory.codes_wrong >= WRONG_BEFORE_LONG else PAUSE_S
    memory.code_again_at = now.mono_s + pause_s
    memory.refusal = Refusal(RefusalCode.START_CODE_WRONG)


def code_paused(memory: Memory, now: Now) -> bool:
    """Is this the pause after a wrong code?"""
    return now.mono_s < memory.code_again_at
