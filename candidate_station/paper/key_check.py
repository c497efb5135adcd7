"""Does a file still hold answers or scoring? Such a paper must not be shown (O05)."""

from lxml import etree

from candidate_station.paper.preparing import parse_xml

FORBIDDEN = frozenset(
    {
        "qti-correct-response",
        "qti-mapping",
        "qti-area-mapping",
        "qti-outcome-declaration",
        "qti-response-processing",
        "qti-template-declaration",
        "qti-template-processing",
        "qti-feedback-inline",
        "qti-feedback-block",
        "qti-modal-feedback",
    }
)


def holds_keys(raw: bytes) -> list[str]:
    """Names of the elements in ``raw`` that give answers or scoring away."""
    found = []
    for element in parse_xml(raw).iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        scorers = name == "qti-rubric-block" and "scorer" in element.get("view", "").split()
        if name in FORBIDDEN or scorers:
            found.append(name)
    return found
