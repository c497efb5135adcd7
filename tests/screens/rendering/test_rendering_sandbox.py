"""Chromium's sandbox is on for a normal user, and the station can tell when it is not."""

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from candidate_station.rendering import chromium
from candidate_station.rendering.chromium import (
    SandboxTrouble,
    renderer_is_confined,
    sandbox_trouble,
)

REPOSITORY = Path(chromium.__file__).parents[2]
PROGRAM = """
from candidate_station.rendering.chromium import (
    prepare_environment, renderer_is_confined, sandbox_trouble)
trouble = sandbox_trouble()
assert trouble is None, trouble
arguments = prepare_environment()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from candidate_station.paper import PreparedItem
from candidate_station.rendering.item_view import ItemView
application = QApplication(arguments)
view = ItemView()
view.show()
def painted(item_id):
    print("confined" if renderer_is_confined(view.renderer_pid()) else "free", flush=True)
    application.exit(0)
view.painted.connect(painted)
view.renderer_died.connect(lambda: application.exit(3))
html = '<p xmlns="http://www.w3.org/1999/xhtml">x</p>'
view.show_item(PreparedItem("i", "", "zh-CN", html, ()), {})
QTimer.singleShot(40000, lambda: application.exit(4))
code = application.exec()
view.dispose()
raise SystemExit(code)
"""


def _as_normal_user() -> tuple[list[str], str]:
    """How to start Python as somebody other than root."""
    if os.geteuid() != 0:
        return [], sys.executable
    nobody = pwd.getpwnam("nobody")
    switch = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        trial = subprocess.run([*switch, python, "-c", ""], capture_output=True, check=False)
        if trial.returncode == 0:
            return switch, python
    pytest.skip("no Python interpreter that the user nobody may run")


@pytest.mark.sandbox
def test_the_renderer_of_a_normal_user_is_confined():
    switch, python = _as_normal_user()
    reachable = [path for path in sys.path if path.endswith("-packages")]
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o777)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *reachable]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        probe = "from candidate_station.rendering.chromium import sandbox_trouble as t; print(t())"
        command = [*switch, python, "-c"]
        trouble = subprocess.run(
            [*command, probe], env=environment, cwd="/", capture_output=True, text=True, check=True
        ).stdout.strip()
        if trouble != "None":
            pytest.skip(f"the sandbox cannot work on this machine: {trouble}")
        done = subprocess.run(
            [*command, PROGRAM], env=environment, cwd="/", capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["confined"]


def test_root_is_refused_and_says_so(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert sandbox_trouble() is SandboxTrouble.RUNNING_AS_ROOT


@pytest.mark.parametrize("code", [1, None])
def test_missing_user_namespaces_are_noticed(monkeypatch, tmp_path, code):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", str(tmp_path))
    if code is not None:
        (tmp_path / "unshare").write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / "unshare").chmod(0o755)
    assert sandbox_trouble() is SandboxTrouble.NO_USER_NAMESPACES


def _process(proc: Path, pid: str, seccomp: int, namespace: str) -> None:
    (proc / pid / "ns").mkdir(parents=True)
    (proc / pid / "status").write_text(f"Name:\tx\nNoNewPrivs:\t1\nSeccomp:\t{seccomp}\n")
    (proc / pid / "ns" / "user").symlink_to(namespace)


@pytest.mark.parametrize(
    ("seccomp", "namespace", "confined"),
    [(2, "user:[9]", True), (2, "user:[1]", False), (0, "user:[9]", False)],
)
def test_confinement_needs_filter_and_namespace(tmp_path, seccomp, namespace, confined):
    _process(tmp_path, "self", 0, "user:[1]")
    _process(tmp_path, "42", seccomp, namespace)
    assert renderer_is_confined(42, tmp_path) is confined


def test_the_engine_is_started_from_constants_only():
    program = (
        "import os\n"
        "os.environ.update(QTWEBENGINE_REMOTE_DEBUGGING='9222', QTWEBENGINE_DISABLE_SANDBOX='1',"
        " QTWEBENGINE_CHROMIUM_FLAGS='--no-sandbox', QTWEBENGINEPROCESS_PATH='/tmp/x',"
        " QTWEBENGINE_DICTIONARIES_PATH='/tmp')\n"
        "from candidate_station.rendering.chromium import FLAGS, prepare_environment\n"
        "import resource\n"
        "assert prepare_environment() == ['candidate-station']\n"
        "left = {n: v for n, v in os.environ.items() if n.startswith('QTWEBENGINE')}\n"
        "assert left == {'QTWEBENGINE_CHROMIUM_FLAGS': ' '.join(FLAGS)}, left\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0\n"
        "prepare_environment(test_no_sandbox=True)\n"
        "assert os.environ['QTWEBENGINE_DISABLE_SANDBOX'] == '1'\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
