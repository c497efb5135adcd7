"""The sheets: door sheet and room record as A4 PDF with page numbers and content hash."""

import os
import re
import zlib
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from invigilator_app.actions.results import RecordSignature, RoomRecord
from invigilator_app.board.view import fold
from invigilator_app.printing.pdf import PrintError, write_pdf
from invigilator_app.printing.sheets import door_sheet, record_sheet, value_text
from venue_server.wire.console_views import Board, RoomView, SeatView, VenueView
from venue_server.wire.messages import SessionBrief, Timing
from venue_server.wire.names import MediaClass, Mode, SeatLink, SessionState

T0 = 1_795_309_200_000
RECORD = RoomRecord(
    {"考场": "第1考场", "应考人数": 39, "违纪": [], "异常": ["07 断线", "<b>12</b> 换机"]},
    "9f" * 32,
    [RecordSignature("i1", "李文静", "INVIGILATOR", T0)],
    ["CHIEF"],
)


def pages(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes()))


def test_k01_the_record_shows_who_signed_and_who_has_not() -> None:
    html = record_sheet("第七中学考点", RECORD)
    assert "李文静" in html and "监考人员" in html and "2026-11-22 09:00" in html
    assert "主考" in html and "（未签名）" in html and "9f" * 32 in html


def test_k02_blank_fields_are_struck_and_markup_is_text() -> None:
    html = record_sheet("考点", RECORD)
    assert "无" in html and "<b>12</b>" not in html and "&lt;b&gt;12" in html
    assert [value_text(v) for v in (None, "", [], True, {"a": 1})] == [
        "无",
        "无",
        "无",
        "是",
        "a 1",
    ]


def test_c03_the_door_sheet_names_room_subject_tickets_and_times() -> None:
    brief = SessionBrief("s", "考试", "01", "经济", T0, 5400, MediaClass.NORMAL, Mode.LIVE)
    timing = Timing(T0, T0 + 300_000, T0 + 4_500_000, T0 + 5_400_000)
    state = SessionState.OPEN
    room = RoomView("r1", "第1考场", brief, state, False, timing, 2, 0, 0, 0, 0, 0)
    venue = VenueView("v", "考点", Mode.LIVE, "", True, "s", None, None, None, None)
    seats = [SeatView(f"0{n}", "st", SeatLink.ONLINE, ticket_no=f"36010{n}") for n in (1, 2)]
    view = fold(None, Board(venue, [room], {"r1": seats}))
    assert view is not None
    html = door_sheet("第七中学考点", view.rooms["r1"])
    for shown in ("第1考场", "经济", "360101 至 360102", "09:05", "10:15", "10:30"):
        assert shown in html


def test_a_long_record_runs_over_numbered_a4_pages(qapp, tmp_path: Path) -> None:
    long = RoomRecord({f"项目{n}": "内容" * 20 for n in range(80)}, "ab" * 32)
    target = tmp_path / "record.pdf"
    write_pdf(target, record_sheet("考点", long), long.content_hash)
    assert pages(target) >= 3
    box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", target.read_bytes())
    assert box is not None
    assert (round(float(box[1])), round(float(box[2]))) == (595, 842)
    assert any(_has_text(stream) for stream in _streams(target)), "pages hold text"


def _streams(pdf: Path) -> list[bytes]:
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf.read_bytes(), re.S):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            continue
    return found


def _has_text(stream: bytes) -> bool:
    return b"BT" in stream and b"ET" in stream


def test_a_place_that_cannot_be_written_is_said(qapp, tmp_path: Path) -> None:
    with pytest.raises(PrintError):
        write_pdf(tmp_path / "missing" / "record.pdf", "<p>x</p>", "")
