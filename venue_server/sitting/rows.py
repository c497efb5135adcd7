"""What the store knows about a session and a sitting, as frozen values, and counts over them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from venue_server.sitting.plan import PlannedSession
from venue_server.sitting.policy import NEVER_MS, Adjustment, has_ended, timing
from venue_server.sitting.states import AFTER_END, BEFORE_START
from venue_server.wire.messages import Timing
from venue_server.wire.names import DataState, SessionState, SittingState, SubmitKind
from venue_server.wire.start_code import StartCodeSeal, seal_start_code


@dataclass(frozen=True, slots=True)
class StartCode:
    """A room's start code (E04). Never printed."""

    code: str = field(repr=False)
    salt: str = field(repr=False)

    @property
    def seal(self) -> StartCodeSeal:
        """What its stations are told."""
        return seal_start_code(self.code, self.salt)


@dataclass(frozen=True, slots=True)
class RoomTime:
    """What was ordered about the time of one room. A held room does not open at the common start;
    ``effective_start_ms`` is the start it was given instead."""

    held: bool = False
    effective_start_ms: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    start_code: StartCode | None = None  # none before the start, nor where the plan wants none


ON_TIME = RoomTime()
"""A room about which nothing was ordered."""


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
    room_time: Mapping[str, RoomTime] = field(default_factory=dict)
    rooms: tuple[str, ...] = ()  # in which somebody sits
    stopped: bool = False  # headquarters ordered that nobody goes on in it (I03, I11)

    def start_in(self, room_id: str) -> int | None:
        """The instant a room's stations were told to open the paper at; None before the release,
        and while the room is held. A suspension does not change what they were told."""
        common, own = self.effective_start_ms, self.room_time.get(room_id, ON_TIME)
        if common is None or self.is_held(room_id):
            return None
        return max(common, own.effective_start_ms or common)

    def is_held(self, room_id: str) -> bool:
        """Is the room held back, and no start of its own ordered?"""
        own = self.room_time.get(room_id, ON_TIME)
        return own.held and own.effective_start_ms is None

    def start_code_in(self, room_id: str) -> StartCode | None:
        """The room's start code (E04); None before its stations are told a start."""
        return self.room_time.get(room_id, ON_TIME).start_code

    def times_in(self, room_id: str, personal_extra_s: int = 0) -> Timing:
        """The instants of one of its rooms, or of somebody there with time of their own (补时).

        From the planned start as long as there is no effective one; after the release a room that
        is still held starts at ``NEVER_MS``.
        """
        start, planned = self.start_in(room_id), self.planned
        if start is None:
            start = planned.start_ms if self.effective_start_ms is None else NEVER_MS
        return timing(
            start,
            planned.duration_s,
            planned.media_class,
            planned.relaxed,
            personal_extra_s,
            self._adjustments(room_id),
        )

    def _adjustments(self, room_id: str) -> tuple[Adjustment, ...]:
        """What was approved for a room. Once a stopped session has ended, the suspension that never
        was lifted gives no time, and is over: stations hand in what they have by themselves."""
        own = self.room_time.get(room_id, ON_TIME).adjustments
        if not (self.stopped and self.state in AFTER_END):
            return own
        return tuple(replace(each, length_ms=each.length_ms or 0) for each in own)

    def never_began(self, now_ms: int) -> bool:
        """Has its planned start come without a release?"""
        waits = self.state in BEFORE_START and self.effective_start_ms is None
        return waits and now_ms >= self.planned.start_ms

    @property
    def whole(self) -> Timing:
        """The session over all its rooms: its earliest start, everything else at its latest (G07).
        Whether it is over ask :meth:`is_over`, which knows about rooms that stand still."""
        rooms = [self.times_in(room_id) for room_id in self._with_an_end]
        return Timing(
            effective_start_ms=min(each.effective_start_ms for each in rooms),
            admission_closes_ms=max(each.admission_closes_ms for each in rooms),
            closed_until_ms=max(each.closed_until_ms for each in rooms),
            end_ms=max(each.end_ms for each in rooms),
        )

    @property
    def _with_an_end(self) -> tuple[str, ...]:
        """The rooms that must end before the session does; of a stopped one not those that were
        held back and never will start."""
        rooms = [each for each in self.rooms if not (self.stopped and self.is_held(each))]
        return tuple(rooms) or ("",)

    def is_over(self, now_ms: int) -> bool:
        """Has every room's time ended? A room that stands still, or was never started, has not;
        unless the session was stopped for good: it ends when it would have without standing."""
        times = [self.times_in(room_id) for room_id in self._with_an_end]
        if self.stopped:
            return all(now_ms >= each.end_ms for each in times)
        return all(has_ended(each, now_ms) for each in times)

    @property
    def doors_open_ms(self) -> int:
        """When people may enter for the first time (F10)."""
        return self.planned.start_ms - 1000 * self.planned.admission_open_s

    def distance_ms(self, now_ms: int) -> int:
        """How far ``now_ms`` lies outside doors-open to end; 0 inside. A started session goes on
        until it is over."""
        if self.effective_start_ms is not None and not self.is_over(now_ms):
            return 0
        return max(self.doors_open_ms - now_ms, now_ms - self.whole.end_ms, 0)


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

    @property
    def not_held(self) -> bool:
        """未开考: headquarters stopped the session before it began; nobody of it is absent."""
        return self.state is SittingState.NOT_HELD


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a room or a session; ``scheduled = present + absent + not_held`` once it ended
    (K03). ``not_held``: of a session that headquarters stopped before it began (I03)."""

    scheduled: int
    admitted: int
    present: int
    absent: int
    submitted: int
    not_held: int = 0

    @property
    def whole(self) -> bool:
        """Has everyone scheduled exactly one outcome?"""
        return self.scheduled == self.present + self.absent + self.not_held


def count(sittings: Iterable[Sitting], admission_closed: bool) -> Counts:
    """Count sittings. Before the end, who can no longer be admitted already counts as absent."""
    rows = list(sittings)
    return Counts(
        scheduled=len(rows),
        admitted=sum(row.admitted_at_ms is not None for row in rows),
        present=sum(row.present for row in rows),
        absent=sum(_is_absent(row, admission_closed) for row in rows),
        submitted=sum(row.submitted_at_ms is not None for row in rows),
        not_held=sum(row.not_held for row in rows),
    )


def _is_absent(row: Sitting, admission_closed: bool) -> bool:
    never_came = admission_closed and row.admitted_at_ms is None
    return not (row.present or row.not_held) and (row.absent or never_came)
