"""The sealed bundle rots or is lost on the primary device before it came home (L01, R3)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from venue_server.upload.handing_over.medium_io import BUNDLE, write_bundle
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.twin import Twins, keep_twin
from venue_server.wire.refusals import Refusal, RefusalCode


def rot(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.fixture
def second(world: Any, kit: Any) -> Path:
    """The second device; its bundles lie in ``outbox``."""
    world.twins = world.root / "second" / "outbox"
    world.twins.parent.mkdir()
    twin: Path = world.twins / f"{kit.SESSION}.kdbundle"
    return twin


async def twin_made(until: Callable[..., Any], world: Any, kit: Any, twin: Path) -> bytes:
    sealed: bytes = world.upload.bundle(kit.SESSION).bundle.file.read_bytes()
    await until(lambda: twin.exists() and twin.read_bytes() == sealed)
    return sealed


@pytest.mark.parametrize("how", [rot, truncate, Path.unlink])
async def test_r3_l01_a_bundle_that_is_not_what_was_sealed_comes_from_the_second_device(
    world: Any, service: int, kit: Any, second: Path, until: Any, how: Callable[[Path], None]
) -> None:
    await world.sealed()
    sealed = await twin_made(until, world, kit, second)
    file = world.upload.bundle(kit.SESSION).bundle.file
    how(file)
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
    assert file.read_bytes() == sealed, "and is put back"
    assert file.with_name(f"{file.name}.damaged").exists() is (how is not Path.unlink)
    assert "upload.bundle-mended" in world.events()


async def test_r3_a_second_device_that_was_away_gets_its_copy_with_the_next_attempt(
    world: Any, kit: Any, second: Path, until: Any
) -> None:
    there, world.twins = world.twins, None
    await world.sealed()
    world.twins = there
    assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    await twin_made(until, world, kit, second)


async def test_r3_what_rotted_before_it_was_copied_is_no_second_copy(
    world: Any, kit: Any, second: Path
) -> None:
    there, world.twins = world.twins, None
    await world.sealed()
    bundle = world.upload.bundle(kit.SESSION).bundle
    rot(bundle.file)
    assert not keep_twin(bundle, there)
    assert not second.exists(), "a copy of the same size would be taken for one"


async def test_l08_without_a_sound_copy_nothing_is_sent(
    world: Any, service: int, kit: Any, second: Path, until: Any
) -> None:
    await world.sealed()
    await twin_made(until, world, kit, second)
    for file in (world.upload.bundle(kit.SESSION).bundle.file, second):
        rot(file)
    pending = await world.upload.upload(kit.SESSION)
    assert isinstance(pending, UploadPending) and "differs" in pending.problem
    assert list((world.headquarters.data_dir / "uploads").iterdir()) == []


async def test_f18_what_goes_by_hand_is_taken_from_the_second_device_too(
    world: Any, kit: Any, second: Path, until: Any
) -> None:
    await world.sealed()
    sealed = await twin_made(until, world, kit, second)
    bundle = world.upload.bundle(kit.SESSION).bundle
    rot(bundle.file)
    (medium := world.root / "medium").mkdir()
    refused = write_bundle(medium, bundle, Twins(lambda: None))
    assert isinstance(refused, Refusal) and refused.code is RefusalCode.EXPORT_FAILED
    place = write_bundle(medium, bundle, Twins(lambda: world.twins))
    assert isinstance(place, Path)
    assert (place / BUNDLE).read_bytes() == sealed
