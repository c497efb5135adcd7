"""举手: a button that stays down until it is pressed again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from candidate_station.session.intents import RaiseHand


class HandButton(QPushButton):
    """Emits RaiseHand; its text says which way the hand is, so colour is not the only cue."""

    intent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hand")
        self.setCheckable(True)
        self.setAutoDefault(True)
        self.toggled.connect(self._toggled)
        self.retranslate()

    def retranslate(self) -> None:
        raised = self.isChecked()
        self.setText(self.tr("已举手·放下(&H)") if raised else self.tr("举手(&H)"))

    def reset(self) -> None:
        """Put the hand down without telling anyone: another candidate, or another page."""
        blocked = self.blockSignals(True)
        self.setChecked(False)
        self.blockSignals(blocked)
        self.retranslate()

    def _toggled(self, up: bool) -> None:
        self.retranslate()
        self.intent.emit(RaiseHand(up=up))
