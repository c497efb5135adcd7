"""``duty …``: duty hours, shifts, who came and left (A10, A13, A14)."""

import argparse
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from venue_server.commands.duty_guard import add_guard
from venue_server.commands.orders import add_order
from venue_server.headquarters.service_commands import parse_start
from venue_server.wire.duty_orders import (
    DutyView,
    EnterShift,
    GetDuty,
    OverrideDutyHours,
    StaffHere,
    WithdrawShift,
)

_CHINA = timezone(timedelta(hours=8))


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``duty``."""
    family = commands.add_parser("duty", help="duty hours, shifts, who is at the venue")
    duty = family.add_subparsers(required=True)
    add_guard(duty)
    add_order(
        duty,
        "override",
        "allow an update, a restore or a stop inside duty hours for 30 minutes (two people)",
        second=True,
        reason=True,
        build=lambda options, seconds: OverrideDutyHours(0, options.reason, seconds[0]),
    )
    listing = add_order(
        duty,
        "list",
        "duty hours, shifts and their gaps, who is here",
        build=lambda _options, _seconds: GetDuty(0),
    )
    listing.set_defaults(show=listed)
    here = add_order(
        duty,
        "here",
        "somebody came and showed a badge (or leaves)",
        "badge",
        build=lambda options, _seconds: StaffHere(0, options.badge, not options.left),
    )
    here.add_argument("--left", action="store_true", help="they leave")
    _add_shifts(duty)


def _add_shifts(duty: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    shift = add_order(
        duty,
        "shift",
        "enter a shift of the duty roster (chief)",
        "who",
        build=lambda options, _seconds: EnterShift(
            0,
            options.who,
            options.place,
            options.phone,
            parse_start(options.begins),
            parse_start(options.until),
        ),
    )
    shift.add_argument("--place", required=True)
    shift.add_argument("--phone", default="")
    shift.add_argument("--from", dest="begins", required=True, help="ISO 8601 or ms")
    shift.add_argument("--until", required=True, help="ISO 8601 or ms")
    withdraw = add_order(
        duty,
        "withdraw",
        "a shift does not stand any more (chief)",
        reason=True,
        build=lambda options, _seconds: WithdrawShift(0, options.number, options.reason),
    )
    withdraw.add_argument("number", type=int, help="as duty list shows it")


def listed(result: dict[str, Any]) -> str:
    """The answer to GetDuty, for reading."""
    view = msgspec.convert(result, DutyView)
    lines = ["值班时段 / duty hours"]
    lines += [f"  {_span(*each)}" for each in view.hours] or ["  —"]
    if view.override_ms:
        lines.append(f"  放行至 / overridden until {_minute(view.override_ms)}")
    lines.append("班次 / shifts")
    lines += [
        f"  {each.shift_id}: {_span(each.from_ms, each.until_ms)}  {each.name} "
        f"({each.person_id})  {each.place}  {each.phone}"
        for each in view.shifts
    ] or ["  —"]
    lines += [f"  △ 无人值班 / nobody on duty: {_span(*each)}" for each in view.gaps]
    lines.append("在场 / here")
    lines += [
        f"  {'·' if each.left_ms else '✓'} {each.name} ({each.person_id}) {each.badge_no} "
        f"{_minute(each.since_ms)}" + (f" – {_minute(each.left_ms)}" if each.left_ms else "")
        for each in view.present
    ] or ["  —"]
    return "\n".join(lines) + "\n"


def _span(begins_ms: int, until_ms: int) -> str:
    return f"{_minute(begins_ms)} – {_minute(until_ms)}"


def _minute(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, _CHINA).strftime("%m-%d %H:%M")
