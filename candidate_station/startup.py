"""What happens before there is a window: arguments, refusals to start, and how a signal ends it."""

import argparse
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, QSocketNotifier

from candidate_station.answers.export import export_journals
from candidate_station.rendering.chromium import SandboxTrouble
from candidate_station.session.joining import identity_folder
from candidate_station.session.settings import StationSettings
from candidate_station.translations import LANGUAGES

EXIT_OK = 0
EXIT_CHECK_FAILED = 1  # --check found what does not do
EXIT_REFUSED = 3  # this machine may not run the station
EXIT_DIED = 70  # the driver died; the session starts the program again (EX_SOFTWARE)

_SANDBOX_WORDS = {
    SandboxTrouble.RUNNING_AS_ROOT: (
        "不得以 root 身份运行考试机程序，请用普通用户运行",
        "the station refuses to run as root; run it as a normal user",
    ),
    SandboxTrouble.NO_USER_NAMESPACES: (
        "系统未开放用户命名空间，浏览器内核沙箱无法启用，拒绝运行",
        "user namespaces are not available, so the engine's sandbox cannot work; refusing to run",
    ),
}

_UNSIGNED = (
    "未签名：本机身份无法读取。服务器须由两人写明原因才能导入",
    "UNSIGNED: this machine's identity cannot be loaded; an import takes two people and a reason",
)


@dataclass(frozen=True)
class Options:
    """The command line. ``server`` and ``enrol_server`` are ``host:port`` or empty.

    ``check``: only check the machine, tell, and end. ``calibration_reference``: where the digests
    seen on the way are written, on the machine a release is made on. ``export_journal``: only copy
    this station's journals there, and end.
    """

    data: Path
    server: str
    enrol_server: str
    language: str
    windowed: bool
    discovery: bool
    unsafe_no_sandbox: bool
    check: bool
    calibration_reference: Path | None
    export_journal: Path | None


def parse_options(arguments: Sequence[str]) -> Options:
    """Read the command line; exits with argparse's own status on a wrong one."""
    parser = argparse.ArgumentParser(
        prog="candidate-station", description="The candidate's station (考试机)."
    )
    add = parser.add_argument
    default = platformdirs.user_data_path("kaodian") / "station"
    add("--data", type=Path, default=default, metavar="DIR", help="identity, paper and journals")
    add("--server", default="", metavar="HOST:PORT", help="the venue server, once enrolled")
    add("--enrol-server", default="", metavar="HOST:PORT", help="where to enrol this machine")
    add("--language", choices=LANGUAGES, default="zh")
    add("--windowed", action="store_true", help="no lock-down: for demonstrations only")
    add("--no-discovery", action="store_true", help="do not look for servers by mDNS")
    add("--check", action="store_true", help="check this machine, tell the findings, and end")
    add("--export-journal", type=Path, metavar="DIR", help="copy the journals there, and end")
    add("--write-calibration-reference", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    add("--unsafe-no-sandbox", action="store_true", help=argparse.SUPPRESS)  # tests as root
    given = parser.parse_args(arguments)
    return Options(
        data=given.data,
        server=given.server,
        enrol_server=given.enrol_server,
        language=given.language,
        windowed=given.windowed,
        discovery=not given.no_discovery,
        unsafe_no_sandbox=given.unsafe_no_sandbox,
        check=given.check or given.write_calibration_reference is not None,
        calibration_reference=given.write_calibration_reference,
        export_journal=given.export_journal,
    )


def driver_settings(options: Options) -> StationSettings:
    """What the session driver needs of the command line."""
    return StationSettings(
        data_dir=options.data,
        server=options.server,
        enrol=options.enrol_server,
        discovery=options.discovery,
    )


def export(data: Path, target: Path) -> int:
    """``--export-journal``: the answers of a station whose line or program is gone (F4, F25)."""
    try:
        own = identity_folder(StationSettings(data_dir=data))
        done = export_journals(data, own, target, int(time.time() * 1000))
    except OSError as error:
        sys.stderr.write(f"导出失败 / the export failed: {error.strerror}: {error.filename}\n")
        return EXIT_REFUSED
    sys.stdout.write(f"{done.folder}: {done.sittings}\n")
    if done.signed_by:
        sys.stdout.write(f"已签名 / signed by {done.signed_by}\n")
    else:
        sys.stderr.write(f"{_UNSIGNED[0]}\n{_UNSIGNED[1]}\n")
    for name in done.unread:
        sys.stderr.write(f"无法读取 / cannot be read: {name}\n")
    return EXIT_OK if done.sittings else EXIT_CHECK_FAILED


def refusal_to_start(trouble: SandboxTrouble | None) -> str:
    """Why this machine may not run the station, for the standard error; empty when it may."""
    if trouble is None:
        return ""
    chinese, english = _SANDBOX_WORDS[trouble]
    return f"{chinese}。\n{english}."


class SignalExit(QObject):
    """Turns SIGTERM and SIGINT into a call in the GUI thread: the administrator's way out.

    Python runs handlers only between bytecodes and Qt sleeps in C, so the signal is also written
    to a socket that wakes Qt up.
    """

    SIGNALS = (signal.SIGTERM, signal.SIGINT)

    def __init__(self, leave: Callable[[], None]) -> None:
        super().__init__()
        self._leave = leave
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._before = signal.set_wakeup_fd(self._write.fileno())
        self._handlers = [(number, signal.signal(number, _wake_only)) for number in self.SIGNALS]

    def close(self) -> None:
        """Give the signals back."""
        for number, handler in self._handlers:
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()

    def _woken(self) -> None:
        if set(self._read.recv(64)) & set(self.SIGNALS):
            self._leave()


def _wake_only(_number: int, _frame: object) -> None:
    """The wake-up socket carries the news."""
