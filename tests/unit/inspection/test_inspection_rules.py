"""The table of the inspection: measured values, and the verdict that follows (C01, C08-C12)."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.stations.inspection.catalogue import BY_ID, CHEAP, CHECKS
from venue_server.stations.inspection.drift import Sealed, VenueNow, drift, recheck, sealed_of
from venue_server.stations.inspection.findings import findings, latest, open_checks, to_repeat
from venue_server.stations.inspection.measured import (
    FolderMeasured,
    Limits,
    Outcome,
    PapersMeasured,
    PinMeasured,
    ServerMeasured,
    StationMeasured,
    StationsMeasured,
)
from venue_server.stations.inspection.rules_server import paper_outcomes, server_outcomes
from venue_server.stations.inspection.rules_stations import spares_needed, station_outcomes
from venue_server.stations.inspection.store import Result, SealStep
from venue_server.wire.inspection_orders import (
    CheckVerdict,
    SealState,
    StationFacts,
    StationFinding,
)

OK, WARN, FAIL, WAIT = CheckVerdict.OK, CheckVerdict.WARN, CheckVerdict.FAIL, CheckVerdict.WAIT
LIMITS = Limits(2_000_000_000, 1000, 10, 1, 1)
GOOD = FolderMeasured("second", "", True, 80.0, 4.0)
SERVER = ServerMeasured(
    now_ms=1000,
    disk_free=9_000_000_000,
    reserve_held=True,
    second=GOOD,
    backups=(replace(GOOD, name="backup-1"),),
    clock_state="TRUSTED",
    clock_trusted=True,
    clock_source="headquarters",
    clock_uncertainty_ms=20.0,
    on_mains=True,
    battery_percent=97.0,
    cpu_count=4,
    ram_bytes=8 << 30,
    ram_available=4 << 30,
    settings_running="a" * 64,
    settings_on_disk="a" * 64,
    pins=(PinMeasured("headquarters", 0, 2000),),
    consoles_enrolled=2,
    consoles_here=1,
    encrypted=True,
)
FACTS = StationFacts(
    0,
    "1",
    "a" * 64,
    "Debian",
    4,
    8 << 30,
    50 << 30,
    sleep_off=True,
    token="t",
    token_survived=True,
    calibrated=True,
    findings=[
        StationFinding("CHK-DISK", "", "", "OK"),
        StationFinding("CHK-GLYPHS", "", "", "OK"),
    ],
)


def station(seat: str, **changes: Any) -> StationMeasured:
    given_facts = {k[6:]: v for k, v in changes.items() if k.startswith("facts_")}
    rest = {k: v for k, v in changes.items() if not k.startswith("facts_")}
    base: dict[str, Any] = {
        "online": True,
        "facts": msgspec.structs.replace(FACTS, **given_facts),
        "token": "t",
        "offset_ms": 3.0,
        "round_trips": (2.0, 3.0),
        "probes": 2,
    }
    return StationMeasured(f"m-{seat}", seat, f"cert-{seat}", **(base | rest))


def venue(*changed: StationMeasured, baseline: str = "") -> StationsMeasured:
    """Three seats of candidates and a spare."""
    by_seat = {each: station(each) for each in ("1-01", "1-02", "1-03", "1-S1")}
    by_seat |= {each.seat: each for each in changed}
    return StationsMeasured(frozenset({"1-01", "1-02", "1-03"}), list(by_seat.values()), baseline)


def of(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {each.check_id: each for each in outcomes}


def test_c08_every_check_is_judged_once_and_a_good_venue_passes_all() -> None:
    outcomes = [
        *server_outcomes(SERVER, LIMITS),
        *station_outcomes(venue(), LIMITS),
        *paper_outcomes(PapersMeasured({"p": True})),
    ]
    ids = [each.check_id for each in outcomes]
    assert sorted(ids) == sorted(each.check_id for each in CHECKS if not each.asked)
    assert {each.check_id: each.verdict for each in outcomes if each.verdict is not OK} == {}
    assert set(BY_ID) >= CHEAP


@pytest.mark.parametrize(
    ("change", "check_id", "verdict"),
    [
        ({"disk_free": 1_999_999_999}, "SRV-DISK", FAIL),
        ({"disk_free": 2_000_000_000}, "SRV-DISK", OK),
        ({"reserve_held": False}, "SRV-RESERVE", FAIL),
        ({"second": FolderMeasured("second", "missing")}, "SRV-SECOND", FAIL),
        ({"second": replace(GOOD, read_back=False)}, "SRV-SECOND", FAIL),
        ({"backups": ()}, "SRV-BACKUP", FAIL),
        ({"backups": (GOOD, FolderMeasured("b2", "foreign"))}, "SRV-BACKUP", FAIL),
        ({"backups": (replace(GOOD, mib_per_s=4.9),)}, "SRV-SPEED", WARN),
        ({"backups": ()}, "SRV-SPEED", WAIT),
        ({"clock_trusted": False}, "SRV-CLOCK", FAIL),
        ({"clock_uncertainty_ms": None}, "SRV-CLOCK", FAIL),
        ({"clock_uncertainty_ms": 1000.1}, "SRV-CLOCK", FAIL),
        ({"battery_percent": None, "on_mains": None}, "SRV-POWER", WARN),
        ({"on_mains": False}, "SRV-POWER", FAIL),
        ({"battery_percent": 49.0}, "SRV-POWER", FAIL),
        ({"cpu_count": 1}, "SRV-MEMORY", FAIL),
        ({"ram_bytes": 3 << 30}, "SRV-MEMORY", FAIL),
        ({"settings_on_disk": "b" * 64}, "SRV-SETTINGS", FAIL),
        ({"now_ms": 2000}, "SRV-PINS", FAIL),
        ({"now_ms": 1999}, "SRV-PINS", OK),
        ({"pins": ()}, "SRV-PINS", FAIL),
        ({"consoles_here": 0}, "SRV-CONSOLE", FAIL),
        ({"encrypted": False}, "SRV-ENCRYPTED", WARN),
        ({"encrypted": None}, "SRV-ENCRYPTED", WARN),
        ({"out_of_place": ("sdz",)}, "DEV-OUTSIDE", FAIL),
    ],
)
def test_c08_the_server(change: dict[str, Any], check_id: str, verdict: CheckVerdict) -> None:
    found = of(server_outcomes(replace(SERVER, **change), LIMITS))[check_id]
    assert found.verdict is verdict


def test_c01_more_servers_than_one_are_not_here() -> None:
    found = of(server_outcomes(SERVER, replace(LIMITS, min_servers=2)))
    assert found["SRV-COUNT"].verdict is FAIL


@pytest.mark.parametrize(
    ("change", "check_id", "verdict"),
    [
        ({"online": False}, "STA-SEATS", FAIL),
        ({"online": False}, "NET-CONNECTED", FAIL),
        ({"facts": None}, "STA-SEATS", FAIL),
        ({"facts": None}, "STA-APP", WAIT),
        ({"facts": None}, "STA-CHECKS", WAIT),
        ({"facts_findings": [StationFinding("CHK-DISK", "", "", "FAIL")]}, "STA-CHECKS", FAIL),
        ({"facts_findings": [StationFinding("CHK-DISK", "", "", "WARN")]}, "STA-CHECKS", WARN),
        ({"facts_findings": []}, "STA-CHECKS", WAIT),
        ({"facts_cpu_count": 1}, "STA-HARDWARE", FAIL),
        ({"facts_ram_bytes": 2 << 30}, "STA-HARDWARE", FAIL),
        ({"facts_calibrated": False}, "STA-CALIBRATION", WAIT),
        (
            {"facts_findings": [StationFinding("CHK-MEDIA", "", "", "FAIL")]},
            "STA-CALIBRATION",
            FAIL,
        ),
        ({"facts_app_sha256": "b" * 64}, "STA-APP", FAIL),
        ({"facts_os_build": "Windows"}, "STA-SYSTEM", WARN),
        ({"offset_ms": -1000.0}, "STA-CLOCK", OK),
        ({"offset_ms": 1000.5}, "STA-CLOCK", FAIL),
        ({"offset_ms": None}, "STA-CLOCK", WAIT),
        ({"facts_sleep_off": False}, "STA-SLEEP", FAIL),
        ({"facts_sleep_off": None}, "STA-SLEEP", WARN),
        ({"facts_default_route": True}, "STA-INTERNET", FAIL),
        ({"facts_dns_answers": True}, "STA-INTERNET", FAIL),
        ({"token": ""}, "STA-RESTART", WAIT),
        ({"facts_token_survived": False}, "STA-RESTART", WAIT),
        ({"facts_token": ""}, "STA-RESTART", FAIL),
        ({"facts_token": "an older one"}, "STA-RESTART", FAIL),
        ({"facts_removable": ["sdb Stick"]}, "STA-MEDIA", WARN),
        ({"round_trips": (250.0,), "probes": 1}, "NET-ROUNDTRIP", FAIL),
        ({"round_trips": (), "probes": 2}, "NET-LOSS", FAIL),
    ],
)
def test_c08_c11_one_station_that_is_not_right_is_named(
    change: dict[str, Any], check_id: str, verdict: CheckVerdict
) -> None:
    found = of(station_outcomes(venue(station("1-02", **change)), LIMITS))[check_id]
    assert found.verdict is verdict
    assert found.names == (() if verdict is OK else ("1-02",))


def test_c10_the_baseline_is_law_even_when_all_stations_agree_on_another_program() -> None:
    assert of(station_outcomes(venue(baseline="a" * 64), LIMITS))["STA-APP"].verdict is OK
    found = of(station_outcomes(venue(baseline="b" * 64), LIMITS))["STA-APP"]
    assert (found.verdict, len(found.names)) == (FAIL, 4)


def test_c01_no_plan_and_no_stations_pass_nothing() -> None:
    found = of(station_outcomes(StationsMeasured(frozenset(), []), LIMITS))
    assert {each.check_id for each in found.values() if each.verdict is OK} == {"STA-SPARE"}


@pytest.mark.parametrize(("seats", "spares"), [(0, 0), (1, 1), (10, 1), (11, 2), (80, 8), (81, 9)])
def test_c01_spares_are_rounded_up(seats: int, spares: int) -> None:
    assert spares_needed(seats, 10) == spares


def test_c01_a_sick_spare_is_no_spare() -> None:
    found = of(station_outcomes(venue(station("1-S1", online=False)), LIMITS))
    assert found["STA-SPARE"].verdict is FAIL
    assert found["STA-SEATS"].verdict is OK


# ---- drift -------------------------------------------------------------------------------

NOW = VenueNow(
    tuple(venue().stations),
    "a" * 64,
    9_000_000_000,
    "TRUSTED",
    True,
    clock_doubted=False,
    server_version="0.1.0 aa",
)
SEALED = sealed_of(NOW)


@pytest.mark.parametrize(
    ("change", "code", "thorough_only"),
    [
        ({"server_version": "0.1.0 bb"}, "RMK-290", False),
        ({"settings": "b" * 64}, "RMK-72", False),
        ({"disk_free": 1}, "RMK-73", False),
        ({"clock_doubted": True}, "RMK-74", False),
        ({"clock_trusted": False}, "RMK-74", True),
        ({"stations": NOW.stations[:-1]}, "RMK-70", False),
        (
            {"stations": (replace(NOW.stations[0], certificate="x"), *NOW.stations[1:])},
            "RMK-70",
            False,
        ),
        (
            {"stations": (station("1-01", facts_app_sha256="c" * 64), *NOW.stations[1:])},
            "RMK-71",
            False,
        ),
        ({"stations": (station("1-01", offset_ms=-1001.0), *NOW.stations[1:])}, "RMK-75", True),
    ],
)
def test_c10_every_difference_breaks_the_seal(
    change: dict[str, Any], code: str, thorough_only: bool
) -> None:
    now = replace(NOW, **change)
    assert [each.code.value for each in drift(SEALED, now, LIMITS, True)] == [code]
    quick = [each.code.value for each in drift(SEALED, now, LIMITS, False)]
    assert quick == ([] if thorough_only else [code])


def test_c10_the_venue_as_it_was_sealed_drifts_nowhere() -> None:
    stored = msgspec.json.decode(msgspec.json.encode(SEALED), type=Sealed)
    assert drift(stored, NOW, LIMITS, True) == []
    offline = replace(NOW, stations=tuple(replace(s, online=False) for s in NOW.stations))
    assert drift(stored, offline, LIMITS, True) == [], "a station that is off is the same station"


def test_c10_every_reason_names_checks_to_run_again() -> None:
    for change in ({"settings": "b"}, {"disk_free": 1}, {"clock_doubted": True}, {"stations": ()}):
        reasons = drift(SEALED, replace(NOW, **change), LIMITS, False)  # type: ignore[arg-type]
        assert recheck(reasons)
        assert recheck(reasons) <= set(BY_ID)


# ---- findings ----------------------------------------------------------------------------


def _result(at: int, check_id: str, verdict: CheckVerdict) -> Result:
    return Result(at, at, "p", Outcome(check_id, "", "", verdict))


def test_c09_a_finding_is_opened_by_a_failure_and_closed_by_its_correction() -> None:
    story = [
        _result(1, "SRV-DISK", FAIL),
        _result(2, "SRV-DISK", FAIL),
        _result(3, "SRV-DISK", WAIT),
        _result(4, "SRV-DISK", OK),
        _result(5, "SRV-DISK", FAIL),
    ]
    told = [(each.failed.at_ms, each.closed and each.closed.at_ms) for each in findings(story)]
    assert told == [(1, 4), (5, None)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([each.check_id for each in CHECKS]), st.sampled_from(CheckVerdict)
        ),
        max_size=60,
    )
)
def test_c08_only_a_passed_check_is_not_open(story: list[tuple[str, CheckVerdict]]) -> None:
    results = [_result(at, *each) for at, each in enumerate(story)]
    now = latest(results)
    for check in CHECKS:
        good = check.check_id in now and now[check.check_id].outcome.verdict in (OK, WARN)
        assert (check.check_id in open_checks(results)) == (check.mandatory and not good)
    again = to_repeat(results, SealStep())
    assert {each for each in open_checks(results) if not BY_ID[each].asked} <= again
    open_findings = {each.check_id for each in findings(results) if each.closed is None}
    assert {n for n, r in now.items() if r.outcome.verdict is FAIL} <= open_findings


def test_c10_a_broken_seal_has_its_checks_repeated_though_they_passed() -> None:
    results = [_result(1, each.check_id, OK) for each in CHECKS]
    assert to_repeat(results, SealStep()) == frozenset()
    reasons = drift(SEALED, replace(NOW, settings="b"), LIMITS, False)
    broken = SealStep(SealState.SEAL_BROKEN, 5, remarks=tuple(reasons))
    assert to_repeat(results, broken) == recheck(reasons)
