"""What the page may say to Python, over QWebChannel in the isolated world."""

from PySide6.QtCore import QObject, Signal, Slot


class Bridge(QObject):
    """Turns the page's calls into signals. Its arguments are not trusted by anyone."""

    page_ready = Signal()
    page_changed = Signal(str)  # JSON: showing, edited, values, settled
    page_settled = Signal(int)  # number of the flush that asked
    page_painted = Signal(str)  # item id
    page_marked = Signal(str)  # JSON: item_id, marks
    page_violated = Signal(str)  # name of a CSP directive

    @Slot()
    def ready(self) -> None:
        self.page_ready.emit()

    @Slot(str)
    def changed(self, message: str) -> None:
        self.page_changed.emit(message)

    @Slot(int)
    def settled(self, number: int) -> None:
        self.page_settled.emit(number)

    @Slot(str)
    def painted(self, item_id: str) -> None:
        self.page_painted.emit(item_id)

    @Slot(str)
    def marked(self, message: str) -> None:
        self.page_marked.emit(message)

    @Slot(str)
    def violated(self, directive: str) -> None:
        self.page_violated.emit(directive)
