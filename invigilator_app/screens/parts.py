"""The few building blocks all pages share: labels, buttons, cards, the page, the outcome."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.orders import Answer, Order
from invigilator_app.actions.permissions import Verdict
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle

Reply = Callable[[Answer], None]


def label(text: str = "", name: str = "", wrap: bool = True) -> QLabel:
    """A text; ``name`` is its style. Plain text always: server text is never markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if name:
        made.setObjectName(name)
    return made


def button(text: str, pressed: Callable[[], None], kind: str = "", key: str = "") -> QPushButton:
    """A button; ``kind`` is ``main`` or ``grave``, ``key`` a shortcut shown in the tool tip."""
    made = QPushButton(text)
    made.clicked.connect(lambda: pressed())
    made.setProperty("kind", kind)
    made.setAutoDefault(True)
    if key:
        made.setShortcut(key)
        made.setToolTip(key)
    return made


class Card(QFrame):
    """A white panel with a title."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.setObjectName("card")
        self.box = QVBoxLayout(self)
        if title:
            self.box.addWidget(label(title, "cardTitle"))


class Outcome(QFrame):
    """How the last order ended: shape, words and colour, with a refusal's code big. It comes into
    sight by itself: a page that scrolls may be far from where its buttons were pressed."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("outcome")
        self._texts = texts
        self.head = label(name="outcomeHead")
        self.text = label()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box = QVBoxLayout(self)
        box.addWidget(self.head)
        box.addWidget(self.text)
        self.hide()

    def clear(self) -> None:
        self.hide()

    def waiting(self) -> None:
        self._show("plain", self.tr("… 正在提交"), "")

    def good(self, head: str, text: str = "") -> None:
        self._show("good", f"✓ {head}", text)

    def warn(self, head: str, text: str = "") -> None:
        self._show("warn", f"△ {head}", text)

    def saved(self, path: str) -> None:
        """A sheet was written."""
        self.good(self.tr("已保存"), path)

    def not_saved(self, why: str) -> None:
        """A sheet could not be written."""
        self.warn(self.tr("无法写入文件"), why)

    def trouble(self, answer: Answer | None) -> None:
        """A refusal or a missing answer."""
        head, text = self._texts.trouble(answer)
        self._show("bad", f"✕ {head}", text)

    def _show(self, tone: str, head: str, text: str) -> None:
        self.head.setText(head)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        restyle(self, "tone", tone)
        self.setAccessibleName(f"{head} {text}")
        self.show()
        bring_into_sight(self)


class Page(QWidget):
    """A page: shows the state, emits ``ordered`` with an order and where its answer goes."""

    ordered = Signal(object, object)  # Order, Reply

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("page")
        self.texts = texts
        self.state: ConsoleState | None = None

    def refresh(self, state: ConsoleState) -> None:
        """Show ``state``. Called on every board change and once a second."""
        self.state = state

    def order(self, order: Order, reply: Reply) -> None:
        self.ordered.emit(order, reply)

    def scrolled_column(self) -> QVBoxLayout:
        """The page's layout: a column that scrolls when the screen is too small for it."""
        body = QWidget()
        column = QVBoxLayout(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(body))
        return column

    def open_button(self, pressed: QPushButton, verdict: Verdict, tip: str = "") -> None:
        """Enable a button by a verdict; a shut one says why in its tool tip."""
        pressed.setEnabled(verdict.allowed)
        why = self.texts.why(verdict.why) if verdict.why else tip
        pressed.setToolTip(why)
        pressed.setAccessibleDescription(why)


def say_placeholders(root: QWidget) -> None:
    """A field that has no label but a placeholder is named by it, also once something is typed."""
    for field in root.findChildren(QLineEdit):
        if field.placeholderText() and not field.accessibleName():
            field.setAccessibleName(field.placeholderText())


def bring_into_sight(part: QWidget) -> None:
    """Scroll the page that ``part`` stands on until it is seen, now and not when Qt next lays out
    what has just changed its size."""
    area = part.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    body = area.widget() if area is not None else None
    layout = body.layout() if body is not None else None
    if area is None or body is None or layout is None:
        return
    layout.activate()  # it has its place only now
    body.adjustSize()
    area.ensureWidgetVisible(part, 0, 0)


def scrolled(body: QWidget) -> QScrollArea:
    """``body`` in an area that scrolls when a page is too big for the screen."""
    if not body.objectName():
        body.setObjectName("body")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(body)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
