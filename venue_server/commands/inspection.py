"""``inspection …``: the venue-sealing inspection from the command line (C08-C10)."""

import argparse

from venue_server.commands.orders import add_order
from venue_server.wire.frames import Message, Second
from venue_server.wire.inspection_orders import (
    AnswerCheck,
    CheckStations,
    GetInspection,
    GetInspectionReport,
    SealVenue,
    StartInspection,
)

Options = argparse.Namespace
Seconds = list[Second]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``inspection``."""
    group = commands.add_parser("inspection", help="venue-sealing inspection").add_subparsers(
        required=True
    )
    run = add_order(group, "run", "inspect the venue", build=_run)
    run.add_argument("--failed", action="store_true", help="only what failed, waits, or broke")
    run.add_argument("--baseline", default="", help="program digest every station must have")
    add_order(
        group, "show", "every check as it stands", build=lambda _options, _seconds: GetInspection(0)
    )
    stations = add_order(group, "stations", "have every station check itself", build=_stations)
    stations.add_argument(
        "--restart-test", action="store_true", help="leave a new token; then restart the stations"
    )
    stations.add_argument("--seat", default="", metavar="ROOM-SEAT", help="only this one")
    answer = add_order(group, "answer", "answer a check of the list", "check", build=_answer)
    verdict = answer.add_mutually_exclusive_group(required=True)
    verdict.add_argument("--good", dest="good", action="store_true")
    verdict.add_argument("--bad", dest="good", action="store_false")
    answer.add_argument("--note", default="")
    seal = add_order(
        group, "seal", "seal the venue (administrator and chief)", second=True, build=_seal
    )
    seal.add_argument("--reason", default="", help="why a broken seal is renewed")
    add_order(
        group,
        "report",
        "the signed report, as JSON",
        build=lambda _options, _seconds: GetInspectionReport(0),
    )


def _run(options: Options, _seconds: Seconds) -> Message:
    return StartInspection(0, options.failed, options.baseline)


def _stations(options: Options, _seconds: Seconds) -> Message:
    return CheckStations(0, options.restart_test, options.seat)


def _answer(options: Options, _seconds: Seconds) -> Message:
    return AnswerCheck(0, options.check, options.good, options.note)


def _seal(options: Options, seconds: Seconds) -> Message:
    return SealVenue(0, seconds[0], options.reason)
