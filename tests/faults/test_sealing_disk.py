"""The disk lies or is full while a paper is sealed: told as a fault of the disk, never a paper."""

import errno
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters import seal
from venue_server.headquarters.order import SealOrder
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.seal import seal_package
from venue_server.wire import hpke


class LyingFile(io.BytesIO):
    """Gives back one wrong byte in every read once it is told to; ``room`` bytes fit into it."""

    lies = False
    room = 1 << 40

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.reads += 1
        return self.spoil(data) if data else data

    def spoil(self, data: bytes) -> bytes:
        return bytes([data[0] ^ 1]) + data[1:] if self.lies else data

    def write(self, data: object, /) -> int:
        if self.tell() > self.room:
            raise OSError(errno.ENOSPC, "no space left on device")
        return super().write(data)  # type: ignore[arg-type]


@pytest.fixture
def order() -> SealOrder:
    return SealOrder("P", "A", "9901", {"V": hpke.generate().public_raw()}, 1, 2)


@pytest.fixture
def sealing(
    order: SealOrder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[LyingFile], None]:
    def run(file: LyingFile) -> None:
        monkeypatch.setattr(seal.tempfile, "TemporaryFile", lambda **_: file)
        signers = [Ed25519PrivateKey.generate() for _ in range(2)]
        seal_package(sample_package_path(), tmp_path / "out", order, signers)

    return run


def test_ciphertext_that_comes_back_wrong_when_it_is_proven(
    sealing: Callable[[LyingFile], None], tmp_path: Path
) -> None:
    file = LyingFile()
    file.lies = True
    with pytest.raises(OSError, match="other bytes"):
        sealing(file)
    assert not (tmp_path / "out/venue").exists()


def test_ciphertext_that_comes_back_wrong_when_it_is_cut_into_fragments(
    sealing: Callable[[LyingFile], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, made = LyingFile(), seal._seal

    def lie_from_now_on(*arguments: object) -> object:
        file.lies = True
        return made(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(seal, "_seal", lie_from_now_on)
    with pytest.raises(OSError, match="other bytes"):
        sealing(file)
    assert not (tmp_path / "out/venue/manifest.json").exists()
    assert list((tmp_path / "out/headquarters").iterdir()) == []


def test_full_disk_leaves_no_manifest(sealing: Callable[[LyingFile], None], tmp_path: Path) -> None:
    file = LyingFile()
    file.room = 20
    with pytest.raises(OSError, match="no space left"):
        sealing(file)
    assert list((tmp_path / "out").iterdir()) == []
