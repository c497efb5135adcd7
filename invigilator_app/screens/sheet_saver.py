"""Saving one sheet as a PDF: asks where without blocking, then says where it is, or why not."""

from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QWidget

from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.screens.parts import Outcome


class SheetSaver(QWidget):
    """Has nothing to show of its own; ``outcome`` tells how it ended."""

    def __init__(self, parent: QWidget, outcome: Outcome) -> None:
        super().__init__(parent)
        self._outcome = outcome
        self.hide()

    def save(self, name: str, html: str, digest: str = "") -> None:
        """Ask for a place, then write."""
        start = str(Path(QDir.homePath()) / f"{name}.pdf")
        dialog = QFileDialog(self, self.tr("另存为 PDF"), start, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda chosen: self.write_to(Path(chosen), html, digest))
        dialog.open()

    def write_to(self, path: Path, html: str, digest: str = "") -> None:
        """Write one sheet."""
        try:
            write_pdf(path, html, digest)
        except PrintError as error:
            self._outcome.warn(self.tr("无法写入文件"), str(error))
        else:
            self._outcome.good(self.tr("已保存"), str(path))
