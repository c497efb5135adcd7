"""D03: receiving devices are on while a receipt is open, off otherwise; nothing else is touched."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.intake.custody.guard import Device, GuardSettings, Switch, left_on, switches
from venue_server.intake.custody.guard_io import see, switch
from venue_server.intake.custody.window_io import FRESH_MS, WINDOW_FILE, WindowFile, receives

DEVICES = st.builds(
    Device,
    st.sampled_from(["card", "port"]),
    st.text("ab", min_size=1),
    st.booleans(),
    st.booleans(),
)


@given(st.booleans(), st.lists(DEVICES, unique_by=lambda each: each.name))
def test_d03_after_switching_everything_follows_the_receipt_but_what_is_read(
    receiving: bool, devices: list[Device]
) -> None:
    orders = {order.name: order.on for order in switches(receiving, devices)}
    after = {each.name: orders.get(each.name, each.on) for each in devices}
    stays = set(left_on(receiving, devices))
    assert {name for name, on in after.items() if on is not receiving} == stays
    assert stays <= {each.name for each in devices if each.in_use and each.on}
    assert all(order.on is receiving for order in switches(receiving, devices))


@pytest.mark.parametrize(
    "names", [{"cards": ["-all"]}, {"cards": ["a/b"]}, {"usb_ports": ["../x"]}, {"disks": ["sda"]}]
)
def test_d03_names_that_are_none_are_refused(names: dict[str, list[str]]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(json.dumps(names), type=GuardSettings)


# ---- the server's word ---------------------------------------------------------------------


def test_d03_the_window_is_open_while_the_server_says_so_and_not_after_it_died(
    tmp_path: Path,
) -> None:
    is_open, now = True, 1_000_000.0
    window = WindowFile(tmp_path, lambda: is_open, lambda: now)
    assert not receives(tmp_path, now)
    window.say()
    assert receives(tmp_path, now + FRESH_MS)
    assert not receives(tmp_path, now + FRESH_MS + 1)  # nobody says it any more
    assert not receives(tmp_path, now - FRESH_MS - 1)  # of another boot
    is_open = False
    window.say()
    assert not receives(tmp_path, now)


@pytest.mark.parametrize("odd", [b"", b"-5", b"1e9", b"9" * 40, b"\x00\xff", "１０".encode()])
def test_d03_anything_odd_in_the_file_means_closed(tmp_path: Path, odd: bytes) -> None:
    (tmp_path / WINDOW_FILE).write_bytes(odd)
    assert not receives(tmp_path, 5.0)


def test_d03_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("5")
    (tmp_path / WINDOW_FILE).symlink_to(tmp_path / "elsewhere")
    assert not receives(tmp_path, 5.0)


# ---- ports, on a made-up tree --------------------------------------------------------------


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Port 1-4 with a stick (8:16), port 1-1 with the backup disk."""
    for port, number in (("1-4", "8:16"), ("1-1", "8:32")):
        block = tmp_path / "sys/devices/usb1" / port / "host0/block/sdx"
        block.mkdir(parents=True)
        (block.parents[2] / "authorized").write_text("1\n")
        for place, name in (("sys/bus/usb/devices", port), ("sys/dev/block", number)):
            link = tmp_path / place / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(block.parents[2] if "usb" in place else block)
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mountinfo").write_text("30 1 8:32 / /srv/backup rw - ext4 /dev/sdc rw\n")
    return tmp_path


def test_d03_only_the_named_port_is_switched(machine: Path) -> None:
    settings = GuardSettings(usb_ports=["1-4", "1-9"])
    assert see(settings, machine) == [Device("port", "1-4", True)]
    for order in switches(False, see(settings, machine)):
        assert switch(order, machine) == ""
    assert (machine / "sys/bus/usb/devices/1-4/authorized").read_text() == "0"
    assert (machine / "sys/bus/usb/devices/1-1/authorized").read_text() == "1\n"


def test_d03_a_mounted_medium_is_never_cut_off(machine: Path) -> None:
    devices = see(GuardSettings(usb_ports=["1-1"]), machine)
    assert devices == [Device("port", "1-1", True, in_use=True)]
    assert switches(False, devices) == []
    assert left_on(False, devices) == ["1-1"]


def test_d03_what_the_system_refuses_is_said(machine: Path) -> None:
    assert "No such file" in switch(Switch("port", "9-9", True), machine)
    assert switch(Switch("card", "eth9", False), ip=shutil.which("false") or "") != ""


PROGRAM = """
from pathlib import Path
from venue_server.__main__ import main
from venue_server.intake.custody.window_io import WindowFile
from venue_server.trusted_time.sources_io import boot_ms

for receiving in (False, True, False):
    WindowFile(Path({data!r}), lambda: receiving, boot_ms).say()
    assert main(["intake", "guard", {names!r}, "--data", {data!r}, "--once"]) == 0
    print(Path("/sys/class/net/recv0/flags").read_text(), flush=True)
"""


# ---- a card, for real ----------------------------------------------------------------------


def _own_network() -> list[str]:
    """What runs a command in a network of its own; empty where the system does not let us."""
    ip, unshare = (
        shutil.which("ip", path=f"{os.environ['PATH']}:/usr/sbin"),
        shutil.which("unshare"),
    )
    if ip is None or unshare is None:
        return []
    own = [unshare, "--net"] if os.geteuid() == 0 else [unshare, "--net", "--map-root-user"]
    tried = subprocess.run([*own, ip, "link", "add", "recv0", "type", "veth"], capture_output=True)
    return own if tried.returncode == 0 else []


@pytest.mark.skipif(not _own_network(), reason="no network of its own here")
def test_d03_a_real_card_follows_the_receipt(tmp_path: Path) -> None:
    """The command itself, in a network of its own: off, on with the receipt, off after it."""
    names = tmp_path / "receiving.json"
    names.write_text('{"cards": ["recv0"]}')
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(data=str(tmp_path), names=str(names)))
    prepare = "mount -t sysfs sysfs /sys && ip link add recv0 type veth && ip link set recv0 up"
    done = subprocess.run(
        [*_own_network(), "--mount", "sh", "-c", f"{prepare} && {sys.executable} {program}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    flags = [int(line, 16) & 1 for line in done.stdout.split() if line.startswith("0x")]
    assert flags == [0, 1, 0], done.stdout
