"""暂扣物品: kept with a receipt by two people, given back or handed over by two people (F09)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from invigilator_app.actions.permissions import Action
from invigilator_app.board.instants import clock
from invigilator_app.screens.door_tab import MAX_TEXT, DoorTab
from invigilator_app.screens.parts import button
from invigilator_app.screens.texts import Texts
from venue_server.wire.admission_orders import ItemLine, KeepItem, ReturnItem
from venue_server.wire.frames import Second
from venue_server.wire.names import ItemKind


class ItemsTab(DoorTab):
    """One line an item; the row above the table is the next one."""

    receipt_wanted = Signal(object)  # ItemLine, to be printed

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, 7)
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("收据"),
                self.tr("准考证号"),
                self.tr("姓名"),
                self.tr("类别"),
                self.tr("物品"),
                self.tr("时间"),
                self.tr("状态"),
            ]
        )
        self._lines: list[ItemLine] = []
        self.ticket = self.entry(self.tr("准考证号"))
        self.kind = QComboBox()
        for kind in ItemKind:
            self.kind.addItem(self.door.item_kind(kind), kind)
        self.kind.setAccessibleName(self.tr("类别"))
        self.what = self.entry(self.tr("物品名称、数量"))
        self.signed = QCheckBox(self.tr("本人已签名"))
        self.keep = button(self.tr("暂扣（两人）…"), self._keep, kind="main")
        self.give = button(self.tr("退还本人（两人）…"), lambda: self._return(False))
        self.hand = button(self.tr("移交他人（两人）…"), lambda: self._return(True))
        self.save = button(self.tr("收据另存为 PDF…"), self._save)
        self.lay_out(
            self.tr("违规携带的工具、资料等集中保管，开具收据；考试结束后退还。作弊设备依法收缴。"),
            (self.ticket, self.kind, self.what, self.signed),
            (self.keep, self.give, self.hand, self.save),
        )

    def show_lines(self, lines: list[ItemLine]) -> None:
        self._lines = lines
        self.table.show_rows(
            [
                [
                    one.receipt_no,
                    one.ticket_no,
                    one.name,
                    self.door.item_kind(one.kind),
                    one.what,
                    clock(one.kept_at_ms),
                    self.door.item_state(one),
                ]
                for one in lines
            ],
            frozenset(at for at, one in enumerate(lines) if not one.ended_at_ms),
        )
        self.changed()

    def kept(self) -> None:
        """The entry was taken: ready for the next one."""
        self.ticket.clear()
        self.what.clear()
        self.signed.setChecked(False)

    def changed(self) -> None:
        line = self._line()
        entered = bool(self.ticket.text().strip() and self.what.text().strip())
        self.open(self.keep, Action.KEEP_ITEM, entered)
        held = line is not None and not line.ended_at_ms
        self.open(self.give, Action.RETURN_ITEM, held)
        self.open(self.hand, Action.RETURN_ITEM, held)
        self.save.setEnabled(line is not None)

    def _line(self) -> ItemLine | None:
        at = self.chosen()
        return self._lines[at] if 0 <= at < len(self._lines) else None

    def _save(self) -> None:
        line = self._line()
        if line is not None:
            self.receipt_wanted.emit(line)

    def _keep(self) -> None:
        ticket, what = self.ticket.text().strip(), self.what.text().strip()
        kind, signed = ItemKind(self.kind.currentData()), self.signed.isChecked()
        room_id = self.room_id

        def make(second: Second) -> KeepItem:
            return KeepItem(0, room_id, ticket, kind, what, signed, second)

        text = self.tr("准考证号 %1：暂扣 %2。").replace("%1", ticket).replace("%2", what)
        self.by_two(Action.KEEP_ITEM, text, make, self.tr("已暂扣，请打印收据"))

    def _return(self, to_others: bool) -> None:
        line = self._line()
        if line is None:
            return
        receiver = QLineEdit()
        receiver.setMaxLength(MAX_TEXT)

        def make(second: Second) -> ReturnItem:
            handed_to = receiver.text().strip() if to_others else ""
            return ReturnItem(0, line.room_id, line.receipt_no, True, second, handed_to)

        text = self.tr("收据 %1：%2。领取人已在收据上签名。")
        text = text.replace("%1", line.receipt_no).replace("%2", line.what)
        rows = [(self.tr("接收人、单位"), receiver)] if to_others else []
        self.by_two(Action.RETURN_ITEM, text, make, self.tr("已登记"), rows)
