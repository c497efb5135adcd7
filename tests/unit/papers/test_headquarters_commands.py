"""``venue-server paper …``: exit codes, both languages, no secret on any screen."""

import argparse
import json
from pathlib import Path

import pytest

from venue_server.headquarters.commands import add_commands
from venue_server.headquarters.sample import sample_package_path


def _run(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    parsed = parser.parse_args(["paper", *map(str, arguments)])
    status: int = parsed.run(parsed)
    return status


@pytest.fixture
def keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "keys"
    for kind, name in [("signing", "hq-1"), ("signing", "hq-2"), ("venue", "v"), ("bundle", "b")]:
        assert _run("keygen", kind, "--out", folder, "--name", name) == 0
    out = capsys.readouterr().out
    assert "私钥" in out and "public key" in out
    return folder


def _seal(keys: Path, out: Path, *more: str | Path, package: Path | None = None) -> int:
    return _run(
        "seal", package or sample_package_path(), "--out", out,
        "--key", keys / "hq-1.key", "--key", keys / "hq-2.key",
        "--venue", keys / "v.pub", "--venue-id", "V01", "--paper-id", "KW", "--form", "A",
        "--subject", "9901", "--release-at", "2026-05-16T09:00+08:00",
        "--expires", "2026-05-17T00:00+08:00", *more,
    )  # fmt: skip


def test_keys_are_never_overwritten(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (keys / "hq-1.key").read_bytes()
    assert _run("keygen", "signing", "--out", keys, "--name", "hq-1") == 2
    assert "cannot write" in capsys.readouterr().err
    assert (keys / "hq-1.key").read_bytes() == before
    assert (keys / "hq-1.key").stat().st_mode & 0o777 == 0o600
    assert (keys / "v.hpke").stat().st_mode & 0o777 == 0o600


def test_seal_and_inspect(keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert _seal(keys, out) == 0
    told = capsys.readouterr().out
    assert "已封装 sealed: 考务工作基础知识（试考） (KW/A)" in told
    secret = json.loads((out / "headquarters/release-secret.json").read_text())["release_secret"]
    codes = [p.read_text().splitlines()[1] for p in (out / "headquarters").glob("code-*.txt")]
    trust = ["--trust", keys / "hq-1.pub", "--trust", keys / "hq-2.pub"]
    assert _run("inspect", out / "venue/manifest.json", *trust) == 0
    told += capsys.readouterr().out
    assert "signatures: valid" in told
    for path in sorted(out.rglob("*.*")):
        if path.is_file() and not path.name.startswith("code-"):
            assert _run("inspect", path) == 0, path
    told += capsys.readouterr().out
    assert "fragment: 1 / 5" in told and "headquarters only" in told
    assert secret not in told and not any(code in told for code in codes)
    assert _run("inspect", out / "venue/manifest.json", "--trust", keys / "hq-1.pub") == 0
    capsys.readouterr()
    assert _run("inspect", sample_package_path(), "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["problems"] == 0 and report["ok"] is True


def test_untrusted_manifest_is_shown_as_such(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(keys, tmp_path / "out") == 0
    assert _run("keygen", "signing", "--out", keys, "--name", "x") == 0
    assert _run("inspect", tmp_path / "out/venue/manifest.json", "--trust", keys / "x.pub") == 2
    assert "DOC-04" in capsys.readouterr().out


def test_refused_package_lists_every_problem(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "bad"
    package.mkdir()
    (package / "imsmanifest.xml").write_text(
        '<manifest><resource identifier="a" type="imsqti_item_xmlv3p0" href="no.xml"/>'
        '<resource identifier="b" type="imsqti_item_xmlv3p0" href="http://x"/></manifest>'
    )
    assert _seal(keys, tmp_path / "o", package=package) == 2
    shown = capsys.readouterr()
    assert "2 problem(s)" in shown.err and "imsmanifest.xml:1 file-missing «no.xml»" in shown.err
    assert _seal(keys, tmp_path / "o", "--json", package=package) == 2
    document = json.loads(capsys.readouterr().out)
    assert [p["rule"] for p in document["problems"]] == ["external-reference", "file-missing"]
    assert list((tmp_path / "o").iterdir()) == []


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (["--k", "1"], "k=1"),
        (["--k", "6"], "k=6"),
        (["--n", "17"], "n=17"),
        (["--paper-id", "a/b"], "a/b"),
        (["--code-threshold", "1"], "code 1 of 2"),
        (["--mode", "LIVE"], "LIVE needs"),
        (["--expires", "2026-05-16T08:00+08:00"], "release < expiry"),
        (["--venue-id", "V02"], "--venue"),
    ],
)
def test_orders_that_break_a_rule(
    more: list[str], word: str, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(keys, tmp_path / "o", *more) == 2
    assert word in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_one_key_twice_is_one_key(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (keys / "hq-2.key").write_bytes((keys / "hq-1.key").read_bytes())
    assert _seal(keys, tmp_path / "o") == 2
    assert "2 different signing keys" in capsys.readouterr().err


def test_wrong_files_are_named(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(keys, tmp_path / "o", "--key", keys / "v.pub") == 2
    assert "v.pub: not a signing key" in capsys.readouterr().err
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    assert _seal(keys, tmp_path / "full") == 2
    assert "not an empty folder" in capsys.readouterr().err
    assert _run("inspect", tmp_path / "none") == 2
    (tmp_path / "noise").write_bytes(b"\0" * 99)
    assert _run("inspect", tmp_path / "noise") == 2


def test_live_with_attestations_is_sealed(keys: Path, tmp_path: Path) -> None:
    more = ["--mode", "LIVE", "--attest-subject", "--attest-rendering"]
    assert _seal(keys, tmp_path / "o", *more) == 0
    payload = json.loads((tmp_path / "o/venue/manifest.json").read_text())["payload"]
    assert payload["mode"] == "LIVE" and all(payload["attestations"].values())


@pytest.mark.parametrize("text", ["tomorrow", "2026-05-16T09:00"])
def test_times_need_an_offset(text: str, keys: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        _seal(keys, tmp_path / "o", "--release-at", text)
