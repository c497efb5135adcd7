"""A station shows its candidate's own order of items and the section's instructions (D15, H02)."""

from typing import Any

import msgspec
import pytest

from candidate_station.paper.item_order import section_order
from candidate_station.session.intents import GoTo, Step
from candidate_station.session.screen_state import Screen


@pytest.fixture
def shuffling(bench: Any) -> Any:
    """A bench whose second section has nine items in an order of the candidate's own."""
    first, second = bench.index.sections
    names = [f"x{number}" for number in range(9)]
    items = {
        **{name: bench.index.items[name] for name in first.item_ids},
        **{name: msgspec.structs.replace(bench.index.items["q3"], item_id=name) for name in names},
    }
    second = msgspec.structs.replace(second, item_ids=names, shuffle=True)
    first = msgspec.structs.replace(first, instructions=" 每题只选一项。\n")
    bench.index = msgspec.structs.replace(bench.index, sections=[first, second], items=items)
    return bench


def shown(bench: Any) -> list[str]:
    return [cell.item_id for cell in bench.state.navigator]


def test_d15_navigator_and_steps_follow_the_candidates_order(shuffling: Any) -> None:
    shuffling.to_screen(Screen.ANSWER)
    mine = section_order(shuffling.index, shuffling.index.sections[1], "s1")
    assert mine != shuffling.index.sections[1].item_ids, "a seed that happens to keep the order"
    assert shown(shuffling) == ["q1", "q2", *mine]
    assert [cell.number for cell in shuffling.state.navigator] == list(range(1, 12))
    walked = [shuffling.state.item_id]
    for _ in range(10):
        walked.append(shuffling.want(Step(1)).item_id)
    assert walked == shown(shuffling)


def test_d15_the_order_is_recorded_when_the_paper_opens(shuffling: Any) -> None:
    shuffling.to_screen(Screen.ANSWER)
    opened = shuffling.server.entries[0]
    assert opened.kind == "open"
    assert opened.displayed == {"B": shown(shuffling)[2:]}
    assert set(opened.values) == set(shown(shuffling))
    assert opened.values["q1"] == ["R", "single", "identifier"], "and what kind each answer is"


def test_d15_the_order_survives_a_restart_and_changes_with_the_sitting(shuffling: Any) -> None:
    shuffling.to_screen(Screen.ANSWER)
    before = shown(shuffling)
    shuffling.restart()
    shuffling.connect()
    shuffling.flush()
    assert shuffling.screen is Screen.ANSWER
    assert shown(shuffling) == before
    other = section_order(shuffling.index, shuffling.index.sections[1], "another sitting")
    assert other != before[2:] and sorted(other) == sorted(before[2:])


def test_h02_instructions_of_the_section_on_the_screen(shuffling: Any) -> None:
    shuffling.to_screen(Screen.ANSWER)
    assert shuffling.state.instructions == "每题只选一项。"
    assert shuffling.want(GoTo("x3")).instructions == ""
    assert shuffling.want(GoTo("q2")).instructions == "每题只选一项。"
