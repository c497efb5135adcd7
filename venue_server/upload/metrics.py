"""How far the uploads are, as Prometheus text exposition: bytes and instants by session (O08)."""

from collections.abc import Callable

from venue_server.records.answer_places import label_value
from venue_server.wire.upload_orders import Uploads, UploadStage, UploadView

_METRICS: tuple[tuple[str, str, Callable[[UploadView], float]], ...] = (
    ("total_bytes", "Bytes of the sealed bundle.", lambda one: one.total),
    (
        "confirmed_bytes",
        "Bytes of it that headquarters confirmed to hold.",
        lambda one: one.confirmed,
    ),
    (
        "last_progress_timestamp_seconds",
        "Exam time (Unix seconds) at which a byte was last confirmed; 0: none is known.",
        lambda one: one.moved_at_ms / 1000,
    ),
    (
        "rate_bytes",
        "Bytes a second confirmed lately; 0: nothing can be said.",
        lambda one: one.rate,
    ),
    (
        "stalled",
        "1 while an attempt is under way in which nothing is confirmed.",
        lambda one: int(one.stage is UploadStage.STALLED),
    ),
    ("failed_attempts", "Attempts that failed so far.", lambda one: one.attempts),
    (
        "home",
        "1 when headquarters' receipt matched.",
        lambda one: int(one.stage is UploadStage.HOME),
    ),
)


def metrics(uploads: Uploads) -> str:
    """Every bundle that is not wiped; the names of sessions, and nothing about anybody."""
    lines: list[str] = []
    for name, text, value in _METRICS:
        full = f"kaodian_upload_{name}"
        lines += [f"# HELP {full} {text}", f"# TYPE {full} gauge"]
        lines += [
            f'{full}{{session="{label_value(one.session_id)}"}} {_plain(value(one))}'
            for one in uploads.bundles
        ]
    return "".join(f"{line}\n" for line in lines)


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"
