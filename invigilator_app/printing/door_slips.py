"""Slips of a room's door as HTML: late notice, receipt of a kept item, list of doubts (F09, F14).

The slips are in Chinese: they are handed to candidates and signed on paper.
"""

from collections.abc import Sequence
from html import escape

from invigilator_app.board.instants import day_minute, minute
from invigilator_app.printing.sheets import STYLE, table
from venue_server.wire.admission_orders import DoubtLine, ItemLine
from venue_server.wire.names import DoubtKind, ItemKind

_ITEMS = {
    ItemKind.CHEATING_DEVICE: "作弊设备",
    ItemKind.TOOL: "工具",
    ItemKind.MATERIAL: "资料",
    ItemKind.OTHER: "其他物品",
}
_KINDS = {DoubtKind.NUMBER: "号码", DoubtKind.NAME: "姓名", DoubtKind.PERSON: "本人与照片"}


def late_notice(venue_name: str, room_name: str, ticket_no: str, at_ms: int, closed_ms: int) -> str:
    """What a candidate who came too late is given."""
    rows = [
        ("考场", room_name),
        ("准考证号", ticket_no),
        ("到达时间", day_minute(at_ms)),
        ("禁止入场时间", minute(closed_ms)),
    ]
    return (
        f"{STYLE}<h1>迟到不得入场告知单</h1><p align='center'>{escape(venue_name)}</p>{table(rows)}"
        "<p>依据规定，已过禁止入场时间的，一律禁止进入考场，任何人无权放行。"
        "本场按缺考处理。</p><p>监考人员签名：</p>"
    )


def item_receipt(venue_name: str, room_name: str, item: ItemLine) -> str:
    """The receipt of a kept item, for the candidate and for the room."""
    rows = [
        ("收据编号", item.receipt_no),
        ("考场", room_name),
        ("准考证号", item.ticket_no),
        ("姓名", item.name),
        ("类别", _ITEMS[item.kind]),
        ("物品", item.what),
        ("保管时间", day_minute(item.kept_at_ms)),
    ]
    return (
        f"{STYLE}<h1>暂扣物品收据</h1><p align='center'>{escape(venue_name)}</p>{table(rows)}"
        "<p>考试结束后凭本收据领取；依法收缴的作弊设备除外。</p>"
        "<p>监考人员签名（两人）：</p><p>应试人员签名：</p><p>领取人签名及时间：</p>"
    )


def doubt_list(venue_name: str, room_name: str, doubts: Sequence[DoubtLine]) -> str:
    """The list that two invigilators compare and sign."""
    head = "".join(
        f"<th align='left'>{name}</th>"
        for name in ("机位", "准考证号", "姓名", "存疑", "核验结果", "监考一", "监考二")
    )
    body = "".join(
        f"<tr><td>{escape(one.seat_no)}</td><td>{escape(one.ticket_no)}</td>"
        f"<td>{escape(one.name)}</td>"
        f"<td>{'、'.join(_KINDS[kind] for kind in one.kinds)}</td><td></td><td></td><td></td></tr>"
        for one in doubts
    )
    return (
        f"{STYLE}<h1>身份存疑应试人员名单</h1>"
        f"<p align='center'>{escape(venue_name)}　{escape(room_name)}</p>"
        "<table border='1' cellspacing='0' cellpadding='5' width='100%'>"
        f"<tr>{head}</tr>{body}</table>"
        "<p>主考签名：</p>"
    )
