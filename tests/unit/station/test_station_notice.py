"""A correction notice of headquarters, as a station lives it (F14): shown, read, never lost."""

from typing import Any

from candidate_station.session.intents import GoTo, ReadNotice
from candidate_station.session.screen_state import Screen
from venue_server.wire.notice_orders import NoticesPublished, PaperNotice

WHOLE = PaperNotice(1, [], "全卷更正", "all")
SECOND = PaperNotice(2, ["q2"], "第二题更正", "second")


def told(bench: Any, *notices: PaperNotice, sitting: str = "s1") -> Any:
    return bench.tell(NoticesPublished(sitting, list(notices)))


def shown(state: Any) -> list[tuple[int, bool, bool]]:
    return [(each.sequence, each.read, each.here) for each in state.corrections]


def test_f14_an_unread_notice_is_on_every_item_a_read_one_on_its_own(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    state = told(bench, SECOND)
    assert shown(state) == [(2, False, False)]
    assert [cell.item_id for cell in state.navigator if cell.corrected] == ["q2"]
    assert state.corrections[0].numbers == (2,)
    assert not state.input_locked, "nobody is kept from working by it"
    state = bench.want(ReadNotice(2))
    assert shown(state) == []
    state = bench.want(GoTo("q2"))
    assert shown(state) == [(2, True, True)]


def test_f14_reading_is_an_entry_of_the_chain_made_once_and_survives_a_restart(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    told(bench, WHOLE)
    bench.want(ReadNotice(1))
    bench.want(ReadNotice(1))
    bench.flush()
    entries = [entry for entry in bench.disk["s1"] if entry.kind == "notice"]
    assert [entry.values for entry in entries] == [{"notice": ["1"]}]
    bench.restart()
    bench.connect()
    bench.flush()
    state = told(bench, WHOLE)
    assert shown(state) == [(1, True, True)]


def test_f14_the_same_again_changes_nothing_and_an_unknown_number_is_not_read(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    first = told(bench, WHOLE, SECOND)
    assert told(bench, WHOLE, SECOND).corrections == first.corrections
    bench.want(ReadNotice(9))
    bench.flush()
    assert not [entry for entry in bench.disk["s1"] if entry.kind == "notice"]


def test_f14_a_notice_about_an_item_this_paper_lacks_is_shown_not_hidden(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    state = told(bench, PaperNotice(3, ["elsewhere"], "更正", "correction"))
    assert shown(state) == [(3, False, True)] and state.corrections[0].numbers == ()


def test_f14_o02_before_the_paper_is_open_nothing_of_it_is_taken(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    assert told(bench, WHOLE).corrections == ()
    bench.release()
    bench.at(bench.server.timing.effective_start_ms)
    state = bench.flush()
    assert state.screen is Screen.ANSWER and state.corrections == ()


def test_f14_another_sittings_notice_is_not_shown(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    assert told(bench, WHOLE, sitting="s2").corrections == ()
