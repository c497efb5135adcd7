"""Before the release nothing of the paper is readable anywhere, secrets never (D11, O03, R7)."""

import base64
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from venue_server.headquarters.sample import sample_package_path
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.rehearsal.headquarters_side import SESSION_ID, VENUE_ID
from venue_server.vault import slip39
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.vault.shares import open_share
from venue_server.venue_keys import VenueKeys
from venue_server.wire.codec import encode
from venue_server.wire.console_orders import EnterCodeShare, SealSession
from venue_server.wire.frames import Second
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.signed import public_keys
from venue_server.wire.station_messages import FormKey, WrappingKey
from venue_server.wire.stream import StreamReader

LONG_ENOUGH = 10


def distinctive() -> list[bytes]:
    """Sentences of the sample paper's own items: the canaries."""
    found: set[str] = set()
    for file in (sample_package_path() / "items").glob("*.xml"):
        for text in etree.parse(file).getroot().itertext():
            found.add(" ".join(text.split()))
    return [text.encode() for text in found if len(text) >= LONG_ENOUGH]


def everywhere(*folders: Path) -> dict[str, bytes]:
    """Every byte of every file below some folders."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files if path.name != "reserve"}


def hits(haystack: dict[str, bytes], needles: list[bytes]) -> list[str]:
    return [
        f"{where}: {needle!r}"
        for where, data in haystack.items()
        for needle in needles
        if needle in data
    ]


def forms(secret: bytes) -> list[bytes]:
    """A secret as it might lie about: raw, hex, base64."""
    return [secret, secret.hex().encode(), base64.b64encode(secret), repr(secret)[2:-1].encode()]


def test_the_canaries_would_be_found(tmp_path: Path) -> None:
    """The search itself can fail: the plain package and a plain ZIP of it are full of hits."""
    assert len(distinctive()) > 60
    assert hits(everywhere(sample_package_path()), distinctive())
    with zipfile.ZipFile(tmp_path / "plain.zip", "w") as archive:
        for file in (sample_package_path() / "items").glob("*.xml"):
            archive.write(file, file.name)
    assert hits(everywhere(tmp_path), distinctive())


async def test_d11_before_the_release_nothing_of_the_paper_is_readable_anywhere(
    world: Any, kit: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    paper = await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, station)
    await world.arm(chief)
    await station.heard.next(WrappingKey)
    early = EnterCodeShare(0, SESSION_ID, world.template.code_shares()[0])
    assert await chief.refused(early) is RefusalCode.RELEASE_TOO_EARLY
    assert station.heard.all(FormKey) == []

    told = {f"message {n}": encode(m).encode() for n, m in enumerate(station.heard.messages)}
    told |= {f"console {n}": encode(m).encode() for n, m in enumerate(chief.heard.messages)}
    out, err = capfd.readouterr()
    said = {"log": caplog.text.encode(), "stdout": out.encode(), "stderr": err.encode()}
    files = everywhere(world.data, station.folder, world.folder / "medium")
    assert any("ciphertext" in name for name in files)
    assert any("second" in name for name in files)
    assert hits(files | told | said, distinctive()) == []

    # Secrets: R and its shares, S, answer keys, every password; nowhere but in headquarters' hands.
    release = _release_secret(world)
    shares = [words.encode() for words in world.template.code_shares()]
    spoken = [b"release_secret", *shares, *forms(release)]
    passwords = [each.password.encode() for each in world.cast.staff]
    assert hits(files | told | said, spoken + passwords) == []

    # And once it is released, it does open: the canaries were the right ones.
    await world.released(chief)
    key = await station.content_key()
    with paper.open("rb") as sealed, zipfile.ZipFile(StreamReader(key, sealed)) as archive:
        plain = {name: archive.read(name) for name in archive.namelist()}
    assert len(hits(plain, distinctive())) > 40


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Every log line of every library at DEBUG, from before the server starts."""
    text, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(before)
    root.removeHandler(handler)


async def test_o03_secrets_stay_out_of_ledger_log_and_errors_to_the_end(
    logged: io.StringIO, exam_day: Any, kit: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    answer = "作答原文不得出现在任何日志里"
    await day.next_save(day.first, chain, answer)
    content_key = await day.first.content_key()
    release = _release_secret(world)
    shared = slip39.combine(_venue_shares(world))
    answer_key = (world.data / "keys" / "answers" / f"{SESSION_ID}.key").read_bytes()
    wrong = SealSession(0, SESSION_ID, Second(kit.ADMIN, "a very wrong password"))
    assert await day.chief.refused(wrong) is RefusalCode.SIGN_IN_FAILED

    secrets = [form for each in (content_key, release, shared, answer_key) for form in forms(each)]
    secrets += [each.password.encode() for each in world.cast.staff]
    secrets += [b"a very wrong password", answer.encode()]
    own = VenueKeys.load(world.data / "keys")
    secrets += [*forms(own.hpke.private_raw()), *forms(own.signing.private_bytes_raw())]
    secrets += [each.id_number.encode() for each in world.cast.candidates]
    secrets += [words.encode() for words in _venue_shares(world)]
    ledger = {str(path): path.read_bytes() for path in world.data.rglob("ledger.jsonl")}
    assert len(ledger) == 2
    out, err = capfd.readouterr()
    said = {"log": logged.getvalue().encode(), "stdout": out.encode(), "stderr": err.encode()}
    shown = {f"console {n}": encode(m).encode() for n, m in enumerate(day.chief.heard.messages)}
    assert hits(ledger | said | shown, secrets + distinctive()) == []
    assert b"released to 2 stations" in said["log"], "the log was listened to from the beginning"
    # The answer itself lies nowhere in clear, and neither S nor K on any disk of the venue.
    files = everywhere(world.data)
    assert hits(files, [answer.encode(), *forms(content_key), *forms(shared)]) == []
    clear = [name for name, data in files.items() if answer_key in data]
    assert [Path(name).name for name in clear] == [f"{SESSION_ID}.key"]
    assert Path(clear[0]).stat().st_mode & 0o077 == 0


async def test_o08_identity_numbers_are_told_to_nobody_in_full(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    numbers = [each.id_number.encode() for each in world.cast.candidates]
    shown = {
        f"{name} {n}": encode(message).encode()
        for name, heard in (
            ("chief", day.chief.heard),
            ("room", day.rooms["01"].heard),
            ("station", day.first.heard),
        )
        for n, message in enumerate(heard.messages)
    }
    shown |= {str(path): path.read_bytes() for path in world.data.rglob("ledger.jsonl")}
    assert hits(shown, numbers) == []
    names = [each.name.encode() for each in world.cast.candidates]
    assert hits(shown, names), "names are shown: the search looks at the right messages"
    station = {name: data for name, data in shown.items() if name.startswith("station")}
    others = [c.name.encode() for c in world.cast.candidates if c.seat_no != "01"]
    assert hits(station, others) == [], "a station knows its own candidate only"


async def test_o03_nothing_secret_can_be_read_by_other_users_of_the_machine(
    exam_day: Any,
) -> None:
    data = exam_day.world.data
    assert data.stat().st_mode & 0o077 == 0
    for path in (data / "keys").rglob("*"):
        if path.is_file() and path.suffix != ".pub":
            assert path.stat().st_mode & 0o077 == 0, path
    assert (data / "run" / "control.sock").stat().st_mode & 0o077 == 0
    # The metrics, counts only, are written anew each second.
    assert [each for each in data.rglob("*.part") if each.name != "answers.part"] == []


def _release_secret(world: Any) -> bytes:
    """R, as headquarters keeps it."""
    text = json.loads((world.template.own / "release-secret.json").read_text())
    return base64.b64decode(text["release_secret"])


def _venue_shares(world: Any) -> list[str]:
    """S's shares as only the venue's key opens them."""
    raw = (world.template.sealed / "manifest.json").read_bytes()
    manifest = read_manifest(raw, public_keys(world.keys.signing_public), 2)
    assert isinstance(manifest, PaperManifest)
    private = VenueKeys.load(world.data / "keys").hpke
    words = []
    for file in sorted(world.template.sealed.glob("*.kdfrag"))[: manifest.k]:
        verdict = inspect_fragment(file, manifest, VENUE_ID, ())
        assert isinstance(verdict, FragmentVerdict)
        opened = open_share(verdict.sealed_share, verdict.fragment, manifest, VENUE_ID, private)
        assert isinstance(opened, str)
        words.append(opened)
    return words
