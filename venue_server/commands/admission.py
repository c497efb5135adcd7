"""``door …``: doubts, corrections, kept items and visitors from the command line (A09, F04, F09,
F14), when no console is at hand."""

import argparse

from venue_server.commands.orders import add_order
from venue_server.wire.admission_orders import (
    AdmitInDoubt,
    ApproveVisitor,
    DecideDoubt,
    GetDoorLog,
    KeepItem,
    LookUpCandidate,
    RequestCorrection,
    ReturnItem,
    SettleDoubt,
    VisitorIn,
    VisitorOut,
)
from venue_server.wire.frames import Message, Second
from venue_server.wire.names import ChiefWord, ItemKind

Options = argparse.Namespace
Seconds = list[Second]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``door``."""
    door = commands.add_parser("door", help="a room's door").add_subparsers(required=True)
    log = add_order(door, "log", "doubts, items, visitors, corrections", build=_log)
    log.add_argument("room", nargs="?", default="")
    add_order(door, "look-up", "what the list says of a ticket", "room", "ticket", build=_look_up)
    _add_doubts(door)
    _add_items(door)
    _add_visitors(door)


def _add_doubts(door: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    admit = add_order(
        door,
        "admit-in-doubt",
        "let somebody in whose identity is in doubt (two invigilators)",
        "room",
        "ticket",
        second=True,
        build=_admit_in_doubt,
    )
    admit.add_argument("--note", required=True, help="what does not match")
    settle = add_order(
        door,
        "settle",
        "sign what a second comparison found (two invigilators)",
        "room",
        "doubt",
        second=True,
        build=_settle,
    )
    found = settle.add_mutually_exclusive_group(required=True)
    found.add_argument("--verified", action="store_true", help="it is the registered person")
    found.add_argument("--not-verified", action="store_true", help="the chief decides")
    settle.add_argument("--note", default="")
    decide = add_order(
        door, "decide", "decide about an unverified identity (chief)", "doubt", build=_decide
    )
    decide.add_argument("--word", choices=[each.value for each in ChiefWord], required=True)
    decide.add_argument("--note", required=True)
    correct = add_order(
        door,
        "correct",
        "file a correction of name or number, never both",
        "room",
        "ticket",
        reason=True,
        build=_correct,
    )
    correct.add_argument("--name", default="", help="the right name")
    # A number does not belong into the list of processes: it is asked for on the console (O08).


def _add_items(door: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keep = add_order(
        door, "keep", "take an item into custody", "room", "ticket", second=True, build=_keep
    )
    keep.add_argument("--kind", choices=[each.value for each in ItemKind], required=True)
    keep.add_argument("--what", required=True)
    keep.add_argument("--candidate-signed", action="store_true")
    give = add_order(
        door, "return", "an item leaves custody", "room", "receipt", second=True, build=_return
    )
    give.add_argument("--signed", action="store_true", help="whoever got it signed")
    give.add_argument("--handed-to", default="", help="somebody else than the candidate")


def _add_visitors(door: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    approve = add_order(
        door,
        "approve",
        "approve a visit to a room (chief or deputy)",
        "room",
        reason=True,
        build=_approve,
    )
    approve.add_argument("--name", required=True)
    approve.add_argument("--unit", required=True)
    add_order(door, "enter", "an approved visitor enters", "room", "visitor", build=_enter)
    add_order(door, "leave", "a visitor leaves", "room", "visitor", build=_leave)


def _log(options: Options, _seconds: Seconds) -> Message:
    return GetDoorLog(0, options.room)


def _look_up(options: Options, _seconds: Seconds) -> Message:
    return LookUpCandidate(0, options.room, options.ticket)


def _admit_in_doubt(options: Options, seconds: Seconds) -> Message:
    return AdmitInDoubt(0, options.room, options.ticket, options.note, seconds[0])


def _settle(options: Options, seconds: Seconds) -> Message:
    return SettleDoubt(0, options.room, options.doubt, options.verified, options.note, seconds[0])


def _decide(options: Options, _seconds: Seconds) -> Message:
    return DecideDoubt(0, options.doubt, ChiefWord(options.word), options.note)


def _correct(options: Options, _seconds: Seconds) -> Message:
    return RequestCorrection(0, options.room, options.ticket, options.reason, options.name)


def _keep(options: Options, seconds: Seconds) -> Message:
    return KeepItem(
        0,
        options.room,
        options.ticket,
        ItemKind(options.kind),
        options.what,
        options.candidate_signed,
        seconds[0],
    )


def _return(options: Options, seconds: Seconds) -> Message:
    return ReturnItem(
        0, options.room, options.receipt, options.signed, seconds[0], options.handed_to
    )


def _approve(options: Options, _seconds: Seconds) -> Message:
    return ApproveVisitor(0, options.room, options.name, options.unit, options.reason)


def _enter(options: Options, _seconds: Seconds) -> Message:
    return VisitorIn(0, options.room, options.visitor)


def _leave(options: Options, _seconds: Seconds) -> Message:
    return VisitorOut(0, options.room, options.visitor)
