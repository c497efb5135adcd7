"""The answer chain, the draft folded from it and the outbox: rules without a disk."""

import msgspec
import pytest

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.draft import Draft
from candidate_station.answers.outbox import ACK_TIMEOUT_S, MAX_BATCH, RETRY_S, Outbox
from venue_server.wire.chain import ResponseEntry, follows, genesis
from venue_server.wire.paper_index import InteractionIndex, ItemIndex


def filled(count: int, sitting_id: str = "s1") -> AnswerChain:
    chain = AnswerChain(sitting_id)
    for number in range(count):
        chain.add("response", f"q{number % 5}", {"R": [str(number)]}, {}, 1000 + number)
    return chain


def item(item_id: str, *response_ids: str) -> ItemIndex:
    parts = [InteractionIndex(name, "choice", "single", "identifier") for name in response_ids]
    return ItemIndex(item_id, f"{item_id}.xml", item_id, [], parts)


def test_every_entry_follows_the_one_before() -> None:
    chain = filled(7)
    seq, head = 0, genesis("s1")
    for entry in chain.entries:
        assert follows(entry, seq, head)
        seq, head = entry.seq, entry.hash
    assert (chain.seq, chain.head) == (7, head)


def test_a_spare_station_takes_the_whole_history_and_nothing_foreign() -> None:
    source, spare = filled(6), AnswerChain("s1")
    assert spare.agrees(6, source.head, source.entries)
    assert spare.extend(source.entries) == 6
    assert spare.head == source.head
    foreign = filled(8, "s2").entries
    assert spare.extend(foreign) == 0
    assert not spare.agrees(8, foreign[-1].hash, foreign)


@pytest.mark.parametrize("seq", range(7))
def test_agrees_when_the_server_is_behind_and_only_on_our_own_chain(seq: int) -> None:
    chain = filled(6)
    assert chain.agrees(seq, chain.head_at(seq), ())
    assert not chain.agrees(seq, "0" * 64, ())


def test_a_gap_a_changed_entry_and_a_fork_do_not_agree() -> None:
    source = filled(6)
    mine = AnswerChain("s1", source.entries[:3])
    assert mine.agrees(6, source.head, source.entries[3:])
    assert not mine.agrees(6, source.head, source.entries[4:])
    assert not mine.agrees(6, source.head, ())
    changed = msgspec.structs.replace(source.entries[4], values={"R": ["else"]})
    assert not mine.agrees(6, source.head, (source.entries[3], changed, source.entries[5]))
    mine.add("response", "q9", {"R": ["mine"]}, {}, 2000)
    assert not mine.agrees(6, source.head, source.entries[3:])


def test_h10_draft_is_the_last_answer_flag_and_place() -> None:
    chain = AnswerChain("s1")
    chain.add("open", "", {}, {}, 1)
    chain.add("response", "q1", {"R": ["A"]}, {"R": ["B", "A"]}, 2)
    chain.add("response", "q1", {"R": ["B"]}, {}, 3)
    chain.add("flag", "q2", {"flag": ["true"]}, {}, 4)
    chain.add("visit", "q3", {}, {}, 5)
    draft = Draft(chain.entries)
    assert draft.values("q1") == {"R": ["B"]}
    assert draft.values("q7") == {}
    assert draft.flagged("q2") and not draft.flagged("q1")
    assert draft.item_id == "q3"
    assert draft.last_response_seq == 3
    chain.add("flag", "q2", {"flag": ["false"]}, {}, 6)
    assert not Draft(chain.entries).flagged("q2")


def test_g10_a_half_filled_or_blank_item_counts_as_unanswered() -> None:
    chain = AnswerChain("s1")
    chain.add("response", "q1", {"A": ["x"], "B": ["  "]}, {}, 1)
    draft = Draft(chain.entries)
    assert not draft.answers(item("q1", "A", "B"))
    assert draft.answers(item("q1", "A"))
    assert draft.answered_count() == 1
    draft.apply(chain.add("response", "q1", {"A": [], "B": []}, {}, 2))
    assert draft.answered_count() == 0


def sent(outbox: Outbox, durable: int, at: float) -> list[int]:
    return [entry.seq for entry in outbox.batch(durable, at)]


def test_nothing_is_sent_before_the_server_said_what_it_has() -> None:
    chain = filled(3)
    outbox = Outbox(chain)
    assert sent(outbox, 3, 0.0) == []
    assert outbox.unsynced == 3
    outbox.server_has(1)
    assert outbox.unsynced == 2
    assert sent(outbox, 3, 0.0) == [2, 3]


def test_one_batch_is_on_its_way_and_is_sent_again_when_no_ack_comes() -> None:
    chain = filled(3)
    outbox = Outbox(chain)
    outbox.server_has(0)
    assert sent(outbox, 2, 0.0) == [1, 2]
    assert sent(outbox, 3, 0.1) == []
    assert sent(outbox, 3, ACK_TIMEOUT_S) == [1, 2, 3]
    assert outbox.acknowledged(2, chain.head_at(2))
    assert sent(outbox, 3, ACK_TIMEOUT_S + 0.1) == []
    assert outbox.acknowledged(3, chain.head_at(3))
    chain.add("visit", "q1", {}, {}, 9)
    assert sent(outbox, 4, ACK_TIMEOUT_S + 0.2) == [4]


def test_an_ack_for_another_chain_or_the_future_is_not_believed() -> None:
    chain = filled(3)
    outbox = Outbox(chain)
    outbox.server_has(0)
    sent(outbox, 3, 0.0)
    assert not outbox.acknowledged(2, "0" * 64)
    assert not outbox.acknowledged(4, chain.head)
    assert outbox.acked == 0


def test_a_lost_link_forgets_what_was_only_sent() -> None:
    chain = filled(3)
    outbox = Outbox(chain)
    outbox.server_has(0)
    sent(outbox, 3, 0.0)
    outbox.close()
    assert sent(outbox, 3, 100.0) == []
    outbox.server_has(0)
    assert sent(outbox, 3, 0.2) == [1, 2, 3]


def test_a_server_that_lost_answers_gets_them_again() -> None:
    chain = filled(5)
    outbox = Outbox(chain)
    outbox.server_has(5)
    assert outbox.unsynced == 0
    outbox.server_has(2)
    assert outbox.unsynced == 3
    assert sent(outbox, 5, 0.0) == [3, 4, 5]


def test_a_refusing_server_is_asked_again_a_little_later() -> None:
    outbox = Outbox(filled(2))
    outbox.server_has(0)
    sent(outbox, 2, 0.0)
    outbox.send_again(0.5)
    assert sent(outbox, 2, 0.6) == []
    assert sent(outbox, 2, 0.5 + RETRY_S) == [1, 2]


def test_batches_are_bounded_in_count_and_bytes_but_never_empty() -> None:
    outbox = Outbox(filled(MAX_BATCH + 5))
    outbox.server_has(0)
    assert len(outbox.batch(MAX_BATCH + 5, 0.0)) == MAX_BATCH
    chain = AnswerChain("s1")
    for number in range(3):
        chain.add("response", "q1", {"R": ["字" * 130_000]}, {}, number)
    outbox = Outbox(chain)
    outbox.server_has(0)
    assert sent(outbox, 3, 0.0) == [1]


def test_entries_cannot_be_changed() -> None:
    entry = filled(1).entries[0]
    assert isinstance(entry, ResponseEntry)
    with pytest.raises(AttributeError):
        entry.seq = 2  # type: ignore[misc]
