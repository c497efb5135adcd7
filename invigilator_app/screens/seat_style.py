"""How each seat state looks: fill, edge, ink and a shape of its own; colour is never alone."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from invigilator_app.board.seat_state import SeatDisplay


class Shape(Enum):
    NONE = "NONE"
    RING = "RING"
    HALF = "HALF"
    TRIANGLE_OPEN = "TRIANGLE_OPEN"
    DISC = "DISC"
    BARS = "BARS"
    PLAY = "PLAY"
    CROSS = "CROSS"
    CHECK = "CHECK"
    DOUBLE_CHECK = "DOUBLE_CHECK"
    DASH = "DASH"
    SLASH = "SLASH"
    DIAMOND = "DIAMOND"


@dataclass(frozen=True)
class SeatStyle:
    """Colours as ``#rrggbb``; ink on fill has a contrast of at least 4.5 (WCAG 1.4.3)."""

    fill: str
    edge: str
    ink: str
    shape: Shape
    bold_edge: bool = False


STYLES: dict[SeatDisplay, SeatStyle] = {
    SeatDisplay.EMPTY: SeatStyle("#f3f5f8", "#b3bcc6", "#5a6672", Shape.NONE),
    SeatDisplay.NOT_ARRIVED: SeatStyle("#ffffff", "#7d8996", "#3b4754", Shape.RING),
    SeatDisplay.ADMITTED: SeatStyle("#e7f0fb", "#3a78b5", "#123f6b", Shape.HALF),
    SeatDisplay.NOT_LOGGED_IN: SeatStyle("#fff2c4", "#a67400", "#5c4000", Shape.TRIANGLE_OPEN),
    SeatDisplay.LOGGED_IN: SeatStyle("#d6e8fb", "#1463a5", "#0c3e69", Shape.DISC),
    SeatDisplay.WAITING: SeatStyle("#e3e1fa", "#5a4fb0", "#2f2873", Shape.BARS),
    SeatDisplay.ANSWERING: SeatStyle("#d9f1df", "#1d7a3a", "#0f4a22", Shape.PLAY),
    SeatDisplay.OFFLINE: SeatStyle("#fbd5d1", "#a8201a", "#7a0c05", Shape.CROSS, bold_edge=True),
    SeatDisplay.SUBMITTED: SeatStyle("#dfe6ec", "#45525f", "#1f2a35", Shape.CHECK),
    SeatDisplay.EXITED: SeatStyle("#eef0f3", "#8b96a1", "#47525d", Shape.DOUBLE_CHECK),
    SeatDisplay.ABSENT: SeatStyle("#e9e9e9", "#8a8a8a", "#4a4a4a", Shape.DASH),
    SeatDisplay.NOT_HELD: SeatStyle("#f4f4f4", "#9a9a9a", "#4a4a4a", Shape.SLASH),
    SeatDisplay.TROUBLE: SeatStyle("#f6d6f3", "#8a1a7e", "#5f0f57", Shape.DIAMOND, bold_edge=True),
}


def draw_shape(painter: QPainter, shape: Shape, box: QRectF, color: QColor) -> None:
    """Draw ``shape`` into a square box."""
    pen = QPen(color, max(1.6, box.width() / 8))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _DRAW[shape](painter, box, color)


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.x() + box.width() * x, box.y() + box.height() * y)


def _lines(painter: QPainter, box: QRectF, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([_at(box, x, y) for x, y in points]))


def _none(painter: QPainter, box: QRectF, color: QColor) -> None:
    """Nothing to draw."""


def _ring(painter: QPainter, box: QRectF, color: QColor) -> None:
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))


def _half(painter: QPainter, box: QRectF, color: QColor) -> None:
    inner = box.adjusted(1, 1, -1, -1)
    painter.drawEllipse(inner)
    painter.setBrush(color)
    painter.drawPie(inner, 270 * 16, 180 * 16)


def _triangle_open(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.5, 0.08), (0.95, 0.9), (0.05, 0.9), (0.5, 0.08))


def _disc(painter: QPainter, box: QRectF, color: QColor) -> None:
    painter.setBrush(color)
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))


def _bars(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.3, 0.15), (0.3, 0.85))
    _lines(painter, box, (0.7, 0.15), (0.7, 0.85))


def _play(painter: QPainter, box: QRectF, color: QColor) -> None:
    painter.setBrush(color)
    points = [_at(box, x, y) for x, y in ((0.18, 0.1), (0.9, 0.5), (0.18, 0.9))]
    painter.drawPolygon(QPolygonF(points))


def _cross(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.12, 0.12), (0.88, 0.88))
    _lines(painter, box, (0.88, 0.12), (0.12, 0.88))


def _check(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.1, 0.55), (0.4, 0.85), (0.92, 0.18))


def _double_check(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.0, 0.55), (0.25, 0.82), (0.65, 0.22))
    _lines(painter, box, (0.45, 0.68), (0.6, 0.82), (1.0, 0.22))


def _dash(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.1, 0.5), (0.9, 0.5))


def _slash(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.85, 0.12), (0.15, 0.88))


def _diamond(painter: QPainter, box: QRectF, color: QColor) -> None:
    _lines(painter, box, (0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5), (0.5, 0.0))
    _lines(painter, box, (0.5, 0.3), (0.5, 0.52))
    painter.drawPoint(_at(box, 0.5, 0.72))


_DRAW = {
    Shape.NONE: _none,
    Shape.RING: _ring,
    Shape.HALF: _half,
    Shape.TRIANGLE_OPEN: _triangle_open,
    Shape.DISC: _disc,
    Shape.BARS: _bars,
    Shape.PLAY: _play,
    Shape.CROSS: _cross,
    Shape.CHECK: _check,
    Shape.DOUBLE_CHECK: _double_check,
    Shape.DASH: _dash,
    Shape.SLASH: _slash,
    Shape.DIAMOND: _diamond,
}
