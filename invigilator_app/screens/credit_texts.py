"""Words for time and exceptions of one candidate."""

from PySide6.QtCore import QObject

from venue_server.wire.credit_orders import CreditReason, ExitReason, GapCause


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

    def verdict(self, approved: bool | None) -> str:
        if approved is None:
            return self.tr("△ 待批准")
        return self.tr("✓ 已批准") if approved else self.tr("✕ 不批准")
