"""Items in time, from the journal alone (Y02-Y05)."""

from hypothesis import given
from hypothesis import strategies as st

from venue_server.upload.timeline import timeline
from venue_server.wire.chain import ResponseEntry


def entry(seq: int, kind: str, item: str, at_ms: int, value: str = "") -> ResponseEntry:
    values = {"RESPONSE": [value]} if value else {}
    displayed = {"RESPONSE": ["c", "a", "b"]} if value else {}
    return ResponseEntry("s", seq, kind, item, values, displayed, at_ms, "")


def test_y05_first_answer_changes_final_and_dwell_of_every_item() -> None:
    rows = timeline(
        [
            entry(1, "open", "", 1_000),
            entry(2, "visit", "I1", 1_000),
            entry(3, "response", "I1", 4_000, "a"),
            entry(4, "visit", "I2", 10_000),
            entry(5, "flag", "I2", 11_000),
            entry(6, "visit", "I1", 15_000),
            entry(7, "response", "I1", 16_000, "b"),
            entry(8, "submit", "", 20_000),
        ]
    )
    first, second = rows
    assert [row["item_id"] for row in rows] == ["I1", "I2"]
    assert (first["first_seen_ms"], first["first_answer_ms"], first["final_answer_ms"]) == (
        1_000,
        4_000,
        16_000,
    )
    assert (first["visits"], first["dwell_ms"]) == (2, 9_000 + 5_000)
    assert (second["visits"], second["dwell_ms"], second["first_answer_ms"]) == (1, 5_000, None)
    assert [each["values"]["RESPONSE"] for each in first["changes"]] == [["a"], ["b"]]


def test_y03_the_canonical_option_and_the_displayed_position_are_both_there() -> None:
    (row,) = timeline([entry(1, "response", "I1", 5, "b")])
    (change,) = row["changes"]
    chosen = change["values"]["RESPONSE"][0]
    assert (chosen, change["displayed"]["RESPONSE"].index(chosen)) == ("b", 2)


def test_y05_an_item_answered_without_a_look_counts_as_met_there() -> None:
    rows = timeline(
        [
            entry(1, "response", "I1", 100, "a"),
            entry(2, "response", "I2", 300, "a"),
            entry(3, "submit", "", 350),
        ]
    )
    assert [(row["first_seen_ms"], row["dwell_ms"]) for row in rows] == [(100, 200), (300, 50)]


acts = st.lists(
    st.tuples(
        st.sampled_from(["visit", "response", "flag"]),
        st.sampled_from(["I1", "I2", "I3"]),
        st.integers(0, 50_000),
    ),
    max_size=40,
)


@given(acts)
def test_y05_no_time_is_invented_and_no_change_is_lost(made: list[tuple[str, str, int]]) -> None:
    at, entries = 0, []
    for seq, (kind, item, wait) in enumerate(made, start=1):
        at += wait
        entries.append(entry(seq, kind, item, at, "x" if kind == "response" else ""))
    entries.append(entry(len(made) + 1, "submit", "", at))
    rows = timeline(entries)
    assert sum(row["dwell_ms"] for row in rows) <= at
    assert sum(len(row["changes"]) for row in rows) == sum(k == "response" for k, _, _ in made)
    assert {row["item_id"] for row in rows} == {i for k, i, _ in made if k != "flag"}
