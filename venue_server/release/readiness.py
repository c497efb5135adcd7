"""The go/no-go board before the release is armed (TIMELINE T-5): one pure rule, told line by line.

NO_GO keeps the release shut. OVERRIDE keeps it shut until both people who arm name it: the seats
without a verified paper one by one, other lines by their kind. WAIT and WARN are shown and block
nothing. The console draws these very lines; arming asks this very rule.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from venue_server.wire.console_views import ReadyLine
from venue_server.wire.names import ReadyKind, ReadyVerdict

_K, _V = ReadyKind, ReadyVerdict


@dataclass(frozen=True)
class ReadyFacts:
    """Everything the board looks at. Seats are "room-seat"; ``rooms`` those with candidates."""

    frozen: bool
    forms_needed: int
    forms_missing: Sequence[str]
    used_before: Sequence[str]  # packages that were opened here before (E07)
    live: bool
    receipt_signed: bool  # the chief signed for exactly what is here (D09)
    clock_trusted: bool
    clock_source: str
    stations_ready: int
    stations_total: int
    seats_without_paper: Sequence[str]
    people_missing: Sequence[str]  # requirement ids of what is missing (A01, A03)
    rooms: Sequence[str]
    rooms_short: Sequence[str]  # fewer than two invigilators
    backup_ready: bool
    disk_ready: bool
    keys_present: int
    venue_sealed: bool = False  # after its inspection, and the seal holds (C10)
    people_warned: Sequence[str] = ()  # requirement ids of what only warns (A02, B01 …)


def board(facts: ReadyFacts) -> list[ReadyLine]:
    """All lines in the order they are read out."""
    return [
        _line(_K.FREEZE, _V.NO_GO if facts.frozen else _V.GO),
        _package(facts),
        _line(_K.SEAL, _sealed(facts)),
        _line(_K.RECEIPT, _signed(facts)),
        _line(_K.CLOCK, _V.GO if facts.clock_trusted else _V.NO_GO, names=[facts.clock_source]),
        _stations(facts),
        _people(facts),
        _rooms(facts),
        _line(_K.BACKUP, _V.GO if facts.backup_ready else _V.OVERRIDE),
        _line(_K.DISK, _V.GO if facts.disk_ready else _V.NO_GO),
        _release_key(facts),
    ]


def blocking(lines: Sequence[ReadyLine], without: Collection[str]) -> list[ReadyLine]:
    """What still blocks when both people agree to go ``without`` these seats and lines."""
    return [line for line in lines if _blocks(line, without)]


def agreed(lines: Sequence[ReadyLine], without: Collection[str]) -> list[str]:
    """What of ``without`` really was not ready: that is what gets recorded."""
    open_names = {name for line in lines if line.verdict is _V.OVERRIDE for name in _names(line)}
    return sorted(open_names & set(without))


def _blocks(line: ReadyLine, without: Collection[str]) -> bool:
    if line.verdict is _V.OVERRIDE:
        return any(name not in without for name in _names(line))
    return line.verdict is _V.NO_GO


def _names(line: ReadyLine) -> list[str]:
    """By which names a line that may be overridden is agreed to."""
    return line.names or [line.kind.value]


def _signed(facts: ReadyFacts) -> ReadyVerdict:
    if facts.receipt_signed:
        return _V.GO
    return _V.NO_GO if facts.live else _V.WARN


def _sealed(facts: ReadyFacts) -> ReadyVerdict:
    if facts.venue_sealed:
        return _V.GO
    return _V.OVERRIDE if facts.live else _V.WARN


def _line(
    kind: ReadyKind, verdict: ReadyVerdict, have: int = 0, need: int = 0, names: Sequence[str] = ()
) -> ReadyLine:
    return ReadyLine(kind, verdict, have, need, [name for name in names if name])


def _package(facts: ReadyFacts) -> ReadyLine:
    names = [*facts.forms_missing, *facts.used_before]
    have = facts.forms_needed - len(facts.forms_missing)
    return _line(_K.PACKAGE, _V.NO_GO if names else _V.GO, have, facts.forms_needed, names)


def _stations(facts: ReadyFacts) -> ReadyLine:
    if facts.seats_without_paper:
        verdict = _V.OVERRIDE
    elif facts.stations_ready < facts.stations_total:
        verdict = _V.WAIT
    else:
        verdict = _V.GO if facts.stations_total else _V.WARN
    ready, total = facts.stations_ready, facts.stations_total
    return _line(_K.STATIONS, verdict, ready, total, facts.seats_without_paper)


def _people(facts: ReadyFacts) -> ReadyLine:
    if facts.people_missing:
        return _line(_K.PEOPLE, _V.NO_GO, names=facts.people_missing)
    return _line(_K.PEOPLE, _V.WARN if facts.people_warned else _V.GO, names=facts.people_warned)


def _rooms(facts: ReadyFacts) -> ReadyLine:
    need, short = len(facts.rooms), facts.rooms_short
    return _line(_K.INVIGILATORS, _V.NO_GO if short else _V.GO, need - len(short), need, short)


def _release_key(facts: ReadyFacts) -> ReadyLine:
    """Normally it arrives only at the release point; so it never blocks the arming."""
    have, need = facts.keys_present, facts.forms_needed
    return _line(_K.RELEASE_KEY, _V.GO if need and have >= need else _V.WAIT, have, need)
