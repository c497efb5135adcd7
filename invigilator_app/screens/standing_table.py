"""Where the receipt stands, as the server tells it: what to do next, then row by row."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from invigilator_app.actions.results import StatusSection
from invigilator_app.screens.parts import Card, label
from invigilator_app.screens.tables import TextTable
from invigilator_app.screens.texts import Texts

_BAD = "bad"


class StandingTable(QWidget):
    """Sections of the server in one table, in the console's language."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.next = label()
        self.card = Card(self.tr("接下来要做"))
        self.card.box.addWidget(self.next)
        self.card.hide()
        headings = [self.tr("部分"), self.tr("项目"), self.tr("值"), self.tr("结论")]
        self.table = TextTable(headings)
        self.table.setAccessibleName(self.tr("试卷包接收状态"))
        self.table.setMinimumHeight(int(self.fontMetrics().height() * 14))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)
        box.addWidget(self.table, 1)

    def show_sections(self, sections: list[StatusSection], steps: list[str]) -> None:
        """Replace what is shown."""
        either = self._texts.either
        rows = [
            (either(section.title), either(name), either(value), verdict)
            for section in sections
            for name, value, verdict in section.rows
        ]
        self.table.show_rows(
            [[title, name, value, self._texts.verdict(v)] for title, name, value, v in rows],
            frozenset(at for at, row in enumerate(rows) if row[3] == _BAD),
        )
        self.next.setText("\n".join(f"· {either(each)}" for each in steps))
        self.card.setVisible(bool(steps))
