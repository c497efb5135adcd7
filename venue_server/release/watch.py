"""Watches the doors of the sealed paper: who tried to open it and was refused (D11, F23).

Every refused attempt is in the ledger before anybody is answered; the first early one, and every
lock, stands on all consoles until the paper is released in order. Counts and locks live in memory:
who can restart the server owns the machine, and the ledger keeps what they did.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release.attempts import EARLY, FORGED, Attempts
from venue_server.release.store import TOKEN
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.refusals import Refusal, RefusalCode

T = TypeVar("T")
Entry: TypeAlias = Callable[[], Awaitable[T | Refusal]]


class ReleaseWatch:
    """``real_ms`` is real time that only goes forward; ``is_closed`` says whether a session's paper
    is still closed; ``changed`` is told when an alarm begins."""

    def __init__(
        self,
        ledger: Ledger,
        real_ms: Callable[[], int],
        is_closed: Callable[[str], bool],
        changed: Callable[[], None],
    ) -> None:
        self._ledger = ledger
        self._real_ms = real_ms
        self._is_closed = is_closed
        self._changed = changed
        self._people: dict[tuple[str, str], Attempts] = {}
        self._alarms: dict[str, Alarm] = {}

    def attempts(self, session_id: str, person_id: str) -> Attempts:
        """What one person did so far."""
        return self._people.get((session_id, person_id), Attempts())

    def alarms(self) -> list[Alarm]:
        """What every console shows while the paper is closed."""
        return [alarm for key, alarm in self._alarms.items() if self._is_closed(key)]

    async def entering(self, session_id: str, person_id: str, entry: Entry[T]) -> T | Refusal:
        """Let ``entry`` take a share of the code, unless the person is locked out, and count what
        comes of it. Refusals: REL-14 and those of ``entry``."""
        before = self.attempts(session_id, person_id)
        if before.is_locked(self._real_ms()):
            return await self._locked(session_id, person_id, before)
        done = await entry()
        if not isinstance(done, Refusal):
            self._people[session_id, person_id] = before.after_success()
            return done
        after = before.after_refusal(done.code, self._real_ms())
        if after == before:
            return done
        self._people[session_id, person_id] = after
        await self._note(Event.RELEASE_ATTEMPT_REFUSED, session_id, person_id, after, done.code)
        if done.code in EARLY:
            self._raise(session_id, person_id, done.code)
            if after.tried_early:
                return await self._locked(session_id, person_id, after)
        elif after.is_locked(self._real_ms()):
            self._raise(session_id, person_id, done.code)
            await self._note(Event.RELEASE_LOCKED, session_id, person_id, after, done.code)
        return done

    async def _locked(self, session_id: str, person_id: str, attempts: Attempts) -> Refusal:
        refusal = Refusal(RefusalCode.CODE_LOCKED)
        await self._note(Event.RELEASE_LOCKED, session_id, person_id, attempts, refusal.code)
        return refusal

    def token_refused(self, session_id: str, code: RefusalCode) -> None:
        """A release token was refused; the release itself has recorded it."""
        if code in FORGED:
            self._raise(session_id, TOKEN, code)

    def _raise(self, session_id: str, who: str, code: RefusalCode) -> None:
        args = {"session": session_id, "who": who, "refusal": code.value}
        alarm = Alarm(AlarmCode.OPENING_ATTEMPT, args)
        if self._alarms.get(session_id) != alarm:
            self._alarms[session_id] = alarm
            self._changed()

    async def _note(
        self, event: Event, session_id: str, person_id: str, attempts: Attempts, code: RefusalCode
    ) -> None:
        await self._ledger.note(
            event,
            person_id,
            session=session_id,
            code=code.value,
            early=attempts.early,
            total=attempts.total,
        )
