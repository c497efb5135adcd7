"""Interactions over options in text: choice, inline choice, order, hottext, match, associate and
gap match. Each reader checks structure, limits and key and leaves QTI 3 names as they are."""

from venue_server.headquarters.interaction_reading import Reading
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.safe_xml import QTI, Element, children, local, namespace

_GAP_CHOICES = ("qti-gap-text", "qti-gap-img")


def read_choice(reading: Reading) -> None:
    """``qti-choice-interaction``."""
    options = _simple_choices(reading)
    reading.word("orientation", "horizontal", "vertical")
    reading.at_least(options, 2)
    reading.identifier_keys(reading.identifiers(options))
    reading.limits("min-choices", "max-choices", 1, len(options))


def read_order(reading: Reading) -> None:
    """``qti-order-interaction``: all options are put in order, or ``max-choices`` of them."""
    options = _simple_choices(reading)
    reading.word("orientation", "horizontal", "vertical")
    reading.at_least(options, 2)
    reading.identifier_keys(reading.identifiers(options))
    most = reading.limits("min-choices", "max-choices", 0, len(options))
    if most > len(options):
        reading.add(Rule.ATTRIBUTE_INVALID, f"max-choices={most} > {len(options)}")


def _simple_choices(reading: Reading) -> list[Element]:
    reading.flag("shuffle")
    options = reading.parts("qti-simple-choice")
    for option in options:
        reading.body.attributes(option)
        reading.flag("fixed", option)
        reading.body.read_children(option)
    return options


def read_inline_choice(reading: Reading) -> None:
    """``qti-inline-choice-interaction``: options of plain text."""
    reading.flag("shuffle")
    reading.count("min-choices", 0)
    options = reading.parts("qti-inline-choice")
    for option in options:
        reading.body.attributes(option)
        reading.flag("fixed", option)
        for child in option:
            reading.add(Rule.NOT_YET, f"qti-inline-choice/{local(child)}", child)
    reading.at_least(options, 2)
    reading.identifier_keys(reading.identifiers(options))


def read_hottext(reading: Reading) -> None:
    """``qti-hottext-interaction``: marked words in a text."""
    hottexts: list[Element] = []

    def hottext(element: Element) -> None:
        hottexts.append(element)
        reading.body.attributes(element)
        with reading.body.marks({}):
            reading.body.read_children(element)

    with reading.body.marks({"qti-hottext": hottext}):
        _prompt_and_content(reading, ())
    reading.at_least(hottexts, 1)
    reading.identifier_keys(reading.identifiers(hottexts))
    reading.limits("min-choices", "max-choices", 1, len(hottexts))


def read_match(reading: Reading) -> None:
    """``qti-match-interaction``: two sets; a table when its class says so."""
    reading.flag("shuffle")
    sets = reading.parts("qti-simple-match-set")
    if len(sets) != 2:
        reading.add(Rule.CHOICES_MISSING, f"qti-simple-match-set {len(sets)}/2")
    columns = [_associable(reading, part) for part in sets]
    options = [option for column in columns for option in column]
    known = reading.identifiers(options)
    for option in options:
        reading.match_limits(option, known)
    reading.limits("min-associations", "max-associations", 1, 0)
    if len(columns) == 2:
        first, second = ({o.get("identifier", "") for o in column} for column in columns)
        reading.pair_keys(first, second)


def _associable(reading: Reading, match_set: Element) -> list[Element]:
    reading.body.attributes(match_set)
    reading.no_text(match_set)
    for child in list(match_set):
        if local(child) != "qti-simple-associable-choice":
            reading.add(Rule.MISPLACED, local(child) or "entity", child)
    options = children(match_set, "qti-simple-associable-choice")
    if not options:
        reading.add(Rule.CHOICES_MISSING, "0/1", match_set)
    _read_associable(reading, options)
    return options


def _read_associable(reading: Reading, options: list[Element]) -> None:
    for option in options:
        reading.body.attributes(option)
        reading.flag("fixed", option)
        reading.body.read_children(option)


def read_associate(reading: Reading) -> None:
    """``qti-associate-interaction``: pairs out of one set."""
    reading.flag("shuffle")
    options = reading.parts("qti-simple-associable-choice")
    _read_associable(reading, options)
    reading.at_least(options, 2)
    known = reading.identifiers(options)
    for option in options:
        reading.match_limits(option, known)
    reading.limits("min-associations", "max-associations", 1, 0)
    reading.pair_keys(known, known)


def read_gap_match(reading: Reading) -> None:
    """``qti-gap-match-interaction``: texts or pictures for the gaps of a text."""
    reading.flag("shuffle")
    gaps: list[Element] = []

    def gap(element: Element) -> None:
        gaps.append(element)
        reading.empty(element)
        reading.flag("required", element)

    with reading.body.marks({"qti-gap": gap}):
        _prompt_and_content(reading, _GAP_CHOICES)
    options = gap_choices(reading)
    reading.at_least(gaps, 1)
    known = reading.identifiers(options + gaps)
    for option in options:
        reading.match_limits(option, known)
    for element in gaps:
        reading.match_group(element, known)
    reading.limits("min-associations", "max-associations", 1, 0)
    reading.pair_keys(_names(options), _names(gaps))


def gap_choices(reading: Reading) -> list[Element]:
    """The texts and pictures that go into gaps: read, at least one."""
    options = children(reading.element, *_GAP_CHOICES)
    for option in options:
        if local(option) == "qti-gap-text":
            reading.body.attributes(option)
            with reading.body.marks({}):
                reading.body.read_children(option)
        else:
            reading.body.gap_picture(option)
    reading.at_least(options, 1)
    return options


def _names(elements: list[Element]) -> set[str]:
    return {element.get("identifier", "") for element in elements}


def _prompt_and_content(reading: Reading, leave: tuple[str, ...]) -> None:
    """Read the prompt without marks, the text with them; ``leave`` those that are read apart and
    must stand before the text."""
    began = bool((reading.element.text or "").strip())
    for child in list(reading.element):
        name = local(child)
        if namespace(child) == QTI and name == "qti-prompt":
            if began or child.getprevious() is not None:
                reading.add(Rule.MISPLACED, name, child)
            reading.body.attributes(child)
            with reading.body.marks({}):
                reading.body.read_children(child)
        elif namespace(child) == QTI and name in leave:
            if began:
                reading.add(Rule.MISPLACED, name, child)
        else:
            began = True
            reading.body.read(child)
        began = began or bool((child.tail or "").strip())
