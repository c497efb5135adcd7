"""The one timer on the screen (H03): remaining time, which may be hidden except near the end."""

from PySide6.QtWidgets import QGridLayout, QWidget

from candidate_station.screens.page import button, label, repolish
from candidate_station.screens.words import fill, span

LATE_S = 15 * 60
ALWAYS_SHOWN_S = 5 * 60


class Remaining(QWidget):
    """剩余时间 with a button to hide it; never hidden in the last five minutes."""

    def __init__(self) -> None:
        super().__init__()
        self._hidden = False
        self._seconds = 0
        self._word, self._time = label("muted", wrap=False), label("", wrap=False)
        self._time.setObjectName("remaining")
        self._late = label("strong", wrap=False)
        self._credit = label("strong", wrap=False)
        self._credit.setObjectName("credited")
        self._credited_s = self._revoked_s = 0
        self.toggle = button("tool")
        self.toggle.clicked.connect(self._toggled)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        for column, widget in enumerate((self._word, self._time, self.toggle)):
            grid.addWidget(widget, 0, column)
        grid.addWidget(self._late, 1, 0, 1, 3)
        grid.addWidget(self._credit, 2, 0, 1, 3)
        self.retranslate()

    def retranslate(self) -> None:
        self._word.setText(self.tr("剩余时间"))
        self._write()

    def show_seconds(self, seconds: int, credited_s: int = 0, revoked_s: int = 0) -> None:
        """``credited_s``: 补时 in force, ``revoked_s``: what was taken back of it (I07); both are
        said as long as the candidate answers (H03)."""
        self._seconds, self._credited_s, self._revoked_s = seconds, credited_s, revoked_s
        self._write()

    def reset(self) -> None:
        """Another candidate: shown again."""
        self._hidden = False
        self._write()

    def _toggled(self) -> None:
        self._hidden = not self._hidden
        self._write()

    def _write(self) -> None:
        may_hide = self._seconds > ALWAYS_SHOWN_S
        shown = not (self._hidden and may_hide)
        self._time.setText(span(self._seconds) if shown else self.tr("已隐藏"))
        self._time.setAccessibleName(fill(self.tr("剩余时间 %1"), span(self._seconds)))
        self._late.setText(self._warning() if shown else "")
        self._late.setVisible(bool(self._late.text()))
        late = "true" if shown and self._seconds <= LATE_S else "false"
        if self._time.property("late") != late:
            self._time.setProperty("late", late)
            repolish(self._time)
        self._credit.setText("\n".join(self._credits()))
        self._credit.setVisible(bool(self._credit.text()))
        self.toggle.setText(self.tr("隐藏时间(&T)") if shown else self.tr("显示时间(&T)"))
        self.toggle.setEnabled(may_hide)

    def _credits(self) -> list[str]:
        lines = []
        if self._credited_s:
            lines.append(fill(self.tr("✚ 已补时 %1"), self._minutes(self._credited_s)))
        if self._revoked_s:
            lines.append(fill(self.tr("− 已撤销补时 %1"), self._minutes(self._revoked_s)))
        return lines

    def _minutes(self, seconds: int) -> str:
        minutes, rest = divmod(seconds, 60)
        if rest:
            return fill(self.tr("%1 分 %2 秒"), str(minutes), str(rest))
        return fill(self.tr("%1 分钟"), str(minutes))

    def _warning(self) -> str:
        if self._seconds > LATE_S:
            return ""
        if self._seconds > ALWAYS_SHOWN_S:
            return self.tr("⚠ 不足15分钟")
        return self.tr("⚠ 不足5分钟，到时自动交卷")
