"""The venue server's command line: ``venue-server`` and ``python -m venue_server``."""

import argparse
import gc
import logging
import sys
from collections.abc import Callable, Iterable
from importlib import import_module

FAMILIES = {
    "venue_server.commands.setup": ("init", "run"),
    "venue_server.commands.media": ("media",),
    "venue_server.commands.backup": ("backup",),
    "venue_server.commands.orders": ("status", "machines", "release", "reserve", "session"),
    "venue_server.commands.plan": ("plan",),
    "venue_server.commands.admission": ("door",),
    "venue_server.commands.intake": ("intake",),
    "venue_server.commands.inspection": ("inspection",),
    "venue_server.commands.people": ("staff", "recusal", "draw", "post"),
    "venue_server.commands.swap": ("swap", "answers"),
    "venue_server.commands.roomtime": ("room",),
    "venue_server.commands.incidents": ("incidents", "violations"),
    "venue_server.commands.records": ("close-check", "statistics", "export", "retention"),
    "venue_server.commands.bundles": ("bundle",),
    "venue_server.commands.uploads": ("upload",),
    "venue_server.commands.wiping": ("wipe",),
    "venue_server.commands.credit": ("credit",),
    "venue_server.commands.notice": ("notice",),
    "venue_server.commands.duty": ("duty",),
    "venue_server.commands.ledger": ("ledger",),
    "venue_server.commands.clock": ("clock",),
    "venue_server.headquarters.commands": ("paper",),
    "venue_server.headquarters.service_commands": ("headquarters",),
    "venue_server.rehearsal.commands": ("rehearse",),
}
"""Where each command is, in the order of the help. Only what the command line names is read in: a
server that starts again in the middle of an exam reads nothing that it does not need (P9)."""


def parser(families: Iterable[str] = FAMILIES) -> argparse.ArgumentParser:
    """The command line of these families."""
    root = argparse.ArgumentParser(
        prog="venue-server", description="考点服务器 / the venue node of a computer-based test"
    )
    commands = root.add_subparsers(required=True, metavar="command")
    for family in families:
        import_module(family).add_commands(commands)
    return root


def _named(arguments: list[str]) -> Iterable[str]:
    """The family that these arguments name; every one when they name none, for help and errors."""
    word = arguments[0] if arguments else ""
    return [family for family, words in FAMILIES.items() if word in words] or FAMILIES


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    arguments = sys.argv[1:] if arguments is None else arguments
    # A program's own modules are no garbage: looking for some in them is a third of its start.
    gc.disable()
    try:
        options = parser(_named(arguments)).parse_args(arguments)
    finally:
        gc.enable()
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
