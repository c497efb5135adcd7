"""The candidate confirms that the details shown are theirs (F11); the ID is masked (O08)."""

import base64
import binascii

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel

from candidate_station.screens.page import CardPage, Facts, button, label, row
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.style import Look
from candidate_station.session.intents import ConfirmDetails, RejectDetails
from candidate_station.session.screen_state import ScreenState


class ConfirmPage(CardPage):
    """Photo if there is one, name, masked ID, ticket, room, seat, exam."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._ask = label("title"), label("body")
        self._photo = QLabel()
        self._photo.setObjectName("photo")
        self._photo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._facts = Facts(7)
        self._refusal = refusal_label()
        self.wrong, self.right = button("danger"), button("primary")
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addWidget(self._photo, 0, Qt.AlignmentFlag.AlignTop)
        middle.addWidget(self._facts, 1)
        self.column.addWidget(self._title)
        self.column.addWidget(self._ask)
        self.column.addLayout(middle)
        self.column.addWidget(self._refusal)
        self.column.addLayout(row(self.wrong, self.right))
        self.wrong.clicked.connect(lambda: self.intent.emit(RejectDetails()))
        self.right.clicked.connect(lambda: self.intent.emit(ConfirmDetails()))
        self._picture = QPixmap()
        self.show_look(Look())
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("确认信息"))
        self._ask.setText(self.tr("请核对以下信息是否为本人信息。有误请选“信息有误”并举手。"))
        self._photo.setAccessibleName(self.tr("应试人员照片"))
        self.wrong.setText(self.tr("信息有误(&W)"))
        self.right.setText(self.tr("信息无误(&Y)"))

    def show_state(self, state: ScreenState) -> None:
        who, session = state.candidate, state.session
        self._facts.show_rows(
            [
                (self.tr("姓名"), who.name if who else ""),
                (self.tr("证件号码"), who.id_number_masked if who else ""),
                (self.tr("准考证号"), who.ticket_no if who else ""),
                (self.tr("考场"), who.room_id if who else ""),
                (self.tr("机位"), who.seat_no if who else ""),
                (self.tr("考试"), session.exam_title if session else ""),
                (self.tr("科目"), session.subject_title if session else ""),
            ]
        )
        self._picture = photo_of(who.photo if who else "")
        self._fit_photo()
        show_refusal(self._refusal, state.refusal, self.locale().name())

    def show_look(self, look: Look) -> None:
        super().show_look(look)
        self._size = QSize(look.px(150), look.px(200))
        self._fit_photo()

    def entered(self) -> None:
        self.right.setFocus()

    def _fit_photo(self) -> None:
        self._photo.setVisible(not self._picture.isNull())
        if not self._picture.isNull():
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            self._photo.setPixmap(self._picture.scaled(self._size, keep, smooth))


def photo_of(encoded: str) -> QPixmap:
    """The photo from base64 JPEG or PNG; a null pixmap when there is none or it is unreadable."""
    picture = QPixmap()
    try:
        picture.loadFromData(base64.b64decode(encoded, validate=True))
    except binascii.Error:
        return QPixmap()
    return picture
