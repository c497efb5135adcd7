"""Of how many answers the venue has one copy only, and since when (H07); hidden while of none."""

from PySide6.QtWidgets import QLabel

from invigilator_app.board.counts import Counts
from invigilator_app.board.instants import minute


class CopiesChip(QLabel):
    """Stands among a room's counts while its second copy is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setProperty("tone", "bad")
        self.hide()

    def show_counts(self, counts: Counts) -> None:
        since = minute(counts.one_disk_since_ms) if counts.one_disk_since_ms else "—"
        text = "✕ " + self.tr("只存一处 %1 条（自 %2）").replace("%1", str(counts.one_disk))
        self.setText(text.replace("%2", since))
        self.setVisible(counts.one_disk > 0)
