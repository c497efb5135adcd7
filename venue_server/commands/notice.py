"""``notice …``: headquarters' correction notices by command (F14). Texts are never shown."""

import argparse
from pathlib import Path

from venue_server.commands.orders import add_order
from venue_server.wire.notice_orders import GetNotices, ImportNotice, PublishNotice


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``notice``."""
    notice = commands.add_parser("notice", help="headquarters' correction notices")
    group = notice.add_subparsers(required=True)
    add_order(
        group,
        "list",
        "the notices here, and who has not read them",
        build=lambda _options, _seconds: GetNotices(0),
    )
    add_order(
        group,
        "import",
        "take in a notice signed by headquarters",
        "file",
        build=lambda options, _seconds: ImportNotice(0, str(Path(options.file).resolve())),
    )
    publish = add_order(
        group,
        "publish",
        "put a notice into force (chief and another)",
        "paper",
        second=True,
        build=lambda options, seconds: PublishNotice(
            0, options.paper, options.sequence, seconds[0]
        ),
    )
    publish.add_argument("--sequence", type=int, required=True, help="the notice's number")
