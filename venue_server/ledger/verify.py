"""Verify a ledger file. Needs nothing but this file and Python's standard library.

    python verify.py ledger.jsonl [--head HASH] [--entries N]

Each line is one entry in canonical JSON (RFC 8785; entries hold no floats, so sorted keys and no
spaces are enough), ended by a line feed. ``hash`` is the SHA-256 of the canonical entry without it;
``prev`` is the hash before; ``seq`` counts from 1. Because each line must equal its own canonical
form byte for byte, any flipped byte is found and its line is named; a cut tail is found by
comparing with the printed head (room records, certificates and the store carry it).
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GENESIS = hashlib.sha256(b"kaodian ledger/1").hexdigest()


@dataclass(frozen=True)
class Verdict:
    """``ok`` or the first thing wrong, by line number."""

    ok: bool
    entries: int
    head: str
    problem: str = ""


def canonical_text(value: Any) -> str:
    """RFC 8785 for values without floats."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_hash(entry: dict[str, Any]) -> str:
    """The hash that ``entry`` must carry."""
    body = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(canonical_text(body).encode()).hexdigest()


def _problem(raw: bytes, number: int, head: str) -> tuple[str, str]:
    """(problem, hash) of line ``number``; an empty problem means the line holds."""
    try:
        text = raw.decode()
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return "not readable as JSON", ""
    if not isinstance(entry, dict) or canonical_text(entry) != text:
        return "not in canonical form", ""
    if entry.get("seq") != number:
        return f"sequence is {entry.get('seq')!r}, a row was removed, added or reordered", ""
    if entry.get("prev") != head:
        return "does not follow the entry before it", ""
    found = entry.get("hash")
    if found != entry_hash(entry):
        return "content does not match its hash", ""
    return "", str(found)


def verify_lines(lines: Iterable[bytes]) -> Verdict:
    """Verify lines (without their line feeds), in order."""
    head, number = GENESIS, 0
    for number, raw in enumerate(lines, start=1):  # the count is wanted after the loop
        problem, new_head = _problem(raw, number, head)
        if problem:
            return Verdict(False, number - 1, head, f"line {number}: {problem}")
        head = new_head
    return Verdict(True, number, head)


def verify_file(path: Path) -> Verdict:
    """Verify a whole file; an unfinished last line is a problem too."""
    data = path.read_bytes()
    if data and not data.endswith(b"\n"):
        count = data.count(b"\n")
        return Verdict(False, count, "", f"line {count + 1}: the last line is cut off")
    return verify_lines(data.split(b"\n")[:-1])


def main() -> int:
    """Command line: exit status 0 when everything holds, 1 when not."""
    parser = argparse.ArgumentParser(description="Verify a Kaodian ledger file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--head", help="the hash the last entry must have")
    parser.add_argument("--entries", type=int, help="how many entries there must be")
    options = parser.parse_args()
    verdict = verify_file(options.file)
    problem = verdict.problem
    if verdict.ok and options.head not in (None, verdict.head):
        problem = "the head is another one: the tail was cut or replaced"
    if verdict.ok and options.entries not in (None, verdict.entries):
        problem = f"there are {verdict.entries} entries, not {options.entries}"
    sys.stdout.write(f"{'BROKEN: ' + problem if problem else 'OK'}\n")
    sys.stdout.write(f"entries {verdict.entries}\nhead    {verdict.head}\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
