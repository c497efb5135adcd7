"""``upload …``: how far the evening's upload is (L08, L09)."""

import argparse

from venue_server.commands.orders import add_order
from venue_server.wire.upload_orders import GetUploads


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``upload``."""
    family = commands.add_parser("upload", help="how far the upload is").add_subparsers(
        required=True
    )
    add_order(
        family,
        "status",
        "bytes confirmed, rate, time still to go, next attempt and why it waits, for each bundle",
        build=lambda _options, _seconds: GetUploads(0),
    )
