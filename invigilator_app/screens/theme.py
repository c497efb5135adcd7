"""Style sheet and fonts at a zoom of 100 to 150 percent."""

import re
from importlib.resources import files

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

ZOOMS = (100, 110, 125, 150)
BASE_POINTS = 11.0
_FAMILIES = ["Noto Sans CJK SC", "Microsoft YaHei", "Source Han Sans SC", "sans-serif"]
_SIZE = re.compile(r"(\d+(?:\.\d+)?)(pt|px)")


def sheet(zoom: int) -> str:
    """The style sheet with every size scaled to ``zoom`` percent; hairlines stay at least 1 px."""
    package = files("invigilator_app.screens")
    text = (package / "console.qss").read_text(encoding="utf-8")

    def scaled(match: re.Match[str]) -> str:
        value, unit = float(match[1]) * zoom / 100, match[2]
        return f"{value:.2f}pt" if unit == "pt" else f"{max(1, int(value)) if value else 0}px"

    text = _SIZE.sub(scaled, text)
    for image in ("tick", "arrow"):
        text = text.replace(f"@{image}@", str(package / f"{image}.svg").replace("\\", "/"))
    return text


def set_font(app: QApplication, zoom: int) -> None:
    """Set the font of the whole program."""
    font = QFont()
    font.setFamilies(_FAMILIES)
    font.setPointSizeF(BASE_POINTS * zoom / 100)
    if app.font() != font:
        app.setFont(font)


def apply(app: QApplication, zoom: int) -> None:
    """Set font and style sheet of the whole program; the same zoom again costs nothing."""
    styled = sheet(zoom)
    if app.styleSheet() == styled:
        return
    set_font(app, zoom)
    app.setStyleSheet(styled)


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a dynamic property that the style sheet selects on, and redraw if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    for each in (widget, *widget.findChildren(QWidget)):
        each.style().unpolish(each)
        each.style().polish(each)
    widget.updateGeometry()  # padding and border belong to its size
