"""What every page of the station is: a frozen state in, intents out, nothing remembered.

``CardPage`` is the usual shape: one readable column in the middle of the screen that scrolls when
zoomed text no longer fits, so nothing is ever clipped.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from candidate_station.screens.style import Look
from candidate_station.session.screen_state import ScreenState


class Page(QWidget):
    """One page. ``intent`` carries values of ``candidate_station.session.intents``."""

    intent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def retranslate(self) -> None:
        """Write every text that does not depend on the state, in the present language."""
        raise NotImplementedError

    def show_state(self, state: ScreenState) -> None:
        """Render the state; called for every state whose screen is this page."""
        raise NotImplementedError

    def show_look(self, look: Look) -> None:
        """The zoom or the colours changed; sizes that no style sheet can hold follow here."""

    def entered(self) -> None:
        """The page has just come up: forget what the candidate before left, take the focus."""


class CardPage(Page):
    """A page with one card in the middle."""

    CARD_WIDTH = 760

    def __init__(self) -> None:
        super().__init__()
        self.card = QFrame()
        self.card.setObjectName("card")
        self.column = QVBoxLayout(self.card)
        self._fit(Look())
        body = QWidget()
        body.setObjectName("pageBody")
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addWidget(self.card, 1000)
        centre.addStretch(1)
        rows = QVBoxLayout(body)
        rows.addStretch(1)
        rows.addLayout(centre)
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_look(self, look: Look) -> None:
        self._fit(look)

    def _fit(self, look: Look) -> None:
        self.card.setMaximumWidth(look.px(self.CARD_WIDTH))
        margin = look.px(28)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(look.px(14))


class Facts(QWidget):
    """A table of label and value rows, read out in pairs by a screen reader."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        for row in range(rows):
            name, value = label("muted", wrap=False), label("strong")
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
            self._rows.append((name, value))

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """Write the rows; those with an empty value are left out."""
        assert len(rows) <= len(self._rows), "a fact has no row"
        for index, (name, value) in enumerate(self._rows):
            text, content = rows[index] if index < len(rows) else ("", "")
            name.setText(text)
            value.setText(content)
            value.setAccessibleName(f"{text} {content}")
            name.setVisible(bool(content))
            value.setVisible(bool(content))


def label(role: str, wrap: bool = True, centred: bool = False) -> QLabel:
    """A label in one of the sheet's roles; plain text always, so no value is ever markup."""
    widget = QLabel()
    widget.setProperty("role", role)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setWordWrap(wrap)
    if centred:
        widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return widget


def button(role: str = "") -> QPushButton:
    """A push button in one of the sheet's roles; Enter presses the one that has the focus."""
    widget = QPushButton()
    widget.setAutoDefault(True)
    if role:
        widget.setProperty("role", role)
    return widget


def field() -> QLineEdit:
    """A line of input without a context menu (its words would come from the toolkit)."""
    widget = QLineEdit()
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return widget


def rule() -> QFrame:
    """A thin line between two parts of a card."""
    line = QFrame()
    line.setProperty("role", "rule")
    return line


def set_role(widget: QWidget, role: str) -> None:
    """Change a widget's role and let the style sheet notice."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        repolish(widget)


def repolish(widget: QWidget) -> None:
    """Apply the style sheet again after a dynamic property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def row(*widgets: QWidget, spacing: int = 12) -> QHBoxLayout:
    """Widgets side by side, pushed to the right edge: the action row of a card."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    layout.addStretch(1)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


def stack(layout: QBoxLayout, *widgets: QWidget) -> None:
    """Add widgets to a layout, in reading order."""
    for widget in widgets:
        layout.addWidget(widget)
