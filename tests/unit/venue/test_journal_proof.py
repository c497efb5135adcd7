"""What a station's statement proves of a journal that was copied, rotted or written into (F25)."""

import dataclasses
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.station_export import MACHINE, SITTING
from venue_server.responses.branching.journal_proof import Proof, Proved, prove
from venue_server.responses.branching.station_folder_io import CopiedJournal, copied_journals
from venue_server.stations.store import Enrolled, Machine
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.journal_format import folder_name
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_export import (
    ExportedFile,
    ExportedSitting,
    ReadExport,
    StationExport,
    packed,
)

NAME = folder_name(SITTING)
STATION = Enrolled(Machine(MACHINE, "station", "", "01", "01", "c" * 64, ""), 0)
FILE = ExportedFile(f"sittings/{NAME}/answers.journal", 1, "0" * 64)


def chain(texts: str, head: str = "") -> list[ResponseEntry]:
    made: list[ResponseEntry] = []
    for number, text in enumerate(texts, 1):
        prev = made[-1].hash if made else head or genesis(SITTING)
        values = {"RESPONSE": [text]}
        made.append(
            seal_entry(ResponseEntry(SITTING, number, "response", "Q", values, {}, number, prev))
        )
    return made


SIGNED = chain("abcdef")


def statement(entries: list[ResponseEntry], listed: bool = True) -> ReadExport:
    hashes = packed(each.hash for each in entries) if listed else ""
    sitting = ExportedSitting(NAME, SITTING, len(entries), entries[-1].hash, 0, hashes)
    return ReadExport(StationExport(MACHINE, "x", 0, [FILE], [sitting]), "c" * 64)


def copied(
    entries: list[ResponseEntry], rest: list[ResponseEntry] | None = None, listed: bool = True
) -> CopiedJournal:
    return CopiedJournal(
        SITTING,
        "station-said",
        tuple(entries),
        tuple(rest or ()),
        statement=statement(SIGNED, listed),
        folder=NAME,
    )


def seqs(entries: tuple[ResponseEntry, ...]) -> list[int]:
    return [each.seq for each in entries]


def judged(journal: CopiedJournal, accepted: frozenset[str] = frozenset()) -> Proved:
    return prove(journal, STATION, True, accepted)


@given(st.sets(st.integers(0, 5)), st.booleans())
@settings(max_examples=64, deadline=None)
def test_f25_whatever_rots_the_rest_is_proved_and_nobody_is_suspected(
    lost: set[int], accepted: bool
) -> None:
    left = [each for at, each in enumerate(SIGNED) if at not in lost]
    whole = next((at for at in range(6) if at in lost), 6)
    known = frozenset(each.hash for each in SIGNED) if accepted else frozenset()
    found = judged(copied(SIGNED[:whole], left[whole:]), known)
    assert (found.proof, found.unproved) == (Proof.SIGNED, ())
    assert [*found.chain, *found.rest] == left and list(found.chain) == SIGNED[:whole]


FORGED = [
    *chain("abXYZUVW")[2:],
    *(msgspec.structs.replace(each, values={"RESPONSE": ["z"]}) for each in SIGNED),
    *(seal_entry(msgspec.structs.replace(each, at_ms=99, hash="")) for each in SIGNED),
    seal_entry(ResponseEntry(SITTING, 7, "response", "Q9", {}, {}, 9, SIGNED[-1].hash)),
]


@given(st.lists(st.sampled_from([*SIGNED, *FORGED]), unique_by=id), st.data())
@settings(max_examples=200, deadline=None)
def test_f25_whatever_a_carrier_writes_only_what_was_signed_is_proved(
    found: list[ResponseEntry], data: st.DataObject
) -> None:
    """In any order, with anything missing, taken for a chain or for what lies behind damage."""
    at = data.draw(st.integers(0, len(found)))
    said = judged(copied(found[:at], found[at:]))
    proved = [*said.chain, *said.rest]
    assert all(each in SIGNED for each in proved)
    assert sorted(seqs(tuple(proved))) == sorted(e.seq for e in found if e in SIGNED)
    assert len(said.unproved) == len(found) - len(proved)
    assert (said.proof is Proof.ALTERED) == bool(said.unproved)
    assert not {each.hash for each in said.unproved} & {each.hash for each in SIGNED}


def test_f25_the_head_alone_proves_the_chain_before_it() -> None:
    found = judged(copied(SIGNED, listed=False))
    assert (found.proof, list(found.chain)) == (Proof.SIGNED, SIGNED)


def test_f25_behind_a_hole_the_head_alone_proves_what_follows_and_not_what_is_before() -> None:
    """So a statement names every entry's hash as long as that fits."""
    rotten = copied(SIGNED[:2], SIGNED[3:], listed=False)
    found = judged(rotten)
    assert (seqs(found.rest), seqs(found.unproved)) == ([4, 5, 6], [1, 2])
    found = judged(rotten, frozenset(each.hash for each in SIGNED[:2]))
    assert (found.proof, seqs(found.chain), seqs(found.rest)) == (
        Proof.SIGNED,
        [1, 2],
        [4, 5, 6],
    ), "what the server has needs no proof"


def test_f25_files_as_they_were_signed_prove_everything_in_them() -> None:
    """Also what the station itself could not put a name to."""
    other = chain("xy")
    journal = copied(SIGNED, other, listed=False)
    assert judged(journal).proof is Proof.ALTERED
    found = judged(_with_files(journal, FILE))
    assert (found.proof, found.intact, list(found.rest)) == (Proof.SIGNED, True, other)


@pytest.mark.parametrize(
    "files",
    [
        (),
        (ExportedFile(FILE.name, 2, FILE.sha256),),
        (ExportedFile(FILE.name, 1, "1" * 64),),
        (FILE, ExportedFile(f"{FILE.name}.damaged-1", 1, "0" * 64)),
    ],
    ids=["missing", "longer", "other", "added"],
)
def test_f25_one_file_more_or_less_is_not_as_it_was_signed(
    files: tuple[ExportedFile, ...],
) -> None:
    assert not judged(_with_files(copied(SIGNED), *files)).intact


def _with_files(journal: CopiedJournal, *files: ExportedFile) -> CopiedJournal:
    return dataclasses.replace(journal, files=files)


def test_f25_a_forged_beginning_hides_no_signed_entry() -> None:
    """Somebody put a longer chain of their own before it; the signed one is whole all the same."""
    forged = chain("abXYZUVW")
    behind = [each for each in SIGNED if each not in forged]
    found = judged(copied(forged, behind))
    assert (found.proof, list(found.chain)) == (Proof.ALTERED, SIGNED)
    assert seqs(found.unproved) == [3, 4, 5, 6, 7, 8]


def test_f25_a_hash_that_lies_stands_for_nothing_and_is_kept_under_its_own() -> None:
    liar = msgspec.structs.replace(SIGNED[2], values={"RESPONSE": ["z"]})
    found = judged(copied(SIGNED[:2], [liar, *SIGNED[3:]]))
    assert (found.proof, seqs(found.rest)) == (Proof.ALTERED, [4, 5, 6])
    (kept,) = found.unproved
    assert kept.values == liar.values and kept.hash != SIGNED[2].hash
    found = judged(copied(SIGNED[:2], [liar]), frozenset(each.hash for each in SIGNED))
    assert found.proof is Proof.ALTERED, "the server's own hash does not make it true either"


def test_f25_a_sitting_of_which_the_statement_says_nothing_is_not_proved() -> None:
    found = judged(dataclasses.replace(copied(SIGNED), folder="0" * 32))
    assert (found.proof, found.chain, len(found.unproved)) == (Proof.ALTERED, (), 6)


def test_f25_who_signed_decides_and_is_told() -> None:
    journal = copied(SIGNED)
    revoked = Enrolled(STATION.machine, 5)
    console = Enrolled(Machine("c", "console", "", "", "", "c" * 64, ""), 0)
    found = prove(journal, revoked, True)
    assert (found.proof, found.revoked, found.signed_by) == (Proof.REVOKED, True, MACHINE)
    assert prove(journal, STATION, False).proof is Proof.OTHER_STATION
    for nobody in (None, console):
        found = prove(journal, nobody, True)
        assert (found.proof, found.signed_by, found.chain) == (Proof.UNKNOWN_SIGNER, "", ())
        assert len(found.unproved) == 6
    altered = prove(copied(SIGNED, chain("x")), revoked, True)
    assert (altered.proof, altered.revoked) == (Proof.ALTERED, True)


def test_f25_a_statement_under_another_machines_name_is_bad() -> None:
    another = Enrolled(Machine("station-b", "station", "", "01", "02", "c" * 64, ""), 0)
    assert prove(copied(SIGNED), another, True).proof is Proof.BAD_SIGNATURE


@pytest.mark.parametrize("said", [None, ReadExport(statement(SIGNED).said, "")])
def test_f25_what_nobody_signed_is_what_it_says_and_no_more(said: ReadExport | None) -> None:
    found = prove(dataclasses.replace(copied(SIGNED, chain("x")), statement=said), None, True)
    assert (found.proof, len(found.chain), len(found.rest)) == (Proof.UNSIGNED, 6, 1)
    assert (found.unproved, found.signed_by, found.last_seq) == ((), "", 0)


def test_f25_a_refused_statement_proves_nothing() -> None:
    bad = Refusal(RefusalCode.SIGNATURE_INVALID)
    found = prove(dataclasses.replace(copied(SIGNED), statement=bad), None, True)
    assert (found.proof, found.chain, len(found.unproved)) == (Proof.BAD_SIGNATURE, (), 6)


def test_n02_names_of_a_hostile_medium_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "identity" / "journal-keys").mkdir(parents=True)
    (tmp_path / "identity" / "journal-keys" / f"{NAME}.key").write_bytes(
        bytes(32) + SITTING.encode()
    )
    for name in ("x" * 65, "a\nb", "\x00"):
        (tmp_path / "station.json").write_bytes(msgspec.json.encode({"machine_id": name}))
        (found,) = copied_journals(tmp_path, {})
        assert (found.machine_id, found.sitting_id, found.unfinished) == ("", SITTING, True)
