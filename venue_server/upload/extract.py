"""What goes into a bundle, as plain values: the caller reads its own tables and fills these."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from venue_server.wire.chain import ResponseEntry, follows, genesis
from venue_server.wire.declared import stated_declarations
from venue_server.wire.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class Declaration:
    """How QTI declares a response variable, where the venue knows it (it holds only ciphertext
    unless a station reported it)."""

    cardinality: str
    base_type: str


# What a result says when the venue does not know the declaration: the values, in their order.
UNDECLARED = Declaration("ordered", "")


@dataclass(frozen=True)
class SittingExtract:
    """One sitting, whatever became of it: absent candidates are in the bundle too (L02).

    ``entries`` gives every ResponseEntry in order, decrypted, each time it is called; it is called
    once. ``final_seq`` and ``final_head`` are what the hand-in receipt showed (None: never
    submitted). ``neighbours`` are seat numbers in the same room (Y05). ``package_id`` is the
    reference under which headquarters keeps the form's permutations; the seed itself is nowhere
    outside the sealed paper.
    """

    sitting_id: str
    ticket_no: str
    name: str
    id_number: str
    room_id: str
    seat_no: str
    machine_id: str
    form_id: str
    state: str
    entries: Callable[[], Iterable[ResponseEntry]]
    submit_kind: str | None = None
    admitted_at_ms: int | None = None
    logged_in_at_ms: int | None = None
    opened_at_ms: int | None = None
    submitted_at_ms: int | None = None
    exited_at_ms: int | None = None
    final_seq: int | None = None
    final_head: str | None = None
    neighbours: Sequence[str] = ()
    paper_id: str = ""
    package_id: str = ""
    swaps: Sequence[Mapping[str, Any]] = ()  # at which other machines they sat, and why (F12)


def _no_events(_sitting: SittingExtract) -> Iterable[Mapping[str, Any]]:
    return ()


@dataclass(frozen=True)
class SessionExtract:
    """One session. ``declarations`` maps (item id, response id) to its declaration; ``extra`` is
    copied into session.json (counts, plan facts) and holds JSON values only. ``events_of`` gives
    what the ledger tells of one sitting: log-ins, machines going down, swaps (Y05)."""

    venue_id: str
    plan_id: str
    session_id: str
    mode: str
    paper_id: str
    subject_code: str
    subject_title: str
    sittings: Sequence[SittingExtract]
    ledger_file: Path
    effective_start_ms: int | None = None
    ended_at_ms: int | None = None
    declarations: Mapping[tuple[str, str], Declaration] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    events_of: Callable[[SittingExtract], Iterable[Mapping[str, Any]]] = _no_events


@dataclass(frozen=True)
class SittingHead:
    """The end of one sitting's chain: what a receipt must confirm."""

    sitting_id: str
    seq: int
    head: str


def chain_head(sitting_id: str, entries: Iterable[ResponseEntry]) -> SittingHead | Refusal:
    """Verify a whole chain from its genesis; CHAIN_BROKEN names the sitting and the place."""
    seq, head = 0, genesis(sitting_id)
    for entry in entries:
        if entry.sitting_id != sitting_id or not follows(entry, seq, head):
            return Refusal(RefusalCode.CHAIN_BROKEN, f"{sitting_id} {seq + 1}")
        seq, head = entry.seq, entry.hash
    return SittingHead(sitting_id, seq, head)


def stated_by_station(
    entries: Iterable[ResponseEntry],
) -> dict[tuple[str, str], Declaration]:
    """What the station said of each answer's kind when it opened the paper; its last word."""
    found: dict[tuple[str, str], Declaration] = {}
    for entry in entries:
        if entry.kind == "open":
            stated = stated_declarations(entry.values)
            found |= {name: Declaration(*words) for name, words in stated.items()}
    return found


def last_answers(entries: Iterable[ResponseEntry]) -> dict[str, ResponseEntry]:
    """Item id to its last ``response`` entry: each replaces the one before."""
    return {entry.item_id: entry for entry in entries if entry.kind == "response"}
