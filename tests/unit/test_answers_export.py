"""A station's export: signed when it can be, and whole or recognisable (F4, F25)."""

import errno
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from candidate_station.answers import export
from candidate_station.answers.export import export_journals
from candidate_station.answers.journal import Journal
from candidate_station.startup import EXIT_OK
from candidate_station.startup import export as command
from tests.evidence.station_export import MACHINE, SITTING, journalled, saved_identity
from venue_server.responses.branching.journal_proof import Proof, prove
from venue_server.responses.branching.station_folder_io import copied_journals
from venue_server.stations.store import Enrolled, Machine
from venue_server.wire.journal_format import FILE_NAME, KEY_SIZE, folder_name
from venue_server.wire.station_export import STATEMENT_NAMES, ReadExport, read_statement

NAME = folder_name(SITTING)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    journalled(folder)
    saved_identity(folder / "identity")
    return folder


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def said(folder: Path, name: str = STATEMENT_NAMES[0]) -> ReadExport:
    found = read_statement((folder / name).read_bytes())
    assert isinstance(found, ReadExport)
    return found


def test_f4_it_names_every_file_and_the_end_of_every_chain(data: Path, stick: Path) -> None:
    entries = journalled(data, "xy", "am.102")
    done = export_journals(data, data / "identity", stick, 42)
    assert (done.sittings, done.signed_by, done.unread) == (2, MACHINE, ())
    told = said(done.folder)
    assert told == said(done.folder, STATEMENT_NAMES[1])
    assert (told.said.machine_id, told.said.wall_ms) == (MACHINE, 42)
    sitting = told.sitting(folder_name("am.102"))
    assert sitting is not None
    assert (sitting.seq, sitting.head, sitting.last_at_ms) == (
        2,
        entries[-1].hash,
        entries[-1].at_ms,
    )
    there = {e.relative_to(done.folder).as_posix() for e in done.folder.rglob("*") if e.is_file()}
    assert there == {each.name for each in told.said.files} | set(STATEMENT_NAMES)
    assert not list(done.folder.rglob("*.pem")), "the station's own key stays at the station"


def test_f4_entries_behind_damage_are_vouched_for_as_well(data: Path, stick: Path) -> None:
    file = data / "sittings" / NAME / FILE_NAME
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    sitting = said(export_journals(data, data / "identity", stick, 1).folder).sitting(NAME)
    assert sitting is not None and sitting.sitting_id == SITTING
    assert 1 <= sitting.seq < 4 and len(sitting.signed_hashes()) == 3


@pytest.mark.parametrize("broken", ["none", "identity", "key", "another key"])
def test_f4_without_an_identity_the_copy_is_made_and_says_that_nobody_signed(
    data: Path, stick: Path, broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = data / "identity"
    (pem,) = identity.glob("machine-*.pem")
    if broken == "none":
        (identity / "identity.json").unlink()
    elif broken == "identity":
        (identity / "identity.json").write_text("{")
    elif broken == "key":
        pem.write_text("-----BEGIN PRIVATE KEY-----\n" + pem.read_text().partition("\n")[2][7:])
    else:
        text = pem.read_text()
        other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        pem.write_text(other.decode() + text[text.index("-----BEGIN CERTIFICATE") :])
    assert command(data, stick) == EXIT_OK
    told = capsys.readouterr()
    assert "未签名" in told.err and "UNSIGNED" in told.err and "signed by" not in told.out
    (folder,) = stick.iterdir()
    assert said(folder).cert_sha256 == ""
    assert (folder / "sittings" / NAME / FILE_NAME).is_file()


def test_f4_the_command_says_who_signed(
    data: Path, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(data, stick) == EXIT_OK
    told = capsys.readouterr()
    assert f"已签名 / signed by {MACHINE}" in told.out and told.err == ""


def test_f4_an_earlier_export_is_left_as_it_is(data: Path, stick: Path) -> None:
    first = export_journals(data, data / "identity", stick, 1)
    before = (first.folder / STATEMENT_NAMES[0]).read_bytes()
    second = export_journals(data, data / "identity", stick, 2)
    third = export_journals(data, data / "identity", stick, 3)
    assert len({first.folder, second.folder, third.folder}) == 3
    assert (first.folder / STATEMENT_NAMES[0]).read_bytes() == before


@pytest.mark.parametrize("after", range(5))
def test_f4_cut_short_anywhere_there_is_a_whole_statement_or_none(
    data: Path, stick: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The medium is full after so many files: station.json, key, journal, statement, statement."""
    written: list[str] = []
    real = export.write_private_file

    def write(path: Path, content: bytes) -> None:
        if len(written) == after:
            path.with_name(path.name + ".new").write_bytes(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        written.append(path.name)
        real(path, content)

    monkeypatch.setattr(export, "write_private_file", write)
    with pytest.raises(OSError, match="No space left"):
        export_journals(data, data / "identity", stick, 1)
    (folder,) = stick.iterdir()
    there = [name for name in STATEMENT_NAMES if (folder / name).exists()]
    assert len(there) == max(0, after - 3)
    assert all(said(folder, name).cert_sha256 for name in there)


def test_f19_one_file_that_the_disk_does_not_give_costs_the_others_nothing(
    data: Path, stick: Path
) -> None:
    journalled(data, "xy", "am.102")
    bad = data / "sittings" / NAME / FILE_NAME
    bad.unlink()
    os.mkfifo(bad)
    done = export_journals(data, data / "identity", stick, 1)
    assert (done.sittings, done.signed_by) == (2, MACHINE)
    assert done.unread == (f"sittings/{NAME}/{FILE_NAME}",)
    other = said(done.folder).sitting(folder_name("am.102"))
    assert other is not None and other.seq == 2


def test_n02_a_statement_that_no_reader_would_take_says_the_heads_only(
    data: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = export_journals(data, data / "identity", stick, 1).folder
    monkeypatch.setattr(export, "MAX_STATEMENT", (whole / STATEMENT_NAMES[0]).stat().st_size - 1)
    sitting = said(export_journals(data, data / "identity", stick, 1).folder).sitting(NAME)
    assert sitting is not None and (sitting.seq, sitting.hashes) == (4, "")
    assert sitting.signed_hashes() == {sitting.head}


def test_f25_another_history_beside_the_signed_one_displaces_nothing(
    data: Path, stick: Path
) -> None:
    """The carrier has the key: a longer chain of their own goes first, in a file that is read."""
    folder = export_journals(data, data / "identity", stick, 1).folder
    journal = folder / "sittings" / NAME / FILE_NAME
    honest = journal.read_bytes()
    journal.unlink()
    key = (folder / "identity" / "journal-keys" / f"{NAME}.key").read_bytes()[:KEY_SIZE]
    made_up, _ = Journal.open(journal.parent, SITTING, key)
    forged = journalled(stick / "elsewhere", "uvwxyz")
    made_up.append(tuple(forged))
    made_up.close()
    journal.rename(journal.with_name(f"{FILE_NAME}.damaged-1"))
    journal.write_bytes(honest)
    (found,) = copied_journals(folder, {})
    station = Enrolled(Machine(MACHINE, "station", "", "", "", "", ""), 0)
    proved = prove(found, station, theirs=True)
    assert (proved.proof, proved.intact) == (Proof.ALTERED, False)
    assert [each.values["RESPONSE"] for each in proved.chain] == [["a"], ["b"], ["c"], ["d"]]
    assert list(proved.unproved) == forged


def test_f25_what_rotted_at_the_station_already_is_proved_as_it_was_copied(
    data: Path, stick: Path
) -> None:
    """Its key file no longer says whose it is, so no hash is named; every file is signed."""
    key = data / "identity" / "journal-keys" / f"{NAME}.key"
    raw = bytearray(key.read_bytes())
    raw[-1] ^= 1
    key.write_bytes(raw)
    folder = export_journals(data, data / "identity", stick, 1).folder
    sitting = said(folder).sitting(NAME)
    assert sitting is not None and (sitting.sitting_id, sitting.seq) == ("", 0)
    (found,) = copied_journals(folder, {NAME: SITTING})
    proved = prove(found, Enrolled(Machine(MACHINE, "station", "", "", "", "", ""), 0), theirs=True)
    assert (proved.proof, proved.intact, len(proved.chain)) == (Proof.SIGNED, True, 4)
