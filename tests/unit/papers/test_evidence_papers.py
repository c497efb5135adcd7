"""R6: this project and the second reader judge every evidence package alike, as the table says."""

import ast
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from candidate_station.paper import OpenPaper, open_paper
from tests.evidence import second_reader
from venue_server.intake.assembly import Assembled, assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.release.schedule import ReleaseFacts, may_release
from venue_server.sitting.plan import PLAN_TYPE
from venue_server.vault.keys import derive_content_key
from venue_server.vault.manifest import PaperManifest, accept_manifest, read_manifest
from venue_server.vault.offline_code import check_code_share, combine_code
from venue_server.vault.release_token import read_release_token
from venue_server.vault.shares import recover_secret
from venue_server.wire import hpke
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import public_keys, verify
from venue_server.wire.stream import StreamReader

FOLDER = Path(second_reader.__file__).with_name("papers-1")
TABLE: dict[str, Any] = json.loads((FOLDER / "table.json").read_text())
CASES = {case["name"]: case for case in TABLE["cases"]}
TRUSTED = public_keys(TABLE["headquarters_keys"])


def _judge(case: dict[str, Any], folder: Path) -> tuple[str, dict[str, str]]:
    refused: dict[str, str] = {}
    end = _open(case, folder, refused)
    if isinstance(end, Refusal):
        assert end.text("zh") and end.text("en")
        return end.code.value, refused
    return "OPENS", refused


def _open(case: dict[str, Any], folder: Path, refused: dict[str, str]) -> Refusal | None:
    """The way of a paper through intake, release and station, without the stores around it."""
    manifest = read_manifest((FOLDER / case["manifest"]).read_bytes(), TRUSTED, TABLE["threshold"])
    if isinstance(manifest, Refusal):
        return manifest
    no = accept_manifest(
        manifest,
        venue_id=case["venue"],
        subject_code=case["subject"],
        mode=Mode(case["mode"]),
        now_ms=case["received_at_ms"],
    )
    if no is not None:
        return no
    good = _fragments(case, manifest, refused)
    made = assemble({v.fragment: v.path for v in good}, manifest, folder / "ciphertext")
    if isinstance(made, Refusal):
        return made
    assert isinstance(made, Assembled)
    private = hpke.load_private(FOLDER / TABLE["venue_keys"][case["venue"]])
    sealed = {v.fragment: v.sealed_share for v in good}
    shared = recover_secret(sealed, manifest, case["venue"], private)
    if isinstance(shared, Refusal):
        return shared
    release = _release(case, manifest)
    if isinstance(release, Refusal):
        return release
    key = derive_content_key(shared, release, manifest.paper_id, manifest.form_id)
    with made.path.open("rb") as file:
        paper = open_paper(key, file)
        if isinstance(paper, Refusal):
            return paper
        assert isinstance(paper, OpenPaper)
        paper.close()
        file.seek(0)
        plain = StreamReader(key, file).read()
    assert hashlib.sha256(plain).hexdigest() == TABLE["plaintext_sha256"]
    return None


def _fragments(
    case: dict[str, Any], manifest: PaperManifest, refused: dict[str, str]
) -> list[FragmentVerdict]:
    good: list[FragmentVerdict] = []
    for name in case["fragments"]:
        have = [each.fragment for each in good]
        verdict = inspect_fragment(FOLDER / name, manifest, case["venue"], have)
        if isinstance(verdict, Refusal):
            refused[name] = verdict.code.value
        else:
            good.append(verdict)
    return good


def _release(case: dict[str, Any], manifest: PaperManifest) -> bytes | Refusal:
    now = case["release_at_ms"]
    early = may_release(ReleaseFacts(now, True, manifest.release_at_ms, True, True, True))
    if not case["code"]:
        data = (FOLDER / case["token"]).read_bytes()
        secret = read_release_token(data, manifest, TRUSTED, TABLE["threshold"])
        return secret if isinstance(secret, Refusal) else early or secret
    if early is not None:
        return early
    for words in case["code"]:
        if (mistyped := check_code_share(words)) is not None:
            return mistyped
    return combine_code(case["code"], manifest)


@pytest.mark.parametrize("name", CASES)
def test_r6_this_project_judges_as_the_table_says(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    assert _judge(case, tmp_path) == (case["ends"], case["refused"])
    left = {path.name for path in tmp_path.iterdir()} - {"ciphertext"}
    assert left == set(), "no half-written file stays"


@pytest.mark.parametrize("name", CASES)
def test_r6_the_second_reader_judges_as_the_table_says(name: str) -> None:
    case = CASES[name]
    assert second_reader.judge(case, FOLDER, TABLE) == (case["ends"], case["refused"])


def test_r6_the_table_shows_every_refusal_of_the_format() -> None:
    """The codes of docs/sealed-paper.md, each at least once and nothing else."""
    shown = {case["ends"] for case in CASES.values()}
    shown |= {code for case in CASES.values() for code in case["refused"].values()}
    documents = {"DOC-01", "DOC-02", "DOC-03", "DOC-04", "DOC-07"}
    papers = {f"PAP-{n:02d}" for n in (3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 18)}
    assert shown == documents | papers | {"REL-01", "REL-03", "REL-04", "REL-07", "OPENS"}


def test_r6_the_second_reader_is_of_its_own_mind(tmp_path: Path) -> None:
    """It imports nothing of the project, and it does disagree when the table lies."""
    tree = ast.parse(Path(second_reader.__file__).read_text())
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    names += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert not [n for n in names if n.split(".")[0] in ("venue_server", "candidate_station")]
    lied = {**CASES["expired"], "received_at_ms": CASES["opens-with-k"]["received_at_ms"]}
    assert second_reader.judge(lied, FOLDER, TABLE) == ("OPENS", {})
    assert _judge(lied, tmp_path) == ("OPENS", {})


def test_r6_the_evidence_is_what_its_script_makes() -> None:
    """Byte for byte: the format has not moved, and nobody edited a file by hand."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.evidence.make_papers", "--check"],
        capture_output=True, text=True, timeout=100, cwd=FOLDER.parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{len(list(FOLDER.iterdir()))} files")


@pytest.mark.parametrize(
    ("version", "code"),
    [("1.0", "DOC-04"), ("1.99", "DOC-04"), ("2.0", "DOC-03"), ("0.9", "DOC-03"),
     ("10.0", "DOC-03"), ("", "DOC-03"), ("one", "DOC-03")],
)  # fmt: skip
@pytest.mark.parametrize("kind", [PLAN_TYPE, "kaodian.manifest", "kaodian.release-token"])
def test_unknown_major_versions_of_every_document(kind: str, version: str, code: str) -> None:
    """Plans too: the version is looked at before the signatures, so a newer one says so."""
    document = {"payload": {"type": kind, "version": version}, "signatures": []}
    found = verify(document, kind, TRUSTED, 2)
    assert isinstance(found, Refusal) and found.code.value == code
