"""作答数据: 回收→备份→密封→上报→清除, each step only after the one before (L01, L09)."""

from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit

from invigilator_app.actions.orders import Answer, seal_session, wipe_session
from invigilator_app.actions.permissions import Action, on_session
from invigilator_app.actions.results import (
    NextVersion,
    ResultError,
    SealedBundle,
    Uploaded,
    WipeCertificate,
    read_result,
)
from invigilator_app.actions.two_person import to_sign_now
from invigilator_app.board.instants import clock, day_minute
from invigilator_app.printing.sheets import value_text
from invigilator_app.screens.confirm_dialog import ask
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.reason_dialog import MAX_REASON
from invigilator_app.screens.release_texts import ReleaseTexts
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from invigilator_app.screens.upload_card import UploadCard
from venue_server.wire.console_orders import UploadSession
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.names import DataState
from venue_server.wire.upload_texts import upload_trouble
from venue_server.wire.wiping_orders import SealAnew

_ORDER = list(DataState)
# What each of the five words needs to have reached to be done.
_STEP_DONE = (
    DataState.COLLECTED,
    DataState.BACKED_UP,
    DataState.SEALED,
    DataState.UPLOADED,
    DataState.WIPED,
)

_TOLD_ELSEWHERE = frozenset(
    {"type", "version", "delivered_by", "earlier_versions", "backups", "items", "kept"}
)


class ChainCard(Card):
    """The five steps in their one order, with words for done, now and to come."""

    def __init__(self) -> None:
        super().__init__(self.tr("作答数据现在在哪里"))
        self._texts = ReleaseTexts(self)
        self.steps: list[QLabel] = []
        row = QHBoxLayout()
        for at in range(len(_STEP_DONE)):
            step = label(name="step")
            self.steps.append(step)
            if at:
                row.addWidget(label("▶", "quiet", wrap=False))
            row.addWidget(step, 1)
        self.now = label(name="hint")
        self.box.addLayout(row)
        self.box.addWidget(self.now)

    def show_data(self, data: DataState | None) -> None:
        words = (
            self.tr("回收"),
            self.tr("备份"),
            self.tr("密封"),
            self.tr("上报"),
            self.tr("清除"),
        )
        reached = _ORDER.index(data) if data is not None else -1
        done = [reached >= _ORDER.index(needed) for needed in _STEP_DONE]
        current = done.index(False) if False in done and data is not None else -1
        for at, step in enumerate(self.steps):
            if done[at]:
                mark, state = self.tr("✓ 完成"), "done"
            elif at == current:
                working = data in (DataState.COLLECTING, DataState.UPLOADING)
                mark = self.tr("● 进行中") if working else self.tr("● 下一步")
                state = "now"
            else:
                mark, state = self.tr("○ 未到"), ""
            step.setText(f"{at + 1} {words[at]}\n{mark}")
            restyle(step, "state", state)
        shown = self._texts.data(data) if data is not None else self.tr("尚未开始")
        self.now.setText(self.tr("数据状态：%1").replace("%1", shown))


class DataPage(Page):
    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.chain = ChainCard()
        self.uploads = UploadCard(texts)
        self.seal = button(self.tr("密封（两人）"), self._ask_seal, kind="main")
        self.upload = button(self.tr("上报至指定服务器"), self._ask_upload, kind="main")
        self.wipe = button(self.tr("清除（两人）"), self._ask_wipe, kind="grave")
        self.anew = button(self.tr("重新密封（两人）"), self._ask_anew, kind="grave")
        self.reason = QLineEdit()
        pressed = (self.seal, self.upload, self.wipe, self.anew)
        self.whys = {each: label(name="chip") for each in pressed}
        self.outcome = Outcome(texts)
        self.proof = TextTable([self.tr("项目"), self.tr("内容")])
        self.proof_title = label(self.tr("最近一次操作的凭证"), "cardTitle")
        self._lay_out()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        if state.view is None:
            return
        venue = state.view.venue
        self.chain.show_data(venue.data_state)
        self.uploads.show_uploads(state.view.uploads)
        for pressed, action in (
            (self.seal, Action.SEAL),
            (self.upload, Action.UPLOAD),
            (self.wipe, Action.WIPE),
            (self.anew, Action.SEAL_ANEW),
        ):
            verdict = on_session(action, state.person, venue, state.online)
            self.open_button(pressed, verdict)
            why = self.texts.why(verdict.why) if verdict.why else ""
            self.whys[pressed].setText("△ " + why if why else self.tr("✓ 可以执行"))
            restyle(self.whys[pressed], "tone", "warn" if why else "good")

    # ---- sealing ----

    def _ask_seal(self) -> None:
        if self.state is None:
            return
        what = self.tr(
            "密封本场全部作答数据，并准予上报。密封前须核对一致，且各考场情况记录单签名齐全。"
        )
        dialog = ask_second(self, self.texts, Action.SEAL, self.state.person, what)
        dialog.signed.connect(self._seal)

    def _seal(self, second: Second) -> None:
        assert self.state is not None
        self.outcome.waiting()
        self.order(seal_session(self.state.session_id, second), self._sealed)

    def _sealed(self, answer: Answer) -> None:
        def proof(done: Done) -> dict[str, Any]:
            digest = read_result(done, SealedBundle).bundle_sha256
            return {self.tr("密封包摘要（SHA-256）"): digest}

        self._report(answer, self.tr("已密封"), proof)

    # ---- sealing anew ----

    def _ask_anew(self) -> None:
        if self.state is None:
            return
        what = self.tr(
            "密封后又发现作答数据时使用。原密封包保留不变；回收后重新备份、核对、签名，密封为新版本并再次上报。"
        )
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        rows = [(self.tr("事由（必填，将记入台账）"), self.reason)]
        dialog = ask_second(self, self.texts, Action.SEAL_ANEW, self.state.person, what, rows)
        dialog.signed.connect(self._anew)

    def _anew(self, second: Second) -> None:
        assert self.state is not None
        self.outcome.waiting()
        order = SealAnew(0, self.state.session_id, self.reason.text().strip(), second)
        self.order(order, self._reopened)

    def _reopened(self, answer: Answer) -> None:
        def proof(done: Done) -> dict[str, Any]:
            return {self.tr("将密封为版本"): read_result(done, NextVersion).version}

        self._report(answer, self.tr("可以回收作答并重新密封"), proof)

    # ---- upload ----

    def _ask_upload(self) -> None:
        if self.state is None:
            return
        text = self.tr("把密封包直接上报至指定服务器。中断后自动续传；取得回执前数据不会清除。")
        dialog = ask(self, self.tr("上报"), text, self.tr("开始上报"))
        dialog.agreed.connect(lambda: self._upload())

    def _upload(self, second: Second | None = None) -> None:
        assert self.state is not None
        self.outcome.waiting()
        self.order(UploadSession(0, self.state.session_id, second), self._uploaded)

    def _uploaded(self, answer: Answer) -> None:
        if to_sign_now(answer) and self.state is not None:
            what = self.tr("密封并准予上报的人员现已不能核对，须由另一名人员签名。")
            dialog = ask_second(self, self.texts, Action.UPLOAD, self.state.person, what)
            dialog.signed.connect(self._upload)

        def proof(done: Done) -> dict[str, Any]:
            return read_result(done, Uploaded).receipt or {}

        self._report(answer, self.tr("已上报，回执核对一致"), proof)
        if isinstance(answer, Done):
            self._show_pending(answer)

    def _show_pending(self, answer: Done) -> None:
        """No receipt yet: said plainly; nothing is wiped before it (L09)."""
        try:
            pending = read_result(answer, Uploaded).pending
        except ResultError:
            return
        if pending is None:
            return
        text = self.tr("已尝试 %1 次，%2 自动重试。%3").replace("%1", str(pending.attempts))
        chinese, english = upload_trouble(pending.problem)
        problem = chinese if self.texts.language == "zh" else english
        text = text.replace("%2", clock(pending.next_attempt_ms)).replace("%3", problem)
        self.outcome.warn(self.tr("尚未取得回执，服务器将自动续传"), text)

    # ---- wiping ----

    def _ask_wipe(self) -> None:
        if self.state is None:
            return
        what = self.tr("清除本考点保存的本场作答数据和密钥。此操作不能撤回；上报回执已取得。")
        dialog = ask_second(self, self.texts, Action.WIPE, self.state.person, what)
        dialog.signed.connect(self._wipe)

    def _wipe(self, second: Second) -> None:
        assert self.state is not None
        self.outcome.waiting()
        self.order(wipe_session(self.state.session_id, second), self._wiped)

    def _wiped(self, answer: Answer) -> None:
        def proof(done: Done) -> dict[str, Any]:
            return read_result(done, WipeCertificate).certificate

        whole = self.tr("完整证书在“管理 → 考后收尾 → 保管与销毁”，请核查各考试机后打印。")
        self._report(answer, self.tr("已清除"), proof, whole)

    def _report(self, answer: Answer, done: str, proof: Any, text: str = "") -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            rows = self._named(proof(answer))
        except ResultError as error:
            self.outcome.warn(done, str(error))
            return
        self.outcome.good(done, text)
        self.proof.show_rows(rows)

    def _named(self, facts: dict[str, Any]) -> list[list[str]]:
        """Facts in words; what is made of further facts is told where it is told whole."""
        names = {
            "session_id": self.tr("场次"),
            "bundle_id": self.tr("密封包编号"),
            "bundle_sha256": self.tr("密封包摘要（SHA-256）"),
            "sittings": self.tr("作答份数"),
            "receipt_sha256": self.tr("回执摘要（SHA-256）"),
            "persons": self.tr("经办人"),
            "begun_at_ms": self.tr("开始时间"),
            "finished_at_ms": self.tr("完成时间"),
        }
        rows = []
        for key, value in facts.items():
            if isinstance(value, dict) or key in _TOLD_ELSEWHERE:
                continue
            shown = day_minute(value) if key.endswith("_at_ms") else value_text(value)
            rows.append([names.get(key, key), shown])
        return rows

    def _lay_out(self) -> None:
        orders = Card(self.tr("操作"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for at, (pressed, why) in enumerate(self.whys.items()):
            grid.addWidget(pressed, at, 0)
            grid.addWidget(why, at, 1)
        orders.box.addLayout(grid)
        note = self.tr("回收和备份由服务器在考试结束后自动完成；备份经回读校验后才能密封。")
        orders.box.addWidget(label(note, "quiet"))
        page = self.scrolled_column()
        page.setContentsMargins(10, 8, 10, 6)
        page.setSpacing(8)
        page.addWidget(self.chain)
        page.addWidget(self.uploads)
        page.addWidget(orders)
        page.addWidget(self.outcome)
        page.addWidget(self.proof_title)
        self.proof.setMinimumHeight(int(self.fontMetrics().height() * 8))
        page.addWidget(self.proof, 1)
