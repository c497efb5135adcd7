"""H07: a candidate is told where the answers are, and never more than the server said."""

from typing import Any

from candidate_station.session.screen_state import Screen
from venue_server.wire.wiping_orders import AnswerPlace, AnswersAt, WipePaper


def test_h07_the_servers_word_about_another_sitting_says_nothing_here(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    assert bench.state.place is AnswerPlace.NOWHERE
    bench.tell(AnswersAt("another", AnswerPlace.HEADQUARTERS))
    assert bench.state.place is AnswerPlace.NOWHERE
    bench.tell(AnswersAt("s1", AnswerPlace.SECOND))
    assert bench.state.place is AnswerPlace.SECOND


def test_h07_a_lost_second_copy_is_told_at_once(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.tell(AnswersAt("s1", AnswerPlace.SECOND))
    bench.tell(AnswersAt("s1", AnswerPlace.SERVER))
    assert bench.state.place is AnswerPlace.SERVER


def test_h07_the_receipt_page_hears_of_every_later_place_and_a_next_candidate_of_none(
    bench: Any,
) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.at(bench.state.timing.end_ms)
    bench.flush()
    assert bench.screen is Screen.RECEIPT
    for place in (AnswerPlace.SECOND, AnswerPlace.BACKUP, AnswerPlace.HEADQUARTERS):
        bench.tell(AnswersAt("s1", place))
        assert bench.state.place is place
    bench.tell(WipePaper("p1", "s1"))
    assert bench.screen is Screen.RECEIPT
    assert bench.state.place is AnswerPlace.HEADQUARTERS


def test_l10_an_order_that_has_to_wait_holds_up_none_of_another_session(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.tell(WipePaper("p1", "s1"))  # this candidate is at work
    bench.tell(WipePaper("morning", "s0"))  # the session that came home
    assert bench.destroyed == ["morning"]
    assert bench.screen is Screen.ANSWER and bench.state.seal is not None
    bench.tell(WipePaper("p1", "s1"))  # asked again at a hello: still once
    bench.at(bench.state.timing.end_ms)
    bench.flush()
    assert bench.destroyed == ["morning", "p1"]
