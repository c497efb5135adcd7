"""强调显示 (H05): marks in an item's text are kept like answers, and are none."""

from typing import Any

import msgspec
import pytest

from candidate_station.answers.draft import Draft
from candidate_station.paper.highlights import MAX_MARKS, marks_of, spans
from candidate_station.session.intents import MarkText
from candidate_station.session.screen_state import Screen


def with_tool(bench: Any) -> Any:
    """At the paper, of a session whose plan names the tool."""
    bench.to_screen(Screen.ANSWER)
    memory = bench.machine._memory
    memory.session = msgspec.structs.replace(memory.session, tools=["HIGHLIGHT"])
    return bench.state


def entries(bench: Any) -> list[dict[str, list[str]]]:
    return [each.values for each in bench.disk["s1"] if each.kind == "highlight"]


def test_h05_marks_are_entries_of_the_chain_and_come_back_from_it(bench: Any) -> None:
    state = with_tool(bench)
    bench.want(MarkText("q1", ("0-4", "7-9")))
    bench.want(MarkText("q1", ("0-4", "7-9")))
    after = bench.want(MarkText("q2", ("3-5",)))
    bench.want(MarkText("q1", ("7-9",)))
    assert entries(bench) == [
        {"highlight": ["0-4", "7-9"]},
        {"highlight": ["3-5"]},
        {"highlight": ["7-9"]},
    ]
    assert (after.item_id, after.unanswered) == (state.item_id, state.unanswered)
    again = Draft(bench.disk["s1"])
    assert (again.marks("q1"), again.marks("q2"), again.marks("q3")) == (["7-9"], ["3-5"], [])
    assert again.values("q1") == {} and again.last_response_seq == 0


def test_h05_h10_marks_come_back_after_a_restart_and_at_another_machine(bench: Any) -> None:
    with_tool(bench)
    bench.want(MarkText("q1", ("0-4",)))
    bench.flush()
    bench.restart()
    bench.flush()
    assert bench.machine.marks("q1") == ["0-4"]
    bench.connect()
    bench.flush()
    bench.disk.clear()  # the spare machine of a swap holds nothing: the server tells it
    bench.restart()
    bench.connect()
    bench.flush()
    assert bench.machine.marks("q1") == ["0-4"]


def test_h05_nothing_is_marked_unless_the_plan_names_the_tool(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(MarkText("q1", ("0-4",)))
    assert entries(bench) == []


def test_h05_what_is_no_mark_or_no_item_is_not_kept(bench: Any) -> None:
    with_tool(bench)
    for intent in (
        MarkText("q1", ("4-4",)),
        MarkText("q1", ("0-4", "4-9")),
        MarkText("elsewhere", ("0-4",)),
    ):
        bench.want(intent)
    assert entries(bench) == []


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "0-4",
        ["5-2"],
        ["0-4", "2-9"],
        ["01-4"],
        ["-1-4"],
        ["0-99999999"],
        [4],
        [f"{2 * at}-{2 * at + 1}" for at in range(MAX_MARKS + 1)],
    ],
)
def test_h05_marks_are_in_order_apart_and_bounded(wrong: object) -> None:
    assert spans(wrong) is None


@pytest.mark.parametrize("pairs", [None, {}, [[1]], [["1", "2"]], [[2, 1]], [[0, 4], [2, 9]]])
def test_h05_the_page_is_not_believed(pairs: object) -> None:
    assert marks_of(pairs) is None
    assert marks_of([[0, 4], [6, 9]]) == ["0-4", "6-9"]
