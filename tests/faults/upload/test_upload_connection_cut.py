"""The line to headquarters is cut, or headquarters is killed, during an upload (L08, L09)."""

import asyncio
import json
import subprocess
import sys

import pytest

from venue_server.upload.delivery import Delivery
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.wire.names import DataState

ESSAY = 6_000_000  # bytes of content, about twelve pieces of an upload
SERVE = """
import argparse, sys
from venue_server.headquarters.service_commands import add_commands
parser = argparse.ArgumentParser()
add_commands(parser.add_subparsers(required=True))
options = parser.parse_args()
sys.exit(options.run(options))
"""


def serve(data) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-c", SERVE, "headquarters", "serve", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["port"]


def through(world, proxy) -> None:
    world.base_url = f"https://127.0.0.1:{proxy.port}/"
    world.configure(Delivery(timeout_s=10, receipt_wait_s=20))


def arrived(world) -> dict:
    (file,) = (world.headquarters.data_dir / "results").glob("*/answers.json")
    return json.loads(file.read_text())


@pytest.mark.parametrize("limit", [900, 3_000, 700_000, 2_500_000])
async def test_f18_l08_a_cut_line_resumes_where_it_was(
    world, service, proxy, kit, limit: int
) -> None:
    sittings = await world.sealed(ESSAY)
    proxy.upstream, proxy.limit = service, limit
    through(world, proxy)
    cut = await world.upload.upload(kit.SESSION)
    assert isinstance(cut, UploadPending)
    assert world.state() is DataState.UPLOADING
    assert cut.attempts == 1
    world.restart()
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
    size = world.upload.bundle(kit.SESSION).bundle.size
    assert proxy.passed < size + 1_500_000  # at most one piece went twice
    assert {one.sitting_id for one in sittings} == set(arrived(world))
    assert "upload.failed" in world.events()


async def test_f18_l09_the_outbox_goes_on_by_itself_after_a_restart(
    world, service, proxy, kit
) -> None:
    await world.sealed(ESSAY)
    proxy.upstream, proxy.limit = service, 1_500_000
    through(world, proxy)
    pending = await world.upload.upload(kit.SESSION)
    assert isinstance(pending, UploadPending)
    assert (
        pending.next_attempt_ms == world.now_ms + 1000
    )  # half of two seconds, jitter at its least
    world.restart()
    world.now_ms = pending.next_attempt_ms
    committed = asyncio.Event()
    loop = asyncio.get_running_loop()
    world.store.on_commit(lambda: loop.call_soon_threadsafe(committed.set))
    running = asyncio.create_task(world.upload.run())
    async with asyncio.timeout(30):
        while world.state() is not DataState.UPLOADED:
            await committed.wait()
            committed.clear()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert arrived(world)


async def test_f18_l09_nobody_there_is_pending_and_loses_nothing(world, kit) -> None:
    await world.sealed()
    waits = []
    for _ in range(3):
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending)
        waits.append(pending.next_attempt_ms - world.now_ms)
    assert waits == [1000, 2000, 4000]
    assert world.upload.bundle(kit.SESSION).bundle.file.exists()
    assert world.state() is DataState.UPLOADING


async def test_l08_headquarters_killed_in_the_middle_goes_on_where_it_was(
    world, proxy, kit
) -> None:
    await world.sealed(ESSAY)
    process, proxy.upstream = serve(world.headquarters.data_dir)
    proxy.limit, proxy.on_limit = 2_700_000, process.kill
    through(world, proxy)
    assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    assert process.wait(10) == -9
    process.stdout.close()
    (data,) = (world.headquarters.data_dir / "uploads").glob("*.data")
    held = data.stat().st_size
    assert held >= 2 * 1024 * 1024
    process, proxy.upstream = serve(world.headquarters.data_dir)
    try:
        proxy.passed = 0
        assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
        rest = world.upload.bundle(kit.SESSION).bundle.size - held
        assert rest <= proxy.passed < rest + 100_000
    finally:
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()
    assert arrived(world)


async def test_l08_headquarters_killed_before_its_receipt_signs_it_after_the_restart(
    world, kit
) -> None:
    await world.sealed()
    bundle = world.upload.bundle(kit.SESSION).bundle
    uploads = world.headquarters.data_dir / "uploads"
    uploads.mkdir()
    info = {"length": bundle.size, "bundle_id": bundle.bundle_id, "sha256": bundle.sha256}
    (uploads / f"{'a' * 32}.json").write_text(json.dumps(info))
    (uploads / f"{'a' * 32}.data").write_bytes(bundle.file.read_bytes())
    process, port = serve(world.headquarters.data_dir)
    try:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


async def test_l08_an_upload_headquarters_forgot_begins_anew(world, service, proxy, kit) -> None:
    await world.sealed(ESSAY)
    proxy.upstream, proxy.limit = service, 2_000_000
    through(world, proxy)
    assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    for file in (world.headquarters.data_dir / "uploads").iterdir():
        file.unlink()
    gone = await world.upload.upload(kit.SESSION)
    assert isinstance(gone, UploadPending)
    assert "404" in gone.problem
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)


async def test_l08_a_bundle_that_rotted_on_the_venues_disk_is_not_sent(world, service, kit) -> None:
    await world.sealed()
    bundle = world.upload.bundle(kit.SESSION).bundle
    content = bytearray(bundle.file.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.file.write_bytes(content)
    pending = await world.upload.upload(kit.SESSION)
    assert isinstance(pending, UploadPending)
    assert "differs" in pending.problem
    assert list((world.headquarters.data_dir / "uploads").iterdir()) == []
