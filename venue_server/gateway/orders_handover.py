"""Orders about sealed answers that go by hand (F18, L09)."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.upload.handing_over.rules import (
    HandOverAct,
    HandOverState,
    Receiver,
    masked_record,
)
from venue_server.upload.handing_over.service import HandingOver, Standing
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.handover_orders import (
    ExportBundle,
    GetHandOvers,
    HandOverBundles,
    TakeReceipts,
)
from venue_server.wire.refusals import Refusal
from venue_server.wire.upload_texts import upload_trouble

Answer = Result | Refusal
_BEIJING = timezone(timedelta(hours=8))
STATE_TEXTS = {
    HandOverState.NONE: "未导出 / not exported",
    HandOverState.EXPORTED: "已导出，待移交 / exported, to be handed over",
    HandOverState.HANDED_OVER: "已移交，待回执 / handed over, receipt to come",
    HandOverState.CONFIRMED: "已取得回执 / receipt here",
}

_FAILED = "{0} 次未成：{1} / {0} attempts failed: {2}"
_MATCHES = "{0} 人相符 / {0} persons match"


class HandOverOrders:
    """Thin: permission was checked at the desk, the rules are in ``upload/handing_over``."""

    def __init__(self, closing: Closing, handing_over: HandingOver) -> None:
        self._closing = closing
        self._handing_over = handing_over

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "ExportBundle": self._export,
            "HandOverBundles": self._hand_over,
            "TakeReceipts": self._take,
            "GetHandOvers": self._standing,
        }

    async def _export(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, ExportBundle)
        assert ordered.second is not None, "the desk saw to it"
        done = await self._handing_over.export(
            message.session_id,
            Path(message.folder.strip()),
            ordered.person.person_id,
            ordered.second.person_id,
        )
        if isinstance(done, Refusal):
            return done
        return {
            "export_id": done.export_id,
            "session_id": done.session_id,
            "bundle_id": done.bundle_id,
            "sha256": done.sha256,
            "size": done.size,
            "medium": done.medium_label,
            "folder": done.folder,
        }

    async def _hand_over(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, HandOverBundles)
        assert ordered.second is not None, "the desk saw to it"
        both = (ordered.person, ordered.second)
        done = await self._handing_over.hand_over(
            HandOverAct(
                session_ids=tuple(message.session_ids),
                medium_label=message.medium.strip(),
                reference=message.reference,
                seal_no=message.seal_no,
                givers=tuple((each.person_id, each.name) for each in both),
                receivers=tuple(
                    Receiver(each.name, each.unit, each.document) for each in message.receivers
                ),
                place=message.place,
                note=message.note,
            )
        )
        if isinstance(done, Refusal):
            return done
        return {
            "hand_over_id": done.hand_over_id,
            "file": str(done.file),
            "on_medium": done.on_medium,
            "record": masked_record(done.document["payload"]),
        }

    async def _take(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, TakeReceipts)
        done = await self._handing_over.take_receipts(
            Path(message.path.strip()), ordered.person.person_id, self._closing.uploads
        )
        if isinstance(done, Refusal):
            return done
        refused = [each for each in done.values() if isinstance(each, Refusal)]
        if len(refused) == len(done):
            return refused[0]
        return {
            "sections": [
                {
                    "title": "回执 / receipts",
                    "rows": [
                        [session, f"{each.text('zh')} / {each.text('en')}", "bad"]
                        if isinstance(each, Refusal)
                        else [session, _MATCHES.format(each.sittings), "ok"]
                        for session, each in done.items()
                    ],
                }
            ],
            "confirmed": [one for one, each in done.items() if not isinstance(each, Refusal)],
        }

    async def _standing(self, _ordered: Ordered, message: ConsoleMessage) -> Answer:
        assert isinstance(message, GetHandOvers)
        found = self._handing_over.standing()
        return {
            "sections": [{"title": each.session_id, "rows": _rows(each)} for each in found],
            "sessions": [_document(each) for each in found],
        }


def _when(at_ms: int) -> str:
    """``2026-11-22 09:00``, in Beijing time as everywhere people look."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_BEIJING):%Y-%m-%d %H:%M}"


def _rows(each: Standing) -> list[list[str]]:
    row = each.bundle
    here = each.state is HandOverState.CONFIRMED
    mark = {HandOverState.CONFIRMED: "ok", HandOverState.HANDED_OVER: "ok"}.get(each.state, "wait")
    failed = _FAILED.format(row.attempts, *upload_trouble(row.last_problem))
    line = failed if row.attempts else "—"
    rows = [
        ["现状 / state", STATE_TEXTS[each.state], mark],
        ["上报 / upload", "已完成 / done" if here else line, "ok" if here else "wait"],
    ]
    rows += [
        [
            "导出 / exported",
            f"{_when(one.at_ms)} · {one.medium_label} · {one.sha256[:16]} · "
            f"{'+'.join(one.persons)}",
            "ok",
        ]
        for one in each.exports
    ]
    rows += [_record_row(record["payload"]) for record in each.records]
    return rows


def _record_row(payload: dict[str, object]) -> list[str]:
    shown = masked_record(payload)
    gave = ", ".join(one["name"] for one in shown["givers"])
    took = ", ".join(
        f"{one['name']} ({one['unit']}, {one['document']})" for one in shown["receivers"]
    )
    medium = shown["medium"]
    return [
        "移交 / handed over",
        f"{_when(shown['at_ms'])} · {gave} → {took} · {medium['label']} · {medium['seal_no']} · "
        f"{shown['reference']}",
        "ok",
    ]


def _document(each: Standing) -> dict[str, object]:
    return {
        "session_id": each.session_id,
        "state": each.state.value,
        "bundle_id": each.bundle.bundle.bundle_id,
        "sha256": each.bundle.bundle.sha256,
        "attempts": each.bundle.attempts,
        "receipt": each.bundle.receipt is not None,
        "exports": [{"medium": one.medium_label, "at_ms": one.at_ms} for one in each.exports],
        "hand_overs": [masked_record(record["payload"]) for record in each.records],
    }
