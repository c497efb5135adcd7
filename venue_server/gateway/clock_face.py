"""What the desks say about the server's clock (F7): words for people, pongs for machines."""

from venue_server.clock import Reading, VenueClock
from venue_server.trusted_time.states import ClockState
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.messages import TimePing, TimePong

LONG_ALONE_MS = 45 * 60 * 1000
STATE_WORDS = {
    ClockState.UNSET: "不可信 / not trusted",
    ClockState.SYSTEM_SYNCED: "仅系统时钟 / system clock only",
    ClockState.TRUSTED: "可信 / trusted",
    ClockState.HOLDOVER: "守时 / holdover",
    ClockState.SUSPECT: "有疑 / suspect",
}


def clock_alarm(reading: Reading) -> list[Alarm]:
    """What is out of order with time."""
    match reading.state:
        case ClockState.UNSET:
            return [Alarm(AlarmCode.CLOCK_UNTRUSTED)]
        case ClockState.SYSTEM_SYNCED:
            return [Alarm(AlarmCode.CLOCK_SYSTEM_ONLY)]
        case ClockState.SUSPECT:
            return [_contradicted(reading.rival_ms or 0.0)]
        case ClockState.HOLDOVER if (reading.age_ms or 0.0) > LONG_ALONE_MS:
            minutes = int((reading.age_ms or 0.0) / 60_000)
            return [Alarm(AlarmCode.CLOCK_ALONE, {"minutes": str(minutes)})]
        case _:
            return []


def _contradicted(rival_ms: float) -> Alarm:
    code = AlarmCode.CLOCK_AHEAD if rival_ms < 0 else AlarmCode.CLOCK_BEHIND
    return Alarm(code, {"seconds": f"{abs(rival_ms) / 1000:.1f}"})


def pong(clock: VenueClock, ping: TimePing) -> TimePong:
    """The answer to a ping. Rate 0 says that nobody may set their clock by it: a machine that knows
    exam time counts on alone, rather than follow a server that was rebooted and guesses."""
    rate = clock.rate if clock.guides else 0.0
    return TimePong(ping.n, ping.mono_ms, clock.now(), rate)


def clock_row(reading: Reading) -> str:
    """One line of figures: state, uncertainty, age of the last agreement, the wall clock's lead."""
    parts = [STATE_WORDS[reading.state]]
    if reading.uncertainty_ms is not None:
        parts.append(f"±{reading.uncertainty_ms:.0f} ms")
    if reading.age_ms is not None:
        seconds = int(reading.age_ms / 1000)
        parts.append(f"{seconds} 秒前校时 / agreed {seconds} s ago")
    if reading.system_ahead_ms is not None:
        parts.append(f"系统时钟偏差 / system clock {reading.system_ahead_ms / 1000:+.1f} s")
    return " · ".join(parts)
