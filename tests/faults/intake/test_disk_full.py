"""F6, F19: the server's disk is full while a paper comes in; answers' room is never taken (R11)."""

import errno
import os

import pytest

from tests.unit.venue.intake_desk import Desk, codes
from venue_server.intake import incoming
from venue_server.wire.names import PackageState


async def test_f19_a_disk_that_fills_during_a_copy_is_named_and_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(1, 2, 3)

    def write(_fd: int, _data: object) -> int:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as full:
        full.setattr(incoming, "_write_all", write)
        report = await desk.take()
    assert codes(report) == {
        "manifest.json": "",
        "1.kdfrag": "RCP-03",
        "2.kdfrag": "RCP-03",
        "3.kdfrag": "RCP-03",
    }
    assert sorted(os.listdir(desk.kept(""))) == ["manifest.json"]
    assert (await desk.take()).state is PackageState.COMPLETE


async def test_r11_a_paper_never_takes_the_room_that_is_kept_for_answers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(1, 2, 3)
    with monkeypatch.context() as full:
        full.setattr(desk.intake.acceptance, "has_room", lambda _size: False)
        report = await desk.take()
    assert set(codes(report).values()) == {"", "RCP-03"}
    assert not list(desk.kept("").glob("incoming-*"))
    size = incoming.shutil.disk_usage(desk.folder).free
    assert not incoming.room_for(desk.folder, size + 1, 0)
    assert incoming.room_for(desk.folder, 0, 0)
