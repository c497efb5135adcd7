"""What a person looks at before a record is signed, and the fields people write (K07, N05)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.results import RoomRecord
from invigilator_app.screens.parts import Card, button, label
from invigilator_app.screens.reason_dialog import MAX_REASON
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.record_orders import WrittenField
from venue_server.wire.remarks import record_label


class PointsCard(Card):
    """``looked`` carries point ids and a remark; ``wrote`` a field, what it said before, what it
    says now, and the reason."""

    looked = Signal(list, str)
    wrote = Signal(WrittenField, str, str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(self.tr("核查事项与说明"))
        self._texts = texts
        self._record: RoomRecord | None = None
        headings = [self.tr("状态"), self.tr("事项"), self.tr("说明"), self.tr("核查人")]
        self.table = TextTable(headings)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.itemSelectionChanged.connect(self._selected)
        self.remark = QLineEdit()
        self.remark.setMaxLength(MAX_REASON)
        self.remark.setPlaceholderText(self.tr("说明（可不填）"))
        self.remark.setAccessibleName(self.tr("说明（可不填）"))
        self.all = button(self.tr("全选待核查"), self._select_open)
        self.look = button(self.tr("核查所选"), self._look, kind="main")
        self.write = {
            WrittenField.EXPLANATION: button(
                self.tr("填写异常情况说明…"), lambda: self._ask(WrittenField.EXPLANATION)
            ),
            WrittenField.REMARKS: button(
                self.tr("填写备注…"), lambda: self._ask(WrittenField.REMARKS)
            ),
        }
        self._may_answer = self._may_write = False
        self._lay_out()

    def show_record(self, record: RoomRecord | None) -> None:
        """The points of this record; None: none was read."""
        self._record = record
        language = self._texts.language
        points = record.points if record else []
        self.table.show_rows(
            [
                [
                    self.tr("✓ 已核查") if each.answered else self.tr("△ 待核查"),
                    each.about.text(language),
                    each.remark,
                    each.name,
                ]
                for each in points
            ],
            frozenset(at for at, each in enumerate(points) if not each.answered),
        )
        self.open(self._may_answer, self._may_write)

    def open(self, may_answer: bool, may_write: bool) -> None:
        """Who is on duty may (not) look and write."""
        self._may_answer, self._may_write = may_answer, may_write
        self.all.setEnabled(may_answer and self._record is not None)
        for pressed in self.write.values():
            pressed.setEnabled(may_write and self._record is not None)
        self._selected()

    def _selected(self) -> None:
        self.look.setEnabled(self._may_answer and bool(self._chosen()))

    def _chosen(self) -> list[str]:
        record = self._record
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [record.points[row].point for row in rows] if record else []

    def _select_open(self) -> None:
        if self._record is None:
            return
        self.table.clearSelection()
        mode = QAbstractItemView.SelectionMode
        self.table.setSelectionMode(mode.MultiSelection)
        for row, each in enumerate(self._record.points):
            if not each.answered:
                self.table.selectRow(row)
        self.table.setSelectionMode(mode.ExtendedSelection)

    def _look(self) -> None:
        if chosen := self._chosen():
            self.looked.emit(chosen, self.remark.text().strip())
            self.remark.clear()

    def _ask(self, field: WrittenField) -> None:
        if self._record is None:
            return
        before = self._record.written.get(field.value, "")
        dialog = WriteDialog(self, record_label(field.value, self._texts.language), before)
        dialog.written.connect(lambda after, why: self.wrote.emit(field, before, after, why))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lay_out(self) -> None:
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 6))
        self.box.addWidget(self.table, 1)
        looking = QHBoxLayout()
        looking.addWidget(self.all)
        looking.addWidget(self.remark, 1)
        looking.addWidget(self.look)
        self.box.addLayout(looking)
        writing = QHBoxLayout()
        for pressed in self.write.values():
            writing.addWidget(pressed)
        writing.addStretch(1)
        self.box.addLayout(writing)


class WriteDialog(QDialog):
    """A written field as it stands, to be changed with a reason. ``written``: text and reason."""

    written = Signal(str, str)

    def __init__(self, parent: QWidget, title: str, before: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._before = before
        self.text = QPlainTextEdit(before)
        self.text.setTabChangesFocus(True)
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.yes = button(self.tr("保存"), self._save, kind="grave")
        self.cancel = button(self.tr("取消"), self.reject)
        self.text.textChanged.connect(self._typed)
        self.reason.textChanged.connect(self._typed)
        self._lay_out(title)
        self._typed()
        self.text.setFocus()

    def _lay_out(self, title: str) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow(self.tr("内容"), self.text)
        form.addRow(self.tr("变更说明（必填，将记入台账）"), self.reason)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.addWidget(label(title, "title"))
        box.addWidget(label(self.tr("保存后，已有签名全部作废，须重新签署。")))
        box.addLayout(form)
        box.addLayout(row)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 44))

    def _typed(self) -> None:
        changed = self.text.toPlainText().strip() != self._before
        self.yes.setEnabled(changed and bool(self.reason.text().strip()))

    def _save(self) -> None:
        self.accept()
        self.written.emit(self.text.toPlainText().strip(), self.reason.text().strip())
