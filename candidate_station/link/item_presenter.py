"""Keeps the item area showing what the state says, and answers flowing back.

The presenter alone decides when content may be on the screen: only while the candidate answers
(G12). Everywhere else the area holds no paper at all.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from candidate_station.paper import OpenPaper, PreparedItem
from candidate_station.screens.style import Look
from candidate_station.session.intents import ChangeAnswer, MarkText
from candidate_station.session.screen_state import Screen, ScreenState

FLUSH_LEAD_S = 2
_WITH_PAPER = (Screen.ANSWER, Screen.CONFIRM_SUBMIT)


class ItemArea(Protocol):
    """What is needed of ``rendering.item_view.ItemView``."""

    def set_paper(self, paper: OpenPaper | None) -> None: ...

    def show_item(self, prepared: PreparedItem, values: Mapping[str, list[str]]) -> None: ...

    def set_marks(self, item_id: str, marks: Sequence[str]) -> None: ...

    def set_zoom(self, percent: int) -> None: ...

    def set_scheme(self, name: str) -> None: ...

    def set_frozen(self, frozen: bool) -> None: ...

    def flush(self, then: Callable[[], None] | None = None) -> None: ...


class PaperSource(Protocol):
    """What is needed of the driver; reads only, safe from another thread."""

    @property
    def paper(self) -> OpenPaper | None:
        """The open paper, or None before the effective start and after the end."""

    @property
    def sitting_id(self) -> str: ...

    def values(self, item_id: str) -> Mapping[str, list[str]]:
        """The item's answer as it now stands."""

    def marks(self, item_id: str) -> Sequence[str]:
        """The marks in the item's text."""


class ItemPresenter(QObject):
    """``intent`` carries ChangeAnswer and MarkText."""

    intent = Signal(object)

    def __init__(self, area: ItemArea, source: PaperSource) -> None:
        super().__init__()
        self._area, self._source = area, source
        self._paper: OpenPaper | None = None
        self._item_id = ""
        self._frozen = False
        self._suspended = False
        self._remaining: int | None = None

    def show_state(self, state: ScreenState) -> None:
        """Follow the state: paper, item, frozen or not, and flush shortly before the end."""
        if self._suspend(state.screen is Screen.SUSPENDED):
            self._freeze(True)
            return
        self._use_paper(self._source.paper if state.screen in _WITH_PAPER else None)
        if self._paper is not None and state.item_id and state.item_id != self._item_id:
            self._show_item(self._paper, state.item_id)
        self._freeze(state.input_locked)
        if self._paper is not None and flush_due(self._remaining, state.remaining_s):
            self._area.flush()
        self._remaining = state.remaining_s if state.screen in _WITH_PAPER else None

    def show_look(self, look: Look) -> None:
        """Zoom and colours of the item follow the window's."""
        self._area.set_zoom(look.zoom)
        self._area.set_scheme(look.scheme.value)

    def answered(
        self, item_id: str, values: dict[str, list[str]], shown: dict[str, list[str]]
    ) -> None:
        """The item area tells an item's whole answer."""
        self.intent.emit(ChangeAnswer(item_id, dict(values), dict(shown)))

    def marked(self, item_id: str, marks: list[str]) -> None:
        """The item area tells all marks in an item's text."""
        self.intent.emit(MarkText(item_id, tuple(marks)))

    def leaving(self) -> None:
        """The candidate leaves the item or asks to hand in: tell what was typed first."""
        self._area.flush()

    def _suspend(self, suspended: bool) -> bool:
        """The room stands still: what was typed is told first, then the content goes (F16). True
        while it still is to go."""
        begins = suspended and not self._suspended
        self._suspended = suspended
        if begins and self._paper is not None:
            self._area.flush(self._put_away)
        return suspended and self._paper is not None

    def _put_away(self) -> None:
        if self._suspended:
            self._use_paper(None)

    def _use_paper(self, paper: OpenPaper | None) -> None:
        if paper is not self._paper:
            self._paper, self._item_id = paper, ""
            self._area.set_paper(paper)

    def _show_item(self, paper: OpenPaper, item_id: str) -> None:
        try:
            prepared = paper.item(item_id, self._source.sitting_id)
        except KeyError:  # the driver closed the paper just now; the next state says so
            return
        self._item_id = item_id
        if marks := self._source.marks(item_id):
            self._area.set_marks(item_id, marks)
        self._area.show_item(prepared, self._source.values(item_id))

    def _freeze(self, frozen: bool) -> None:
        if frozen != self._frozen:
            self._frozen = frozen
            self._area.set_frozen(frozen)


def flush_due(before_s: int | None, remaining_s: int) -> bool:
    """True when the end may come before the next two states: what is typed must be told now.

    At zero the machine locks by itself (G09); nothing told later is accepted. States come about
    once a second of real time, which in a rehearsal with compressed time is many exam seconds.
    """
    step = max(1, (before_s or 0) - remaining_s) if before_s else 1
    return 0 < remaining_s <= FLUSH_LEAD_S + 2 * step
