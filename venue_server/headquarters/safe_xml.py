"""XML read safely: no entities, no network, no DTD, no comments; lines kept for the error list."""

import re
from typing import TypeAlias

from lxml import etree

from venue_server.headquarters.package_source import PackageSource
from venue_server.headquarters.problems import Findings, Place, Rule

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATHML = "http://www.w3.org/1998/Math/MathML"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_OLD_ROOTS = ("assessmentItem", "assessmentTest", "assessmentStimulus", "questestinterop")

Element: TypeAlias = etree._Element


def parse(source: PackageSource, name: str, place: Place, findings: Findings) -> Element | None:
    """The root element of one file of the package, or None with a problem."""
    data = source.read_xml_bytes(name, place, findings)
    if data is None:
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else 0
        findings.add(Rule.XML_MALFORMED, place.at(line), str(error))
        return None
    if root.getroottree().docinfo.doctype:
        findings.add(Rule.DOCTYPE, place.at(1))
        return None
    return root


def local(element: Element) -> str:
    """The element's name without its namespace; empty for what is not an element."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    """The element's namespace, possibly empty."""
    return str(etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def is_old_qti(root: Element) -> bool:
    """True for the root of a QTI 1 or 2 document."""
    old = ("/imsqti_v1", "/imsqti_v2", "/ims_qtiasiv1")
    return any(part in namespace(root) for part in old) or local(root) in _OLD_ROOTS


def children(element: Element, *names: str) -> list[Element]:
    """The child elements of these local names, in order."""
    return [child for child in element if local(child) in names]


def cut(element: Element) -> None:
    """Remove the element and keep the text that follows it."""
    parent = element.getparent()
    assert parent is not None
    tail = element.tail or ""
    previous = element.getprevious()
    if tail and previous is not None:
        previous.tail = (previous.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def loose_text(element: Element) -> str:
    """The text that stands directly in the element, between and around its children."""
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join("".join(pieces).split())


def plain_text(element: Element) -> str:
    """All text inside, blanks folded, blocks on lines of their own."""
    blocks = {"p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr"}
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if local(node) in blocks:
            pieces.append("\n")
        if event == "start":
            pieces.append(_folded(node.text))
        elif node is not element:
            pieces.append(_folded(node.tail))
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _folded(text: str | None) -> str:
    """Blanks and line ends folded to one blank, at the ends too."""
    if not text:
        return ""
    folded = " ".join(text.split())
    head = " " if text[0].isspace() else ""
    return head + folded + (" " if folded and text[-1].isspace() else "")


def css_without_comments(css: str) -> str:
    """Style text without ``/* … */``: authors leave notes there too. An open comment runs to the
    end, as in CSS."""
    return re.sub(r"/\*.*?(\*/|\Z)", " ", css, flags=re.DOTALL)


def to_bytes(root: Element) -> bytes:
    """The bytes of a document that goes into the paper."""
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
