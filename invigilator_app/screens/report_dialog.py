"""First-time report of an incident: the text to read out, then who was told, how, which number."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.screens.parts import button, label


class ReportDialog(QDialog):
    """``reported`` carries to whom, how, and the reference (may be empty)."""

    reported = Signal(str, str, str)

    def __init__(self, parent: QWidget, incident_id: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("登记上报"))
        self.setModal(True)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("报告内容"))
        self.to, self.way, self.reference = QLineEdit(), QLineEdit(), QLineEdit()
        self.yes = button(self.tr("已上报，登记"), self._give, kind="main")
        self.cancel = button(self.tr("取消"), self.reject)
        for field in (self.to, self.way):
            field.textChanged.connect(self._typed)
        self._lay_out(self.tr("上报 %1").replace("%1", incident_id))
        self._typed()
        self.to.setFocus()

    def _lay_out(self, title: str) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("报告对象（必填）"), self.to)
        form.addRow(self.tr("方式（必填）"), self.way)
        form.addRow(self.tr("文号或接报人"), self.reference)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.addWidget(label(title, "title"))
        box.addWidget(label(self.tr("先按下文上报，再登记。可复制。")))
        box.addWidget(self.text, 1)
        box.addLayout(form)
        box.addLayout(row)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 60))

    def _typed(self) -> None:
        self.yes.setEnabled(bool(self.to.text().strip() and self.way.text().strip()))

    def _give(self) -> None:
        self.accept()
        self.reported.emit(
            self.to.text().strip(), self.way.text().strip(), self.reference.text().strip()
        )
