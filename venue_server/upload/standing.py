"""How far every sealed bundle is, as it is shown: the outbox and the attempts under way, folded.

Pure: rows, tracks and instants in, views out (L08, L09).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from venue_server.upload.progress import Pace, Share, Track, in_all, pace
from venue_server.upload.store import OutgoingRow
from venue_server.wire.names import DataState
from venue_server.wire.upload_orders import Uploads, UploadStage, UploadView

_HOME = (DataState.UPLOADED, DataState.WIPED)


@dataclass(frozen=True)
class Attempt:
    """An attempt under way. ``moved_at_ms``: exam time of the last byte that was confirmed in it,
    0 before the first."""

    track: Track
    moved_at_ms: int = 0


def uploads_now(
    rows: Sequence[OutgoingRow], attempts: Mapping[str, Attempt], now_s: float, now_ms: int
) -> Uploads:
    """``attempts`` by session id; ``now_s``: of the tracks' monotonic clock."""
    paces = {key: pace(attempt.track, now_s) for key, attempt in attempts.items()}
    busy = any(row.session_id in attempts for row in rows)
    views = [
        _view(row, attempts.get(row.session_id), paces.get(row.session_id), busy, now_ms)
        for row in rows
    ]
    together = in_all([_share(view, paces.get(view.session_id)) for view in views])
    return Uploads(
        bundles=views,
        total=together.size,
        confirmed=together.confirmed,
        rate=_whole(together.rate),
        left_min=together.left_min,
    )


def _view(
    row: OutgoingRow, attempt: Attempt | None, going: Pace | None, busy: bool, now_ms: int
) -> UploadView:
    stage = _stage(row, attempt, going, busy, now_ms)
    home = stage is UploadStage.HOME
    known = attempt.track.confirmed if attempt else row.reached.confirmed
    moving = going if stage is UploadStage.SENDING else None
    return UploadView(
        session_id=row.session_id,
        bundle_id=row.bundle_id,
        stage=stage,
        total=row.size,
        confirmed=row.size if home else known,
        asked=attempt is not None and attempt.track.asked,
        rate=_whole(moving.rate) if moving else 0,
        left_min=0 if home else moving.left_min if moving else None,
        moved_at_ms=(attempt.moved_at_ms if attempt else 0) or row.reached.moved_at_ms,
        next_attempt_ms=row.next_attempt_ms if stage is UploadStage.PAUSED else 0,
        attempts=row.attempts,
        problem="" if home else row.last_problem,
        needs_people=row.needs_people and not home,
    )


def _stage(
    row: OutgoingRow, attempt: Attempt | None, going: Pace | None, busy: bool, now_ms: int
) -> UploadStage:
    if row.state in _HOME:
        return UploadStage.HOME
    if attempt is not None and going is not None:
        if attempt.track.asked and attempt.track.confirmed == attempt.track.size:
            return UploadStage.CHECKING
        return UploadStage.STALLED if going.stalled else UploadStage.SENDING
    if row.state is not DataState.UPLOADING:
        return UploadStage.NOT_BEGUN
    due = row.next_attempt_ms <= now_ms
    return UploadStage.NEXT if busy and due else UploadStage.PAUSED


def _share(view: UploadView, going: Pace | None) -> Share:
    moving = view.stage is UploadStage.SENDING and going is not None
    rate = going.rate if moving and going is not None else None
    return Share(view.total, view.confirmed, rate, view.stage is UploadStage.NEXT)


def _whole(rate: float | None) -> int:
    """Whole bytes a second; what moves at all is never told as nothing."""
    return max(1, round(rate)) if rate else 0
