"""The one test for answer keys and scoring in QTI XML (O05).

Sealing uses it to prove that stripping worked, stations use it on what they open. It knows QTI 3
names (``qti-correct-response``) and QTI 2 names (``correctResponse``) alike. Comments and
processing instructions count too: authors leave answers in them.
"""

# Compared without "qti-", hyphens and case.
KEY_ELEMENTS = frozenset(
    {
        "correctresponse",
        "value",
        "defaultvalue",
        "mapping",
        "mapentry",
        "areamapping",
        "areamapentry",
        "outcomedeclaration",
        "matchtable",
        "interpolationtable",
        "responseprocessing",
        "responseprocessingfragment",
        "outcomeprocessing",
        "setoutcomevalue",
        "setcorrectresponse",
        "setdefaultvalue",
        "contextdeclaration",
        "feedbackinline",
        "feedbackblock",
        "modalfeedback",
        "testfeedback",
        "cataloginfo",
        "weight",
    }
)
# Never in a sealed paper either, but sealing refuses a package for them: cutting them out would
# change the question.
TEMPLATE_ELEMENTS = frozenset(
    {
        "templatedeclaration",
        "templateprocessing",
        "templateblock",
        "templateinline",
        "templatedefault",
        "templateblockfeedback",
        "printedvariable",
    }
)
_KEY_ATTRIBUTE_WORDS = ("correct", "mappedvalue", "mapkey", "answerkey")


def plain_name(local_name: str) -> str:
    """``qti-correct-response`` and ``correctResponse`` to ``correctresponse``."""
    return local_name.removeprefix("qti-").replace("-", "").lower()


def is_scorer_rubric(name: str, view: str | None) -> bool:
    """True for a rubric block that is not for the candidate. ``name`` is a plain name."""
    return name == "rubricblock" and "candidate" not in (view or "").split()


def holds_keys(xml_bytes: bytes) -> list[str]:
    """What is left of keys, scoring, feedback, templates or comments, each with its line.

    An empty list means clean. XML that cannot be parsed safely is itself a finding.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml_bytes, parser)
    except (etree.XMLSyntaxError, ValueError):
        return ["unreadable XML"]
    if root.getroottree().docinfo.doctype:
        return ["document type declaration"]
    found: list[str] = []
    if root.getprevious() is not None or root.getnext() is not None:
        found.append("comment or processing instruction outside the root element")
    for element in root.iter():
        line = element.sourceline or 0
        if not isinstance(element.tag, str):
            found.append(f"comment, entity or processing instruction (line {line})")
            continue
        local = str(etree.QName(element).localname)
        name = plain_name(local)
        view = element.get("view")
        if name in KEY_ELEMENTS or name in TEMPLATE_ELEMENTS or is_scorer_rubric(name, view):
            found.append(f"{local} (line {line})")
        for key in element.attrib:
            attribute = str(etree.QName(key).localname)
            plain = attribute.replace("-", "").lower()
            if any(word in plain for word in _KEY_ATTRIBUTE_WORDS):
                found.append(f"{local}/@{attribute} (line {line})")
    return found
