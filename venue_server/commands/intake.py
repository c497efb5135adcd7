"""``intake …``: the receipt of sealed papers, media and custody from the command line (D01-D09)."""

import argparse
from pathlib import Path

from venue_server.commands import receiving_guard
from venue_server.commands.orders import add_order
from venue_server.headquarters.service_commands import parse_start
from venue_server.wire.frames import Message, Second
from venue_server.wire.inspection_orders import GetDevices
from venue_server.wire.intake_orders import (
    CheckPackages,
    CloseReceipt,
    Deliverer,
    FetchPackages,
    GetCustody,
    GetIntake,
    ImportAgreed,
    ImportFolder,
    MoveMedium,
    OpenReceipt,
    RecordHandOver,
    RecordKeeping,
    RegisterMedium,
    SignReceiptSheet,
)

Options = argparse.Namespace
Seconds = list[Second]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``intake``."""
    intake = commands.add_parser("intake", help="supervised receipt").add_subparsers(required=True)
    _add_receipt(intake)
    _add_sheet(intake)
    _add_media(intake)
    _add_custody(intake)
    add_order(
        intake,
        "devices",
        "removable media and network cards outside a receipt",
        build=lambda _options, _seconds: GetDevices(0),
    )
    receiving_guard.add_command(intake)


def _add_receipt(intake: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add_order(
        intake,
        "open",
        "open a receipt session (operator and supervisor)",
        "session",
        second=True,
        build=lambda options, seconds: OpenReceipt(0, options.session, seconds[0]),
    )
    folder = add_order(
        intake,
        "import",
        "take in a registered medium, or a folder",
        "folder",
        second=None,
        build=_import,
    )
    folder.add_argument(
        "--reason", default="", help="why a plain folder of a LIVE venue (with --second)"
    )
    folder.epilog = checked_by = (
        "Who opened the receipt with you checks; --second: whoever has their post signs."
    )
    fetch = add_order(
        intake,
        "fetch",
        "fetch what is missing from headquarters' mirror",
        second=None,
        build=lambda _options, seconds: FetchPackages(0, *seconds[:1]),
    )
    fetch.epilog = checked_by
    add_order(
        intake,
        "close",
        "close the receipt session (the same two people)",
        second=True,
        build=lambda _options, seconds: CloseReceipt(0, seconds[0]),
    )


def _add_sheet(intake: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    status = add_order(
        intake,
        "status",
        "what is here, what is missing, what to do",
        build=lambda options, _seconds: GetIntake(0, options.session),
    )
    status.add_argument("session", nargs="?", default="")
    check = add_order(
        intake,
        "check",
        "check the sealed packages without opening them",
        build=lambda options, _seconds: CheckPackages(0, options.session),
    )
    check.add_argument("session", nargs="?", default="")
    add_order(
        intake,
        "sign",
        "the chief signs the receipt sheet; CODE as intake status shows it",
        "session",
        "code",
        build=lambda options, _seconds: SignReceiptSheet(0, options.session, options.code),
    )


def _add_media(intake: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    register = add_order(
        intake, "register", "register a medium or device", second=True, build=_register
    )
    where = register.add_mutually_exclusive_group(required=True)
    where.add_argument("--folder", default="", help="where it is mounted: its serial is read there")
    where.add_argument("--serial", default="", help="serial of a device without a file system")
    register.add_argument("--kind", choices=("USB", "DISC", "DISK", "DEVICE"), default="USB")
    register.add_argument("--label", required=True, help="what is written on it")
    register.add_argument("--keeper", required=True)
    register.add_argument("--user", required=True, help="the one person who may read it")
    register.add_argument("--from", dest="valid_from", required=True, help="ISO 8601 or ms")
    register.add_argument("--until", dest="valid_until", required=True, help="ISO 8601 or ms")
    register.add_argument("--seal", default="", help="number of its seal")
    register.add_argument("--quantity", type=int, default=1)
    for name, text, back in (
        ("hand-out", "hand a medium out to its user (keeper and user)", False),
        ("take-back", "take a medium back (keeper and user)", True),
    ):
        move = add_order(intake, name, text, "medium", second=True, build=_move)
        move.set_defaults(back=back)
        move.add_argument("--seal", default="", help="number of its seal")
        _add_watched(move)


def _add_custody(intake: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    over = add_order(
        intake, "hand-over", "record a hand-over, two and two", second=True, build=_hand_over
    )
    over.add_argument("--item", action="append", default=[], help="medium or package id")
    over.add_argument("--kind", required=True)
    over.add_argument("--quantity", type=int, required=True)
    over.add_argument("--packaging", required=True)
    over.add_argument("--seal", required=True)
    over.add_argument("--result", required=True)
    over.add_argument(
        "--deliverer",
        action="append",
        nargs=3,
        required=True,
        metavar=("NAME", "UNIT", "DOCUMENT"),
        help="at least two; DOCUMENT is the end of a document number",
    )
    over.add_argument("--more", action="append", default=[], help="one more receiver who signs")
    _add_watched(over)
    keep = add_order(
        intake, "keep", "two keepers begin their shift", "item", second=True, build=_keep
    )
    keep.add_argument("--place", required=True)
    keep.add_argument("--until", required=True, help="ISO 8601 or ms")
    _add_watched(keep)
    custody = add_order(
        intake,
        "custody",
        "the custody chain and its gaps",
        build=lambda options, _seconds: GetCustody(0, options.item),
    )
    custody.add_argument("item", nargs="?", default="")


def _add_watched(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--supervisor", default="", help="who watched")
    parser.add_argument("--camera", default="", help="mark of the camera's recording")


# ---- messages --------------------------------------------------------------------------------


def _import(options: Options, seconds: Seconds) -> Message:
    folder = str(Path(options.folder).resolve())
    if not (options.reason and seconds):
        return ImportFolder(0, folder, *seconds[:1])
    return ImportAgreed(0, folder, options.reason, seconds[0])


def _register(options: Options, seconds: Seconds) -> Message:
    return RegisterMedium(
        0,
        options.kind,
        str(Path(options.folder).resolve()) if options.folder else "",
        options.serial,
        options.label,
        options.keeper,
        options.user,
        parse_start(options.valid_from),
        parse_start(options.valid_until),
        seconds[0],
        options.seal,
        options.quantity,
    )


def _move(options: Options, seconds: Seconds) -> Message:
    return MoveMedium(
        0,
        options.medium,
        options.back,
        seconds[0],
        options.supervisor,
        options.seal,
        options.camera,
    )


def _hand_over(options: Options, seconds: Seconds) -> Message:
    return RecordHandOver(
        0,
        options.kind,
        options.quantity,
        options.packaging,
        options.seal,
        options.result,
        options.item,
        [Deliverer(*each) for each in options.deliverer],
        seconds[0],
        seconds[1:],
        options.supervisor,
        options.camera,
    )


def _keep(options: Options, seconds: Seconds) -> Message:
    return RecordKeeping(
        0,
        options.item,
        options.place,
        parse_start(options.until),
        seconds[0],
        options.supervisor,
        options.camera,
    )
