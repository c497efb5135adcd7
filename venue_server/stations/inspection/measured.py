"""What was measured, as values for the rules. Sizes in bytes, times in ms unless named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from venue_server.wire.inspection_orders import CheckVerdict, StationFacts


@dataclass(frozen=True)
class Outcome:
    """One check's result. ``names`` are what is not right: seats, folders, packages."""

    check_id: str
    expected: str
    measured: str
    verdict: CheckVerdict
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """From the signed plan and the settings."""

    disk_reserve_bytes: int
    clock_offset_ms: int
    spare_percent: int
    min_servers: int
    backups_required: int


@dataclass(frozen=True)
class FolderMeasured:
    """A device: ``problem`` empty when it is the right one; ``read_back``: the same came back."""

    name: str
    problem: str = ""
    read_back: bool = False
    mib_per_s: float = 0.0
    longest_fsync_ms: float = 0.0


@dataclass(frozen=True)
class PinMeasured:
    """A pinned certificate, and until when it is valid (0: unreadable)."""

    name: str
    valid_from_ms: int
    valid_until_ms: int


@dataclass(frozen=True)
class ServerMeasured:
    """The server. ``on_mains`` and ``encrypted`` None: it cannot be told here."""

    now_ms: int
    disk_free: int
    reserve_held: bool
    second: FolderMeasured
    backups: tuple[FolderMeasured, ...]
    clock_state: str
    clock_trusted: bool
    clock_source: str
    clock_uncertainty_ms: float | None
    on_mains: bool | None
    battery_percent: float | None
    cpu_count: int
    ram_bytes: int
    ram_available: int
    settings_running: str  # digest
    settings_on_disk: str
    pins: tuple[PinMeasured, ...]
    consoles_enrolled: int
    consoles_here: int
    encrypted: bool | None
    out_of_place: tuple[str, ...] = ()


@dataclass(frozen=True)
class StationMeasured:
    """A station. ``token`` is the one the server left there (empty: none yet). ``round_trips`` are
    of the probes that were answered, ``probes`` all that were sent."""

    machine_id: str
    seat: str  # "room-seat"
    certificate: str
    online: bool
    facts: StationFacts | None = None
    token: str = ""
    offset_ms: float | None = None
    round_trips: tuple[float, ...] = ()
    probes: int = 0


@dataclass(frozen=True)
class StationsMeasured:
    """``seats`` of candidates in any session of the plan. ``baseline``: the digest laid down, or
    empty: then all must be alike."""

    seats: frozenset[str]
    stations: Sequence[StationMeasured]
    baseline: str = ""


@dataclass(frozen=True)
class PapersMeasured:
    """Packages and whether each passed its dry check."""

    passed: Mapping[str, bool]
