"""Branches of one sitting's answers: what the rule merges, and what it never does (F13, F24)."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.responses.acceptance import Head
from venue_server.responses.branching.rules import (
    Branch,
    ItemStand,
    Verdict,
    compare,
    further_entries,
    judge,
    last_answers,
)
from venue_server.wire.chain import ResponseEntry, follows, genesis, seal_entry

SITTING = "s.1"
Act = tuple[str, str, str]  # kind, item, answer
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["response", "response", "visit", "flag"]),
        st.sampled_from(["Q1", "Q2", "Q3"]),
        st.sampled_from("ABC"),
    ),
    max_size=6,
)


def grow(chain: Sequence[ResponseEntry], acts: Sequence[Act]) -> list[ResponseEntry]:
    """The chain with these acts behind it."""
    entries = list(chain)
    for kind, item, answer in acts:
        head = entries[-1].hash if entries else genesis(SITTING)
        values = {"R": [answer]} if kind == "response" else {}
        seq = len(entries) + 1
        entries.append(seal_entry(ResponseEntry(SITTING, seq, kind, item, values, {}, seq, head)))
    return entries


def forked(
    common: Sequence[Act], here: Sequence[Act], there: Sequence[Act]
) -> tuple[list[ResponseEntry], list[ResponseEntry]]:
    """(the server's chain, the other machine's entries that it lacks)."""
    base = grow([], common)
    chain, other = grow(base, here), grow(base, there)
    known = {(each.seq, each.hash) for each in chain}
    return chain, [each for each in other if (each.seq, each.hash) not in known]


def end(chain: Sequence[ResponseEntry]) -> Head:
    return Head(len(chain), chain[-1].hash if chain else genesis(SITTING))


def branch(entries: Sequence[ResponseEntry]) -> Branch:
    return Branch(SITTING, "old", tuple(entries), 1)


@given(ACTS, ACTS, ACTS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_f24_a_merge_only_ever_adds_to_the_chain_and_settles_the_branch(
    common: list[Act], here: list[Act], there: list[Act], conflicts: bool
) -> None:
    chain, lacking = forked(common, here, there)
    if not lacking:
        return
    other = branch(lacking)
    added = further_entries(other, chain, end(chain), conflicts)
    seq, head = len(chain), end(chain).hash
    for entry in added:
        assert follows(entry, seq, head)
        seq, head = entry.seq, entry.hash
    assert added == further_entries(other, chain, end(chain), conflicts), "the same again"
    after = {each.item_id: each.stand for each in compare(other, [*chain, *added])}
    left = {ItemStand.TAKEN} if conflicts else {ItemStand.TAKEN, ItemStand.CONFLICT}
    assert set(after.values()) <= left
    if conflicts:
        assert judge(other, [*chain, *added], own=True, last_ms=99) is Verdict.SETTLED


@given(ACTS, ACTS, ACTS)
@settings(max_examples=200, deadline=None)
def test_f13_the_rule_never_changes_an_answer_given_at_the_machine_at_work(
    common: list[Act], here: list[Act], there: list[Act]
) -> None:
    chain, lacking = forked(common, here, there)
    if not lacking or judge(branch(lacking), chain, own=True, last_ms=99) is not Verdict.MERGE:
        return
    other = branch(lacking)
    given_here = {e.item_id: e.values for e in last_answers(chain[other.base_seq :])}
    merged = [*chain, *further_entries(other, chain, end(chain), conflicts=False)]
    answers = {e.item_id: e.values for e in last_answers(merged)}
    brought = {e.item_id: e.values for e in last_answers(lacking)}
    for item, values in given_here.items():
        assert answers[item] == values
    for item, values in brought.items():
        assert answers[item] == values or item in given_here


def test_f24_what_the_rule_leaves_to_people() -> None:
    common = [("response", "Q1", "A")]
    chain, lacking = forked(common, [("response", "Q2", "B")], [("response", "Q3", "C")])
    assert judge(branch(lacking), chain, own=True, last_ms=99) is Verdict.MERGE
    assert judge(branch(lacking), chain, own=False, last_ms=99) is Verdict.PEOPLE, "not its own"
    assert judge(branch(lacking), chain, own=True, last_ms=1) is Verdict.PEOPLE, "too late"
    assert judge(branch(lacking), chain, own=True, last_ms=None) is Verdict.PEOPLE, "no time"
    _, torn = forked(common, [], [("visit", "Q1", ""), ("response", "Q3", "C")])
    assert judge(branch(torn[1:]), chain, own=True, last_ms=99) is Verdict.PEOPLE, "a hole"
    chain, lacking = forked(common, [("response", "Q3", "B")], [("response", "Q3", "C")])
    assert judge(branch(lacking), chain, own=True, last_ms=99) is Verdict.PEOPLE, "both"
    chain, lacking = forked(common, [("response", "Q3", "C")], [("visit", "Q3", "")])
    assert judge(branch(lacking), chain, own=False, last_ms=None) is Verdict.SETTLED, "no answer"


def test_l02_a_tail_that_continues_the_very_end_is_taken_as_it_is() -> None:
    chain, lacking = forked([("response", "Q1", "A")], [], [("response", "Q2", "B")])
    assert further_entries(branch(lacking), chain, end(chain), conflicts=False) == lacking


ANY_ENTRIES = st.lists(
    st.builds(
        ResponseEntry,
        st.just(SITTING),
        st.integers(-3, 7),
        st.sampled_from(["response", "visit", "submit", "?"]),
        st.sampled_from(["Q1", "Q2", ""]),
        st.dictionaries(st.sampled_from(["R", ""]), st.lists(st.text(max_size=2), max_size=2)),
        st.just({}),
        st.integers(-5, 5),
        st.text(max_size=3),
        st.text(max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(ACTS, ANY_ENTRIES, st.booleans(), st.booleans())
def test_r9_whatever_a_machine_brings_is_judged_and_nothing_raised(
    acts: list[Act], brought: list[ResponseEntry], own: bool, sealed: bool
) -> None:
    chain = grow([], acts)
    entries = [seal_entry(each) for each in brought] if sealed else brought
    ordered = sorted(entries, key=lambda each: (each.seq, each.hash))
    one = branch(ordered)
    verdict = judge(one, chain, own, 5)
    made = further_entries(one, chain, end(chain), conflicts=True)
    head = end(chain)
    for entry in made if verdict is Verdict.MERGE else ():
        assert follows(entry, head.seq, head.hash)
        head = Head(entry.seq, entry.hash)
