"""Many tabs in few named groups: one row of groups, below it the tabs of the chosen one, so that
no tab hides behind a scroll button: nobody hunts on an exam day."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)


class GroupedTabs(QWidget):
    """``currentChanged`` as a tab widget's. Arrow keys move within a row, Tab goes from row to row,
    Ctrl+PgDown and Ctrl+PgUp go through all tabs of all groups."""

    currentChanged = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.groups = _row("groupBar")
        self._bars: list[QTabBar] = []
        self._members: list[list[QWidget]] = []
        self._order: list[QWidget] = []
        self._rows = QStackedWidget()
        self._rows.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._pages = QStackedWidget()
        self.groups.currentChanged.connect(self._group_chosen)
        frame = QFrame()
        frame.setObjectName("groupedTabs")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        rows = QHBoxLayout()
        rows.addWidget(self.groups)
        rows.addStretch(1)
        column.addLayout(rows)
        column.addWidget(self._rows)
        column.addWidget(frame, 1)
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=step: self._go(by))

    def add_group(self, title: str, tabs: Sequence[tuple[QWidget, str]]) -> None:
        """One more group; its tabs are shown in the order given."""
        bar = _row("tabRow")
        bar.setAccessibleName(title)
        self._members.append([tab for tab, _title in tabs])
        self._order += self._members[-1]
        for tab, name in tabs:
            self._pages.addWidget(tab)
            bar.addTab(name)
        bar.currentChanged.connect(self._shown)
        self._bars.append(bar)
        self._rows.addWidget(bar)
        self.groups.addTab(title)

    def count(self) -> int:
        """Of the tabs of all groups."""
        return len(self._order)

    def widget(self, at: int) -> QWidget:
        """The ``at``-th tab of all groups, in their order."""
        return self._order[at]

    def currentWidget(self) -> QWidget:
        """The tab that is up; there is one as soon as there is a group."""
        tab = self._pages.currentWidget()
        assert tab is not None
        return tab

    def currentIndex(self) -> int:
        """Which of all groups' tabs is up."""
        return self._order.index(self.currentWidget())

    def setCurrentWidget(self, tab: QWidget) -> None:
        """Bring a tab up, with its group."""
        group = next(at for at, each in enumerate(self._members) if tab in each)
        self._bars[group].setCurrentIndex(self._members[group].index(tab))
        self.groups.setCurrentIndex(group)

    def setCurrentIndex(self, at: int) -> None:
        """As ``setCurrentWidget``, by number."""
        self.setCurrentWidget(self._order[at])

    def bar(self) -> QTabBar:
        """The row of the chosen group's tabs."""
        return self._bars[self.groups.currentIndex()]

    def _group_chosen(self, group: int) -> None:
        self._rows.setCurrentIndex(group)
        self._shown()

    def _shown(self) -> None:
        group = self.groups.currentIndex()
        tab = self._members[group][self._bars[group].currentIndex()]
        if self._pages.currentWidget() is not tab:
            self._pages.setCurrentWidget(tab)
            self.currentChanged.emit(self._order.index(tab))

    def _go(self, by: int) -> None:
        self.setCurrentIndex((self.currentIndex() + by) % self.count())


def _row(name: str) -> QTabBar:
    made = QTabBar()
    made.setObjectName(name)
    made.setExpanding(False)
    made.setDrawBase(False)
    return made
