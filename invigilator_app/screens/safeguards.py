"""What keeps a paper shut or puts a reserve in its place: freeze, thaw, reserve, seal shown."""

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from invigilator_app.actions.orders import (
    Answer,
    approve_reserve,
    freeze_release,
    lift_freeze,
    lift_freeze_together,
    witness_seal,
)
from invigilator_app.actions.permissions import Action, in_room, on_session
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.reason_dialog import ask_reason
from invigilator_app.screens.second_dialog import SecondDialog, ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.messages import PaperSeal


class Safeguards(Page):
    """A row of buttons, each open to whom the rules name, and what the freeze says."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.frozen = label(name="alarms")
        self.frozen.hide()
        self.witness = button(self.tr("记录封签展示与见证…"), self._ask_witness)
        self.freeze = button(
            self.tr("冻结释放（疑似泄密）…"), self._ask_freeze, kind="grave", key="Ctrl+Shift+F"
        )
        self.lift = button(self.tr("凭总部文号解除冻结…"), self._ask_lift)
        self.together = button(self.tr("两人解除冻结（主考＋考区主任）…"), self._ask_together)
        self.reserve = button(self.tr("批准启用备用卷…"), self._ask_reserve, kind="grave")
        self.outcome = Outcome(texts)
        card = Card(self.tr("封签、备用卷与应急冻结"))
        card.box.addWidget(self.frozen)
        grid = QGridLayout()
        grid.addWidget(self.witness, 0, 0)
        grid.addWidget(self.reserve, 0, 1)
        grid.addWidget(self.freeze, 1, 0)
        grid.addWidget(self.lift, 2, 0)
        grid.addWidget(self.together, 2, 1)
        card.box.addLayout(grid)
        card.box.addWidget(self.outcome)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        if state.view is None:
            return
        venue, person, online = state.view.venue, state.person, state.online
        self.frozen.setVisible(bool(venue.frozen))
        self.frozen.setText(
            self.tr("‼ 释放已冻结，任何方式均不得释放。事由：%1").replace("%1", venue.frozen)
        )
        for pressed, action in (
            (self.freeze, Action.FREEZE_RELEASE),
            (self.lift, Action.LIFT_FREEZE),
            (self.together, Action.LIFT_FREEZE_TOGETHER),
            (self.reserve, Action.APPROVE_RESERVE),
        ):
            self.open_button(pressed, on_session(action, person, venue, online))
        for pressed in (self.lift, self.together):
            pressed.setVisible(bool(venue.frozen))
        self.freeze.setVisible(not venue.frozen)
        self.reserve.setVisible(bool(venue.reserves))
        room = state.room.room if state.room is not None else None
        self.witness.setVisible(room is not None and bool(venue.seals))
        if room is not None:
            verdict = in_room(Action.WITNESS_SEAL, person, room, online)
            self.open_button(self.witness, verdict)
            shown = self.tr("✓ %1已展示封签").replace("%1", room.name)
            ask = self.tr("记录封签展示与见证…")
            self.witness.setText(shown if room.seal_witnessed else ask)

    # ---- freezing ----

    def _ask_freeze(self) -> None:
        dialog = ask_reason(
            self,
            self.tr("冻结释放"),
            self.tr(
                "怀疑试题泄露时使用。冻结后，未释放的试卷以任何方式均不能释放，"
                "直至两人或凭总部文号解除。"
            ),
            self.tr("立即冻结"),
        )
        dialog.given.connect(lambda reason, _: self._order(freeze_release(reason)))

    def _ask_lift(self) -> None:
        reason, reference = QLineEdit(), QLineEdit()
        dialog = self._ask_second(
            Action.LIFT_FREEZE,
            self.tr("须已取得总部同意，并由另一人核对。解除后，到达释放点的试卷将立即释放。"),
            [
                (self.tr("事由（必填，将记入台账）"), reason),
                (self.tr("总部批准文号（必填）"), reference),
            ],
        )
        if dialog is not None:
            dialog.signed.connect(
                lambda second: self._order(lift_freeze(reason.text(), reference.text(), second))
            )

    def _ask_together(self) -> None:
        reason = QLineEdit()
        dialog = self._ask_second(
            Action.LIFT_FREEZE_TOGETHER,
            self.tr("主考与考区主任共同解除冻结。解除后，到达释放点的试卷将立即释放。"),
            [(self.tr("事由（必填，将记入台账）"), reason)],
        )
        if dialog is not None:
            dialog.signed.connect(
                lambda second: self._order(lift_freeze_together(reason.text(), second))
            )

    # ---- reserves ----

    def _ask_reserve(self) -> None:
        if self.state is None or self.state.view is None:
            return
        view = self.state.view
        which, room, form, reason = QComboBox(), QComboBox(), QComboBox(), QLineEdit()
        for seal in view.venue.reserves:
            which.addItem(f"{seal.paper_id} / {seal.form_id}", seal)
        room.addItem(self.tr("全部考场"), "")
        for board in view.rooms.values():
            room.addItem(board.room.name, board.room.room_id)
        form.addItem(self.tr("全部卷别"), "")
        for seal in view.venue.seals:
            form.addItem(seal.form_id, seal.form_id)
        dialog = self._ask_second(
            Action.APPROVE_RESERVE,
            self.tr("备用卷未经考区主任批准不得启封。批准后，原卷在所选范围内不再使用。"),
            [
                (self.tr("备用卷"), which),
                (self.tr("考场"), room),
                (self.tr("代替卷别"), form),
                (self.tr("事由（必填，将记入台账）"), reason),
            ],
        )
        if dialog is not None:
            dialog.signed.connect(
                lambda second: self._approve(
                    which.currentData(),
                    str(room.currentData()),
                    str(form.currentData()),
                    reason.text(),
                    second,
                )
            )

    def _approve(
        self, seal: PaperSeal, room_id: str, replaces: str, reason: str, second: Second
    ) -> None:
        assert self.state is not None
        session_id = self.state.session_id
        self._order(approve_reserve(session_id, seal, reason, second, room_id, replaces))

    # ---- the witnessed seal ----

    def _ask_witness(self) -> None:
        if self.state is None or self.state.room is None or self.state.view is None:
            return
        room_id = self.state.room.room.room_id
        ticket = QLineEdit()
        seals = "；".join(
            f"{seal.paper_id} / {seal.form_id} {seal.short_digest}"
            for seal in self.state.view.venue.seals
        )
        what = self.tr("两名监考人员已当众展示试卷封签：%1，与考试机屏幕一致，封签完好。")
        dialog = self._ask_second(
            Action.WITNESS_SEAL,
            what.replace("%1", seals),
            [(self.tr("见证的应试人员准考证号"), ticket)],
        )
        if dialog is not None:
            dialog.signed.connect(
                lambda second: self._order(witness_seal(room_id, ticket.text(), second))
            )

    # ---- ordering ----

    def _ask_second(
        self, action: Action, what: str, rows: list[tuple[str, QWidget]]
    ) -> SecondDialog | None:
        if self.state is None:
            return None
        return ask_second(self, self.texts, action, self.state.person, what, rows)

    def _order(self, order: object) -> None:
        self.outcome.waiting()
        self.ordered.emit(order, self._answered)

    def _answered(self, answer: Answer) -> None:
        if isinstance(answer, Done):
            self.outcome.good(self.tr("已记录"))
        else:
            self.outcome.trouble(answer)
