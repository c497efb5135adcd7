"""The station's one window: a banner, a bar, and a stack of pages; state in, intents out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from candidate_station.inspection.result import CheckResult
from candidate_station.screens.answer import AnswerPage
from candidate_station.screens.away import AwayPage
from candidate_station.screens.blocked import BlockedPage
from candidate_station.screens.confirm import ConfirmPage
from candidate_station.screens.confirm_submit import ConfirmSubmitPage
from candidate_station.screens.connecting import ConnectingPage
from candidate_station.screens.countdown import CountdownPage
from candidate_station.screens.enrol import EnrolPage
from candidate_station.screens.login import LoginPage
from candidate_station.screens.page import Page, label, stack
from candidate_station.screens.receipt import ReceiptPage
from candidate_station.screens.rules import RulesPage
from candidate_station.screens.start_code import StartCodePage
from candidate_station.screens.style import Look, starting_look, style_sheet
from candidate_station.screens.submit_failed import SubmitFailedPage
from candidate_station.screens.submitting import SubmittingPage
from candidate_station.screens.suspended import SuspendedPage
from candidate_station.screens.top_bar import TopBar
from candidate_station.screens.waiting import WaitingPage
from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import Screen, ScreenState
from candidate_station.translations import locale_of
from venue_server.wire.names import Mode


class StationWindow(QWidget):
    """Refuses to be closed: the authorised way out is the application's ``exit``.

    ``intent`` carries session intents, ``leaving`` says that typed text must be flushed first,
    ``look_changed`` a Look for the item area, ``language_wanted`` ``zh`` or ``en``, and
    ``close_wanted`` fires instead of closing; ``check_wanted`` asks for the self-check again.
    """

    intent = Signal(object)
    leaving = Signal()
    look_changed = Signal(object)
    language_wanted = Signal(str)
    close_wanted = Signal()
    check_wanted = Signal()

    def __init__(self, item_area: QWidget, language: str = "zh") -> None:
        super().__init__()
        self.setObjectName("stationWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._language = language
        self.setLocale(locale_of(language))
        self._state = ScreenState(screen=Screen.CONNECTING)
        self.look = Look()
        self._worn: Look | None = None
        self._banner = label("", centred=True)
        self._banner.setObjectName("rehearsalBanner")
        self.top_bar = TopBar()
        self._notices = label("warn")
        self._notices.setObjectName("notices")
        self.answer, self.waiting = AnswerPage(item_area), WaitingPage()
        self.pages: dict[Screen, Page] = {
            Screen.ENROL: EnrolPage(),
            Screen.CONNECTING: ConnectingPage(),
            Screen.WAITING: self.waiting,
            Screen.LOGIN: LoginPage(),
            Screen.CONFIRM: ConfirmPage(),
            Screen.RULES: RulesPage(),
            Screen.COUNTDOWN: CountdownPage(),
            Screen.START_CODE: StartCodePage(),
            Screen.ANSWER: self.answer,
            Screen.CONFIRM_SUBMIT: ConfirmSubmitPage(),
            Screen.AWAY: AwayPage(),
            Screen.SUBMITTING: SubmittingPage(),
            Screen.SUBMIT_FAILED: SubmitFailedPage(),
            Screen.RECEIPT: ReceiptPage(),
            Screen.SUSPENDED: SuspendedPage(),
            Screen.BLOCKED: BlockedPage(),
        }
        self._stack = QStackedWidget()
        self._build()
        self.set_look(self.look)
        self.show_state(self._state)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        stack(column, self._banner, self.top_bar, self._notices)
        column.addWidget(self._stack, 1)
        for page in self.pages.values():
            self._stack.addWidget(page)
            page.intent.connect(self.intent)
        self.answer.leaving.connect(self.leaving)
        self.waiting.check_wanted.connect(self.check_wanted)
        self.top_bar.hand.intent.connect(self.intent)
        self.top_bar.look_wanted.connect(self.set_look)
        self.top_bar.language_wanted.connect(self.language_wanted)
        self.setWindowTitle("Kaodian")

    def show_state(self, state: ScreenState) -> None:
        """Render a state; a new page takes the focus, a new candidate gets a fresh look."""
        before, self._state = self._state, state
        page = self.pages[state.screen]
        if before.candidate is not None and state.candidate is None:
            self._forget_candidate()
        elif before.candidate is None and state.candidate is not None:
            look = starting_look(state.candidate.arrangements)
            if look != Look():  # who has none keeps what they chose at log-in
                self.set_look(look)
        self._dress()
        self._show_banner(state)
        self._show_notices(state)
        self.top_bar.show_state(state)
        page.show_state(state)
        if page is not self._stack.currentWidget():
            self._stack.setCurrentWidget(page)
            page.entered()

    def show_checks(self, checks: tuple[CheckResult, ...]) -> None:
        """The self-check's findings, shown on the waiting page when something is not in order."""
        self.waiting.show_checks(checks)

    def set_look(self, look: Look) -> None:
        """Apply colours and zoom everywhere."""
        self.look = look
        self._dress()
        self.top_bar.show_look(look)
        self.look_changed.emit(look)

    def set_language(self, language: str) -> None:
        """Called after the translator changed."""
        self._language = language
        self.setLocale(locale_of(language))
        self.retranslate()

    def retranslate(self) -> None:
        self.top_bar.retranslate()
        for page in self.pages.values():
            page.retranslate()
        self.show_state(self._state)

    def closeEvent(self, event: QCloseEvent, /) -> None:
        event.ignore()
        self.close_wanted.emit()

    def _dress(self) -> None:
        """Put the sheet on. Beside an item the frame stops growing at 150 %: the room is the
        item's, which goes on to 200 %."""
        zoom = min(self.look.zoom, 150) if self._state.screen is Screen.ANSWER else self.look.zoom
        worn = Look(self.look.scheme, zoom)
        if worn == self._worn:
            return
        self._worn = worn
        self.setStyleSheet(style_sheet(worn))
        for page in self.pages.values():
            page.show_look(worn)

    def _forget_candidate(self) -> None:
        self.top_bar.hand.reset()
        self.answer.reset()
        self.set_look(Look())

    def _show_banner(self, state: ScreenState) -> None:
        mode = state.session.mode if state.session else Mode.LIVE
        texts = {
            Mode.LIVE: "",
            Mode.REHEARSAL: self.tr("试考 REHEARSAL　·　不是正式考试，作答不计成绩"),
            Mode.PRACTICE: self.tr("练习 PRACTICE　·　不是正式考试，作答不计成绩"),
        }
        self._banner.setText(texts[mode])
        self._banner.setVisible(mode is not Mode.LIVE)

    def _show_notices(self, state: ScreenState) -> None:
        language = self.locale().name()
        told = [f"ℹ {_notice_text(notice, language)}" for notice in state.notices]
        self._notices.setText("\n".join(told))
        self._notices.setVisible(bool(told))


def _notice_text(notice: str, language: str) -> str:
    """A notice in the shown language; one without a translation is shown as it stands."""
    return Notice(notice).text(language) if notice in set(Notice) else notice
