"""The stations and their network: measured values to verdicts (C01, C10, C11, D16).

One outcome a check, over all stations; ``names`` are the seats that are not right.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from venue_server.stations.inspection.measured import (
    Limits,
    Outcome,
    StationMeasured,
    StationsMeasured,
)
from venue_server.wire.inspection_orders import CheckVerdict, StationFacts

OK, WARN, FAIL, WAIT = CheckVerdict.OK, CheckVerdict.WARN, CheckVerdict.FAIL, CheckVerdict.WAIT
ROUND_TRIP_MS = 200.0
LOSS_PERCENT = 1.0
CPUS, RAM_BYTES = 2, 4 * 1024**3 * 9 // 10  # a 4 GiB machine shows a little less
CALIBRATION = frozenset(
    {
        "CHK-GLYPHS",
        "CHK-PICTURES",
        "CHK-MEDIA",
        "CHK-ITEMS",
        "CHK-LAYOUT",
        "CHK-DIGEST",
        "CHK-RENDER",
    }
)
"""Findings of the station's calibration paper; every other finding is of its quick self-check."""

Judge = Callable[[StationMeasured, StationFacts], CheckVerdict]


def station_outcomes(found: StationsMeasured, limits: Limits) -> list[Outcome]:
    """Every check of stations and network."""
    return [
        _seats(found),
        _spares(found, limits),
        _each(found, "STA-HARDWARE", "≥ 2 × CPU, 4 GiB", _hardware),
        _each(found, "STA-CHECKS", "OK", lambda _s, facts: _worst(facts, calibration=False)),
        _each(found, "STA-CALIBRATION", "OK", _calibration),
        _app(found),
        _system(found),
        _clock(found, limits),
        _each(found, "STA-SLEEP", "✓", _sleep),
        _each(found, "STA-INTERNET", "✗", _internet),
        _each(found, "STA-RESTART", "✓", restart_verdict),
        _each(found, "STA-MEDIA", "0", lambda _s, facts: WARN if facts.removable else OK),
        _connected(found),
        _round_trip(found),
        _loss(found),
    ]


def healthy(station: StationMeasured) -> bool:
    """Connected, told its facts, and nothing of them fails."""
    return (
        station.online
        and station.facts is not None
        and all(each.verdict != FAIL for each in station.facts.findings)
    )


def restart_verdict(station: StationMeasured, facts: StationFacts) -> CheckVerdict:
    """WAIT until a token was left and the machine restarted; FAIL when the token is gone (C11)."""
    if not station.token:
        return WAIT
    if facts.token != station.token:
        return FAIL
    return OK if facts.token_survived else WAIT


def spares_needed(seats: int, percent: int) -> int:
    """So many spares, rounded up (C01)."""
    return -(-seats * percent // 100)


# ---- what every station says for itself --------------------------------------------------


def _each(found: StationsMeasured, check_id: str, expected: str, judge: Judge) -> Outcome:
    """The worst of all stations; those that told nothing make the check wait."""
    verdicts = {
        station.seat: WAIT if station.facts is None else judge(station, station.facts)
        for station in found.stations
    }
    return _summed(check_id, expected, verdicts)


def _summed(check_id: str, expected: str, verdicts: dict[str, CheckVerdict]) -> Outcome:
    good = sum(verdict is OK for verdict in verdicts.values())
    measured = f"{good} / {len(verdicts)}"
    for worst in (FAIL, WAIT, WARN):
        names = tuple(sorted(seat for seat, verdict in verdicts.items() if verdict is worst))
        if names:
            return Outcome(check_id, expected, measured, worst, names)
    return Outcome(check_id, expected, measured, OK if verdicts else WAIT)


def _worst(facts: StationFacts, calibration: bool) -> CheckVerdict:
    said = [one.verdict for one in facts.findings if (one.check_id in CALIBRATION) is calibration]
    if not said:
        return WAIT
    if FAIL in said:
        return FAIL
    return WARN if WARN in said else OK


def _hardware(_station: StationMeasured, facts: StationFacts) -> CheckVerdict:
    """Disk and screen are in the station's own self-check."""
    return OK if facts.cpu_count >= CPUS and facts.ram_bytes >= RAM_BYTES else FAIL


def _calibration(_station: StationMeasured, facts: StationFacts) -> CheckVerdict:
    return _worst(facts, calibration=True) if facts.calibrated else WAIT


def _sleep(_station: StationMeasured, facts: StationFacts) -> CheckVerdict:
    if facts.sleep_off is None:
        return WARN
    return OK if facts.sleep_off else FAIL


def _internet(_station: StationMeasured, facts: StationFacts) -> CheckVerdict:
    return FAIL if facts.default_route or facts.dns_answers else OK


# ---- all together ------------------------------------------------------------------------


def _seats(found: StationsMeasured) -> Outcome:
    fit = {station.seat for station in found.stations if healthy(station)}
    missing = tuple(sorted(found.seats - fit))
    have = len(found.seats) - len(missing)
    verdict = WAIT if not found.seats else FAIL if missing else OK
    return Outcome("STA-SEATS", str(len(found.seats)), str(have), verdict, missing)


def _spares(found: StationsMeasured, limits: Limits) -> Outcome:
    need = spares_needed(len(found.seats), limits.spare_percent)
    have = sum(healthy(each) for each in found.stations if each.seat not in found.seats)
    expected = f"≥ {need} ({limits.spare_percent} %)"
    return Outcome("STA-SPARE", expected, str(have), OK if have >= need else FAIL)


def _app(found: StationsMeasured) -> Outcome:
    """All alike, and like the baseline where one was laid down; else like most of them."""
    told = {each.seat: each.facts.app_sha256 for each in found.stations if each.facts}
    wanted = found.baseline or _usual(list(told.values()))
    other = tuple(sorted(seat for seat, digest in told.items() if digest != wanted))
    silent = tuple(sorted(each.seat for each in found.stations if each.facts is None))
    measured = f"{len(told) - len(other)} / {len(found.stations)}"
    verdict = FAIL if other else WAIT if silent or not told else OK
    return Outcome("STA-APP", wanted[:16] or "?", measured, verdict, other or silent)


def _system(found: StationsMeasured) -> Outcome:
    told = {each.seat: each.facts.os_build for each in found.stations if each.facts}
    usual = _usual(list(told.values()))
    other = tuple(sorted(seat for seat, build in told.items() if build != usual))
    verdict = WAIT if not told else WARN if other else OK
    return Outcome("STA-SYSTEM", usual or "?", str(len(set(told.values()))), verdict, other)


def _usual(values: Sequence[str]) -> str:
    counted = Counter(values).most_common()
    most = [value for value, count in counted if count == counted[0][1]]
    return min(most, default="")  # the same choice every time


def _clock(found: StationsMeasured, limits: Limits) -> Outcome:
    verdicts = {
        each.seat: WAIT
        if each.offset_ms is None
        else OK
        if abs(each.offset_ms) <= limits.clock_offset_ms
        else FAIL
        for each in found.stations
    }
    return _summed("STA-CLOCK", f"≤ {limits.clock_offset_ms} ms", verdicts)


def _connected(found: StationsMeasured) -> Outcome:
    verdicts = {each.seat: OK if each.online else FAIL for each in found.stations}
    return _summed("NET-CONNECTED", "100 %", verdicts)


def _round_trip(found: StationsMeasured) -> Outcome:
    worst = {each.seat: max(each.round_trips) for each in found.stations if each.round_trips}
    slow = tuple(sorted(seat for seat, ms in worst.items() if ms > ROUND_TRIP_MS))
    slowest = max(worst.values(), default=0.0)
    verdict = WAIT if not worst else FAIL if slow else OK
    return Outcome("NET-ROUNDTRIP", f"≤ {ROUND_TRIP_MS:.0f} ms", f"{slowest:.0f} ms", verdict, slow)


def _loss(found: StationsMeasured) -> Outcome:
    sent = {each.seat: each.probes for each in found.stations if each.probes}
    lost = {
        each.seat: each.probes - len(each.round_trips) for each in found.stations if each.probes
    }
    total = sum(sent.values())
    percent = 100 * sum(lost.values()) / total if total else 0.0
    names = tuple(sorted(seat for seat, count in lost.items() if count))
    verdict = WAIT if not total else FAIL if percent > LOSS_PERCENT else OK
    return Outcome("NET-LOSS", f"≤ {LOSS_PERCENT:.0f} %", f"{percent:.1f} %", verdict, names)
