"""imsmanifest.xml: which resources a package holds."""

from dataclasses import dataclass, field

from venue_server.headquarters.package_source import MANIFEST, PackageSource, resolve
from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.headquarters.safe_xml import Element, children, local, parse

_QTI3 = ("imsqti_item_xmlv3p", "imsqti_test_xmlv3p", "imsqti_stimulus_xmlv3p")
_OLD = ("imsqti_item_xmlv2", "imsqti_test_xmlv2", "imsqti_item_xmlv1", "imsqti_xmlv1")


@dataclass(frozen=True)
class Resource:
    """One resource of the manifest: identifier, path inside the package, line."""

    identifier: str
    path: str
    line: int


@dataclass
class Contents:
    """The resources a paper is made of, in manifest order."""

    title: str = ""
    items: list[Resource] = field(default_factory=list)
    tests: list[Resource] = field(default_factory=list)


def read_contents(source: PackageSource, findings: Findings) -> Contents:
    """Read the manifest; what is wrong with it goes to ``findings``."""
    contents = Contents()
    place = Place(MANIFEST)
    root = parse(source, MANIFEST, place, findings)
    if root is None:
        return contents
    if local(root) != "manifest":
        findings.add(Rule.WRONG_ROOT, place.at(root.sourceline), local(root))
        return contents
    contents.title = _title(root)
    seen: set[str] = set()
    for resource in root.iter():
        if local(resource) == "resource":
            _add(resource, seen, contents, source, findings)
    if not contents.items and not contents.tests and not findings.blocking():
        findings.add(Rule.NO_ITEMS, place)
    return contents


def _add(
    resource: Element,
    seen: set[str],
    contents: Contents,
    source: PackageSource,
    findings: Findings,
) -> None:
    place = Place(MANIFEST, resource.sourceline or 0)
    identifier, kind = resource.get("identifier", ""), resource.get("type", "")
    if identifier in seen:
        findings.add(Rule.DUPLICATE_ID, place, identifier)
    seen.add(identifier)
    if kind.startswith(_OLD):
        findings.add(Rule.QTI_VERSION, place, kind)
        return
    if not kind.startswith(_QTI3):
        return
    href = _href(resource)
    path = resolve(source, MANIFEST, href)
    if isinstance(path, Rule):
        findings.add(path, place, href)
        return
    found = Resource(identifier, path, place.line)
    if kind.startswith("imsqti_item"):
        contents.items.append(found)
    elif kind.startswith("imsqti_test"):
        contents.tests.append(found)


def _href(resource: Element) -> str:
    """The entry point: ``href``, else the first file listed."""
    href = resource.get("href")
    files = children(resource, "file")
    return href if href is not None else (files[0].get("href", "") if files else "")


def _title(root: Element) -> str:
    """The general title in the package's own metadata, possibly empty."""
    for metadata in children(root, "metadata"):
        for general in metadata.iter("{*}general"):
            for title in children(general, "title"):
                return " ".join("".join(map(str, title.itertext())).split())
    return ""
