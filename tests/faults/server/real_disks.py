"""Small real file systems that vanish under a running program, as a pulled disk does (R3).

A loop device with ext4 on it; :meth:`RealDisk.vanish` is ext4's own shutdown (FS_IOC_SHUTDOWN, no
flush of its log): from that instant the kernel answers every call with EIO, whatever was not synced
is gone, and open descriptors stay dead when the disk is back, under another device number, as after
plugging a disk in again. Needs root and loop devices; :func:`why_not` says what is missing.
"""

import errno
import fcntl
import itertools
import os
import shutil
import struct
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

_SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN, _IOR('X', 125, __u32)
_NO_LOG_FLUSH = 2
_FREEZE, _THAW = 0xC0045877, 0xC0045878  # FIFREEZE, FITHAW: _IOWR('X', 119 and 120, int)


def why_not() -> str:
    """Why there can be no real disk here; empty when there can."""
    if os.geteuid() != 0:
        return "mounting a file system needs root"
    for program in ("mkfs.ext4", "losetup", "mount", "umount"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    with tempfile.TemporaryDirectory(prefix="kaodian-disk-") as folder:
        probe = RealDisk(Path(folder) / "image", Path(folder) / "mounted", 8)
        try:
            probe.plug_in()
            probe.vanish()
        except (OSError, subprocess.CalledProcessError) as error:
            return f"no loop device, or no way to shut a file system down: {error}"
        finally:
            probe.pull_out()
    return ""


class RealDisk:
    """One disk, ``size`` in MiB, mounted at ``folder`` while it is plugged in."""

    def __init__(self, image: Path, folder: Path, size: int) -> None:
        self.folder = folder
        self._image = image
        self._times = itertools.count(1)
        with image.open("wb") as file:
            file.truncate(size << 20)
        _run("mkfs.ext4", "-q", "-F", "-m", "0", str(image))

    def plug_in(self) -> None:
        """Mount it, for the first time or again."""
        self.folder.mkdir(exist_ok=True)
        # A loop device of its own, over a copy: mount(8) would take the old one again, whose file
        # system is dead as long as somebody holds a file of it open, and whose pages that were
        # never synced the kernel may still write out.
        fresh = self._image.with_suffix(f".{next(self._times)}")
        _run("cp", "--sparse=always", str(self._image), str(fresh))
        self._image = fresh
        device = _run("losetup", "--find", "--show", str(self._image)).strip()
        try:
            _run("mount", device, str(self.folder))
        finally:
            _run("losetup", "--detach", device)  # as soon as nothing uses it any more

    def vanish(self) -> None:
        """Gone: every call fails from now on, those that are under way as well."""
        self._tell(_SHUTDOWN, _NO_LOG_FLUSH)

    def freeze(self) -> None:
        """Whoever writes there, also into mapped memory, hangs in the kernel until :meth:`thaw`."""
        self._tell(_FREEZE, 0)

    def thaw(self) -> None:
        """What hangs goes on; nothing when nothing was frozen."""
        with suppress(OSError):
            self._tell(_THAW, 0)

    def _tell(self, what: int, how: int) -> None:
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(handle, what, struct.pack("I", how))
        finally:
            os.close(handle)

    def pull_out(self) -> None:
        """Unmount it, whoever still holds something open there."""
        subprocess.run(["umount", "-l", str(self.folder)], capture_output=True, check=False)

    def come_back(self) -> None:
        """Plugged in again: what was synced is there."""
        self.pull_out()
        self.plug_in()

    def is_gone(self) -> bool:
        """Does the kernel refuse to read there?"""
        try:
            os.listdir(self.folder)
            (self.folder / "nothing").touch()
        except OSError as error:
            return error.errno == errno.EIO
        return False


THROTTLES = Path("/sys/fs/cgroup/blkio")


class HangingReads:
    """A process whose reads of one disk do not come back, while its writes and syncs do: one byte
    a second is what its group may read there (cgroup v1, blkio.throttle.read_bps_device)."""

    def __init__(self, disk: RealDisk) -> None:
        self._group = THROTTLES / f"kaodian-test-{os.getpid()}"
        number = disk.folder.stat().st_dev
        self._device = f"{os.major(number)}:{os.minor(number)}"

    def hang(self, pid: int) -> None:
        """From now on. What lies in the system's cache is read as ever."""
        self._group.mkdir(exist_ok=True)
        self._set(1)
        (self._group / "cgroup.procs").write_text(str(pid))

    def heal(self) -> None:
        """What hangs comes back."""
        if self._group.exists():
            self._set(0)

    def end(self) -> None:
        """Once its process has ended, or is let out of the group."""
        if not self._group.exists():
            return
        self.heal()
        for pid in (self._group / "cgroup.procs").read_text().split():
            (THROTTLES / "cgroup.procs").write_text(pid)
        self._group.rmdir()

    def _set(self, bytes_a_second: int) -> None:
        limit = self._group / "blkio.throttle.read_bps_device"
        limit.write_text(f"{self._device} {bytes_a_second}")


def why_no_hanging() -> str:
    """Why reads cannot be made to hang here; empty when they can."""
    if not (THROTTLES / "blkio.throttle.read_bps_device").exists():
        return "reads can be throttled with cgroup v1's blkio only"
    return "" if os.access(THROTTLES, os.W_OK) else "making a control group needs root"


def forget(file: Path) -> None:
    """Let the system's cache forget a file, so that the next read meets the device."""
    fd = os.open(file, os.O_RDONLY)
    try:
        os.fsync(fd)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(fd)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
