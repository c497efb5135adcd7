"""The screens a session may go through; docs/states/station.md is the drawing of this table.

The server's word at a reconnect may set a station back or forward (another station went on with
the sitting, an invigilator ended it); those edges are here too. A move that is not in the table is
a bug.
"""

from candidate_station.session.screen_state import Screen

_S = Screen
_BEFORE = frozenset({_S.WAITING, _S.LOGIN, _S.CONFIRM, _S.RULES, _S.COUNTDOWN})
_END = frozenset({_S.SUBMITTING, _S.RECEIPT, _S.BLOCKED})

TRANSITIONS: dict[Screen, frozenset[Screen]] = {
    _S.ENROL: frozenset({_S.CONNECTING}),
    _S.CONNECTING: frozenset({_S.ENROL}) | _BEFORE | _END,
    _S.WAITING: _BEFORE | _END,
    _S.LOGIN: _BEFORE | _END,
    _S.CONFIRM: _BEFORE | _END,
    _S.RULES: _BEFORE | _END,
    _S.COUNTDOWN: _BEFORE | _END | {_S.ANSWER},
    _S.ANSWER: _END | {_S.CONFIRM_SUBMIT, _S.AWAY},
    _S.CONFIRM_SUBMIT: _END | {_S.ANSWER, _S.AWAY},
    _S.AWAY: _END | {_S.ANSWER},
    _S.SUBMITTING: frozenset({_S.SUBMIT_FAILED, _S.RECEIPT, _S.BLOCKED, _S.ANSWER, _S.COUNTDOWN}),
    _S.SUBMIT_FAILED: frozenset({_S.SUBMITTING, _S.RECEIPT, _S.BLOCKED, _S.ANSWER, _S.COUNTDOWN}),
    _S.RECEIPT: _BEFORE | _END,
    _S.BLOCKED: _BEFORE | _END | {_S.ANSWER},
}


def move(current: Screen, target: Screen) -> Screen:
    """``target``, when the table allows it."""
    assert current == target or target in TRANSITIONS[current], f"{current} -> {target}"
    return target
