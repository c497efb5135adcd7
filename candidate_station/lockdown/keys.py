"""Keys that must not reach the toolkit or the web engine.

The filter sits on the station's own widgets only: an event filter in Python on the application
crashes together with the web engine (measured). Every widget gets it when it takes the focus, the
engine's inner widget included, so keys are held wherever they would go. Input methods are not
touched: switching them uses none of these keys.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_Mod = Qt.KeyboardModifier
_CONTROL_KEYS = frozenset(
    {
        Qt.Key.Key_W, Qt.Key.Key_N, Qt.Key.Key_T, Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_O,
        Qt.Key.Key_Q, Qt.Key.Key_R, Qt.Key.Key_U, Qt.Key.Key_H, Qt.Key.Key_J, Qt.Key.Key_L,
        Qt.Key.Key_D, Qt.Key.Key_F, Qt.Key.Key_G, Qt.Key.Key_Plus, Qt.Key.Key_Minus,
        Qt.Key.Key_Equal, Qt.Key.Key_0, Qt.Key.Key_Tab, Qt.Key.Key_Escape,
    }
)  # fmt: skip
_CONTROL_SHIFT_KEYS = _CONTROL_KEYS | {Qt.Key.Key_I, Qt.Key.Key_C, Qt.Key.Key_K, Qt.Key.Key_M}
_ALWAYS = frozenset(
    {
        Qt.Key.Key_Print, Qt.Key.Key_SysReq, Qt.Key.Key_Help, Qt.Key.Key_Menu,
        Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Back, Qt.Key.Key_Forward,
        Qt.Key.Key_Refresh, Qt.Key.Key_HomePage, Qt.Key.Key_LaunchMail, Qt.Key.Key_Calculator,
    }
)  # fmt: skip
_ALT_KEYS = frozenset(
    {Qt.Key.Key_F4, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Tab}
)
_KINDS = frozenset({QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease})


def held(key: int, modifiers: Qt.KeyboardModifier) -> bool:
    """True for a key that the station keeps from everyone."""
    if key in _ALWAYS or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
        return True
    pressed = modifiers & (_Mod.ControlModifier | _Mod.AltModifier | _Mod.ShiftModifier)
    if modifiers & _Mod.MetaModifier:
        return True
    if pressed & _Mod.ControlModifier:
        keys = _CONTROL_SHIFT_KEYS if pressed & _Mod.ShiftModifier else _CONTROL_KEYS
        return key in keys
    return bool(pressed & _Mod.AltModifier) and key in _ALT_KEYS


class KeyGuard(QObject):
    """A lock-down step: arms every widget of the window, and each one that takes the focus."""

    name = "keys"

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._armed: list[QWidget] = []

    def perform(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for widget in (self._window, *self._window.findChildren(QWidget)):
            self._arm(widget)
        app.focusChanged.connect(self._focus_changed)

    def revert(self) -> None:
        app = QApplication.instance()
        if self._armed and isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_changed)
        for widget in self._armed:
            widget.removeEventFilter(self)
        self._armed = []

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() not in _KINDS or not isinstance(event, QKeyEvent):
            return False
        if not held(event.key(), event.modifiers()):
            return False
        event.accept()
        return True

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new.window() is self._window:
            self._arm(new)

    def _arm(self, widget: QWidget) -> None:
        """Installing again only moves the filter to the front, which is wanted."""
        widget.installEventFilter(self)
        if widget not in self._armed:
            self._armed.append(widget)
            widget.destroyed.connect(lambda _=None, gone=widget: self._forget(gone))

    def _forget(self, gone: QWidget) -> None:
        self._armed = [widget for widget in self._armed if widget is not gone]
