"""Tells what a manifest, fragment or package is, on one screen, and nothing that is secret."""

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.headquarters.prepare import check
from venue_server.vault.layout import MAGIC as FRAGMENT_MAGIC
from venue_server.vault.layout import read_header
from venue_server.vault.manifest import TYPE, PaperManifest
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import load_document, verify
from venue_server.wire.stream import MAGIC as STREAM_MAGIC

_MAX_DOCUMENT = 64 * 1024 * 1024
_SECRET_FORMATS = ("kaodian-keys/1",)


@dataclass
class Report:
    """``kind`` names the thing in both languages; ``ok`` is False when it is unusable."""

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    ok: bool = True


def inspect(path: Path, trusted: dict[str, Ed25519PublicKey]) -> Report:
    """Look at one file or folder. Raises OSError."""
    if path.is_dir():
        return _package(path)
    with path.open("rb") as file:
        head = file.read(8)
    if head == FRAGMENT_MAGIC:
        return _fragment(path)
    if head == STREAM_MAGIC:
        size = path.stat().st_size
        return Report("密文 sealed stream (ciphertext of a whole paper)", {"size": size})
    if zipfile.is_zipfile(path):
        return _package(path)
    return _document(path, trusted)


def _fragment(path: Path) -> Report:
    with path.open("rb") as file:
        found = read_header(file)
    if found is None:
        return Report("碎片（格式不正确） fragment, malformed", {}, ok=False)
    header, raw = found
    return Report(
        "碎片 fragment",
        {
            "package": header.package_id,
            "paper": f"{header.paper_id}/{header.form_id}",
            "fragment": f"{header.fragment} / {header.n}",
            "needed": header.k,
            "venues": ", ".join(sorted(header.shares)),
            "ciphertext": header.ciphertext_size,
            "size": path.stat().st_size,
            "header": len(raw),
        },
    )


def _document(path: Path, trusted: dict[str, Ed25519PublicKey]) -> Report:
    unknown = Report("未知文件 unknown file", {"size": path.stat().st_size}, ok=False)
    if path.stat().st_size > _MAX_DOCUMENT:
        return unknown
    document = load_document(path.read_bytes(), TYPE)
    if isinstance(document, Refusal):
        return unknown
    match document:
        case {"format": str(name)} if name in _SECRET_FORMATS:
            return Report("答案文件（仅限部考试中心） answer keys, headquarters only")
        case {"release_secret": _}:
            return Report("释放密钥（仅限部考试中心） release secret, headquarters only")
        case {"payload": {"type": str(kind)} as payload, "signatures": list()}:
            if kind == TYPE:
                return _manifest(document, payload, trusted)
            return Report(f"签名文件 signed document: {kind}")
    return unknown


def _manifest(
    document: dict[str, Any], payload: dict[str, Any], trusted: dict[str, Ed25519PublicKey]
) -> Report:
    try:
        manifest = msgspec.convert(payload, PaperManifest)
    except msgspec.ValidationError as error:
        return Report("清单（格式不正确） manifest, malformed", {"fault": str(error)}, ok=False)
    signatures = [str(s.get("key")) for s in document["signatures"] if isinstance(s, dict)]
    state = "not checked (--trust)"
    ok = True
    if trusted:
        result = verify(document, TYPE, trusted, min(2, len(trusted)))
        ok = not isinstance(result, Refusal)
        state = result.text("en") if isinstance(result, Refusal) else "valid"
    return Report(
        "清单 manifest",
        {
            "package": manifest.package_id,
            "paper": f"{manifest.paper_id}/{manifest.form_id}",
            "title": manifest.title,
            "subject": manifest.subject_code,
            "mode": manifest.mode.value,
            "classification": manifest.classification,
            "fragments": f"{manifest.k} / {manifest.n}",
            "files": ", ".join(entry.file for entry in manifest.fragments),
            "ciphertext": f"{manifest.ciphertext_size} B, {manifest.ciphertext_sha256}",
            "venues": ", ".join(sorted(manifest.venues)),
            "not before": _moment(manifest.not_before_ms),
            "release at": _moment(manifest.release_at_ms),
            "expires": _moment(manifest.expires_at_ms),
            "attestations missing": ", ".join(manifest.attestations.missing()) or "-",
            "signed by": ", ".join(signatures),
            "signatures": state,
        },
        ok,
    )


def _package(path: Path) -> Report:
    problems = check(path)
    blocking = [problem for problem in problems if problem.blocking]
    rules = Counter(problem.rule.value for problem in problems)
    return Report(
        "内容包 content package",
        {
            "problems": len(blocking),
            "notices": len(problems) - len(blocking),
            "rules": ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items())) or "-",
        },
        ok=not blocking,
    )


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
