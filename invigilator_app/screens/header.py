"""The top of the window: mode banner, venue, exam clock with its source, deadline strip, alarms."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from invigilator_app.board.deadlines import Deadline, deadlines
from invigilator_app.board.instants import clock, minute, span
from invigilator_app.screens.elided import Elided
from invigilator_app.screens.parts import label
from invigilator_app.screens.release_texts import ReleaseTexts
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.console_views import SignedIn, VenueView
from venue_server.wire.names import Mode

LONG_AGE_MIN = 5
"""The server agrees with headquarters at least this often; more is worth a word."""


class ModeBanner(QLabel):
    """Loud when what is shown is not a live examination (E07)."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._texts = texts
        self.hide()

    def show_mode(self, mode: Mode) -> None:
        self.setVisible(mode is not Mode.LIVE)
        text = self._texts.mode(mode)
        self.setText(f"◆ ◆ ◆   {text}   ◆ ◆ ◆")
        restyle(self, "mode", mode.value)


class DeadlineBox(QFrame):
    """One instant: name, time of day, time left."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("deadline")
        self._texts = texts
        self.name = label(name="deadlineName", wrap=False)
        self.at = label(name="deadlineAt", wrap=False)
        self.left = label(name="deadlineLeft", wrap=False)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 3, 8, 3)
        box.setSpacing(0)
        for part in (self.name, self.at, self.left):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(part)

    def show_deadline(self, deadline: Deadline) -> None:
        self.name.setText(self._texts.deadline(deadline.kind))
        self.at.setText(minute(deadline.at_ms))
        left = self.tr("剩 %1").replace("%1", span(deadline.left_ms))
        mark = "▶ " if deadline.next else ""
        self.left.setText(self.tr("✓ 已过") if deadline.passed else mark + left)
        restyle(self, "next", str(deadline.next).lower())
        restyle(self, "passed", str(deadline.passed).lower())


class DeadlineStrip(QWidget):
    """The chosen room's deadlines, the nearest one marked."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._boxes = [DeadlineBox(texts) for _ in range(4)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for box in self._boxes:
            row.addWidget(box)
            box.hide()

    def show_state(self, state: ConsoleState) -> None:
        room = state.room
        found = deadlines(room.room, state.now_ms) if room and state.clock_known else ()
        for at, box in enumerate(self._boxes):
            box.setVisible(at < len(found))
            if at < len(found):
                box.show_deadline(found[at])


class ExamClock(QWidget):
    """Exam time, big, with where it comes from and whether it is trusted."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.time = label("--:--:--", "clock", wrap=False)
        self.source = label(name="clockSource", wrap=False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self.detail = label(name="headerSmall", wrap=False)
        for part in (self.time, self.source, self.detail):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(part)

    def show_state(self, state: ConsoleState) -> None:
        self.time.setText(clock(state.now_ms) if state.clock_known else "--:--:--")
        venue = state.view.venue if state.view else None
        trusted = venue is not None and venue.clock_trusted
        source = self._texts.clock_source(venue.clock_source) if venue else ""
        if not state.clock_known:
            text = self.tr("△ 尚未取得考试时间")
        elif trusted:
            text = self.tr("✓ 时间可信 · 来源 %1").replace("%1", source)
        else:
            text = self.tr("△ 时间不可信 · 来源 %1").replace("%1", source or "—")
        self.source.setText(text)
        detail = self._detail(venue) if venue else ""
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        restyle(self.source, "trusted", str(trusted and state.clock_known).lower())

    def _detail(self, venue: VenueView) -> str:
        """State, uncertainty and age in a few signs, as far as the server tells them."""
        parts = [self._texts.clock_state(venue.clock_state)]
        if venue.clock_uncertainty_ms:
            parts.append(f"±{venue.clock_uncertainty_ms} ms")
        if venue.clock_age_s >= 60 * LONG_AGE_MIN:
            minutes = str(venue.clock_age_s // 60)
            parts.append(self.tr("%1 分钟前校时").replace("%1", minutes))
        return " · ".join(part for part in parts if part)


class Header(QFrame):
    """Venue and session, exam clock, deadlines; below them what alarms the whole venue."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("header")
        self._texts = texts
        self._release_texts = ReleaseTexts(self)
        self.venue = Elided("venueName")
        self.exam, self.session, self.person = (Elided("headerSmall") for _ in range(3))
        self.clock = ExamClock(texts)
        self.strip = DeadlineStrip(texts)
        left = QVBoxLayout()
        left.setSpacing(0)
        for part in (self.venue, self.exam, self.session, self.person):
            left.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(self.clock)
        row.addWidget(self.strip)

    def show_state(self, state: ConsoleState) -> None:
        self.person.show_text(self._who(state.person))
        self.clock.show_state(state)
        self.strip.show_state(state)
        if state.view is None:
            return
        self.venue.show_text(state.view.venue.venue_name)
        session = state.room.room.session if state.room else None
        self.exam.show_text(session.exam_title if session else "")
        now = state.view.venue.session_state
        kept = f" · {self._release_texts.session(now)}" if now is not None else ""
        self.session.show_text(session.subject_title if session else "", kept)

    def _who(self, person: SignedIn) -> str:
        return f"{person.name} · {self._texts.roles(person.roles)}"
