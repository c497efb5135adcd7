"""One candidate's answers as QTI 3.0 Results Reporting (1EdTech, imsqti_resultv3p0_v1p0.xsd).

No scores: the venue holds no keys. A value that XML cannot carry (control characters) shows as
U+FFFD here; the journal in the same bundle keeps it exactly.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree

from venue_server.upload.extract import (
    UNDECLARED,
    SessionExtract,
    SittingExtract,
    last_answers,
    stated_by_station,
)
from venue_server.wire.chain import ResponseEntry

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_result_v3p0"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
_NOT_NAME = re.compile(r"[^A-Za-z0-9.-]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def assessment_result(
    session: SessionExtract, sitting: SittingExtract, entries: Sequence[ResponseEntry]
) -> bytes:
    """The ``assessmentResult`` document of one sitting, UTF-8."""
    root = etree.Element(f"{{{NAMESPACE}}}assessmentResult", nsmap={None: NAMESPACE})
    _context(root, session, sitting)
    if entries:
        _test_result(root, session, sitting, entries)
        final = sitting.submitted_at_ms is not None
        _item_results(root, session, entries, "final" if final else "pendingSubmission")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def nc_name(prefix: str, text: str) -> str:
    """``prefix_text`` as an NCName: never begins with a digit, other characters as ``_HEX_``."""
    escaped = _NOT_NAME.sub(lambda found: f"_{ord(found.group()):X}_", text)
    return f"{prefix}_{escaped}"


def _identifier(prefix: str, text: str) -> str:
    """A QTI identifier as it is, where it is an NCName already."""
    return text if _NAME.fullmatch(text) else nc_name(prefix, text)


def _datestamp(at_ms: int) -> str:
    instant = datetime.fromtimestamp(at_ms / 1000, UTC)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _context(root: etree._Element, session: SessionExtract, sitting: SittingExtract) -> None:
    context = _child(root, "context", sourcedId=nc_name("c", sitting.ticket_no))
    named = {
        "venue": nc_name("venue", session.venue_id),
        "session": nc_name("session", session.session_id),
        "sitting": nc_name("sitting", sitting.sitting_id),
    }
    for kind, identifier in named.items():
        source = f"urn:kaodian:{quote(session.venue_id, safe='')}:{kind}"
        _child(context, "sessionIdentifier", sourceID=source, identifier=identifier)


def _test_result(
    root: etree._Element,
    session: SessionExtract,
    sitting: SittingExtract,
    entries: Sequence[ResponseEntry],
) -> None:
    end_ms = entries[-1].at_ms if sitting.submitted_at_ms is None else sitting.submitted_at_ms
    result = _child(
        root,
        "testResult",
        identifier=nc_name("paper", f"{sitting.paper_id or session.paper_id}.{sitting.form_id}"),
        datestamp=_datestamp(end_ms),
    )
    if sitting.opened_at_ms is not None:
        seconds = max(0, end_ms - sitting.opened_at_ms) / 1000
        _response(result, "duration", "single", "duration", [f"{seconds:.3f}"])


def _item_results(
    root: etree._Element, session: SessionExtract, entries: Sequence[ResponseEntry], status: str
) -> None:
    last = last_answers(entries)
    declarations = stated_by_station(entries) | dict(session.declarations)
    # In the order of the first touch; the value is when the item was touched last.
    touched = {entry.item_id: entry.at_ms for entry in entries if entry.item_id}
    for index, (item_id, seen_ms) in enumerate(touched.items(), start=1):
        answer = last.get(item_id)
        result = _child(
            root,
            "itemResult",
            identifier=_identifier("item", item_id),
            sequenceIndex=str(index),
            datestamp=_datestamp(answer.at_ms if answer else seen_ms),
            sessionStatus=status if answer else "initial",
        )
        for response_id, values in (answer.values if answer else {}).items():
            declared = declarations.get((item_id, response_id), UNDECLARED)
            name = _identifier("response", response_id)
            _response(result, name, declared.cardinality, declared.base_type, values)


def _response(
    parent: etree._Element, name: str, cardinality: str, base_type: str, values: Sequence[str]
) -> None:
    variable = _child(parent, "responseVariable", identifier=name, cardinality=cardinality)
    if base_type:
        variable.set("baseType", base_type)
    response = _child(variable, "candidateResponse")
    for value in values:
        _child(response, "value").text = _NOT_XML.sub("\ufffd", value)
