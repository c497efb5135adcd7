"""What is open at the end of the day, counted, exported and kept."""

import argparse
from datetime import datetime, timedelta, timezone

from venue_server.commands.orders import add_order
from venue_server.commands.wiping import add_retention
from venue_server.wire.record_orders import (
    EnterScorePublication,
    ExportSession,
    GetCloseCheck,
    GetStatistics,
    SetLegalHold,
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this family to the command line."""
    check = add_order(
        commands,
        "close-check",
        "what is still open and who must act; exit status 1 while something is",
        build=lambda options, _second: GetCloseCheck(0, options.session),
    )
    check.add_argument("--session", default="", help="only this session")
    counts = add_order(
        commands,
        "statistics",
        "present, absent, violations per room, subject and venue",
        build=lambda options, _second: GetStatistics(0, options.session),
    )
    counts.add_argument("--session", default="", help="only this session")
    add_order(
        commands,
        "export",
        "write the signed export of a session on the server",
        "session",
        build=lambda options, _second: ExportSession(0, options.session),
    )
    keep = commands.add_parser("retention", help="how long things are kept")
    family = keep.add_subparsers(required=True)
    add_retention(family)
    scores = add_order(
        family,
        "scores",
        "enter the day the scores were published (two people)",
        "session",
        second=True,
        build=lambda options, seconds: EnterScorePublication(
            0, options.session, options.day, options.reference, seconds[0]
        ),
    )
    scores.add_argument("--day", required=True, type=_day, help="YYYY-MM-DD, China's date")
    scores.add_argument("--reference", required=True, help="the notice that published them")
    hold = add_order(
        family,
        "hold",
        "keep everything of a session, or lift that (chief and administrator)",
        "session",
        second=True,
        reason=True,
        build=lambda options, seconds: SetLegalHold(
            0, options.session, options.because, options.reason, seconds[0]
        ),
    )
    hold.add_argument("--because", default="", help="what it is kept for; empty lifts the hold")


def _day(text: str) -> int:
    """Midnight of a Chinese date, in ms since 1970-01-01 UTC."""
    day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=timezone(timedelta(hours=8)))
    return int(day.timestamp()) * 1000
