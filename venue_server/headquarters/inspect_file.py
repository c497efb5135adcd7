"""Tells what a file or folder of headquarters is, on one screen, and nothing that is secret."""

import zipfile
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.headquarters.inspect_keys import inspect_key
from venue_server.headquarters.inspect_package import inspect_package
from venue_server.headquarters.inspect_report import Report
from venue_server.headquarters.inspect_sealed import (
    inspect_fragment_file,
    inspect_manifest,
    inspect_sealed_folder,
    is_sealed_folder,
)
from venue_server.headquarters.package_source import MANIFEST as PACKAGE_MANIFEST
from venue_server.vault.layout import MAGIC as FRAGMENT_MAGIC
from venue_server.vault.manifest import TYPE, PaperManifest
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import load_document, verify
from venue_server.wire.stream import MAGIC as STREAM_MAGIC

_MAX_DOCUMENT = 64 * 1024 * 1024
_SECRET_TODO = (
    "仅限部考试中心，不得送考点 for headquarters only, never to a venue",
    "按密件保管 keep it as a secret document",
)
Keys = dict[str, Ed25519PublicKey]


def inspect(path: Path, trusted: Keys) -> Report:
    """Look at one file or folder. Raises OSError."""
    if path.is_dir():
        sealed = is_sealed_folder(path) and not (path / PACKAGE_MANIFEST).exists()
        return inspect_sealed_folder(path) if sealed else inspect_package(path)
    with path.open("rb") as file:
        head = file.read(8)
    if head == FRAGMENT_MAGIC:
        return inspect_fragment_file(path)
    if head == STREAM_MAGIC:
        return Report(
            "密文 sealed stream (ciphertext of a whole paper)",
            {"size": path.stat().st_size},
            todo=["整份密文不得作为一个文件传递 a whole paper never travels as one file (D01)"],
        )
    if zipfile.is_zipfile(path):
        return inspect_package(path)
    return inspect_key(path) or _document(path, trusted)


def _document(path: Path, trusted: Keys) -> Report:
    unknown = Report(
        "未知文件 unknown file",
        {"size": path.stat().st_size},
        ok=False,
        todo=["给出内容包、清单、碎片或密钥文件 give a package, manifest, fragment or key file"],
    )
    if path.stat().st_size > _MAX_DOCUMENT:
        return unknown
    document = load_document(path.read_bytes(), TYPE)
    if isinstance(document, Refusal):
        return unknown
    match document:
        case {"format": "kaodian-keys/1"}:
            return _key_document(document)
        case {"release_secret": _, "paper_id": paper, "form_id": form, "package_id": package}:
            return Report(
                "释放密钥（仅限部考试中心） release secret, headquarters only",
                {"package": package, "paper": f"{paper}/{form}"},
                todo=list(_SECRET_TODO),
            )
        case {"payload": {"type": str(kind)} as payload, "signatures": list()}:
            if kind == TYPE:
                return _manifest(path, document, payload, trusted)
            return Report(f"签名文件 signed document: {kind}", {"size": path.stat().st_size})
    return unknown


def _key_document(document: dict[str, Any]) -> Report:
    form = document.get("form", {})
    return Report(
        "答案文件（仅限部考试中心） answer keys, headquarters only",
        {
            "package": document.get("package_id", "-"),
            "paper": f"{document.get('paper_id')}/{document.get('form_id')}",
            "items": len(document.get("items", {})),
            "files with keys": len(document.get("files", [])),
            "not selected in this form": len(form.get("not_selected", [])),
            "item order per candidate": ", ".join(form.get("shuffled_for_each_candidate", []))
            or "-",
        },
        todo=list(_SECRET_TODO),
    )


def _manifest(
    path: Path, document: dict[str, Any], payload: dict[str, Any], trusted: Keys
) -> Report:
    try:
        manifest = msgspec.convert(payload, PaperManifest)
    except msgspec.ValidationError as error:
        return Report(
            "清单（格式不正确） manifest, malformed",
            {"fault": str(error)},
            ok=False,
            todo=["请部考试中心重新提供清单 ask headquarters for the manifest again"],
        )
    report = inspect_manifest(path, manifest)
    signatures = [str(s.get("key")) for s in document["signatures"] if isinstance(s, dict)]
    state = "not checked (--trust)"
    if trusted:
        result = verify(document, TYPE, trusted, min(2, len(trusted)))
        report.ok = not isinstance(result, Refusal)
        state = result.text("en") if isinstance(result, Refusal) else "valid"
        if isinstance(result, Refusal):
            report.todo = [f"不得使用 do not use it: {result.text('zh')}"]
    report.fields |= {"signed by": ", ".join(signatures), "signatures": state}
    return report
