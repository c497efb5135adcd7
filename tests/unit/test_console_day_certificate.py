"""The daily backup certificate as a sheet: whose day, what is held where, what is lacking (L05)."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from invigilator_app.actions.results import CloseCheck, CountRow, LedgerHead, StatusSection
from invigilator_app.printing.day_certificate import day_certificate
from invigilator_app.printing.pdf import write_pdf
from venue_server.wire.backup_orders import (
    BackupLabel,
    BackupMedium,
    Backups,
    BackupSession,
    days_to_certify,
)
from venue_server.wire.names import DataState

HOUR = 3_600_000
T0 = 1_795_309_200_000  # 2026-11-22 09:00 in Beijing
NEXT = T0 + 24 * HOUR
ROWS = [
    CountRow(40, 38, 2, 38, room_id="R1", session_id="s1"),
    CountRow(77, 76, 1, 75, session_id="s1"),
    CountRow(30, 29, 1, 29, session_id="s2"),
]
CHECK = CloseCheck(
    False,
    [
        StatusSection(
            "s1",
            [
                ("1 结果 / 1 outcome", "已办结 / closed", "ok"),
                ("8 密钥 / 8 key", "未清除 / not", "bad"),
            ],
        ),
        StatusSection("s2", [("1 结果 / 1 outcome", "未定 / open", "bad")]),
    ],
    [],
    LedgerHead(77, "ab" * 32),
)
COPY = BackupLabel(
    session_id="s1", line="考点-s1", exam_title="考试", subject_title="科目", start_ms=T0,
    number=1, total=2, target="backup-1", medium_id="a1b2c3d4" * 4, serial="WD-<77>",
    file="s1-7.kdbackup", size=4096, sha256="cd" * 32, digest="cd" * 8,
    verified_at_ms=T0, took_ms=9, keeper="档案室",
)  # fmt: skip
MEDIA = [
    BackupMedium("backup-1", "/mnt/1", "a1b2c3d4" * 4, "", 1),
    BackupMedium("backup-2", "/mnt/2", "ffffffff" * 4, "not there", 0),
]


def session(
    name: str, start_ms: int, day: str, state: DataState = DataState.BACKED_UP, counted: int = 2
) -> BackupSession:
    return BackupSession(name, "考试", f"科目{name}", start_ms, day, state, counted)


TWO_DAYS = [session("s1", T0, "2026-11-22"), session("s2", NEXT, "2026-11-23")]


def sheet(at_ms: int, sessions: list[BackupSession], labels: list[BackupLabel]) -> str:
    return day_certificate("考点", ROWS, CHECK, at_ms, Backups(MEDIA, labels, 2, sessions))


def test_l05_the_certificate_names_every_verified_copy_with_its_medium() -> None:
    said = sheet(T0 + 9 * HOUR, TWO_DAYS, [COPY])
    assert "备份介质" in said and "backup-1 a1b2c3d4" in said and "1/2" in said
    assert "WD-&lt;77&gt;" in said and "cd" * 8 in said and "s1-7.kdbackup" in said
    assert "2 / 2 份，足够" in said and "注意" not in said


def test_l05_it_holds_counts_points_the_ledgers_head_and_lines_to_sign(
    tmp_path: Path, qapp: object
) -> None:
    said = sheet(T0, TWO_DAYS, [])
    assert "ab" * 32 in said and "77 条" in said
    assert "<td>77</td><td>76</td><td>75</td>" in said, "scheduled, present, bundles"
    assert "未清除" in said and "尚有未办结事项" in said and " / 1 outcome" not in said
    assert "主考签名" in said and "系统管理员签名" in said and said.count("日期：＿") == 2
    file = tmp_path / "day.pdf"
    write_pdf(file, said, "")
    assert file.read_bytes().startswith(b"%PDF")


def test_l05_after_midnight_it_is_still_the_day_of_the_exam() -> None:
    said = sheet(T0 + 15 * HOUR + 600_000, TWO_DAYS, [COPY])
    assert "考试日期：2026-11-22" in said
    assert "打印时间：2026-11-23 00:10" in said
    assert "科目s2" not in said and "未定" not in said, "the next day's are not on it"


def test_l05_each_day_has_a_page_of_its_own_the_newest_first() -> None:
    said = sheet(NEXT + 9 * HOUR, TWO_DAYS, [COPY])
    first, second = said.split("page-break-before")
    assert "考试日期：2026-11-23" in first and "s1-7.kdbackup" not in first
    assert "考试日期：2026-11-22" in second and "s1-7.kdbackup" in second
    assert said.count("主考签名") == 2
    assert days_to_certify(TWO_DAYS, T0 - 1) == ["2026-11-22"], "before the first one, that one"
    assert days_to_certify([], T0) == []


def test_l05_without_a_medium_it_says_what_is_lacking() -> None:
    lost = [session("s1", T0, "2026-11-22", DataState.COLLECTED, 0)]
    said = sheet(T0 + 9 * HOUR, lost, [])
    assert "0 / 2 份，不足" in said and "不得密封" in said
    assert "不可用：not there" in said and "<td>无</td>" not in said
    one = sheet(T0, [session("s1", T0, "2026-11-22", counted=1)], [COPY])
    assert "1 / 2 份，不足" in one and "不得密封" in one
    early = sheet(T0, [session("s1", T0, "2026-11-22", DataState.COLLECTING, 0)], [])
    assert "尚未收齐" in early


def test_l05_what_was_wiped_lacks_nothing() -> None:
    """Its backups have done their work, and may be destroyed by then (M07)."""
    said = sheet(T0, [session("s1", T0, "2026-11-22", DataState.WIPED, 0)], [])
    assert "不得密封" not in said
