"""What the sealing tool has to say about a package: located, complete, with the way to mend it.

A blocking problem refuses the package; a notice tells what was left out or fixed. The rule ids are
stable; docs/sealed-paper.md lists them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """Every rule a package can break."""

    # the package as a whole
    ORDER_INVALID = "order-invalid"
    PACKAGE_UNREADABLE = "package-unreadable"
    PACKAGE_UNSAFE = "package-unsafe"
    MANIFEST_MISSING = "manifest-missing"
    XML_MALFORMED = "xml-malformed"
    DOCTYPE = "doctype"
    QTI_VERSION = "qti-version"
    NO_ITEMS = "no-items"
    TEST_UNKNOWN = "test-unknown"
    # references
    FILE_MISSING = "file-missing"
    HREF_OUTSIDE = "href-outside"
    EXTERNAL_REFERENCE = "external-reference"
    DUPLICATE_ID = "duplicate-id"
    WRONG_ROOT = "wrong-root"
    # tests
    BRANCHING = "branching"
    SELECTION = "selection"
    # items
    ADAPTIVE = "adaptive"
    TEMPLATE = "template"
    NEVER_SUPPORTED = "never-supported"
    NOT_YET = "not-yet"
    UNKNOWN_ELEMENT = "unknown-element"
    FORBIDDEN_ELEMENT = "forbidden-element"
    EVENT_HANDLER = "event-handler"
    MISPLACED = "misplaced"
    BODY_MISSING = "body-missing"
    RESPONSE_MISSING = "response-missing"
    RESPONSE_TYPE = "response-type"
    RESPONSE_SHARED = "response-shared"
    RESPONSE_DEFAULT = "response-default"
    IDENTIFIER_MISSING = "identifier-missing"
    ATTRIBUTE_INVALID = "attribute-invalid"
    CHOICES_MISSING = "choices-missing"
    SHAPE_INVALID = "shape-invalid"
    KEY_UNKNOWN_CHOICE = "key-unknown-choice"
    KEY_INVALID = "key-invalid"
    SCHEMA = "schema"
    # media
    MEDIA_MISSING = "media-missing"
    MEDIA_TYPE = "media-type"
    MEDIA_CODEC = "media-codec"
    SVG_ACTIVE = "svg-active"
    # the result
    KEYS_LEFT = "keys-left"
    FORM_MISMATCH = "form-mismatch"
    # notices
    STYLE_DROPPED = "style-dropped"
    ATTRIBUTE_DROPPED = "attribute-dropped"
    CATALOG_DROPPED = "catalog-dropped"
    SHOWN_FEEDBACK_DROPPED = "shown-feedback-dropped"
    SOURCE_DROPPED = "source-dropped"
    CONTROL_IGNORED = "control-ignored"
    FORM_FIXED = "form-fixed"
    NO_INTERACTION = "no-interaction"
    FORMS_ALIKE = "forms-alike"


NOTICES = frozenset(
    {
        Rule.STYLE_DROPPED,
        Rule.ATTRIBUTE_DROPPED,
        Rule.CATALOG_DROPPED,
        Rule.SHOWN_FEEDBACK_DROPPED,
        Rule.SOURCE_DROPPED,
        Rule.CONTROL_IGNORED,
        Rule.FORM_FIXED,
        Rule.NO_INTERACTION,
        Rule.FORMS_ALIKE,
    }
)


@dataclass(frozen=True)
class Place:
    """Where in the package: path inside it, line (0: the whole file) and the item, if any."""

    file: str = ""
    line: int = 0
    item_id: str = ""

    def at(self, line: int | None) -> "Place":
        """The same file and item at another line."""
        return Place(self.file, line or 0, self.item_id)


@dataclass(frozen=True)
class Problem:
    """One finding. ``detail`` is the thing itself: a name, a path, a value."""

    rule: Rule
    place: Place
    detail: str = ""

    @property
    def blocking(self) -> bool:
        """True when the package is refused for it."""
        return self.rule not in NOTICES


class Findings:
    """Collects problems while a package is read; nothing stops at the first one."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, rule: Rule, place: Place, detail: str = "") -> None:
        """Record one problem; the same one is kept once."""
        self._found.setdefault(Problem(rule, place, detail))

    def blocking(self) -> list[Problem]:
        """What refuses the package, in order of file and line."""
        return sorted((p for p in self._found if p.blocking), key=_by_place)

    def refused(self, file: str) -> bool:
        """True when something in this file refuses the package."""
        return any(problem.blocking and problem.place.file == file for problem in self._found)

    def notices(self) -> list[Problem]:
        """What was left out or fixed, in order of file and line."""
        return sorted((p for p in self._found if not p.blocking), key=_by_place)


def _by_place(problem: Problem) -> tuple[str, int, str, str]:
    return problem.place.file, problem.place.line, problem.rule.value, problem.detail
