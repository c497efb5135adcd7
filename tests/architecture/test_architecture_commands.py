"""Documents name only commands that the programs understand."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from candidate_station.startup import parse_options
from invigilator_app import app as console
from venue_server.__main__ import FAMILIES, parser

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])
SERVER = parser()
LAUNCHER = {"rehearse", "test", "venue-server", "candidate-station", "invigilator-app"}


def _shell_lines(text: str) -> Iterator[str]:
    """Lines of ```sh blocks, with continued lines joined."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield from (line.strip() for line in block.replace("\\\n", " ").splitlines())


def _examples() -> list[tuple[str, list[str]]]:
    found = []
    for path in DOCUMENTS:
        for line in _shell_lines(path.read_text(encoding="utf-8")):
            words = shlex.split(line.partition("<")[0], comments=True)
            if words and words[0] in {"./kaodian", "venue-server", "candidate-station"}:
                found.append((path.name, words))
    return found


def _understands(words: list[str]) -> None:
    """Parses the words with the program's own parser; SystemExit when it refuses them."""
    program, rest = words[0], words[1:]
    if program == "./kaodian":
        assert rest, "the launcher wants a task"
        assert rest[0] in LAUNCHER, f"the launcher knows no {rest[0]}"
        program = rest[0]
        rest = rest if program == "rehearse" else rest[1:]
    match program:
        case "rehearse" | "venue-server":
            SERVER.parse_args(rest)
        case "candidate-station":
            parse_options(rest)
        case "invigilator-app":
            console._parse(rest)


@pytest.mark.parametrize(
    ("document", "words"), _examples(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_example_is_understood(document: str, words: list[str]) -> None:
    try:
        _understands(words)
    except SystemExit as ended:
        pytest.fail(f"{document}: {' '.join(words)}: {ended}")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_the_commands_it_is_read_in_for(family: str) -> None:
    (group,) = (
        action.choices
        for action in parser([family])._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    assert tuple(group) == FAMILIES[family]


def test_the_readmes_show_the_two_commands_first() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert list(_shell_lines(text))[:2] == ["./kaodian rehearse", "./kaodian test"], name


def test_commands_named_in_sentences_exist() -> None:
    """`venue-server paper seal …` and the like, outside of blocks."""
    for path in DOCUMENTS:
        for words in re.findall(r"`venue-server ((?:[a-z-]+ ?)+)", path.read_text("utf-8")):
            where: argparse.ArgumentParser | None = SERVER
            for word in words.split():
                where = _branch(where, word, path)
                if where is None:
                    break


def _branch(
    where: argparse.ArgumentParser | None, word: str, path: Path
) -> argparse.ArgumentParser | None:
    """The parser below ``word``; None when ``where`` has no commands of its own."""
    groups = [
        action.choices
        for action in (where._actions if where else [])
        if isinstance(action, argparse._SubParsersAction)
    ]
    if not groups:
        return None
    assert word in groups[0], f"{path.name}: venue-server … {word}"
    found: argparse.ArgumentParser = groups[0][word]
    return found
