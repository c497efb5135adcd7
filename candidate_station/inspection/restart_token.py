"""A token left on the disk, to see whether it is still there after a restart (C11).

A restore card (还原卡) or a diskless client brings the disk back to an earlier state at each start:
the local answer journal would be lost with it. The server gives the token, so that one that was
frozen into the restored state is not taken for a fresh one.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from candidate_station.answers.durable import make_private_folder

FILE = "restart-token.json"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class _Left(msgspec.Struct, frozen=True):
    token: str
    boot_id: str


@dataclass(frozen=True)
class Found:
    """The token on the disk (empty: none), and whether it was left there in an earlier boot."""

    token: str = ""
    survived: bool = False


def boot_id(path: Path = BOOT_ID) -> str:
    """The kernel's name of this boot; empty where it has none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def leave_token(data_dir: Path, token: str, boot: str) -> None:
    """Write the token durably; the one that is there already stays as it was. Raises OSError."""
    if find_token(data_dir, boot).token == token:
        return
    make_private_folder(data_dir)
    target = data_dir / FILE
    part = target.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, msgspec.json.encode(_Left(token, boot)))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.replace(target)
    folder = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def find_token(data_dir: Path, boot: str) -> Found:
    """What is there. Without a boot id nothing is known to have survived."""
    try:
        left = msgspec.json.decode((data_dir / FILE).read_bytes(), type=_Left)
    except (OSError, msgspec.DecodeError):
        return Found()
    return Found(left.token, bool(boot) and left.boot_id != boot)
