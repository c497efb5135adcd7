"""What an open paper leaves in a station's processes goes with them, after the wiping (L10)."""

from typing import Any

from candidate_station.session import effects as fx
from candidate_station.session.intents import AskSubmit, ConfirmSubmit
from candidate_station.session.screen_state import Screen
from candidate_station.session.wiping import RECEIPT_STAYS_S
from venue_server.wire.messages import SessionBrief
from venue_server.wire.names import MediaClass, Mode
from venue_server.wire.station_messages import LoginAllowed, SessionChanged
from venue_server.wire.wiping_orders import WipePaper

NEXT = SessionBrief("ses2", "下一场", "S2", "科目", 1, 5400, MediaClass.NORMAL, Mode.REHEARSAL)
CLOSED_UNTIL = 1_800_004_500_000


def to_confirmation(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.at(CLOSED_UNTIL)
    bench.want(AskSubmit())


def begun_anew(bench: Any) -> int:
    return sum(isinstance(each, fx.BeginAnew) for each in bench.done)


def test_l10_after_the_wiping_the_program_begins_anew_once_the_receipt_was_read(
    bench: Any,
) -> None:
    """Strings and pages of an open paper go only with the process they lie in."""
    to_confirmation(bench)
    bench.want(ConfirmSubmit())
    bench.tell(WipePaper("p1", "s1"))
    assert bench.screen is Screen.RECEIPT and bench.state.receipt_code
    bench.tick(RECEIPT_STAYS_S - 1)
    assert begun_anew(bench) == 0, "the candidate may still be writing it down"
    bench.tick(1)
    bench.tick(1)
    assert begun_anew(bench) == 1


def test_l10_a_station_at_rest_begins_anew_at_once_and_one_with_a_candidate_waits(
    bench: Any,
) -> None:
    to_confirmation(bench)
    bench.want(ConfirmSubmit())
    bench.tell(SessionChanged(None))
    bench.tell(SessionChanged(NEXT))
    bench.tell(LoginAllowed("R1"))
    assert bench.screen is Screen.LOGIN
    bench.tell(WipePaper("p1", "s1"))
    bench.tick(RECEIPT_STAYS_S)
    assert bench.server.wiped == ["p1"] and begun_anew(bench) == 0, "somebody logs in just now"
    bench.tell(SessionChanged(None))
    assert bench.screen is Screen.WAITING and begun_anew(bench) == 1


def test_l10_a_program_in_which_no_paper_was_open_has_nothing_to_begin_anew_for(
    bench: Any,
) -> None:
    bench.to_screen(Screen.LOGIN)
    bench.tell(WipePaper("p1"))
    bench.tell(SessionChanged(None))
    bench.tick(RECEIPT_STAYS_S)
    assert bench.server.wiped == ["p1"] and begun_anew(bench) == 0
