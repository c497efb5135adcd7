"""The whole program as its own process: refuses, locks, ends when told, recovers when killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from candidate_station import app
from candidate_station.lockdown.steps import FILE_NAME
from candidate_station.rendering.chromium import SandboxTrouble
from candidate_station.startup import EXIT_OK, EXIT_REFUSED, driver_settings, parse_options

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from candidate_station.app import main; sys.exit(main())",
]


def _start(data: Path, *more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONFAULTHANDLER": "1"}
    command = [*PROGRAM, "--data", str(data), "--no-discovery", "--unsafe-no-sandbox", *more]
    return subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )


def _wait_for(path: Path, process: subprocess.Popen[str], present: bool = True) -> None:
    deadline = time.monotonic() + 40
    while path.exists() is not present:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < deadline, f"{path} did not change"
        time.sleep(0.02)  # polls for an event in another process


def _locked(data: Path, process: subprocess.Popen[str]) -> None:
    """Wait until every step of the lock-down was begun."""
    _wait_for(data / FILE_NAME, process)
    deadline = time.monotonic() + 40
    while '"window"' not in (data / FILE_NAME).read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_administrators_signal_ends_it_and_gives_the_desktop_back(tmp_path, stop):
    process = _start(tmp_path / "data")
    try:
        _locked(tmp_path / "data", process)
        process.send_signal(stop)
        _, errors = process.communicate(timeout=40)
    finally:
        process.kill()
    assert process.returncode == EXIT_OK, errors
    assert not (tmp_path / "data" / FILE_NAME).exists()
    assert "Traceback" not in errors


def test_h10_after_kill_9_the_next_start_recovers_and_says_so(tmp_path):
    data = tmp_path / "data"
    first = _start(data)
    _locked(data, first)
    first.kill()
    first.communicate(timeout=40)
    assert (data / FILE_NAME).exists()
    second = _start(data, "--windowed")
    try:
        _wait_for(data / FILE_NAME, second, present=False)
        second.send_signal(signal.SIGTERM)
        _, errors = second.communicate(timeout=40)
    finally:
        second.kill()
    assert second.returncode == EXIT_OK, errors
    assert "observed: RESTARTED began" in errors


WIPED = """
import sys
from candidate_station import app

start = app.Station.start

def started(station, sandbox):
    start(station, sandbox)
    station.driver._on_anew()  # as when the session machine says that a paper was destroyed

app.Station.start = started
sys.exit(app.main())
"""


def _of_session(number: int) -> list[str]:
    """Processes of a session, zombies not counted."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, _parent, _group, session, *_more = rest.split()
        if int(session) == number and state != "Z":
            found.append(name)
    return found


def test_l10_after_the_wiping_the_program_and_its_renderer_end_and_the_desktop_is_given_back(
    tmp_path,
):
    """What was read of a paper lies in their memory and goes with them; the unit starts it anew."""
    data = tmp_path / "data"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-c", WIPED, "--data", str(data), "--no-discovery", "--unsafe-no-sandbox"],
        env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == EXIT_OK, errors
    assert not (data / FILE_NAME).exists()
    deadline = time.monotonic() + 40
    while left := _of_session(process.pid):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


@pytest.mark.parametrize("trouble", list(SandboxTrouble))
def test_it_refuses_to_run_without_the_engines_sandbox(trouble, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(app, "sandbox_trouble", lambda: trouble)
    assert app.main(["--data", str(tmp_path / "data")]) == EXIT_REFUSED
    said = capsys.readouterr().err
    assert "拒绝运行" in said or "不得以 root" in said
    assert "refus" in said
    assert not (tmp_path / "data").exists()


def test_the_command_line_becomes_settings(tmp_path):
    options = parse_options(
        ["--data", str(tmp_path), "--server", "10.0.0.1:8443", "--enrol-server", "10.0.0.1:8444",
         "--language", "en", "--windowed", "--no-discovery"]
    )  # fmt: skip
    settings = driver_settings(options)
    assert (settings.data_dir, settings.server, settings.enrol) == (
        tmp_path, "10.0.0.1:8443", "10.0.0.1:8444",
    )  # fmt: skip
    assert not settings.discovery and options.windowed and options.language == "en"
    assert not parse_options([]).unsafe_no_sandbox


def test_a_wrong_command_line_is_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        parse_options(["--language", "fr"])
    assert refused.value.code == 2
    assert "--language" in capsys.readouterr().err
