"""What is destroyed of one session is never another's, however alike their names are (M07)."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from venue_server.backup.archive import SUFFIX
from venue_server.gateway.keeping_view import RECORDS, KeptThings
from venue_server.storage.files import stamped
from venue_server.upload.service import UploadService

OTHERS = ("am-2-1799.kdbackup", "am-x-1799.kdbackup", "am.v2-1799.kdbackup", "xam-1799.kdbackup",
          "am-1799.kdbackup.part", "am-.kdbackup", "am-17a9.kdbackup")  # fmt: skip


def test_m07_files_of_a_session_are_told_from_those_of_one_whose_name_begins_alike(
    tmp_path: Path,
) -> None:
    for name in ("am-1799.kdbackup", "am-1801.kdbackup", *OTHERS):
        (tmp_path / name).touch()
    assert [each.name for each in stamped(tmp_path, "am", SUFFIX)] == [
        "am-1799.kdbackup",
        "am-1801.kdbackup",
    ]
    assert [each.name for each in stamped(tmp_path, "am-2", SUFFIX)] == ["am-2-1799.kdbackup"]
    assert stamped(tmp_path / "not-there", "am", SUFFIX) == []


def test_m07_the_records_of_a_session_are_its_own_exports_and_backups(tmp_path: Path) -> None:
    exports, medium = tmp_path / "exports", tmp_path / "medium"
    for folder in (exports, medium):
        folder.mkdir()
    for session in ("am", "am-2"):
        (exports / f"{session}-17.json").touch()
        (medium / f"{session}-17{SUFFIX}").touch()
    store: Any = SimpleNamespace(read=lambda _run: [SimpleNamespace(target="m", sha256="ab")])
    target: Any = SimpleNamespace(label="m", folder=medium, problem=lambda: None)
    kept = KeptThings(SimpleNamespace(), store, tmp_path, [target])  # type: ignore[arg-type]
    names = {path.name for path in kept.files("am", RECORDS).files.values()}
    assert names == {f"am-17{SUFFIX}", "am-17.json"}


@pytest.mark.parametrize(("first", "second"), [("am", "am.v2"), ("a.m", "a%2Em")])
def test_l03_no_version_of_a_bundle_has_the_name_of_another_sessions(
    first: str, second: str
) -> None:
    names = set()
    for session_id in (first, second):
        for versions in range(3):
            store = SimpleNamespace(read=lambda _run, versions=versions: [None] * versions)
            service: Any = SimpleNamespace(_store=store)
            names.add(UploadService._file_name(service, session_id))
    assert len(names) == 6
