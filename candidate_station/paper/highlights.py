"""Marks in an item's text (强调显示, H05): ``start-end`` in the renderer's places. Pure.

They are no answer: a chain entry of their own kind, ``highlight``, holds all marks of one item.
"""

import re
from collections.abc import Sequence

MAX_MARKS = 200
MAX_PLACE = 10_000_000
_MARK = re.compile(r"(0|[1-9][0-9]{0,7})-([1-9][0-9]{0,7})")


def spans(marks: object) -> list[tuple[int, int]] | None:
    """The marks as pairs, or None for anything but a list of marks in order that do not meet."""
    if not isinstance(marks, Sequence) or isinstance(marks, str) or len(marks) > MAX_MARKS:
        return None
    found: list[tuple[int, int]] = []
    for mark in marks:
        match = _MARK.fullmatch(mark) if isinstance(mark, str) else None
        if match is None:
            return None
        start, end = int(match[1]), int(match[2])
        if not (start < end <= MAX_PLACE) or (found and start <= found[-1][1]):
            return None
        found.append((start, end))
    return found


def marks_of(pairs: object) -> list[str] | None:
    """Marks from the page's pairs; None when they are none."""
    if not isinstance(pairs, list) or len(pairs) > MAX_MARKS:
        return None
    texts = []
    for pair in pairs:
        match pair:
            case [int(start), int(end)]:
                texts.append(f"{start}-{end}")
            case _:
                return None
    return texts if spans(texts) is not None else None
