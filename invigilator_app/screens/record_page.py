"""考场情况记录单: read it, sign what was read (by its content hash), print it (K01, K02)."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel

from invigilator_app.actions.orders import Answer
from invigilator_app.actions.permissions import Action, in_room
from invigilator_app.actions.results import (
    PrintedRecord,
    ResultError,
    RoomRecord,
    read_result,
)
from invigilator_app.board.instants import clock
from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.printing.sheets import door_sheet, record_sheet, value_text
from invigilator_app.screens.beside import Beside
from invigilator_app.screens.confirm_dialog import ask
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.points_card import PointsCard
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts
from venue_server.wire.console_orders import GetRoomRecord, SignRoomRecord
from venue_server.wire.console_views import Done
from venue_server.wire.record_orders import (
    AnswerRecordPoint,
    EditRoomRecord,
    PrintRoomRecord,
    WrittenField,
)
from venue_server.wire.remarks import record_label, record_value

_SHORT_HASH = 16


def _shown(value: object, language: str) -> str:
    """One field as it is read here; signed and printed is always the Chinese sheet."""
    return "\n".join(record_value(each, language) for each in value_text(value).split("\n"))


class RecordPage(Page):
    """One room's record at a time. Signing names the hash of exactly what is on the screen."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.record: RoomRecord | None = None
        self._record_room = ""
        self.room = QComboBox()
        self.room.setAccessibleName(self.tr("考场"))
        self.room.currentIndexChanged.connect(self._room_changed)
        self.load = button(self.tr("调取记录单"), self._load, kind="main")
        self.fields = TextTable([self.tr("项目"), self.tr("内容")])
        self.signatures = TextTable([self.tr("角色"), self.tr("姓名"), self.tr("时间")])
        self.points = PointsCard(texts)
        self.points.looked.connect(self._looked)
        self.points.wrote.connect(self._wrote)
        self.hash = label(name="mono")
        self.required = label(name="why")
        self.sign = button(self.tr("签署本记录单"), self._ask_sign, kind="grave")
        self.print_record = button(self.tr("记录单另存为 PDF…"), self._print_record)
        self.print_door = button(self.tr("门贴另存为 PDF…"), self._print_door)
        self.outcome = Outcome(texts)
        self._lay_out()
        self._show_record()

    def refresh(self, state: ConsoleState) -> None:
        super().refresh(state)
        if state.view is None:
            return
        rooms = [(board.room.name, room_id) for room_id, board in state.view.rooms.items()]
        shown = [
            (self.room.itemText(at), self.room.itemData(at)) for at in range(self.room.count())
        ]
        if rooms != shown:
            self._show_rooms(rooms)
        board = state.view.rooms.get(self.room.currentData() or "")
        if board is None:
            return
        self.open_button(
            self.load, in_room(Action.VIEW_RECORD, state.person, board.room, state.online)
        )
        self.print_door.setEnabled(board.room.session is not None)
        verdict = in_room(Action.SIGN_RECORD, state.person, board.room, state.online)
        self.open_button(self.sign, verdict)
        if self.record is None:
            self.sign.setEnabled(False)
        self.points.open(
            in_room(Action.ANSWER_POINT, state.person, board.room, state.online).allowed,
            in_room(Action.EDIT_RECORD, state.person, board.room, state.online).allowed,
        )

    def _show_rooms(self, rooms: list[tuple[str, str]]) -> None:
        current = self.room.currentData()
        self.room.blockSignals(True)
        self.room.clear()
        for name, room_id in rooms:
            self.room.addItem(name, room_id)
        self.room.setCurrentIndex(max(0, self.room.findData(current)))
        self.room.blockSignals(False)
        if self.room.currentData() != current:
            self._room_changed()

    def _room_changed(self) -> None:
        self.record = None
        self.outcome.clear()
        self._show_record()
        if self.state is not None:
            self.refresh(self.state)

    def _load(self) -> None:
        room_id = self.room.currentData()
        if room_id and self.load.isEnabled():
            self.outcome.waiting()
            self.order(GetRoomRecord(0, room_id), lambda answer: self._loaded(room_id, answer))

    def _loaded(self, room_id: str, answer: Answer) -> None:
        if room_id != self.room.currentData():
            return
        self.record = None
        if isinstance(answer, Done):
            try:
                self.record, self._record_room = read_result(answer, RoomRecord), room_id
                self.outcome.clear()
            except ResultError as error:
                self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
        else:
            self.outcome.trouble(answer)
        self._show_record()
        if self.state is not None:
            self.refresh(self.state)

    def _show_record(self) -> None:
        record = self.record
        self.print_record.setEnabled(record is not None)
        self.points.show_record(record)
        if record is None:
            self.fields.show_rows([])
            self.signatures.show_rows([])
            self.hash.setText("—")
            self.required.setText("")
            return
        language = self.texts.language
        self.fields.show_rows(
            [
                [record_label(name, language), _shown(value, language)]
                for name, value in record.record.items()
            ]
        )
        self.signatures.show_rows(
            [
                [self.texts.role_named(each.role), each.name, clock(each.at_ms)]
                for each in record.signatures
            ]
        )
        self.hash.setText(record.content_hash[:_SHORT_HASH])
        self.hash.setToolTip(record.content_hash)
        needed = self.tr("、").join(self.texts.role_named(each) for each in record.required)
        missing = self.tr("△ 密封前还须签名：%1").replace("%1", needed)
        lines = [missing if needed else self.tr("✓ 签名齐全，可以密封")]
        if record.voided:
            voided = self.tr("△ 内容已变更，此前 %1 个签名作废")
            lines.insert(0, voided.replace("%1", str(record.voided)))
        lines[:0] = [f"✕ {self.texts.remark(each)}" for each in record.problems]
        self.required.setText("\n".join(lines))

    def _ask_sign(self) -> None:
        if self.record is None or self.state is None or not self.sign.isEnabled():
            return
        text = self.tr("%1 签署内容摘要为 %2 的考场情况记录单。签名后内容如有变更，全部签名作废。")
        text = text.replace("%1", self.state.person.name)
        text = text.replace("%2", self.record.content_hash[:_SHORT_HASH])
        dialog = ask(self, self.tr("签署记录单"), text, self.tr("签署"))
        dialog.agreed.connect(self._sign)

    def _sign(self) -> None:
        if self.record is None:
            return
        room_id = self._record_room
        order = SignRoomRecord(0, room_id, self.record.content_hash)
        self.outcome.waiting()
        self.order(order, lambda answer: self._signed(room_id, answer))

    def _signed(self, room_id: str, answer: Answer) -> None:
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        self.outcome.good(self.tr("已签署"))
        self.order(GetRoomRecord(0, room_id), lambda again: self._reloaded(room_id, again))

    def _reloaded(self, room_id: str, answer: Answer) -> None:
        """The record with its new signature; a failure here does not undo the signature."""
        if isinstance(answer, Done):
            self._loaded(room_id, answer)
            self.outcome.good(self.tr("已签署"))

    # ---- points and written fields ----

    def _looked(self, points: list[str], remark: str) -> None:
        self._change(AnswerRecordPoint(0, self._record_room, points, remark))

    def _wrote(self, field: WrittenField, before: str, after: str, reason: str) -> None:
        self._change(EditRoomRecord(0, self._record_room, field, before, after, reason))

    def _change(self, order: AnswerRecordPoint | EditRoomRecord) -> None:
        room_id = order.room_id
        self.outcome.waiting()
        self.order(order, lambda answer: self._changed(room_id, answer))

    def _changed(self, room_id: str, answer: Answer) -> None:
        """The server answers with the record as it is now; a refusal leaves what was shown."""
        if isinstance(answer, Done):
            self._loaded(room_id, answer)
        else:
            self.outcome.trouble(answer)

    # ---- printing ----

    def _print_record(self) -> None:
        """The server notes the print first: it says whether this is a copy (K06)."""
        if self.record is None or self.state is None or self.state.view is None:
            return
        order = PrintRoomRecord(0, self._record_room, self.record.content_hash)
        self.outcome.waiting()
        self.order(order, self._noted)

    def _noted(self, answer: Answer) -> None:
        record = self.record
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
            return
        if record is None or self.state is None or self.state.view is None:
            return
        try:
            printed = read_result(answer, PrintedRecord)
        except ResultError as error:
            self.outcome.warn(self.tr("服务器的答复无法识别"), str(error))
            return
        self.outcome.clear()
        html = record_sheet(self.state.view.venue.printed_name, record, printed)
        self._save(
            self.tr("考场情况记录单"), lambda path: write_pdf(path, html, record.content_hash)
        )

    def _print_door(self) -> None:
        if self.state is None or self.state.view is None:
            return
        board = self.state.view.rooms.get(self.room.currentData() or "")
        if board is None:
            return
        html = door_sheet(self.state.view.venue.printed_name, board)
        self._save(self.tr("门贴"), lambda path: write_pdf(path, html, ""))

    def _save(self, name: str, write: Callable[[Path], None]) -> None:
        """Ask where, without blocking, then write."""
        room = self.room.currentText()
        start = str(Path(QDir.homePath()) / f"{name}-{room}.pdf")
        dialog = QFileDialog(self, self.tr("另存为 PDF"), start, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda chosen: self.write_to(Path(chosen), write))
        dialog.open()

    def write_to(self, path: Path, write: Callable[[Path], None]) -> None:
        """Write one sheet and say where it is, or why not."""
        try:
            write(path)
        except PrintError as error:
            self.outcome.warn(self.tr("无法写入文件"), str(error))
        else:
            self.outcome.good(self.tr("已保存"), str(path))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.room)
        top.addWidget(self.load)
        top.addStretch(1)
        top.addWidget(self.print_door)
        top.addWidget(self.print_record)
        self.fields.setMinimumHeight(int(self.fontMetrics().height() * 12))
        self.signatures.setMinimumHeight(int(self.fontMetrics().height() * 5))
        side = Card(self.tr("签名"))
        side.box.addWidget(self.signatures, 1)
        side.box.addWidget(self._caption(self.tr("内容摘要（签名所针对的内容）")))
        side.box.addWidget(self.hash)
        side.box.addWidget(self.required)
        side.box.addWidget(self.sign)
        page = self.scrolled_column()
        page.setContentsMargins(10, 8, 10, 6)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(self.outcome)
        page.addWidget(Beside(self.fields, side), 1)
        page.addWidget(self.points)

    @staticmethod
    def _caption(text: str) -> QLabel:
        return label(text, "quiet")
