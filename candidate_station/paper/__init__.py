"""Opens a sealed paper in memory and prepares its items for drawing. No Qt, safe in threads."""

from candidate_station.paper.answers import accept_values, is_answered
from candidate_station.paper.arrangements import (
    Arrangement,
    Associable,
    AssociateInteraction,
    GapMatchInteraction,
    HottextInteraction,
    MatchInteraction,
    OrderInteraction,
    SliderInteraction,
)
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
    "Arrangement",
    "Associable",
    "AssociateInteraction",
    "ChoiceInteraction",
    "ExtendedTextInteraction",
    "GapMatchInteraction",
    "GapPiece",
    "GraphicGapMatchInteraction",
    "Hotspot",
    "HotspotInteraction",
    "HottextInteraction",
    "InlineChoiceInteraction",
    "Interaction",
    "MatchInteraction",
    "MediaInteraction",
    "OpenPaper",
    "Option",
    "OrderInteraction",
    "PaperUnreadableError",
    "Picture",
    "PreparedItem",
    "SelectPointInteraction",
    "SliderInteraction",
    "Stimulus",
    "TextEntryInteraction",
    "accept_values",
    "is_answered",
    "open_paper",
    "open_plain_paper",
]
