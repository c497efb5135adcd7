"""Where answers are, wiping, keeping and destruction."""

import argparse

from venue_server.commands.orders import add_order
from venue_server.wire.wiping_orders import (
    DestroyKept,
    GetAnswers,
    GetDestructionCertificate,
    GetHoldings,
    GetRetention,
    GetWipeCertificate,
    GetWipeCheck,
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this family to the command line."""
    family = commands.add_parser("wipe", help="after a wiping").add_subparsers(required=True)
    add_order(
        family,
        "check",
        "search for keys and papers that are left; exit status 1 while something is",
        "session",
        build=lambda options, _second: GetWipeCheck(0, options.session),
    )
    add_order(
        family,
        "certificate",
        "what was wiped, what was not and why, by whom (--json: signed)",
        "session",
        build=lambda options, _second: GetWipeCertificate(0, options.session),
    )


def add_where(family: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``where`` to the family ``answers``."""
    where = add_order(
        family,
        "where",
        "how far every answer has come, and what one fault could lose",
        build=lambda options, _second: GetAnswers(0, options.session, options.room),
    )
    where.add_argument("--session", default="", help="another session than the present one")
    where.add_argument("--room", default="", help="only this room")


def add_retention(family: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``list``, ``holds``, ``destroy`` and ``certificate`` to the family ``retention``."""
    listed = add_order(
        family,
        "list",
        "each thing with its class, from when, until when, held, due",
        build=lambda options, _second: GetRetention(0, options.session),
    )
    listed.add_argument("--session", default="", help="only this session")
    add_order(
        family,
        "holds",
        "what the venue still holds of each session; what is open, and who must act",
        build=lambda _options, _second: GetHoldings(0),
    )
    add_order(
        family,
        "certificate",
        "the certificate of a destruction",
        "session",
        "what",
        build=lambda options, _second: GetDestructionCertificate(0, options.session, options.what),
    )
    destroy = add_order(
        family,
        "destroy",
        "destroy what was kept long enough (chief and administrator); prints the certificate",
        "session",
        "what",
        second=True,
        build=lambda options, seconds: DestroyKept(
            0, options.session, options.what, options.method, options.reference, seconds[0]
        ),
    )
    destroy.add_argument("--method", required=True, help="how it is destroyed")
    destroy.add_argument("--reference", required=True, help="the order that it rests on")
