"""``ledger verify``: the chain of a data folder, or of a file alone."""

import argparse
import sys
import time
from pathlib import Path

from venue_server.ledger.book import compare
from venue_server.ledger.verify import Verdict, verify_file
from venue_server.settings import load_settings
from venue_server.storage.engine import Store, open_engine

LOOKS, LOOK_S = 5, 0.3


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``ledger verify``."""
    family = commands.add_parser("ledger", help="the venue's ledger").add_subparsers(required=True)
    verify = family.add_parser("verify", help="find any flipped byte")
    where = verify.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, help="store and both files of a venue")
    where.add_argument("--file", type=Path, help="one ledger file alone")
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    if options.file is not None:
        verdict = verify_file(options.file)
    else:
        second = load_settings(options.data).second_folder
        files = [options.data / "ledger.jsonl", options.data / second / "ledger.jsonl"]
        store = Store(open_engine(options.data / "venue.sqlite"))
        try:
            verdict = _compare(store, files)
        finally:
            store.close()
    state = "完好 / OK" if verdict.ok else f"损坏 / BROKEN: {verdict.problem}"
    sys.stdout.write(f"{state}\nentries {verdict.entries}\nhead    {verdict.head}\n")
    return 0 if verdict.ok else 1


def _compare(store: Store, files: list[Path]) -> Verdict:
    """A server may be writing: what it commits is in the files a moment later. Only what is still
    so after several looks is a finding."""
    for _ in range(LOOKS - 1):
        verdict = compare(store, files)
        if verdict.ok:
            return verdict
        time.sleep(LOOK_S)
    return compare(store, files)
