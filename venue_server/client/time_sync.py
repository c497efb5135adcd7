"""Asks the server for the time: a burst when the link comes up, then steadily.

How far the estimate can be off at most is known after each pong (``clock.py``), so a burst ends as
soon as that is little: a station that was away for a moment asks once, and a thousand of them cost
the server an eighth of the pings (P5).
"""

import asyncio
from collections.abc import Callable

from venue_server.client.clock import ExamClock
from venue_server.wire.messages import TimePing, TimePong

BURST = 8
"""Pings at most, whatever the line does to them."""
ENOUGH_MS = 5.0
"""Real milliseconds that the estimate may be off at most when a burst ends early: a tenth of what
stations may differ at a start (P2)."""
PERIOD_S = 5.0


class TimeSync:
    """Feeds an ExamClock over a link. No task: one timer, and the pongs drive the burst."""

    def __init__(
        self, clock: ExamClock, send: Callable[[TimePing], bool], number: Callable[[], int]
    ) -> None:
        self._clock = clock
        self._send = send
        self._number = number
        self._burst = 0
        self._asked = (0, 0.0)
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """The link came up."""
        self._burst = BURST
        self._ping()

    def stop(self) -> None:
        """The link went down."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._asked = (0, 0.0)

    def take(self, pong: TimePong) -> None:
        """A pong came; one that answers no ping of this link is ignored."""
        received_s = self._clock.steady()
        number, sent_s = self._asked
        if pong.re != number:
            return
        self._asked = (0, 0.0)
        if pong.rate > 0:
            self._clock.sample(sent_s, received_s, pong.exam_ms, pong.rate)
        self._burst -= 1
        if self._burst > 0 and not known_well(self._clock):
            self._ping()

    def _ping(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(PERIOD_S, self._ping)
        number, sent_s = self._number(), self._clock.steady()
        self._asked = (number, sent_s)
        self._send(TimePing(n=number, mono_ms=sent_s * 1000))


def known_well(clock: ExamClock) -> bool:
    """Is the time known so well that no further ping of a burst is worth its while?"""
    return clock.known and clock.uncertainty_ms <= ENOUGH_MS * clock.rate
