"""The second copy: durable frames, torn tails cut, damage named, nothing half kept."""

import errno
import os
from pathlib import Path

import pytest

from venue_server.responses.second_copy import (
    SECOND_COPY,
    SecondCopy,
    SecondCopyDamaged,
    SecondCopyFault,
    SecondCopyInUse,
    StoredResponse,
    in_use,
)
from venue_server.wire.alarms import AlarmCode


def row(seq: int) -> StoredResponse:
    return StoredResponse("s1", seq, f"{seq:064x}", os.urandom(50), 5, "session")


def recovered(path: Path) -> list[StoredResponse]:
    copy = SecondCopy(path)
    try:
        return list(copy.recover())
    finally:
        copy.close()


def test_what_was_appended_is_recovered_in_order(tmp_path: Path) -> None:
    copy = SecondCopy(tmp_path / "j")
    rows = [row(seq) for seq in range(1, 6)]
    copy.append(rows[:2])
    copy.append(rows[2:])
    copy.close()
    assert recovered(tmp_path / "j") == rows


def test_power_loss_every_torn_tail_is_cut_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / "j"
    copy = SecondCopy(path)
    rows = [row(1), row(2)]
    copy.append(rows[:1])
    first = path.stat().st_size
    copy.append(rows[1:])
    copy.close()
    whole = path.read_bytes()
    for size in range(first, len(whole)):
        path.write_bytes(whole[:size])
        assert recovered(path) == rows[:1]
        assert path.stat().st_size == first
    path.write_bytes(whole)
    assert recovered(path) == rows


def test_r2_an_end_of_zeros_is_an_unfinished_write(tmp_path: Path) -> None:
    """A power cut may leave a file long, and its new blocks never written."""
    path = tmp_path / "j"
    copy = SecondCopy(path)
    rows = [row(1), row(2)]
    copy.append(rows[:1])
    first = path.stat().st_size
    copy.append(rows[1:])
    copy.close()
    whole = path.read_bytes()
    for begin in range(first, len(whole)):
        path.write_bytes(whole[:begin] + bytes(len(whole) - begin + 600))
        assert recovered(path) == rows[:1]
        assert path.stat().st_size == first


def test_r2_zeros_in_the_middle_are_damage_and_named(tmp_path: Path) -> None:
    """Blocks that came to the disk in another order: nothing behind the gap is believed."""
    path = tmp_path / "j"
    copy = SecondCopy(path)
    copy.append([row(1), row(2), row(3)])
    copy.close()
    whole = path.read_bytes()
    size = len(whole) // 3
    path.write_bytes(whole[:size] + bytes(size) + whole[2 * size :])
    with pytest.raises(SecondCopyDamaged, match=f"byte {size}"):
        recovered(path)


def test_n02_a_flipped_byte_before_the_end_is_a_named_fault(tmp_path: Path) -> None:
    path = tmp_path / "j"
    copy = SecondCopy(path)
    copy.append([row(1)])
    first = path.stat().st_size
    copy.append([row(2)])
    copy.close()
    whole = bytearray(path.read_bytes())
    for place in range(8, first):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(SecondCopyFault, match="byte 0"):
            recovered(path)


def test_f19_a_failed_write_leaves_no_half_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j"
    copy = SecondCopy(path)
    copy.append([row(1)])
    size = path.stat().st_size
    real = os.write
    with monkeypatch.context() as patch:
        calls = iter([7])

        def short(fd: int, data: bytes) -> int:
            for count in calls:
                return real(fd, data[:count])
            raise OSError(errno.ENOSPC, "No space left on device")

        patch.setattr("venue_server.responses.second_copy.os.write", short)
        with pytest.raises(SecondCopyFault):
            copy.append([row(2)])
    assert path.stat().st_size == size
    kept = row(3)
    copy.append([kept])
    copy.close()
    assert recovered(path)[1:] == [kept]


def test_r9_a_medium_that_another_server_took_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """It went, a twin took it, it came back: nothing is written into the twin's file."""
    mine = SecondCopy(tmp_path / SECOND_COPY, alone=True)
    mine.close()
    twin = SecondCopy(tmp_path / SECOND_COPY, alone=True)
    list(twin.recover())
    twin.append([StoredResponse("s", 1, "h", b"x", 1, "am")])
    whole = (tmp_path / SECOND_COPY).read_bytes()
    with pytest.raises(SecondCopyInUse) as fault:
        list(mine.recover())
    assert fault.value.alarm.code is AlarmCode.SECOND_IN_USE
    assert in_use(tmp_path / SECOND_COPY)
    assert (tmp_path / SECOND_COPY).read_bytes() == whole
    twin.close()
    assert not in_use(tmp_path / SECOND_COPY)
    assert len(list(mine.recover())) == 1
    mine.close()
