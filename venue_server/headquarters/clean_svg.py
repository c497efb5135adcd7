"""SVG pictures without what authors and their tools leave in them (O05).

Comments, processing instructions, metadata, data attributes, and the elements and attributes of
drawing programs can hold notes and answers, and are never drawn. ``title`` and ``desc`` stay:
screen readers speak them.
"""

from lxml import etree

from venue_server.headquarters.safe_xml import css_without_comments, cut, local, namespace

_SVG = "http://www.w3.org/2000/svg"
_KEPT = frozenset({"", _SVG, "http://www.w3.org/1999/xlink"})
_XML = "http://www.w3.org/XML/1998/namespace"


def clean_svg(data: bytes) -> bytes:
    """The picture, drawn the same, as UTF-8. ``data`` was judged by ``media_type.sniff``."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    for element in list(root.iter()):
        if element is not root and (
            local(element) == "metadata" or namespace(element) not in _KEPT
        ):
            cut(element)
            continue
        if local(element) == "style":
            element.text = css_without_comments(element.text or "")
        if "style" in element.attrib:
            element.set("style", css_without_comments(element.get("style", "")))
        for key in list(element.attrib):
            name = etree.QName(key)
            if (name.namespace or "") not in _KEPT | {_XML} or name.localname.startswith("data-"):
                del element.attrib[key]
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, encoding="utf-8"))
