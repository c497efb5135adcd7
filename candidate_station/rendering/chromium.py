"""How Chromium is started: environment, arguments and sandbox, from constants only.

Environment variables of the engine can open developer tools, switch the sandbox off or swap its
helper program (PITFALLS of every kiosk built on it), so all of them are removed and the few that
are wanted are set here. No network is reachable: names do not resolve, WebRTC gets no sockets,
and the interceptor of :mod:`.engine` refuses every address outside the paper.
"""

import os
import resource
import subprocess
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWebEngineCore import QWebEngineUrlScheme

from candidate_station.paper.description import PAPER_SCHEME

FLAGS = (
    '--host-resolver-rules="MAP * ~NOTFOUND"',  # the interceptor never sees rel=preconnect
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # nor STUN over UDP
    "--disable-background-networking",
    "--no-pings",
    "--disable-breakpad",
    "--disable-pinch",
)
ARGUMENTS = ("candidate-station",)
_FOREIGN = ("QTWEBENGINE", "CHROME_", "CHROMIUM_", "GOOGLE_")


class SandboxTrouble(StrEnum):
    """Why Chromium's sandbox cannot be whole on this machine."""

    RUNNING_AS_ROOT = "RUNNING_AS_ROOT"
    NO_USER_NAMESPACES = "NO_USER_NAMESPACES"


def prepare_environment(test_no_sandbox: bool = False) -> list[str]:
    """Set the engine up and return the argument list to build the QApplication with.

    Must run before the QApplication (its own arguments would reach Chromium, so the program's
    are never passed on). ``test_no_sandbox`` is for tests running as root only.
    """
    assert QCoreApplication.instance() is None, "too late: the application already exists"
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        del os.environ[name]
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(FLAGS)
    if test_no_sandbox:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    # A crashed renderer must not leave the paper behind in a core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    _register_scheme()
    return list(ARGUMENTS)


def _register_scheme() -> None:
    if QWebEngineUrlScheme.schemeByName(PAPER_SCHEME.encode()).name():
        return
    scheme = QWebEngineUrlScheme(PAPER_SCHEME.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme)
    QWebEngineUrlScheme.registerScheme(scheme)


def sandbox_trouble() -> SandboxTrouble | None:
    """What keeps the sandbox from working here, or None. The station refuses to run on trouble.

    Tries what Chromium does instead of reading switches: a distribution may allow user
    namespaces and then deny every privilege inside (AppArmor). Takes some milliseconds; blocks.
    """
    if os.geteuid() == 0:
        return SandboxTrouble.RUNNING_AS_ROOT
    trial = ["unshare", "--user", "--map-root-user", "--pid", "--net", "--fork", "true"]
    try:
        done = subprocess.run(trial, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return SandboxTrouble.NO_USER_NAMESPACES
    return None if done.returncode == 0 else SandboxTrouble.NO_USER_NAMESPACES


def renderer_is_confined(pid: int, proc: Path = Path("/proc")) -> bool:
    """True when process ``pid`` runs under a seccomp filter in a user namespace of its own.

    Looked at after the first page: without user namespaces Chromium silently falls back to the
    filter alone.
    """
    status = (proc / str(pid) / "status").read_text()
    filtered = any(line.split() == ["Seccomp:", "2"] for line in status.splitlines())
    own = (proc / str(pid) / "ns" / "user").readlink()
    return filtered and own != (proc / "self" / "ns" / "user").readlink()
