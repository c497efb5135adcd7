"""Why a button of 保管与销毁 is shut although the person may press it: the words of its tool tip.

The rules are the server's; these are the facts it told, so that nobody presses to find out.
"""

from PySide6.QtCore import QObject

from invigilator_app.actions.holdings import HeldSession


class KeptReasons(QObject):
    """Every method gives the reason, or nothing when nothing stands in the way. ``one``: the
    session that is chosen, None when no session has ended yet."""

    def not_there(self, one: HeldSession | None) -> str:
        return self.tr("没有已结束的场次") if one is None else ""

    def not_to_wipe(self, one: HeldSession | None) -> str:
        if one is not None and one.wiped:
            return self.tr("已经清除")
        if one is not None and not one.home:
            return self.tr("未取得上报回执，不能清除")
        return self.not_there(one)

    def not_wiped(self, one: HeldSession | None) -> str:
        return self.not_there(one) or ("" if one and one.wiped else self.tr("尚未清除"))

    def not_to_hold(self, one: HeldSession | None) -> str:
        return self.not_there(one) or (self.tr("已经封存") if one and one.hold else "")

    def not_to_lift(self, one: HeldSession | None) -> str:
        return self.not_there(one) or ("" if one and one.hold else self.tr("没有封存"))

    def not_due(self, one: HeldSession | None, what: str) -> str:
        if one is not None and one.wiped and what in one.due:
            return ""
        if one is not None and what in one.destroyed:
            return self.tr("已经销毁")
        if one is not None and one.hold:
            return self.tr("已封存，不能销毁")
        if one is not None and not one.published_on:
            return self.tr("成绩公布日期未录入，不能销毁")
        return self.not_wiped(one) or self.tr("保管期未满")

    def not_destroyed(self, one: HeldSession | None) -> str:
        return self.not_there(one) or ("" if one and one.destroyed else self.tr("尚未销毁"))
