"""Headquarters' own disk is full, in every phase: the venue waits, nothing is sent twice (L08)."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from venue_server.headquarters import service_receipts
from venue_server.headquarters.service_tus import FULL_S
from venue_server.headquarters.service_uploads import UploadShelf
from venue_server.upload.delivery import Delivery
from venue_server.upload.outcome import Uploaded, UploadPending

ESSAY = 3_000_000


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def pending(world: Any, kit: Any) -> UploadPending:
    done = await world.upload.upload(kit.SESSION)
    assert isinstance(done, UploadPending), done
    return done


async def test_l08_no_room_to_begin_an_upload(
    world: Any, service: int, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.sealed()

    def create(*_: object) -> str:
        raise full()

    with monkeypatch.context() as patch:
        patch.setattr(UploadShelf, "create", create)
        waits = await pending(world, kit)
        assert waits.problem == "POST: 507"
        assert waits.next_attempt_ms == world.now_ms + FULL_S * 1000
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)


async def test_l08_no_room_in_the_middle_goes_on_from_what_was_kept(
    world: Any, service: int, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.sealed(ESSAY)
    real, taken = UploadShelf.append, []

    def append(self: UploadShelf, upload: Any, at: int, piece: bytes) -> int:
        if at + len(piece) > 1_500_000:
            raise full()
        taken.append(len(piece))
        return real(self, upload, at, piece)

    with monkeypatch.context() as patch:
        patch.setattr(UploadShelf, "append", append)
        assert (await pending(world, kit)).problem == "PATCH: 507"
    (data,) = (world.headquarters.data_dir / "uploads").glob("*.data")
    held = data.stat().st_size
    assert held == sum(taken) > 1_000_000
    sent: list[int] = []

    def counted(self: UploadShelf, upload: Any, at: int, piece: bytes) -> int:
        sent.append(len(piece))
        return real(self, upload, at, piece)

    monkeypatch.setattr(UploadShelf, "append", counted)
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
    assert sum(sent) == world.upload.bundle(kit.SESSION).bundle.size - held


@pytest.mark.parametrize("where", ["bundles", "results", "receipts"])
async def test_l08_no_room_to_keep_what_came_is_judged_again_without_a_restart(
    world: Any, service: int, kit: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything arrived; opening it fails. The receipt comes once there is room."""
    await world.sealed()
    world.configure(Delivery(timeout_s=5, receipt_wait_s=0.3))
    real, failed = service_receipts.write_whole, []

    def write(path: Path, data: bytes, mode: int = 0o600) -> None:
        if where in path.parts:
            failed.append(path)
            raise full()
        real(path, data, mode)

    def link(*_: object) -> None:
        failed.append(Path("bundles"))
        raise full()

    with monkeypatch.context() as patch:
        if where == "bundles":
            patch.setattr(os, "link", link)
        else:
            patch.setattr(service_receipts, "write_whole", write)
        for _ in range(2):
            assert (await pending(world, kit)).problem == "no receipt yet"
        assert len(failed) >= 2, "tried again when the venue asked"
    address = world.upload.bundle(kit.SESSION).upload_url
    world.configure()
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
    assert world.upload.bundle(kit.SESSION).upload_url == address, "nothing was sent twice"
