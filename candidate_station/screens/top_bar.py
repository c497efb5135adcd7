"""The bar above every page: where and what, 举手, and how it is shown (language, zoom, colours)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from candidate_station.screens.hand import HandButton
from candidate_station.screens.page import button, label
from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import ZOOM_STEPS, Look
from candidate_station.session.screen_state import Screen, ScreenState

_BEFORE_LOGIN = (Screen.ENROL, Screen.CONNECTING, Screen.WAITING, Screen.LOGIN)
_HAND_SCREENS = tuple(s for s in Screen if s not in (Screen.ENROL, Screen.CONNECTING))


class TopBar(QFrame):
    """``look_wanted`` carries a Look, ``language_wanted`` ``zh`` or ``en``."""

    look_wanted = Signal(object)
    language_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self._look = Look()
        self._venue, self._exam = label("small"), label("strong")
        self.hand = HandButton()
        self.hand.setProperty("role", "tool")
        self.language = button("tool")
        self.smaller, self.larger, self.scheme = button("tool"), button("tool"), button("tool")
        self._build()
        self.language.clicked.connect(self._other_language)
        self.smaller.clicked.connect(lambda: self._zoom(-1))
        self.larger.clicked.connect(lambda: self._zoom(1))
        self.scheme.clicked.connect(self._next_scheme)
        self.retranslate()

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._exam)
        names.addWidget(self._venue)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 4, 12, 4)
        line.addLayout(names, 1)
        for tool in (self.hand, self.language, self.smaller, self.larger, self.scheme):
            line.addWidget(tool)

    def retranslate(self) -> None:
        self.hand.retranslate()
        self.language.setText(self.tr("English"))
        self.language.setAccessibleName(self.tr("切换为英文 English"))
        self.smaller.setText(self.tr("字号－"))
        self.smaller.setAccessibleName(self.tr("缩小字号"))
        self.larger.setText(self.tr("字号＋"))
        self.larger.setAccessibleName(self.tr("放大字号"))
        self._write_scheme()

    def show_state(self, state: ScreenState) -> None:
        session = state.session
        parts = (session.exam_title, session.subject_title) if session else ()
        self._exam.setText("　".join(part for part in parts if part))
        self._exam.setVisible(bool(parts))
        self._venue.setText(state.venue_name)
        self._venue.setVisible(bool(state.venue_name))
        self.language.setVisible(state.screen in _BEFORE_LOGIN)
        self.hand.setVisible(state.screen in _HAND_SCREENS)

    def show_look(self, look: Look) -> None:
        self._look = look
        self.smaller.setEnabled(look.zoom > ZOOM_STEPS[0])
        self.larger.setEnabled(look.zoom < ZOOM_STEPS[-1])
        self._write_scheme()

    def _write_scheme(self) -> None:
        names = {
            Scheme.NORMAL: self.tr("配色：标准"),
            Scheme.DARK: self.tr("配色：深色高对比"),
            Scheme.SOFT: self.tr("配色：柔和"),
        }
        self.scheme.setText(names[self._look.scheme])

    def _other_language(self) -> None:
        self.language_wanted.emit("en" if self.locale().name().startswith("zh") else "zh")

    def _zoom(self, by: int) -> None:
        step = ZOOM_STEPS.index(self._look.zoom) + by
        self.look_wanted.emit(Look(self._look.scheme, ZOOM_STEPS[step]))

    def _next_scheme(self) -> None:
        schemes = list(Scheme)
        following = schemes[(schemes.index(self._look.scheme) + 1) % len(schemes)]
        self.look_wanted.emit(Look(following, self._look.zoom))
