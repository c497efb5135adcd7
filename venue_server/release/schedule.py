"""May the papers be released now (E01), and when does the session start? Pure rules."""

from dataclasses import dataclass

from venue_server.wire.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class ReleaseFacts:
    """Everything the rule looks at. Instants are exam time in milliseconds. Of several forms the
    latest ``release_at_ms`` counts, and all of them must be complete and have their secret."""

    now_ms: float
    clock_trusted: bool
    release_at_ms: int
    package_complete: bool
    armed: bool
    secret_present: bool
    released: bool = False
    frozen: bool = False
    used_before: bool = False


def may_release(facts: ReleaseFacts) -> Refusal | None:
    """None when the papers may be released at this instant, else the first reason why not.

    A freeze comes first: while it holds no way opens anything (I05). Then time, before everything
    else but completeness: nothing a person or a file says opens a paper early (S1 article 47).
    """
    if facts.released:
        return Refusal(RefusalCode.RELEASE_DONE)
    if facts.frozen:
        return Refusal(RefusalCode.RELEASE_FROZEN)
    if not facts.package_complete:
        return Refusal(RefusalCode.FRAGMENTS_MISSING)
    if facts.used_before:
        return Refusal(RefusalCode.PAPER_REPLAYED)
    if not facts.clock_trusted:
        return Refusal(RefusalCode.CLOCK_UNTRUSTED)
    if facts.now_ms < facts.release_at_ms:
        return Refusal(RefusalCode.RELEASE_TOO_EARLY)
    if not facts.armed:
        return Refusal(RefusalCode.RELEASE_NOT_ARMED)
    if not facts.secret_present:
        return Refusal(RefusalCode.RELEASE_NOT_READY)
    return None


def effective_start(
    now_ms: float, scheduled_ms: int, lead_s: float, rate: float, ahead_ms: float = 0.0
) -> int:
    """The instant all stations open together: the scheduled start, or, when the release came late,
    now plus a lead of ``lead_s`` real seconds that covers the push (REQUIREMENTS §10.5).

    ``ahead_ms``: the clock may be that far ahead of headquarters' (exam ms); the start waits for
    the scheduled instant by headquarters' time."""
    return max(int(scheduled_ms + ahead_ms), int(now_ms + lead_s * 1000 * rate))
