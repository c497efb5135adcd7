"""Sign-in, and what stands before it: enrolment code, connecting, refused."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.link.port import Line, LinePhase
from invigilator_app.screens.header import ModeBanner
from invigilator_app.screens.parts import Card, Outcome, button, label
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import ConsoleWelcome
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import RefusalCode


class SignInForm(QWidget):
    """Account and password; both, and codes, are cleared as soon as they have been handed over.

    The second factor's code is asked for once the server wants it. ``may_renew`` offers to set a
    password: the first one with a one-time code, or another one.
    """

    submitted = Signal(str, str, str)  # account, password, code of the second factor
    renewed = Signal(str, str, str, str)  # account, present secret, new password, code

    def __init__(self, texts: Texts, title: str, may_renew: bool = False) -> None:
        super().__init__()
        self._title = title
        self.person = QLineEdit()
        self.person.setMaxLength(64)
        self.password, self.wanted, self.again = (_secret() for _ in range(3))
        self.totp = QLineEdit()
        self.totp.setMaxLength(12)
        self.renewing = QCheckBox(self.tr("首次登录或修改密码"))
        self.renewing.setVisible(may_renew)
        self.outcome = Outcome(texts)
        self.enter = button(title, self._submit, kind="main")
        self._form = QFormLayout()
        self._lay_out()
        self.renewing.toggled.connect(self._show_mode)
        self.person.returnPressed.connect(self.password.setFocus)
        for last in (self.password, self.totp, self.again):
            last.returnPressed.connect(self._submit)
        self.wanted.returnPressed.connect(self.again.setFocus)
        self._form.setRowVisible(self.totp, False)
        self._show_mode()

    def answered(self, answer: object) -> None:
        """Show a no; a yes is shown by the page that follows."""
        self.enter.setEnabled(True)
        if isinstance(answer, Refused) or answer is None:
            self.outcome.trouble(answer)
            self._follow(answer)
        else:
            self._reset()

    def renewal_answered(self, answer: object) -> None:
        """How setting a password ended."""
        self.enter.setEnabled(True)
        if isinstance(answer, Refused) or answer is None:
            self.outcome.trouble(answer)
            self._follow(answer)
            return
        self.renewing.setChecked(False)
        self.outcome.good(self.tr("密码已设置"), self.tr("请用新密码登录。"))
        self.password.setFocus()

    def _follow(self, answer: Refused | None) -> None:
        """What the refusal asks for next."""
        code = answer.code if answer is not None else None
        if code in (RefusalCode.TOTP_NEEDED, RefusalCode.TOTP_WRONG):
            self._form.setRowVisible(self.totp, True)
        if code is RefusalCode.PASSWORD_TO_SET and self.renewing.isVisibleTo(self):
            self.renewing.setChecked(True)
        self.password.setFocus()

    def _reset(self) -> None:
        self.outcome.clear()
        self.person.clear()
        self.renewing.setChecked(False)
        self._form.setRowVisible(self.totp, False)

    def _show_mode(self) -> None:
        on = self.renewing.isChecked()
        for field in (self.wanted, self.again):
            self._form.setRowVisible(field, on)
            field.clear()
        self.enter.setText(self.tr("设置密码") if on else self._title)
        said = self._form.labelForField(self.password)
        assert isinstance(said, QLabel)
        said.setText(self.tr("现有密码或一次性开通码") if on else self.tr("密码"))

    def _submit(self) -> None:
        person, password = self.person.text().strip(), self.password.text()
        if not self.enter.isEnabled():
            return
        if not person or not password:
            (self.password if person else self.person).setFocus()
            return
        if self.renewing.isChecked() and not self._right_twice():
            return
        wanted, totp = self.wanted.text(), self.totp.text().strip()
        for field in (self.password, self.wanted, self.again, self.totp):
            field.clear()
        self.enter.setEnabled(False)
        self.outcome.waiting()
        if self.renewing.isChecked():
            self.renewed.emit(person, password, wanted, totp)
        else:
            self.submitted.emit(person, password, totp)

    def _right_twice(self) -> bool:
        if not self.wanted.text():
            self.wanted.setFocus()
            return False
        if self.wanted.text() != self.again.text():
            self.outcome.warn(self.tr("两次输入的新密码不一致"))
            self.again.setFocus()
            return False
        return True

    def _lay_out(self) -> None:
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for text, field in (
            (self.tr("账号"), self.person),
            (self.tr("密码"), self.password),
            (self.tr("动态验证码"), self.totp),
            (self.tr("新密码（至少12位）"), self.wanted),
            (self.tr("再输入一次"), self.again),
        ):
            self._form.addRow(text, field)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addLayout(self._form)
        box.addWidget(self.renewing)
        box.addWidget(self.enter)
        box.addWidget(self.outcome)


def _secret() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(256)
    return field


class SignInPage(QWidget):
    """Everything before somebody is on duty."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("page")
        self._texts = texts
        self.banner = ModeBanner(texts)
        self.product = label(self.tr("考点监考台"), "quiet")
        self.venue = label(name="title")
        self.form = SignInForm(texts, self.tr("登录"), may_renew=True)
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
                return self.tr("登记未完成"), self._refusal(line)
            case LinePhase.REFUSED:
                return self.tr("服务器拒绝本机连接"), self._refusal(line)
            case _ if line.refusal:
                return self.tr("未连接到考点服务器"), self._refusal(line)
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
