"""``swap …``, ``answers …``: station swaps, branches, journals of dead stations (F13, F24, L02)."""

import argparse
from pathlib import Path

from venue_server.commands.answer_check import add_verify
from venue_server.commands.orders import add_order
from venue_server.commands.wiping import add_where
from venue_server.wire.swap_orders import (
    DecideBranch,
    GetSpares,
    GetSwaps,
    ImportStationJournal,
    Keep,
    SwapStation,
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the families ``swap`` and ``answers``."""
    swap = commands.add_parser("swap", help="station swaps").add_subparsers(required=True)
    move = add_order(
        swap,
        "station",
        "a candidate goes on at a spare (invigilator and administrator)",
        "sitting",
        second=True,
        reason=True,
        build=lambda options, seconds: SwapStation(
            0,
            options.room,
            options.sitting,
            options.to,
            options.reason,
            options.person_confirmed,
            seconds[0],
        ),
    )
    move.add_argument("--room", required=True)
    move.add_argument("--to", required=True, metavar="SEAT", help="the spare's seat number")
    move.add_argument(
        "--person-confirmed",
        action="store_true",
        help="both compared the person with the photo",
    )
    add_order(
        swap,
        "spares",
        "the spares of a room",
        "room",
        build=lambda options, _seconds: GetSpares(0, options.room, options.sitting),
    ).add_argument("--sitting", default="", help="for this candidate")
    listing = add_order(
        swap,
        "list",
        "swaps and branches of answers, without content",
        build=lambda options, _seconds: GetSwaps(0, options.session),
    )
    listing.add_argument("session", nargs="?", default="")
    _add_answers(commands)


def _add_answers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    answers = commands.add_parser("answers", help="where they are; branches").add_subparsers(
        required=True
    )
    add_verify(answers)
    add_where(answers)
    decide = add_order(
        answers,
        "decide",
        "decide which branch of a sitting stands (chief and administrator)",
        "sitting",
        "machine",
        second=True,
        reason=True,
        build=lambda options, seconds: DecideBranch(
            0, options.sitting, options.machine, Keep(options.keep), options.reason, seconds[0]
        ),
    )
    decide.add_argument("--keep", required=True, choices=[each.value for each in Keep])
    take = add_order(
        answers,
        "import",
        "take in the journals copied from a station that does not come back (two people)",
        "folder",
        second=True,
        build=lambda options, seconds: ImportStationJournal(
            0,
            str(Path(options.folder).resolve()),
            seconds[0],
            options.reason,
            options.accept_unproved,
        ),
    )
    why = "why a plain folder of a LIVE venue, or why something unproved is accepted"
    take.add_argument("--reason", default="", help=why)
    take.add_argument(
        "--accept-unproved",
        action="store_true",
        help="take in also what no station signed, or one that was revoked since",
    )
