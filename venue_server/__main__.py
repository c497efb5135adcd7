"""The venue server's command line: ``venue-server`` and ``python -m venue_server``."""

import argparse
import logging
import sys
from collections.abc import Callable

from venue_server.commands import (
    admission,
    backup,
    bundles,
    clock,
    credit,
    duty,
    incidents,
    inspection,
    intake,
    ledger,
    media,
    notice,
    orders,
    people,
    plan,
    records,
    roomtime,
    setup,
    swap,
    uploads,
    wiping,
)
from venue_server.headquarters import commands as headquarters
from venue_server.headquarters import service_commands
from venue_server.rehearsal import commands as rehearsal


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="venue-server", description="考点服务器 / the venue node of a computer-based test"
    )
    commands = root.add_subparsers(required=True, metavar="command")
    families = (
        setup,
        media,
        backup,
        orders,
        plan,
        admission,
        intake,
        inspection,
        people,
        swap,
        roomtime,
        incidents,
        records,
        bundles,
        uploads,
        wiping,
        credit,
        notice,
        duty,
        ledger,
        clock,
        headquarters,
        service_commands,
        rehearsal,
    )
    for family in families:
        family.add_commands(commands)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    options = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
