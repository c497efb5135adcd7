"""The second person's signature at the same console (D02, D07, E01)."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from invigilator_app.actions.permissions import Action
from invigilator_app.actions.two_person import SECOND_ROLES, SecondProblem, second
from invigilator_app.screens.parts import button, label
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import SignedIn


class SecondDialog(QDialog):
    """Says what is about to happen, takes the second person's account and password, and hands over
    one ``Second``. Closing it any other way orders nothing."""

    signed = Signal(object)  # Second

    def __init__(
        self,
        parent: QWidget,
        texts: Texts,
        action: Action,
        first: SignedIn,
        what: str,
        rows: Sequence[tuple[str, QWidget]] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("两人确认"))
        self.setModal(True)
        self._texts = texts
        self._first = first
        self.person = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.totp = QLineEdit()
        self.totp.setMaxLength(12)
        self.totp.setPlaceholderText(self.tr("未启用则不填"))
        self.problem = label(name="why")
        self.problem.hide()  # the smallest screen has no line to spare
        self.sign = button(self.tr("第二人签名并执行"), self._sign, kind="grave")
        self.cancel = button(self.tr("取消"), self.reject)
        self._lay_out(what, texts.roles(SECOND_ROLES[action]), rows)
        self.person.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._sign)
        (rows[0][1] if rows else self.person).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field is the field's: the dialog would press a button of its own choice, and
        close unsigned."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (enter and isinstance(self.focusWidget(), QLineEdit)):
            super().keyPressEvent(event)

    def _lay_out(self, what: str, roles: str, rows: Sequence[tuple[str, QWidget]]) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for text, field in rows:
            form.addRow(text, field)
        first = self.tr("%1（%2）").replace("%1", self._first.name)
        form.addRow(self.tr("第一人"), label(first.replace("%2", self._first.person_id)))
        # A line of its own: three roles in English are wider than the fields.
        form.addRow(label(self.tr("第二人须为：%1").replace("%1", roles)))
        form.addRow(self.tr("第二人账号"), self.person)
        form.addRow(self.tr("第二人密码"), self.password)
        form.addRow(self.tr("第二人动态验证码"), self.totp)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.sign)
        box = QVBoxLayout(self)
        box.setSpacing(12)
        box.addWidget(label(self.tr("须由两名人员共同完成"), "title"))
        box.addWidget(label(what))
        box.addLayout(form)
        box.addWidget(self.problem)
        box.addLayout(row)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 38))

    def _sign(self) -> None:
        made = second(self._first, self.person.text(), self.password.text(), self.totp.text())
        if isinstance(made, SecondProblem):
            self.problem.setText("△ " + self._texts.second_problem(made))
            self.problem.show()
            wrong_password = made is SecondProblem.NO_PASSWORD
            (self.password if wrong_password else self.person).setFocus()
            return
        self.password.clear()
        self.totp.clear()
        self.accept()
        self.signed.emit(made)


def ask_second(
    parent: QWidget,
    texts: Texts,
    action: Action,
    first: SignedIn,
    what: str,
    rows: Sequence[tuple[str, QWidget]] = (),
) -> SecondDialog:
    """Open the dialog without blocking; connect to ``signed``. ``rows`` are further fields that the
    order needs, with their labels, above the signatures."""
    dialog = SecondDialog(parent, texts, action, first, what, rows)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
