"""The close check as one screen: point by point, what is open and who must act (zh / en)."""

from collections.abc import Mapping, Sequence

from venue_server.gateway.status_page import BAD, OK, Row
from venue_server.records.close_check import ClosePoint, StillOpen
from venue_server.wire.names import Role

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.CHIEF: ("主考", "chief"),
    Role.DEPUTY: ("副主考", "deputy"),
    Role.INVIGILATOR: ("监考", "invigilator"),
    Role.ROVING: ("流动监考", "roving invigilator"),
    Role.SYSADMIN: ("系统管理员", "administrator"),
    Role.INSPECTOR: ("巡视", "inspector"),
    Role.ZONE_DIRECTOR: ("考区主任", "zone director"),
}


def close_screen(
    checked: Mapping[str, Sequence[ClosePoint]], entries: int, head: str
) -> dict[str, object]:
    """``{"closed", "sections", "next", "sessions", "ledger"}``; the ledger's head is what is
    written on the day's certificate (N01)."""
    points = [point for each in checked.values() for point in each]
    return {
        "closed": all(point.closed for point in points),
        "sections": [
            {"title": session_id, "rows": [_row(each) for each in found]}
            for session_id, found in checked.items()
        ],
        "next": list(dict.fromkeys(_act(still) for point in points for still in point.open)),
        "sessions": {
            session_id: [each.as_dict() for each in found] for session_id, found in checked.items()
        },
        "ledger": {"entries": entries, "head": head},
    }


def _row(point: ClosePoint) -> Row:
    label = f"{point.number} {point.title[0]} / {point.number} {point.title[1]}"
    if point.closed:
        return [label, "已办结 / closed", OK]
    chinese = "；".join(each.about.text("zh") for each in point.open)
    return [label, f"{chinese} / {'; '.join(each.about.text('en') for each in point.open)}", BAD]


def _act(still: StillOpen) -> str:
    chinese = "、".join(ROLE_NAMES[role][0] for role in still.who)
    english = ", ".join(ROLE_NAMES[role][1] for role in still.who)
    return f"{chinese}：{still.about.text('zh')} / {english}: {still.about.text('en')}"
