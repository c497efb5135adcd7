"""What is destroyed of one session is of no other, whatever their ids have in common (M07)."""

from pathlib import Path

import pytest

from venue_server.gateway.keeping_view import _is_bundle, stamped


def test_m07_backups_and_exports_of_a_session_whose_id_is_longer_are_not_its_own(
    tmp_path: Path,
) -> None:
    """``am`` and ``am-2`` lie on the same media; destroying the one once took the other along."""
    mine = ["am-1767225600000.kdbackup", "am-1767225600001.kdbackup"]
    others = [
        "am-2-1767225600000.kdbackup",
        "am-.kdbackup",
        "am-1767225600000.json",
        "am-1767225600000.kdbackup.part",
        "am2-1767225600000.kdbackup",
        "xam-1767225600000.kdbackup",
        "am-1767225600000-1767225600000.kdbackup",
    ]
    for name in (*mine, *others):
        (tmp_path / name).write_bytes(b"")
    assert [each.name for each in stamped(tmp_path, "am", ".kdbackup")] == mine
    found = [each.name for each in stamped(tmp_path, "am-2", ".kdbackup")]
    assert found == ["am-2-1767225600000.kdbackup"]
    assert stamped(tmp_path / "none", "am", ".kdbackup") == []


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("am.kdbundle", True),
        ("am~v2.kdbundle", True),
        ("am~v12.kdbundle.damaged", True),
        ("am.2.kdbundle", False),
        ("am~v2.x.kdbundle", False),
        ("am.v2.kdbundle", False),
        ("am.very-other.kdbundle", False),
        ("am-2.kdbundle", False),
    ],
)
def test_m07_only_the_sealed_bundles_of_the_session_go_with_its_answers(
    name: str, own: bool
) -> None:
    """A session may be called ``am.v2``: an id may hold dots, and no tilde."""
    assert _is_bundle(name, "am") is own
