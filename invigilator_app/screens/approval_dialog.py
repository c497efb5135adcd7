"""Headquarters' consent to an extension, as the chief types it in (I02, S1 article 32)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.roomtime import last_time_of_day
from invigilator_app.board.instants import minute
from invigilator_app.screens.parts import button, label
from venue_server.wire.roomtime_orders import Approval

MAX_TEXT = 200


class ApprovalDialog(QDialog):
    """``given`` carries the Approval. ``rows`` are further fields of the order, above; it cannot be
    given before everything is filled in."""

    given = Signal(object)  # Approval

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        yes: str,
        now_ms: int,
        rows: Sequence[tuple[str, QWidget]] = (),
        complete: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._now_ms = now_ms
        self._complete = complete
        self.authority, self.reference, self.approver = QLineEdit(), QLineEdit(), QLineEdit()
        self.at = QTimeEdit(QTime.fromString(minute(now_ms), "HH:mm"))
        self.at.setDisplayFormat("HH:mm")
        self.yes = button(yes, self._give, kind="grave")
        self.cancel = button(self.tr("取消"), self.reject)
        self._lay_out(title, text, rows)
        for field in (self.authority, self.reference, self.approver):
            field.setMaxLength(MAX_TEXT)
            field.textChanged.connect(self.typed)
        self.typed()
        (rows[0][1] if rows else self.authority).setFocus()

    def typed(self) -> None:
        """Something was typed, here or in a field of the order."""
        said = (self.authority, self.reference, self.approver)
        self.yes.setEnabled(all(each.text().strip() for each in said) and self._complete())

    def _lay_out(self, title: str, text: str, rows: Sequence[tuple[str, QWidget]]) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, field in rows:
            form.addRow(name, field)
        form.addRow(self.tr("批准机关（必填）"), self.authority)
        form.addRow(self.tr("批准文号（必填）"), self.reference)
        form.addRow(self.tr("批准人（必填）"), self.approver)
        form.addRow(self.tr("批准时间"), self.at)
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
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 42))

    def _give(self) -> None:
        at = self.at.time()
        approval = Approval(
            self.authority.text().strip(),
            self.reference.text().strip(),
            self.approver.text().strip(),
            last_time_of_day(at.hour(), at.minute(), self._now_ms),
        )
        self.accept()
        self.given.emit(approval)
