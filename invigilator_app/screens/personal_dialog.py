"""本人事项: what each person does for themselves: declare about recusal (B03), a second factor."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.screens.parts import Outcome, button, label
from invigilator_app.screens.qr import qr_pixmap
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.people_orders import BeginTotp, ConfirmTotp, DeclareRecusal

_NONE = "NONE"


class PersonalDialog(QDialog):
    """Lives as long as the window; what is typed or shown is forgotten when it closes."""

    ordered = Signal(object, object)  # Order, Reply

    def __init__(self, parent: QWidget, texts: Texts) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("本人事项"))
        self.setModal(True)
        self._state: ConsoleState | None = None
        self.kind = QComboBox()
        for value, text in (
            (_NONE, self.tr("无须回避：与应试人员无亲属等利害关系")),
            ("CANDIDATE", self.tr("与某名应试人员有关系")),
            ("ROOM", self.tr("与某考场有关系")),
            ("VENUE", self.tr("申请回避本场考试全部工作")),
        ):
            self.kind.addItem(text, value)
        self.about, self.reason = QLineEdit(), QLineEdit()
        self.declare = button(self.tr("提交申报"), self._declare, kind="main")
        self.begin = button(self.tr("生成动态验证码密钥"), self._begin)
        self.picture = QLabel()
        self.address = label()
        self.code = QLineEdit()
        self.code.setMaxLength(12)
        self.confirm = button(self.tr("核对并启用"), self._confirm, kind="main")
        self.outcome = Outcome(texts)
        self.close_button = button(self.tr("关闭"), self.reject)
        self.kind.currentIndexChanged.connect(self._changed)
        self.about.textChanged.connect(self._changed)
        self.reason.textChanged.connect(self._changed)
        self.code.textChanged.connect(self._changed)
        self.finished.connect(self._forget)
        self._lay_out()

    def show_for(self, state: ConsoleState) -> None:
        """Open for whoever is signed in."""
        self._state = state
        self._forget()
        self._changed()
        self.open()
        self.kind.setFocus()

    def _changed(self) -> None:
        state = self._state
        if state is None:
            return
        kind = str(self.kind.currentData())
        wants_about = kind in ("CANDIDATE", "ROOM")
        self.about.setEnabled(wants_about)
        self.reason.setEnabled(kind != _NONE)
        said = kind == _NONE or bool(self.reason.text().strip())
        named = not wants_about or bool(self.about.text().strip())
        allowed = may(Action.DECLARE_RECUSAL, state.person, state.online).allowed
        self.declare.setEnabled(allowed and said and named and bool(state.session_id))
        own = may(Action.BEGIN_TOTP, state.person, state.online).allowed
        self.begin.setEnabled(own)
        self.confirm.setEnabled(own and bool(self.code.text().strip()))

    # ---- recusal -------------------------------------------------------------------------

    def _declare(self) -> None:
        assert self._state is not None
        kind = str(self.kind.currentData())
        about = self.about.text().strip() if self.about.isEnabled() else ""
        reason = self.reason.text().strip() if self.reason.isEnabled() else ""
        self.outcome.waiting()
        order = DeclareRecusal(0, self._state.session_id, kind, about, reason)
        self.ordered.emit(order, self._declared)

    def _declared(self, answer: Answer) -> None:
        if isinstance(answer, Done):
            self.outcome.good(self.tr("已申报"), self.tr("由主考决定是否回避。"))
        else:
            self.outcome.trouble(answer)

    # ---- second factor -------------------------------------------------------------------

    def _begin(self) -> None:
        self.outcome.waiting()
        self.ordered.emit(BeginTotp(0), self._begun)

    def _begun(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self.outcome.clear()
        address = str(answer.result.get("uri", ""))
        picture = qr_pixmap(address, 4)
        self.picture.setPixmap(picture)
        self.picture.setMinimumSize(picture.size())
        self.picture.setAccessibleName(self.tr("动态验证码密钥的二维码"))
        self.address.setText(address)
        self.picture.show()
        self.adjustSize()
        self.code.setFocus()

    def _confirm(self) -> None:
        code = self.code.text().strip()
        self.code.clear()
        self.outcome.waiting()
        self.ordered.emit(ConfirmTotp(0, code), self._confirmed)

    def _confirmed(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self._hide_secret()
        self.outcome.good(self.tr("动态验证码已启用"), self.tr("下次登录起须输入。"))

    def _hide_secret(self) -> None:
        self.picture.clear()
        self.picture.setMinimumSize(0, 0)
        self.picture.hide()
        self.address.clear()
        self.code.clear()

    def _forget(self) -> None:
        self._hide_secret()
        self.kind.setCurrentIndex(0)
        self.about.clear()
        self.reason.clear()
        self.outcome.clear()

    def _lay_out(self) -> None:
        recusal = QWidget()
        form = QFormLayout(recusal)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("申报"), self.kind)
        form.addRow(self.tr("准考证号或考场号"), self.about)
        form.addRow(self.tr("关系或事由"), self.reason)
        form.addRow(self.declare)
        factor = QWidget()
        column = QVBoxLayout(factor)
        column.addWidget(
            label(self.tr("用验证器扫描二维码，再输入其显示的6位数字。二维码只显示这一次。"))
        )
        column.addWidget(self.begin)
        column.addWidget(self.picture)
        column.addWidget(self.address)
        column.addWidget(self.code)
        column.addWidget(self.confirm)
        column.addStretch(1)
        self.code.setPlaceholderText(self.tr("6位数字"))
        self.code.setAccessibleName(self.tr("动态验证码"))
        tabs = QTabWidget()
        tabs.addTab(recusal, self.tr("回避申报"))
        tabs.addTab(factor, self.tr("动态验证码"))
        box = QVBoxLayout(self)
        box.addWidget(tabs)
        box.addWidget(self.outcome)
        box.addWidget(self.close_button)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 60))
