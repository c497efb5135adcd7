"""F6: a medium that is pulled while it is read, or does not read at all."""

import errno
import io
from pathlib import Path
from typing import Any

import pytest

from tests.unit.venue.intake_desk import TWO, Desk, code_of, codes
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import RefusalCode


class Pulled(io.FileIO):
    """Reads from a medium until it is pulled."""

    left = 0

    def read(self, size: int = -1) -> bytes:  # type: ignore[override]
        if Pulled.left <= 0:
            raise OSError(errno.ENODEV, "no such device")
        data = super().read(min(size, Pulled.left) if size > 0 else Pulled.left)
        Pulled.left -= len(data)
        return data


def pull(monkeypatch: pytest.MonkeyPatch, name: str, after: int) -> None:
    """Unbuffered reading of files called ``name`` ends after so many bytes."""
    real = Path.open
    Pulled.left = after

    def opening(self: Path, mode: str = "r", buffering: int = -1, **more: Any) -> Any:
        if self.name == name and self.parent.name == "medium" and buffering == 0:
            return Pulled(self, "rb")
        return real(self, mode, buffering, **more)

    monkeypatch.setattr(Path, "open", opening)


async def test_f6_a_medium_pulled_mid_copy_leaves_the_blocks_that_came(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(1, 2, 3)
    manifest = desk.sound_manifest()
    begin = manifest.entry(2).size - manifest.layout.body_size
    with monkeypatch.context() as gone:
        pull(gone, "2.kdfrag", begin + 6 * manifest.block_size + 7)
        report = await desk.take()
    assert codes(report) == {
        "manifest.json": "",
        "1.kdfrag": "",
        "2.kdfrag": "MED-05",
        "3.kdfrag": "",
    }
    assert report.least is not None
    assert report.least.lacking == {2: manifest.layout.stripes - 6}
    assert report.state is PackageState.RECEIVING
    assert not list(desk.kept("").glob("incoming-*"))
    desk.put(2)
    desk.damage(2, 1, 2)  # this copy is bad where the other one was read
    assert (await desk.take()).state is PackageState.COMPLETE


async def test_f6_a_medium_that_cannot_be_read_is_named_and_the_next_one_is_welcome(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(1, 2, 3)
    real = Path.open

    def opening(self: Path, *given: Any, **more: Any) -> Any:
        if self.parent.name == "medium":
            raise OSError(errno.EIO, "input/output error")
        return real(self, *given, **more)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", opening)
        report = await desk.take()
    assert set(codes(report).values()) == {"MED-05"}
    for each in report.files:
        assert each.refusal is not None
        assert str(desk.folder) not in each.refusal.text(), "no path of the server"
    assert (await desk.take()).state is PackageState.COMPLETE


async def test_f6_a_medium_gone_before_its_files_are_listed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(1)

    def listing(_self: Path) -> Any:
        raise OSError(errno.EIO, "input/output error")

    with monkeypatch.context() as gone:
        gone.setattr(Path, "iterdir", listing)
        done = await desk.intake.import_folder(desk.medium, TWO)
    assert code_of(done) is RefusalCode.MEDIUM_UNREADABLE
