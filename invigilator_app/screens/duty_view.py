"""The window's content while somebody is on duty: header, pages by role, footer."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.board.instants import clock
from invigilator_app.screens.admin_page import AdminPage
from invigilator_app.screens.ceremony_page import CeremonyPage
from invigilator_app.screens.closing_page import ClosingPage
from invigilator_app.screens.data_page import DataPage
from invigilator_app.screens.header import Header, ModeBanner
from invigilator_app.screens.incidents_page import IncidentsPage
from invigilator_app.screens.parts import Page, button, label
from invigilator_app.screens.personal_dialog import PersonalDialog
from invigilator_app.screens.record_page import RecordPage
from invigilator_app.screens.release_texts import ReleaseTexts
from invigilator_app.screens.room_page import RoomPage
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import ZOOMS
from venue_server.wire.alarm_advice import advice
from venue_server.wire.names import Role

_OFFICE = frozenset({Role.CHIEF, Role.DEPUTY, Role.SYSADMIN, Role.INSPECTOR, Role.ZONE_DIRECTOR})


class Footer(QFrame):
    """What to do now, zoom, sign-out."""

    zoom_wanted = Signal(int)
    sign_out_wanted = Signal()
    personal_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("footer")
        self._zoom = ZOOMS[0]
        self._texts = ReleaseTexts(self)
        self.hint = label(name="hint")
        self.percent = label("100%", "quiet", wrap=False)
        self.smaller = button(self.tr("缩小"), lambda: self._step(-1), key="Ctrl+-")
        self.larger = button(self.tr("放大"), lambda: self._step(+1), key="Ctrl+=")
        self.personal = button(self.tr("本人事项"), self.personal_wanted.emit, key="Ctrl+Shift+B")
        self.leave = button(self.tr("退出登录"), self.sign_out_wanted.emit, key="Ctrl+Shift+Q")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 10, 4)
        row.addWidget(self.hint, 1)
        for part in (self.smaller, self.percent, self.larger, self.personal, self.leave):
            row.addWidget(part)

    def show_state(self, state: ConsoleState) -> None:
        venue = state.view.venue if state.view else None
        self.hint.setText(self._texts.next_step(venue.session_state if venue else None))

    def show_zoom(self, zoom: int) -> None:
        self._zoom = zoom
        self.percent.setText(f"{zoom}%")
        self.smaller.setEnabled(zoom != ZOOMS[0])
        self.larger.setEnabled(zoom != ZOOMS[-1])

    def _step(self, by: int) -> None:
        at = min(max(ZOOMS.index(self._zoom) + by, 0), len(ZOOMS) - 1)
        self.zoom_wanted.emit(ZOOMS[at])


class DutyView(QWidget):
    """All pages live as long as the window; only the one shown is refreshed."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("page")
        self.texts = texts
        self.banner = ModeBanner(texts)
        self.lost = label(name="lost")
        self.alarms = label(name="alarms")
        self.header = Header(texts)
        self.footer = Footer()
        self.personal = PersonalDialog(self, texts)
        self.footer.personal_wanted.connect(self._open_personal)
        self.rooms = RoomPage(texts)
        self.ceremony = CeremonyPage(texts)
        self.closing = ClosingPage(texts)
        self.record = RecordPage(texts)
        self.data = DataPage(texts)
        self.admin = AdminPage(texts)
        self.incidents = IncidentsPage(texts)
        self.pages: list[Page] = [
            self.rooms,
            self.ceremony,
            self.closing,
            self.record,
            self.data,
            self.admin,
            self.incidents,
        ]
        self.state: ConsoleState | None = None
        self.stack = QStackedWidget()
        self.nav = QFrame()
        self.nav.setObjectName("nav")
        self.nav_buttons: list[QPushButton] = []
        self._group = QButtonGroup(self)
        self._lay_out()
        self.lost.hide()
        self.alarms.hide()

    def show_state(self, state: ConsoleState) -> None:
        """Render everything that is visible."""
        self.state = state
        self.header.show_state(state)
        self.footer.show_state(state)
        self._show_bars(state)
        self._show_nav(state)
        page = self.stack.currentWidget()
        assert isinstance(page, Page)
        page.refresh(state)

    def show_clock(self, state: ConsoleState) -> None:
        """Only what moves with time."""
        self.state = state
        self.header.clock.show_state(state)
        self.header.strip.show_state(state)

    def open_page(self, page: Page) -> None:
        """Bring a page up, fresh and from its top, with the focus where it can be seen."""
        focus, left = QApplication.focusWidget(), self.stack.currentWidget()
        inside = left is not None and focus is not None and left.isAncestorOf(focus)
        moves = page is not left and (inside or focus in self.nav_buttons)
        self.stack.setCurrentWidget(page)
        chosen = self.nav_buttons[self.pages.index(page)]
        chosen.setChecked(True)
        if moves:
            # Else Qt gives it to the page's first enabled control and scrolls down to it.
            (self.rooms.map if page is self.rooms else chosen).setFocus()
        for area in page.findChildren(QScrollArea):
            area.verticalScrollBar().setValue(0)
        if self.state is not None:
            page.refresh(self.state)
        if page is self.admin:
            self.admin.opened()
        if page is self.incidents:
            self.incidents.opened()

    def _open_personal(self) -> None:
        if self.state is not None:
            self.personal.show_for(self.state)

    def _show_bars(self, state: ConsoleState) -> None:
        self.lost.setVisible(not state.online)
        if not state.online:
            text = self.tr(
                "✕ 与服务器的连接已断开。屏幕为 %1 的情况；考试机上的作答不受影响。正在重连…"
            )
            self.lost.setText(text.replace("%1", clock(state.seen_ms) if state.seen_ms else "—"))
        alarms = state.view.venue.alarms if state.view else []
        self.alarms.setVisible(bool(alarms))
        self.alarms.setText("　".join(f"‼ {self.texts.alarm(alarm)}" for alarm in alarms))
        steps = "\n".join(self.texts.either(each) for each in advice(alarms))
        self.alarms.setToolTip(steps)
        self.alarms.setAccessibleDescription(steps)
        if state.view is not None:
            self.banner.show_mode(state.view.venue.mode)

    def _show_nav(self, state: ConsoleState) -> None:
        office = state.has_role(*_OFFICE)
        for page in (self.data, self.admin):
            self.nav_buttons[self.pages.index(page)].setVisible(office)
        if not office and self.stack.currentWidget() in (self.data, self.admin):
            self.open_page(self.rooms)

    def _lay_out(self) -> None:
        titles = (
            self.tr("考场"),
            self.tr("开考"),
            self.tr("核对"),
            self.tr("记录单"),
            self.tr("作答数据"),
            self.tr("管理"),
            self.tr("事件与违纪"),
        )
        row = QHBoxLayout(self.nav)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(2)
        for at, (page, title) in enumerate(zip(self.pages, titles, strict=True)):
            made = button(title, partial(self.open_page, page), key=f"Ctrl+{at + 1}")
            made.setObjectName("navButton")
            made.setCheckable(True)
            self._group.addButton(made)
            self.nav_buttons.append(made)
            row.addWidget(made)
            self.stack.addWidget(page)
        row.addStretch(1)
        row.addWidget(self.rooms.found)
        row.addWidget(self.rooms.search, 3)
        self.rooms.seat_found.connect(partial(self.open_page, self.rooms))
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.activated.connect(self.rooms.search.setFocus)
        self.nav_buttons[0].setChecked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.banner, self.lost, self.header, self.alarms, self.nav):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        column.addWidget(self.footer)
