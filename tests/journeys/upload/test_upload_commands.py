"""The stand-in headquarters on the command line."""

import argparse
import json
from pathlib import Path

import pytest

from venue_server.headquarters.service_commands import add_commands, parse_start
from venue_server.headquarters.service_keys import load_headquarters
from venue_server.headquarters.service_release import PaperSecret, ReleaseShelf


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    options = parser.parse_args(["headquarters", *arguments])
    status: int = options.run(options)
    return status


def test_init_publish_and_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "hq"
    assert run("init", "--data", str(data)) == 0
    said = json.loads(capsys.readouterr().out)
    keys = load_headquarters(data)
    assert said["signing_public"] == keys.signing_public
    secret = tmp_path / "release-secret.json"
    secret.write_text(
        '{"paper_id":"P","form_id":"A","package_id":"x","release_secret":"","release_at_ms":5}'
    )
    assert run("publish", "--data", str(data), str(secret)) == 0
    assert ReleaseShelf(keys).find("P", "A") == PaperSecret("P", "A", "x", "", 5)
    assert run("register-venue", "--data", str(data), "V1", keys.signing_public[0]) == 0
    (venue,) = (data / "venues").iterdir()
    assert json.loads(venue.read_text())["venue_id"] == "V1"


@pytest.mark.parametrize("bad", ["", "c2hvcnQ=", "!!"])
def test_what_is_no_key_registers_no_venue(tmp_path: Path, bad: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        run("register-venue", "--data", str(tmp_path), "V1", bad)
    assert list(tmp_path.iterdir()) == []


def test_the_start_of_the_clock_is_an_instant() -> None:
    assert parse_start("1767225600000") == 1_767_225_600_000
    assert parse_start("2026-01-01T08:00:00+08:00") == 1_767_225_600_000
    assert parse_start(None) > 1_700_000_000_000
    with pytest.raises(ValueError, match="zone"):
        parse_start("2026-01-01T08:00:00")
