"""``clock show`` and ``clock forget``: the kept time of a venue whose server is stopped."""

import argparse
import asyncio
import sys
from pathlib import Path

from venue_server.commands.alone import VenueBusyError, alone
from venue_server.commands.setup import EXIT_REFUSED, open_stopped
from venue_server.foundation import open_clock, second_medium
from venue_server.gateway.clock_face import clock_alarm, clock_row
from venue_server.ledger.catalogue import Event
from venue_server.settings import load_settings
from venue_server.trusted_time.record import ANCHOR_FILE, MARK_FILE


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``clock show`` and ``clock forget``."""
    family = commands.add_parser("clock", help="the kept time").add_subparsers(required=True)
    show = family.add_parser("show", help="what a server that starts now would go by")
    show.add_argument("--data", type=Path, required=True)
    show.set_defaults(run=_show)
    forget = family.add_parser(
        "forget", help="start anew from headquarters' time (server stopped, sources disagree)"
    )
    forget.add_argument("--data", type=Path, required=True)
    forget.set_defaults(run=_forget)


def _show(options: argparse.Namespace) -> int:
    data = options.data
    clock = open_clock(data, second_medium(data, load_settings(data)))
    reading = clock.reading()
    sys.stdout.write(f"{clock.source}: {clock_row(reading)}\n")
    for alarm in clock_alarm(reading):
        sys.stdout.write(f"{alarm.text('zh')} / {alarm.text('en')}\n")
    return 0


def _forget(options: argparse.Namespace) -> int:
    try:
        with alone(options.data):
            asyncio.run(_forget_all(options.data))
    except VenueBusyError:
        sys.stderr.write("服务器正在运行 / the server is running: stop it first\n")
        return EXIT_REFUSED
    sys.stdout.write("已清除 / forgotten: headquarters' next answer sets the time\n")
    return 0


async def _forget_all(data: Path) -> None:
    settings = load_settings(data)
    second = second_medium(data, settings)
    store, ledger = open_stopped(data, settings)
    clock = open_clock(data, second)
    try:
        # First said, then done: killed in between, the time is still there and can be forgotten.
        await ledger.note(
            Event.CLOCK_RESET, state=clock.state.value, rival_ms=int(clock.reading().rival_ms or 0)
        )
    finally:
        store.close()
    for file in (data / ANCHOR_FILE, data / MARK_FILE, second.folder / MARK_FILE):
        file.unlink(missing_ok=True)
