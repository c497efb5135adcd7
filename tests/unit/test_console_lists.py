"""Labels, lists, counts and the day's certificate as sheets (C03, K03, K04, L05, O08)."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from invigilator_app.actions.results import CloseCheck, CountRow, LedgerHead, StatusSection
from invigilator_app.board.view import RoomBoard
from invigilator_app.printing.lists import (
    absent_list,
    day_certificate,
    seat_labels,
    seating_sheet,
    statistics_sheet,
)
from invigilator_app.printing.pdf import write_pdf
from venue_server.wire.backup_orders import BackupLabel
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
CHECK = CloseCheck(
    False,
    [
        StatusSection(
            "s1",
            [
                ("1 结果 / 1 outcome", "已办结 / closed", "ok"),
                ("8 密钥 / 8 key", "未清除 / not", "bad"),
                ("保管期限 / kept", "自成绩公布起6个月 / 6 months", "ok"),
            ],
        )
    ],
    [],
    LedgerHead(77, "ab" * 32),
)


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


def test_l05_the_certificate_names_every_verified_copy_with_its_medium() -> None:
    copy = BackupLabel(
        session_id="S1", line="考点-S1", exam_title="考试", subject_title="科目", start_ms=T0,
        number=1, total=2, target="backup-1", medium_id="a1b2c3d4" * 4, serial="WD-<77>",
        file="S1-7.kdbackup", size=4096, sha256="cd" * 32, digest="cd" * 8,
        verified_at_ms=T0, took_ms=9, keeper="档案室",
    )  # fmt: skip
    sheet = day_certificate("考点", ROWS, CHECK, T0, [copy])
    assert "备份介质" in sheet and "backup-1 a1b2c3d4" in sheet and "1/2" in sheet
    assert "WD-&lt;77&gt;" in sheet and "cd" * 8 in sheet and "S1-7.kdbackup" in sheet


def test_l05_the_certificate_holds_counts_points_and_the_ledgers_head(
    tmp_path: Path, qapp: object
) -> None:
    sheet = day_certificate("考点", ROWS, CHECK, T0)
    assert "ab" * 32 in sheet and "77 条" in sheet
    assert "未清除" in sheet and "尚有未办结事项" in sheet and " / " not in sheet
    assert "自成绩公布起6个月" in sheet, "a period is told, never said to be closed"
    assert "主考签名" in sheet and "系统管理员签名" in sheet
    file = tmp_path / "day.pdf"
    write_pdf(file, sheet, "")
    assert file.read_bytes().startswith(b"%PDF")
