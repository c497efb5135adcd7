"""管理: what the system administrator does, in four groups of tabs by when it is done."""

from PySide6.QtWidgets import QVBoxLayout

from invigilator_app.actions.permissions import Action, may
from invigilator_app.screens.answers_tab import AnswersTab
from invigilator_app.screens.close_tab import CloseTab
from invigilator_app.screens.duty_tab import DutyTab
from invigilator_app.screens.enrolment_tab import EnrolmentTab
from invigilator_app.screens.grouped_tabs import GroupedTabs
from invigilator_app.screens.handover_tab import HandOverTab
from invigilator_app.screens.inspection_tab import InspectionTab
from invigilator_app.screens.intake_tab import IntakeTab
from invigilator_app.screens.kept_tab import KeptTab
from invigilator_app.screens.parts import Page
from invigilator_app.screens.people_tab import PeopleTab
from invigilator_app.screens.prints_tab import PrintsTab
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.status_tab import StatusTab
from invigilator_app.screens.swap_tab import SwapTab
from invigilator_app.screens.texts import Texts


class AdminPage(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.status = StatusTab(texts)
        self.intake = IntakeTab(texts)
        self.enrolment = EnrolmentTab(texts)
        self.inspection = InspectionTab(texts)
        self.people = PeopleTab(texts)
        self.duty = DutyTab(texts)
        self.swaps = SwapTab(texts)
        self.answers = AnswersTab(texts)
        self.close_check = CloseTab(texts)
        self.hand_over = HandOverTab(texts)
        self.kept = KeptTab(texts)
        self.prints = PrintsTab(texts)
        self.tabs = GroupedTabs()
        titles = dict(self._titled())
        for tab in titles:
            tab.ordered.connect(self.ordered)
        for group, members in self._grouped():
            self.tabs.add_group(group, [(tab, titles[tab]) for tab in members])
        self.tabs.currentChanged.connect(self.opened)
        self.kept.daily_wanted.connect(self._daily)
        page = QVBoxLayout(self)
        page.setContentsMargins(10, 8, 10, 6)
        page.addWidget(self.tabs)

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        for tab, _title in self._titled():
            tab.refresh(state)

    def _titled(self) -> list[tuple[Page, str]]:
        return [
            (self.status, self.tr("状态与台账")),
            (self.intake, self.tr("接收试卷包")),
            (self.enrolment, self.tr("机器登记")),
            (self.inspection, self.tr("封场检测")),
            (self.people, self.tr("人员与抽签")),
            (self.duty, self.tr("值班")),
            (self.swaps, self.tr("换机与分支")),
            (self.answers, self.tr("作答去向")),
            (self.close_check, self.tr("收尾检查")),
            (self.hand_over, self.tr("离线移交")),
            (self.kept, self.tr("保管与销毁")),
            (self.prints, self.tr("统计与打印")),
        ]

    def _grouped(self) -> list[tuple[str, list[Page]]]:
        """Every tab stands in one group; a tab that nobody named stands in the last."""
        running: list[Page] = [self.status, self.swaps, self.answers]
        before: list[Page] = [self.enrolment, self.inspection, self.intake]
        people: list[Page] = [self.people, self.duty]
        named = [*running, *before, *people]
        return [
            (self.tr("运行"), running),
            (self.tr("考前准备"), before),
            (self.tr("人员"), people),
            (self.tr("考后收尾"), [tab for tab, _title in self._titled() if tab not in named]),
        ]

    def _daily(self) -> None:
        """The certificate of the day is printed where the other sheets are."""
        self.tabs.setCurrentWidget(self.prints)
        self.prints.certificate.click()

    def opened(self) -> None:
        """The page or one of its tabs came up: fetch what it shows."""
        if self.state is None:
            return
        tab, person, online = self.tabs.currentWidget(), self.state.person, self.state.online
        if tab is self.status and may(Action.STATUS, person, online).allowed:
            self.status.load()
        if tab is self.intake and may(Action.GET_INTAKE, person, online).allowed:
            self.intake.load()
        if tab is self.enrolment and may(Action.CONFIRM_ENROLMENT, person, online).allowed:
            self.enrolment.load()
        if tab is self.inspection and may(Action.GET_INSPECTION, person, online).allowed:
            self.inspection.load()
        if tab is self.people and may(Action.GET_PEOPLE, person, online).allowed:
            self.people.load()
        if tab is self.duty and may(Action.GET_DUTY, person, online).allowed:
            self.duty.load()
        if tab is self.swaps and may(Action.GET_SWAPS, person, online).allowed:
            self.swaps.load()
        if tab is self.answers and may(Action.GET_ANSWERS, person, online).allowed:
            self.answers.load()
        if tab is self.close_check and may(Action.GET_CLOSE_CHECK, person, online).allowed:
            self.close_check.load()
        if tab is self.hand_over and may(Action.GET_HAND_OVERS, person, online).allowed:
            self.hand_over.load()
        if tab is self.kept and may(Action.GET_HOLDINGS, person, online).allowed:
            self.kept.load()
        if tab is self.prints and may(Action.GET_STATISTICS, person, online).allowed:
            self.prints.load()
