"""The close check as one screen: point by point, what is open and who must act (zh / en)."""

from collections.abc import Mapping, Sequence

from venue_server.gateway.status_page import BAD, OK, Row
from venue_server.records.close_check import ClosePoint, StillOpen
from venue_server.records.retention import Retention
from venue_server.wire.close_texts import CLOSED, kept_texts, who_does


def close_screen(
    checked: Mapping[str, Sequence[ClosePoint]],
    kept: Mapping[str, Sequence[Retention]],
    entries: int,
    head: str,
) -> dict[str, object]:
    """``{"closed", "sections", "next", "sessions", "retention", "ledger"}``; the ledger's head is
    what is written on the day's certificate (N01). How long things are kept is told, never open:
    it goes on for years (M01-M03)."""
    points = [point for each in checked.values() for point in each]
    return {
        "closed": all(point.closed for point in points),
        "sections": [
            {
                "title": session_id,
                "rows": [
                    *(_row(each) for each in found),
                    *(_kept(each) for each in kept.get(session_id, ())),
                ],
            }
            for session_id, found in checked.items()
        ],
        "next": list(dict.fromkeys(_act(still) for point in points for still in point.open)),
        "sessions": {
            session_id: [each.as_dict() for each in found] for session_id, found in checked.items()
        },
        "retention": {
            session_id: [each.as_dict() for each in found] for session_id, found in kept.items()
        },
        "ledger": {"entries": entries, "head": head},
    }


def _row(point: ClosePoint) -> Row:
    label = f"{point.number} {point.title[0]} / {point.number} {point.title[1]}"
    if point.closed:
        return [label, CLOSED, OK]
    chinese = "；".join(each.about.text("zh") for each in point.open)
    return [label, f"{chinese} / {'; '.join(each.about.text('en') for each in point.open)}", BAD]


def _kept(found: Retention) -> Row:
    label, value = kept_texts(found.what, found.months, found.until or "", bool(found.hold))
    return [label, value, OK]


def _act(still: StillOpen) -> str:
    return " / ".join(who_does(still.who, still.about, language) for language in ("zh", "en"))
