"""Past the page cache a file is read and written byte for byte as through it."""

import errno
import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.storage.direct import ALIGNMENT, DirectReader, DirectWriter, room_for

MB = 1024 * 1024


def written(path: Path, pieces: list[bytes]) -> bytes:
    with path.open("wb") as file:
        writer = DirectWriter(file)
        for piece in pieces:
            room = room_for(len(piece))
            room[: len(piece)] = piece
            writer.write(memoryview(room)[: len(piece)])
        os.fsync(file.fileno())
    return path.read_bytes()


@pytest.mark.parametrize("piece", [1_000_003, MB, 3 * MB, ALIGNMENT])
@pytest.mark.parametrize("size", [0, 1, ALIGNMENT, MB - 1, 3 * MB, 3 * MB + 1, 6 * MB + 4097])
def test_what_is_written_in_pieces_of_any_size_is_the_file(
    tmp_path: Path, size: int, piece: int
) -> None:
    data = os.urandom(size)
    pieces = [data[at : at + piece] for at in range(0, size, piece)]
    assert written(tmp_path / "file", pieces) == data


def test_memory_that_lies_anywhere_is_written_all_the_same(tmp_path: Path) -> None:
    data = os.urandom(2 * ALIGNMENT + 1)
    with (tmp_path / "file").open("wb") as file:
        DirectWriter(file).write(memoryview(data)[1:])
    assert (tmp_path / "file").read_bytes() == data[1:]


@given(offset=st.integers(0, 30_000), length=st.integers(0, 20_000))
def test_any_range_is_what_the_file_holds(
    tmp_path_factory: pytest.TempPathFactory, offset: int, length: int
) -> None:
    data = bytes(at % 251 for at in range(25_000))
    path = tmp_path_factory.mktemp("direct") / "file"
    path.write_bytes(data)
    with DirectReader(path) as reader:
        assert bytes(reader.read(offset, length, room_for(length))) == data[offset:][:length]


def test_a_system_that_refuses_direct_transfers_gets_ordinary_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system may take the flag and refuse the transfer; nothing is lost by asking."""
    refused = []

    def fussy(name: str) -> None:
        real = getattr(os, name)

        def call(fd: int, *rest: object) -> int:
            if fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_DIRECT:
                refused.append(name)
                raise OSError(errno.EINVAL, "no direct transfers here")
            return int(real(fd, *rest))

        monkeypatch.setattr(os, name, call)

    fussy("preadv")
    fussy("pwrite")
    data = os.urandom(MB + 5000)
    path = tmp_path / "file"
    assert written(path, [data]) == data
    with DirectReader(path) as reader:
        room = room_for(len(data))
        assert bytes(reader.read(1, len(data), room)) == data[1:]
    assert refused == ["pwrite", "preadv"]


def test_a_full_disk_is_an_error_and_never_a_short_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="no space left"):
        written(tmp_path / "file", [b"x" * (MB + 1)])
