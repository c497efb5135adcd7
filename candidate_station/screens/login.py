"""Log-in by admission ticket number and identity number (F11, F12)."""

from candidate_station.screens.login_input import normalise
from candidate_station.screens.page import CardPage, button, field, label, row, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import fill
from candidate_station.session.intents import EnterLogin
from candidate_station.session.screen_state import ScreenState


class LoginPage(CardPage):
    """Two fields; Enter in the first goes to the second, in the second logs in."""

    CARD_WIDTH = 620

    def __init__(self) -> None:
        super().__init__()
        self._title = label("title")
        self._where = label("muted")
        self._ticket_label, self.ticket = label("strong"), field()
        self._identity_label, self.identity = label("strong"), field()
        self._ticket_label.setBuddy(self.ticket)
        self._identity_label.setBuddy(self.identity)
        self._hint = label("muted")
        self._missing = label("warn")
        self._missing.hide()
        self._refusal = refusal_label()
        self.enter = button("primary")
        stack(
            self.column,
            self._title,
            self._where,
            self._ticket_label,
            self.ticket,
            self._identity_label,
            self.identity,
            self._hint,
            self._missing,
            self._refusal,
        )
        self.column.addLayout(row(self.enter))
        self.ticket.returnPressed.connect(self.identity.setFocus)
        self.identity.returnPressed.connect(self._log_in)
        self.enter.clicked.connect(self._log_in)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("应试人员登录"))
        self._ticket_label.setText(self.tr("准考证号(&T)"))
        self._identity_label.setText(self.tr("有效身份证件号码(&I)"))
        self.ticket.setAccessibleName(self.tr("准考证号"))
        self.identity.setAccessibleName(self.tr("有效身份证件号码"))
        self._hint.setText(
            self.tr("全角、空格、字母大小写均可识别。号码有误请举手，由监考人员处理。")
        )
        self._missing.setText(self.tr("⚠ 请填写准考证号和有效身份证件号码。"))
        self.enter.setText(self.tr("登录(&L)"))

    def show_state(self, state: ScreenState) -> None:
        where = self.tr("考场 %1 · 机位 %2")
        self._where.setText(fill(where, state.room_id, state.seat_no))
        show_refusal(self._refusal, state.refusal, self.locale().name())

    def entered(self) -> None:
        self.ticket.clear()
        self.identity.clear()
        self._missing.hide()
        self.ticket.setFocus()

    def _log_in(self) -> None:
        ticket, identity = normalise(self.ticket.text()), normalise(self.identity.text())
        self._missing.setVisible(not (ticket and identity))
        if not ticket:
            self.ticket.setFocus()
        elif not identity:
            self.identity.setFocus()
        else:
            self.intent.emit(EnterLogin(ticket_no=ticket, id_number=identity))
