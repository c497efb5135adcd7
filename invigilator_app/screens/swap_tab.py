"""换机与作答分支: the day's swaps, branches that wait for two people, journals of dead stations."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit

from invigilator_app.actions.orders import Answer, decide_branch, get_swaps, import_journal
from invigilator_app.actions.permissions import Action, may
from invigilator_app.actions.results import (
    BranchView,
    Journals,
    JournalTaken,
    ResultError,
    Swaps,
    read_result,
)
from invigilator_app.board.instants import clock
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.second_dialog import ask_second
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Second
from venue_server.wire.swap_orders import UNPROVED, Keep


class SwapTab(Page):
    """Items are named, never shown (O02)."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self._branches: list[BranchView] = []
        self.swaps = TextTable(
            [
                self.tr("时间"),
                self.tr("考场"),
                self.tr("原机位→新机位"),
                self.tr("原因"),
                self.tr("经办"),
            ]
        )
        self.branches = TextTable(
            [self.tr("状态"), self.tr("机位"), self.tr("来自考试机"), self.tr("试题（时间）")]
        )
        self.reload = button(self.tr("刷新列表"), self.load)
        self.chain = button(self.tr("以服务器记录为准（两人）…"), lambda: self._ask(Keep.CHAIN))
        self.branch = button(
            self.tr("并入该机作答（两人）…"), lambda: self._ask(Keep.BRANCH), kind="grave"
        )
        self.folder = QLineEdit()
        self.reason = QLineEdit()
        self.accept = QCheckBox(self.tr("接受未经证明的数据（须写明原因）"))
        self.take = button(self.tr("导入单机数据（两人）…"), self._ask_import, kind="main")
        self.outcome = Outcome(texts)
        self.branches.currentCellChanged.connect(self._changed)
        for field in (self.folder, self.reason):
            field.textChanged.connect(self._changed)
        self.accept.toggled.connect(self._changed)
        self._lay_out()
        self._changed()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        self._changed()

    def load(self) -> None:
        self.order(get_swaps(), self._loaded)

    def _loaded(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            found = read_result(answer, Swaps)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self._branches = found.branches
        self.swaps.show_rows(
            [
                [clock(e.at_ms), e.room_id, f"{e.from_seat} → {e.to_seat}", e.reason, e.persons]
                for e in found.swaps
            ]
        )
        rows = [self._row(each) for each in found.branches]
        bad = frozenset(at for at, each in enumerate(found.branches) if each.open)
        self.branches.show_rows(rows, bad)
        self._changed()

    def _row(self, branch: BranchView) -> list[str]:
        if branch.open:
            mark = self.tr("△ 待裁定") if branch.verdict == "PEOPLE" else self.tr("… 待并入")
        else:
            mark = self.tr("✓ 已处理")
        stands = {
            "CONFLICT": self.tr("两机均作答"),
            "FREE": self.tr("仅该机作答"),
            "TAKEN": self.tr("已有"),
        }
        items = self.tr("、").join(
            f"{each.item_id}（{clock(each.at_ms)}，{stands.get(each.stand, each.stand)}）"
            for each in branch.items
        )
        seat = f"{branch.room_id}-{branch.seat_no}"
        machine = f"{branch.machine_seat} · {branch.machine_id}"
        if branch.machine_id.startswith(UNPROVED):
            name = branch.machine_id.removeprefix(UNPROVED) or "?"
            machine = self.tr("△ 未经证明（自称 %1）").replace("%1", name)
        return [mark, seat, machine, items]

    def _chosen(self) -> BranchView | None:
        row = self.branches.currentRow()
        return self._branches[row] if 0 <= row < len(self._branches) else None

    def _changed(self, *_: object) -> None:
        state, chosen = self.state, self._chosen()
        decides = imports = False
        if state is not None:
            decides = may(Action.DECIDE_BRANCH, state.person, state.online).allowed
            imports = may(Action.IMPORT_JOURNAL, state.person, state.online).allowed
        for each in (self.chain, self.branch):
            each.setEnabled(decides and chosen is not None and chosen.open)
        said = bool(self.reason.text().strip()) or not self.accept.isChecked()
        self.take.setEnabled(imports and bool(self.folder.text().strip()) and said)

    def _ask(self, keep: Keep) -> None:
        chosen = self._chosen()
        if self.state is None or chosen is None:
            return
        if keep is Keep.BRANCH:
            what = self.tr("机位 %1：把考试机 %2 上的作答并入，作为最后的作答。原有记录全部保留。")
        else:
            what = self.tr("机位 %1：以服务器已有的作答为准，考试机 %2 上的分支另存备查。")
        what = what.replace("%1", chosen.seat_no).replace("%2", chosen.machine_id)
        reason = QLineEdit()
        rows = [(self.tr("裁定理由（必填，将记入台账）"), reason)]
        dialog = ask_second(self, self.texts, Action.DECIDE_BRANCH, self.state.person, what, rows)
        dialog.signed.connect(lambda second: self._decide(chosen, keep, reason.text(), second))

    def _decide(self, chosen: BranchView, keep: Keep, reason: str, second: Second) -> None:
        self.outcome.waiting()
        order = decide_branch(chosen.sitting_id, chosen.machine_id, keep, reason, second)
        self.order(order, self._decided)

    def _decided(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self.outcome.good(self.tr("已裁定"))
        self.load()

    def _ask_import(self) -> None:
        if self.state is None:
            return
        what = self.tr("导入 %1 中从考试机复制的作答日志。能接续的按序并入，其余另存待裁定。")
        what = what.replace("%1", self.folder.text().strip())
        if self.accept.isChecked():
            what += self.tr("没有签名、无法证明来源的数据也一并导入。")
        dialog = ask_second(self, self.texts, Action.IMPORT_JOURNAL, self.state.person, what)
        dialog.signed.connect(self._import)

    def _import(self, second: Second) -> None:
        self.outcome.waiting()
        accept = self.accept.isChecked()
        order = import_journal(self.folder.text(), self.reason.text(), accept, second)
        self.accept.setChecked(False)  # for this once
        self.order(order, self._imported)

    def _imported(self, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        try:
            found = read_result(answer, Journals).journals
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        whole = all(
            each.verdict == "TAKEN" and not each.damaged and not each.code for each in found
        )
        title = self.tr("已导入") if whole else self.tr("已导入，有日志不完整")
        if any(each.code for each in found):
            title = self.tr("有未经证明的数据，未全部导入")
        if not any(each.verdict == "TAKEN" for each in found):
            title = self.tr("没有可导入的日志")
        show = self.outcome.good if whole else self.outcome.warn
        show(title, "\n".join(map(self._taken, found)))
        self.load()

    def _taken(self, each: JournalTaken) -> str:
        """What became of one journal, in words, and what its signature proves."""
        text = self._became(each)
        if each.unproved:
            aside = self.tr("；%1 条未经证明，已另存待裁定")
            text += aside.replace("%1", str(each.unproved))
        if each.unfinished:
            text += self.tr("；该导出没有完成，或其签名说明已丢失")
        return f"{text} [{each.code}]" if each.code else text

    def _proof(self, each: JournalTaken) -> str:
        words = {
            "SIGNED": self.tr("✓ 已验签"),
            "REVOKED": self.tr("△ 签名考试机已吊销"),
            "UNSIGNED": self.tr("△ 无签名"),
            "ALTERED": self.tr("✗ 有未签名的改动"),
            "OTHER_STATION": self.tr("✗ 他机签名"),
            "UNKNOWN_SIGNER": self.tr("✗ 签名者不明"),
            "BAD_SIGNATURE": self.tr("✗ 签名无效"),
        }
        word = words.get(each.proof, each.proof)
        return f"{word} {each.signed_by}".strip()

    def _became(self, each: JournalTaken) -> str:
        who = each.sitting_id or self.tr("（不明）")
        proof = self._proof(each)
        if proof:
            who = self.tr("%1（%2）").replace("%1", who).replace("%2", proof)
        refused = {
            "FOREIGN": self.tr("%1：不是本考点的作答，未导入"),
            "CLOSED": self.tr("%1：场次已密封，未导入；须先重新密封"),
            "UNREADABLE": self.tr("%1：日志或其密钥无法读取，未导入"),
            "REFUSED": self.tr("%1：未并入作答"),
        }
        if each.verdict in refused:
            text = refused[each.verdict].replace("%1", who)
            lost = self.tr("；第 %1 条已丢失").replace("%1", each.lost)
            return text + lost if each.lost else text
        text = (
            self.tr("%1：日志 %2 条，服务器 %3 → %4 条，另存 %5 条")
            .replace("%1", who)
            .replace("%2", str(each.journal_seq))
            .replace("%3", str(each.server_seq))
            .replace("%4", str(each.now_seq))
            .replace("%5", str(each.kept_aside))
        )
        if each.gap_from:
            gap = self.tr("；日志缺第 %1 至 %2 条（服务器已有）")
            text += gap.replace("%1", str(each.gap_from)).replace("%2", str(each.gap_to))
        if each.lost:
            text += self.tr("；第 %1 条已丢失").replace("%1", each.lost)
        return text

    def _lay_out(self) -> None:
        swaps = Card(self.tr("换机记录"))
        swaps.box.addWidget(self.reload, 0, Qt.AlignmentFlag.AlignLeft)
        swaps.box.addWidget(self.swaps)
        branches = Card(self.tr("作答分支"))
        note = self.tr(
            "同一应试人员在两台机器上的作答，交卷后由主考和系统管理员裁定；裁定前不能密封。"
        )
        branches.box.addWidget(label(note, "quiet"))
        branches.box.addWidget(self.branches)
        row = QHBoxLayout()
        row.addWidget(self.chain)
        row.addWidget(self.branch)
        row.addStretch(1)
        branches.box.addLayout(row)
        journals = Card(self.tr("导入单机数据"))
        hint = self.tr("从不能恢复联机的考试机复制的文件夹，或其导出（登记介质，两人）。")
        journals.box.addWidget(label(hint, "quiet"))
        for text, field in (
            (self.tr("文件夹（服务器上的路径）"), self.folder),
            (self.tr("原因（普通文件夹、未经证明的数据必填）"), self.reason),
        ):
            field.setAccessibleName(text)
            journals.box.addWidget(label(text))
            journals.box.addWidget(field)
        journals.box.addWidget(self.accept)
        unproved = self.tr(
            "无签名的（裸盘、未完成的导出）或签名考试机已吊销的数据，不勾选不导入；"
            "与签名不符的作答一律另存待裁定。"
        )
        journals.box.addWidget(label(unproved, "quiet"))
        journals.box.addWidget(self.take)
        for table in (self.swaps, self.branches):
            table.setMinimumHeight(int(self.fontMetrics().height() * 7))
        page = self.scrolled_column()
        for part in (self.outcome, swaps, branches, journals):
            page.addWidget(part)
        page.addStretch(1)
