"""考场登记: a room's doubts, kept items, visitors, corrections together (A09, F04, F09, F14)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.results import DoorBook, ResultError, read_result
from invigilator_app.printing.door_slips import doubt_list, item_receipt
from invigilator_app.screens.corrections_tab import CorrectionsTab
from invigilator_app.screens.door_tab import DoorTab
from invigilator_app.screens.doubts_tab import DoubtsTab
from invigilator_app.screens.items_tab import ItemsTab
from invigilator_app.screens.parts import Outcome, button, label
from invigilator_app.screens.save_pdf import save_sheet
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.visitors_tab import VisitorsTab
from venue_server.wire.admission_orders import (
    ApproveVisitor,
    DoubtLine,
    GetDoorLog,
    ItemLine,
    KeepItem,
    RequestCorrection,
)
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Message


class DoorDialog(QDialog):
    """Of one room. ``ordered`` carries an order; its answer comes back through :meth:`answered`
    or, for the log itself, :meth:`loaded`."""

    ordered = Signal(object)

    def __init__(self, parent: QWidget, texts: Texts, state: ConsoleState) -> None:
        super().__init__(parent)
        assert state.room is not None and state.view is not None
        self.setWindowTitle(self.tr("考场登记"))
        self.setModal(True)
        self._room = state.room.room
        self._venue_name = state.view.venue.printed_name
        self._done: list[tuple[Message, str]] = []  # placed and not answered yet, in order
        self.doubts = DoubtsTab(texts)
        self.items = ItemsTab(texts)
        self.visitors = VisitorsTab(texts)
        self.corrections = CorrectionsTab(texts)
        self.tabs = QTabWidget()
        self.outcome = Outcome(texts)
        self.leave = button(self.tr("关闭"), self.reject)
        self._lay_out()
        self.doubts.list_wanted.connect(self._save_list)
        self.items.receipt_wanted.connect(self._save_receipt)
        for tab in self._all:
            tab.placed.connect(self._place)
        self.show_state(state)

    @property
    def _all(self) -> tuple[DoorTab, ...]:
        return self.doubts, self.items, self.visitors, self.corrections

    def show_state(self, state: ConsoleState) -> None:
        """The board as it now is; the dialog stays with its room."""
        if state.room is not None and state.room.room.room_id == self._room.room_id:
            for tab in self._all:
                tab.show_state(state)

    def load(self) -> None:
        """Fetch what there is."""
        self.ordered.emit(GetDoorLog(0, self._room.room_id))

    def loaded(self, answer: Answer) -> None:
        """Show what there is."""
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            log = read_result(answer, DoorBook).door
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.doubts.show_lines(log.doubts)
        self.items.show_lines(log.items)
        self.visitors.show_lines(log.visitors)
        self.corrections.show_lines(log.corrections)
        counts = len(log.doubts), len(log.items), len(log.visitors), len(log.corrections)
        for at, (title, count) in enumerate(zip(self._titles(), counts, strict=True)):
            self.tabs.setTabText(at, f"{title} {count}" if count else title)

    def _place(self, order: Message, done: str) -> None:
        self._done.append((order, done))
        self.outcome.waiting()
        self.ordered.emit(order)

    def answered(self, order: Message, answer: Answer) -> None:
        """Say how an order ended, and fetch the lines anew."""
        found = next(at for at, (placed, _) in enumerate(self._done) if placed is order)
        _, done = self._done.pop(found)
        if isinstance(answer, Done):
            self.outcome.good(done)
            self._ready_for_next(order)
            self.load()
        else:
            self.outcome.trouble(answer)

    def _ready_for_next(self, order: Message) -> None:
        match order:
            case KeepItem():
                self.items.kept()
            case ApproveVisitor():
                self.visitors.approved()
            case RequestCorrection():
                self.corrections.filed()

    def _save_list(self, lines: list[DoubtLine]) -> None:
        html = doubt_list(self._venue_name, self._room.name, lines)
        self._save(f"{self.tr('存疑名单')}-{self._room.name}", html)

    def _save_receipt(self, item: ItemLine) -> None:
        html = item_receipt(self._venue_name, self._room.name, item)
        self._save(f"{self.tr('收据')}-{item.receipt_no}", html)

    def _save(self, name: str, html: str) -> None:
        save_sheet(self, self.outcome, self.tr("另存为 PDF"), name, html)

    def _titles(self) -> tuple[str, ...]:
        return self.tr("存疑"), self.tr("暂扣物品"), self.tr("其他人员"), self.tr("更正申请")

    def _lay_out(self) -> None:
        for tab, title in zip(self._all, self._titles(), strict=True):
            self.tabs.addTab(tab, title)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        self.leave.setAutoDefault(False)
        column = QVBoxLayout(self)
        title = self.tr("考场登记 · %1").replace("%1", self._room.name)
        column.addWidget(label(title, "title"))
        column.addWidget(self.tabs, 1)
        column.addWidget(self.outcome)
        column.addLayout(row)
        parent = self.parentWidget()
        assert parent is not None, "it belongs to a page"
        window = parent.window()
        self.resize(window.width() - 80, window.height() - 120)
