"""Writes the list at the end of docs/requirements.md: which tests name which number.

    python tests/architecture/list_requirement_tests.py

A test's name begins with what it shows: ``test_g03_…`` requirement G03, ``test_r9_…`` row R9 of
reliability.md, ``test_p2_…`` row P2 of performance.md, ``test_f7_…`` physical fault F7 of the venue
day (one digit, or beyond F15). Requirements F01 to F15 have two digits; where an older test of the
station names a fault with two, the folder says so.
The tables of whole groups (tests/unit/requirements) name a number in each of their lines.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "requirements.md"
MARK = "<!-- tests: generated -->\n"
NUMBERS = re.compile(r"test_((?:[a-z]\d{1,2}_)+)")
TABLE_LINES = re.compile(r'^ +Row\(\s*"([A-Z]\d\d)"', re.MULTILINE)
FAULTS_WITH_TWO_DIGITS = {
    "tests/unit/station/": {"F01", "F02", "F06"},
    "tests/faults/test_station_": {"F01"},
    "tests/faults/server/test_f12_": {"F12"},
    "tests/faults/server/test_f13_": {"F13"},
    "tests/faults/server/test_f14_": {"F14"},
    "tests/unit/test_incident_rules.py": {"F14"},
}
KINDS = {
    "requirement": "Requirements",
    "fault": "Physical faults (F1–F26 of the venue day)",
    "reliability": "Reliability (R1–R12)",
    "performance": "Performance (P1–P12)",
}


def kind_and_number(token: str, path: str) -> tuple[str, str]:
    """``g03`` in a file to ("requirement", "G03"), ``r09`` to ("reliability", "R9")."""
    letter, number = token[0].upper(), int(token[1:])
    if letter == "R":
        return "reliability", f"R{number}"
    if letter == "P":
        return "performance", f"P{number}"
    name = f"{letter}{token[1:]}"
    if letter == "F":
        told = (found for place, found in FAULTS_WITH_TWO_DIGITS.items() if path.startswith(place))
        if len(token) == 2 or number > 15 or any(name in found for found in told):
            return "fault", f"F{number}"
    return "requirement", name


def numbered_tests() -> Iterator[tuple[str, str, str, str]]:
    """(kind, number, path, test) of every test that names a number."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        path = file.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            match = NUMBERS.match(node.name)
            for token in match.group(1).rstrip("_").split("_") if match else ():
                yield *kind_and_number(token, path), path, node.name
        for number in sorted(set(TABLE_LINES.findall(file.read_text(encoding="utf-8")))):
            yield "requirement", number, path, file.stem


def listing() -> str:
    """The generated part of the document."""
    found: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for kind, number, path, test in numbered_tests():
        found[kind][number][path].append(test)
    parts = ["\n# Tests by number\n"]
    for kind, title in KINDS.items():
        parts.append(f"\n## {title}\n")
        for number in sorted(found[kind], key=lambda each: (each[0], int(each[1:]))):
            parts.append(f"\n**{number}**\n\n")
            for path, tests in sorted(found[kind][number].items()):
                parts.append(f"- `{path}`: {', '.join(f'`{each}`' for each in tests)}\n")
    return "".join(parts)


def with_listing(document: str) -> str:
    """``document`` with its generated part written anew."""
    before, mark, _old = document.partition(MARK)
    assert mark, f"{DOCUMENT.name} has no mark"
    return before + mark + listing()


if __name__ == "__main__":
    DOCUMENT.write_text(with_listing(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
