"""What is attacked: every reader of bytes that come from outside, behind one shape.

A target takes bytes and returns what the reader said: the code of a refusal, or ``ok``. Anything
raised is a finding. ``seeds`` are sound inputs to begin from; ``corpus/NAME/`` keeps every input
that once was a finding, and tests/fuzz/test_fuzz_replay.py gives them again to every run.
"""

import atexit
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from candidate_station.paper import OpenPaper, open_paper
from tests.evidence import make_papers
from tests.evidence import station_export as evidence_export
from tests.fuzz import bundle_targets
from venue_server.headquarters.inspect_file import inspect
from venue_server.headquarters.media_type import MediaFault, sniff
from venue_server.headquarters.prepare import check
from venue_server.headquarters.sample import sample_package_path
from venue_server.intake.assembly import assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.sitting.plan import PLAN_TYPE
from venue_server.sitting.plan_personal import seal_personal
from venue_server.sitting.plan_reading import checked_plan
from venue_server.upload.receipts import check_receipt
from venue_server.vault.layout import read_header
from venue_server.vault.manifest import PaperManifest, accept_manifest, read_manifest
from venue_server.vault.offline_code import check_code_share, combine_code
from venue_server.vault.release_token import read_release_token
from venue_server.vault.shares import open_share
from venue_server.wire import codec, hpke
from venue_server.wire.answer_keys import holds_keys
from venue_server.wire.canonical import canonical
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import load_document, public_keys, sign, verify
from venue_server.wire.station_export import read_statement
from venue_server.wire.stream import StreamError, StreamReader, seal_stream

EVIDENCE = make_papers.FOLDER
CORPUS = Path(__file__).with_name("corpus")
TABLE: dict[str, Any] = json.loads((EVIDENCE / "table.json").read_text())
TRUSTED = public_keys(TABLE["headquarters_keys"])
VENUE = make_papers.VENUE_KEYS["V01"]
STREAM_KEY = bytes(range(32))
OK = "ok"


@dataclass(frozen=True)
class Target:
    """``run`` reads; ``seeds`` are sound inputs; ``is_json`` and ``is_xml`` are of what."""

    run: Callable[[bytes], str]
    seeds: Callable[[], list[bytes]]
    is_json: bool = False
    is_xml: bool = False


def _said(found: object) -> str:
    if isinstance(found, Refusal):
        assert found.text("zh") and found.text("en")
        return found.code.value
    return OK


def _files(*patterns: str) -> list[bytes]:
    """Evidence to begin from; deep nesting aside, which mutation would only repeat."""
    paths = [p for pattern in patterns for p in sorted(EVIDENCE.glob(pattern))]
    paths = [p for p in paths if p.stat().st_size < 100_000 and "deep" not in p.name]
    return [path.read_bytes() for path in paths]


@cache
def sound_manifest() -> PaperManifest:
    """The manifest of the evidence's sound package."""
    found = read_manifest((EVIDENCE / "sound.manifest.json").read_bytes(), TRUSTED, 2)
    assert isinstance(found, PaperManifest)
    return found


@cache
def scratch() -> Path:
    """A folder for readers that want files, in memory where there is such a thing."""
    shm = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="kaodian-fuzz-", dir=shm if shm.is_dir() else None))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def _file(data: bytes, name: str = "input") -> Path:
    path = scratch() / name
    path.write_bytes(data)
    return path


# ---- signed documents ----------------------------------------------------------------------


def manifest(data: bytes) -> str:
    found = read_manifest(data, TRUSTED, 2)
    if isinstance(found, Refusal):
        return _said(found)
    return _said(
        accept_manifest(
            found,
            venue_id="V01",
            subject_code="9901",
            mode=Mode.REHEARSAL,
            now_ms=make_papers.NOT_BEFORE,
        )
    )


def signed_manifest(data: bytes) -> str:
    """The payload is given; headquarters signs whatever it is. Its fragments are used as well."""
    try:
        payload = json.loads(data)
        document = canonical(sign(payload, make_papers.SIGNERS))
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return "unsigned"
    found = read_manifest(document, TRUSTED, 2)
    if isinstance(found, Refusal):
        return _said(found)
    no = accept_manifest(
        found,
        venue_id="V01",
        subject_code=found.subject_code,
        mode=found.mode,
        now_ms=found.not_before_ms,
    )
    paths = sorted(EVIDENCE.glob("sound-*.kdfrag"))
    verdicts = [inspect_fragment(path, found, "V01") for path in paths]
    good = {v.fragment: v.path for v in verdicts if isinstance(v, FragmentVerdict)}
    made = assemble(good, found, scratch() / "ciphertext")
    return _said(no) + "," + _said(made)


def document(data: bytes) -> str:
    loaded = load_document(data, "kaodian.time")
    if isinstance(loaded, Refusal):
        return _said(loaded)
    check_receipt(data, TRUSTED, 2, "b", "0" * 64, [])
    return _said(verify(loaded, "kaodian.time", TRUSTED, 2))


def signed_export(data: bytes) -> str:
    """The payload is given; a station signs whatever it is."""
    try:
        return _said(read_statement(evidence_export.signed(json.loads(data))))
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return "unsigned"


def signed_plan(data: bytes) -> str:
    try:
        document = canonical(sign(json.loads(data), make_papers.SIGNERS))
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return "unsigned"
    return _said(checked_plan(document, TRUSTED, 2, "V01", Mode.REHEARSAL, VENUE))


def token(data: bytes) -> str:
    return _said(read_release_token(data, sound_manifest(), TRUSTED, 2))


def signed_token(data: bytes) -> str:
    try:
        return token(canonical(sign(json.loads(data), make_papers.SIGNERS)))
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return "unsigned"


# ---- fragments, shares, streams ------------------------------------------------------------


def fragment(data: bytes) -> str:
    read_header(io.BytesIO(data))
    return _said(inspect_fragment(_file(data), sound_manifest(), "V01"))


def inspected(data: bytes) -> str:
    return inspect(_file(data), TRUSTED).kind


def share(data: bytes) -> str:
    return _said(open_share(data, 1, sound_manifest(), "V01", VENUE))


def public_key(data: bytes) -> str:
    """What an enrolling machine says is its key."""
    try:
        hpke.seal(data, b"text", b"info")
    except hpke.HpkeError:
        return "HpkeError"
    return OK


def code(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    sound = next(c for c in TABLE["cases"] if c["name"] == "code-2-of-3")["code"][0]
    no = check_code_share(text)
    found = combine_code([text, sound], sound_manifest())
    return _said(no) + "," + _said(found)


def stream(data: bytes) -> str:
    try:
        reader = StreamReader(STREAM_KEY, io.BytesIO(data))
        reader.read(10_000_000)
        reader.seek(-1, 2)
        reader.read()
    except StreamError:
        return "StreamError"
    return OK


# ---- content -------------------------------------------------------------------------------


def package(data: bytes) -> str:
    """Any file given to the sealing tool as a content package."""
    problems = check(_file(data, "package.zip"))
    return ",".join(sorted({each.rule.value for each in problems if each.blocking})) or OK


def item(data: bytes) -> str:
    """An item inside a package that is sound otherwise."""
    holds_keys(data)
    with zipfile.ZipFile(scratch() / "package.zip", "w") as archive:
        archive.writestr("imsmanifest.xml", _ITEM_MANIFEST)
        archive.writestr("item.xml", data)
    problems = check(scratch() / "package.zip")
    return ",".join(sorted({each.rule.value for each in problems if each.blocking})) or OK


def paper(data: bytes) -> str:
    """The plain ZIP of a paper, as a station finds it behind a good key."""
    found = open_paper(STREAM_KEY, io.BytesIO(b"".join(seal_stream(STREAM_KEY, [data]))))
    if isinstance(found, OpenPaper):
        found.close()
        return OK
    return _said(found)


def shown(data: bytes) -> str:
    """An item of a paper, as a station prepares it for the candidate."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_papers.plain_paper())) as sound:
        index = sound.read("paper.json")
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("paper.json", index)
        archive.writestr("items/0001.xml", data)
    return paper(buffer.getvalue())


def media(data: bytes) -> str:
    found = sniff(data, whole=True)
    return found.rule.value if isinstance(found, MediaFault) else found.mime


# ---- the LAN -------------------------------------------------------------------------------


def frame(data: bytes) -> str:
    told = [
        decode(form)
        for decode in (
            codec.decode_station,
            codec.decode_console,
            codec.decode_to_station,
            codec.decode_to_console,
        )
        for form in (data, data.decode("utf-8", "replace"))
    ]
    return ",".join(sorted({_said(each) for each in told}))


_ITEM_MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"><resources><resource '
    'identifier="R" type="imsqti_item_xmlv3p0" href="item.xml"/></resources></manifest>'
)
_PLAN = {
    "type": PLAN_TYPE,
    "version": "1.0",
    "plan_id": "p",
    "venue_id": "V01",
    "mode": "REHEARSAL",
    "exam_title": "t",
    "bundle_public": "AAAA",
    "issued_at_ms": 1,
    "venue_name": "v",
    "designated_server": {"base_url": "https://x", "certificate_pem": ""},
    "rooms": [{"room_id": "01", "name": "r"}],
    "seats": [{"room_id": "01", "seat_no": "01", "x": 0, "y": 0}],
    "sessions": [
        {
            "session_id": "s",
            "subject_code": "9901",
            "subject_title": "t",
            "start_ms": 2_000_000_000,
            "duration_s": 5400,
            "media_class": "NORMAL",
            "relaxed": False,
            "receipt_open_ms": 1,
            "receipt_close_ms": 2,
            "receipt_limit_s": 60,
            "admission_open_s": 1800,
            "candidates": [
                {
                    "ticket_no": "101",
                    "name": "n",
                    "id_document": "RESIDENT_ID",
                    "id_number": "1",
                    "room_id": "01",
                    "seat_no": "01",
                }
            ],
        }
    ],
}


def _export() -> list[bytes]:
    return [(evidence_export.FROZEN / "export.json").read_bytes()]


def _sealed_plan() -> bytes:
    """Its sealed part is another one each time; a mutation rarely opens, but must be refused."""
    return json.dumps(seal_personal(_PLAN, VENUE.public_raw())).encode()


def _payload(name: str) -> bytes:
    return json.dumps(json.loads((EVIDENCE / name).read_bytes())["payload"]).encode()


def _sample_zip() -> bytes:
    buffer = io.BytesIO()
    root = sample_package_path()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*.xml"))[:8] + sorted(root.rglob("*.png"))[:1]:
            archive.write(path, path.relative_to(root).as_posix())
    return buffer.getvalue()


def _frames() -> list[bytes]:
    return [
        b'{"t":"Save","sitting_id":"s","entries":[]}',
        b'{"t":"SignIn","n":1,"person_id":"a","password":"b"}',
        b'{"t":"StationHello","protocol":1,"build":"x","machine_id":"m"}',
        b'{"t":"EnterCodeShare","n":0,"session_id":"s","words":"w"}',
        b'{"t":"FormKey","paper_id":"p","form_id":"A","wrapped":"","effective_start_ms":1}',
    ]


def _items() -> list[bytes]:
    files = sorted((sample_package_path() / "items").glob("*.xml"))
    return [path.read_bytes() for path in files]


def _shown() -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(make_papers.plain_paper())) as sound:
        item = sound.read("items/0001.xml")
    head, _, rest = item.partition(b"<qti-response-declaration")
    return [head + rest.partition(b"/>")[2], item]


@cache
def _streams() -> list[bytes]:
    """The same for a whole run: sealing takes random bytes."""
    return [b"".join(seal_stream(STREAM_KEY, [bytes(n)], 64)) for n in (0, 1, 64, 200)]


@cache
def _shares() -> list[bytes]:
    info = b"kaodian-share/1\0V01\0package-sound\0EV-2026\0A\x001"
    return [hpke.seal(VENUE.public_raw(), text, info) for text in (b"words", b"\xff\xfe", b"")]


def _codes() -> list[bytes]:
    return [text.encode() for case in TABLE["cases"] for text in case["code"]]


def _media() -> list[bytes]:
    root = sample_package_path()
    found = [p for p in root.rglob("*") if p.is_file() and p.suffix not in (".xml", ".json")]
    heads = [
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data",
        b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead\1\1",
        b"\x1a\x45\xdf\xa3\x80" + bytes(40),
        b"\xff\xfb\x90\0" + bytes(600),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ]
    return [path.read_bytes()[:20_000] for path in sorted(found)] + heads


def _resealed(member: str, data: bytes) -> str:
    """A bundle in which a venue wrote this member as it liked."""
    content = bundle_targets.with_member(member, data)
    return bundle_targets.opened(_file(bundle_targets.resealed(content)))


TARGETS: dict[str, Target] = {
    "manifest": Target(manifest, lambda: _files("sound.manifest.json", "two-*.manifest.json")),
    "signed-manifest": Target(signed_manifest, lambda: [_payload("sound.manifest.json")], True),
    "document": Target(document, lambda: _files("*.json"), True),
    "signed-plan": Target(signed_plan, lambda: [json.dumps(_PLAN).encode(), _sealed_plan()], True),
    "station-export": Target(lambda data: _said(read_statement(data)), _export, True),
    "signed-export": Target(
        signed_export, lambda: [json.dumps(json.loads(_export()[0])["payload"]).encode()], True
    ),
    "token": Target(token, lambda: _files("*token.json")),
    "signed-token": Target(signed_token, lambda: [_payload("sound.token.json")], True),
    "fragment": Target(fragment, lambda: _files("sound-*.kdfrag", "share-text-1*.kdfrag")),
    "inspected": Target(inspected, lambda: _files("sound*")),
    "share": Target(share, _shares),
    "public-key": Target(public_key, lambda: [VENUE.public_raw()]),
    "code": Target(code, _codes),
    "stream": Target(stream, _streams),
    "package": Target(package, lambda: [_sample_zip()]),
    "item": Target(item, _items, is_xml=True),
    "paper": Target(paper, lambda: [make_papers.plain_paper()]),
    "shown": Target(shown, _shown, is_xml=True),
    "media": Target(media, _media),
    "frame": Target(frame, _frames, True),
    "bundle": Target(lambda data: bundle_targets.opened(_file(data)), bundle_targets.bundles),
    "bundle-content": Target(
        lambda data: bundle_targets.opened(_file(bundle_targets.resealed(data))),
        bundle_targets.contents,
    ),
    "bundle-sittings": Target(
        lambda data: _resealed("sittings.json", data),
        lambda: bundle_targets.members("sittings.json"),
        True,
    ),
    "bundle-session": Target(
        lambda data: _resealed("session.json", data),
        lambda: bundle_targets.members("session.json"),
        True,
    ),
    "bundle-journal": Target(
        bundle_targets.journal, lambda: bundle_targets.members("journals/S1%2F01.jsonl")
    ),
}
