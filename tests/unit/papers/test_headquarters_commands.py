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
        if path.is_file():
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


def _inspected(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    capsys.readouterr()
    _run("inspect", *arguments)
    return capsys.readouterr().out


def test_several_forms_each_with_a_folder(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert _seal(keys, out, "--form", "B", "--json") == 0
    forms = json.loads(capsys.readouterr().out)["forms"]
    assert [form["form"] for form in forms] == ["A", "B"]
    assert all(Path(form["manifest"]).is_file() for form in forms)
    assert len({form["package_id"] for form in forms}) == 2
    told = _inspected(capsys, out)
    assert "A: KW/A REHEARSAL, 5 / 5" in told and "B: KW/B REHEARSAL, 5 / 5" in told
    assert "for headquarters only" in told
    (out / "B/headquarters/keys.json").unlink()
    fragment = next((out / "A/venue").glob("*-2of5.kdfrag"))
    with fragment.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\0\0")
    told = _inspected(capsys, out)
    assert "B: headquarters/keys.json" in told and f"{fragment.name} 已损坏" in told
    assert _run("inspect", out) == 2


def test_item_order_is_an_option(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(keys, tmp_path / "out", "--item-order", "candidate") == 0
    told = _inspected(capsys, tmp_path / "out/headquarters/keys.json")
    assert "item order per candidate: -" in told, "the sample shuffles no section"
    with pytest.raises(SystemExit):
        _seal(keys, tmp_path / "o", "--item-order", "chance")


def test_d12_classification_and_its_end_are_shown(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--classification", "绝密", "--declassify-at", "2026-05-16T12:00+08:00"]
    assert _seal(keys, tmp_path / "out", *more) == 0
    told = _inspected(capsys, tmp_path / "out/venue/manifest.json")
    assert "classification: 绝密" in told and "declassified: 2026-05-16T04:00:00+00:00" in told
    assert _seal(keys, tmp_path / "o", "--declassify-at", "2026-05-16T08:00+08:00") == 2
    assert "declassification" in capsys.readouterr().err


def test_inspect_says_what_is_missing_and_what_to_do(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(keys, tmp_path / "out") == 0
    venue = tmp_path / "out/venue"
    fragments = sorted(venue.glob("*.kdfrag"))
    assert "fragments here: 5 / 5" in _inspected(capsys, venue / "manifest.json")
    for path in fragments[:3]:
        path.unlink()
    told = _inspected(capsys, venue / "manifest.json")
    assert "fragment 1:" in told and "1 more are needed" in told
    alone = tmp_path / fragments[4].name
    alone.write_bytes(fragments[4].read_bytes())
    told = _inspected(capsys, alone)
    assert "the manifest manifest.json" in told and "intake import" in told
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes((venue / "manifest.json").read_bytes())
    assert "4 / 5" not in _inspected(capsys, manifest)


def test_inspect_knows_every_key_file_and_shows_no_secret(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _seal(keys, tmp_path / "out") == 0
    share = tmp_path / "out/headquarters/code-share-1of2.txt"
    told = _inspected(capsys, share)
    assert "one custodian's share" in told and "KW/A  1/2" in told
    assert share.read_text().splitlines()[1] not in told
    assert "signing key, private" in _inspected(capsys, keys / "hq-1.key")
    assert "signing key, public" in _inspected(capsys, keys / "hq-1.pub")
    assert "HPKE key, private" in _inspected(capsys, keys / "v.hpke")
    assert "HPKE key, public" in _inspected(capsys, keys / "v.pub")
    (keys / "v.pub").unlink()
    (keys / "v.hpke").chmod(0o644)
    told = _inspected(capsys, keys / "v.hpke")
    assert "chmod 600" in told and "the public key v.pub" in told
    (tmp_path / "bad.key").write_text("-----BEGIN PRIVATE KEY-----\nxx\n")
    assert _run("inspect", tmp_path / "bad.key") == 2


def test_inspect_of_a_package_fits_on_a_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resources = "".join(
        f'<resource identifier="R{n}" type="imsqti_item_xmlv2p1" href="{n}.xml"/>\n'
        for n in range(40)
    )
    (tmp_path / "imsmanifest.xml").write_text(f"<manifest>{resources}</manifest>")
    told = _inspected(capsys, tmp_path)
    assert len(told.splitlines()) < 30 and "32 more: add --all" in told
    assert told.count("qti-convert upgrade OLD.zip NEW.zip") == 1
    assert _inspected(capsys, tmp_path, "--all").count("imsmanifest.xml:") == 40
    told = _inspected(capsys, sample_package_path())
    assert "ready to seal" in told and "problems: 0" in told
