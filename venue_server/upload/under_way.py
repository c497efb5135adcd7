"""The attempts under way, in memory: what the line's thread says, and what the loop reads of it.

Nothing is written per piece: how far an attempt came goes into the outbox with its failure, and
headquarters is asked anew at the next one anyhow.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from venue_server.upload.progress import begin, confirm
from venue_server.upload.standing import Attempt
from venue_server.upload.store import BundleRow, Reached


class UnderWay:
    """``now_ms``: exam time. ``steady_s``: real seconds that never jump. One thread at a time
    confirms for a session; whoever reads gets values that nobody changes."""

    def __init__(self, now_ms: Callable[[], int], steady_s: Callable[[], float]) -> None:
        self._now_ms = now_ms
        self._steady_s = steady_s
        self._attempts: dict[str, Attempt] = {}

    @property
    def attempts(self) -> Mapping[str, Attempt]:
        """By session id."""
        return dict(self._attempts)

    def begin(self, row: BundleRow) -> None:
        """An attempt for this bundle begins."""
        track = begin(row.bundle.size, row.reached.confirmed, self._steady_s())
        self._attempts[row.session_id] = Attempt(track)

    def confirmed(self, session_id: str, offset: int) -> None:
        """Headquarters said that it holds so many bytes; from the line's thread, which may outlive
        an attempt that was called off."""
        before = self._attempts.get(session_id)
        if before is None:
            return
        track = confirm(before.track, offset, self._steady_s())
        if track.confirmed > before.track.confirmed:
            self._attempts[session_id] = Attempt(track, self._now_ms())
        else:
            self._attempts[session_id] = replace(before, track=track)

    def reached(self, row: BundleRow) -> Reached:
        """How far the attempt came; as it was before where headquarters said nothing."""
        attempt = self._attempts.get(row.session_id)
        if attempt is None:
            return row.reached
        return Reached(attempt.track.confirmed, attempt.moved_at_ms or row.reached.moved_at_ms)

    def end(self, session_id: str) -> None:
        """It ended, however."""
        self._attempts.pop(session_id, None)
