"""存疑: identities in doubt; two compare and sign, the chief decides the rest (F14)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from invigilator_app.actions.permissions import Action
from invigilator_app.board.instants import clock
from invigilator_app.screens.door_tab import MAX_TEXT, DoorTab
from invigilator_app.screens.parts import button
from invigilator_app.screens.reason_dialog import ask_reason
from invigilator_app.screens.texts import Texts
from venue_server.wire.admission_orders import DecideDoubt, DoubtLine, SettleDoubt
from venue_server.wire.names import ChiefWord, DoubtState


class DoubtsTab(DoorTab):
    """One line a doubt."""

    list_wanted = Signal(list)  # of DoubtLine, to be printed

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, 7)
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("机位"),
                self.tr("准考证号"),
                self.tr("姓名"),
                self.tr("存疑"),
                self.tr("时间"),
                self.tr("状态"),
                self.tr("说明"),
            ]
        )
        self._lines: list[DoubtLine] = []
        self.same = button(self.tr("两人核验：一致…"), lambda: self._settle(True), kind="main")
        self.other = button(
            self.tr("两人核验：未能核实…"), lambda: self._settle(False), kind="grave"
        )
        self.stays = button(
            self.tr("主考：继续考试…"), lambda: self._decide(ChiefWord.STAYS), kind="grave"
        )
        self.referred = button(
            self.tr("主考：按涉嫌替考…"), lambda: self._decide(ChiefWord.REFERRED), kind="grave"
        )
        self.save = button(self.tr("名单另存为 PDF…"), lambda: self.list_wanted.emit(self._lines))
        self.lay_out(
            self.tr(
                "存疑人员由两名监考人员决定先行入场，并再次核验、签名；未能核实的由主考决定。"
                "处理完毕前，本场作答数据不能密封。"
            ),
            (),
            (self.same, self.other, self.stays, self.referred, self.save),
        )

    def show_lines(self, lines: list[DoubtLine]) -> None:
        self._lines = lines
        open_ones = (DoubtState.PROVISIONAL, DoubtState.NOT_VERIFIED)
        self.table.show_rows(
            [
                [
                    one.seat_no,
                    one.ticket_no,
                    one.name,
                    self.tr("、").join(self.door.doubt_kind(kind) for kind in one.kinds),
                    clock(one.raised_at_ms),
                    self.door.doubt_state(one),
                    one.note,
                ]
                for one in lines
            ],
            frozenset(at for at, one in enumerate(lines) if one.state in open_ones),
        )
        self.changed()

    def changed(self) -> None:
        line = self._line()
        state = line.state if line else None
        provisional = state is DoubtState.PROVISIONAL
        for pressed in (self.same, self.other):
            self.open(pressed, Action.SETTLE_DOUBT, provisional)
        for pressed in (self.stays, self.referred):
            self.open(pressed, Action.DECIDE_DOUBT, state is DoubtState.NOT_VERIFIED)
        self.save.setEnabled(bool(self._lines))

    def _line(self) -> DoubtLine | None:
        at = self.chosen()
        return self._lines[at] if 0 <= at < len(self._lines) else None

    def _settle(self, verified: bool) -> None:
        line = self._line()
        if line is None:
            return
        note = QLineEdit()
        note.setMaxLength(MAX_TEXT)
        found = self.tr("核验一致") if verified else self.tr("未能核实，报主考决定")
        what = self.tr("机位 %1　%2：%3。").replace("%1", line.seat_no).replace("%2", line.name)
        self.by_two(
            Action.SETTLE_DOUBT,
            what.replace("%3", found),
            lambda second: SettleDoubt(
                0, line.room_id, line.doubt_id, verified, note.text().strip(), second
            ),
            self.tr("已签名"),
            [(self.tr("核验情况"), note)],
        )

    def _decide(self, word: ChiefWord) -> None:
        line = self._line()
        if line is None:
            return
        what = self.tr("机位 %1　%2：%3。").replace("%1", line.seat_no).replace("%2", line.name)
        said = self.door.word(word)
        dialog = ask_reason(self, self.tr("主考决定"), what.replace("%3", said), said)
        dialog.given.connect(
            lambda reason, _reference: self.placed.emit(
                DecideDoubt(0, line.doubt_id, word, reason), self.tr("已记录主考决定")
            )
        )
