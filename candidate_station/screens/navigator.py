"""题号栏: one cell per item, by section (H04).

White is unanswered, blue answered, orange the current item, a triangle the flag; each also has a
shape: a tick, a thick frame, the triangle itself; and every cell says all of it to a screen reader.
"""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from candidate_station.screens.flow import FlowLayout
from candidate_station.screens.page import label, repolish
from candidate_station.screens.style import Look
from candidate_station.screens.words import fill
from candidate_station.session.intents import GoTo
from candidate_station.session.screen_state import NavigatorCell


class CellButton(QPushButton):
    """One number. A second line holds the tick; the flag is painted into the corner."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "cell")
        self.setAutoDefault(True)
        self._cell: NavigatorCell | None = None
        self._flag = QColor()
        self._edge = QColor()

    def show_cell(self, cell: NavigatorCell) -> None:
        if cell == self._cell:
            return
        self._cell = cell
        self.setProperty("answered", "true" if cell.answered else "false")
        self.setProperty("current", "true" if cell.current else "false")
        repolish(self)
        self.retranslate()
        self.update()

    def show_look(self, look: Look) -> None:
        self._flag, self._edge = QColor(look.palette.flag), QColor(look.palette.surface)
        self.update()

    def retranslate(self) -> None:
        if self._cell is None:
            return
        cell = self._cell
        told = "!" if cell.corrected else ""
        self.setText(f"{cell.number}{told}\n{'✓' if cell.answered else '·'}")
        words = [
            fill(self.tr("第%1题"), cell.number),
            self.tr("已作答") if cell.answered else self.tr("未作答"),
            *([self.tr("已标记")] if cell.flagged else []),
            *([self.tr("有更正通知")] if cell.corrected else []),
            *([self.tr("当前题")] if cell.current else []),
        ]
        self.setAccessibleName("，".join(words) if self._chinese() else ", ".join(words))
        self.setToolTip(self.accessibleName())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if self._cell is None or not self._cell.flagged:
            return
        size, right = self.width() * 0.4, self.width() - 2.0
        corner = [QPointF(right, 2), QPointF(right - size, 2), QPointF(right, 2 + size)]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._edge, 1.5))
        painter.setBrush(self._flag)
        painter.drawPolygon(QPolygonF(corner))
        painter.end()

    def _chinese(self) -> bool:
        return self.locale().name().startswith("zh")


class Navigator(QScrollArea):
    """The panel: sections of cells and the legend. Emits GoTo."""

    intent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigatorPanel")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._look = Look()
        self._outline: tuple[tuple[str, str], ...] = ()
        self.cells: dict[str, CellButton] = {}
        self._title, self._legend = label("heading"), label("small")
        self._sections = QVBoxLayout()
        body = QWidget()
        body.setObjectName("navigatorBody")
        column = QVBoxLayout(body)
        column.addWidget(self._title)
        column.addLayout(self._sections)
        column.addStretch(1)
        column.addWidget(self._legend)
        self.setWidget(body)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("题号"))
        self.setAccessibleName(self.tr("题号栏"))
        self._legend.setText(
            self.tr("·　未填色：未作答\n✓　蓝底：已作答\n粗框橙底：当前题\n右上角三角：已标记")
        )
        for cell in self.cells.values():
            cell.retranslate()

    def show_cells(self, cells: tuple[NavigatorCell, ...]) -> None:
        outline = tuple((cell.section, cell.item_id) for cell in cells)
        if outline != self._outline:
            self._rebuild(cells)
            self._outline = outline
        for cell in cells:
            self.cells[cell.item_id].show_cell(cell)
            if cell.current:
                self.ensureWidgetVisible(self.cells[cell.item_id], 0, 90)

    def show_look(self, look: Look) -> None:
        self._look = look
        for cell in self.cells.values():
            cell.show_look(look)

    def _rebuild(self, cells: tuple[NavigatorCell, ...]) -> None:
        while (item := self._sections.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.cells = {}
        flow: FlowLayout | None = None
        section: str | None = None
        for cell in cells:
            if flow is None or cell.section != section:
                section = cell.section
                flow = self._section(section)
            flow.addWidget(self._cell(cell.item_id))

    def _section(self, title: str) -> FlowLayout:
        if title:
            heading: QLabel = label("strong")
            heading.setText(title)
            self._sections.addWidget(heading)
        box = QWidget()
        self._sections.addWidget(box)
        return FlowLayout(box, spacing=5)

    def _cell(self, item_id: str) -> CellButton:
        cell = CellButton()
        cell.show_look(self._look)
        cell.clicked.connect(lambda: self.intent.emit(GoTo(item_id)))
        self.cells[item_id] = cell
        return cell
