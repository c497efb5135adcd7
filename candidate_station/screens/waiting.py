"""等待登录: the seat number large, the session, the paper's seal, an input test, the self-check."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from candidate_station.inspection.result import CheckResult, Verdict
from candidate_station.screens.page import CardPage, Facts, button, field, label, rule, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import clock, fill
from candidate_station.session.screen_state import ScreenState
from venue_server.wire.messages import PaperSeal


class WaitingPage(CardPage):
    """Nothing for the candidate to press: log-in opens on the invigilator's command (F11).

    ``check_wanted``: the administrator at the seat mended something and wants it looked at.
    """

    check_wanted = Signal()
    CARD_WIDTH = 900

    def __init__(self) -> None:
        super().__init__()
        self._checks: tuple[CheckResult, ...] = ()
        self._title, self._next = label("title"), label("muted")
        self._seat_word, self._seat = label("muted", centred=True), label("huge", wrap=False)
        self._seat.setObjectName("seatNo")
        self._seat.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._room = label("strong", centred=True)
        self._facts = Facts(6)
        self._failed = label("warn")
        self._failed.setObjectName("checks")
        self._again = button()
        self._again.setObjectName("checkAgain")
        self._again.clicked.connect(self.check_wanted)
        self._refusal = refusal_label()
        self._test_label, self.test = label("strong"), field()
        self._test_label.setBuddy(self.test)
        self._test_hint = label("muted")
        self._build()
        self.retranslate()

    def _build(self) -> None:
        seat = QVBoxLayout()
        stack(seat, self._seat_word, self._seat, self._room)
        seat.addStretch(1)
        facts = QVBoxLayout()
        stack(facts, self._title, self._next, self._facts)
        facts.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(36)
        top.addLayout(seat)
        top.addLayout(facts, 1)
        self.column.addLayout(top)
        stack(self.column, self._refusal, self._failed, self._again, rule())
        stack(self.column, self._test_label, self.test, self._test_hint)

    def retranslate(self) -> None:
        self._title.setText(self.tr("等待登录"))
        self._next.setText(self.tr("监考人员发布登录命令后，将自动进入登录界面。"))
        self._seat_word.setText(self.tr("机位"))
        self._again.setText(self.tr("重新自检(&C)"))
        self._test_label.setText(self.tr("输入测试(&I)"))
        self.test.setAccessibleName(self.tr("输入测试"))
        self.test.setPlaceholderText(self.tr("可在此试打汉字，检查键盘和输入法"))
        self._test_hint.setText(self.tr("测试内容不会保存。键盘或输入法有问题请举手。"))
        self._show_checks()

    def show_state(self, state: ScreenState) -> None:
        self._seat.setText(state.seat_no or "—")
        self._seat.setAccessibleName(fill(self.tr("机位 %1"), state.seat_no))
        self._room.setText(fill(self.tr("考场 %1"), state.room_id) if state.room_id else "")
        show_refusal(self._refusal, state.refusal, self.locale().name())
        session = state.session
        now = clock(state.exam_now_ms) if state.clock_known else self.tr("正在校时…")
        self._facts.show_rows(
            [
                (self.tr("考试"), session.exam_title if session else self.tr("本机暂无场次")),
                (self.tr("科目"), session.subject_title if session else ""),
                (self.tr("开考时间"), clock(session.scheduled_start_ms, False) if session else ""),
                (self.tr("考试时长"), self._minutes(session.duration_s) if session else ""),
                (self.tr("试卷封装"), self._seal(state.seal)),
                (self.tr("当前时间"), now),
            ]
        )

    def show_checks(self, checks: tuple[CheckResult, ...]) -> None:
        """The station's self-check; only what is not in order is shown."""
        self._checks = checks
        self._show_checks()

    def entered(self) -> None:
        self.test.clear()
        self.test.setFocus()

    def _minutes(self, seconds: int) -> str:
        return fill(self.tr("%1 分钟"), str(seconds // 60))

    def _seal(self, seal: PaperSeal | None) -> str:
        if seal is None:
            return self.tr("尚未收到")
        state = self.tr("✓ 校验一致") if seal.verified else self.tr("⚠ 尚未校验")
        return f"{seal.paper_id} · {seal.form_id} · {seal.short_digest}  {state}"

    def _show_checks(self) -> None:
        failed = [check for check in self._checks if check.verdict is Verdict.FAIL]
        line = self.tr("✕ %1：要求 %2，实测 %3")
        lines = [fill(line, c.check_id, c.expected, c.measured) for c in failed]
        head = self.tr("⚠ 本机自检未通过，请系统管理员处理：")
        self._failed.setText("\n".join([head, *lines]) if lines else "")
        self._failed.setVisible(bool(lines))
        self._again.setVisible(bool(lines))
