"""Words of the door: what was checked, doubts, kept items, in the console's language."""

from PySide6.QtCore import QObject

from venue_server.wire.admission_orders import DoubtLine, ItemLine, VisitorLine
from venue_server.wire.names import (
    ChiefWord,
    DoubtKind,
    DoubtState,
    ItemKind,
    NameCheck,
    PersonCheck,
)


class DoorTexts(QObject):
    """One sentence or word for every value."""

    def name_check(self, check: NameCheck) -> str:
        return {
            NameCheck.SAME: self.tr("姓名与证件一致"),
            NameCheck.RARE_CHARACTER: self.tr("仅生僻字不同，登记已注明"),
            NameCheck.DIFFERENT: self.tr("△ 姓名不一致"),
        }[check]

    def person_check(self, check: PersonCheck) -> str:
        return {
            PersonCheck.SAME: self.tr("本人与照片一致"),
            PersonCheck.DOUBT: self.tr("△ 是否本人存疑"),
        }[check]

    def doubt_kind(self, kind: DoubtKind) -> str:
        return {
            DoubtKind.NUMBER: self.tr("号码"),
            DoubtKind.NAME: self.tr("姓名"),
            DoubtKind.PERSON: self.tr("本人与照片"),
        }[kind]

    def doubt_state(self, line: DoubtLine) -> str:
        if line.word is not None:
            return self.tr("✓ 主考决定：%1").replace("%1", self.word(line.word))
        return {
            DoubtState.RAISED: self.tr("… 未准入场"),
            DoubtState.WITHDRAWN: self.tr("✓ 后经查验一致"),
            DoubtState.PROVISIONAL: self.tr("△ 已先行入场，待两人核验"),
            DoubtState.VERIFIED: self.tr("✓ 两人核验一致"),
            DoubtState.NOT_VERIFIED: self.tr("✕ 未能核实，待主考决定"),
            DoubtState.DECIDED: self.tr("✓ 主考已决定"),
        }[line.state]

    def word(self, word: ChiefWord) -> str:
        return {
            ChiefWord.STAYS: self.tr("继续考试，报总部核查"),
            ChiefWord.REFERRED: self.tr("按涉嫌替考处理"),
        }[word]

    def item_kind(self, kind: ItemKind) -> str:
        return {
            ItemKind.CHEATING_DEVICE: self.tr("作弊设备"),
            ItemKind.TOOL: self.tr("工具"),
            ItemKind.MATERIAL: self.tr("资料"),
            ItemKind.OTHER: self.tr("其他物品"),
        }[kind]

    def item_state(self, item: ItemLine) -> str:
        if not item.ended_at_ms:
            return self.tr("△ 保管中")
        if item.handed_to:
            return self.tr("✓ 已移交 %1").replace("%1", item.handed_to)
        return self.tr("✓ 已退还")

    def visitor_state(self, visitor: VisitorLine) -> str:
        if not visitor.in_ms:
            return self.tr("… 已批准，未进入")
        return self.tr("✓ 已离开") if visitor.out_ms else self.tr("△ 在考场内")
