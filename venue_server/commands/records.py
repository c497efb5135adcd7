"""``close-check``: what of the day is still open, and who must act."""

import argparse

from venue_server.commands.orders import add_order
from venue_server.wire.record_orders import GetCloseCheck


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this family to the command line."""
    check = add_order(
        commands,
        "close-check",
        "what is still open and who must act; exit status 1 while something is",
        build=lambda options, _second: GetCloseCheck(0, options.session),
    )
    check.add_argument("--session", default="", help="only this session")
