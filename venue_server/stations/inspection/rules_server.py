"""The server, its devices, its time and the papers: measured values to verdicts (C01, C08, C12)."""

from venue_server.stations.inspection.measured import (
    FolderMeasured,
    Limits,
    Outcome,
    PapersMeasured,
    ServerMeasured,
)
from venue_server.wire.inspection_orders import CheckVerdict

OK, WARN, FAIL, WAIT = CheckVerdict.OK, CheckVerdict.WARN, CheckVerdict.FAIL, CheckVerdict.WAIT
MB = 1_000_000
GIB = 1024**3
SLOW_MIB_S = 5.0
BATTERY_PERCENT = 50.0
RAM_BYTES = 4 * GIB * 9 // 10  # a 4 GiB machine shows a little less
CLOCK_UNCERTAIN_MS = 1000.0


def server_outcomes(found: ServerMeasured, limits: Limits) -> list[Outcome]:
    """Every check of the server."""
    return [
        _disk(found, limits),
        _of("SRV-RESERVE", "✓", _yes(found.reserve_held), found.reserve_held),
        _folders("SRV-SECOND", (found.second,), 1),
        _folders("SRV-BACKUP", found.backups, limits.backups_required),
        _speed(found),
        _clock(found),
        _power(found),
        _memory(found),
        _of(
            "SRV-SETTINGS",
            found.settings_running[:16],
            found.settings_on_disk[:16],
            found.settings_running == found.settings_on_disk,
        ),
        _pins(found),
        _consoles(found),
        _encrypted(found),
        _of("SRV-COUNT", f"≥ {limits.min_servers}", "1", limits.min_servers <= 1),
        _devices(found),
    ]


def paper_outcomes(found: PapersMeasured) -> list[Outcome]:
    """The sealed packages that are here; on the day before there may be none yet."""
    bad = tuple(name for name, passed in found.passed.items() if not passed)
    if not found.passed:
        return [Outcome("PAP-PACKAGES", "0 ✗", "—", WARN)]
    good = f"{len(found.passed) - len(bad)} / {len(found.passed)}"
    return [Outcome("PAP-PACKAGES", "0 ✗", good, FAIL if bad else OK, bad)]


def _of(check_id: str, expected: str, measured: str, good: bool) -> Outcome:
    return Outcome(check_id, expected, measured, OK if good else FAIL)


def _yes(value: bool) -> str:
    return "✓" if value else "✗"


def _disk(found: ServerMeasured, limits: Limits) -> Outcome:
    need = limits.disk_reserve_bytes
    measured = f"{found.disk_free // MB} MB"
    return _of("SRV-DISK", f"≥ {need // MB} MB", measured, found.disk_free >= need)


def _folders(check_id: str, folders: tuple[FolderMeasured, ...], need: int) -> Outcome:
    """Enough devices of the right identity gave back what was written; a broken one is told too."""
    bad = tuple(
        f"{each.name}: {each.problem or 'read-back'}" for each in folders if not _good(each)
    )
    good = len(folders) - len(bad)
    measured = f"{good} / {len(folders)}"
    return Outcome(check_id, f"≥ {need}", measured, FAIL if good < need or bad else OK, bad)


def _good(folder: FolderMeasured) -> bool:
    return not folder.problem and folder.read_back


def _speed(found: ServerMeasured) -> Outcome:
    usable = [each for each in found.backups if _good(each)]
    slow = tuple(each.name for each in usable if each.mib_per_s < SLOW_MIB_S)
    slowest = min((each.mib_per_s for each in usable), default=0.0)
    verdict = WAIT if not usable else WARN if slow else OK
    return Outcome("SRV-SPEED", f"≥ {SLOW_MIB_S:.0f} MiB/s", f"{slowest:.0f} MiB/s", verdict, slow)


def _clock(found: ServerMeasured) -> Outcome:
    unsure = found.clock_uncertainty_ms
    shown = "?" if unsure is None else f"± {unsure:.0f} ms"
    exact = unsure is not None and unsure <= CLOCK_UNCERTAIN_MS
    measured = f"{found.clock_state} {shown} {found.clock_source}".strip()
    wanted = f"TRUSTED ± {CLOCK_UNCERTAIN_MS:.0f} ms"
    return _of("SRV-CLOCK", wanted, measured, found.clock_trusted and exact)


def _power(found: ServerMeasured) -> Outcome:
    """A machine without a battery tells nothing of a UPS that does not report itself."""
    wanted = f"UPS ≥ {BATTERY_PERCENT:.0f} %"
    if found.battery_percent is None:
        return Outcome("SRV-POWER", wanted, "?", WARN)
    mains = "" if found.on_mains is None else " ⚡" if found.on_mains else " ✗⚡"
    good = found.on_mains is not False and found.battery_percent >= BATTERY_PERCENT
    shown = f"{found.battery_percent:.0f} %{mains}"
    return Outcome("SRV-POWER", wanted, shown, OK if good else FAIL)


def _memory(found: ServerMeasured) -> Outcome:
    shown = f"{found.cpu_count} × CPU, {found.ram_bytes / GIB:.1f} GiB"
    shown += f" ({found.ram_available / GIB:.1f} GiB free)"
    good = found.cpu_count >= 2 and found.ram_bytes >= RAM_BYTES
    return _of("SRV-MEMORY", "≥ 2 × CPU, 4 GiB", shown, good)


def _pins(found: ServerMeasured) -> Outcome:
    bad = tuple(
        pin.name for pin in found.pins if not pin.valid_from_ms <= found.now_ms < pin.valid_until_ms
    )
    good = len(found.pins) - len(bad)
    measured = f"{good} / {len(found.pins)}"
    return Outcome("SRV-PINS", "100 %", measured, FAIL if bad or not found.pins else OK, bad)


def _consoles(found: ServerMeasured) -> Outcome:
    measured = f"{found.consoles_here} / {found.consoles_enrolled}"
    return _of("SRV-CONSOLE", "≥ 1", measured, found.consoles_here >= 1)


def _encrypted(found: ServerMeasured) -> Outcome:
    if found.encrypted is None:
        return Outcome("SRV-ENCRYPTED", "✓", "?", WARN)
    verdict = OK if found.encrypted else WARN
    return Outcome("SRV-ENCRYPTED", "✓", _yes(found.encrypted), verdict)


def _devices(found: ServerMeasured) -> Outcome:
    names = found.out_of_place
    return Outcome("DEV-OUTSIDE", "0", str(len(names)), FAIL if names else OK, names)
