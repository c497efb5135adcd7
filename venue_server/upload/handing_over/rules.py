"""When sealed bundles may go by hand, and what the record of it must hold (F18, L09). Pure.

The line comes first: nothing is exported before an upload was tried, and nothing after the receipt
came. Whoever carries the medium can open nothing; what the record protects is that nobody can say
later that it was never given or never received.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from venue_server.intake.custody.media import FoundMedium, Medium, may_read
from venue_server.sitting.identity import masked
from venue_server.wire.names import DataState, Mode
from venue_server.wire.refusals import Refusal, RefusalCode

HAND_OVER_TYPE = "kaodian.hand-over"
MIN_PEOPLE = 2
_SENT = (DataState.UPLOADED, DataState.WIPED)


class HandOverState(StrEnum):
    """How far one session's sealed bundle came by hand. CONFIRMED: headquarters' receipt counted,
    whichever way the bundle or the receipt travelled."""

    NONE = "NONE"
    EXPORTED = "EXPORTED"
    HANDED_OVER = "HANDED_OVER"
    CONFIRMED = "CONFIRMED"


@dataclass(frozen=True)
class Export:
    """One bundle on one medium, written and read back."""

    export_id: str
    session_id: str
    bundle_id: str
    sha256: str
    size: int
    medium_id: str
    medium_label: str
    folder: str
    at_ms: int
    persons: tuple[str, str]


@dataclass(frozen=True)
class Receiver:
    """Somebody of headquarters' side who takes the medium. ``document``: the number of the document
    they showed; it stands in the signed record only, masked everywhere else (O08)."""

    name: str
    unit: str
    document: str


@dataclass(frozen=True)
class HandOverAct:
    """What was done at the table. ``givers``: person id and name of both who signed."""

    session_ids: tuple[str, ...]
    medium_label: str
    reference: str
    seal_no: str
    givers: tuple[tuple[str, str], ...]
    receivers: tuple[Receiver, ...]
    place: str = ""
    note: str = ""


TRIED_MS = 30 * 60_000
"""How long a first attempt that neither ends nor fails counts as one under way: a line that takes
longer for a bundle is a line that stays down."""


def may_export(
    session_id: str, state: DataState | None, attempts: int, sealed_for_ms: int = 0
) -> Refusal | None:
    """SES-01 not sealed, HND-01 the receipt is here, HND-02 no upload failed yet, and the first one
    has not dripped for long."""
    if state in _SENT:
        return Refusal(RefusalCode.RECEIVED_ALREADY, session_id)
    dripping = attempts == 0 and sealed_for_ms < TRIED_MS
    if state is DataState.SEALED or (state is DataState.UPLOADING and dripping):
        return Refusal(RefusalCode.UPLOAD_NOT_TRIED, session_id)
    if state is not DataState.UPLOADING:
        return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
    return None


def may_carry(
    found: FoundMedium | None, registered: Medium | None, person: str, now_ms: int, mode: Mode
) -> Refusal | None:
    """May ``person`` write sealed bundles to this medium now? As for reading papers (D03), only
    that a LIVE venue never writes to a folder that is no registered medium. MED-01 to MED-04."""
    refusal = may_read(found, registered, person, now_ms, mode, agreed=False)
    if refusal is not None and refusal.code is RefusalCode.FOLDER_NOT_AGREED:
        return Refusal(RefusalCode.MEDIUM_UNREGISTERED)
    return refusal


def may_hand_over(act: HandOverAct) -> Refusal | None:
    """HND-05 with what the record lacks: two who give, two others who receive, all named."""
    wrong = _lacking(act)
    return Refusal(RefusalCode.HAND_OVER_LACKS, wrong) if wrong else None


def _lacking(act: HandOverAct) -> str:
    if not act.session_ids or len(set(act.session_ids)) != len(act.session_ids):
        return "sessions"
    for name in ("medium_label", "reference", "seal_no"):
        if not getattr(act, name).strip():
            return name
    if len({person for person, _name in act.givers}) < MIN_PEOPLE:
        return f"givers < {MIN_PEOPLE}"
    if any(
        not all(part.strip() for part in (each.name, each.unit, each.document))
        for each in act.receivers
    ):
        return "receivers: name, unit, document"
    if len({_squeezed(each.document).upper() for each in act.receivers}) < MIN_PEOPLE:
        return f"receivers < {MIN_PEOPLE}"
    givers = {_squeezed(name) for _person, name in act.givers}
    if any(_squeezed(each.name) in givers for each in act.receivers):
        return "nobody stands on both sides"
    return ""


def _squeezed(text: str) -> str:
    return "".join(text.split())


def hand_over_payload(
    hand_over_id: str, venue_id: str, at_ms: int, act: HandOverAct, exports: Sequence[Export]
) -> dict[str, Any]:
    """The record that the venue signs (docs/answer-bundle.md)."""
    return {
        "type": HAND_OVER_TYPE,
        "version": "1.0",
        "hand_over_id": hand_over_id,
        "venue_id": venue_id,
        "at_ms": at_ms,
        "reference": act.reference.strip(),
        "place": act.place.strip(),
        "note": act.note.strip(),
        "medium": {
            "medium_id": exports[0].medium_id,
            "label": act.medium_label,
            "seal_no": act.seal_no.strip(),
        },
        "givers": [{"person_id": person, "name": name} for person, name in act.givers],
        "receivers": [
            {"name": each.name.strip(), "unit": each.unit.strip(), "document": each.document}
            for each in act.receivers
        ],
        "bundles": [
            {
                "session_id": each.session_id,
                "bundle_id": each.bundle_id,
                "sha256": each.sha256,
                "size": each.size,
                "exported_at_ms": each.at_ms,
            }
            for each in exports
        ],
    }


def masked_record(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The record as it is shown and printed: no whole document number (O08)."""
    receivers = [{**one, "document": masked(one["document"])} for one in payload["receivers"]]
    return {**payload, "receivers": receivers}
