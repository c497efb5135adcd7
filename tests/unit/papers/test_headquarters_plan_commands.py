"""``venue-server plan seal|inspect``: only a sound plan is signed; a look names nobody."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.designated import destination
from venue_server.__main__ import main
from venue_server.headquarters.keyfiles import generate_signing
from venue_server.venue_keys import VenueKeys

NUMBER = "11010519491231002X"


def _payload() -> dict[str, Any]:
    candidate = {
        "ticket_no": "3601123401", "name": "欧阳·测试", "id_document": "RESIDENT_ID",
        "id_number": NUMBER, "room_id": "R1", "seat_no": "01",
    }  # fmt: skip
    session = {
        "session_id": "s1", "subject_code": "9901", "subject_title": "科目", "start_ms": 10_000_000,
        "duration_s": 5400, "media_class": "NORMAL", "relaxed": True, "receipt_open_ms": 0,
        "receipt_close_ms": 1, "receipt_limit_s": 60, "admission_open_s": 1800,
        "candidates": [candidate],
    }  # fmt: skip
    return {
        "type": "kaodian.plan", "version": "1.1", "plan_id": "p1", "venue_id": "v1",
        "venue_name": "考点", "exam_title": "考试", "mode": "LIVE",
        "rooms": [{"room_id": "R1", "name": "第1考场"}],
        "seats": [{"room_id": "R1", "seat_no": "01", "x": 0, "y": 0}], "sessions": [session],
        **destination(),
        "staff": [{"person_id": "chief", "name": "王主考", "roles": ["CHIEF"]}],
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hq").mkdir()
    (tmp_path / "venue/keys").mkdir(parents=True)
    for name in ("a", "b"):
        generate_signing(tmp_path / "hq", name)
    VenueKeys.create(tmp_path / "venue/keys")
    (tmp_path / "plan.json").write_text(json.dumps(_payload()))
    return tmp_path


def _seal(folder: Path, *more: str) -> int:
    keys = ["--key", str(folder / "hq/a.key"), "--key", str(folder / "hq/b.key")]
    out = ["--out", str(folder / "signed.json")]
    return main(["plan", "seal", str(folder / "plan.json"), *keys, *out, *more])


def _inspect(folder: Path, *more: str) -> int:
    trust = ["--trust", str(folder / "hq/a.pub"), "--trust", str(folder / "hq/b.pub")]
    return main(["plan", "inspect", str(folder / "signed.json"), *trust, *more])


def test_o08_seal_then_inspect_then_reveal_at_the_venue(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(folder, "--venue", str(folder / "venue/keys/venue.hpke.pub")) == 0
    assert _inspect(folder) == 0
    said = capsys.readouterr().out
    assert "已加密 sealed" in said and "2 个已核验" in said and "CHIEF 1" in said
    assert "欧阳" not in said and "王主考" not in said
    assert _inspect(folder, "--reveal") == 2, "only the venue holds the key"
    capsys.readouterr()
    assert _inspect(folder, "--reveal", "--data", str(folder / "venue")) == 0
    said = capsys.readouterr().out
    assert "欧阳·测试  1101**********002X  R1-01" in said and "王主考" in said
    assert NUMBER not in said


def test_a_live_plan_in_clear_and_a_broken_one_are_not_signed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(folder) == 2
    assert "must be sealed" in capsys.readouterr().err
    broken = _payload()
    broken["sessions"][0]["candidates"][0]["seat_no"] = "09"
    broken["staff"][0]["rooms"] = ["R7"]
    (folder / "plan.json").write_text(json.dumps(broken))
    assert _seal(folder, "--venue", str(folder / "venue/keys/venue.hpke.pub")) == 2
    said = capsys.readouterr().err
    assert "3 problem(s)" in said and "staff chief: a room that does not exist" in said
    assert not (folder / "signed.json").exists()


def test_inspect_refuses_an_edited_plan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _seal(folder, "--venue", str(folder / "venue/keys/venue.hpke.pub")) == 0
    file = folder / "signed.json"
    file.write_text(file.read_text().replace('"duration_s":5400', '"duration_s":5401'))
    assert _inspect(folder) == 2
    assert "DOC-04" in capsys.readouterr().err
