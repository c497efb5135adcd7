"""The candidate of a ticket as the list has them: photo beside the data, to hold against the person
and the documents (F02, F08). The number stays masked (O08)."""

import base64
import binascii

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from invigilator_app.screens.door_texts import DoorTexts
from invigilator_app.screens.parts import label
from venue_server.wire.admission_orders import CandidateCard

_LINES = 9
"""The photo is as high as so many lines of text, so that it grows with the zoom."""


class CandidateCardView(QFrame):
    """Empty until a ticket was looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._texts = DoorTexts(self)
        self.photo = QLabel()
        self.photo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = label(name="title")
        self.facts = label()
        self.rare = label(name="why")
        column = QVBoxLayout(self)
        for part in (self.photo, self.name, self.facts, self.rare):
            column.addWidget(part)
        column.addStretch(1)
        self.hide()

    def clear_card(self) -> None:
        """Nobody is looked at."""
        self.photo.clear()
        self.hide()

    def show_card(self, card: CandidateCard, document: str) -> None:
        """``document``: the registered document's kind in words."""
        self.name.setText(card.name)
        facts = [
            self.tr("机位 %1　准考证号 %2")
            .replace("%1", card.seat_no)
            .replace("%2", card.ticket_no),
            f"{document}　{card.id_number_masked}",
        ]
        if card.admitted_at_ms:
            facts.append("△ " + self.tr("已入场"))
        if card.doubts:
            kinds = self.tr("、").join(self._texts.doubt_kind(kind) for kind in card.doubts)
            facts.append("△ " + self.tr("存疑：%1").replace("%1", kinds))
        self.facts.setText("\n".join(facts))
        self.rare.setText(self._rare(card))
        self.rare.setVisible(bool(self.rare.text()))
        self._show_photo(card.photo)
        self.setAccessibleName("\n".join((card.name, *facts, self.rare.text())))
        self.show()

    def _rare(self, card: CandidateCard) -> str:
        if not (card.name_on_document or card.rare_char_note):
            return ""
        text = self.tr("生僻字：证件姓名 %1（%2）。仅此不同的，不作存疑。")
        shown = text.replace("%1", card.name_on_document or "—")
        return "ⓘ " + shown.replace("%2", card.rare_char_note or "—")

    def _show_photo(self, text: str) -> None:
        picture = QPixmap()
        try:
            picture.loadFromData(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            picture = QPixmap()
        height = self.fontMetrics().height() * _LINES
        self.photo.setMinimumWidth(height * 3 // 4)
        if picture.isNull():
            self.photo.setText(self.tr("（无照片）"))
            return
        smooth = Qt.TransformationMode.SmoothTransformation
        self.photo.setPixmap(picture.scaledToHeight(height, smooth))
