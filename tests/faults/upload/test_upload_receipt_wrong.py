"""Headquarters' receipt is forged, partial or for something else (L08): nothing counts."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.receipts import receipt_payload
from venue_server.wire.canonical import canonical
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import sign


def forged(world, kit, how: str) -> bytes:
    bundle = world.upload.bundle(kit.SESSION).bundle
    heads, sha256, bundle_id = list(bundle.sittings), bundle.sha256, bundle.bundle_id
    keys = world.headquarters.signing
    match how:
        case "partial":
            heads = heads[:-1]
        case "shorter":
            heads[0] = replace(heads[0], seq=heads[0].seq - 1)
        case "other answers":
            heads[0] = replace(heads[0], head="0" * 64)
        case "one twice":
            heads[1] = heads[0]
        case "other bytes":
            sha256 = "0" * 64
        case "other bundle":
            bundle_id = "0" * 32
        case "one signature":
            keys = keys[:1]
        case "one key twice":
            keys = [keys[0], keys[0]]
        case "foreign keys":
            keys = [Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
    payload = receipt_payload(bundle_id, sha256, heads, kit.NOW_MS)
    if how == "other type":
        payload["type"] = "kaodian.time"
    document = sign(payload, keys)
    if how == "changed after signing":
        document["payload"]["received_at_ms"] += 1
    return b"{" if how == "not json" else canonical(document)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("partial", RefusalCode.RECEIPT_MISMATCH),
        ("shorter", RefusalCode.RECEIPT_MISMATCH),
        ("other answers", RefusalCode.RECEIPT_MISMATCH),
        ("one twice", RefusalCode.RECEIPT_MISMATCH),
        ("other bytes", RefusalCode.RECEIPT_MISMATCH),
        ("other bundle", RefusalCode.RECEIPT_MISMATCH),
        ("one signature", RefusalCode.SIGNATURE_INVALID),
        ("one key twice", RefusalCode.SIGNATURE_INVALID),
        ("foreign keys", RefusalCode.SIGNATURE_INVALID),
        ("changed after signing", RefusalCode.SIGNATURE_INVALID),
        ("other type", RefusalCode.DOCUMENT_WRONG_TYPE),
        ("not json", RefusalCode.DOCUMENT_MALFORMED),
    ],
)
async def test_l08_a_wrong_receipt_changes_nothing_and_the_right_one_counts(
    world, service, kit, how: str, code: RefusalCode
) -> None:
    await world.sealed()
    bundle = world.upload.bundle(kit.SESSION).bundle
    planted = world.headquarters.data_dir / "receipts" / f"{bundle.bundle_id}.json"
    planted.write_bytes(forged(world, kit, how))
    outcome = await world.upload.upload(kit.SESSION)
    assert isinstance(outcome, Refusal)
    assert outcome.code is code
    assert world.state() is DataState.UPLOADING
    assert world.upload.bundle(kit.SESSION).receipt is None
    planted.unlink()
    assert isinstance(await world.upload.upload(kit.SESSION), Uploaded)


async def test_l08_a_bundle_of_an_unknown_venue_gets_no_receipt(world, service, kit) -> None:
    for file in (world.headquarters.data_dir / "venues").iterdir():
        file.unlink()
    await world.sealed()
    pending = await world.upload.upload(kit.SESSION)
    assert isinstance(pending, UploadPending)
    assert "DOC-04" in pending.problem
    assert world.upload.bundle(kit.SESSION).upload_url is None
