"""The self-check measures, compares, and names what is wrong."""

import pytest

from candidate_station.inspection import checks
from candidate_station.inspection.checks import (
    check_disk,
    check_displays,
    check_font,
    check_fsync,
    check_sandbox,
    check_screen,
)
from candidate_station.inspection.result import Verdict
from candidate_station.inspection.self_check import self_check


def _connectors(root, *states):
    for number, state in enumerate(states):
        folder = root / f"card0-HDMI-A-{number}"
        folder.mkdir(parents=True)
        (folder / "status").write_text(state + "\n")
    return root


@pytest.mark.parametrize(
    ("states", "verdict", "measured"),
    [
        (["connected", "disconnected"], Verdict.OK, "1"),
        (["connected", "connected"], Verdict.FAIL, "2"),
        (["disconnected"], Verdict.FAIL, "0"),
        ([], Verdict.WARN, "?"),
    ],
)
def test_c08_a_mirrored_second_display_is_counted(tmp_path, states, verdict, measured):
    result = check_displays(_connectors(tmp_path, *states))
    assert (result.verdict, result.measured) == (verdict, measured)


@pytest.mark.parametrize(
    ("size", "verdict"),
    [
        ((1280, 1024), Verdict.OK),
        ((1366, 768), Verdict.OK),
        ((1920, 1080), Verdict.OK),
        ((1280, 1023), Verdict.FAIL),
        ((1365, 768), Verdict.FAIL),
        ((800, 600), Verdict.FAIL),
    ],
)
def test_c08_screen_size(size, verdict):
    result = check_screen(*size)
    assert result.verdict is verdict and f"{size[0]}×{size[1]}" in result.measured


def test_c08_chinese_font_is_here(qapp):
    assert check_font().verdict is Verdict.OK


def test_c08_no_chinese_font_is_named(qapp, monkeypatch):
    monkeypatch.setattr(checks.QFontDatabase, "families", lambda _system: [])
    assert check_font().verdict is Verdict.FAIL


def test_c08_sandbox_trouble_is_named():
    assert check_sandbox(None).verdict is Verdict.OK
    failed = check_sandbox("NO_USER_NAMESPACES")
    assert failed.verdict is Verdict.FAIL and failed.measured == "NO_USER_NAMESPACES"


def test_c08_disk(tmp_path, monkeypatch):
    assert check_disk(tmp_path).measured.endswith("GiB")
    monkeypatch.setattr(checks, "FREE_BYTES", 1 << 60)
    assert check_disk(tmp_path).verdict is Verdict.FAIL


def test_h07_fsync_is_measured_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "FSYNC_MS", 60_000.0)
    assert check_fsync(tmp_path).verdict is Verdict.OK
    monkeypatch.setattr(checks, "FSYNC_MS", 0.0)
    assert check_fsync(tmp_path).verdict is Verdict.FAIL
    assert list(tmp_path.iterdir()) == []


def test_h07_a_folder_that_cannot_be_written_is_named(tmp_path):
    result = check_fsync(tmp_path / "absent")
    assert result.verdict is Verdict.FAIL and result.measured == "No such file or directory"


def test_the_self_check_runs_every_check_and_makes_the_folder(qapp, tmp_path):
    results = self_check(tmp_path / "data", None, drm=_connectors(tmp_path / "drm", "connected"))
    assert [r.check_id for r in results] == [
        "CHK-FONT", "CHK-SANDBOX", "CHK-SCREEN", "CHK-DISPLAYS", "CHK-DISK", "CHK-FSYNC",
    ]  # fmt: skip
    assert (tmp_path / "data").is_dir()
