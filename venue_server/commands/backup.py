"""``backup``: which media hold which verified copies, their labels; an old copy proved again."""

import argparse
import sys
from pathlib import Path

from venue_server.backup.archive import BackupFault, check_archive
from venue_server.commands.orders import add_order
from venue_server.wire.backup_orders import GetBackups

EXIT_FAULT = 1


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this family to the command line."""
    family = commands.add_parser("backup", help="backup media and their verified copies")
    backup = family.add_subparsers(required=True)
    show = add_order(
        backup,
        "show",
        "every medium, every verified copy with its serial, digest and read-back time, the labels",
        build=lambda options, _second: GetBackups(0, options.session),
    )
    show.add_argument("--session", default="", help="only this session")
    check = backup.add_parser("check", help="prove one archive again, from the file and its digest")
    check.add_argument("file", type=Path)
    check.add_argument("sha256", help="as the label or the certificate says it, in full")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    try:
        names = check_archive(options.file, options.sha256.lower())
    except BackupFault as fault:
        sys.stderr.write(f"不符 / does not match: {fault}\n")
        return EXIT_FAULT
    sys.stdout.write(f"相符 / matches: {len(names)}\n")
    return 0
