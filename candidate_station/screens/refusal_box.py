"""The one place a refusal is written to a candidate: code and sentence, in the shown language."""

from PySide6.QtWidgets import QLabel

from candidate_station.screens.page import label
from venue_server.wire.refusals import Refusal


def refusal_label() -> QLabel:
    """A hidden alarm label, to be filled by :func:`show_refusal`."""
    box = label("alarm")
    box.setObjectName("refusal")
    box.hide()
    return box


def show_refusal(box: QLabel, refusal: Refusal | None, language: str) -> None:
    """Write the refusal, or hide the box. The sign is a cue beside the colour."""
    text = f"⚠ {refusal.text(language)}" if refusal else ""
    box.setText(text)
    box.setAccessibleName(text)
    box.setVisible(bool(text))
