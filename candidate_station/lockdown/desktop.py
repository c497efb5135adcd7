"""The window over the whole screen, and the clipboard emptied on the way in and out."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


class FullScreen:
    """A lock-down step: frameless, on top, over the primary screen.

    The geometry is set by hand: without a window manager ``showFullScreen`` does not fill the
    screen, and under a kiosk compositor only a frameless window gets no title bar.
    """

    name = "window"

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def perform(self) -> None:
        flags = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint
        self._window.setWindowFlags(flags | Qt.WindowType.WindowStaysOnTopHint)
        self._window.setGeometry(QGuiApplication.primaryScreen().geometry())
        self._window.showFullScreen()
        self._window.activateWindow()

    def revert(self) -> None:
        self._window.setWindowFlags(Qt.WindowType.Window)


class EmptyClipboard:
    """A lock-down step: nothing is carried in, nothing is carried out."""

    name = "clipboard"

    def perform(self) -> None:
        QGuiApplication.clipboard().clear()

    def revert(self) -> None:
        QGuiApplication.clipboard().clear()
