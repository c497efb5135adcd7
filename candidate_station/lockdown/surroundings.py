"""What changes around a station in lock-down: USB devices, cables, programs (H09). No Qt.

Readers take the root folder, so that they are tested on made-up machines; what was there when the
lock-down began is normal. Everything found is an observation for people, never a verdict (V09).
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

HOLD_S = 30.0
"""What is over is told this much longer: a station whose line is away tells it when it is back."""
BACK_S = 180.0
MOST = 6
"""Of each kind at once; the oldest stay."""
KERNEL_THREADS = 2
FORBIDDEN = frozenset(
    {
        *("anydesk", "teamviewer", "teamviewerd", "rustdesk", "todesk", "sunloginclient"),
        *("x11vnc", "wayvnc", "vncserver", "vncviewer", "xrdp", "remmina", "krfb"),
        *("obs", "ffmpeg", "wf-recorder", "xdotool", "ydotool", "gdb", "strace"),
    }
)
"""Remote control, recording, injected keys, reading of memory: named whoever runs them."""


@dataclass(frozen=True)
class Program:
    """One process. ``owner`` is a user id."""

    pid: int
    parent: int
    name: str
    owner: int


@dataclass(frozen=True)
class Around:
    """One look. ``cables``: interface → has a carrier; ``usb``: port → what is in it."""

    usb: dict[str, str] = field(default_factory=dict)
    cables: dict[str, bool] = field(default_factory=dict)
    programs: dict[int, Program] = field(default_factory=dict)


def look(root: Path = Path("/"), before: Around | None = None) -> Around:
    """Look once; a process known from ``before`` is not read again, so that it costs little."""
    return Around(_usb(root), _cables(root), _programs(root, before.programs if before else {}))


def _usb(root: Path) -> dict[str, str]:
    found = {}
    for device in _entries(root / "sys/bus/usb/devices"):
        if ":" not in device.name and not device.name.startswith("usb"):
            named = (_text(device / "manufacturer"), _text(device / "product"))
            found[device.name] = " ".join(each for each in named if each)[:40] or "?"
    return found


def _cables(root: Path) -> dict[str, bool]:
    """Interfaces that are up; one that is down has no carrier to read."""
    found = {}
    for card in _entries(root / "sys/class/net"):
        if card.name != "lo" and not (card / "wireless").exists():
            said = _text(card / "carrier")
            if said:
                found[card.name] = said == "1"
    return found


def _programs(root: Path, before: dict[int, Program]) -> dict[int, Program]:
    found = {}
    for folder in _entries(root / "proc"):
        if not folder.name.isdecimal():
            continue
        pid = int(folder.name)
        program = before.get(pid) or _program(folder, pid)
        if program is not None:
            found[pid] = program
    return found


def _program(folder: Path, pid: int) -> Program | None:
    # pid (name, which may hold anything) state parent …; proc_pid_stat(5)
    begin, _, rest = _text(folder / "stat").rpartition(")")
    try:
        return Program(pid, int(rest.split()[1]), begin.partition("(")[2], folder.stat().st_uid)
    except (IndexError, ValueError, OSError):
        return None  # it has ended meanwhile


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


class Changes:
    """What differs from the beginning of the lock-down, as words of Heartbeat.alerts.

    ``own``: this program's process; what it starts is no stranger, nor what ``user`` had running,
    nor what the system does for itself under other users.
    """

    def __init__(self, normal: Around, own: int, user: int, most: int = MOST) -> None:
        self._normal = normal
        self._own, self._user, self._most = own, user, most
        self._names = {each.name for each in normal.programs.values()}
        self._until: dict[str, float] = {}  # word → when it is not told any more
        self._out_since: dict[str, float] = {}

    def seen(self, around: Around, now_s: float) -> frozenset[str]:
        """Every word that is true now, or was a moment ago. Time is monotonic, in seconds."""
        for word in (*self._usb(around), *self._foreign(around)):
            self._until[word] = now_s + HOLD_S
        for card, there in self._normal.cables.items():
            if there:
                self._cable(card, around.cables.get(card, False), now_s)
        self._until = {word: until for word, until in self._until.items() if until > now_s}
        return frozenset(self._until)

    def _cable(self, card: str, there: bool, now_s: float) -> None:
        if not there:
            self._out_since.setdefault(card, now_s)
            self._until[f"CABLE_OUT:{card}"] = now_s + HOLD_S
        elif card in self._out_since:
            seconds = round(now_s - self._out_since.pop(card))
            self._until.pop(f"CABLE_OUT:{card}", None)
            self._until[f"CABLE_BACK:{card} {seconds} s"] = now_s + BACK_S

    def _usb(self, around: Around) -> list[str]:
        fresh = [
            f"USB_INSERTED:{port} {what}"
            for port, what in sorted(around.usb.items())
            if self._normal.usb.get(port) != what
        ]
        return fresh[: self._most]

    def _foreign(self, around: Around) -> list[str]:
        words: dict[str, None] = {}
        for pid in sorted(around.programs):
            program = around.programs[pid]
            word = self._word(program, around.programs)
            if word:
                words[word] = None
        return list(words)[: self._most]

    def _word(self, program: Program, programs: dict[int, Program]) -> str:
        if program.pid in self._normal.programs or self._is_ours(program, programs):
            return ""
        if program.name.lower() in FORBIDDEN:
            return f"FORBIDDEN_PROCESS:{program.name[:40]}"
        if program.owner != self._user or program.name in self._names:
            return ""
        return f"FOREIGN_PROCESS:{program.name[:40]}"

    def _is_ours(self, program: Program, programs: dict[int, Program]) -> bool:
        line = _line(program, programs)
        return any(each.pid == self._own or each.pid == KERNEL_THREADS for each in line)


def _line(program: Program, programs: dict[int, Program]) -> Iterable[Program]:
    """The process and those it comes from; a ring cannot be, and is not followed for ever."""
    for _ in range(64):
        yield program
        above = programs.get(program.parent)
        if above is None or above is program:
            return
        program = above


def own_user() -> int:
    """The seat's user, under which a candidate could start something."""
    return os.getuid()
