"""Sign-in, and what stands before it: enrolment code, connecting, refused."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.link.port import Line, LinePhase
from invigilator_app.screens.header import ModeBanner
from invigilator_app.screens.parts import Card, Outcome, button, label
from invigilator_app.screens.texts import Texts
from venue_server.wire.messages import ConsoleWelcome, Refused


class SignInForm(QWidget):
    """Account and password; the password is cleared as soon as it has been handed over."""

    submitted = Signal(str, str)

    def __init__(self, texts: Texts, title: str) -> None:
        super().__init__()
        self.person = QLineEdit()
        self.person.setMaxLength(64)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(256)
        self.outcome = Outcome(texts)
        self.enter = button(title, self._submit, kind="main")
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("账号"), self.person)
        form.addRow(self.tr("密码"), self.password)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addLayout(form)
        box.addWidget(self.enter)
        box.addWidget(self.outcome)
        self.person.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._submit)

    def answered(self, answer: object) -> None:
        """Show a no; a yes is shown by the page that follows."""
        self.enter.setEnabled(True)
        if isinstance(answer, Refused) or answer is None:
            self.outcome.trouble(answer)
            self.password.setFocus()
        else:
            self.outcome.clear()
            self.person.clear()

    def _submit(self) -> None:
        person, password = self.person.text().strip(), self.password.text()
        if not self.enter.isEnabled():
            return
        if not person or not password:
            (self.password if person else self.person).setFocus()
            return
        self.password.clear()
        self.enter.setEnabled(False)
        self.outcome.waiting()
        self.submitted.emit(person, password)


class SignInPage(QWidget):
    """Everything before somebody is on duty."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("page")
        self._texts = texts
        self.banner = ModeBanner(texts)
        self.product = label(self.tr("考点监考台"), "quiet")
        self.venue = label(name="title")
        self.form = SignInForm(texts, self.tr("登录"))
        self.notice_head = label(name="title")
        self.code = label(name="code", wrap=False)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notice = label()
        for part in (self.product, self.venue, self.notice_head, self.code, self.notice):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._notice_side())
        self._stack.addWidget(self._form_side())
        self._lay_out()

    def show_line(self, line: Line) -> None:
        """What the line is doing; sign-in appears as soon as it may be used."""
        ready = line.phase in (LinePhase.SIGN_IN, LinePhase.ON_DUTY)
        was_notice = self._stack.currentIndex() == 0
        self._stack.setCurrentIndex(1 if ready else 0)
        if ready and was_notice:
            self.form.person.setFocus()
        head, text = self._notice(line)
        self.notice_head.setText(head)
        self.notice.setText(text)
        self.code.setVisible(line.phase is LinePhase.ENROLLING and bool(line.detail))
        self.code.setText(line.detail if line.phase is LinePhase.ENROLLING else "")

    def show_welcome(self, welcome: ConsoleWelcome) -> None:
        self.venue.setText(welcome.venue_name)
        self.banner.show_mode(welcome.mode)

    def _notice(self, line: Line) -> tuple[str, str]:
        match line.phase:
            case LinePhase.ENROLLING if line.detail:
                return self.tr("本机登记码"), self.tr(
                    "请系统管理员在服务器或已登记的监考台上核对并确认此登记码。两边显示一致才可确认。"
                )
            case LinePhase.ENROLLING:
                return self.tr("正在登记本机"), self.tr("正在联系服务器…")
            case LinePhase.ENROL_REFUSED:
                return self.tr("登记未获确认"), self._refusal(line)
            case LinePhase.REFUSED:
                return self.tr("服务器拒绝本机连接"), self._refusal(line)
            case _:
                return self.tr("正在连接考点服务器…"), line.detail

    def _refusal(self, line: Line) -> str:
        """The server's no in this console's language, else what the machine says."""
        return line.refusal.text(self._texts.language) if line.refusal else line.detail

    def _notice_side(self) -> QWidget:
        side = QWidget()
        box = QVBoxLayout(side)
        for part in (self.notice_head, self.code, self.notice):
            box.addWidget(part)
        box.addStretch(1)
        return side

    def _form_side(self) -> QWidget:
        side = QWidget()
        box = QVBoxLayout(side)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.form)
        box.addWidget(label(self.tr("忘记密码或无法登录，请联系系统管理员。"), "quiet"))
        box.addStretch(1)
        return side

    def _lay_out(self) -> None:
        card = Card()
        card.setMinimumWidth(420)
        card.setMaximumWidth(680)
        card.box.setContentsMargins(32, 24, 32, 24)
        card.box.setSpacing(14)
        card.box.addWidget(self.product)
        card.box.addWidget(self.venue)
        card.box.addLayout(self._stack)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 2)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.banner)
        page.addStretch(1)
        page.addLayout(row)
        page.addStretch(2)
