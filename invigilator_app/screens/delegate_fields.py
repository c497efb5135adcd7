"""The fields of a delegation: whose post, for how long, why (A01, A02, N03)."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from invigilator_app.screens.reason_dialog import MAX_REASON
from invigilator_app.screens.texts import Texts
from venue_server.wire.frames import Second
from venue_server.wire.names import Role
from venue_server.wire.people_orders import Delegate
from venue_server.wire.people_views import PersonView

_MINUTE_MS = 60_000
_POSTS = (Role.CHIEF, Role.SYSADMIN)


class DelegateFields(QObject):
    """Fields for ``ask_second``; ``order`` reads them when the second person has signed."""

    def __init__(
        self, parent: QObject, texts: Texts, taker: PersonView, people: list[PersonView]
    ) -> None:
        super().__init__(parent)
        self._taker = taker
        self.giver, self.minutes, self.reason = QComboBox(), QSpinBox(), QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        for one in people:
            for role in _POSTS:
                if role in one.own_roles and one.person_id != taker.person_id:
                    shown = f"{one.name}（{texts.role(role)}）"
                    self.giver.addItem(shown, (one.person_id, role.value))
        self.minutes.setRange(0, 24 * 60)
        self.minutes.setValue(120)
        self.minutes.setSuffix(self.tr(" 分钟"))
        self.minutes.setSpecialValueText(self.tr("移交，直至另行结束"))

    def rows(self) -> list[tuple[str, QWidget]]:
        return [
            (self.tr("代行谁的职务"), self.giver),
            (self.tr("时长"), self.minutes),
            (self.tr("事由（必填，将记入台账）"), self.reason),
        ]

    def order(self, by: Second, now_ms: int) -> Delegate:
        giver, role = self.giver.currentData()
        until_ms = now_ms + self.minutes.value() * _MINUTE_MS if self.minutes.value() else 0
        taker = self._taker.person_id
        return Delegate(0, Role(role), giver, taker, self.reason.text(), by, until_ms)
