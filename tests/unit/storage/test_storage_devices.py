"""Two folders of one disk are one device, however it is cut up (L04, R3); on made-up trees."""

import os
from pathlib import Path

import pytest

from venue_server.storage.devices import disks_of, disks_under
from venue_server.storage.medium import MediumProblem, MediumRule


class Tree:
    """A system's /proc and /sys as far as they are looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mounts: list[str] = []
        for name in ("proc/self", "sys/dev/block", "sys/class/block"):
            (root / name).mkdir(parents=True)

    def disk(self, name: str, number: str, inside: str = "") -> Path:
        """A block device; ``inside`` another one it is a partition of."""
        made = self.root / "sys/devices" / inside / name
        made.mkdir(parents=True)
        (made / "dev").write_text(f"{number}\n")
        if inside:
            (made / "partition").write_text("1\n")
        (self.root / "sys/dev/block" / number).symlink_to(made)
        (self.root / "sys/class/block" / name).symlink_to(made)
        return made

    def volume(self, name: str, number: str, *parts: Path) -> Path:
        """A device made of others."""
        made = self.disk(name, number)
        (made / "slaves").mkdir()
        for part in parts:
            (made / "slaves" / part.name).symlink_to(part)
        return made

    def mounted(self, number: str, source: str) -> None:
        self.mounts.append(f"30 1 {number} / /x rw,relatime shared:1 - btrfs {source} rw\n")
        (self.root / "proc/self/mountinfo").write_text("".join(self.mounts))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_l04_partitions_belong_to_their_disk(tree: Tree) -> None:
    tree.disk("sda", "8:0")
    tree.disk("sda1", "8:1", "sda")
    tree.disk("sda2", "8:2", "sda")
    tree.disk("sdb", "8:16")
    tree.disk("sdb1", "8:17", "sdb")
    found = {number: disks_of(number, tree.root) for number in ("8:0", "8:1", "8:2", "8:17")}
    assert found == {"8:0": {"8:0"}, "8:1": {"8:0"}, "8:2": {"8:0"}, "8:17": {"8:16"}}


def test_l04_two_logical_volumes_of_one_disk_are_on_it(tree: Tree) -> None:
    """As a server is installed by default: one physical volume, several logical ones."""
    tree.disk("sda", "8:0")
    third = tree.disk("sda3", "8:3", "sda")
    tree.volume("dm-0", "253:0", third)
    tree.volume("dm-1", "253:1", third)
    assert disks_of("253:0", tree.root) == disks_of("253:1", tree.root) == {"8:0"}


def test_l04_a_mirror_is_on_both_and_a_volume_on_it_too(tree: Tree) -> None:
    first, second = tree.disk("sda", "8:0"), tree.disk("sdb", "8:16")
    mirror = tree.volume("md0", "9:0", first, second)
    tree.volume("dm-0", "253:0", mirror)
    tree.disk("md0p1", "259:0", "md0")
    for number in ("9:0", "253:0", "259:0"):
        assert disks_of(number, tree.root) == {"8:0", "8:16"}, number


def test_l04_subvolumes_are_where_they_are_mounted_from(tree: Tree) -> None:
    tree.disk("sda", "8:0")
    tree.disk("sda1", "8:1", "sda")
    tree.mounted("0:40", "/dev/sda1")
    tree.mounted("0:41", "/dev/sda1")
    tree.mounted("0:42", "tmpfs")
    tree.mounted("0:43", "/dev/nowhere")
    assert disks_of("0:40", tree.root) == disks_of("0:41", tree.root) == {"8:0"}
    for number in ("0:42", "0:43", "0:99"):
        assert disks_of(number, tree.root) == {number}, "what is not known is itself"


def test_l04_a_device_that_goes_while_it_is_looked_at_is_itself(tree: Tree) -> None:
    made = tree.disk("sdc", "8:32")
    (made / "dev").unlink()
    assert disks_of("8:32", tree.root) == {"8:32"}


def test_r3_another_folder_of_this_very_disk_is_the_same_device(tmp_path: Path) -> None:
    """The running system: both folders are somewhere, and on the same."""
    (one := tmp_path / "one").mkdir()
    (other := tmp_path / "other").mkdir()
    assert disks_under(one) == disks_under(other) != frozenset()
    assert MediumRule(one, apart_from=other).problem() is MediumProblem.UNMARKED
    with pytest.raises(OSError, match=os.strerror(2)):
        disks_under(tmp_path / "none")
