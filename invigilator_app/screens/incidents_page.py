"""事件与违纪: incidents, violations and observations of the rooms the person sees."""

from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from invigilator_app.actions.permissions import Action, may
from invigilator_app.screens.incident_tab import IncidentTab
from invigilator_app.screens.notice_tab import NoticeTab
from invigilator_app.screens.observation_tab import ObservationTab
from invigilator_app.screens.parts import Page
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.violation_tab import ViolationTab


class IncidentsPage(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.incidents = IncidentTab(texts)
        self.violations = ViolationTab(texts)
        self.observations = ObservationTab(texts)
        self.notices = NoticeTab(texts)
        self.tabs = QTabWidget()
        for tab, title in (
            (self.incidents, self.tr("突发事件")),
            (self.violations, self.tr("违纪记录")),
            (self.observations, self.tr("考试机观察")),
            (self.notices, self.tr("更正通知")),
        ):
            tab.ordered.connect(self.ordered)
            self.tabs.addTab(tab, title)
        self.tabs.currentChanged.connect(self.opened)
        page = QVBoxLayout(self)
        page.setContentsMargins(10, 8, 10, 6)
        page.addWidget(self.tabs)

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        for tab in (self.incidents, self.violations, self.observations, self.notices):
            tab.refresh(state)

    def opened(self) -> None:
        """The page or one of its tabs came up: fetch what it shows."""
        if self.state is None:
            return
        tab, person, online = self.tabs.currentWidget(), self.state.person, self.state.online
        if tab is self.incidents and may(Action.GET_INCIDENTS, person, online).allowed:
            self.incidents.load()
        elif tab is self.notices:
            if may(Action.GET_NOTICES, person, online).allowed:
                self.notices.load()
        elif may(Action.GET_VIOLATIONS, person, online).allowed:
            if tab is self.violations:
                self.violations.load()
            elif tab is self.observations:
                self.observations.load()
