"""How long each thing is kept, from when, and whether it may go; destruction's files (M01-M07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from venue_server.backup.archive import SUFFIX
from venue_server.backup.service import BackupTarget
from venue_server.backup.store import read_copies
from venue_server.gateway.closing import Closing
from venue_server.gateway.status_page import BAD, OK, WAIT, Row
from venue_server.records.retention import Retention, day_of, why_not_destroyed
from venue_server.sitting.rows import Session
from venue_server.storage.engine import Store
from venue_server.storage.files import stamped
from venue_server.upload.destruction import Destruction, Document
from venue_server.upload.store import earlier_versions, read_bundle
from venue_server.upload.twin import DAMAGED
from venue_server.wire.certificate_texts import WHAT, kept_words
from venue_server.wire.close_texts import class_texts, kept_texts
from venue_server.wire.refusals import Refusal

ANSWERS, RECORDS = "answers", "records"
_KEPT = (
    {"name": "ledger", "why": "操作记录与校验码 / the record of acts, and the digests"},
    {"name": "append-only tables", "why": "只增不删，密文无密钥 / append-only; ciphertext, no key"},
)
_BACKUPS = {
    "name": "backup media",
    "why": "含电子记录，随记录销毁 / they hold the records too, and go with them",
}


@dataclass(frozen=True)
class KeptFiles:
    """The files of one kind of a session by name; ``by_hand``: media that are not here."""

    files: dict[str, Path]
    by_hand: list[str]


class KeptThings:
    """What is there of a session, and what may be destroyed of it."""

    def __init__(
        self, closing: Closing, store: Store, data: Path, targets: Sequence[BackupTarget]
    ) -> None:
        self._closing = closing
        self._store = store
        self._data = data
        self._targets = {each.label: each for each in targets}

    def retention(self, session_id: str) -> list[Retention]:
        """What applies, evidence that is held included (V07)."""
        found = self._closing.exports.keeping.of_session(session_id)
        if not self._closing.parts.sources.held(session_id):
            return found
        held = "证据保全 / evidence is held"
        return [
            each if each.hold else Retention(each.what, each.classes, each.months, each.until, held)
            for each in found
        ]

    def files(self, session_id: str, what: str) -> KeptFiles:
        """Blocking. Answers: every version of the sealed bundle, and the escrows that alone open
        what is left as ciphertext. Records: exports, and the backups, which hold them too."""
        name = quote(session_id, safe="")
        if what == ANSWERS:
            here = self._bundles(session_id, self._data / "outbox")
            bundles = {f"bundle {each.name}": each for each in here}
            escrow = f"answers-{session_id}.escrow"
            second = self._closing.session_wiping.second
            there = self._bundles(session_id, second / "outbox")
            twins = {f"second copy {each.name}": each for each in there}
            return KeptFiles({**bundles, **twins, f"second copy {escrow}": second / escrow}, [])
        exports = stamped(self._data / "exports", name, ".json")
        files = {f"export {each.name}": each for each in exports}
        by_hand: list[str] = []
        for copy in self._store.read(lambda tx: read_copies(tx, session_id)):
            target = self._targets.get(copy.target)
            if target is None or target.problem() is not None:
                by_hand.append(f"backup {copy.target} {copy.sha256}")
                continue
            archives = stamped(target.folder, name, SUFFIX)
            files |= {f"backup {copy.target} {each.name}": each for each in archives}
        return KeptFiles(files, by_hand)

    def _bundles(self, session_id: str, folder: Path) -> list[Path]:
        """Every version, as it was remembered, and what was set aside of it as damaged; what lies
        beside them is another session's."""
        row = self._store.read(lambda tx: read_bundle(tx, session_id))
        earlier = self._store.read(lambda tx: earlier_versions(tx, session_id))
        names = [each.file.name for each in earlier] + ([row.bundle.file.name] if row else [])
        files = [folder / f"{name}{kind}" for name in names for kind in ("", DAMAGED)]
        return [each for each in files if each.exists()]

    def judged(self, session: Session, what: str, now_ms: int) -> Refusal | None:
        """Why this may not be destroyed now; None when it may."""
        (kept,) = [each for each in self.retention(session.session_id) if each.what == what]
        code = why_not_destroyed(kept, now_ms)
        return None if code is None else Refusal(code, f"{what} {kept.until or ''}".strip())

    def why(self, session_id: str, what: str, now_ms: int) -> dict[str, Any]:
        """Class and dates as they stand, for the certificate."""
        (kept,) = [each for each in self.retention(session_id) if each.what == what]
        published_ms = self._closing.exports.keeping.published_ms(session_id)
        return {
            "classes": [each.value for each in kept.classes],
            "months": kept.months,
            "from": day_of(published_ms) if published_ms else None,
            "until": kept.until,
            "judged_on": day_of(now_ms),
        }

    def listed(
        self, session: Session, destruction: Destruction, now_ms: int
    ) -> list[dict[str, Any]]:
        """Every kind of a session, as one line each."""
        session_id = session.session_id
        published_ms = self._closing.exports.keeping.published_ms(session_id)
        return [
            {
                "session_id": session_id,
                **each.as_dict(),
                "from": day_of(published_ms) if published_ms else None,
                "purgeable": why_not_destroyed(each, now_ms) is None,
                "destroyed": destruction.certificate(session_id, each.what) is not None,
                "begun": destruction.begun(session_id, each.what),
            }
            for each in self.retention(session_id)
        ]


def list_view(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer to GetRetention."""
    return {
        "things": list(lines),
        "sections": [{"title": "保管期限 / retention", "rows": [_row(each) for each in lines]}],
    }


def _row(line: dict[str, Any]) -> Row:
    label, value = kept_texts(line["what"], line["months"], line["until"] or "", bool(line["hold"]))
    begin = f"[{line['session_id']}] {'+'.join(line['classes'])} {line['from'] or '?'}"
    if line["destroyed"]:
        return [f"{begin} {label}", "已销毁 / destroyed", OK]
    if line["begun"]:
        return [f"{begin} {label}", "销毁未完成，须继续 / destruction begun, go on", BAD]
    if line["purgeable"]:
        return [f"{begin} {label}", "已到期，可由两人销毁 / due; two people may destroy", WAIT]
    return [f"{begin} {label}", value, OK]


def destruction_view(
    document: Document, signed: dict[str, Any], names: dict[str, str]
) -> dict[str, Any]:
    """The certificate with its signed form, and as facts to be printed and signed by hand."""
    why = document["why"]
    rows: list[Row] = [
        ["场次 / session", document["session_id"], OK],
        ["内容 / what", WHAT[document["what"]], OK],
        ["类别 / class", _class_row(why), OK],
        ["期限 / period", f"{why['from']} - {why['until']}", OK],
        ["方式 / method", document["method"], OK],
        ["依据 / reference", document["reference"], OK],
        *(
            ["已销毁 / destroyed", f"{each['name']} {each['sha256']}", OK]
            for each in document["items"]
        ),
        *(["人工销毁 / destroyed by hand", each, WAIT] for each in document["by_hand"]),
        *(["保留及原因 / kept, and why", kept_words(each), OK] for each in document["kept"]),
        *(
            ["签名 / signature", f"{names.get(each, '')} {each} ____________", OK]
            for each in document["persons"]
        ),
    ]
    return {
        "certificate": document,
        "signed": signed,
        "sections": [{"title": "销毁证书 / certificate of destruction", "rows": rows}],
    }


def _class_row(why: Mapping[str, Any]) -> str:
    chinese, english = class_texts(why["classes"])
    return f"{chinese}，{why['months']}个月 / {english}, {why['months']} months"


def kept_reasons(what: str) -> tuple[dict[str, str], ...]:
    """What a destruction leaves, and why."""
    return (*_KEPT, _BACKUPS) if what == ANSWERS else _KEPT
