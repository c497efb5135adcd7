"""作答说明: the instructions of the present section, always one key away (H02).

They open by themselves when the candidate comes to a section that has some, and stay as he leaves
them: closed for one section, they are closed when he comes back to it.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QPushButton, QScrollArea

from candidate_station.screens.page import button, label
from candidate_station.screens.style import Look


class Instructions(QScrollArea):
    """The panel. ``toggle`` is its button, to be placed by the page; long texts scroll."""

    HEIGHT, MARGIN = 150, 8

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("instructions")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # so that the keyboard scrolls it as well
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._look = Look()
        self._shown = ("", "")
        self._closed: set[tuple[str, str]] = set()
        self._text = label("body")
        self._text.setObjectName("instructionsText")
        self._text.setMinimumSize(1, 1)  # else the area keeps room for the narrowest wrapping
        self._text.setMargin(self._look.px(self.MARGIN))
        self.setWidget(self._text)
        self.toggle: QPushButton = button("tool")
        self.toggle.setCheckable(True)
        self.toggle.clicked.connect(self._toggled)
        self.hide()
        self.toggle.hide()

    def retranslate(self) -> None:
        self.toggle.setText(self.tr("作答说明(&D)"))
        self.setAccessibleName(self.tr("作答说明"))

    def show_section(self, title: str, text: str) -> None:
        """The candidate is in the section ``title``, which the heading above names, and which has
        the instructions ``text``."""
        if (title, text) == self._shown:
            return
        self._shown = title, text
        self._text.setText(text)
        self.toggle.setVisible(bool(text))
        self._open(bool(text) and self._shown not in self._closed)

    def show_look(self, look: Look) -> None:
        self._look = look
        self._text.setMargin(look.px(self.MARGIN))
        self._fit()

    def reset(self) -> None:
        """Another candidate sits down."""
        self._shown = ("", "")
        self._closed.clear()
        self.toggle.hide()
        self._open(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The area watches its own content: other words or letters need another height."""
        done = super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def _toggled(self, wanted: bool) -> None:
        if wanted:
            self._closed.discard(self._shown)
        else:
            self._closed.add(self._shown)
        self._open(wanted)

    def _open(self, wanted: bool) -> None:
        self.toggle.setChecked(wanted)
        self.setVisible(wanted)
        self.verticalScrollBar().setValue(0)
        self._fit()

    def _height(self) -> int:
        """As high as the text needs at this width, up to a share of the page."""
        need = self._text.heightForWidth(self.viewport().width())
        return min(need + 2 * self.frameWidth(), self._look.px(self.HEIGHT))

    def _fit(self) -> None:
        if not self.isHidden():
            self.setFixedHeight(self._height())
