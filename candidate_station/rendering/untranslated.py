"""An item area that speaks the language of the sources, whatever the station speaks.

For the calibration: what two machines show is compared, and must not differ by their language.
"""

from candidate_station.rendering.graphic_labels import GraphicLabels
from candidate_station.rendering.item_view import ItemView


class _SourceLabels(GraphicLabels):
    def tr(self, text: str, /, disambiguation: str | None = None, n: int = -1) -> str:
        return text


class UntranslatedItemView(ItemView):
    """As ItemView, with untranslated labels."""

    def tr(self, text: str, /, disambiguation: str | None = None, n: int = -1) -> str:
        return text

    def graphic_labels(self) -> dict[str, str]:
        return _SourceLabels().texts()
