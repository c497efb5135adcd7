"""What was sealed, and how the venue differs from it now (C10). Pure.

Some things are looked at all the time (the enrolled stations, their programs, the settings, the
disk), others when the seal is checked before the exam: a station's clock needs probing, and the
server's time is not trusted for a moment after each restart.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from venue_server.stations.inspection.measured import Limits, StationMeasured
from venue_server.wire.remarks import Remark, RemarkCode, remark

MB = 1_000_000
NAMED = 8
TOUCHED: dict[RemarkCode, frozenset[str]] = {
    RemarkCode.SEAL_STATIONS: frozenset(
        {
            "STA-SEATS",
            "STA-SPARE",
            "STA-HARDWARE",
            "STA-CHECKS",
            "STA-CALIBRATION",
            "STA-APP",
            "STA-RESTART",
        }
    ),
    RemarkCode.SEAL_APPLICATION: frozenset({"STA-APP", "STA-CHECKS"}),
    RemarkCode.SEAL_SERVER: frozenset({"SRV-SETTINGS"}),
    RemarkCode.SEAL_SETTINGS: frozenset({"SRV-SETTINGS", "SRV-BACKUP", "SRV-SECOND"}),
    RemarkCode.SEAL_DISK: frozenset({"SRV-DISK", "SRV-RESERVE"}),
    RemarkCode.SEAL_CLOCK: frozenset({"SRV-CLOCK"}),
    RemarkCode.SEAL_STATION_CLOCK: frozenset({"STA-CLOCK", "NET-ROUNDTRIP"}),
}
"""Which checks must be run again before a seal broken for this reason may be renewed."""


class SealedStation(msgspec.Struct, frozen=True):
    """One station as it was sealed."""

    seat: str
    certificate: str
    app_sha256: str


class Sealed(msgspec.Struct, frozen=True):
    """What was sealed: stations by machine id, the digest of the settings, the server's version."""

    stations: dict[str, SealedStation]
    settings: str
    server_version: str


@dataclass(frozen=True)
class VenueNow:
    """What may differ. ``clock_doubted``: time contradicts another source right now.
    ``server_version``: with the digest of its program (N10)."""

    stations: tuple[StationMeasured, ...]
    settings: str
    disk_free: int
    clock_state: str
    clock_trusted: bool
    clock_doubted: bool
    server_version: str = ""


def sealed_of(now: VenueNow) -> Sealed:
    """What the seal holds."""
    stations = {
        each.machine_id: SealedStation(
            each.seat, each.certificate, each.facts.app_sha256 if each.facts else ""
        )
        for each in now.stations
    }
    return Sealed(stations, now.settings, now.server_version)


def drift(sealed: Sealed, now: VenueNow, limits: Limits, thorough: bool) -> list[Remark]:
    """Every way in which the venue is not as it was sealed. ``thorough``: before the exam,
    right after every station told its facts and was probed."""
    found = [*_stations(sealed, now), *_application(sealed, now)]
    if now.server_version != sealed.server_version:
        versions = {"sealed": sealed.server_version, "now": now.server_version}
        found.append(remark(RemarkCode.SEAL_SERVER, **versions))
    if now.settings != sealed.settings:
        found.append(remark(RemarkCode.SEAL_SETTINGS))
    if now.disk_free < limits.disk_reserve_bytes:
        free, need = now.disk_free // MB, limits.disk_reserve_bytes // MB
        found.append(remark(RemarkCode.SEAL_DISK, free=free, need=need))
    if now.clock_doubted or (thorough and not now.clock_trusted):
        found.append(remark(RemarkCode.SEAL_CLOCK, state=now.clock_state))
    if thorough:
        found += _clocks(now, limits)
    return found


def recheck(reasons: Iterable[Remark]) -> frozenset[str]:
    """The checks that these reasons touch."""
    return frozenset().union(*(TOUCHED.get(each.code, frozenset()) for each in reasons))


def _stations(sealed: Sealed, now: VenueNow) -> list[Remark]:
    before = {(each.seat, each.certificate) for each in sealed.stations.values()}
    after = {(each.seat, each.certificate) for each in now.stations}
    return _named(RemarkCode.SEAL_STATIONS, {seat for seat, _certificate in before ^ after})


def _application(sealed: Sealed, now: VenueNow) -> list[Remark]:
    other = set()
    for each in now.stations:
        known = sealed.stations.get(each.machine_id)
        if known is not None and each.facts and each.facts.app_sha256 != known.app_sha256:
            other.add(each.seat)
    return _named(RemarkCode.SEAL_APPLICATION, other)


def _clocks(now: VenueNow, limits: Limits) -> list[Remark]:
    off = {
        each.seat
        for each in now.stations
        if each.offset_ms is not None and abs(each.offset_ms) > limits.clock_offset_ms
    }
    return _named(RemarkCode.SEAL_STATION_CLOCK, off)


def _named(code: RemarkCode, seats: set[str]) -> list[Remark]:
    if not seats:
        return []
    more = f" +{len(seats) - NAMED}" if len(seats) > NAMED else ""
    return [remark(code, seats=", ".join(sorted(seats)[:NAMED]) + more)]
