"""``answers verify``: one candidate's chain, checked and told by whoever holds it (G11, Y03)."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.__main__ import main
from venue_server.headquarters.keyfiles import generate_signing
from venue_server.headquarters.service_receipts import ReceiptDesk
from venue_server.headquarters.service_uploads import Upload, UploadInfo, UploadShelf
from venue_server.upload.bundle import member_name
from venue_server.upload.chain_check import check_chain
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.receipt_code import receipt_code, receipt_qr

SITTING = "S1/01"


def made(*acts: tuple[str, str, dict[str, list[str]], dict[str, list[str]]]) -> list[ResponseEntry]:
    entries: list[ResponseEntry] = []
    head = genesis(SITTING)
    for seq, (kind, item, values, displayed) in enumerate(acts, 1):
        at_ms = 1_795_309_200_000 + seq * 1500
        entry = ResponseEntry(SITTING, seq, kind, item, values, displayed, at_ms, head)
        entries.append(seal_entry(entry))
        head = entries[-1].hash
    return entries


SHOWN = {"R": ["D", "B", "A", "C"]}
CHAIN = made(
    ("open", "", {}, {}),
    ("visit", "I1", {}, {}),
    ("response", "I1", {"R": ["B"]}, SHOWN),
    ("response", "I1", {"R": ["C", "D"]}, SHOWN),
    ("response", "I2", {"R": ["因此"]}, {}),
    ("submit", "", {"submit": ["EARLY"]}, {}),
)
HEAD = CHAIN[-1].hash


def journal(tmp_path: Path, entries: list[ResponseEntry]) -> str:
    file = tmp_path / "one.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in entries))
    return str(file)


def run(*words: str) -> int:
    return main(["answers", "verify", *words])


def test_g11_every_answer_is_told_with_its_place_and_what_it_replaced(
    tmp_path: Path, capsys: Any
) -> None:
    assert run(journal(tmp_path, CHAIN), "--code", receipt_code(HEAD)) == 0
    said = capsys.readouterr().out
    assert HEAD in said and receipt_code(HEAD) in said
    assert "✓ 作答链 / chain: OK" in said and "✓ 回执码相符" in said
    lines = said.splitlines()
    first = next(line for line in lines if line.startswith("#3 "))
    assert "2026-11-22 09:00:04.500" in first and "[1] R=B (@2)" in first
    second = next(line for line in lines if line.startswith("#4 "))
    assert "[2] R=C (@4), D (@1)  ← R=B" in second
    text = next(line for line in lines if line.startswith("#5 "))
    assert "[1] R=因此" in text and "@" not in text


@pytest.mark.parametrize("gone", range(len(CHAIN)))
@pytest.mark.parametrize("harm", ["taken out", "changed", "twice", "swapped"])
def test_l02_a_chain_with_anything_done_to_it_is_named(
    tmp_path: Path, capsys: Any, gone: int, harm: str
) -> None:
    """Each entry in turn. The last entry's absence is no break: the code tells it."""
    entries = list(CHAIN)
    if harm == "taken out":
        del entries[gone]
    elif harm == "changed":
        entries[gone] = msgspec.structs.replace(entries[gone], at_ms=entries[gone].at_ms + 1)
    elif harm == "twice":
        entries.insert(gone, entries[gone])
    else:
        other = (gone + 1) % len(entries)
        entries[gone], entries[other] = entries[other], entries[gone]
    assert run(journal(tmp_path, entries), "--sitting", SITTING, "--code", receipt_code(HEAD)) == 1
    said = capsys.readouterr().out
    assert "✗" in said
    if not (harm == "taken out" and gone == len(CHAIN) - 1):
        assert "✗ 作答链" in said


def test_l02_another_answer_with_a_chain_made_new_has_another_code(
    tmp_path: Path, capsys: Any
) -> None:
    """What a forger at the venue could do: a whole chain, but not the candidate's."""
    forged = made(
        ("open", "", {}, {}),
        ("visit", "I1", {}, {}),
        ("response", "I1", {"R": ["A"]}, SHOWN),
        ("submit", "", {"submit": ["EARLY"]}, {}),
    )
    assert run(journal(tmp_path, forged), "--code", receipt_code(HEAD)) == 1
    said = capsys.readouterr().out
    assert "✓ 作答链" in said and "✗ 回执码与此作答链不符" in said


def test_g11_a_miswritten_code_is_told_from_a_foreign_one(tmp_path: Path, capsys: Any) -> None:
    code = receipt_code(HEAD)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert run(journal(tmp_path, CHAIN), "--code", wrong) == 1
    assert "抄写有误" in capsys.readouterr().out


def test_f24_a_code_from_before_a_merge_is_found_inside_the_chain(
    tmp_path: Path, capsys: Any
) -> None:
    assert run(journal(tmp_path, CHAIN), "--code", receipt_code(CHAIN[3].hash)) == 0
    assert "entry 4" in capsys.readouterr().out


def test_g11_the_qr_code_names_sitting_and_whole_head(tmp_path: Path, capsys: Any) -> None:
    file = journal(tmp_path, CHAIN)
    assert run(file, "--qr", receipt_qr(SITTING, HEAD)) == 0
    assert "✓ 二维码相符" in capsys.readouterr().out
    for foreign in (receipt_qr("S1/02", HEAD), receipt_qr(SITTING, "0" * 64), "https://example"):
        assert run(file, "--qr", foreign) == 1
        assert "✗ 二维码" in capsys.readouterr().out


def test_f15_answers_after_a_hand_in_that_was_taken_back_are_said_by_item(
    tmp_path: Path, capsys: Any
) -> None:
    more = made(
        ("open", "", {}, {}),
        ("response", "I1", {"R": ["B"]}, SHOWN),
        ("submit", "", {"submit": ["EARLY"]}, {}),
        ("response", "I7", {"R": ["A"]}, SHOWN),
        ("submit", "", {"submit": ["AUTO"]}, {}),
    )
    assert run(journal(tmp_path, more), "--code", receipt_code(more[2].hash)) == 0
    said = capsys.readouterr().out
    assert "entry 3; 2 later ones, answered after the hand-in was taken back (I7)" in said
    assert run(journal(tmp_path, more[:4]), "--code", receipt_code(more[2].hash)) == 0
    assert "1 later ones, merged afterwards (I7)" in capsys.readouterr().out


@pytest.mark.parametrize("left", range(1, len(CHAIN)))
def test_l02_entries_cut_off_at_the_end_differ_from_the_list_beside_them(
    tmp_path: Path, capsys: Any, left: int
) -> None:
    """Without a code nothing in such a chain itself is wrong."""
    row = {"sitting_id": SITTING, "seq": len(CHAIN), "head": HEAD}
    (tmp_path / "sittings.json").write_text(json.dumps([row]))
    (tmp_path / "journals").mkdir()
    target = tmp_path / member_name("journals", SITTING, "jsonl")
    target.write_bytes(Path(journal(tmp_path, CHAIN)).read_bytes())
    assert run(str(tmp_path), "--sitting", SITTING) == 0
    assert "✓ 与列表所载" in capsys.readouterr().out
    target.write_bytes(Path(journal(tmp_path, CHAIN[:left])).read_bytes())
    assert run(str(tmp_path), "--sitting", SITTING) == 1
    said = capsys.readouterr().out
    assert "✓ 作答链 / chain: OK" in said and "✗ 与列表所载" in said


@given(st.integers(0, len(CHAIN) - 1), st.sampled_from(["values", "item_id", "prev", "kind"]))
def test_l02_no_field_of_any_entry_can_change_unseen(at: int, field: str) -> None:
    entries = list(CHAIN)
    other = {"values": {"R": ["X"]}, "item_id": "I9", "prev": "0" * 64, "kind": "flag"}[field]
    entries[at] = msgspec.structs.replace(entries[at], **{field: other})
    report = check_chain(SITTING, entries)
    assert not report.whole and report.problem.startswith(f"{at + 1}:")
    assert report.head == (CHAIN[at - 1].hash if at else genesis(SITTING))


@pytest.mark.parametrize("content", [b"{}", b"\xff\xfe", b'{"kind":"\xff"}', b"[1]\n", b""])
def test_g11_what_is_no_journal_is_said_plainly(
    tmp_path: Path, capsys: Any, content: bytes
) -> None:
    (tmp_path / "bad.jsonl").write_bytes(content)
    assert run(str(tmp_path / "bad.jsonl")) == 2
    assert "无法核对" in capsys.readouterr().err


async def test_g11_l08_the_screen_the_bundle_and_headquarters_receipt_say_the_same(
    world: Any, kit: Any, tmp_path: Path, capsys: Any
) -> None:
    """From the candidate's chain to headquarters' signed receipt, with every kind of input."""
    sittings = await world.sealed()
    shown = receipt_code(sittings[0].final_head)
    bundle = world.upload.bundle("S1").bundle
    keys = world.headquarters
    desk = ReceiptDesk(keys, UploadShelf(keys.data_dir), lambda: kit.NOW_MS)
    info = UploadInfo(bundle.size, bundle.bundle_id, bundle.sha256)
    desk.take(Upload("0" * 32, info, bundle.size, bundle.file))
    trust: list[str] = []
    for number, public in enumerate(keys.signing_public):
        file = tmp_path / f"hq-{number}.pub"
        file.write_text(public + "\n")
        trust += ["--trust", str(file)]
    receipt = ["--receipt", str(keys.data_dir / "receipts" / f"{bundle.bundle_id}.json"), *trust]
    opened = str(keys.data_dir / "results" / bundle.bundle_id)
    asked = ["--ticket", "2601010101", "--code", shown, *receipt]
    assert run(opened, *asked) == 0
    assert "✓ 上级回执确认此作答链" in capsys.readouterr().out
    venue = tmp_path / "venue.pub"
    register = json.loads(next((keys.data_dir / "venues").iterdir()).read_bytes())
    venue.write_text(register["public"])
    key = ["--key", str(keys.data_dir / "keys/bundle.hpke"), "--venue-key", str(venue)]
    assert run(str(bundle.file), *asked, *key, "--json") == 0
    assert json.loads(capsys.readouterr().out)["code"] == shown
    # The absent candidate has a chain too: the empty one.
    assert run(opened, "--sitting", "S1/03", *receipt) == 0
    # Another candidate's code, an unknown ticket, a stranger's receipt.
    capsys.readouterr()
    assert run(opened, "--sitting", "S1/02", "--code", shown) == 1
    assert run(opened, "--ticket", "9") == 2
    stranger = generate_signing(tmp_path, "stranger").with_suffix(".pub")
    assert run(opened, "--sitting", "S1/01", *receipt[:2], "--trust", str(stranger)) == 1
    assert "回执无效" in capsys.readouterr().out


def test_l02_a_number_that_has_no_canonical_form_breaks_the_chain_and_not_the_reader() -> None:
    entries = list(CHAIN)
    entries[1] = msgspec.structs.replace(entries[1], at_ms=2**60)
    assert check_chain(SITTING, entries).problem.startswith("2:")
