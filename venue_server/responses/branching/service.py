"""Keeps branches of answers aside, merges what the rule allows, carries out what people decide.

Save, then do: a merge is first written down as a decision that names the entries' end, then the
entries are appended, then the hand-in is extended to them. Killed in between, the next look finds
the decision and goes on; the entries it makes are the same.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.responses.acceptance import Head
from venue_server.responses.branching import store as rows
from venue_server.responses.branching.rules import (
    Branch,
    BranchItem,
    Verdict,
    compare,
    further_entries,
    judge,
)
from venue_server.responses.branching.store import Decision
from venue_server.responses.service import Responses
from venue_server.responses.store import hashes_of
from venue_server.sitting.book import SittingBook
from venue_server.sitting.rows import Sitting
from venue_server.sitting.states import CLOSED_SITTINGS
from venue_server.sitting.swapping.store import extend_final
from venue_server.storage.engine import Store, StoreFault
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.names import SessionState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.swap_orders import Keep

BY_RULE = "RULE"
LATE_MS = 250
"""As much later than the end as any answer may be, by the tolerance of clocks (G09)."""
_BY_THEMSELVES = (SubmitKind.EARLY, SubmitKind.EXCEPTIONAL)
"""Whoever left before the end answered nothing afterwards: no rule takes what claims it."""
_OPEN_RECORDS = (SessionState.STARTED, SessionState.ENDED, SessionState.RECONCILED)


@dataclass(frozen=True)
class Standing:
    """One branch of a sitting, its items, and what has to happen with it."""

    sitting: Sitting
    branch: Branch
    items: tuple[BranchItem, ...]
    verdict: Verdict
    decided: str = ""  # CHAIN, BRANCH or RULE

    @property
    def open(self) -> bool:
        """Does somebody still have to decide, or the rule to act?"""
        return self.verdict is not Verdict.SETTLED and not self.decided


class Branches:
    """``held_before`` tells whether a candidate really sat at a machine before."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        sittings: SittingBook,
        responses: Responses,
        held_before: Callable[[Sitting, str], bool],
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._sittings = sittings
        self._responses = responses
        self._held_before = held_before
        self._now_ms = now_ms
        self._one_at_a_time = asyncio.Lock()
        self._seen: dict[str, tuple[object, list[Standing]]] = {}

    # ---- keeping -------------------------------------------------------------------------

    async def keep(self, sitting: Sitting, machine_id: str, entries: list[ResponseEntry]) -> int:
        """Keep what neither the chain nor the branch holds yet; durable on return. How many."""
        async with self._one_at_a_time:
            sequences = [each.seq for each in entries]
            first, last = min(sequences), max(sequences)
            held = self._store.read(lambda tx: hashes_of(tx, sitting.sitting_id, first, last))
            known = {(each.seq, each.hash) for each in self._kept(sitting, machine_id)}
            known |= set(held.items())
            fresh = [each for each in entries if (each.seq, each.hash) not in known]
            if fresh:
                await self._responses.keep_aside(
                    sitting.session_id, sitting.sitting_id, machine_id, fresh
                )
            return len(fresh)

    def accepted(self, sitting_id: str, first: int, last: int) -> set[str]:
        """Hashes of the chain's entries of these numbers."""
        return set(self._store.read(lambda tx: hashes_of(tx, sitting_id, first, last)).values())

    def _kept(self, sitting: Sitting, machine_id: str) -> list[ResponseEntry]:
        strays = self._store.read(lambda tx: rows.strays_of(tx, sitting.sitting_id))
        return [
            entry
            for row in strays
            if row.machine_id == machine_id
            for entry in self._opened(sitting, row.sealed)
        ]

    def _opened(self, sitting: Sitting, sealed: bytes) -> list[ResponseEntry]:
        return self._responses.aside.open(sitting.session_id, sitting.sitting_id, sealed)

    # ---- looking -------------------------------------------------------------------------

    def in_session(self, session_id: str) -> list[Standing]:
        """Every branch of a session, settled ones too."""
        ids = self._store.read(lambda tx: rows.sittings_with_branches(tx, session_id))
        found = [sitting for each in ids if (sitting := self._sittings.sitting(each))]
        return [standing for sitting in found for standing in self.of(sitting)]

    def of(self, sitting: Sitting) -> list[Standing]:
        """Every branch of a sitting, by machine; read anew only when something changed. None once
        its session's wiping was begun, which waits for everything to be decided."""
        sitting_id = sitting.sitting_id
        head = self._responses.head(sitting.session_id, sitting_id)
        newest = self._store.read(lambda tx: rows.newest_stray(tx, [sitting_id]))
        if not newest or not self._store.read(lambda tx: rows.can_be_read(tx, sitting.session_id)):
            return []
        decisions = self._store.read(lambda tx: rows.decisions_of(tx, sitting_id))
        last_ms = self._last_ms(sitting)
        mark = (sitting, head, newest, len(decisions), last_ms)
        seen = self._seen.get(sitting_id)
        if seen is None or seen[0] != mark:
            chain = self._responses.entries(sitting.session_id, sitting_id)
            found = [
                self._standing(sitting, branch, chain, decisions, last_ms)
                for branch in self._branches(sitting, decisions)
            ]
            seen = self._seen[sitting_id] = (mark, found)
        return seen[1]

    def _last_ms(self, sitting: Sitting) -> int | None:
        session = self._sittings.session(sitting.session_id)
        if session.effective_start_ms is None:
            return None
        last_ms = self._sittings.answers_count_until_ms(sitting) + LATE_MS
        handed_in_ms = sitting.submitted_at_ms
        if handed_in_ms is None or sitting.submit_kind not in _BY_THEMSELVES:
            return last_ms
        return min(last_ms, handed_in_ms)

    def _branches(self, sitting: Sitting, decisions: list[Decision]) -> list[Branch]:
        """One a machine; what came after a decision is a branch of its own."""
        bounds = {(each.machine_id, each.upto_stray) for each in decisions}
        groups: dict[tuple[str, int], dict[tuple[int, str], ResponseEntry]] = {}
        upto: dict[tuple[str, int], int] = {}
        for row in self._store.read(lambda tx: rows.strays_of(tx, sitting.sitting_id)):
            before = [end for machine, end in bounds if machine == row.machine_id]
            key = row.machine_id, sum(end < row.stray_id for end in before)
            entries = groups.setdefault(key, {})
            for entry in self._opened(sitting, row.sealed):
                entries[entry.seq, entry.hash] = entry
            upto[key] = row.stray_id
        return [
            Branch(sitting.sitting_id, key[0], tuple(value[k] for k in sorted(value)), upto[key])
            for key, value in groups.items()
            if value
        ]

    def _standing(
        self,
        sitting: Sitting,
        branch: Branch,
        chain: list[ResponseEntry],
        decisions: list[Decision],
        last_ms: int | None,
    ) -> Standing:
        own = self._held_before(sitting, branch.machine_id)
        made = [
            each.keep
            for each in decisions
            if (each.machine_id, each.upto_stray) == (branch.machine_id, branch.upto)
        ]
        return Standing(
            sitting,
            branch,
            tuple(compare(branch, chain)),
            judge(branch, chain, own, last_ms),
            made[-1] if made else "",
        )

    def is_settled(self, sitting: Sitting, machine_id: str) -> bool:
        """Does nothing that this machine brought wait any more?"""
        mine = [each for each in self.of(sitting) if each.branch.machine_id == machine_id]
        return not any(each.open for each in mine)

    # ---- merging -------------------------------------------------------------------------

    async def merge_by_rule(self, standing: Standing) -> Refusal | None:
        """Merge a branch of a handed-in sitting where nothing was answered elsewhere."""
        return await self._append(standing, BY_RULE, "", "", conflicts=False)

    async def decide(
        self, sitting_id: str, machine_id: str, keep: Keep, reason: str, persons: str
    ) -> Standing | Refusal:
        """Two people decide about a branch (F24). Refusals: SIT-03, SES-01 sealed already, SWP-05,
        SWP-06, SWP-07 still answering."""
        sitting = self._sittings.sitting(sitting_id)
        if sitting is None:
            return Refusal(RefusalCode.SITTING_UNKNOWN, sitting_id)
        if not reason.strip():
            return Refusal(RefusalCode.SWAP_REASON_MISSING)
        mine = [each for each in self.of(sitting) if each.branch.machine_id == machine_id]
        waiting = [each for each in mine if each.open]
        if not waiting:
            return Refusal(RefusalCode.BRANCH_UNKNOWN, f"{sitting_id} {machine_id}")
        if sitting.state not in CLOSED_SITTINGS:
            return Refusal(RefusalCode.BRANCH_TOO_EARLY, sitting_id)
        no = await self._append(
            waiting[0], keep.value, reason.strip(), persons, conflicts=keep is Keep.BRANCH
        )
        return no or waiting[0]

    async def _append(
        self, standing: Standing, keep: str, reason: str, persons: str, conflicts: bool
    ) -> Refusal | None:
        async with self._one_at_a_time:
            sitting, branch = standing.sitting, standing.branch
            refusal = await self._finish(sitting.sitting_id)  # one after the other, whole
            if refusal is not None:
                return refusal
            session = self._sittings.session(sitting.session_id)
            if session.state not in _OPEN_RECORDS:
                return Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value)
            head = await self._responses.flushed(sitting.session_id, sitting.sitting_id)
            added = self._to_add(standing, keep, head, conflicts)
            end = Head(added[-1].seq, added[-1].hash) if added else head
            decision = Decision(
                sitting.sitting_id,
                branch.machine_id,
                branch.upto,
                keep,
                reason,
                persons,
                self._now_ms(),
                head.seq,
                end.seq,
                end.hash,
            )
            try:
                await self._store.write(lambda tx: self._decided(tx, sitting, decision))
            except StoreFault:
                return Refusal(RefusalCode.SAVE_NOT_DURABLE, sitting.sitting_id)
            return await self._finish(sitting.sitting_id)

    def _to_add(
        self, standing: Standing, keep: str, head: Head, conflicts: bool
    ) -> list[ResponseEntry]:
        if keep == Keep.CHAIN.value:
            return []
        sitting = standing.sitting
        chain = self._responses.entries(sitting.session_id, sitting.sitting_id)
        return further_entries(standing.branch, chain, head, conflicts)

    def _decided(self, tx: Connection, sitting: Sitting, decision: Decision) -> None:
        rows.insert_decision(tx, decision)
        self._ledger.record(
            tx,
            Event.BRANCH_DECIDED,
            decision.persons,
            session=sitting.session_id,
            room=sitting.room_id,
            sitting=sitting.sitting_id,
            seat=sitting.seat_no,
            machine=decision.machine_id,
            keep=decision.keep,
            reason=decision.reason,
            from_seq=decision.from_seq,
            to_seq=decision.to_seq,
            to_head=decision.to_head,
        )

    async def finish(self, sitting_id: str) -> Refusal | None:
        """Carry out what was decided and is not done: append, then extend the hand-in."""
        async with self._one_at_a_time:
            return await self._finish(sitting_id)

    async def _finish(self, sitting_id: str) -> Refusal | None:
        for decision in self._decisions(sitting_id):
            refusal = await self._carry_out(decision)
            if refusal is not None:
                return refusal
        return None

    async def _carry_out(self, decision: Decision) -> Refusal | None:
        sitting = self._sittings.sitting(decision.sitting_id)
        if sitting is None or decision.to_seq == decision.from_seq:
            return None
        session_id, sitting_id = sitting.session_id, sitting.sitting_id
        head = await self._responses.flushed(session_id, sitting_id)
        if head.seq == decision.from_seq:
            chain = self._responses.entries(session_id, sitting_id)
            branch = next(
                each
                for each in self._branches(sitting, self._decisions(sitting_id))
                if (each.machine_id, each.upto) == (decision.machine_id, decision.upto_stray)
            )
            added = further_entries(branch, chain, head, decision.keep == Keep.BRANCH.value)
            assert added[-1].hash == decision.to_head, "the same branch, the same entries"
            if not await self._responses.append(session_id, sitting_id, added):
                return Refusal(RefusalCode.SAVE_NOT_DURABLE, sitting_id)
        if sitting.final_seq is not None and sitting.final_seq <= decision.from_seq:
            try:
                await self._store.write(lambda tx: self._extended(tx, sitting, decision))
            except StoreFault:
                return Refusal(RefusalCode.SAVE_NOT_DURABLE, sitting_id)
        return None

    def _decisions(self, sitting_id: str) -> list[Decision]:
        return self._store.read(lambda tx: rows.decisions_of(tx, sitting_id))

    def _extended(self, tx: Connection, sitting: Sitting, decision: Decision) -> None:
        if extend_final(tx, sitting, decision.to_seq, decision.to_head):
            self._ledger.record(
                tx,
                Event.ANSWERS_MERGED,
                decision.persons,
                session=sitting.session_id,
                room=sitting.room_id,
                sitting=sitting.sitting_id,
                machine=decision.machine_id,
                from_seq=decision.from_seq,
                to_seq=decision.to_seq,
                receipt_head=sitting.final_head or "",
                head=decision.to_head,
            )
