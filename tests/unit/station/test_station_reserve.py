"""At a station: a release held back (I05), and every paper of a session wiped (D10, L10)."""

from typing import Any

from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import Screen
from venue_server.wire.station_messages import ReleaseHeld
from venue_server.wire.wiping_orders import WipePaper


def test_i05_a_held_release_is_said_without_a_reason_and_over_when_it_is_over(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.tell(ReleaseHeld(True))
    assert Notice.RELEASE_HELD in bench.state.notices
    assert "泄" not in Notice.RELEASE_HELD.text("zh"), "candidates are not told why"
    bench.tell(ReleaseHeld(False))
    assert Notice.RELEASE_HELD not in bench.state.notices


def test_i05_a_freeze_during_the_exam_disturbs_nobody_at_work(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.tell(ReleaseHeld(True))
    assert bench.screen is Screen.ANSWER
    assert Notice.RELEASE_HELD not in bench.state.notices
    assert not bench.state.input_locked


def test_l10_every_paper_a_session_used_is_wiped_one_after_the_other(bench: Any) -> None:
    bench.to_screen(Screen.LOGIN)
    for paper_id in ("p1", "replaced", "spare"):
        bench.tell(WipePaper(paper_id))
    assert bench.server.wiped == ["p1", "replaced", "spare"]
