"""The label of a backup medium (L04, J6 §11): one for each verified copy."""

import msgspec

from venue_server.backup.label import KEEPERS, LabelPlace, labels
from venue_server.backup.store import BackupCopy
from venue_server.commands.backup import certificate_of
from venue_server.wire.backup_orders import BackupMedium, Backups, BackupSession
from venue_server.wire.names import DataState

PLACE = LabelPlace(
    "示例考区", "v-1", "示例考点", ("第1考场", "第2考场"), "考试", "S1", "科目", 1_000
)


def copy(target: str, session_id: str = "S1") -> BackupCopy:
    return BackupCopy(
        session_id, target, "ab" * 32, "8:1", 7, "/mnt/S1-7.kdbackup", "m" * 32, "WD-1", 4096, 12
    )


def test_l04_every_verified_copy_has_a_label_with_zone_venue_rooms_and_session() -> None:
    made = labels([copy("a"), copy("other", "S2"), copy("b")], PLACE)
    assert [each.target for each in made] == ["a", "b"]
    assert [(each.number, each.total) for each in made] == [(1, 2), (2, 2)]
    assert {each.line for each in made} == {"示例考区-示例考点-第1考场、第2考场-S1"}
    assert [each.keeper for each in made] == list(KEEPERS[:2])
    first = made[0]
    assert (first.digest, first.serial, first.size) == ("ab" * 8, "WD-1", 4096)
    assert (first.file, first.took_ms, first.verified_at_ms) == ("S1-7.kdbackup", 12, 7)


def test_l04_a_fourth_copy_proposes_no_keeper_and_unknown_parts_are_left_out() -> None:
    place = LabelPlace("", "v-1", "", (), "考试", "S1", "科目", 1_000)
    made = labels([copy(name) for name in "abcd"], place)
    assert made[3].keeper == ""
    assert made[3].line == "v-1-S1"


def test_l05_the_certificate_by_command_is_of_a_day_and_says_what_is_lacking() -> None:
    sessions = [
        BackupSession("S1", "考试", "科目", 1_000, "2026-11-22", DataState.BACKED_UP, 2),
        BackupSession("S2", "考试", "科目", 2_000, "2026-11-22", DataState.COLLECTED, 1),
        BackupSession("S3", "考试", "科目", 9_000, "2026-11-23", DataState.COLLECTING, 0),
    ]
    media = [BackupMedium("a", "/mnt/a", "m" * 32, "not there", 0)]
    found = Backups(media, labels([copy("a"), copy("b")], PLACE), 2, sessions)
    answer = msgspec.to_builtins(found)
    first = certificate_of("2026-11-22")(answer)
    assert "2026-11-23" not in first and first.count("SHA-256: ") == 2
    assert "S1 科目: BACKED_UP 2/2 足够" in first and "S2 科目: COLLECTED 1/2 不足" in first
    assert "not there" in first and "主考" in first
    both = certificate_of("")(answer)
    assert both.index("2026-11-23") < both.index("2026-11-22") and "尚未收齐" in both
    assert "no session" in certificate_of("2026-11-24")(answer)
