"""The inspection (封场检测) on the wire: what stations tell of themselves, and orders (C08-C11).

Orders' answers are described in docs/protocol.md. Sizes are bytes, instants exam time in ms, UTC.
"""

from enum import StrEnum

from venue_server.wire.frames import Message, Part, Second


class CheckVerdict(StrEnum):
    """Of one check. WAIT: nobody answered it, or it could not be measured yet."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"
    WAIT = "WAIT"


class SealState(StrEnum):
    """Of the venue (docs/states/venue.md)."""

    UNINSPECTED = "UNINSPECTED"
    INSPECTED = "INSPECTED"
    SEALED = "SEALED"
    SEAL_BROKEN = "SEAL_BROKEN"


# ---- station <-> server ------------------------------------------------------------------


class StationFinding(Part, frozen=True):
    """One result of the station's self-check or calibration, by its stable id."""

    check_id: str
    expected: str
    measured: str
    verdict: str


class StationFacts(Message, frozen=True):
    """What a station knows of its own machine (C01, C11). ``re`` is the number of the
    RunStationCheck it answers, 0 when told unasked. ``app_sha256`` digests the program's files.
    ``token`` was left on the disk for the restart test; ``token_survived``: in an earlier boot.
    ``sleep_off`` None: it cannot be told. ``calibrated``: the calibration is among the findings."""

    re: int
    app_version: str
    app_sha256: str
    os_build: str
    cpu_count: int
    ram_bytes: int
    disk_free: int
    screen: str = ""
    sleep_off: bool | None = None
    default_route: bool = False
    dns_answers: bool = False
    token: str = ""
    token_survived: bool = False
    removable: list[str] = []
    calibrated: bool = False
    findings: list[StationFinding] = []


class RunStationCheck(Message, frozen=True):
    """Check yourself now and answer with StationFacts. A ``token`` is to be left on the disk first:
    it must still be there after a restart (C11)."""

    n: int
    token: str = ""


class StationProbe(Message, frozen=True):
    """Answer at once: the round trip, and how far off the station's idea of the time is."""

    n: int


class StationEcho(Message, frozen=True):
    """``exam_ms`` is the station's estimate of exam time when it answered, 0 when it has none."""

    re: int
    exam_ms: int


# ---- console -> server -------------------------------------------------------------------


class StartInspection(Message, frozen=True):
    """Measure the venue. ``only_failed``: only what failed, waits, or broke the seal. ``baseline``:
    the program digest every station must have (from the release), kept from then on."""

    n: int
    only_failed: bool = False
    baseline: str = ""


class CheckStations(Message, frozen=True):
    """Have every connected station check itself. ``restart_test``: leave a new token on each; the
    stations must then be restarted (C11). ``seat`` ("room-seat"): only this one."""

    n: int
    restart_test: bool = False
    seat: str = ""


class AnswerCheck(Message, frozen=True):
    """A person answers an item of the checklist (C04, C05, C12)."""

    n: int
    check_id: str
    good: bool
    note: str = ""


class SealVenue(Message, frozen=True):
    """Administrator and chief seal the venue; with a reason when a broken seal is renewed (C10)."""

    n: int
    second: Second
    reason: str = ""


class GetInspection(Message, frozen=True):
    """Every check as it stands, findings, runs, the seal, the stations."""

    n: int


class GetInspectionReport(Message, frozen=True):
    """The whole report, signed with the venue's key (C09)."""

    n: int


class GetDevices(Message, frozen=True):
    """Removable media and network cards at the server, and what is out of place (D03)."""

    n: int


InspectionMessage = (
    StartInspection
    | CheckStations
    | AnswerCheck
    | SealVenue
    | GetInspection
    | GetInspectionReport
    | GetDevices
)
