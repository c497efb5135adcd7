"""An item area that speaks the language of the sources, whatever the station speaks.

For the calibration: what two machines show is compared, and must not differ by their language.
"""

from candidate_station.rendering.arrangement_labels import ArrangementLabels
from candidate_station.rendering.graphic_labels import GraphicLabels
from candidate_station.rendering.item_view import ItemView


class _AsWritten:
    """Ahead of a QObject: its texts as they stand in the source."""

    def tr(self, text: str, /, disambiguation: str | None = None, n: int = -1) -> str:
        return text


class _ArrangementsAsWritten(_AsWritten, ArrangementLabels):
    pass


class _GraphicAsWritten(_AsWritten, GraphicLabels):
    pass


class UntranslatedItemView(_AsWritten, ItemView):
    """As ItemView, with untranslated labels."""

    def more_labels(self) -> tuple[ArrangementLabels | GraphicLabels, ...]:
        return _ArrangementsAsWritten(self), _GraphicAsWritten(self)
