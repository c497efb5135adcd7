"""The hash chain of a sitting's answers: any change anywhere is another chain (L02, G11)."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.chain import (
    ResponseEntry,
    entry_hash,
    follows,
    genesis,
    seal_entry,
)

SITTING = "s1-001"
FIRST = seal_entry(
    ResponseEntry(
        SITTING, 1, "response", "Q1", {"R": ["A"]}, {"R": ["B", "A"]}, 7, genesis(SITTING)
    )
)


def test_l02_the_first_entry_follows_the_sittings_own_genesis_only() -> None:
    assert follows(FIRST, 0, genesis(SITTING))
    assert not follows(FIRST, 0, genesis("s1-002"))
    assert not follows(FIRST, 1, genesis(SITTING))
    assert genesis(SITTING) != genesis("s1-002")


@pytest.mark.parametrize(
    "change",
    [
        {"sitting_id": "s1-002"},
        {"seq": 2},
        {"kind": "visit"},
        {"item_id": "Q2"},
        {"values": {"R": ["B"]}},
        {"values": {}},
        {"displayed": {"R": ["A", "B"]}},
        {"at_ms": 8},
        {"prev": genesis("s1-002")},
    ],
)
def test_l02_every_field_is_covered_by_the_hash(change: dict[str, object]) -> None:
    changed = msgspec.structs.replace(FIRST, **change)
    assert entry_hash(changed) != FIRST.hash
    assert not follows(changed, 0, genesis(SITTING))


def test_l02_the_hash_is_what_the_document_says() -> None:
    body = {name: getattr(FIRST, name) for name in FIRST.__struct_fields__ if name != "hash"}
    assert FIRST.hash == sha256_hex(canonical(body))


def test_l02_the_order_of_keys_does_not_matter_the_order_of_values_does() -> None:
    one = msgspec.structs.replace(FIRST, values={"A": ["1"], "B": ["2"]})
    other = msgspec.structs.replace(FIRST, values={"B": ["2"], "A": ["1"]})
    assert entry_hash(one) == entry_hash(other)
    swapped = msgspec.structs.replace(FIRST, displayed={"R": ["A", "B"]})
    assert entry_hash(swapped) != FIRST.hash


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
answers = st.dictionaries(texts, st.lists(texts, max_size=3), max_size=3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(texts, answers, st.integers(0, 2**53 - 1)), min_size=1, max_size=8))
def test_l02_a_chain_survives_the_wire_and_breaks_when_any_entry_is_left_out(
    acts: list[tuple[str, dict[str, list[str]], int]],
) -> None:
    entries: list[ResponseEntry] = []
    head = genesis(SITTING)
    for seq, (item, values, at_ms) in enumerate(acts, start=1):
        entry = ResponseEntry(SITTING, seq, "response", item, values, {}, at_ms, head)
        entries.append(seal_entry(entry))
        head = entries[-1].hash
    travelled = msgspec.json.decode(msgspec.json.encode(entries), type=list[ResponseEntry])
    seq, head = 0, genesis(SITTING)
    for entry in travelled:
        assert follows(entry, seq, head)
        assert not follows(entry, seq + 1, head)
        seq, head = entry.seq, entry.hash
    for gone in range(1, len(travelled)):
        assert not follows(travelled[gone], gone, travelled[gone - 2].hash if gone > 1 else "")
