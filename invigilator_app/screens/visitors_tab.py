"""其他人员: nobody else enters without the approval of the chief or a deputy (A09)."""

from invigilator_app.actions.permissions import Action
from invigilator_app.board.instants import clock
from invigilator_app.screens.door_tab import DoorTab
from invigilator_app.screens.parts import button
from invigilator_app.screens.texts import Texts
from venue_server.wire.admission_orders import ApproveVisitor, VisitorIn, VisitorLine, VisitorOut


class VisitorsTab(DoorTab):
    """One line a visit; the row above the table is the next approval."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, 7)
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("编号"),
                self.tr("姓名"),
                self.tr("单位"),
                self.tr("事由"),
                self.tr("批准人"),
                self.tr("进出时间"),
                self.tr("状态"),
            ]
        )
        self._lines: list[VisitorLine] = []
        self.name = self.entry(self.tr("姓名"))
        self.unit = self.entry(self.tr("单位"))
        self.reason = self.entry(self.tr("进入考场的事由"))
        self.approve = button(self.tr("批准进入本考场"), self._approve, kind="main")
        self.enter = button(self.tr("登记进入"), lambda: self._pass(True))
        self.go = button(self.tr("登记离开"), lambda: self._pass(False))
        self.lay_out(
            self.tr("其他人员未经批准一律不得进入考场：由主考或副主考批准，监考人员登记进出。"),
            (self.name, self.unit, self.reason),
            (self.approve, self.enter, self.go),
        )

    def show_lines(self, lines: list[VisitorLine]) -> None:
        self._lines = lines
        self.table.show_rows(
            [
                [
                    one.visitor_id,
                    one.name,
                    one.unit,
                    one.reason,
                    one.approved_by,
                    self._times(one),
                    self.door.visitor_state(one),
                ]
                for one in lines
            ],
            frozenset(at for at, one in enumerate(lines) if one.in_ms and not one.out_ms),
        )
        self.changed()

    def _times(self, one: VisitorLine) -> str:
        return " – ".join(clock(at) for at in (one.in_ms, one.out_ms) if at) or "—"

    def approved(self) -> None:
        """The approval was recorded: ready for the next one."""
        for field in (self.name, self.unit, self.reason):
            field.clear()

    def changed(self) -> None:
        at = self.chosen()
        line = self._lines[at] if 0 <= at < len(self._lines) else None
        entered = all(field.text().strip() for field in (self.name, self.unit, self.reason))
        self.open(self.approve, Action.APPROVE_VISITOR, entered)
        self.open(self.enter, Action.VISITOR_IN, line is not None and not line.in_ms)
        inside = line is not None and bool(line.in_ms) and not line.out_ms
        self.open(self.go, Action.VISITOR_OUT, inside)

    def _approve(self) -> None:
        words = (field.text().strip() for field in (self.name, self.unit, self.reason))
        self.placed.emit(ApproveVisitor(0, self.room_id, *words), self.tr("已批准"))

    def _pass(self, entering: bool) -> None:
        line = self._lines[self.chosen()]
        kind = VisitorIn if entering else VisitorOut
        self.placed.emit(kind(0, line.room_id, line.visitor_id), self.tr("已登记"))
