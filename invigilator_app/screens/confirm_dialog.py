"""A plain question before an order that touches many people."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from invigilator_app.screens.parts import button, label


class ConfirmDialog(QDialog):
    """``agreed`` when the person says yes; Escape and 取消 order nothing."""

    agreed = Signal()

    def __init__(self, parent: QWidget, title: str, text: str, yes: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.yes = button(yes, self._agree, kind="main")
        self.cancel = button(self.tr("取消"), self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setSpacing(12)
        box.addWidget(label(title, "title"))
        box.addWidget(label(text))
        box.addLayout(row)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 34))
        self.yes.setFocus()

    def _agree(self) -> None:
        self.accept()
        self.agreed.emit()


def ask(parent: QWidget, title: str, text: str, yes: str) -> ConfirmDialog:
    """Open the question without blocking; connect to ``agreed``."""
    dialog = ConfirmDialog(parent, title, text, yes)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
