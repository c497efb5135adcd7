"""作答数据移交记录: what two gave and two received, as HTML for QTextDocument (F18, L09).

An official form, in Chinese whatever language the console speaks. Document numbers are masked.
"""

from html import escape
from typing import Any

from invigilator_app.board.instants import day_minute
from invigilator_app.printing.sheets import STYLE, table

_SIGN = "签名：＿＿＿＿＿＿＿＿"


def handover_sheet(venue_name: str, record: dict[str, Any]) -> str:
    """One record, with a place for all four to sign."""
    medium = record["medium"]
    facts = table(
        [
            ("移交编号", record["hand_over_id"]),
            ("移交时间", day_minute(record["at_ms"])),
            ("地点", record.get("place", "")),
            ("介质", medium["label"]),
            ("封条号", medium["seal_no"]),
            ("批准或受理文号", record["reference"]),
            ("备注", record.get("note", "")),
        ]
    )
    bundles = "".join(
        f"<tr><td>{escape(each['session_id'])}</td><td>{each['size']}</td>"
        f"<td>{escape(each['sha256'])}</td></tr>"
        for each in record["bundles"]
    )
    gave = "".join(
        f"<p>移交人：{escape(each['name'])}（{escape(each['person_id'])}）　{_SIGN}</p>"
        for each in record["givers"]
    )
    took = "".join(
        f"<p>接收人：{escape(each['name'])}（{escape(each['unit'])}，证件 "
        f"{escape(each['document'])}）　{_SIGN}</p>"
        for each in record["receivers"]
    )
    return (
        f"{STYLE}<h1>作答数据移交记录</h1><p align='center'>{escape(venue_name)}</p>{facts}"
        "<h2>密封数据包</h2><table border='1' cellspacing='0' cellpadding='5' width='100%'>"
        "<tr><th align='left'>场次</th><th align='left'>字节</th>"
        f"<th align='left'>摘要（SHA-256）</th></tr>{bundles}</table>"
        f"<h2>双方签名</h2>{gave}{took}"
    )
