"""The seat map: a grid of seats that arrow keys walk, scaled to 40-100 seats on one screen."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from invigilator_app.board.seat_state import SeatDisplay, answers_at_risk
from invigilator_app.board.view import RoomBoard
from invigilator_app.screens.seat_model import (
    DISPLAY_ROLE,
    SEAT_ROLE,
    SeatModel,
    hand_raised,
)
from invigilator_app.screens.seat_style import STYLES, SeatStyle, Shape, draw_shape
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import SeatView

_GAP = 2
_PAD = 5
_LINES = 3
_SCALES = (1.0, 0.9, 0.8, 0.72, 0.65)
_SMALLEST_POINTS = 8.8


def scaled(font: QFont, scale: float) -> QFont:
    """The same font, smaller."""
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * scale)
    return made


class SeatDelegate(QStyledItemDelegate):
    """Draws one seat: number and shape, name, state in words, and a badge."""

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

        self.scale = 1.0

    def needed(self, font: QFont, scale: float) -> QSize:
        """The smallest cell in which every state and badge is readable at ``scale``."""
        metrics = QFontMetrics(scaled(font, scale))
        words = [self._texts.seat(state) for state in SeatDisplay]
        badges = [self.tr("举手"), "△99"]
        line = metrics.height()
        first = metrics.horizontalAdvance("000") + line
        first += max(metrics.horizontalAdvance(badge) for badge in badges)
        width = max(first, *(metrics.horizontalAdvance(word) for word in words))
        return QSize(width + 2 * (_PAD + _GAP), _LINES * line + 2 * (_PAD + _GAP))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        seat: SeatView | None = index.data(SEAT_ROLE)
        if seat is None:
            return
        state: SeatDisplay = index.data(DISPLAY_ROLE)
        style = STYLES[state]
        box = QRectF(option.rect).adjusted(_GAP, _GAP, -_GAP, -_GAP)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._frame(painter, box, style, state, chosen)
        self._words(painter, box.adjusted(_PAD, _PAD, -_PAD, -_PAD), style, seat, state)
        painter.restore()

    def _frame(
        self, painter: QPainter, box: QRectF, style: SeatStyle, state: SeatDisplay, chosen: bool
    ) -> None:
        pen = QPen(QColor(style.edge), 3 if style.bold_edge else 1.2)
        if state is SeatDisplay.EMPTY:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(style.fill))
        painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
        if chosen:
            painter.setPen(QPen(QColor("#0b2f52"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)

    def _words(
        self, painter: QPainter, box: QRectF, style: SeatStyle, seat: SeatView, state: SeatDisplay
    ) -> None:
        font = scaled(painter.font(), self.scale)
        metrics = QFontMetrics(font)
        line = float(metrics.height())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(style.ink))
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(QRectF(box.x(), box.y(), box.width(), line), left, seat.seat_no)
        font.setBold(state in (SeatDisplay.OFFLINE, SeatDisplay.TROUBLE))
        painter.setFont(font)
        name = metrics.elidedText(seat.name, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(QRectF(box.x(), box.y() + line, box.width(), line), left, name)
        last = QRectF(box.x(), box.bottom() - line, box.width(), line)
        painter.drawText(last, left, self._texts.seat(state))
        side = line * 0.72
        shape = QRectF(box.right() - side, box.y() + line * 0.14, side, side)
        if style.shape is not Shape.NONE:
            draw_shape(painter, style.shape, shape, QColor(style.edge))
        self._badge(painter, box, line, seat, metrics)

    def _badge(
        self, painter: QPainter, box: QRectF, line: float, seat: SeatView, metrics: QFontMetrics
    ) -> None:
        """Between number and shape: a raised hand, else answers at risk, else a swap."""
        risk = answers_at_risk(seat)
        if hand_raised(seat):
            word, fill, ink = self.tr("举手"), QColor("#ffb300"), QColor("#1b1200")
        elif risk:
            word = f"△{min(risk, 99)}"
            fill, ink = QColor("#a8201a"), QColor("#ffffff")
        elif seat.moved_to or seat.guest_of:
            word = f"→{seat.moved_to}" if seat.moved_to else f"←{seat.guest_of}"
            fill, ink = QColor("#2b5d8a"), QColor("#ffffff")
        else:
            return
        width = metrics.horizontalAdvance(word) + 6.0
        place = QRectF(box.right() - line * 0.82 - width, box.y(), width, line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(ink)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)


def _columns(width: int, needed: int, count: int) -> int:
    """How many seats stand side by side."""
    return min(max(1, width // needed), 10 if count > 48 else 8, count)


class SeatMap(QTableView):
    """Arrow keys move, Enter or a click picks a seat; ``chosen`` carries its number."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seatMap")
        self.seats = SeatModel(texts, self)
        self._delegate = SeatDelegate(texts, self)
        self._wanted = ""
        self.setModel(self.seats)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("机位图"))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setVisible(False)
            header.setMinimumSectionSize(10)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentChanged.connect(self._moved)
        self.seats.modelReset.connect(self._laid)
        self.activated.connect(self._open)

    def set_room(self, board: RoomBoard) -> None:
        self.seats.set_room(board)

    def choose(self, seat_no: str) -> None:
        """Put the cursor on a seat, if the room has it."""
        self._wanted = seat_no
        index = self.seats.index_of(seat_no)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid()

    def relayout(self) -> None:
        """After a change of zoom."""
        self._laid()

    def _laid(self) -> None:
        """Columns and sizes: all seats in view if that stays readable, else the view scrolls."""
        count = self.seats.count()
        if not count:
            return
        # Never by the present viewport: the scroll bar that a layout brings or takes away would
        # change the next one, and the two could follow each other for ever.
        area = self.maximumViewportSize()
        points = self.font().pointSizeF()
        for scale in (each for each in _SCALES if each * points >= _SMALLEST_POINTS - 0.01):
            needed = self._delegate.needed(self.font(), scale)
            columns = _columns(area.width(), needed.width(), count)
            if -(-count // columns) * needed.height() <= area.height():
                break
        else:
            area.setWidth(area.width() - self.verticalScrollBar().sizeHint().width())
            columns = _columns(area.width(), needed.width(), count)
        self._delegate.scale = scale
        if columns != self.seats.columns:
            self.seats.set_columns(columns)  # resets the model and comes back here
            return
        rows = self.seats.rowCount()
        width = max(needed.width(), area.width() // columns)
        height = max(needed.height(), min(area.height() // rows, needed.height() * 9 // 5))
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(height)
        if self._wanted:
            self.choose(self._wanted)

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        seat = self.seats.seat_at(current)
        if seat is not None:
            self._wanted = seat.seat_no
            self.chosen.emit(seat.seat_no)

    def _open(self, index: QModelIndex) -> None:
        seat = self.seats.seat_at(index)
        if seat is not None:
            self.opened.emit(seat.seat_no)
