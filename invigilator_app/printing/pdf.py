"""One HTML text as an A4 PDF with a foot line: content hash and page x/y."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

_DPI = 150
_MARGIN_MM = 18.0
_FOOT = 44
_POINTS = 10.5
FAMILIES = ["Noto Sans CJK SC", "Microsoft YaHei", "Source Han Sans SC", "sans-serif"]


class PrintError(Exception):
    """The file cannot be written."""


def write_pdf(path: Path, html: str, content_hash: str) -> None:
    """Write ``html`` to ``path``; raises PrintError. An empty ``content_hash`` is left out."""
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPointSizeF(_POINTS)
    document = QTextDocument()
    document.setDefaultFont(font)
    document.documentLayout().setPaintDevice(writer)
    document.setHtml(html)
    page = QSizeF(writer.width(), writer.height() - _FOOT)
    document.setPageSize(page)
    painter = QPainter()
    if not painter.begin(writer):
        raise PrintError(str(path))
    painter.setFont(font)
    try:
        _paint(painter, document, page, writer, content_hash)
    finally:
        painter.end()


def _paint(
    painter: QPainter, document: QTextDocument, page: QSizeF, writer: QPdfWriter, content_hash: str
) -> None:
    pages = document.pageCount()
    for at in range(pages):
        if at:
            writer.newPage()
        painter.save()
        painter.translate(0, -at * page.height())
        document.drawContents(painter, QRectF(0, at * page.height(), page.width(), page.height()))
        painter.restore()
        foot = QRectF(0, page.height(), page.width(), _FOOT)
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | bottom, content_hash[:32])
        painter.drawText(
            foot, Qt.AlignmentFlag.AlignRight | bottom, f"第 {at + 1} 页 / 共 {pages} 页"
        )
