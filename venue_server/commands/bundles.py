"""``bundle …``: sealed answers by hand while the line to headquarters stays down (F18, L09)."""

import argparse
from collections.abc import Callable
from pathlib import Path

from venue_server.commands.orders import add_order, ask_secret
from venue_server.wire.frames import Message, Second
from venue_server.wire.handover_orders import (
    ExportBundle,
    GetHandOvers,
    HandOverBundles,
    TakeReceipts,
    TakesOver,
)

Options = argparse.Namespace
Seconds = list[Second]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``bundle``."""
    family = commands.add_parser("bundle", help="sealed answers by hand").add_subparsers(
        required=True
    )
    export = add_order(
        family,
        "export",
        "write a sealed bundle to a registered medium and read it back",
        "session",
        second=True,
        build=lambda options, seconds: ExportBundle(
            0, options.session, str(Path(options.folder).resolve()), seconds[0]
        ),
    )
    export.add_argument("--folder", required=True, help="where the medium is mounted")
    _add_hand_over(family)
    add_order(
        family,
        "take-receipts",
        "take headquarters' signed receipts that came back by hand",
        "path",
        build=lambda options, _seconds: TakeReceipts(0, str(Path(options.path).resolve())),
    )
    add_order(
        family,
        "standing",
        "where every sealed session stands: line, medium, hand-over, receipt",
        build=lambda _options, _seconds: GetHandOvers(0),
    )


def _add_hand_over(family: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    over = add_order(
        family,
        "hand-over",
        "two give the medium to two who receive it; recorded and signed",
        second=True,
        build=_hand_over,
    )
    add = over.add_argument
    add("--session", action="append", required=True, help="again for each session on the medium")
    add("--medium", required=True, help="what is written on the medium, as registered")
    add("--reference", required=True, help="headquarters' consent or the receiving unit's number")
    add("--seal", required=True, help="number of the seal on the medium's envelope")
    add(
        "--receiver",
        action="append",
        nargs=2,
        required=True,
        metavar=("NAME", "UNIT"),
        help="at least two; the number of each one's document is asked for, unseen",
    )
    add("--place", default="")
    add("--note", default="")
    over.set_defaults(run=_asked(over.get_default("run")))


def _asked(give: Callable[[Options], int]) -> Callable[[Options], int]:
    """Document numbers never stand in arguments: they are typed, before anybody signs in."""

    def run(options: Options) -> int:
        options.documents = [
            ask_secret(f"{name} 证件号码 / document number: ") for name, _unit in options.receiver
        ]
        return give(options)

    return run


def _hand_over(options: Options, seconds: Seconds) -> Message:
    named = zip(options.receiver, options.documents, strict=True)
    return HandOverBundles(
        0,
        options.session,
        options.medium,
        options.reference,
        options.seal,
        [TakesOver(name, unit, document) for (name, unit), document in named],
        seconds[0],
        options.place,
        options.note,
    )
