"""What the store knows about a session and a sitting, as frozen values, and counts over them."""

from collections.abc import Iterable
from dataclasses import dataclass

from venue_server.sitting.plan import PlannedSession
from venue_server.sitting.policy import timing
from venue_server.wire.messages import Timing
from venue_server.wire.names import DataState, SessionState, SittingState, SubmitKind


@dataclass(frozen=True, slots=True)
class Session:
    """One session: what was planned and how far it is. Instants in ms of exam time."""

    session_id: str
    plan_id: str
    state: SessionState
    data_state: DataState
    effective_start_ms: int | None
    released_at_ms: int | None
    planned: PlannedSession
    login_rooms: frozenset[str]
    witnessed_rooms: frozenset[str] = frozenset()

    @property
    def times(self) -> Timing:
        """The session's instants; from the planned start as long as there is no effective one."""
        start = self.effective_start_ms
        return timing(
            self.planned.start_ms if start is None else start,
            self.planned.duration_s,
            self.planned.media_class,
            self.planned.relaxed,
        )

    def times_in(self, room_id: str) -> Timing:
        """The instants of one of its rooms."""
        return self.times

    @property
    def doors_open_ms(self) -> int:
        """When people may enter for the first time (F10)."""
        return self.planned.start_ms - 1000 * self.planned.admission_open_s

    def distance_ms(self, now_ms: int) -> int:
        """How far ``now_ms`` lies outside doors-open to end; 0 inside."""
        return max(self.doors_open_ms - now_ms, now_ms - self.times.end_ms, 0)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One candidate's sitting of one session, as the table ``sitting`` holds it."""

    sitting_id: str
    session_id: str
    room_id: str
    seat_no: str
    ticket_no: str
    state: SittingState
    machine_id: str
    admitted_at_ms: int | None
    logged_in_at_ms: int | None
    confirmed_at_ms: int | None
    rules_ack_at_ms: int | None
    opened_at_ms: int | None
    submitted_at_ms: int | None
    submit_kind: SubmitKind | None
    final_seq: int | None
    final_head: str | None
    exited_at_ms: int | None

    @property
    def present(self) -> bool:
        """实考: admitted, logged in, confirmed, and the paper opened (REQUIREMENTS §10.7)."""
        return self.opened_at_ms is not None

    @property
    def absent(self) -> bool:
        """缺考, once certain: also whose sitting was ended before the paper opened (V05)."""
        ended_before = self.state is SittingState.TERMINATED and not self.present
        return ended_before or self.state is SittingState.ABSENT


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a room or a session; ``scheduled = present + absent`` once it ended (K03)."""

    scheduled: int
    admitted: int
    present: int
    absent: int
    submitted: int


def count(sittings: Iterable[Sitting], admission_closed: bool) -> Counts:
    """Count sittings. Before the end, who can no longer be admitted already counts as absent."""
    rows = list(sittings)
    return Counts(
        scheduled=len(rows),
        admitted=sum(row.admitted_at_ms is not None for row in rows),
        present=sum(row.present for row in rows),
        absent=sum(_is_absent(row, admission_closed) for row in rows),
        submitted=sum(row.submitted_at_ms is not None for row in rows),
    )


def _is_absent(row: Sitting, admission_closed: bool) -> bool:
    never_came = admission_closed and row.admitted_at_ms is None
    return not row.present and (row.absent or never_came)
