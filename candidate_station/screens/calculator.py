"""计算器: the plan may switch it on (H05). By mouse and by keyboard; nothing is evaluated.

Its digits are the display's alone: nothing is copied out, nothing is kept after the candidate.
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout

from candidate_station.screens.page import button, label
from candidate_station.screens.style import Look
from candidate_station.tools.calculator import ERROR, Calculator, press

_ROWS = (
    ("C", "BACK", "NEG", "/", "MC"),
    ("7", "8", "9", "*", "MR"),
    ("4", "5", "6", "-", "M+"),
    ("1", "2", "3", "+", "M-"),
    ("0", ".", "="),
)
_FACES = {"BACK": "←", "NEG": "±", "/": "÷", "*": "×", "-": "−", "M-": "M−"}
_TYPED = {
    Qt.Key.Key_Return: "=",
    Qt.Key.Key_Enter: "=",
    Qt.Key.Key_Backspace: "BACK",
    Qt.Key.Key_Delete: "C",
}


class CalculatorPanel(QFrame):
    """``closed`` when Escape was pressed in it."""

    closed = Signal()
    WIDTH = 250

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("calculator")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.state = Calculator()
        self.display = label("strong", wrap=False)
        self.display.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._sign = label("small", wrap=False)
        self.keys: dict[str, QPushButton] = {}
        grid = QGridLayout()
        grid.setSpacing(4)
        for row, keys in enumerate(_ROWS):
            for column, key in enumerate(keys):
                grid.addWidget(self._key(key), row, column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(6, 6, 6, 6)
        whole.addWidget(self._sign)
        whole.addWidget(self.display)
        whole.addLayout(grid)
        whole.addStretch(1)
        self.show_look(Look())
        self._write()
        self.hide()

    def _key(self, key: str) -> QPushButton:
        made = button("calculatorKey")
        made.setAutoDefault(False)  # Enter means equals here
        made.setText(_FACES.get(key, key))
        made.clicked.connect(partial(self._press, key))
        self.keys[key] = made
        return made

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("计算器"))
        self.keys["BACK"].setAccessibleName(self.tr("退格"))
        self.keys["NEG"].setAccessibleName(self.tr("正负号"))
        self.keys["C"].setAccessibleName(self.tr("清除"))
        self._write()

    def show_look(self, look: Look) -> None:
        self.setFixedWidth(look.px(self.WIDTH))

    def reset(self) -> None:
        """Another candidate sits down: the memory too is empty."""
        self.state = Calculator()
        self._write()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        key = _TYPED.get(Qt.Key(event.key()), event.text())
        if key == "c":
            key = "C"
        if key in self.keys:
            self._press(key)
        else:
            super().keyPressEvent(event)

    def _press(self, key: str, _checked: bool = False) -> None:
        self.state = press(self.state, key)
        self._write()

    def _write(self) -> None:
        state = self.state
        self.display.setText(self.tr("错误，按 C") if state.entry == ERROR else state.entry)
        self.display.setAccessibleName(self.display.text())
        memory = "M" if state.memory else ""
        self._sign.setText(f"{memory} {_FACES.get(state.operator, state.operator)}".strip() or "·")
