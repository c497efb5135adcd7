"""Asks headquarters for one paper's token, at the pace of token_schedule.py."""

import logging
import random
from collections.abc import Callable

from venue_server.release.headquarters_line import HeadquartersLine, LineFault
from venue_server.release.token_schedule import Heard, first_pause_s, pause_s

_log = logging.getLogger(__name__)


class TokenFetch:
    """The questions about one form. ``steady_s`` is a clock that never jumps."""

    def __init__(
        self,
        line: HeadquartersLine,
        form: tuple[str, str],
        steady_s: Callable[[], float],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.form = form
        self._line = line
        self._steady_s = steady_s
        self._jitter = jitter
        self._due_s: float | None = None
        self._faults = 0

    def wait_s(self) -> float:
        """Real seconds until the next question may be asked."""
        return max(0.0, self._due_s - self._steady_s()) if self._due_s is not None else 0.0

    def point_came(self, since_s: float, lead_s: float) -> None:
        """The release point came ``since_s`` ago: once, choose a moment of one's own within the
        spread. Whoever comes later than the spread anyway (a late arming) need not wait."""
        if self._due_s is None:
            first = first_pause_s(lead_s, self._jitter())
            self._due_s = self._steady_s() + max(0.0, first - since_s)

    async def ask(self, since_s: float) -> bytes | None:
        """One question if it is due; the token's bytes when headquarters has published it."""
        if self.wait_s() > 0:
            return None
        began = self._steady_s()
        token, heard = await self._question()
        self._due_s = began + pause_s(since_s, heard, self._jitter())
        return token

    async def _question(self) -> tuple[bytes | None, Heard]:
        try:
            answer = await self._line.release_token(*self.form)
        except LineFault as fault:
            if not self._faults:
                _log.warning("release token: %s", fault)
            self._faults += 1
            return None, Heard(fault=True, faults=self._faults, lines=self._line.lines)
        self._faults = 0
        return answer.token, Heard(retry_after_s=answer.retry_after_s, busy=answer.busy)
