"""Ask where a sheet goes, without blocking, then write it and say where it is, or why not."""

from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QWidget

from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.screens.parts import Outcome


def save_sheet(parent: QWidget, outcome: Outcome, title: str, name: str, html: str) -> QFileDialog:
    """``title`` of the dialog; ``name`` of the file without its ending. Said in ``outcome``."""
    start = str(Path(QDir.homePath()) / f"{name}.pdf")
    dialog = QFileDialog(parent, title, start, "PDF (*.pdf)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")
    dialog.finished.connect(dialog.deleteLater)
    dialog.fileSelected.connect(lambda chosen: write_sheet(outcome, Path(chosen), html))
    dialog.open()
    return dialog


def write_sheet(outcome: Outcome, path: Path, html: str) -> None:
    """Write one sheet to ``path``."""
    try:
        write_pdf(path, html, "")
    except PrintError as error:
        outcome.not_saved(str(error))
    else:
        outcome.saved(str(path))
