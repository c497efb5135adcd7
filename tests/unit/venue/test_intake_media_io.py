"""Which medium a folder lies on (D03), read from made-up /proc, /sys and /dev trees."""

from pathlib import Path

from venue_server.intake.custody.media import FoundMedium
from venue_server.intake.custody.media_io import medium_of

USB = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-2"
DISK = "1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdb"


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def link(path: Path, target: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def machine(root: Path) -> Path:
    """A system disk, a stick, a disc, a folder in memory, a network share."""
    lines = [
        "22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw",
        r"40 22 8:17 / /media/hq\040stick rw shared:2 - vfat /dev/sdb1 rw",
        "41 22 11:0 / /media/disc ro shared:3 - iso9660 /dev/sr0 ro",
        "42 22 0:50 / /run/memory rw - tmpfs tmpfs rw",
        "43 22 0:51 / /mnt/share rw - nfs4 server:/x rw",
        "44 22 8:33 / /media/nameless rw - vfat /dev/sdc1 rw",
        "broken line",
    ]
    write(root / "proc/self/mountinfo", "\n".join(lines))
    write(root / USB / "idVendor", "0951")
    write(root / USB / "serial", "KS-0042")
    write(root / USB / DISK / "removable", "1")
    write(root / USB / DISK / "sdb1/partition", "1")
    link(root / "sys/dev/block/8:17", root / USB / DISK / "sdb1")
    link(root / "dev/disk/by-uuid/1234-ABCD", root / "dev/sdb1")
    nvme = root / "sys/devices/pci0000:00/nvme/nvme0/nvme0n1"
    write(nvme / "removable", "0")
    write(nvme / "device/serial", "NV-1")
    write(nvme / "nvme0n1p2/partition", "2")
    link(root / "sys/dev/block/259:2", nvme / "nvme0n1p2")
    link(root / "dev/disk/by-uuid/aaaa", root / "dev/nvme0n1p2")
    write(root / "sys/devices/ata2/block/sr0/removable", "1")
    link(root / "sys/dev/block/11:0", root / "sys/devices/ata2/block/sr0")
    link(root / "dev/disk/by-uuid/2027-01-02-03-04-05-00", root / "dev/sr0")
    link(root / r"dev/disk/by-label/PAPERS\x20AM", root / "dev/sr0")
    write(root / "sys/devices/odd/block/sdc/removable", "1")
    write(root / "sys/devices/odd/block/sdc/sdc1/partition", "1")
    link(root / "sys/dev/block/8:33", root / "sys/devices/odd/block/sdc/sdc1")
    return root


def test_d03_a_stick_is_known_by_its_serial_and_its_file_system(tmp_path: Path) -> None:
    root = machine(tmp_path)
    stick = FoundMedium("dev:KS-0042/1234-ABCD", removable=True, disc=False)
    assert medium_of(Path("/media/hq stick"), root) == stick
    assert medium_of(Path("/media/hq stick/papers/am"), root) == stick
    (root / "dev/disk/by-uuid/1234-ABCD").rename(root / "dev/disk/by-uuid/FFFF-0000")
    other = medium_of(Path("/media/hq stick"), root)
    assert other is not None
    assert other.medium_id == "dev:KS-0042/FFFF-0000", "formatted anew it is another medium"


def test_d04_a_disc_is_known_by_its_volume_id(tmp_path: Path) -> None:
    found = medium_of(Path("/media/disc/x"), machine(tmp_path))
    name = "disc:PAPERS AM/2027-01-02-03-04-05-00"
    assert found == FoundMedium(name, removable=True, disc=True)


def test_d03_a_folder_on_the_system_disk_is_no_removable_medium(tmp_path: Path) -> None:
    root = machine(tmp_path)
    for folder in ("/home/admin", "/media/hq stick2", "/"):
        found = medium_of(Path(folder), root)
        assert found == FoundMedium("dev:NV-1/aaaa", removable=False, disc=False), folder


def test_d03_what_says_nothing_of_itself_is_no_medium(tmp_path: Path) -> None:
    root = machine(tmp_path)
    assert medium_of(Path("/run/memory/x"), root) is None
    assert medium_of(Path("/mnt/share"), root) is None
    nameless = medium_of(Path("/media/nameless"), root)
    assert nameless == FoundMedium("dev:/", removable=True, disc=False), "to be refused, not passed"
    assert medium_of(Path("/anything"), tmp_path / "empty") is None


def test_d03_a_mount_over_a_mount_counts(tmp_path: Path) -> None:
    root = machine(tmp_path)
    file = root / "proc/self/mountinfo"
    file.write_text(
        file.read_text() + "50 40 11:0 / /media/hq\\040stick ro - iso9660 /dev/sr0 ro\n"
    )
    found = medium_of(Path("/media/hq stick"), root)
    assert found is not None
    assert found.disc


def test_d03_this_machine_can_be_asked(tmp_path: Path) -> None:
    medium_of(tmp_path)  # whatever it runs on, it answers
