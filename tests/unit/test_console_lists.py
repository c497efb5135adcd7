"""Labels, lists and counts as sheets (C03, K03, K04, O08)."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from invigilator_app.actions.results import CountRow
from invigilator_app.board.view import RoomBoard
from invigilator_app.printing.lists import (
    absent_list,
    seat_labels,
    seating_sheet,
    statistics_sheet,
)
from venue_server.wire.console_views import RoomView, SeatView
from venue_server.wire.names import SeatLink, SittingState

T0 = 1_795_309_200_000
ROOM = RoomView("R1", "第1考场", None, None, False, None, 2, 1, 1, 1, 1, 0)
SEATS = {
    "01": SeatView("01", "m1", SeatLink.ONLINE, ticket_no="360101", name="李<文>静"),
    "02": SeatView(
        "02", "m2", SeatLink.ABSENT, ticket_no="360102", name="赵军", state=SittingState.ABSENT
    ),
    "03": SeatView("03", "m3", SeatLink.ABSENT),
}
BOARD = RoomBoard(ROOM, SEATS)
ROWS = [
    CountRow(2, 1, 1, 1, room_id="R1", session_id="s1"),
    CountRow(2, 1, 1, 1, session_id="s1"),
    CountRow(2, 1, 1, 1, subject="ECO"),
    CountRow(2, 1, 1, 1),
]


def test_every_seat_with_a_candidate_has_a_label_and_a_place_on_the_sheet() -> None:
    for sheet in (seat_labels("考点", BOARD), seating_sheet("考点", BOARD)):
        assert "360101" in sheet and "360102" in sheet
        assert "李&lt;文&gt;静" in sheet, "a name is text, never markup"
        assert ">03<" not in sheet


def test_k04_the_absent_list_names_the_absent_and_nobody_else() -> None:
    sheet = absent_list("考点", BOARD)
    assert "360102" in sheet and "360101" not in sheet
    assert "应考 2　实考 1　缺考 1" in sheet
    nobody = RoomBoard(ROOM, {"01": SEATS["01"]})
    assert "无" in absent_list("考点", nobody)


def test_k03_the_counts_sheet_says_room_session_subject_and_venue() -> None:
    sheet = statistics_sheet("考点", ROWS, T0)
    for scope in ("s1 R1考场", "s1 场次合计", "科目 ECO", "考点合计", "2026-11-22 09:00"):
        assert scope in sheet
