"""Opens a sealed paper in memory and prepares its items for drawing. No Qt, safe in threads."""

from candidate_station.paper.answers import accept_values, is_answered
from candidate_station.paper.description import (
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Interaction,
    Option,
    PreparedItem,
    Stimulus,
    TextEntryInteraction,
)
from candidate_station.paper.graphic import (
    GapPiece,
    GraphicGapMatchInteraction,
    Hotspot,
    HotspotInteraction,
    MediaInteraction,
    Picture,
    SelectPointInteraction,
)
from candidate_station.paper.opening import (
    OpenPaper,
    PaperUnreadableError,
    open_paper,
    open_plain_paper,
)

__all__ = [
    "ChoiceInteraction",
    "ExtendedTextInteraction",
    "GapPiece",
    "GraphicGapMatchInteraction",
    "Hotspot",
    "HotspotInteraction",
    "InlineChoiceInteraction",
    "Interaction",
    "MediaInteraction",
    "OpenPaper",
    "Option",
    "PaperUnreadableError",
    "Picture",
    "PreparedItem",
    "SelectPointInteraction",
    "Stimulus",
    "TextEntryInteraction",
    "accept_values",
    "is_answered",
    "open_paper",
    "open_plain_paper",
]
