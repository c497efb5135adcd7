"""Packages to seal, and one sealed form shared by the tests of papers."""

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from venue_server.headquarters.order import SealOrder
from venue_server.headquarters.prepare import PaperNames, Prepared, prepare
from venue_server.headquarters.problems import Problem
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.seal import SealedPaper, seal_package
from venue_server.intake.assembly import Assembled, assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.vault.keys import derive_content_key
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.vault.shares import recover_secret
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64
from venue_server.wire.paper_index import PaperIndex
from venue_server.wire.signed import key_id
from venue_server.wire.stream import StreamReader

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
RELEASE_AT, EXPIRES = 1_800_000_000_000, 1_800_100_000_000


@dataclass(frozen=True)
class SealedForm:
    """A sealed sample paper with everything a test needs to open it."""

    paper: SealedPaper
    manifest: PaperManifest
    venue: hpke.HpkePrivate
    signers: list[Ed25519PrivateKey]
    trusted: dict[str, Ed25519PublicKey]
    order: SealOrder
    out: Path

    def seal_again(self, out: Path, package: Path | None = None, **changes: object) -> SealedPaper:
        """Another sealing, of the sample or ``package``, under the same keys."""
        order = SealOrder(**{**self.order.__dict__, **changes})  # type: ignore[arg-type]
        sealed = seal_package(package or sample_package_path(), out, order, self.signers)
        assert isinstance(sealed, SealedPaper), sealed
        return sealed

    def open(self, paper: SealedPaper, ciphertext: Path) -> dict[str, bytes]:
        """The entries of a sealed paper, opened as a venue does at release."""
        manifest = paper.manifest
        found = [inspect_fragment(path, manifest, "V01") for path in paper.fragment_files]
        verdicts = {v.fragment: v for v in found if isinstance(v, FragmentVerdict)}
        result = assemble({n: v.path for n, v in verdicts.items()}, manifest, ciphertext)
        assert isinstance(result, Assembled), result
        shares = {n: v.sealed_share for n, v in verdicts.items()}
        shared = recover_secret(shares, manifest, "V01", self.venue)
        assert isinstance(shared, bytes), shared
        release = unb64(json.loads(paper.secret_file.read_text())["release_secret"])
        key = derive_content_key(shared, release, manifest.paper_id, manifest.form_id)
        with ciphertext.open("rb") as file:
            archive = zipfile.ZipFile(cast(BinaryIO, StreamReader(key, file)))
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> SealedForm:
    """The sample paper as 3 of 5 fragments of many small blocks."""
    signers = [Ed25519PrivateKey.generate() for _ in range(2)]
    venue = hpke.generate()
    order = SealOrder(
        paper_id="KW-2026",
        form_id="A",
        subject_code="9901",
        venues={"V01": venue.public_raw()},
        release_at_ms=RELEASE_AT,
        expires_at_ms=EXPIRES,
        not_before_ms=RELEASE_AT - 86_400_000,
        block_size=1000,
        code_shares=3,
    )
    out = tmp_path_factory.mktemp("sealed") / "out"
    paper = seal_package(sample_package_path(), out, order, signers)
    assert isinstance(paper, SealedPaper), paper
    trusted = {key_id(key.public_key()): key.public_key() for key in signers}
    manifest = read_manifest(paper.manifest_file.read_bytes(), trusted, 2)
    assert isinstance(manifest, PaperManifest), manifest
    return SealedForm(paper, manifest, venue, signers, trusted, order, out)


def item_xml(body: str, head: str = "", attributes: str = "", identifier: str = "I1") -> str:
    """One item; ``head`` stands before the body. Lines: head begins on line 2, body on line 4."""
    return (
        f'<qti-assessment-item xmlns="{QTI}" identifier="{identifier}" title="t" '
        f'adaptive="false" time-dependent="false" {attributes}>\n'
        f"{head}\n<qti-item-body>\n{body}\n</qti-item-body>\n</qti-assessment-item>"
    )


CHOICE_HEAD = (
    '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"/>'
)
CHOICE_BODY = (
    '<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">'
    '<qti-simple-choice identifier="A">a</qti-simple-choice>'
    '<qti-simple-choice identifier="B">b</qti-simple-choice></qti-choice-interaction>'
)


@pytest.fixture
def make_package(tmp_path: Path) -> Callable[..., Path]:
    """Write a package folder: ``items`` maps path to XML, ``test`` is an optional test's inside,
    ``files`` are further files."""

    def write(items: dict[str, str], test: str = "", files: dict[str, bytes] | None = None) -> Path:
        root = tmp_path / "package"
        resources = "".join(
            f'<resource identifier="R{i}" type="imsqti_item_xmlv3p0" href="{path}"/>\n'
            for i, path in enumerate(items)
        )
        contents = {path: xml.encode() for path, xml in items.items()} | (files or {})
        if test:
            resources += '<resource identifier="T" type="imsqti_test_xmlv3p0" href="test.xml"/>'
            contents["test.xml"] = (
                f'<qti-assessment-test xmlns="{QTI}" identifier="T" title="卷">'
                f'<qti-test-part identifier="P" navigation-mode="nonlinear" '
                f'submission-mode="simultaneous">{test}</qti-test-part></qti-assessment-test>'
            ).encode()
        contents["imsmanifest.xml"] = (
            '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1">'
            f"<resources>{resources}</resources></manifest>"
        ).encode()
        for name, data in contents.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        return root

    return write


@pytest.fixture
def corpus() -> list[Path]:
    """Real packages, when there are any on this machine."""
    folder = os.environ.get("KAODIAN_QTI_CORPUS", "")
    if not folder:
        pytest.skip("KAODIAN_QTI_CORPUS is not set")
    return sorted(Path(folder).rglob("*.zip"))


@dataclass
class PlainPaper:
    """A prepared paper and the ZIP that a station would read, in ``path``."""

    path: Path
    result: Prepared | list[Problem] = field(default_factory=list)

    @property
    def prepared(self) -> Prepared:
        assert isinstance(self.result, Prepared), self.result
        return self.result

    @property
    def index(self) -> PaperIndex:
        return self.prepared.index

    @property
    def keys(self) -> dict[str, Any]:
        return self.prepared.keys

    @property
    def notices(self) -> list[Problem]:
        return self.prepared.notices

    def file(self, name: str) -> bytes:
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name)

    def names(self) -> list[str]:
        with zipfile.ZipFile(self.path) as archive:
            return archive.namelist()

    def keep(self, pieces: Iterator[bytes]) -> BinaryIO:
        with self.path.open("wb") as file:
            file.writelines(pieces)
        return self.path.open("rb")


@pytest.fixture
def plain(tmp_path: Path) -> Callable[..., PlainPaper]:
    """Prepare a package and keep the plain paper in a file: what sealing encrypts."""

    def make(package: Path, names: PaperNames | None = None) -> PlainPaper:
        paper = PlainPaper(tmp_path / "plain.zip")
        paper.result = prepare(package, names or PaperNames("P1", "A", "9901", "seed"), paper.keep)
        return paper

    return make


@pytest.fixture
def item() -> Callable[..., str]:
    """:func:`item_xml` for test files, which import nothing from each other."""
    return item_xml


@pytest.fixture
def choice() -> Callable[..., str]:
    """An item with one choice; ``extra`` stands in front of it in the body."""

    def write(extra: str = "", identifier: str = "I1", head: str = "") -> str:
        return item_xml(extra + CHOICE_BODY, CHOICE_HEAD + head, identifier=identifier)

    return write
