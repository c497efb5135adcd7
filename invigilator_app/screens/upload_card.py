"""上报进度: how far each sealed bundle is, by headquarters' own word, and in all (L08, L09)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from invigilator_app.screens.parts import Card, bring_into_sight, label
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.upload_orders import Uploads, UploadStage, UploadView
from venue_server.wire.upload_texts import (
    KEPT,
    amount,
    bundle_texts,
    left_texts,
    rate_text,
    stage_texts,
)

_MARKS = {
    UploadStage.NOT_BEGUN: ("○", ""),
    UploadStage.SENDING: ("●", ""),
    UploadStage.STALLED: ("△", "warn"),
    UploadStage.CHECKING: ("…", ""),
    UploadStage.NEXT: ("…", ""),
    UploadStage.PAUSED: ("△", "warn"),
    UploadStage.HOME: ("✓", "good"),
}
"""A sign beside the words, and a colour: never the colour alone."""
_FULL = 1000


class Bar(QProgressBar):
    """Confirmed of all bytes, with both in words on it. It takes the focus, and then brings
    ``around`` into sight, so that a page that scrolls can be read by keyboard."""

    def __init__(self, around: QWidget) -> None:
        super().__init__()
        self._around = around
        self.setRange(0, _FULL)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        bring_into_sight(self._around)

    def show_bytes(self, confirmed: int, total: int, name: str) -> None:
        """A thousandth at a time: bytes are more than the bar can count."""
        self.setValue(confirmed * _FULL // total if total else 0)
        self.setFormat(amount(confirmed, total))
        self.setAccessibleName(name)


class BundleRow(QWidget):
    """One bundle: its session and state, the bar, and what else there is to tell."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.name = label(wrap=False)
        self.stage = label(name="chip")
        self.bar = Bar(self)
        self.details = label()
        head = QHBoxLayout()
        head.addWidget(self.name)
        head.addWidget(self.stage, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 4)
        box.addLayout(head)
        box.addWidget(self.bar)
        box.addWidget(self.details)

    def show_bundle(self, one: UploadView) -> None:
        pick = self._pick
        paused = one.stage is UploadStage.PAUSED
        mark, tone = ("✕", "bad") if one.needs_people and paused else _MARKS[one.stage]
        name = self.tr("场次 %1").replace("%1", one.session_id)
        stage = f"{mark} {pick(stage_texts(one))}"
        self.name.setText(name)
        self.stage.setText(stage)
        restyle(self.stage, "tone", tone)
        between = self.tr("：")
        lines = [
            f"{self._texts.either(label_)}{between}{pick(text)}"
            for label_, text in bundle_texts(one)
        ]
        self.details.setText("\n".join(lines))
        self.details.setVisible(bool(lines))
        self.bar.show_bytes(one.confirmed, one.total, name)
        self.bar.setAccessibleDescription("\n".join([stage, *lines]))

    def _pick(self, texts: tuple[str, str]) -> str:
        return texts[0] if self._texts.language == "zh" else texts[1]


class UploadCard(Card):
    """Hidden as long as nothing is sealed."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(self.tr("上报进度"))
        self._texts = texts
        self._shown: Uploads | None = None
        self.rows: list[BundleRow] = []
        self.together = label(name="hint")
        self.all = Bar(self.together)
        self.note = label(name="quiet")
        self._list = QVBoxLayout()
        self.box.addWidget(self.together)
        self.box.addWidget(self.all)
        self.box.addLayout(self._list)
        self.box.addWidget(self.note)
        self.note.setText(self._pick(KEPT))
        self.hide()

    def show_uploads(self, uploads: Uploads | None) -> None:
        """Called at every change of the board; drawn when something of this is another."""
        if uploads == self._shown:
            return
        self._shown = uploads
        bundles = uploads.bundles if uploads is not None else []
        self._fit(len(bundles))
        for row, one in zip(self.rows, bundles, strict=True):
            row.show_bundle(one)
        self.setVisible(bool(bundles))
        if uploads is not None and bundles:
            self._show_together(uploads)

    def _fit(self, count: int) -> None:
        while len(self.rows) < count:
            row = BundleRow(self._texts)
            self.rows.append(row)
            self._list.addWidget(row)
        for row in self.rows[count:]:  # a session was wiped
            self._list.removeWidget(row)
            row.deleteLater()
        del self.rows[count:]

    def _show_together(self, uploads: Uploads) -> None:
        several = len(uploads.bundles) > 1
        home = all(one.stage is UploadStage.HOME for one in uploads.bundles)
        name = self.tr("合计")
        self.all.show_bytes(uploads.confirmed, uploads.total, name)
        self.all.setVisible(several)
        self.note.setVisible(not home)
        if home:
            text = self.tr("✓ 全部已上报，回执相符")
        else:
            text = self.tr("合计：总部已确认 %1；近来速度 %2；还需：%3")
            for mark, value in (
                ("%1", amount(uploads.confirmed, uploads.total)),
                ("%2", rate_text(uploads.rate)),
                ("%3", self._pick(left_texts(uploads.left_min))),
            ):
                text = text.replace(mark, value)
        self.together.setText(text)
        self.all.setAccessibleDescription(text)

    def _pick(self, texts: tuple[str, str]) -> str:
        return texts[0] if self._texts.language == "zh" else texts[1]
