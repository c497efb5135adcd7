"""Words for time and exceptions of one candidate."""

from PySide6.QtCore import QObject

from invigilator_app.board.instants import clock
from venue_server.wire.credit_orders import Credit, CreditReason, ExitReason, GapCause


class CreditTexts(QObject):
    """In the language of the console."""

    def cause(self, cause: GapCause) -> str:
        return {
            GapCause.STATION: self.tr("考试机中断"),
            GapCause.LINK: self.tr("网络中断（本机继续作答）"),
            GapCause.SERVER: self.tr("服务器中断（本机继续作答）"),
            GapCause.OLD_END: self.tr("按原结束时间自动交卷"),
            GapCause.HAND_IN: self.tr("误操作交卷"),
        }[cause]

    def reason(self, reason: CreditReason) -> str:
        return {
            CreditReason.STATION_FAULT: self.tr("考试机故障"),
            CreditReason.POWER: self.tr("断电"),
            CreditReason.NETWORK: self.tr("网络故障"),
            CreditReason.SERVER: self.tr("服务器故障"),
            CreditReason.SWAP: self.tr("换机"),
            CreditReason.DISTURBANCE: self.tr("考场干扰"),
            CreditReason.OLD_END: self.tr("按原结束时间自动交卷"),
            CreditReason.OTHER: self.tr("其他"),
        }[reason]

    def leaving(self, reason: ExitReason) -> str:
        return {
            ExitReason.ILLNESS: self.tr("突发疾病"),
            ExitReason.EVACUATION: self.tr("疏散"),
            ExitReason.VIOLATION: self.tr("违纪违规"),
            ExitReason.OTHER: self.tr("其他"),
        }[reason]

    def verdict(self, one: Credit) -> str:
        if one.approved is None:
            return self.tr("△ 待批准")
        if not one.approved:
            return self.tr("✕ 不批准")
        if one.revokes:
            return fill(self.tr("✓ 已收回 %1"), self.spelt(one.taken_s))
        if one.revoked_s:
            return fill(self.tr("✓ 已批准，已撤销 %1"), self.spelt(one.revoked_s))
        return self.tr("✓ 已批准")

    def subject(self, one: Credit) -> str:
        """Why, with words and number; of a revocation, what it takes back."""
        if one.revokes:
            return fill(self.tr("撤销补时 %1：%2"), str(one.revokes), one.note)
        why = self.reason(CreditReason(one.reason))
        return " ".join(part for part in (why, one.note, one.reference) if part)

    def moved(self, one: Credit) -> str:
        """The own end before and after, in plain words."""
        before, after = clock(one.end_before_ms), clock(one.end_after_ms)
        return fill(self.tr("本人结束时间由 %1 改为 %2。"), before, after)

    def spelt(self, seconds: int) -> str:
        minutes, rest = divmod(seconds, 60)
        if rest:
            return fill(self.tr("%1 分 %2 秒"), str(minutes), str(rest))
        return fill(self.tr("%1 分钟"), str(minutes))


def fill(text: str, *values: str) -> str:
    """Put values in place of ``%1``, ``%2``."""
    for number, value in enumerate(values, start=1):
        text = text.replace(f"%{number}", value)
    return text
