"""The words of the people page."""

from PySide6.QtCore import QObject

from invigilator_app.board.instants import minute
from invigilator_app.screens.texts import Texts
from venue_server.wire.names import Role
from venue_server.wire.people_views import DelegationView, PersonView

NO_ROOM = "-"


class PeopleWords(QObject):
    """Words for what the server says about people."""

    def __init__(self, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts

    def rooms(self, rooms: list[str]) -> str:
        """Where somebody may act."""
        if rooms == [NO_ROOM]:
            return self.tr("待定")
        return self.tr("、").join(rooms) if rooms else self.tr("全部")

    def recusal(self, one: PersonView) -> str:
        """What was declared and decided."""
        declared = {
            "": self.tr("未申报"),
            "NONE": self.tr("无"),
            "CANDIDATE": self.tr("△ 应试人员"),
            "ROOM": self.tr("△ 考场"),
            "VENUE": self.tr("△ 全部"),
        }.get(one.declared, one.declared)
        decided = {
            "": "",
            "NONE": self.tr("决定：不须回避"),
            "ROOMS": self.tr("决定：回避考场"),
            "VENUE": self.tr("决定：回避全部"),
        }.get(one.decided, one.decided)
        return " ".join(part for part in (declared, one.about, decided) if part)

    def notes(self, one: PersonView) -> str:
        """What else is worth knowing."""
        known = (
            (bool(one.disabled), self.tr("✕ 已停用：%1").replace("%1", one.disabled)),
            (not one.active and not one.disabled, self.tr("✕ 不在有效期内")),
            (one.locked, self.tr("△ 已锁定")),
            (not one.planned, self.tr("△ 本地增补")),
            (not one.password_set, self.tr("△ 未设密码")),
            (self._untrained(one), self.tr("△ 未参加本类考试培训")),
            (bool(one.trained_on), self._training(one)),
            (one.computer_capable, self.tr("会操作计算机")),
            (one.totp, self.tr("动态验证码")),
            (bool(one.agreement), self.tr("责任书已登记")),
            (bool(one.badge_no), self.tr("证章 %1").replace("%1", one.badge_no)),
        )
        return self.tr("；").join(text for true, text in known if true)

    def _untrained(self, one: PersonView) -> bool:
        return one.planned and not one.trained and one.roles != [Role.INSPECTOR]

    def _training(self, one: PersonView) -> str:
        """For what somebody was trained, and when (B01)."""
        kinds = {
            "NORMAL": self.tr("普通"),
            "AUDIO": self.tr("语音类"),
            "VIDEO": self.tr("视频类"),
        }
        said = [f"{kinds.get(kind, kind)} {day}" for kind, day in sorted(one.trained_on.items())]
        return self.tr("培训：%1").replace("%1", self.tr("、").join(said))

    def here(self, one: PersonView) -> str:
        """At a console, and by badge (A10)."""
        signed = self.tr("✓ 已登录") if one.here else self.tr("· 未登录")
        if not one.came_ms:
            return signed
        badge = self.tr("· 已离开 %1") if one.left_ms else self.tr("✓ 到场 %1")
        return f"{signed} {badge.replace('%1', minute(one.left_ms or one.came_ms))}"

    def delegation(self, one: DelegationView, until: str) -> str:
        """A post that somebody else does now."""
        text = self.tr("▶ 第%1号：%2的%3职务由%4代行，至%5。事由：%6")
        for mark, value in (
            ("%1", str(one.delegation_id)),
            ("%2", one.giver),
            ("%3", self._texts.role(one.role)),
            ("%4", one.taker),
            ("%5", until or self.tr("另行结束")),
            ("%6", one.reason),
        ):
            text = text.replace(mark, value)
        return text
