"""``duty guard``: may this venue be updated, restored or stopped on purpose now (A14)?

Stand-alone: it reads the store and the clock's anchor, beside a running server or without one, and
changes neither. The start after a crash asks nobody.
"""

import argparse
import os
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from venue_server.clock import VenueClock
from venue_server.foundation import STORE
from venue_server.gateway.duty_keeper import Forced, leave
from venue_server.sitting import store as sittings
from venue_server.sitting.plan_reading import PlanFault, kept_plan
from venue_server.staff.duty.hours import duty_hours
from venue_server.staff.dutybook import store as book
from venue_server.staff.dutybook.rules import Entry, Stretch, inside, override_until
from venue_server.storage.engine import StoreDamagedError
from venue_server.storage.reading import reading
from venue_server.trusted_time.record import ANCHOR_FILE, MARK_FILE
from venue_server.venue_keys import VenueKeys
from venue_server.wire.refusals import Refusal, RefusalCode

ALLOWED, UNREADABLE, INSIDE = 0, 1, 3
OVERRIDE = "KAODIAN_OVERRIDE"
_CHINA = timezone(timedelta(hours=8))


def add_guard(duty: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``guard`` to the family ``duty``."""
    guard = duty.add_parser(
        "guard",
        help="ask before an update, a restore or a stop: 0 allowed, 3 inside duty hours",
        description=f"{OVERRIDE}=1 in the environment allows it all the same; that is recorded.",
    )
    guard.add_argument("--data", type=Path, required=True)
    guard.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    data: Path = options.data
    forced = os.environ.get(OVERRIDE) == "1"
    try:
        hours, entries = _read(data)
    except (OSError, StoreDamagedError, PlanFault, ValueError) as error:
        sys.stderr.write(f"无法读取考点数据 / the venue's data cannot be read: {error}\n")
        return _force(data, 0, 0) if forced else UNREADABLE
    now_ms = _now_ms(data)
    until_ms = inside(hours, now_ms)
    if not until_ms:
        sys.stdout.write("允许：不在值班时段内 / allowed: outside duty hours\n")
        return ALLOWED
    if allowed_ms := override_until(entries, now_ms):
        said = _clock(allowed_ms)
        sys.stdout.write(f"允许：两人放行至 {said} / allowed by two people until {said}\n")
        return ALLOWED
    if forced:
        return _force(data, now_ms, until_ms)
    refusal = Refusal(RefusalCode.DUTY_HOURS, _clock(until_ms))
    sys.stderr.write(f"{refusal.text('zh')}\n{refusal.text('en')}\n")
    return INSIDE


def _read(data: Path) -> tuple[list[Stretch], list[Entry]]:
    """Duty hours of every planned session, and the duty book."""
    key = VenueKeys.load(data / "keys").hpke
    with reading(data / STORE) as tx:
        plans = [kept_plan(document, key) for document in sittings.plan_documents(tx)]
        planned = {one.session_id: one for plan in plans for one in plan.sessions}
        sessions = sittings.load_sessions(tx, planned).values()
        times = [(one.planned.start_ms, one.whole.end_ms) for one in sessions]
        return duty_hours(times), book.entries(tx)


def _now_ms(data: Path) -> int:
    """Exam time as the server itself would begin with it; this clock is read, never kept."""
    clock = VenueClock(data / ANCHOR_FILE, marks=[data / MARK_FILE])
    if not clock.trusted:
        sys.stderr.write("无可信时间 / this is not judged by trusted time\n")
    return clock.now_ms()


def _force(data: Path, now_ms: int, until_ms: int) -> int:
    """Loudly, and left for the ledger; what cannot be left for it is not allowed either."""
    user = os.environ.get("SUDO_USER") or str(os.getuid())
    try:
        leave(data, Forced(now_ms, until_ms, user))
    except OSError as error:
        sys.stderr.write(f"强行放行无法记录，不予放行 / cannot be recorded, refused: {error}\n")
        return UNREADABLE
    until = _clock(until_ms) if until_ms else "?"
    sys.stderr.write(
        f"!!! 警告：强行越过值班时段（至 {until}），将记入台账 !!!\n"
        f"!!! WARNING: duty hours (until {until}) are overridden by {OVERRIDE}=1; the ledger will "
        "say so !!!\n"
    )
    return ALLOWED


def _clock(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, _CHINA).strftime("%Y-%m-%d %H:%M")
