"""This project and a second reader judge every evidence bundle alike, as the table says (L03)."""

import ast
import json
import os
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.evidence import make_bundles, second_bundle_reader
from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.headquarters.service_receipts import ReceiptDesk, Venue, register_venue
from venue_server.headquarters.service_uploads import Upload, UploadInfo, UploadShelf
from venue_server.storage.files import sha256_file
from venue_server.upload.opening import named_venue, open_bundle, read_envelope
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64
from venue_server.wire.receipt_code import receipt_code
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import public_keys

FOLDER = make_bundles.FOLDER
TABLE: dict[str, Any] = json.loads((FOLDER / "table.json").read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in TABLE["cases"]}
PRIVATE = hpke.from_private_raw(unb64(TABLE["headquarters_private_test_only"]))
# What can only be seen inside: an envelope is sound where the venue sealed nonsense.
INSIDE = {"SIT-05", "LED-01"}


def keys_of(path: Path) -> Any:
    public = TABLE["venues"].get(named_venue(path))
    return public_keys([public] if public else [])


@pytest.mark.parametrize("name", CASES)
def test_l03_both_readers_judge_every_case_as_the_table_says(name: str) -> None:
    case = CASES[name]
    path = FOLDER / case["file"]
    opened = open_bundle(path, PRIVATE, keys_of(path))
    code, found = second_bundle_reader.judge(FOLDER, case, TABLE)
    assert code == case["ends"]
    if isinstance(opened, Refusal):
        assert opened.code.value == case["ends"]
        assert opened.text("zh") and opened.text("en")
        return
    assert case["ends"] == "OPENS"
    ours = {
        "bundle_id": opened.header["bundle_id"],
        "sittings": [
            {
                "sitting_id": each.head.sitting_id,
                "seq": each.head.seq,
                "head": each.head.head,
                "code": receipt_code(each.head.head),
            }
            for each in opened.sittings
        ],
        "answers": {each.head.sitting_id: each.answers for each in opened.sittings},
    }
    assert ours == found == TABLE["expected"]


@pytest.mark.parametrize("name", CASES)
def test_l03_looking_from_outside_never_contradicts_opening(name: str) -> None:
    """What the envelope refuses, opening refuses with the same code."""
    path = FOLDER / CASES[name]["file"]
    seen = read_envelope(path, keys_of(path))
    if isinstance(seen, Refusal):
        assert seen.code.value == CASES[name]["ends"]
    if CASES[name]["ends"] in {"OPENS", *INSIDE}:
        assert isinstance(seen, dict)


@pytest.mark.parametrize("name", CASES)
def test_l08_headquarters_gives_a_receipt_to_sound_bundles_only(
    name: str, headquarters: HeadquartersKeys, tmp_path: Path
) -> None:
    """Through the desk that takes uploads, with every venue of the table registered."""
    keys = HeadquartersKeys(
        headquarters.data_dir, headquarters.signing, PRIVATE, headquarters.certificate_pem
    )
    for venue, public in TABLE["venues"].items():
        register_venue(keys.data_dir, Venue(venue, public))
    desk = ReceiptDesk(keys, UploadShelf(keys.data_dir), lambda: 1)
    came = tmp_path / "came"
    came.write_bytes((FOLDER / CASES[name]["file"]).read_bytes())
    bundle_id = TABLE["expected"]["bundle_id"]
    size = came.stat().st_size
    desk.take(Upload("0" * 32, UploadInfo(size, bundle_id, sha256_file(came)), size, came))
    receipt, refusal = desk.receipt(bundle_id), desk.refusal(bundle_id)
    if CASES[name]["ends"] == "OPENS":
        assert receipt is not None and refusal is None
        listed = json.loads(receipt)["payload"]["sittings"]
        wanted = [
            {key: one[key] for key in ("sitting_id", "seq", "head")}
            for one in TABLE["expected"]["sittings"]
        ]
        assert listed == wanted
    else:
        assert receipt is None and refusal is not None
        assert json.loads(refusal)["code"] == CASES[name]["ends"]


def test_the_folder_is_what_its_script_makes() -> None:
    assert make_bundles.differing() == []


def test_the_second_reader_shares_no_code_with_the_project() -> None:
    source = Path(second_bundle_reader.__file__).read_text(encoding="utf-8")
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported - sys.stdlib_module_names == {"cryptography", "rfc8785"}


def test_y05_results_in_the_sound_bundle_are_qti_results_reporting() -> None:
    """Validated against the published schema, read from the bundle by the second reader."""
    folder = os.environ.get("KAODIAN_QTI_XSD")
    if not folder:
        pytest.skip("KAODIAN_QTI_XSD names no folder with the QTI 3.0 schemas")
    venues = {name: unb64(key) for name, key in TABLE["venues"].items()}
    raw = (FOLDER / "sound.kdbundle").read_bytes()
    payload, stream = second_bundle_reader.header_of(raw, venues)
    private = unb64(TABLE["headquarters_private_test_only"])
    plain = second_bundle_reader.plain_of(payload, stream, private)
    (file,) = Path(folder).rglob("imsqti_resultv3p0_v1p0.xsd")
    schema = etree.XMLSchema(etree.parse(file))
    with zipfile.ZipFile(BytesIO(plain)) as archive:
        results = [name for name in archive.namelist() if name.startswith("results/")]
        assert len(results) == 3
        for name in results:
            schema.assertValid(etree.fromstring(archive.read(name)))
