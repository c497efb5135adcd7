"""The label of a backup medium (L04, J6 §11): one for each verified copy."""

from venue_server.backup.label import KEEPERS, LabelPlace, labels
from venue_server.backup.store import BackupCopy

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
