"""MathML in bodies: presentation only, brought to what Chromium draws (MathML Core)."""

from lxml import etree

from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.headquarters.safe_xml import MATHML, Element, cut, local, namespace
from venue_server.headquarters.vocabulary import MATHML_DROPPED, MATHML_ELEMENTS

_REFUSED_ATTRIBUTES = frozenset({"href", "src", "actiontype", "altimg"})


def read_math(root: Element, place: Place, findings: Findings) -> None:
    """Check a ``math`` element and rewrite what MathML Core lacks, in place."""
    for element in list(root.iter()):
        name, at = local(element), place.at(element.sourceline)
        if name in MATHML_DROPPED and namespace(element) == MATHML:
            cut(element)
        elif _inside_dropped(element, root):
            continue
        elif namespace(element) != MATHML or name not in MATHML_ELEMENTS:
            findings.add(Rule.UNKNOWN_ELEMENT, at, f"MathML {name or 'entity'}")
        else:
            _attributes(element, at, findings)
    for semantics in list(root.iter(f"{{{MATHML}}}semantics")):
        semantics.tag = f"{{{MATHML}}}mrow"
    for fenced in list(root.iter(f"{{{MATHML}}}mfenced")):
        _unfence(fenced)


def _inside_dropped(element: Element, root: Element) -> bool:
    """True for what hangs below an annotation that was cut out."""
    node: Element | None = element
    while node is not None and node is not root:
        node = node.getparent()
    return node is None


def _attributes(element: Element, place: Place, findings: Findings) -> None:
    for key in list(element.attrib):
        name = str(etree.QName(key).localname)
        if name.lower().startswith("on"):
            findings.add(Rule.EVENT_HANDLER, place, name)
        elif name in _REFUSED_ATTRIBUTES:
            findings.add(Rule.EXTERNAL_REFERENCE, place, f"MathML {name}")
        elif name == "style" or name.startswith("data-"):
            findings.add(Rule.ATTRIBUTE_DROPPED, place, f"{local(element)}/@{name}")
            del element.attrib[key]
        elif etree.QName(key).namespace:
            del element.attrib[key]


def _unfence(fenced: Element) -> None:
    """``mfenced`` as the ``mrow`` it stands for (MathML 3, §3.3.8.2)."""
    opening, closing = fenced.get("open", "("), fenced.get("close", ")")
    separators = "".join(fenced.get("separators", ",").split())
    inner = list(fenced)
    for key in ("open", "close", "separators"):
        fenced.attrib.pop(key, None)
    fenced.tag = f"{{{MATHML}}}mrow"
    fenced.text = None
    for child in inner:
        fenced.remove(child)
    _operator(fenced, opening, "prefix")
    body = etree.SubElement(fenced, f"{{{MATHML}}}mrow")
    for index, child in enumerate(inner):
        child.tail = None
        if index and separators:
            _operator(body, separators[min(index - 1, len(separators) - 1)], "infix")
        body.append(child)
    _operator(fenced, closing, "postfix")


def _operator(parent: Element, text: str, form: str) -> None:
    if text:
        operator = etree.SubElement(parent, f"{{{MATHML}}}mo", {"form": form})
        operator.set("separator" if form == "infix" else "fence", "true")
        operator.text = text
