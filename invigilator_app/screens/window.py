"""The one window: before duty the sign-in page, on duty the pages."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from invigilator_app.screens import theme
from invigilator_app.screens.duty_view import DutyView
from invigilator_app.screens.parts import say_placeholders
from invigilator_app.screens.sign_in_page import SignInPage
from invigilator_app.screens.texts import Texts


class ConsoleWindow(QMainWindow):
    """Also holds the zoom, which is the whole program's."""

    zoom_changed = Signal(int)

    def __init__(self, texts: Texts, zoom: int = 100) -> None:
        super().__init__()
        theme.set_font(_app(), zoom)  # widgets measure their texts while they are built
        self.setWindowTitle(self.tr("考点监考台"))
        self.sign_in = SignInPage(texts)
        self.duty = DutyView(texts)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.sign_in)
        self.stack.addWidget(self.duty)
        self.setCentralWidget(self.stack)
        say_placeholders(self)
        self.duty.footer.zoom_wanted.connect(self.set_zoom)
        # The style sheet comes last: put into it, every page would be styled again and again.
        self.set_zoom(zoom)

    def set_zoom(self, zoom: int) -> None:
        """100 to 150 percent of everything."""
        theme.apply(_app(), zoom)
        self.duty.footer.show_zoom(zoom)
        self.duty.rooms.map.relayout()
        self.zoom_changed.emit(zoom)

    def show_sign_in(self) -> None:
        self.stack.setCurrentWidget(self.sign_in)

    def show_duty(self) -> None:
        """Bring the pages up; whoever was on one keeps it."""
        if not self.on_duty:
            self.stack.setCurrentWidget(self.duty)
            self.duty.rooms.map.setFocus()

    @property
    def on_duty(self) -> bool:
        return self.stack.currentWidget() is self.duty


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
