"""强调显示: the switch of the highlighter, and how it is used while it is on (H05)."""

from PySide6.QtCore import QObject, Signal

from candidate_station.screens.page import button, label
from candidate_station.session.screen_state import ScreenState

HIGHLIGHT = "HIGHLIGHT"
"""The tool's name in the plan."""


class Highlighter(QObject):
    """``toggle`` and ``how`` stand where the page puts them; ``wanted(bool)``: mark, or no more."""

    wanted = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.toggle, self.how = button("tool"), label("small")
        self.toggle.setCheckable(True)
        self.toggle.hide()
        self.how.hide()
        self.toggle.toggled.connect(self._toggled)

    def retranslate(self) -> None:
        self.toggle.setText(self.tr("强调显示(&E)"))
        self.how.setText(
            self.tr(
                "拖动选中文字即标记，点击即取消；键盘 ←→ 选词，空格 标记或取消，Shift+←→ 连续标记。"
            )
        )

    def show_state(self, state: ScreenState) -> None:
        """The plan's word decides whether the tool is there at all."""
        there = state.session is not None and HIGHLIGHT in state.session.tools
        self.toggle.setVisible(there)
        if not there:
            self.reset()

    def reset(self) -> None:
        """Another candidate sits down."""
        self.toggle.setChecked(False)

    def _toggled(self, on: bool) -> None:
        self.how.setVisible(on)
        self.wanted.emit(on)
