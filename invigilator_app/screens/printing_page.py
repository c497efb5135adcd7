"""A page that saves sheets as PDF: asks where without blocking, then says how that went."""

from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog

from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.screens.parts import Outcome, Page
from invigilator_app.screens.texts import Texts


class PrintingPage(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.outcome = Outcome(texts)

    def ask_pdf(self, name: str, html: str, content_hash: str = "") -> None:
        """Save one sheet under a name the person may change."""
        start = str(Path(QDir.homePath()) / f"{name}.pdf")
        dialog = QFileDialog(self, self.tr("另存为 PDF"), start, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda to: self.write_pdf(Path(to), html, content_hash))
        dialog.open()

    def write_pdf(self, path: Path, html: str, content_hash: str = "") -> None:
        """Write it and say how that went."""
        try:
            write_pdf(path, html, content_hash)
        except PrintError as error:
            self.outcome.warn(self.tr("无法写入文件"), str(error))
        else:
            self.outcome.good(self.tr("已保存"), str(path))
