"""The order that asks how far the uploads are (L08, L09)."""

import msgspec

from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.status_page import BAD, OK, WAIT, Row
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.refusals import Refusal
from venue_server.wire.upload_orders import GetUploads, Uploads, UploadStage, UploadView
from venue_server.wire.upload_texts import (
    KEPT,
    amount,
    bundle_texts,
    left_texts,
    rate_text,
    stage_texts,
)

_VERDICTS = {UploadStage.HOME: OK, UploadStage.STALLED: BAD}


class UploadOrders:
    """Reads; nothing is ordered here."""

    def __init__(self, closing: Closing) -> None:
        self._closing = closing

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {"GetUploads": self._progress}

    async def _progress(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetUploads)
        planned = self._closing.parts.sittings.plan is not None
        uploads = self._closing.uploads.progress() if planned else Uploads()
        return {
            "sections": [_together(uploads), *map(_section, uploads.bundles)],
            "uploads": msgspec.to_builtins(uploads),
        }


def _together(uploads: Uploads) -> dict[str, object]:
    if not uploads.bundles:
        return {"title": "上报 / upload", "rows": [["密封包 / bundles", "还没有 / none yet", WAIT]]}
    home = all(one.stage is UploadStage.HOME for one in uploads.bundles)
    verdict = OK if home else WAIT
    rows: list[Row] = [
        ["总部已确认 / confirmed", amount(uploads.confirmed, uploads.total), verdict],
    ]
    if not home:
        rows += [
            ["近来速度 / rate lately", rate_text(uploads.rate), verdict],
            ["还需 / still to go", _both(left_texts(uploads.left_min)), verdict],
            ["续传 / resuming", _both(KEPT), OK],
        ]
    return {"title": "上报合计 / upload in all", "rows": rows}


def _section(one: UploadView) -> dict[str, object]:
    verdict = BAD if one.needs_people else _VERDICTS.get(one.stage, WAIT)
    rows: list[Row] = [
        ["现状 / state", _both(stage_texts(one)), verdict],
        ["总部已确认 / confirmed", amount(one.confirmed, one.total), verdict],
    ]
    rows += [[label, _both(texts), verdict] for label, texts in bundle_texts(one)]
    return {"title": one.session_id, "rows": rows}


def _both(texts: tuple[str, str]) -> str:
    return " / ".join(dict.fromkeys(texts))
