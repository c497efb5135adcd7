"""备份盘标签 as HTML: one for each verified copy, to be stuck on, sealed and signed (L04, J6 §11).

Every fact comes from the server's word about the copy; names are written by hand.
"""

from collections.abc import Sequence
from html import escape

import segno

from invigilator_app.board.instants import day_minute
from invigilator_app.printing.sheets import STYLE
from venue_server.wire.backup_orders import BackupLabel

_QR_PIXELS = 2  # a module
_SIGN = "________________"


def backup_labels(copies: Sequence[BackupLabel]) -> str:
    """A framed label for each copy. The QR code holds the archive's whole SHA-256, with which
    ``venue-server backup check`` proves the medium again."""
    cells = "".join(
        f"<tr><td style='page-break-inside: avoid'>{_label(each)}</td></tr>" for each in copies
    )
    nothing = "" if copies else "<p>没有校验过的备份。</p>"
    table = "<table border='1' cellspacing='0' cellpadding='10' width='100%'>"
    return f"{STYLE}<h1>备份盘标签</h1>{table}{cells}</table>{nothing}"


def _label(one: BackupLabel) -> str:
    code = segno.make(one.sha256, micro=False).png_data_uri(scale=_QR_PIXELS, border=4)
    rows = (
        ("考试", f"{one.exam_title}　{one.subject_title}"),
        ("开考时间", day_minute(one.start_ms)),
        ("份", f"{one.number} / {one.total}"),
        ("介质", f"{one.target}　{one.medium_id}"),
        ("序列号", one.serial or "无"),
        ("文件", f"{one.file}　{one.size} 字节"),
        ("SHA-256", one.sha256),
        ("读回校验", day_minute(one.verified_at_ms)),
        ("保管", one.keeper or _SIGN),
    )
    facts = "".join(f"<b>{name}</b>：{escape(text)}<br>" for name, text in rows)
    return (
        f"<p class='big'>{escape(one.line)}</p>"
        "<table width='100%'><tr>"
        f"<td>{facts}</td><td width='22%' align='right'><img src='{code}'></td></tr></table>"
        f"<p>密封人{_SIGN}　监督人{_SIGN}　日期{_SIGN}</p>"
    )
