"""R6: no input makes a reader of ours raise; what once did is given again to every run."""

import io
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import run as fuzz
from tests.fuzz import targets
from tests.fuzz.targets import CORPUS, TARGETS, Target

MIB = 1024 * 1024
FOUND = [path for path in sorted(CORPUS.glob("*/*")) if path.is_file()]


@pytest.mark.parametrize("path", FOUND, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_r6_a_finding_of_the_past_is_refused(path: Path) -> None:
    assert TARGETS[path.parent.name].run(path.read_bytes()) != targets.OK


@pytest.mark.parametrize("name", TARGETS)
def test_r6_sound_input_is_taken(name: str) -> None:
    """The attack begins from something that is accepted; else it would only scratch the door."""
    told = {TARGETS[name].run(seed) for seed in TARGETS[name].seeds()}
    refused = {"share": {"PAP-12"}, "signed-token": {"ok"}, "document": {"DOC-02"}}
    assert told & (refused.get(name) or told), told
    if name in ("manifest", "token", "fragment", "stream", "public-key", "paper", "shown", "item"):
        assert targets.OK in told


@pytest.mark.parametrize("name", TARGETS)
def test_r6_mutated_input_is_refused_and_nothing_raised(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=60, deadline=None, database=None)
    @given(seed=st.integers(0, 2**48))
    def attack(seed: int) -> None:
        source = fuzz.inputs(target, str(seed))
        for _ in range(3):
            assert target.run(next(source))

    attack()


@pytest.mark.parametrize("name", ["fragment", "stream"])
def test_r6_what_is_changed_at_all_is_not_taken(name: str) -> None:
    """No byte of these may be another one, not even a harmless one."""
    target = TARGETS[name]
    seeds, source, changed = set(target.seeds()), fuzz.inputs(target, "all"), 0
    for _ in range(3000):
        data = next(source)
        if data not in seeds:
            changed += 1
            assert target.run(data) != targets.OK
    assert changed > 2500


def test_r6_the_attack_finds_what_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def brittle(data: bytes) -> str:
        return "text" if data.decode() else "nothing"

    monkeypatch.setitem(TARGETS, "brittle", Target(brittle, lambda: ["汉字".encode()]))
    done, _told, findings = fuzz.attack("brittle", "1", 500, 10, tmp_path)
    assert done == 500 and findings
    assert "UnicodeDecodeError" in capsys.readouterr().out
    kept = list((tmp_path / "brittle").iterdir())
    with pytest.raises(UnicodeDecodeError):
        kept[0].read_bytes().decode()


def test_r6_an_attack_can_be_made_again() -> None:
    for target in (TARGETS["manifest"], TARGETS["document"], TARGETS["item"]):
        first, again = fuzz.inputs(target, "7"), fuzz.inputs(target, "7")
        assert [next(first) for _ in range(40)] == [next(again) for _ in range(40)]


# ---- bombs and traps ---------------------------------------------------------------------------


def _zip(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _lying(archive: bytes, true_size: int, claimed: int) -> bytes:
    """The archive with an entry's size written smaller than it is, in both places."""
    true, false = (n.to_bytes(4, "little") for n in (true_size, claimed))
    assert archive.count(true) >= 2
    return archive.replace(true, false)


def _peak(name: str, data: bytes) -> tuple[str, int]:
    tracemalloc.start()
    try:
        told = TARGETS[name].run(data)
        return told, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_r6_zip_bombs_cost_a_refusal_and_no_memory() -> None:
    size = 100 * MIB
    bomb = _zip({"imsmanifest.xml": bytes(size)})
    for name, data in [
        ("package", bomb),
        ("package", _lying(bomb, size, 1000)),
        ("package", _lying(bomb, size, 7 * MIB)),
        ("paper", _zip({"paper.json": bytes(size)})),
        ("paper", _lying(_zip({"paper.json": bytes(size)}), size, 1000)),
    ]:
        told, peak = _peak(name, data)
        assert told != targets.OK
        assert peak < 40 * MIB, (name, told, peak)


_ENTITIES = "".join(f"<!ENTITY e{i} '{f'&e{i - 1};' * 10}'>" for i in range(1, 12))
_BOMBS = {
    "billion laughs": f"<!DOCTYPE a [<!ENTITY e0 'ha'>{_ENTITIES}]><a>&e11;</a>",
    "quadratic": f"<!DOCTYPE a [<!ENTITY e '{'x' * 60_000}'>]><a>{'&e;' * 30_000}</a>",
    "file": "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
    "network": "<!DOCTYPE a [<!ENTITY e SYSTEM 'http://127.0.0.1:9/'>]><a>&e;</a>",
    "parameter entity": "<!DOCTYPE a [<!ENTITY % e SYSTEM 'file:///etc/passwd'>%e;]><a/>",
    "outside DTD": "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
    "include": "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd' "
    "parse='text'/></a>",
    "deep": "<a>" * 100_000,
    "many attributes": "<a " + " ".join(f"a{i}='1'" for i in range(10_000)) + "/>",
    "UTF-16 without a mark": "<a/>".encode("utf-16-le").decode("latin-1"),
}


@pytest.mark.parametrize("name", _BOMBS)
@pytest.mark.parametrize("where", ["item", "shown", "media"])
def test_r6_xml_bombs_and_entities_are_refused(name: str, where: str) -> None:
    told, peak = _peak(where, _BOMBS[name].encode())
    harmless = where == "media" and name == "many attributes"
    assert told != targets.OK or harmless
    assert peak < 60 * MIB, (told, peak)


@pytest.mark.parametrize(
    "path",
    ["../outside.xml", "/etc/cron.d/x", "a/../../x", "C:\\x", "a\\..\\x", "C:/x", "./../x",
     "imsmanifest.xml/../../x"],
)  # fmt: skip
def test_r6_paths_that_leave_the_package_are_refused(path: str) -> None:
    assert "package-unsafe" in TARGETS["package"].run(_zip({"imsmanifest.xml": b"<a/>", path: b""}))


def test_r6_links_and_doubles_in_a_package_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("imsmanifest.xml", "<a/>")
        link = zipfile.ZipInfo("link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "package-unsafe" in TARGETS["package"].run(buffer.getvalue())
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("imsmanifest.xml", "<a/>")
        archive.writestr("imsmanifest.xml", "<b/>")
    assert "package-unsafe" in TARGETS["package"].run(buffer.getvalue())


def test_r6_random_bytes_are_refused_everywhere() -> None:
    rng = Random(6)
    for name, target in TARGETS.items():
        if name in ("media", "public-key"):
            continue
        empty = () if name == "bundle-journal" else (0,)  # who answered nothing has no line
        for size in (*empty, 1, 7, 24, 40, 1216, 5000):
            assert target.run(rng.randbytes(size)) != targets.OK, (name, size)
