"""``room …``: the time of a room or of all rooms, from the command line (G08, I02, I06)."""

import argparse

from venue_server.commands.orders import add_order
from venue_server.headquarters.service_commands import parse_start
from venue_server.wire.frames import Message, Second
from venue_server.wire.roomtime_orders import (
    Approval,
    ConfirmExtension,
    ExtendTime,
    ExtendTimeOffline,
    GetRoomTimes,
    GetStartCode,
    HoldRoom,
    ResumeTime,
    StartRoom,
    SuspendTime,
)

Options = argparse.Namespace
Seconds = list[Second]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``room``."""
    room = commands.add_parser("room", help="the time of rooms").add_subparsers(required=True)
    _add_starts(room)
    _add_suspension(room)
    _add_extensions(room)


def _add_starts(room: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add_order(
        room,
        "times",
        "each room's instants, and what was ordered about them",
        build=lambda options, _seconds: GetRoomTimes(0, options.session),
    ).add_argument("--session", default="")
    add_order(
        room,
        "start-code",
        "the room's start code, once its papers are released (chief, deputy, its invigilators)",
        "room",
        build=lambda options, _seconds: GetStartCode(0, options.room, options.session),
    ).add_argument("--session", default="")
    add_order(
        room,
        "hold",
        "a room is not ready: it does not open at the common start (chief)",
        "room",
        reason=True,
        build=lambda options, _seconds: HoldRoom(0, options.room, options.reason, options.session),
    ).add_argument("--session", default="")
    start = add_order(
        room,
        "start",
        "start a room that was held back (chief)",
        "room",
        reason=True,
        build=_start,
    )
    start.add_argument(
        "--at", type=parse_start, default=0, help="exam time, ISO 8601; else as soon as may be"
    )
    start.add_argument("--session", default="")


def _start(options: Options, _seconds: Seconds) -> Message:
    return StartRoom(0, options.room, options.reason, options.at, options.session)


def _add_suspension(room: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    suspend = add_order(
        room,
        "suspend",
        "freeze a room, or every room, at once",
        reason=True,
        build=lambda options, _seconds: SuspendTime(0, options.reason, options.room),
    )
    resume = add_order(
        room,
        "resume",
        "let the suspended rooms go on together (chief)",
        reason=True,
        build=lambda options, _seconds: ResumeTime(0, options.reason, options.room),
    )
    for each in (suspend, resume):
        each.add_argument("--room", default="", help="only this room")


def _add_extensions(room: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    extend = add_order(
        room,
        "extend",
        "more time on headquarters' consent (chief)",
        reason=True,
        build=lambda options, _seconds: ExtendTime(
            0, options.minutes, options.reason, _approval(options), options.room
        ),
    )
    offline = add_order(
        room,
        "extend-offline",
        "more time while headquarters cannot be reached: two people, to be confirmed",
        second=True,
        reason=True,
        build=lambda options, seconds: ExtendTimeOffline(
            0, options.minutes, options.reason, seconds[0], options.room
        ),
    )
    for each in (extend, offline):
        each.add_argument("--minutes", type=int, required=True)
        each.add_argument("--room", default="", help="only this room")
    confirm = add_order(
        room,
        "confirm-extension",
        "headquarters' consent to an extension given offline (chief)",
        build=lambda options, _seconds: ConfirmExtension(0, options.extension, _approval(options)),
    )
    confirm.add_argument("--extension", type=int, required=True, help="its number")
    for each in (extend, confirm):
        each.add_argument("--authority", required=True, help="who consented")
        each.add_argument("--reference", required=True, help="its number")
        each.add_argument("--approver", required=True, help="the person who said so")
        each.add_argument(
            "--approved-at", type=parse_start, required=True, help="when, ISO 8601 with its zone"
        )


def _approval(options: Options) -> Approval:
    return Approval(options.authority, options.reference, options.approver, options.approved_at)
