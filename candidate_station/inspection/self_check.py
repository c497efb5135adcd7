"""All checks of a station, in the order they are shown."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from candidate_station.answers.durable import make_private_folder
from candidate_station.inspection.checks import (
    check_disk,
    check_displays,
    check_font,
    check_fsync,
    check_sandbox,
    check_screen,
)
from candidate_station.inspection.result import CheckResult

DRM = Path("/sys/class/drm")


def self_check(
    data_dir: Path, sandbox_trouble: str | None, drm: Path = DRM
) -> tuple[CheckResult, ...]:
    """Run every check; needs a QGuiApplication, blocks for some fsyncs: run before the exam."""
    make_private_folder(data_dir)
    screen = QGuiApplication.primaryScreen().geometry()
    return (
        check_font(),
        check_sandbox(sandbox_trouble),
        check_screen(screen.width(), screen.height()),
        check_displays(drm),
        check_disk(data_dir),
        check_fsync(data_dir),
    )
