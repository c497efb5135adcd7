"""Which session a page is about: the box of several pages, filled anew with every answer."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox


class SessionBox(QComboBox):
    """Ids of sessions. ``currentIndexChanged`` tells of a person's choice only; whoever fills the
    box knows that it did."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("场次"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def offer(self, session_ids: Sequence[str], first: str = "") -> None:
        """Offer these and nothing else. What was chosen stays so; else ``first``, else the first
        of them is."""
        kept = self.currentText()
        chosen = next((each for each in (kept, first) if each in session_ids), "")
        blocked = self.blockSignals(True)
        self.clear()
        self.addItems(list(session_ids))
        if chosen:
            self.setCurrentText(chosen)
        self.blockSignals(blocked)
