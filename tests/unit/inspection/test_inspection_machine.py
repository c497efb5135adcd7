"""What is read of a machine, on made-up trees: routes, sleep, media, the restart token, digests."""

import os
import socket
import threading
from pathlib import Path

import pytest

from candidate_station.inspection import facts, restart_token
from candidate_station.inspection.internet import default_route, dns_answers, name_servers
from candidate_station.inspection.program_digest import digest_of, program_digest
from candidate_station.inspection.result import CheckResult, Verdict
from venue_server.client.attached_media import EMPTY_DRIVE, SECTOR, removable_media
from venue_server.stations.inspection import server_io

HEAD = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
LAN = "eth0 0000A8C0 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
DEFAULT = "eth0 00000000 0100A8C0 0003 0 0 0 00000000 0 0 0\n"
DOWN = "eth0 00000000 0100A8C0 0002 0 0 0 00000000 0 0 0\n"


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("four", "six", "expected"),
    [
        (HEAD + LAN, "", False),
        (HEAD + LAN + DEFAULT, "", True),
        (HEAD + DOWN, "", False),
        ("", f"{'0' * 32} 00 {'0' * 32} 00 {'f' * 32} 00000400 1 0 00000003 eth0\n", True),
        ("", f"{'0' * 32} 00 {'0' * 32} 00 {'f' * 32} ffffffff 1 0 00200200 lo\n", False),
    ],
)
def test_c11_a_default_route_is_found(tmp_path: Path, four: str, six: str, expected: bool) -> None:
    put(tmp_path, "proc/net/route", four)
    put(tmp_path, "proc/net/ipv6_route", six)
    assert default_route(tmp_path) is expected


def test_c11_a_machine_without_a_routing_table_has_no_route(tmp_path: Path) -> None:
    assert default_route(tmp_path) is False
    assert name_servers(tmp_path) == []


@pytest.mark.parametrize(("answers", "expected"), [(1, True), (0, False)])
def test_c11_a_name_server_that_answers_means_internet(answers: int, expected: bool) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            question, peer = server.recvfrom(512)
            counts = b"\0\1" + answers.to_bytes(2, "big") + b"\0\0\0\0"
            server.sendto(question[:2] + b"\x81\x80" + counts + question[12:], peer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert dns_answers(["127.0.0.1"], server.getsockname()[1]) is expected
        thread.join()


def test_c11_a_silent_name_server_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidate_station.inspection.internet.ANSWER_WITHIN_S", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        assert dns_answers(["127.0.0.1"], server.getsockname()[1]) is False


def test_c11_sleep_is_off_when_every_target_is_masked(tmp_path: Path) -> None:
    assert facts.sleep_off(tmp_path) is None, "no systemd"
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert facts.sleep_off(tmp_path) is False
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    for name in facts.SLEEPS:
        (units / name).symlink_to("/dev/null")
    assert facts.sleep_off(tmp_path) is True


def test_c11_a_token_survives_a_restart_and_a_restored_disk_lost_it(tmp_path: Path) -> None:
    assert restart_token.find_token(tmp_path, "boot-1") == restart_token.Found()
    restart_token.leave_token(tmp_path, "t1", "boot-1")
    assert restart_token.find_token(tmp_path, "boot-1") == restart_token.Found("t1", False)
    assert restart_token.find_token(tmp_path, "boot-2") == restart_token.Found("t1", True)
    restart_token.leave_token(tmp_path, "t1", "boot-2")
    assert restart_token.find_token(tmp_path, "boot-2").survived, "asked again, it stays"
    restart_token.leave_token(tmp_path, "t2", "boot-2")
    assert restart_token.find_token(tmp_path, "boot-2") == restart_token.Found("t2", False)
    assert not restart_token.find_token(tmp_path, "").survived, "no boot id, no proof"
    (tmp_path / restart_token.FILE).write_text("{", encoding="utf-8")
    assert restart_token.find_token(tmp_path, "boot-3") == restart_token.Found()


def test_c10_one_changed_byte_or_version_is_another_program(tmp_path: Path) -> None:
    put(tmp_path, "app/a.py", "1")
    put(tmp_path, "app/deep/b.qm", "2")
    before = digest_of([tmp_path / "app"], ["qt==1"])
    put(tmp_path, "app/__pycache__/a.pyc", "compiled")
    assert digest_of([tmp_path / "app"], ["qt==1"]) == before
    assert digest_of([tmp_path / "app"], ["qt==2"]) != before
    put(tmp_path, "app/deep/b.qm", "3")
    assert digest_of([tmp_path / "app"], ["qt==1"]) != before
    put(tmp_path, "app/deep/b.qm", "2")
    (tmp_path / "app/a.py").rename(tmp_path / "app/c.py")
    assert digest_of([tmp_path / "app"], ["qt==1"]) != before
    assert len(program_digest()) == 64


def test_c08_facts_are_gathered_of_this_machine(tmp_path: Path) -> None:
    result = CheckResult("CHK-DISK", "≥", "1 GiB", Verdict.FAIL)
    found = facts.gather(tmp_path, facts.Asked(7, "token"), [result], "1×1", True, tmp_path / "r")
    assert (found.re, found.token, found.token_survived, found.calibrated) == (
        7,
        "token",
        False,
        True,
    )
    assert [(each.check_id, each.verdict) for each in found.findings] == [("CHK-DISK", "FAIL")]
    assert found.cpu_count > 0 and found.ram_bytes > 0 and found.disk_free > 0


def disk(root: Path, name: str, size: int, removable: str = "1") -> None:
    put(root, f"sys/block/{name}/size", f"{size // SECTOR}\n")
    put(root, f"sys/block/{name}/removable", f"{removable}\n")
    put(root, f"sys/block/{name}/device/model", "Stick \n")


def test_d03_removable_media_with_something_in_them_are_seen(tmp_path: Path) -> None:
    disk(tmp_path, "sda", 500_000_000_000, "0")
    disk(tmp_path, "sdb", 8_000_000_000)
    disk(tmp_path, "sdc", 0)  # a card reader without a card
    disk(tmp_path, "sr0", EMPTY_DRIVE)
    disk(tmp_path, "fd0", 4096)
    assert removable_media(tmp_path) == ["sdb Stick 8000 MB"]
    usb = tmp_path / "sys/devices/pci0/usb1/block/sdd"
    disk(usb.parent.parent, "x", 0)
    put(usb, "size", "2000000\n")
    put(usb, "removable", "0\n")
    (tmp_path / "sys/block/sdd").symlink_to(usb)
    assert [each.split()[0] for each in removable_media(tmp_path)] == ["sdb", "sdd"]


def test_d03_the_venues_own_backup_disk_is_not_out_of_place(tmp_path: Path) -> None:
    disk(tmp_path, "sdb", 8_000_000_000)
    disk(tmp_path, "sdc", 9_000_000_000)
    number = tmp_path.stat().st_dev
    part = tmp_path / "sys/block/sdb/sdb1"
    part.mkdir()
    link = tmp_path / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    link.parent.mkdir(parents=True)
    link.symlink_to(part)
    assert server_io.foreign_media([tmp_path], tmp_path) == ["sdc Stick 9000 MB"]


def test_c12_an_encrypted_device_is_found_below_another(tmp_path: Path) -> None:
    number = tmp_path.stat().st_dev
    link = tmp_path / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    assert server_io.encrypted(tmp_path, tmp_path) is None
    put(tmp_path, "sys/block/dm-1/dm/uuid", "LVM-x")
    put(tmp_path, "sys/block/dm-0/dm/uuid", "LVM-y")
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "sys/block/dm-1")
    (tmp_path / "sys/block/dm-1/slaves").mkdir()
    (tmp_path / "sys/block/dm-1/slaves/dm-0").symlink_to(tmp_path / "sys/block/dm-0")
    assert server_io.encrypted(tmp_path, tmp_path) is False
    put(tmp_path, "sys/block/dm-0/dm/uuid", "CRYPT-LUKS2-z")
    assert server_io.encrypted(tmp_path, tmp_path) is True


def test_l04_a_device_is_written_and_read_back_and_left_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = server_io.measure_folder("b", tmp_path, "", 2 << 20)
    assert (found.problem, found.read_back) == ("", True)
    assert found.mib_per_s > 0
    assert list(tmp_path.iterdir()) == []
    assert server_io.measure_folder("b", tmp_path / "away", "").problem
    assert server_io.measure_folder("b", tmp_path, "foreign").problem == "foreign"
    monkeypatch.setattr(server_io, "_read", lambda _path: "another")
    assert server_io.measure_folder("b", tmp_path, "", 1 << 20).read_back is False
