"""F6: fragments that come damaged, cut short, or not at all, and decay after they were accepted."""

import errno
import hashlib
import os

import pytest

from tests.unit.venue.intake_desk import OPERATOR, Desk, codes
from venue_server.intake.dry_check import Stations
from venue_server.intake.standing import next_steps
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import Refusal

NOBODY = Stations(0, 0, 0)


def whole(desk: Desk) -> None:
    """The ciphertext is here, right, and every kept fragment is what headquarters wrote."""
    digest = hashlib.sha256(desk.kept("ciphertext").read_bytes()).hexdigest()
    assert digest == desk.sound_manifest().ciphertext_sha256
    for number in range(1, 6):
        file = desk.kept(f"fragment-{number}")
        assert not file.exists() or file.read_bytes() == desk.fragment(number).read_bytes()
        assert not desk.kept(f"partial-{number}").exists()


async def test_f6_missing_fragments_are_named(desk: Desk) -> None:
    desk.put(2, 5)
    report = await desk.take()
    assert (report.state, report.have, report.missing) == (
        PackageState.RECEIVING,
        [2, 5],
        [1, 3, 4],
    )
    standing = await desk.intake.standing(SESSION_ID)
    assert not isinstance(standing, Refusal)
    assert not standing.filled
    assert not desk.kept("ciphertext").exists(), "k-1 fragments make nothing"


async def test_f6_bad_blocks_in_three_fragments_help_each_other_out(desk: Desk) -> None:
    """Each of the only three fragments is damaged elsewhere: a fourth, damaged too, makes good."""
    stripes = desk.sound_manifest().layout.stripes
    assert stripes > 8, "the paper must have many blocks"
    desk.put(1, 2, 4)
    for number, block in ((1, 1), (2, 3), (4, stripes)):
        desk.damage(number, block)
    report = await desk.take()
    assert set(codes(report).values()) == {"", "PAP-04"}
    assert report.least is not None
    assert report.least.lacking == {1: 1, 2: 1, 4: 1}, "all but one block of each is kept"
    assert report.state is PackageState.RECEIVING
    desk.put(5)
    desk.damage(5, 5)
    report = await desk.take()
    assert report.state is PackageState.COMPLETE
    assert report.have == [1, 2, 4, 5]
    whole(desk)
    assert len(desk.entries("paper.fragment-repaired")) == 4


async def test_f6_another_mediums_copy_brings_only_what_is_missing(desk: Desk) -> None:
    """Two copies of one fragment, each damaged, are one whole fragment."""
    desk.put(3)
    desk.damage(3, 2, 4)
    report = await desk.take()
    assert report.have == []
    desk.put(3)
    desk.damage(3, 1, 6)
    report = await desk.take()
    assert report.have == [3]
    assert desk.kept("fragment-3").read_bytes() == desk.fragment(3).read_bytes()


async def test_f6_a_truncated_fragment_keeps_what_came(desk: Desk) -> None:
    desk.put(1)
    data = desk.fragment(1).read_bytes()
    (desk.medium / "1.kdfrag").write_bytes(data[: -desk.sound_manifest().block_size * 2])
    report = await desk.take()
    assert codes(report)["1.kdfrag"] == "PAP-04"
    assert report.least is not None
    assert 2 <= report.least.lacking[1] <= 3
    desk.put(1)
    assert (await desk.take()).have == [1]


async def test_f6_a_header_of_another_content_is_not_believed_but_blocks_are(desk: Desk) -> None:
    desk.put(1)
    data = desk.fragment(1).read_bytes()
    share = data.index(b'"rehearsal-venue":"') + 40
    changed = bytearray(data)
    changed[share] = ord("A") if changed[share] != ord("A") else ord("B")
    (desk.medium / "1.kdfrag").write_bytes(changed)
    report = await desk.take()
    assert codes(report)["1.kdfrag"] == "PAP-04"
    assert report.least is not None
    assert report.least.lacking == {1: 1}, "only the header"
    desk.put(1)
    desk.damage(1, *range(1, 5))
    assert (await desk.take()).have == [1], "the other copy had a sound header"


async def test_f6_an_oversize_file_is_judged_where_it_lies(desk: Desk) -> None:
    desk.put(1, 2, 3)
    path = desk.medium / "2.kdfrag"
    path.write_bytes(path.read_bytes() + bytes(100_000))
    report = await desk.take()
    assert codes(report)["2.kdfrag"] == "PAP-04"
    assert report.state is PackageState.COMPLETE, "its blocks are right"
    assert desk.quarantine() == {}, "what is larger than a fragment is not copied (R11)"


@pytest.mark.parametrize("victim", ["fragment-2", "ciphertext", "fragment-2 and ciphertext"])
async def test_d18_decay_after_receipt_is_found_and_mended_by_what_is_here(
    desk: Desk, victim: str
) -> None:
    desk.put(1, 2, 3, 4)
    await desk.take()
    if "fragment" in victim:
        desk.flip(desk.kept("fragment-2"), 2, 3)
    if "ciphertext" in victim:
        data = bytearray(desk.kept("ciphertext").read_bytes())
        data[1000] ^= 1
        desk.kept("ciphertext").write_bytes(data)
    checked = await desk.intake.check(SESSION_ID, OPERATOR, NOBODY)
    assert not isinstance(checked, Refusal)
    assert checked[0].passed, checked[0].rows
    whole(desk)
    assert desk.state() is PackageState.COMPLETE
    assert len(desk.entries("paper.damaged")) == 1
    assert [entry["passed"] for entry in desk.entries("paper.checked")] == [True]


async def test_d18_a_lost_key_share_takes_the_package_back_and_can_be_replaced(
    desk: Desk,
) -> None:
    """A header cannot be made again: with fewer than k of them the paper could not be opened."""
    desk.put(1, 2, 3)
    await desk.take()
    desk.flip(desk.kept("fragment-3"), 3, 0)
    checked = await desk.intake.check(SESSION_ID, OPERATOR, NOBODY)
    assert not isinstance(checked, Refusal)
    assert not checked[0].passed
    assert desk.state() is PackageState.RECEIVING
    assert desk.papers.all_held(desk.sittings.session(SESSION_ID)) == []
    assert desk.told == [SESSION_ID, SESSION_ID], "whoever offers it was told"
    desk.put(3)
    desk.damage(3, 1, 2, 3)  # this copy's blocks are bad, its header is not
    report = await desk.take()
    assert report.state is PackageState.COMPLETE
    whole(desk)


async def test_f6_too_much_damage_stays_named_and_asks_for_blocks(desk: Desk) -> None:
    desk.put(1, 2, 3)
    for number in (1, 2, 3):
        desk.damage(number, 7)
    report = await desk.take()
    assert report.state is PackageState.RECEIVING
    standing = await desk.intake.standing(SESSION_ID)
    assert not isinstance(standing, Refusal)
    assert {each.package_id: each.lacking for each in standing.packages} == {
        desk.sound_manifest().package_id: {1: 1, 2: 1, 3: 1}
    }
    assert "intake fetch" in next_steps(standing)[0]


async def test_d18_what_the_disk_cannot_read_counts_as_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that gives EIO is no fault of the server: it is wanted again."""
    desk.put(1, 2, 3, 4)
    await desk.take()
    real, struck = os.pread, []

    def pread(fd: int, length: int, offset: int) -> bytes:
        if os.readlink(f"/proc/self/fd/{fd}").endswith("fragment-4") and not struck:
            struck.append(offset)
            raise OSError(errno.EIO, "input/output error")
        return real(fd, length, offset)

    monkeypatch.setattr(os, "pread", pread)
    checked = await desk.intake.check(SESSION_ID, OPERATOR, NOBODY)
    assert struck
    assert not isinstance(checked, Refusal)
    assert checked[0].passed
    whole(desk)


async def test_d01_a_fragment_of_another_venue_gives_no_blocks(desk: Desk) -> None:
    desk.put(1, manifest=desk.manifest(venues={"other": "0" * 32}))
    report = await desk.take()
    assert codes(report) == {"manifest.json": "PAP-10", "1.kdfrag": "PAP-06"}
    assert report.state is None
