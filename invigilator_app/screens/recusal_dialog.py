"""The chief's decision about somebody's recusal (B03)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.screens.parts import button, label
from invigilator_app.screens.reason_dialog import MAX_REASON


class RecusalDialog(QDialog):
    """``decided`` carries scope, rooms and reason. Closing it any other way decides nothing."""

    decided = Signal(str, list, str)

    def __init__(self, parent: QWidget, who: str, declared: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("回避决定"))
        self.setModal(True)
        self.scope = QComboBox()
        for value, text in (
            ("NONE", self.tr("不须回避")),
            ("ROOMS", self.tr("回避下列考场")),
            ("VENUE", self.tr("回避全部工作：立即停用账号")),
        ):
            self.scope.addItem(text, value)
        self.rooms = QLineEdit()
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.yes = button(self.tr("作出决定"), self._give, kind="grave")
        self.cancel = button(self.tr("取消"), self.reject)
        self.scope.currentIndexChanged.connect(self._changed)
        self.rooms.textChanged.connect(self._changed)
        self.reason.textChanged.connect(self._changed)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("决定"), self.scope)
        form.addRow(self.tr("考场号（以空格分隔）"), self.rooms)
        form.addRow(self.tr("事由（必填，将记入台账）"), self.reason)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.addWidget(label(who, "title"))
        box.addWidget(label(declared))
        box.addLayout(form)
        box.addLayout(row)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 44))
        self._changed()

    def _named(self) -> list[str]:
        return self.rooms.text().split() if self.scope.currentData() == "ROOMS" else []

    def _changed(self) -> None:
        about_rooms = self.scope.currentData() == "ROOMS"
        self.rooms.setEnabled(about_rooms)
        named = bool(self._named()) or not about_rooms
        self.yes.setEnabled(named and bool(self.reason.text().strip()))

    def _give(self) -> None:
        self.accept()
        self.decided.emit(str(self.scope.currentData()), self._named(), self.reason.text().strip())
