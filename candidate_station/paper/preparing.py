"""One item's XML and its stimuli → a :class:`PreparedItem`. Pure; raises on what it cannot show."""

from collections.abc import Mapping

from lxml import etree

from candidate_station.paper.description import Interaction, PreparedItem, Stimulus
from candidate_station.paper.interactions import (
    INLINE_KINDS,
    SUPPORTED_KINDS,
    InteractionReader,
    kind_of,
)
from candidate_station.paper.sanitise import (
    Element,
    Sanitiser,
    UnsupportedContentError,
    new_element,
    to_fragment,
)
from venue_server.wire.paper_index import ItemIndex, PaperIndex


def parse_xml(raw: bytes) -> Element:
    """Parse without entities, network or DTDs. Raises UnsupportedContentError."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise UnsupportedContentError("not well-formed XML") from error


def _body(root: Element, name: str) -> Element:
    body = root.find(f"{{*}}{name}")
    if body is None:
        raise UnsupportedContentError(f"has no {name}")
    return body


class _Slots:
    """Collects interactions in document order and hands out their placeholders."""

    def __init__(self, item: ItemIndex, reader: InteractionReader) -> None:
        self._listed = {listed.response_id: listed for listed in item.interactions}
        self._reader = reader
        self._found: dict[str, Interaction] = {}

    def place(self, source: Element) -> Element:
        """The placeholder of an interaction, which is read on the way."""
        response_id, kind = source.get("response-identifier", ""), kind_of(source)
        if kind not in SUPPORTED_KINDS:
            raise UnsupportedContentError(f"{kind} interaction is not in the profile")
        listed = self._listed.get(response_id)
        if listed is None or listed.kind != kind or response_id in self._found:
            raise UnsupportedContentError(f"{response_id}: item and index disagree")
        number = len(self._found)
        self._found[response_id] = self._reader.read(source, listed)
        slot = new_element("span" if kind in INLINE_KINDS else "div")
        slot.set("data-slot", str(number))
        return slot

    def interactions(self) -> tuple[Interaction, ...]:
        """All that were found; each listed one exactly once."""
        if set(self._found) != set(self._listed):
            raise UnsupportedContentError("item and index disagree about the interactions")
        return tuple(self._found.values())


def prepare_item(
    index: PaperIndex,
    item: ItemIndex,
    sitting_id: str,
    xml: Mapping[str, bytes],
    names: frozenset[str],
) -> PreparedItem:
    """Prepare ``item`` for one sitting.

    ``xml`` maps hrefs of items and stimuli to their bytes, ``names`` holds every file of the
    paper. Raises UnsupportedContentError with a sentence that names the trouble.
    """
    reading = Sanitiser(names)  # prompts, options and stimuli: no interactions inside
    slots = _Slots(item, InteractionReader(item.item_id, sitting_id, index.shuffle_seed, reading))
    sanitiser = Sanitiser(names, slots.place)
    body = to_fragment(sanitiser.content(_body(parse_xml(xml[item.href]), "qti-item-body")))
    stimuli = tuple(
        Stimulus(
            stimulus_id,
            index.stimuli[stimulus_id].title,
            reading.fragment(
                _body(parse_xml(xml[index.stimuli[stimulus_id].href]), "qti-stimulus-body")
            ),
        )
        for stimulus_id in item.stimulus_ids
    )
    return PreparedItem(
        item_id=item.item_id,
        title=item.title,
        language=index.language,
        html=body,
        interactions=slots.interactions(),
        stimuli=stimuli,
        media=tuple(dict.fromkeys(sanitiser.media + reading.media)),
    )
