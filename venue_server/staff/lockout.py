"""Lock-out after failed sign-ins. Pure; by real time, not exam time, which may run faster."""

from dataclasses import dataclass

FAILURES_ALLOWED = 5
LOCKED_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failures in a row, and until when the account is locked (real time in ms, 0: it is not)."""

    failures: int = 0
    locked_until_ms: int = 0

    def is_locked(self, now_ms: int) -> bool:
        """Is sign-in refused now, whatever the password?"""
        return now_ms < self.locked_until_ms

    def left_s(self, now_ms: int) -> int:
        """Seconds until sign-in is looked at again, rounded up; 0 when it is not locked."""
        return max(0, -(-(self.locked_until_ms - now_ms) // 1000))

    def after_failure(self, now_ms: int) -> "Attempts":
        """One more wrong password: the fifth in a row locks, and the count starts again."""
        failures = self.failures + 1
        if failures < FAILURES_ALLOWED:
            return Attempts(failures, 0)
        return Attempts(0, now_ms + LOCKED_MS)
