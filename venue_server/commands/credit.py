"""``credit …``: one candidate's time and exceptions by command (I07, I10, I12, G01, H06)."""

import argparse

from venue_server.commands.orders import add_order
from venue_server.wire.credit_orders import (
    CreditReason,
    DecideTime,
    EndBreak,
    ExitReason,
    ExitSpecially,
    GetCredits,
    GetInterruptions,
    GetLostTime,
    ProposeTime,
    ReopenSitting,
    RevokeTime,
    StartBreak,
)
from venue_server.wire.frames import Message, Second

Options = argparse.Namespace
Seconds = list[Second]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``credit``."""
    credit = commands.add_parser("credit", help="one candidate's time and exceptions")
    group = credit.add_subparsers(required=True)
    _add_time(group)
    _add_exceptions(group)


def _add_time(group: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    shown = add_order(
        group,
        "list",
        "proposals of more time, newest first",
        build=lambda options, _seconds: GetCredits(0, options.room),
    )
    shown.add_argument("--room", default="")
    lost = add_order(
        group,
        "lost",
        "what one sitting lost, measured now",
        "sitting",
        build=lambda options, _seconds: GetLostTime(0, options.room, options.sitting),
    )
    lost.add_argument("--room", required=True)
    propose = add_order(group, "propose", "propose more time", "sitting", build=_propose)
    propose.add_argument("--room", required=True)
    propose.add_argument("--why", choices=[each.value for each in CreditReason], required=True)
    propose.add_argument("--minutes", type=int, default=0, help="0: what was measured")
    propose.add_argument("--note", default="", help="needed for more than was measured")
    propose.add_argument("--reference", default="", help="headquarters', above the venue's cap")
    revoke = add_order(
        group,
        "revoke",
        "propose to take back what is unconsumed of a wrong credit (approve and reject decide)",
        "proposal",
        reason=True,
        build=_revoke,
    )
    revoke.add_argument("--room", required=True)
    revoke.add_argument("--minutes", type=int, default=0, help="at most; 0: all of it")
    for name, text, approve in (
        ("approve", "approve a proposal (chief or deputy, not who proposed)", True),
        ("reject", "reject a proposal", False),
    ):
        decide = add_order(group, name, text, "proposal", build=_decide)
        decide.set_defaults(approve=approve)
        decide.add_argument("--note", default="")
    log = add_order(
        group,
        "log",
        "the interruption log as CSV",
        build=lambda options, _seconds: GetInterruptions(0, options.room),
    )
    log.add_argument("--room", default="")


def _add_exceptions(group: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add_order(
        group,
        "reopen",
        "undo a hand-in that was a mistake (chief and another)",
        "sitting",
        second=True,
        reason=True,
        build=lambda options, seconds: ReopenSitting(
            0, options.sitting, options.reason, seconds[0]
        ),
    )
    leave = add_order(
        group,
        "exit",
        "let somebody leave while the room is closed (chief and another)",
        "sitting",
        second=True,
        reason=True,
        build=_exit,
    )
    leave.add_argument("--why", choices=[each.value for each in ExitReason], required=True)
    for name, text, order in (
        ("out", "a break: lock the station, time runs on", StartBreak),
        ("back", "the candidate is back: unlock the station", EndBreak),
    ):
        made = add_order(group, name, text, "sitting", build=_break)
        made.set_defaults(break_order=order)
        made.add_argument("--room", required=True)


def _propose(options: Options, _seconds: Seconds) -> Message:
    return ProposeTime(
        0,
        options.room,
        options.sitting,
        CreditReason(options.why),
        60 * options.minutes,
        options.note,
        options.reference,
    )


def _revoke(options: Options, _seconds: Seconds) -> Message:
    number, minutes = int(options.proposal), options.minutes
    return RevokeTime(0, options.room, number, options.reason, 60 * minutes)


def _decide(options: Options, _seconds: Seconds) -> Message:
    return DecideTime(0, int(options.proposal), options.approve, options.note)


def _exit(options: Options, seconds: Seconds) -> Message:
    return ExitSpecially(0, options.sitting, ExitReason(options.why), options.reason, seconds[0])


def _break(options: Options, _seconds: Seconds) -> Message:
    order: type[StartBreak] | type[EndBreak] = options.break_order
    return order(0, options.room, options.sitting)
