"""``paper inspect`` of what sealing wrote: manifest, fragments, a form's folder, all forms."""

import hashlib
import json
from pathlib import Path

import msgspec

from venue_server.headquarters.inspect_report import Report, moment
from venue_server.headquarters.seal import (
    KEYS_NAME,
    MANIFEST_NAME,
    OWN_FOLDER,
    SECRET_NAME,
    VENUE_FOLDER,
)
from venue_server.vault.layout import read_header
from venue_server.vault.manifest import PaperManifest

_PIECE = 1024 * 1024


def inspect_manifest(path: Path, manifest: PaperManifest) -> Report:
    """A manifest with the fragments that lie beside it."""
    report = Report(
        "清单 manifest",
        {
            "package": manifest.package_id,
            "paper": f"{manifest.paper_id}/{manifest.form_id}",
            "title": manifest.title,
            "subject": manifest.subject_code,
            "mode": manifest.mode.value,
            "classification": manifest.classification,
            "declassified": "-"
            if manifest.declassify_at_ms is None
            else moment(manifest.declassify_at_ms),
            "fragments": f"{manifest.k} / {manifest.n}",
            "files": ", ".join(entry.file for entry in manifest.fragments),
            "ciphertext": f"{manifest.ciphertext_size} B, {manifest.ciphertext_sha256}",
            "venues": ", ".join(sorted(manifest.venues)),
            "not before": moment(manifest.not_before_ms),
            "release at": moment(manifest.release_at_ms),
            "expires": moment(manifest.expires_at_ms),
            "attestations missing": ", ".join(manifest.attestations.missing()) or "-",
            **_budget(manifest),
        },
    )
    faults = _fragment_faults(path.parent, manifest)
    good = manifest.n - len(faults)
    report.fields["fragments here"] = f"{good} / {manifest.n}"
    if good > 0:
        report.missing = [f"碎片 fragment {number}: {fault}" for number, fault in faults.items()]
    report.todo.append(_next(manifest, good))
    if manifest.attestations.missing():
        report.missing.append(
            f"核验声明 attestations: {', '.join(manifest.attestations.missing())}"
            "（LIVE 必需 a LIVE paper needs them）"
        )
    return report


def _budget(manifest: PaperManifest) -> dict[str, str]:
    budget = manifest.budget
    if budget is None:
        return {}
    text = ", ".join(f"{name} {value}" for name, value in msgspec.to_builtins(budget).items())
    return {"budget": text}


def _next(manifest: PaperManifest, good: int) -> str:
    if good == manifest.n:
        return (
            "经不同渠道送考点：清单与各碎片分开 send to the venues by different channels: "
            "manifest and fragments apart"
        )
    if good >= manifest.k:
        return f"已足 {manifest.k} 份，可以还原 {manifest.k} or more are here: enough"
    if good == 0:
        return (
            f"与至少 {manifest.k} 个碎片一起接收 take it in with {manifest.k} fragments or more: "
            "venue-server intake import"
        )
    return f"还缺 {manifest.k - good} 份 {manifest.k - good} more are needed: ask headquarters"


def _fragment_faults(folder: Path, manifest: PaperManifest) -> dict[int, str]:
    """What is wrong with each fragment beside the manifest, by number; every file is read."""
    faults: dict[int, str] = {}
    for entry in manifest.fragments:
        path = folder / Path(entry.file).name
        if not path.is_file():
            faults[entry.fragment] = f"{entry.file} 不在此处 is not here"
        elif path.stat().st_size != entry.size or _digest(path) != entry.sha256:
            faults[entry.fragment] = f"{entry.file} 已损坏 is damaged"
    return faults


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def inspect_fragment_file(path: Path) -> Report:
    """One fragment; its manifest is needed to judge it."""
    with path.open("rb") as file:
        found = read_header(file)
    if found is None:
        return Report(
            "碎片（格式不正确） fragment, malformed",
            {},
            ok=False,
            todo=["请部考试中心重新提供 ask headquarters for it again"],
        )
    header, raw = found
    report = Report(
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
    if (path.parent / MANIFEST_NAME).is_file():
        report.todo = [f"连同清单核对 check it with its manifest: paper inspect {MANIFEST_NAME}"]
    else:
        report.missing = [f"清单 the manifest {MANIFEST_NAME}"]
        report.todo = [
            f"与清单及另外至少 {header.k - 1} 个碎片一起接收 take it in with the manifest and "
            f"{header.k - 1} other fragments or more: venue-server intake import"
        ]
    return report


def is_sealed_folder(path: Path) -> bool:
    """True for what ``paper seal --out`` wrote, for one form or several, or its venue part."""
    return (path / MANIFEST_NAME).is_file() or bool(_forms(path))


def _forms(path: Path) -> list[Path]:
    if (path / VENUE_FOLDER / MANIFEST_NAME).is_file():
        return [path]
    return sorted(f for f in path.iterdir() if (f / VENUE_FOLDER / MANIFEST_NAME).is_file())


def inspect_sealed_folder(path: Path) -> Report:
    """All forms in a folder: what is there of each, in one line."""
    report = Report("封装结果 sealed forms", {})
    if (path / MANIFEST_NAME).is_file():
        _add_form(report, "venue", path, None)
    for form in _forms(path):
        _add_form(report, form.name, form / VENUE_FOLDER, form / OWN_FOLDER)
    report.ok = not report.missing
    if not report.ok:
        report.todo = ["补齐或重新封装 bring what is missing, or seal again"]
        return report
    if _forms(path):
        report.todo = [
            f"送考点：各 {VENUE_FOLDER}/ for the venues: {VENUE_FOLDER}/, by different channels",
            f"仅限部考试中心：各 {OWN_FOLDER}/ for headquarters only: {OWN_FOLDER}/",
        ]
    else:
        report.todo = ["经不同渠道送考点 send to the venues by different channels"]
    return report


def _add_form(report: Report, name: str, venue: Path, own: Path | None) -> None:
    manifest = _read(venue / MANIFEST_NAME)
    if manifest is None:
        report.missing.append(f"{name}: 清单无法读取 the manifest cannot be read")
        return
    faults = _fragment_faults(venue, manifest)
    report.missing += [f"{name}: {fault}" for fault in faults.values()]
    there = f"{manifest.n - len(faults)} / {manifest.n} 碎片 fragments"
    if own is not None:
        for file in (KEYS_NAME, SECRET_NAME):
            if not (own / file).is_file():
                report.missing.append(f"{name}: {OWN_FOLDER}/{file}")
        there += f", {len(list(own.glob('code-share-*.txt')))} 离线密码份额 code shares"
    title = f"{manifest.paper_id}/{manifest.form_id} {manifest.mode.value}"
    report.fields[name] = f"{title}, {there}, release {moment(manifest.release_at_ms)}"


def _read(path: Path) -> PaperManifest | None:
    """The manifest without a look at its signatures (``paper inspect manifest.json --trust``)."""
    try:
        return msgspec.convert(json.loads(path.read_bytes())["payload"], PaperManifest)
    except (ValueError, KeyError, TypeError):
        return None
