"""Sheets about the whole venue: the posted map and the badges."""

import base64
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import segno

from invigilator_app.printing.badges import badge_sheet
from invigilator_app.printing.venue_sheets import grid, venue_map
from venue_server.wire.names import Role
from venue_server.wire.people_views import (
    OrganisationBook,
    OrganisationEntry,
    OrganisationRoom,
    SeatPlace,
)


def room(*seats: tuple[str, int, int], **more: str) -> OrganisationRoom:
    layout = [SeatPlace(*each) for each in seats]
    return OrganisationRoom("01", "第1<b>考场", len(seats), {}, layout=layout, **more)


def book(*rooms: OrganisationRoom, people: tuple[OrganisationEntry, ...] = ()) -> OrganisationBook:
    return OrganisationBook("第七中学考点", "考试", "p", [], list(people), list(rooms))


def test_c02_an_aisle_stays_free_and_neighbours_stand_together() -> None:
    found = grid(room(("01", 1, 1), ("02", 2, 1), ("03", 4, 1), ("04", 1, 3)))
    assert found == [["01", "02", "", "03"], ["", "", "", ""], ["04", "", "", ""]]


PLACES = st.tuples(st.integers(-(10**12), 10**12), st.integers(-5, 30))


@given(st.sets(PLACES, max_size=40))
def test_c02_every_seat_stands_once_whatever_the_places(places: set[tuple[int, int]]) -> None:
    seats = [(f"{at:02d}", x, y) for at, (x, y) in enumerate(sorted(places), start=1)]
    found = grid(room(*seats))
    assert sorted(seat for row in found for seat in row if seat) == [name for name, _, _ in seats]
    assert sum(map(len, found)) <= 61 * 61, "no figure in a plan makes an endless sheet"


def test_c02_the_map_tells_where_a_room_is_and_markup_is_text() -> None:
    html = venue_map(book(room(("01", 1, 1), building="甲楼", floor="2层", way="东门<i>进")))
    assert "甲楼" in html and "2层" in html and "东门&lt;i&gt;进" in html
    assert "第1&lt;b&gt;考场" in html and "<i>" not in html
    assert "无" in venue_map(book(room(("01", 1, 1)))), "blank fields are struck"


@pytest.mark.parametrize("number", ["B-01", "证-7"])
def test_a10_a_badge_holds_the_number_and_its_code_nothing_else(number: str) -> None:
    one = OrganisationEntry("周正", [Role.CHIEF], "", "中心", "13900000001", number, [])
    html = badge_sheet(book(people=(one,)))
    assert "周正" in html and "主考" in html and number in html
    assert "13900000001" not in html, "no telephone on a badge"
    picture = re.search(r"data:image/png;base64,([\w+/=]+)", html)
    assert picture is not None
    plain = segno.make(number, micro=False).png_data_uri(scale=3, border=4)
    assert base64.b64decode(picture[1]) == base64.b64decode(plain.partition(",")[2])


def test_a10_without_numbers_there_is_no_badge_and_the_sheet_says_so() -> None:
    one = OrganisationEntry("周正", [Role.CHIEF], "", "", "", "", [])
    html = badge_sheet(book(people=(one,)))
    assert "周正" not in html and "签名名册未给出证章号" in html
