"""The frozen export of a station's journals, and the key it was signed with.

    python -m tests.evidence.station_export FOLDER      a new one, by the product, to look at

``station-export-1/`` was made by it once and never changes: a reader that does not take it in any
more has changed the format. The key protects nothing else.
"""

import datetime
import json
import shutil
import sys
import tempfile
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from candidate_station.answers.export import export_journals
from candidate_station.answers.shelf import Shelf
from venue_server.client.identity import MachineIdentity
from venue_server.wire.canonical import b64, canonical, sha256_hex
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.signed import signed_bytes
from venue_server.wire.station_export import ReadExport, read_statement

FROZEN = Path(__file__).with_name("station-export-1")
MACHINE, SITTING = "station-0123456789ab", "am.101"
DAY = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)


@cache
def identity() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and a certificate of the form that a venue gives its stations; always the same key."""
    key = ec.derive_private_key(int.from_bytes(b"kaodian evidence station"), ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, MACHINE)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(DAY)
        .not_valid_after(DAY + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def signed(payload: dict[str, Any]) -> bytes:
    """Whatever somebody who has a station's key would sign."""
    signature = identity()[0].sign(signed_bytes(payload), ec.ECDSA(hashes.SHA256()))
    name = sha256_hex(b64decode(str(payload.get("certificate", ""))))
    return canonical({"payload": payload, "signatures": [{"key": name, "sig": b64(signature)}]})


def saved_identity(folder: Path) -> Path:
    """The same as a station keeps it on its disk."""
    key, certificate = identity()
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    cert_pem = certificate.public_bytes(pem).decode()
    MachineIdentity(
        folder, "station", MACHINE, "server", cert_pem, cert_pem, private.decode(), b"", (), 1
    ).save()
    return folder


def journalled(data: Path, texts: str = "abcd", sitting_id: str = SITTING) -> list[ResponseEntry]:
    """A station's data folder with the journal of one sitting; its entries."""
    entries: list[ResponseEntry] = []
    head = genesis(sitting_id)
    for number, text in enumerate(texts, 1):
        at_ms = int(DAY.timestamp() * 1000) + number
        values = {"RESPONSE": [text]}
        body = ResponseEntry(sitting_id, number, "response", f"Q{number}", values, {}, at_ms, head)
        entries.append(seal_entry(body))
        head = entries[-1].hash
    shelf = Shelf(data)
    shelf.open(sitting_id)
    shelf.append(sitting_id, tuple(entries))
    shelf.close_all()
    return entries


def make(folder: Path) -> None:
    """One more, with what a reader has to find in it."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        journalled(data)
        own = saved_identity(data / "identity")
        done = export_journals(data, own, Path(scratch), int(DAY.timestamp() * 1000))
        shutil.copytree(done.folder, folder)
    found = read_statement((folder / "export.json").read_bytes())
    assert isinstance(found, ReadExport)
    expected = {"cert_sha256": found.cert_sha256, "said": msgspec.to_builtins(found.said)}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
