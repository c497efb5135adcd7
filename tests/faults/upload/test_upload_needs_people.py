"""What no retry mends is told at once; a line that is merely down is not (F18, L09)."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import init_headquarters, load_headquarters
from venue_server.headquarters.service_receipts import Venue, register_venue
from venue_server.upload.handing_over.service import HandingOver, HandOverSettings
from venue_server.upload.outcome import Uploaded
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.canonical import b64
from venue_server.wire.names import DataState, Mode


def alarms(world: Any) -> list[Alarm]:
    settings = HandOverSettings(
        venue_id="V1",
        mode=Mode.REHEARSAL,
        signing=world.signing,
        records=world.root / "records",
        medium_of=lambda _folder: None,
    )
    by_hand = HandingOver(world.store, world.ledger, settings, lambda: world.now_ms)
    return by_hand.alarms()


async def test_f18_a_line_that_is_down_is_no_alarm_before_four_hours(world: Any, kit: Any) -> None:
    await world.sealed()
    await world.upload.upload(kit.SESSION)
    assert alarms(world) == []
    world.now_ms += 4 * 3_600_000
    assert [each.code for each in alarms(world)] == [AlarmCode.UPLOAD_STAYS_OUT]


async def test_l08_a_bundle_that_headquarters_refuses_is_told_at_once(
    world: Any, service: int, kit: Any
) -> None:
    """Its venue's key is not the one headquarters knows; once it is, the alarm goes by itself."""
    data = world.headquarters.data_dir
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    register_venue(data, Venue("V1", b64(other)))
    await world.sealed()
    await world.upload.upload(kit.SESSION)
    (alarm,) = alarms(world)
    assert alarm.code is AlarmCode.UPLOAD_REFUSED
    assert alarm.args["session"] == kit.SESSION and "DOC-04" in alarm.args["why"]
    assert "联系总部" in alarm.text("zh") and "call headquarters" in alarm.text("en")
    own = world.signing.public_key().public_bytes_raw()
    register_venue(data, Venue("V1", b64(own)))
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)
    assert alarms(world) == []


async def test_l01_another_server_is_told_at_once(world: Any, kit: Any, tmp_path: Path) -> None:
    await world.sealed()
    impostor = init_headquarters(tmp_path / "impostor")
    async with serving(impostor, HeadquartersClock(1.0, kit.NOW_MS)) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        await world.upload.upload(kit.SESSION)
    (alarm,) = alarms(world)
    assert alarm.code is AlarmCode.UPLOAD_REFUSED and "SES-07" in alarm.args["why"]


async def test_l08_a_bundle_of_which_no_sound_copy_is_left_is_told_at_once(
    world: Any, service: int, kit: Any
) -> None:
    await world.sealed()
    world.upload.bundle(kit.SESSION).bundle.file.unlink()
    await world.upload.upload(kit.SESSION)
    (alarm,) = alarms(world)
    assert alarm.code is AlarmCode.UPLOAD_REFUSED and "differs" in alarm.args["why"]


@pytest.mark.parametrize("gone", ["sealed to a key that was taken away", "to one that was kept"])
async def test_o06_a_bundle_sealed_to_an_earlier_key_of_headquarters(
    world: Any, kit: Any, gone: str
) -> None:
    """The key was exchanged between sealing and upload: with the earlier one kept it opens, without
    it the bundle is refused, and stays at the venue until somebody can open it."""
    await world.sealed()
    keys = world.headquarters.data_dir / "keys"
    earlier = keys / "bundle-1.hpke"
    (keys / "bundle.hpke").rename(earlier)
    fresh = init_headquarters(world.root / "fresh").data_dir / "keys" / "bundle.hpke"
    fresh.rename(keys / "bundle.hpke")
    put_away = world.root / "bundle-1.hpke"
    if gone == "sealed to a key that was taken away":
        earlier.rename(put_away)
    for attempt in (1, 2):
        exchanged = load_headquarters(world.headquarters.data_dir)
        async with serving(exchanged, HeadquartersClock(1.0, kit.NOW_MS)) as port:
            world.base_url = f"https://127.0.0.1:{port}/"
            world.configure()
            done = await world.upload.upload(kit.SESSION)
        if attempt == 1 and put_away.exists():
            assert not isinstance(done, Uploaded) and "another key" in done.problem
            assert world.state() is DataState.UPLOADING
            assert world.upload.bundle(kit.SESSION).bundle.file.exists()
            put_away.rename(earlier)
            continue
        assert isinstance(done, Uploaded)
        break
