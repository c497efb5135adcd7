"""The release ceremony (D17, E01): seal shown, go/no-go, two people arm, countdown, opened.

The offline code is a second face of the same page.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.orders import Answer, arm_release
from invigilator_app.actions.permissions import Action, may, on_session
from invigilator_app.actions.results import Armed, ResultError, read_result
from invigilator_app.board.instants import clock, day_minute, span
from invigilator_app.ceremony.go_no_go import checks, may_arm, to_go_without
from invigilator_app.ceremony.phase import Release, ReleasePhase, release
from invigilator_app.screens.code_page import CodePage
from invigilator_app.screens.parts import Card, Outcome, Page, button, label, scrolled
from invigilator_app.screens.release_texts import ReleaseTexts
from invigilator_app.screens.safeguards import Safeguards
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.console_views import Done, ReadyLine, VenueView
from venue_server.wire.frames import Second
from venue_server.wire.messages import PaperSeal
from venue_server.wire.names import ReadyKind, ReadyVerdict

_TONES = {
    ReadyVerdict.GO: "good",
    ReadyVerdict.WAIT: "",
    ReadyVerdict.WARN: "warn",
    ReadyVerdict.OVERRIDE: "warn",
    ReadyVerdict.NO_GO: "bad",
}
_MAX_NAMES = 12
_BEFORE_RELEASE = (ReleasePhase.PREPARING, ReleasePhase.ARMED, ReleasePhase.DUE)


class SealCard(Card):
    """What is shown to everyone before the papers open: of each form its id, short digest, and that
    its signatures are valid; and which reserves stay sealed."""

    def __init__(self) -> None:
        super().__init__(self.tr("试卷包封签（请当众展示）"))
        self.paper = label(name="mono")
        self.digest = label(name="big")
        self.state = label(name="chip")
        self.reserves = label(name="quiet")
        self.mark = label(name="chip")
        self.box.addWidget(label(self.tr("试卷包编号 / 卷别"), "quiet"))
        self.box.addWidget(self.paper)
        self.box.addWidget(self.mark)
        self.box.addWidget(label(self.tr("校验短码（与考试机屏幕一致）"), "quiet"))
        self.box.addWidget(self.digest)
        self.box.addWidget(self.state)
        self.box.addWidget(self.reserves)
        self.box.addStretch(1)

    def show_seals(self, venue: VenueView) -> None:
        seals = venue.seals
        self.paper.setText("\n".join(f"{each.paper_id} / {each.form_id}" for each in seals) or "—")
        self.digest.setText("\n".join(map(self._digest, seals)) or "—")
        marks = dict.fromkeys(map(self._mark, filter(lambda each: each.classification, seals)))
        self.mark.setText("\n".join(marks))
        self.mark.setVisible(bool(marks))
        verified = all(seal.verified for seal in seals)
        if not seals:
            self.state.setText(self.tr("… 尚未收到试卷包"))
        elif verified:
            self.state.setText(self.tr("✓ 签名有效，封签完好"))
        else:
            self.state.setText(self.tr("✕ 签名未通过校验"))
        restyle(self.state, "tone", "" if not seals else "good" if verified else "bad")
        names = self.tr("、").join(f"{each.paper_id} / {each.form_id}" for each in venue.reserves)
        self.reserves.setText(self.tr("备用卷（封存，未启封）：%1").replace("%1", names))
        self.reserves.setVisible(bool(names))

    def _mark(self, seal: PaperSeal) -> str:
        """The classification mark, and until when it holds (D12)."""
        known = {"绝密": self.tr("绝密"), "机密": self.tr("机密"), "秘密": self.tr("秘密")}
        mark = known.get(seal.classification, seal.classification)
        text = self.tr("■ 密级：%1").replace("%1", mark)
        if not seal.declassify_at_ms:
            return text
        until = self.tr("，解密时间 %1").replace("%1", day_minute(seal.declassify_at_ms))
        return text + until

    def _digest(self, seal: PaperSeal) -> str:
        return f"{seal.form_id}  {seal.short_digest}"


class ChecksCard(Card):
    """The go/no-go board, one line a check."""

    def __init__(self, words: Texts) -> None:
        super().__init__(self.tr("开考条件"))
        self._words = words
        self._texts = ReleaseTexts(self)
        self._rows: dict[ReadyKind, tuple[QLabel, QLabel]] = {}
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(5)
        for at, kind in enumerate(ReadyKind):
            verdict, detail = label(name="chip", wrap=False), label()
            self._rows[kind] = (verdict, detail)
            grid.addWidget(verdict, at, 0)
            grid.addWidget(detail, at, 1)
        self.box.addLayout(grid)
        self.box.addStretch(1)

    def show_checks(self, found: tuple[ReadyLine, ...]) -> None:
        for check in found:
            verdict, detail = self._rows[check.kind]
            verdict.setText(self._texts.verdict(check.verdict))
            restyle(verdict, "tone", _TONES[check.verdict])
            detail.setText(self._detail(check))

    def _detail(self, check: ReadyLine) -> str:
        text = self._texts.check(check.kind)
        if check.need:
            text += f" {check.have}/{check.need}"
        if check.kind is ReadyKind.RELEASE_KEY and check.verdict is ReadyVerdict.WAIT:
            text += self.tr("（释放点由总部发布）")
        if check.names:
            names = check.names[:_MAX_NAMES]
            if check.kind is ReadyKind.CLOCK:
                names = [self._words.clock_source(name) for name in names]
            shown = self.tr("、").join(names)
            more = self.tr(" 等 %1 个").replace("%1", str(len(check.names)))
            text += self.tr("：") + shown + (more if len(check.names) > _MAX_NAMES else "")
        return text


class ReleaseCard(Card):
    """Countdown, then how many stations have opened the paper."""

    def __init__(self) -> None:
        super().__init__()
        self._texts = ReleaseTexts(self)
        self.phase = label(name="title")
        self.count = label("--:--", "huge", wrap=False)
        self.at = label(name="quiet")
        self.opened = QProgressBar()
        self.rest = label(name="why")
        for part in (self.phase, self.count, self.at, self.rest):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.box.addWidget(part)
        self.box.insertWidget(3, self.opened)

    def show_release(self, now: Release, release_at_ms: int) -> None:
        self.phase.setText(self._texts.phase(now.phase))
        released = now.phase is ReleasePhase.RELEASED
        self.count.setVisible(now.phase in (ReleasePhase.ARMED, ReleasePhase.DUE))
        self.count.setText(span(now.left_ms))
        at = self.tr("释放点 %1").replace("%1", clock(release_at_ms)) if release_at_ms else ""
        self.at.setText(at)
        self.opened.setVisible(released)
        self.rest.setVisible(released)
        if released:
            self._show_opened(now)

    def _show_opened(self, now: Release) -> None:
        self.opened.setMaximum(max(1, now.expected))
        self.opened.setValue(now.opened)
        text = self.tr("已打开试卷 %1 / %2 台（已收到密钥 %3 台）")
        for mark, number in (("%1", now.opened), ("%2", now.expected), ("%3", now.keyed)):
            text = text.replace(mark, str(number))
        self.opened.setFormat(text)
        if not now.not_opened:
            self.rest.setText(self.tr("✓ 全部考试机已打开试卷"))
            return
        shown = self.tr("、").join(now.not_opened[:_MAX_NAMES])
        if len(now.not_opened) > _MAX_NAMES:
            shown += " …"
        self.rest.setText(self.tr("△ 尚未打开：%1").replace("%1", shown))


class CeremonyPage(Page):
    """For the chief; others may look on."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.seal = SealCard()
        self.checks = ChecksCard(texts)
        self.release = ReleaseCard()
        self.override = QCheckBox(self.tr("明知上列△项未就绪，仍启用释放"))
        self.override.toggled.connect(self._show_arm)
        self.arm = button(self.tr("启用释放（主考 + 系统管理员）"), self._ask_arm, kind="grave")
        self.why = label(name="why")
        self.outcome = Outcome(texts)
        self.offline = button(self.tr("使用离线密码…"), lambda: self.show_code(True))
        self.safeguards = Safeguards(texts)
        self.safeguards.ordered.connect(self.ordered)
        self.code = CodePage(texts)
        self.code.ordered.connect(self.ordered)
        self.code.back.clicked.connect(lambda: self.show_code(False))
        self._stack = QStackedWidget()
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self.code.refresh(state)
        self.safeguards.refresh(state)
        if state.view is None:
            return
        venue = state.view.venue
        now = release(state.view, state.now_ms)
        found = checks(venue)
        self.seal.show_seals(venue)
        self.checks.show_checks(found)
        self.release.show_release(now, venue.release_at_ms)
        preparing = now.phase is ReleasePhase.PREPARING
        self.checks.setVisible(now.phase in _BEFORE_RELEASE)
        overridable = any(check.verdict is ReadyVerdict.OVERRIDE for check in found)
        self.override.setVisible(preparing and overridable)
        self.arm.setVisible(preparing)
        self.offline.setVisible(now.phase in (ReleasePhase.ARMED, ReleasePhase.DUE))
        self.offline.setEnabled(may(Action.ENTER_CODE, state.person, state.online).allowed)
        self._show_arm()

    def show_code(self, shown: bool) -> None:
        """Turn to the offline code or back."""
        self._stack.setCurrentIndex(1 if shown else 0)
        if shown:
            self.code.take_focus()

    def _show_arm(self) -> None:
        state = self.state
        if state is None or state.view is None:
            return
        verdict = on_session(Action.ARM_RELEASE, state.person, state.view.venue, state.online)
        ready = may_arm(checks(state.view.venue), self.override.isChecked())
        self.arm.setEnabled(verdict.allowed and ready)
        self.why.setVisible(self.arm.isVisibleTo(self) and not self.arm.isEnabled())
        if verdict.why is not None:
            self.why.setText("△ " + self.texts.why(verdict.why))
        else:
            self.why.setText(self.tr("△ 开考条件未满足，不能启用释放"))

    def _ask_arm(self) -> None:
        state = self.state
        if state is None or state.view is None:
            return
        at = day_minute(state.view.venue.release_at_ms)
        what = self.tr("启用本场试卷的定时释放。释放点 %1 到达后，试卷在所有考试机上同时打开。")
        dialog = ask_second(
            self, self.texts, Action.ARM_RELEASE, state.person, what.replace("%1", at)
        )
        dialog.signed.connect(self._arm)

    def _arm(self, second: Second) -> None:
        assert self.state is not None
        self.outcome.waiting()
        view = self.state.view
        without = to_go_without(checks(view.venue)) if view and self.override.isChecked() else ()
        self.order(arm_release(self.state.session_id, second, without), self._armed)

    def _armed(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            at = clock(read_result(answer, Armed).release_at_ms)
        except ResultError:
            at = ""
        self.outcome.good(
            self.tr("已启用释放"), self.tr("释放点 %1").replace("%1", at) if at else ""
        )

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setSpacing(10)
        cards = QHBoxLayout()
        cards.setSpacing(10)
        cards.addWidget(self.seal, 2)
        cards.addWidget(self.checks, 3)
        column.addLayout(cards)
        column.addWidget(self.release)
        column.addWidget(self.override)
        row = QHBoxLayout()
        row.addWidget(self.arm)
        row.addWidget(self.why, 1)
        row.addStretch(1)
        row.addWidget(self.offline)
        column.addLayout(row)
        column.addWidget(self.outcome)
        column.addWidget(self.safeguards)
        column.addStretch(1)
        self._stack.addWidget(scrolled(body))
        self._stack.addWidget(scrolled(self.code))
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._stack)
