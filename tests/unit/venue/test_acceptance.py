"""The rule that judges saves: idempotent, gapless, no contradiction, nothing late (L02, G09)."""

from hypothesis import given
from hypothesis import strategies as st

from venue_server.responses.acceptance import MAX_BATCH, Head, accept
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.refusals import RefusalCode

SITTING = "s1-001"
START = Head(0, genesis(SITTING))


def chain(count: int, at_ms: int = 100, sitting: str = SITTING) -> list[ResponseEntry]:
    entries: list[ResponseEntry] = []
    head = genesis(sitting)
    for seq in range(1, count + 1):
        entry = seal_entry(
            ResponseEntry(sitting, seq, "response", "q1", {"R": [str(seq)]}, {}, at_ms, head)
        )
        entries.append(entry)
        head = entry.hash
    return entries


def known(entries: list[ResponseEntry]) -> dict[int, str]:
    return {entry.seq: entry.hash for entry in entries}


def test_l02_a_batch_that_continues_the_chain_is_new() -> None:
    entries = chain(3)
    verdict = accept(SITTING, START, {}, entries, 1_000)
    assert verdict.new == entries
    assert verdict.head == Head(3, entries[-1].hash)
    assert verdict.refusal is None


def test_l02_what_was_accepted_is_not_new_again() -> None:
    entries = chain(5)
    head = Head(3, entries[2].hash)
    verdict = accept(SITTING, head, known(entries[:3]), entries, 1_000)
    assert [entry.seq for entry in verdict.new] == [4, 5]
    assert not verdict.strays


def test_l02_a_hole_is_asked_for_and_nothing_is_kept_aside() -> None:
    entries = chain(4)
    verdict = accept(SITTING, START, {}, entries[2:], 1_000)
    assert verdict.refusal is not None
    assert verdict.refusal.code is RefusalCode.SAVE_GAP
    assert not verdict.new
    assert not verdict.strays


def test_f24_another_branch_is_kept_aside_whole() -> None:
    ours = chain(4)
    theirs = chain(4, at_ms=200)
    verdict = accept(SITTING, Head(2, ours[1].hash), known(ours[:2]), theirs, 1_000)
    assert verdict.refusal is not None
    assert verdict.refusal.code is RefusalCode.CHAIN_BROKEN
    assert verdict.strays == theirs
    assert not verdict.new


def test_g09_an_answer_after_the_end_is_kept_aside_the_closing_mark_is_not() -> None:
    entries = chain(2, at_ms=1_001)
    late = accept(SITTING, START, {}, entries, 1_000)
    assert late.refusal is not None
    assert late.refusal.code is RefusalCode.SITTING_ENDED
    assert late.strays == entries
    mark = seal_entry(ResponseEntry(SITTING, 1, "submit", "", {}, {}, 1_001, START.hash))
    assert accept(SITTING, START, {}, [mark], 1_000).new == [mark]


def test_another_sittings_entry_never_enters() -> None:
    entries = chain(1, sitting="s1-002")
    verdict = accept(SITTING, START, {}, entries, 1_000)
    assert verdict.refusal is not None
    assert verdict.refusal.code is RefusalCode.CHAIN_BROKEN


def test_a_flood_is_refused_whole() -> None:
    entries = chain(1) * (MAX_BATCH + 1)
    verdict = accept(SITTING, START, {}, entries, 1_000)
    assert verdict.refusal is not None
    assert verdict.refusal.code is RefusalCode.TOO_MANY
    assert not verdict.new


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_l02_any_order_of_repeats_accepts_each_entry_once(cuts: list[int]) -> None:
    entries = chain(10)
    head, have, stored = START, dict[int, str](), list[ResponseEntry]()
    for cut in [*cuts, 0]:
        verdict = accept(SITTING, head, have, entries[max(0, cut - 3) :], 1_000)
        stored += verdict.new
        head = verdict.head
        have.update(known(verdict.new))
    assert stored == entries


def test_g12_nothing_stamped_before_the_start_is_accepted_and_it_is_kept_aside() -> None:
    entries = chain(2, at_ms=99)
    verdict = accept(SITTING, START, {}, entries, 1_000, first_ms=100)
    assert verdict.new == []
    assert verdict.strays == entries
    assert verdict.refusal is not None
    assert verdict.refusal.code is RefusalCode.NOT_STARTED
    at_the_start = chain(2, at_ms=100)
    assert accept(SITTING, START, {}, at_the_start, 1_000, first_ms=100).new == at_the_start
