"""The checks one by one: each measures one thing and compares it with what is needed (C08).

Readers of the machine take their root folder, so that tests show them made-up machines.
"""

import os
import shutil
import time
from pathlib import Path

from PySide6.QtGui import QFontDatabase

from candidate_station.inspection.result import CheckResult, Verdict

SCREENS_AT_LEAST = ((1280, 1024), (1366, 768))
FREE_BYTES = 2 * 1024**3
FSYNC_MS = 200.0
_FSYNCS = 5


def check_font() -> CheckResult:
    """CHK-FONT: Chinese must not be drawn as empty boxes."""
    families = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    found = families[0] if families else "—"
    return _result("CHK-FONT", "≥ 1 CJK (zh-Hans)", found, bool(families))


def check_sandbox(trouble: str | None) -> CheckResult:
    """CHK-SANDBOX: what rendering.chromium said about the engine's sandbox."""
    return _result("CHK-SANDBOX", "OK", trouble or "OK", trouble is None)


def check_screen(width: int, height: int) -> CheckResult:
    """CHK-SCREEN: at least one of the sizes the pages are made for."""
    fits = any(width >= w and height >= h for w, h in SCREENS_AT_LEAST)
    wanted = " / ".join(f"≥ {w}×{h}" for w, h in SCREENS_AT_LEAST)
    return _result("CHK-SCREEN", wanted, f"{width}×{height}", fits)


def check_displays(drm: Path = Path("/sys/class/drm")) -> CheckResult:
    """CHK-DISPLAYS: one connected display; the toolkit would merge a mirrored second one."""
    states = [p.read_text().strip() for p in sorted(drm.glob("card*-*/status"))]
    count = states.count("connected")
    if not states:  # virtual machines and remote frame buffers have no such folder
        return CheckResult("CHK-DISPLAYS", "1", "?", Verdict.WARN)
    return _result("CHK-DISPLAYS", "1", str(count), count == 1)


def check_disk(data_dir: Path) -> CheckResult:
    """CHK-DISK: room for the paper and the journal."""
    free = shutil.disk_usage(data_dir).free
    wanted = f"≥ {FREE_BYTES / 1024**3:.0f} GiB"
    return _result("CHK-DISK", wanted, f"{free / 1024**3:.1f} GiB", free >= FREE_BYTES)


def check_fsync(data_dir: Path) -> CheckResult:
    """CHK-FSYNC: the journal's disk can be written and does not make every save wait."""
    wanted = f"≤ {FSYNC_MS:.0f} ms"
    try:
        slowest = _slowest_fsync_ms(data_dir / ".check")
    except OSError as error:
        return _result("CHK-FSYNC", wanted, error.strerror or "error", False)
    return _result("CHK-FSYNC", wanted, f"{slowest:.0f} ms", slowest <= FSYNC_MS)


def _slowest_fsync_ms(path: Path) -> float:
    slowest = 0.0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        for _ in range(_FSYNCS):
            began = time.monotonic()
            os.write(descriptor, b"\0" * 512)
            os.fsync(descriptor)
            slowest = max(slowest, (time.monotonic() - began) * 1000)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)
    return slowest


def _result(check_id: str, expected: str, measured: str, good: bool) -> CheckResult:
    return CheckResult(check_id, expected, measured, Verdict.OK if good else Verdict.FAIL)
