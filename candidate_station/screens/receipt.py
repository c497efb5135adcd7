"""交卷成功: the receipt code, made of the head of the candidate's own answer chain (G11, L02).

Where this machine still has answers that the server has not (the sitting was closed while it was
away), the page says so, and that the code does not cover them.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout

from candidate_station.screens.page import CardPage, Facts, label, set_role, stack
from candidate_station.screens.qr import qr_pixmap
from candidate_station.screens.style import Look
from candidate_station.screens.words import fill, grouped
from candidate_station.session.screen_state import ScreenState
from venue_server.wire.wiping_orders import AnswerPlace

QR_WIDTH = 225
BESIDE_UP_TO = 150
"""Percent: a larger code leaves no room for the QR beside it on the smallest screen."""


class ReceiptPage(CardPage):
    """Only shown once the server stored everything durably and said so."""

    CARD_WIDTH = 860  # code and QR side by side: both are seen at once, enlarged as well

    def __init__(self) -> None:
        self._look = Look()
        self._qr_text = ""
        super().__init__()
        self._title = label("title", centred=True)
        self._done = label("good", centred=True)
        self._code_word = label("muted", centred=True)
        self._code = label("code", wrap=False, centred=True)
        self._code.setObjectName("receiptCode")
        self._qr = QLabel()
        self._qr.setObjectName("receiptQr")
        self._facts = Facts(4)
        self._meaning = label("muted")
        self._next = label("body", centred=True)
        words = QVBoxLayout()
        stack(words, self._code_word, self._code, self._facts)
        words.addStretch(1)
        self._beside = beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        beside.setSpacing(24)
        beside.addLayout(words, 1)
        beside.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        # What to do comes first: enlarged text may push the rest below the screen's edge.
        stack(self.column, self._title, self._done, self._next)
        self.column.addLayout(beside)
        stack(self.column, self._meaning)
        self.retranslate()

    def retranslate(self) -> None:
        self._code_word.setText(self.tr("交卷回执码（可抄录备查）"))
        self._qr.setAccessibleName(self.tr("交卷回执二维码"))
        self._meaning.setText(
            self.tr("回执码由您的全部作答记录算出，末两位为校验位；日后可凭此核对上报的作答。")
        )
        self._next.setText(self.tr("请在座位上等候，经监考人员同意后方可离场。请勿关机。"))

    def show_state(self, state: ScreenState) -> None:
        code = grouped(state.receipt_code)
        self._code.setText(code)
        self._code.setAccessibleName(fill(self.tr("交卷回执码 %1"), code))
        if state.receipt_qr != self._qr_text:
            self._qr_text = state.receipt_qr
            self._draw()
        self._title.setText(self.tr("已交卷") if state.unsynced else self.tr("交卷成功"))
        set_role(self._done, "alarm" if state.unsynced else "good")
        self._done.setText(self._stored(state.place, state.unsynced))
        set_role(self._done, "warn" if state.place is AnswerPlace.STATION else "good")
        who, session = state.candidate, state.session
        self._facts.show_rows(
            [
                (self.tr("姓名"), who.name if who else ""),
                (self.tr("准考证号"), who.ticket_no if who else ""),
                (self.tr("科目"), session.subject_title if session else ""),
                (self.tr("机位"), who.seat_no if who else ""),
            ]
        )

    def show_look(self, look: Look) -> None:
        super().show_look(look)
        self._look = look
        wide, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._beside.setDirection(wide if look.zoom <= BESIDE_UP_TO else below)
        self._draw()

    def _draw(self) -> None:
        self._qr.setVisible(bool(self._qr_text))
        if self._qr_text:
            self._qr.setPixmap(qr_pixmap(self._qr_text, self._look.px(QR_WIDTH)))

    def _stored(self, place: AnswerPlace, unsynced: int) -> str:
        """Where everything handed in is by now, as long as this station hears of it (H07)."""
        if unsynced:
            text = self.tr(
                "✕ 有 %1 条作答只在本机，服务器尚未收到，也不在此回执码之内。请勿关机，并立即举手"
            )
            return fill(text, str(unsynced))
        match place:
            case AnswerPlace.STATION:
                return self.tr("△ 服务器存储故障，作答保存在本机，请勿关机")
            case AnswerPlace.SECOND:
                return self.tr("✓ 服务器已收妥全部作答，已在考点两处保存")
            case AnswerPlace.BACKUP:
                return self.tr("✓ 全部作答已在考点两处保存，并已存入备份介质")
            case AnswerPlace.HEADQUARTERS:
                return self.tr("✓ 全部作答已上报")
            case _:
                return self.tr("✓ 服务器已收妥全部作答")
