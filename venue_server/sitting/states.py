"""Transition tables of sittings, sessions, answers and packages. Drawings: docs/states/.

A persisted transition is ``UPDATE … WHERE state = :from`` checked by its row count (store.py); what
is not in these tables does not happen.
"""

from collections.abc import Mapping

from venue_server.wire.names import DataState, PackageState, SessionState, SittingState

_T = SittingState
SITTING_NEXT: Mapping[SittingState, frozenset[SittingState]] = {
    _T.SCHEDULED: frozenset(
        {_T.ADMITTED, _T.LATE_REFUSED, _T.IDENTITY_DOUBT, _T.ABSENT, _T.NOT_HELD}
    ),
    # A later check whose documents do match clears a doubt; the ledger keeps both checks.
    _T.IDENTITY_DOUBT: frozenset({_T.ADMITTED, _T.LATE_REFUSED, _T.ABSENT, _T.NOT_HELD}),
    _T.LATE_REFUSED: frozenset({_T.ABSENT, _T.NOT_HELD}),
    _T.ADMITTED: frozenset({_T.LOGGED_IN, _T.ABSENT, _T.TERMINATED, _T.NOT_HELD}),
    _T.LOGGED_IN: frozenset({_T.CONFIRMED, _T.ABSENT, _T.TERMINATED, _T.NOT_HELD}),
    _T.CONFIRMED: frozenset({_T.RULES_ACK, _T.ABSENT, _T.TERMINATED, _T.NOT_HELD}),
    _T.RULES_ACK: frozenset({_T.IN_PROGRESS, _T.ABSENT, _T.TERMINATED, _T.NOT_HELD}),
    _T.IN_PROGRESS: frozenset({_T.SUBMITTED, _T.TERMINATED}),
    # Back to work only when two people undo a hand-in that was a mistake (I10).
    _T.SUBMITTED: frozenset({_T.EXITED, _T.IN_PROGRESS}),
    _T.EXITED: frozenset(),
    _T.TERMINATED: frozenset(),
    # A station that was cut off from before the start until after the end proves later that its
    # paper was opened: the absence was wrong.
    _T.ABSENT: frozenset({_T.IN_PROGRESS}),
    _T.NOT_HELD: frozenset(),
}

_S = SessionState
SESSION_NEXT: Mapping[SessionState, frozenset[SessionState]] = {
    # To ENDED before the start only what headquarters ordered to stop, at its planned start (I03).
    _S.PLANNED: frozenset({_S.OPEN, _S.ENDED}),
    _S.OPEN: frozenset({_S.LOGIN_ALLOWED, _S.ARMED, _S.ENDED}),
    _S.LOGIN_ALLOWED: frozenset({_S.ARMED, _S.ENDED}),
    _S.ARMED: frozenset({_S.STARTED, _S.ENDED}),
    _S.STARTED: frozenset({_S.ENDED}),
    _S.ENDED: frozenset({_S.RECONCILED}),
    _S.RECONCILED: frozenset({_S.SEALED}),
    # Without the Internet a bundle comes home by hand, and is wiped after that (L09, L10).
    _S.SEALED: frozenset({_S.UPLOADED, _S.WIPED}),
    # Something was found later: two people have it sealed again, as a later version (L03).
    _S.UPLOADED: frozenset({_S.WIPED, _S.ENDED}),
    _S.WIPED: frozenset(),
}

_D = DataState
DATA_NEXT: Mapping[DataState, frozenset[DataState]] = {
    _D.COLLECTING: frozenset({_D.COLLECTED}),
    _D.COLLECTED: frozenset({_D.BACKED_UP}),
    # Answers that came after the backup (a branch was merged, F24) are backed up anew.
    _D.BACKED_UP: frozenset({_D.SEALED, _D.COLLECTED}),
    _D.SEALED: frozenset({_D.UPLOADING, _D.WIPED}),
    _D.UPLOADING: frozenset({_D.UPLOADED, _D.WIPED}),
    _D.UPLOADED: frozenset({_D.WIPED, _D.COLLECTED}),
    _D.WIPED: frozenset(),
}

_P = PackageState
PACKAGE_NEXT: Mapping[PackageState, frozenset[PackageState]] = {
    _P.EXPECTED: frozenset({_P.RECEIVING}),
    _P.RECEIVING: frozenset({_P.COMPLETE, _P.UNUSED}),
    _P.COMPLETE: frozenset({_P.RELEASED, _P.UNUSED}),
    _P.RELEASED: frozenset({_P.ENDED}),
    _P.ENDED: frozenset({_P.WIPED}),
    _P.UNUSED: frozenset({_P.WIPED}),
    _P.WIPED: frozenset(),
}

DOORS = frozenset({_S.OPEN, _S.LOGIN_ALLOWED, _S.ARMED, _S.STARTED})
"""Sessions whose doors are open: admission and log-in are possible in principle."""

BEFORE_START = frozenset({_S.PLANNED, _S.OPEN, _S.LOGIN_ALLOWED, _S.ARMED})
"""Sessions whose papers were not released yet."""

AFTER_END = frozenset({_S.ENDED, _S.RECONCILED, _S.SEALED, _S.UPLOADED, _S.WIPED})
"""Sessions in which nobody answers any more."""

AT_SEAT = frozenset({_T.ADMITTED, _T.LOGGED_IN, _T.CONFIRMED, _T.RULES_ACK, _T.IN_PROGRESS})
"""Sittings of people in the room who may (still) log in."""

CLOSED_SITTINGS = frozenset({_T.SUBMITTED, _T.EXITED, _T.TERMINATED})
"""Sittings in which nobody answers; only SUBMITTED can be reopened (I10)."""
