"""H09: what is plugged in, pulled out or started at a station is noticed, and bounded."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from candidate_station.lockdown.surroundings import (
    BACK_S,
    HOLD_S,
    MOST,
    Around,
    Changes,
    Program,
    look,
)
from venue_server.records.violations.observing import is_observation

OWN, SEAT = 100, 1000
ROOT = Path(__file__).parents[3]


class Machine:
    """A made-up machine as files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("sys/class/net/eth0/carrier", "1\n")
        self.write("sys/class/net/lo/carrier", "1\n")
        self.write("sys/bus/usb/devices/usb1/product", "Root Hub\n")
        self.write("sys/bus/usb/devices/1-1/product", "Keyboard\n")
        self.start(1, 0, "systemd")
        self.start(OWN, 1, "candidate (x)")

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def start(self, pid: int, parent: int, name: str) -> None:
        self.write(f"proc/{pid}/stat", f"{pid} ({name}) S {parent} 1 1 0\n")

    def changes(self) -> Changes:
        return Changes(look(self.root), OWN, os.getuid())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_h09_nothing_that_was_there_or_is_ours_is_noticed(machine: Machine) -> None:
    changes = machine.changes()
    machine.start(200, OWN, "QtWebEngineProcess")
    machine.start(201, 200, "QtWebEngineProcess")
    machine.start(202, 1, "systemd")  # another of a name that runs here
    assert changes.seen(look(machine.root), 0.0) == frozenset()


def test_h09_a_usb_device_is_noticed_and_told_for_a_while_after(machine: Machine) -> None:
    changes = machine.changes()
    machine.write("sys/bus/usb/devices/1-2/product", "Stick\n")
    machine.write("sys/bus/usb/devices/1-2:1.0/bInterfaceClass", "08\n")
    word = "USB_INSERTED:1-2 Stick"
    assert changes.seen(look(machine.root), 0.0) == {word}
    shutil.rmtree(machine.root / "sys/bus/usb/devices/1-2")
    assert changes.seen(look(machine.root), HOLD_S - 1) == {word}
    assert changes.seen(look(machine.root), HOLD_S + 1) == frozenset()


def test_h09_a_pulled_cable_is_told_with_its_length_once_it_is_back(machine: Machine) -> None:
    changes = machine.changes()
    machine.write("sys/class/net/eth0/carrier", "0\n")
    assert changes.seen(look(machine.root), 10.0) == {"CABLE_OUT:eth0"}
    shutil.rmtree(machine.root / "sys/class/net/eth0")  # the whole card
    assert changes.seen(look(machine.root), 200.0) == {"CABLE_OUT:eth0"}
    machine.write("sys/class/net/eth0/carrier", "1\n")
    assert changes.seen(look(machine.root), 245.0) == {"CABLE_BACK:eth0 235 s"}
    assert changes.seen(look(machine.root), 246.0 + BACK_S) == frozenset()


def test_h09_a_foreign_and_a_forbidden_program_are_told_apart(machine: Machine) -> None:
    changes = machine.changes()
    machine.start(300, 1, "browser")
    machine.start(301, 300, "AnyDesk")
    words = changes.seen(look(machine.root), 0.0)
    assert words == {"FOREIGN_PROCESS:browser", "FORBIDDEN_PROCESS:AnyDesk"}


def test_h09_what_the_system_does_under_other_users_is_no_stranger() -> None:
    init = Program(1, 0, "systemd", 0)
    changes = Changes(Around(programs={1: init}), OWN, SEAT)
    later = {
        1: init,
        2: Program(2, 0, "kthreadd", 0),
        5: Program(5, 2, "kworker/0:1", 0),
        6: Program(6, 1, "logrotate", 0),
        7: Program(7, 1, "rustdesk", 0),
        8: Program(8, 7, "sh", SEAT),
    }
    words = changes.seen(Around(programs=later), 0.0)
    assert words == {"FORBIDDEN_PROCESS:rustdesk", "FOREIGN_PROCESS:sh"}


def test_h09_a_flood_of_programs_is_bounded(machine: Machine) -> None:
    changes = machine.changes()
    for pid in range(400, 400 + 500):
        machine.start(pid, 1, f"p{pid}")
    assert len(changes.seen(look(machine.root), 0.0)) == MOST


def test_h09_a_process_that_is_known_is_not_read_again(machine: Machine) -> None:
    before = look(machine.root)
    machine.write(f"proc/{OWN}/stat", "unreadable now")
    machine.write("proc/900/stat", "it has just ended")
    after = look(machine.root, before)
    assert after.programs == before.programs


@pytest.mark.parametrize(
    "word", ["USB_INSERTED:1-2 x", "CABLE_OUT:eth0", "CABLE_BACK:eth0 3 s", "FOREIGN_PROCESS:x"]
)
def test_h09_v09_each_is_an_observation_for_people(word: str) -> None:
    assert is_observation(word)


# ---- the real machine ------------------------------------------------------------------------


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator["list[subprocess.Popen[bytes]]"]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for each in started:
        each.kill()
        each.wait()


def test_h09_a_real_foreign_process_is_noticed_by_the_running_watch(
    tmp_path: Path, stranger: "list[subprocess.Popen[bytes]]"
) -> None:
    normal = look()
    sleep = shutil.which("sleep")
    assert sleep is not None
    program = tmp_path / "kdstranger"
    shutil.copy(sleep, program)
    stranger.append(subprocess.Popen([str(program), "60"]))
    changes = Changes(normal, own=-1, user=os.getuid(), most=100_000)
    deadline = time.monotonic() + 30
    while "FOREIGN_PROCESS:kdstranger" not in changes.seen(look(before=normal), 0.0):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # until it has become that program
    ours = Changes(normal, own=os.getpid(), user=os.getuid(), most=100_000)
    assert "FOREIGN_PROCESS:kdstranger" not in ours.seen(look(before=normal), 0.0)


PULL = """
import subprocess, sys
sys.path.insert(0, sys.argv[1])
from candidate_station.lockdown.surroundings import Changes, look
ip = lambda *words: subprocess.run(["ip", *words], check=True)
subprocess.run(["mount", "-t", "sysfs", "sysfs", "/sys"], check=True)
ip("link", "add", "kdseat", "type", "veth", "peer", "name", "kdwall")
ip("link", "set", "kdseat", "up")
ip("link", "set", "kdwall", "up")
changes = Changes(look(), -1, -1)
ip("link", "set", "kdwall", "down")
tell = lambda s: print(*(w for w in changes.seen(look(), s) if "kdseat" in w))
tell(0.0)
ip("link", "set", "kdwall", "up")
tell(7.0)
"""


def test_h09_a_real_cable_without_its_carrier() -> None:
    command = ["unshare", "--net", "--mount", sys.executable, "-c", PULL, str(ROOT)]
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("network namespaces need root, unshare and ip; the made-up tree remains")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 and "ermitted" in done.stderr:
        pytest.skip(f"no network namespace here: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "CABLE_OUT:kdseat",
        "CABLE_BACK:kdseat 7 s",
    ]
