"""Supervised receipt: each fault of a medium has its verdict, and nothing is lost (D01-D05, R6)."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.venue.intake_desk import KEEPER, OPERATOR, SUPERVISOR, TWO, Desk, code_of, codes
from venue_server.intake import acceptance, incoming, packages
from venue_server.intake import service as intake_module
from venue_server.intake import store as rows
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.storage import schema
from venue_server.vault.layout import PREFIX
from venue_server.wire.canonical import canonical
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.stream import seal_stream


@pytest.fixture
async def desk(tmp_path: Path, template: Any, kit: Any) -> AsyncIterator[Desk]:
    made = Desk(tmp_path, template, kit.DAY)
    await made.plan()
    yield made
    made.store.close()


# ---- people and time -------------------------------------------------------------------------


async def test_d02_receiving_needs_an_open_session_of_this_operator(desk: Desk) -> None:
    desk.put(1, 2, 3)
    done = await desk.intake.import_folder(desk.medium, TWO)
    assert code_of(done) is RefusalCode.RECEIPT_NOT_OPEN
    await desk.begin()
    for two in (("admin-b", SUPERVISOR), (OPERATOR, KEEPER), (OPERATOR, OPERATOR)):
        done = await desk.intake.import_folder(desk.medium, two)
        assert code_of(done) is RefusalCode.NOT_OF_THE_TWO, two
        assert code_of(await desk.intake.fetch(two)) is RefusalCode.NOT_OF_THE_TWO, two
    done = await desk.intake.import_folder(desk.folder / "nowhere", TWO)
    assert code_of(done) is RefusalCode.FRAGMENT_MALFORMED
    assert desk.refused() == []
    assert list(desk.papers.packages()) == []


async def test_d02_the_window_and_the_time_limit_are_kept_to_the_millisecond(desk: Desk) -> None:
    planned = desk.sittings.planned(SESSION_ID)

    async def opened() -> object:
        return await desk.intake.receipts.open(SESSION_ID, OPERATOR, SUPERVISOR)

    for desk.now_ms in (planned.receipt_open_ms - 1, planned.receipt_close_ms):
        assert code_of(await opened()) is RefusalCode.RECEIPT_WINDOW_CLOSED
    other = await desk.intake.receipts.open("another", OPERATOR, SUPERVISOR)
    assert code_of(other) is RefusalCode.SESSION_WRONG_STATE
    desk.now_ms = planned.receipt_open_ms
    receipt = await opened()
    assert isinstance(receipt, rows.Receipt)
    assert receipt.deadline_ms == desk.now_ms + planned.receipt_limit_s * 1000
    assert code_of(await opened()) is RefusalCode.SESSION_WRONG_STATE, "one at a time"
    desk.put(1)
    desk.now_ms = receipt.deadline_ms - 1
    await desk.take()
    desk.now_ms = receipt.deadline_ms
    done = await desk.intake.import_folder(desk.medium, TWO)
    assert code_of(done) is RefusalCode.RECEIPT_TIME_OVER
    late = await opened()
    assert isinstance(late, rows.Receipt), "the expired one is closed and another may begin"
    assert late.deadline_ms == planned.receipt_close_ms, "never beyond the window"


async def test_d02_the_two_who_began_end_it(desk: Desk) -> None:
    close = desk.intake.receipts.close
    assert code_of(await close(OPERATOR, SUPERVISOR)) is RefusalCode.RECEIPT_NOT_OPEN
    await desk.begin()
    for people in ((OPERATOR, "deputy-1"), ("admin-b", SUPERVISOR), (OPERATOR, OPERATOR)):
        assert code_of(await close(*people)) is RefusalCode.NOT_OF_THE_TWO, people
    assert await close(OPERATOR, SUPERVISOR) is PackageState.EXPECTED
    assert code_of(await close(OPERATOR, SUPERVISOR)) is RefusalCode.RECEIPT_NOT_OPEN


# ---- the way it should go --------------------------------------------------------------------


async def test_d01_any_three_fragments_in_any_order_and_session_complete_the_paper(
    desk: Desk,
) -> None:
    await desk.begin()
    desk.put(5)
    first = await desk.take()
    assert (first.state, first.have, first.need) == (PackageState.RECEIVING, [5], 3)
    assert first.missing == [1, 2, 3, 4]
    assert await desk.intake.receipts.close(OPERATOR, SUPERVISOR) is PackageState.RECEIVING
    await desk.begin()
    desk.put(2, manifest=None)
    await desk.take()
    desk.put(4)
    last = await desk.take()
    assert (last.state, last.have, last.missing) == (PackageState.COMPLETE, [2, 4, 5], [1, 3])
    assert desk.told == [SESSION_ID]
    (held,) = desk.papers.all_held(desk.sittings.session(SESSION_ID))
    assert held is not None
    digest = hashlib.sha256(held.ciphertext.read_bytes()).hexdigest()
    assert digest == held.manifest.ciphertext_sha256
    assert sorted(held.sealed_shares()) == [2, 4, 5]
    assert desk.refused() == []
    assert desk.quarantine() == {}


# ---- every fault of a fragment ---------------------------------------------------------------

Damage = Callable[[Desk, bytes], bytes]


def flipped(at: int) -> Damage:
    def run(_desk: Desk, data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return run


def foreign(_desk: Desk, data: bytes) -> bytes:
    _magic, length = PREFIX.unpack(data[: PREFIX.size])
    header = json.loads(data[PREFIX.size : PREFIX.size + length])
    header["package_id"] = "another-package"
    text = canonical(header)
    return PREFIX.pack(b"KDFRAG01", len(text)) + text + data[PREFIX.size + length :]


def zipped(_desk: Desk, data: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("items/Q01.xml", data[:1000])
    return whole.getvalue()


FAULTS: dict[str, tuple[Damage, str]] = {
    "one bit of a block": (flipped(-1), "PAP-04"),
    "cut short": (lambda _d, data: data[:-1], "PAP-04"),
    "something behind it": (lambda _d, data: data + b"\0", "PAP-04"),
    "a share replaced": (
        lambda _d, data: data.replace(b'"rehearsal-venue":"', b'"rehearsal-venue":"AAAA', 1),
        "PAP-03",
    ),
    "a share of the same length": (flipped(400), "PAP-04"),
    "no fragment at all": (lambda _d, _data: b"holiday pictures", "PAP-03"),
    "empty": (lambda _d, _data: b"", "PAP-03"),
    "the header's length lies": (
        lambda _d, data: PREFIX.pack(b"KDFRAG01", 2**32 - 1) + data[PREFIX.size :],
        "PAP-03",
    ),
    "another package": (foreign, "PAP-06"),
    "a whole paper": (zipped, "PAP-14"),
    "a whole sealed paper": (
        lambda _d, data: b"".join(seal_stream(bytes(32), [data[:5000]])),
        "PAP-14",
    ),
}

SALVAGED = {"one bit of a block", "cut short", "something behind it"}
"""The header is sound, and blocks can be made again from the others."""


@pytest.mark.parametrize("fault", FAULTS)
async def test_r6_a_faulty_fragment_is_named_kept_aside_and_does_not_stop_the_others(
    desk: Desk, fault: str
) -> None:
    damage, code = FAULTS[fault]
    await desk.begin()
    desk.put(1, 3, 5)
    bad = damage(desk, desk.fragment(2).read_bytes())
    (desk.medium / "2.kdfrag").write_bytes(bad)
    report = await desk.take()
    expected = {
        "manifest.json": "",
        "1.kdfrag": "",
        "2.kdfrag": code,
        "3.kdfrag": "",
        "5.kdfrag": "",
    }
    assert codes(report) == expected
    mended = [2] if fault in SALVAGED else []
    assert (report.state, report.have) == (PackageState.COMPLETE, sorted([1, 3, 5, *mended]))
    ((file, told, kept),) = desk.refused()
    assert (file, told) == ("2.kdfrag", code)
    assert desk.quarantine() == {kept: bad}
    (verdict,) = (each for each in report.files if each.refusal)
    assert verdict.refusal is not None
    assert "2.kdfrag" in verdict.refusal.detail
    assert "incoming" not in verdict.refusal.detail
    # The sound one, brought again, is welcome unless the others have already mended it.
    desk.put(2)
    assert codes(await desk.take())["2.kdfrag"] == ("PAP-05" if mended else "")


async def test_r6_a_fragment_brought_twice_is_named_and_changes_nothing(desk: Desk) -> None:
    await desk.begin()
    desk.put(1)
    shutil.copy(desk.fragment(1), desk.medium / "again.kdfrag")
    report = await desk.take()
    assert codes(report) == {"manifest.json": "", "1.kdfrag": "", "again.kdfrag": "PAP-05"}
    assert report.have == [1]


async def test_r11_a_file_larger_than_any_fragment_is_judged_where_it_lies(desk: Desk) -> None:
    """A forgotten disk image on the medium must not fill the server's disk."""
    await desk.begin()
    desk.put(1, 2, 3)
    largest = max(desk.fragment(n).stat().st_size for n in range(1, 6)) + acceptance.BEHIND
    with (desk.medium / "image.iso").open("wb") as file:
        file.truncate(largest + 1)
    (desk.medium / "paper.zip").write_bytes(zipped(desk, b"x") + bytes(largest))
    report = await desk.take()
    assert report.state is PackageState.COMPLETE
    found = codes(report)
    assert (found["image.iso"], found["paper.zip"]) == ("PAP-03", "PAP-14")
    assert [(file, kept) for file, _code, kept in desk.refused()] == [
        ("image.iso", ""),
        ("paper.zip", ""),
    ]
    assert desk.quarantine() == {}


async def test_d01_fewer_than_three_fragments_open_nothing(desk: Desk) -> None:
    await desk.begin()
    desk.put(1, 2)
    report = await desk.take()
    assert (report.state, report.missing) == (PackageState.RECEIVING, [3, 4, 5])
    assert desk.papers.all_held(desk.sittings.session(SESSION_ID)) == []
    assert not list((desk.folder / "papers").rglob("ciphertext"))


async def test_r6_fragments_without_a_manifest_are_named_foreign(desk: Desk) -> None:
    await desk.begin()
    desk.put(1, 2, 3, manifest=None)
    report = await desk.take()
    assert set(codes(report).values()) == {"PAP-06"}
    assert report.state is None
    assert list(desk.papers.packages()) == []


# ---- every fault of a manifest ---------------------------------------------------------------

MANIFESTS: dict[str, tuple[Callable[[Desk], bytes], str]] = {
    "no JSON": (lambda d: b"{", "DOC-01"),
    "not signed": (lambda d: b'{"payload":{}}', "DOC-01"),
    "another document": (lambda d: (d.folder / "plan.json").read_bytes(), "DOC-02"),
    "another version": (lambda d: d.manifest(version="2.0"), "DOC-03"),
    "one hand": (lambda d: d.manifest(signers=1), "DOC-04"),
    "changed afterwards": (
        lambda d: d.manifest().replace(b'"subject_code":"9901"', b'"subject_code":"9902"'),
        "DOC-04",
    ),
    "another venue": (lambda d: d.manifest(venues={"other": "0" * 32}), "PAP-10"),
    "for practice": (lambda d: d.manifest(mode="PRACTICE"), "DOC-07"),
    "a live paper": (lambda d: d.manifest(mode="LIVE"), "DOC-07"),
    "another subject": (lambda d: d.manifest(subject_code="1234"), "PAP-09"),
    "expired": (lambda d: d.manifest(release_at_ms=5, expires_at_ms=d.now_ms), "PAP-08"),
    "not yet": (lambda d: d.manifest(not_before_ms=d.now_ms + 1), "PAP-16"),
    "contradicts itself": (lambda d: d.manifest(k=6), "DOC-01"),
    "a path in its name": (lambda d: d.manifest(package_id="../../evil"), "DOC-01"),
}


@pytest.mark.parametrize("fault", MANIFESTS)
async def test_r6_a_faulty_manifest_is_named_kept_aside_and_takes_nothing_in(
    desk: Desk, fault: str
) -> None:
    make, code = MANIFESTS[fault]
    bad = make(desk)
    await desk.begin()
    desk.put(1, manifest=bad)
    report = await desk.take()
    assert codes(report)["manifest.json"] == code
    assert list(desk.papers.packages()) == []
    ((file, told, kept), of_fragment) = desk.refused()
    assert (file, told) == ("manifest.json", code)
    assert of_fragment == ("1.kdfrag", "PAP-06", "")
    assert desk.quarantine() == {kept: bad}
    desk.put(1, 2, 3)
    assert (await desk.take()).state is PackageState.COMPLETE


async def test_r6_a_manifest_that_lies_about_the_ciphertext_is_found_when_it_is_whole(
    desk: Desk,
) -> None:
    await desk.begin()
    desk.put(1, 2, 3, manifest=desk.manifest(ciphertext_sha256="0" * 64))
    report = await desk.take()
    assert report.state is PackageState.RECEIVING
    assert [code for _file, code, _kept in desk.refused()] == ["PAP-13"]
    assert not list((desk.folder / "papers").rglob("ciphertext"))


async def test_r11_a_manifest_beyond_any_reason_is_named_and_not_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "MAX_MANIFEST", 1000)
    await desk.begin()
    desk.put(manifest=b" " * 1001)
    assert codes(await desk.take()) == {"manifest.json": "LAN-04"}
    assert desk.refused() == [("manifest.json", "LAN-04", "")]


# ---- used once -------------------------------------------------------------------------------


@pytest.mark.parametrize("used", [PackageState.RELEASED, PackageState.ENDED, PackageState.WIPED])
async def test_e07_a_package_that_was_opened_is_not_taken_in_again(
    desk: Desk, used: PackageState
) -> None:
    await desk.begin()
    desk.put(1, 2, 3)
    await desk.take()
    assert codes(await desk.take())["manifest.json"] == "", "before the release it may come again"
    ((package, _manifest),) = desk.papers.packages()
    await desk.store.write(
        lambda tx: rows.move_package(tx, package.package_id, PackageState.COMPLETE, used)
    )
    desk.papers.reload()
    report = await desk.take()
    assert codes(report)["manifest.json"] == "PAP-11"
    assert codes(report)["1.kdfrag"] == "PAP-06"
    assert report.state is used
    assert ("manifest.json", "PAP-11") in [(f, c) for f, c, _kept in desk.refused()]


async def test_e07_a_package_of_one_session_is_not_taken_in_for_another(desk: Desk) -> None:
    """The same subject twice a day: each session has a paper of its own."""
    await desk.begin()
    desk.put(1, 2, 3)
    await desk.take()
    await desk.store.write(
        lambda tx: tx.execute(schema.package.update().values(session_id="the-morning"))
    )
    desk.papers.reload()
    report = await desk.take()
    assert codes(report)["manifest.json"] == "PAP-11"
    assert desk.papers.all_held(desk.sittings.session(SESSION_ID)) == []


# ---- killed ----------------------------------------------------------------------------------


class Killed(Exception):
    """The process ended here."""


def killed_at(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, after: int = 0) -> None:
    """Let the ``after``-th call of a function be the last thing the process does."""
    real, calls = getattr(place, name), [0]

    def dying(*given: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] > after:
            raise Killed(name)
        return real(*given, **named)

    monkeypatch.setattr(place, name, dying)


@pytest.mark.parametrize(
    ("place", "name", "after"),
    [
        (rows, "insert_package", 0),
        (incoming, "copy_in", 1),
        (acceptance, "inspect_fragment", 1),
        (rows, "insert_fragment", 0),
        (rows, "insert_fragment", 2),
        (packages, "assemble", 0),
        (rows, "move_package", 0),
    ],
)
async def test_r1_killed_anywhere_in_an_import_the_same_medium_completes_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, after: int
) -> None:
    await desk.begin()
    desk.put(1, 2, 3)
    with monkeypatch.context() as dying:
        killed_at(dying, place, name, after)
        with pytest.raises(Killed):
            await desk.intake.import_folder(desk.medium, TWO)
    desk.store.close()
    desk.open()
    report = await desk.take()
    assert report.state is PackageState.COMPLETE
    assert report.have == [1, 2, 3]
    assert desk.told == [SESSION_ID]
    ((package, manifest),) = desk.papers.packages()
    names = sorted(file.name for file in desk.papers.folder(package.package_id).iterdir())
    assert names == ["ciphertext", "fragment-1", "fragment-2", "fragment-3", "manifest.json"]
    whole = desk.papers.folder(package.package_id) / "ciphertext"
    assert hashlib.sha256(whole.read_bytes()).hexdigest() == manifest.ciphertext_sha256
