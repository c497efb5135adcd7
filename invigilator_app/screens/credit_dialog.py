"""One seat's time and exceptions: measured gaps, 补时 proposed and decided, breaks, reopening,
special exit (I07, I10, G01, H06). Without a seat: every proposal that this person sees."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from invigilator_app.actions.credit import (
    SeatTime,
    at_seat,
    credits_in,
    is_away,
    may_take_back,
    seat_time,
)
from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, may
from invigilator_app.board.instants import clock
from invigilator_app.screens.credit_texts import CreditTexts
from invigilator_app.screens.parts import Outcome, button, label
from invigilator_app.screens.reason_dialog import ask_reason
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done, SeatView
from venue_server.wire.credit_orders import (
    Credit,
    CreditReason,
    DecideTime,
    EndBreak,
    ExitReason,
    ExitSpecially,
    GetCredits,
    GetLostTime,
    ProposeTime,
    ReopenSitting,
    RevokeTime,
    StartBreak,
)
from venue_server.wire.frames import Second


class CreditDialog(QDialog):
    """Emits ``ordered`` with an order and where its answer goes, as a page does."""

    ordered = Signal(object, object)

    def __init__(self, parent: QWidget, texts: Texts, state: ConsoleState, seat_no: str) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setWindowTitle(self.tr("补时与特殊处理"))
        self._texts, self._words = texts, CreditTexts(self)
        self._state, self._seat_no = state, seat_no
        self._time = SeatTime()
        self._credits: tuple[Credit, ...] = ()
        self.head = label(name="title")
        heads = [self.tr("原因"), self.tr("开始"), self.tr("结束"), self.tr("损失")]
        self.gaps = TextTable(heads)
        heads = [
            self.tr("编号"),
            self.tr("机位"),
            self.tr("分钟"),
            self.tr("测得"),
            self.tr("结果"),
        ]
        self.credits = TextTable([*heads, self.tr("事由")])
        self.reason, self.minutes = QComboBox(), QSpinBox()
        self.note, self.reference = QLineEdit(), QLineEdit()
        self.outcome = Outcome(texts)
        self.propose = button(self.tr("提出补时(&P)"), self._propose, kind="main")
        self.approve = button(self.tr("批准(&Y)"), lambda: self._decide(True), kind="main")
        self.reject_one = button(self.tr("不批准(&N)"), lambda: self._decide(False))
        self.revoke = button(self.tr("撤销补时(&V)"), self._revoke, kind="grave")
        self.credits.itemSelectionChanged.connect(self._row_chosen)
        self.out = button(self.tr("暂离(&B)"), self._break)
        self.reopen = button(self.tr("恢复作答(&R)"), self._reopen, kind="grave")
        self.leave = button(self.tr("特殊离场(&E)"), self._leave, kind="grave")
        self.close_it = button(self.tr("关闭"), self.reject)
        self._fill()
        self._lay_out()
        self.show_state(state)

    # ---- showing ----

    def show_state(self, state: ConsoleState) -> None:
        """The board moved on."""
        self._state = state
        seat = self._seat()
        chosen = seat is not None
        self.head.setText(
            self.tr("机位 %1　%2").replace("%1", seat.seat_no).replace("%2", seat.name)
            if seat is not None
            else self.tr("待批准补时")
        )
        for part in (self.gaps, self.propose, self.out, self.reopen, self.leave, self._form):
            part.setVisible(chosen)
        self._open(self.propose, Action.PROPOSE_TIME)
        away = seat is not None and is_away(seat)
        self.out.setText(self.tr("返回(&B)") if away else self.tr("暂离(&B)"))
        self._open(self.out, Action.END_BREAK if away else Action.START_BREAK)
        self._open(self.reopen, Action.REOPEN)
        self._open(self.leave, Action.EXIT_SPECIALLY)
        verdict = may(Action.DECIDE_TIME, state.person, state.online)
        for each in (self.approve, self.reject_one):
            each.setEnabled(verdict.allowed)
            each.setToolTip(self._texts.why(verdict.why) if verdict.why else "")
        self._row_chosen()

    def _row_chosen(self) -> None:
        verdict = may_take_back(self._chosen(), self._state.person, self._state.online)
        self.revoke.setEnabled(verdict.allowed)

    def _chosen(self) -> Credit | None:
        row = self.credits.currentRow()
        return self._credits[row] if 0 <= row < len(self._credits) else None

    def _open(self, pressed: QPushButton, action: Action) -> None:
        room = self._state.room
        if room is None:
            pressed.setEnabled(False)
            return
        state = self._state
        verdict = at_seat(action, state.person, room.room, self._seat(), state.online)
        why = self._texts.why(verdict.why) if verdict.why else ""
        pressed.setEnabled(verdict.allowed)
        pressed.setToolTip(why)
        pressed.setAccessibleDescription(why)

    def _seat(self) -> SeatView | None:
        room = self._state.room
        return room.seats.get(self._seat_no) if room is not None else None

    def ask_again(self) -> None:
        """What the server measures and knows now."""
        seat, room = self._seat(), self._state.room
        if seat is not None and room is not None and seat.sitting_id:
            self.ordered.emit(GetLostTime(0, room.room.room_id, seat.sitting_id), self._measured)
        else:
            self.ordered.emit(GetCredits(0), self._listed)

    def _measured(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self._time = seat_time(answer)
        self.gaps.show_rows(
            [
                [
                    self._words.cause(gap.cause),
                    clock(gap.start_ms),
                    clock(gap.end_ms) if gap.end_ms is not None else "…",
                    self._minutes(gap.measured_ms),
                ]
                for gap in self._time.gaps
            ]
        )
        self._show_credits(self._time.credits)

    def _listed(self, answer: Answer) -> None:
        if isinstance(answer, Done):
            self._show_credits(credits_in(answer))
        else:
            self.outcome.trouble(answer)

    def _show_credits(self, credits: tuple[Credit, ...]) -> None:
        self._credits = credits
        self.credits.show_rows(
            [
                [
                    str(one.proposal_id),
                    f"{one.room_id}-{one.seat_no}",
                    f"−{one.seconds // 60}" if one.revokes else str(one.seconds // 60),
                    "" if one.revokes else self._minutes(one.measured_ms),
                    self._words.verdict(one),
                    self._words.subject(one),
                ]
                for one in credits
            ]
        )
        waiting = [at for at, one in enumerate(credits) if one.approved is None]
        if waiting:
            self.credits.selectRow(waiting[0])
            self.credits.scrollTo(self.credits.model().index(waiting[0], 0))
        self._row_chosen()

    def _minutes(self, ms: int) -> str:
        return self.tr("%1 分钟").replace("%1", f"{ms / 60_000:.1f}")

    # ---- ordering ----

    def _place(self, order: object, said: str) -> None:
        def answered(answer: Answer) -> None:
            if isinstance(answer, Done):
                self.outcome.good(said)
                self.ask_again()
            else:
                self.outcome.trouble(answer)

        self.outcome.waiting()
        self.ordered.emit(order, answered)

    def _propose(self) -> None:
        seat, room = self._seat(), self._state.room
        if seat is None or room is None:
            return
        order = ProposeTime(
            0,
            room.room.room_id,
            seat.sitting_id,
            CreditReason(self.reason.currentData()),
            60 * self.minutes.value(),
            self.note.text().strip(),
            self.reference.text().strip(),
        )
        self._place(order, self.tr("已提出补时，等待主考批准"))

    def _decide(self, approve: bool) -> None:
        one = self._chosen()
        if one is None:
            return
        order = DecideTime(0, one.proposal_id, approve, self.note.text().strip())
        if one.revokes:
            self.outcome.waiting()
            self.ordered.emit(order, self._revoked)
        else:
            self._place(order, self.tr("已批准补时") if approve else self.tr("未批准补时"))

    def _revoke(self) -> None:
        one = self._chosen()
        if one is None:
            return
        minutes = QSpinBox()
        minutes.setRange(0, one.seconds // 60)
        minutes.setSpecialValueText(self.tr("全部未用部分"))
        title = self.tr("撤销录入有误的补时")
        text = self.tr("只撤销批准时尚未用去的部分，已用时间不减；须由另一人（主考、副主考）批准。")
        rows = [(self.tr("至多撤销（分钟）"), minutes)]
        dialog = ask_reason(self, title, text, self.tr("提出撤销"), rows=rows)

        def given(reason: str, _reference: str) -> None:
            number, most_s = one.proposal_id, 60 * minutes.value()
            order = RevokeTime(0, one.room_id, number, reason, most_s)
            self._place(order, self.tr("已提出撤销补时，等待主考批准"))

        dialog.given.connect(given)

    def _revoked(self, answer: Answer) -> None:
        """Decided: both ends are told, and whether the station heard it."""
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        one = msgspec.convert(answer.result["credit"], Credit)
        if not one.approved:
            self.outcome.good(self.tr("未批准撤销补时"))
        elif answer.result.get("heard"):
            self.outcome.good(self.tr("已撤销补时未用部分"), self._words.moved(one))
        else:
            away = self.tr("考试机未连接：恢复连接时生效，此前的作答照常接收并标注。")
            self.outcome.warn(self.tr("已撤销补时未用部分"), f"{self._words.moved(one)}{away}")
        self.ask_again()

    def _break(self) -> None:
        seat, room = self._seat(), self._state.room
        if seat is None or room is None:
            return
        order = EndBreak if is_away(seat) else StartBreak
        said = self.tr("已登记返回") if is_away(seat) else self.tr("已登记暂离，考试机已锁定")
        self._place(order(0, room.room.room_id, seat.sitting_id), said)

    def _reopen(self) -> None:
        seat = self._seat()
        if seat is None:
            return
        reason = QLineEdit()
        sitting_id, what = seat.sitting_id, self.tr("撤销误操作交卷，恢复作答；不补时。")

        def signed(second: Second) -> None:
            order = ReopenSitting(0, sitting_id, reason.text().strip(), second)
            self._place(order, self.tr("已恢复作答"))

        self._sign(Action.REOPEN, what, [(self.tr("事由"), reason)], signed)

    def _leave(self) -> None:
        seat = self._seat()
        if seat is None:
            return
        cause, reason = QComboBox(), QLineEdit()
        for each in ExitReason:
            cause.addItem(self._words.leaving(each), each.value)
        sitting_id = seat.sitting_id
        what = self.tr("考场封闭期间离场：作答按现状封存，不得再次进入。")

        def signed(second: Second) -> None:
            why = ExitReason(cause.currentData())
            order = ExitSpecially(0, sitting_id, why, reason.text().strip(), second)
            self._place(order, self.tr("已登记特殊离场"))

        rows = [(self.tr("类别"), cause), (self.tr("事由"), reason)]
        self._sign(Action.EXIT_SPECIALLY, what, rows, signed)

    def _sign(
        self,
        action: Action,
        what: str,
        rows: Sequence[tuple[str, QWidget]],
        signed: Callable[[Second], None],
    ) -> None:
        dialog = ask_second(self, self._texts, action, self._state.person, what, rows)
        dialog.signed.connect(signed)

    # ---- layout ----

    def _fill(self) -> None:
        for each in CreditReason:
            self.reason.addItem(self._words.reason(each), each.value)
        self.minutes.setRange(0, 24 * 60)
        self.minutes.setSpecialValueText(self.tr("按测得时间"))

    def _lay_out(self) -> None:
        self._form = QWidget()
        form = QFormLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.tr("补时原因"), self.reason)
        form.addRow(self.tr("补时分钟数"), self.minutes)
        form.addRow(self.tr("说明（超过测得时必填）"), self.note)
        form.addRow(self.tr("上级批复文号（超过上限时）"), self.reference)
        time, seat = QHBoxLayout(), QHBoxLayout()
        for each in (self.propose, self.approve, self.reject_one, self.revoke):
            time.addWidget(each)
        time.addStretch(1)
        for each in (self.out, self.reopen, self.leave):
            seat.addWidget(each)
        seat.addStretch(1)
        seat.addWidget(self.close_it)
        box = QVBoxLayout(self)
        box.setSpacing(8)
        for part in (self.head, self.gaps, self.credits, self._form, self.outcome):
            box.addWidget(part)
        box.addLayout(time)
        box.addLayout(seat)
        self.credits.setMinimumHeight(self.fontMetrics().height() * 6)
        self.setMinimumWidth(int(self.fontMetrics().averageCharWidth() * 54))
