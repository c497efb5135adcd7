"""A grave order that one person gives with a reason, and perhaps on a reference number (I05)."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from invigilator_app.screens.parts import button, label

MAX_REASON = 500


class ReasonDialog(QDialog):
    """``given`` carries the reason and the reference (empty where none is asked for). Closing the
    dialog any other way orders nothing."""

    given = Signal(str, str)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        yes: str,
        wants_reference: bool = False,
        rows: Sequence[tuple[str, QWidget]] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.reference = QLineEdit()
        self._wants_reference = wants_reference
        self.yes = button(yes, self._give, kind="grave")
        self.cancel = button(self.tr("取消"), self.reject)
        for field in (self.reason, self.reference):
            field.textChanged.connect(self._typed)
        self._lay_out(title, text, rows)
        self._typed()
        self.reason.setFocus()

    def _lay_out(self, title: str, text: str, rows: Sequence[tuple[str, QWidget]]) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("事由（必填，将记入台账）"), self.reason)
        if self._wants_reference:
            form.addRow(self.tr("总部批准文号（必填）"), self.reference)
        for name, field in rows:
            form.addRow(name, field)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setSpacing(12)
        box.addWidget(label(title, "title"))
        box.addWidget(label(text))
        box.addLayout(form)
        box.addLayout(row)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 38))

    def _typed(self) -> None:
        referred = bool(self.reference.text().strip()) or not self._wants_reference
        self.yes.setEnabled(bool(self.reason.text().strip()) and referred)

    def _give(self) -> None:
        self.accept()
        self.given.emit(self.reason.text().strip(), self.reference.text().strip())


def ask_reason(
    parent: QWidget,
    title: str,
    text: str,
    yes: str,
    wants_reference: bool = False,
    rows: Sequence[tuple[str, QWidget]] = (),
) -> ReasonDialog:
    """Open the dialog without blocking; connect to ``given``. ``rows`` are fields of the caller."""
    dialog = ReasonDialog(parent, title, text, yes, wants_reference, rows)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
