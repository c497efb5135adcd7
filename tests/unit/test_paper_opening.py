"""Opening a sealed paper in memory: every fault by its code, nothing on a disk (E02, O03, O05)."""

import io
import secrets
import threading
import zipfile
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from candidate_station.paper import OpenPaper, PaperUnreadableError, open_paper
from venue_server.wire.paper_index import (
    FORMAT,
    InteractionIndex,
    ItemIndex,
    PaperIndex,
    SectionIndex,
    StimulusIndex,
)
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.stream import seal_stream

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
CANARY = "canary-seed-5d1e"
KEY = secrets.token_bytes(32)


def item_xml(extra: str = "", body: str = "") -> bytes:
    return (
        f"<qti-assessment-item {NS} identifier='a'>{extra}<qti-item-body>{body}"
        "<qti-choice-interaction response-identifier='R' shuffle='true'>"
        "<qti-simple-choice identifier='x'>甲</qti-simple-choice>"
        "<qti-simple-choice identifier='y'>乙</qti-simple-choice>"
        "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    ).encode()


def index(**changes: Any) -> dict[str, Any]:
    pick = InteractionIndex("R", "choice", "single", "identifier")
    items = {name: ItemIndex(name, f"items/{name}.xml", name, ["s"], [pick]) for name in ("a", "b")}
    whole = PaperIndex(
        FORMAT, "p", "A", "01", "卷", "zh-CN", CANARY,
        [SectionIndex("1", "一", "", ["b"]), SectionIndex("2", "二", "", ["a"])],
        items, {"s": StimulusIndex("s", "stimuli/s.xml", "案例")},
    )  # fmt: skip
    return {**msgspec.to_builtins(whole), **changes}


def files(**changes: bytes | None) -> dict[str, bytes]:
    """The ZIP's content; a change to None takes the file out."""
    stimulus = f"<qti-assessment-stimulus {NS}><qti-stimulus-body><p>材料</p>"
    whole: dict[str, bytes | None] = {
        "paper.json": msgspec.json.encode(index()),
        "items/a.xml": item_xml(body='<img src="media/p.png" alt=""/>'),
        "items/b.xml": item_xml(),
        "stimuli/s.xml": f"{stimulus}</qti-stimulus-body></qti-assessment-stimulus>".encode(),
        "media/p.png": secrets.token_bytes(300_000),
        "media/evil.html": b"<script>",
        **changes,
    }
    return {name: content for name, content in whole.items() if content is not None}


def sealed(content: Mapping[str, bytes]) -> bytes:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return b"".join(seal_stream(KEY, [plain.getvalue()], 4096))


def opened(content: Mapping[str, bytes]) -> OpenPaper | Refusal:
    return open_paper(KEY, io.BytesIO(sealed(content)))


@pytest.mark.parametrize("chunk_size", range(900, 1060, 3))
def test_a_paper_opens_wherever_its_chunks_end(chunk_size):
    """Also in the middle of a header of the ZIP."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        for name, data in files(**{"media/p.png": b"small"}).items():
            archive.writestr(name, data)
    data = b"".join(seal_stream(KEY, [plain.getvalue()], chunk_size))
    paper = open_paper(KEY, io.BytesIO(data))
    assert isinstance(paper, OpenPaper), paper
    assert paper.file("media/p.png") == (b"small", "image/png")
    paper.close()


def test_a_paper_opens_in_the_order_of_its_sections():
    paper = opened(files())
    assert isinstance(paper, OpenPaper)
    assert paper.item_ids == ("b", "a")
    assert paper.index.title == "卷"
    prepared = paper.item("a", "sitting")
    assert prepared.media == ("media/p.png",)
    assert prepared.stimuli[0].title == "案例"
    assert prepared == paper.item("a", "sitting")


def test_media_are_served_and_nothing_else():
    content = files()
    paper = opened(content)
    assert isinstance(paper, OpenPaper)
    assert paper.file("media/p.png") == (content["media/p.png"], "image/png")
    for path in ("paper.json", "items/a.xml", "media/evil.html", "media/none.png", "", "../x.png"):
        assert paper.file(path) is None


def test_a_closed_paper_holds_nothing():
    paper = opened(files())
    assert isinstance(paper, OpenPaper)
    paper.close()
    paper.close()
    assert paper.file("media/p.png") is None
    with pytest.raises(KeyError):
        paper.item("a", "sitting")


def test_e02_another_key_opens_nothing():
    refusal = open_paper(secrets.token_bytes(32), io.BytesIO(sealed(files())))
    assert isinstance(refusal, Refusal) and refusal.code is RefusalCode.CIPHERTEXT_CORRUPT


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "foreign"])
def test_damaged_ciphertext_is_refused(damage):
    raw = bytearray(sealed(files(**{"media/p.png": None, "items/a.xml": item_xml()})))
    if damage == "flip":
        raw[len(raw) // 2] ^= 1
    changed = {"cut": bytes(raw[:-9]), "empty": b"", "foreign": b"PK" * 99}.get(damage, bytes(raw))
    refusal = open_paper(KEY, io.BytesIO(changed))
    assert isinstance(refusal, Refusal) and refusal.code is RefusalCode.CIPHERTEXT_CORRUPT


def test_damage_inside_a_medium_is_a_fault_of_the_copy():
    raw = bytearray(sealed(files()))
    raw[100_000] ^= 1  # in the middle of the picture
    paper = open_paper(KEY, io.BytesIO(bytes(raw)))
    assert isinstance(paper, OpenPaper)
    with pytest.raises(PaperUnreadableError, match=r"media/p\.png"):
        paper.file("media/p.png")


def _json(**changes: Any) -> bytes:
    return msgspec.json.encode(index(**changes))


ITEMS = index()["items"]


@pytest.mark.parametrize(
    ("changes", "code", "names"),
    [
        ({"paper.json": None}, RefusalCode.PAPER_INVALID, "paper.json"),
        ({"paper.json": b"{"}, RefusalCode.DOCUMENT_MALFORMED, "paper.json"),
        ({"paper.json": b'{"format": "kaodian-paper/1"}'}, RefusalCode.DOCUMENT_MALFORMED, ""),
        ({"paper.json": _json(format="kaodian-paper/2")}, RefusalCode.VERSION_UNKNOWN, ""),
        ({"paper.json": b'{"format": "other", "x": 1}'}, RefusalCode.VERSION_UNKNOWN, ""),
        ({"items/a.xml": None}, RefusalCode.PAPER_INVALID, "items/a.xml"),
        ({"stimuli/s.xml": None}, RefusalCode.PAPER_INVALID, "stimuli/s.xml"),
        ({"media/p.png": None}, RefusalCode.PAPER_INVALID, "media/p.png"),
        ({"paper.json": _json(sections=[])}, RefusalCode.PAPER_INVALID, "exactly once"),
        ({"paper.json": _json(sections=index()["sections"] * 2)}, RefusalCode.PAPER_INVALID, ""),
        ({"paper.json": _json(stimuli={})}, RefusalCode.PAPER_INVALID, "a: bad entry"),
        ({"paper.json": _json(items={"a": ITEMS["b"], "b": ITEMS["a"]})},
         RefusalCode.PAPER_INVALID, "bad entry"),
        ({"items/b.xml": item_xml(body="<qti-drawing-interaction response-identifier='O'/>")},
         RefusalCode.PAPER_INVALID, "b: drawing"),
        ({"items/b.xml": item_xml("<qti-response-declaration identifier='R'>"
          "<qti-correct-response><qti-value>x</qti-value></qti-correct-response>"
          "</qti-response-declaration>")}, RefusalCode.PAPER_HOLDS_KEYS, "items/b.xml"),
        ({"items/a.xml": item_xml("<qti-response-processing/>")},
         RefusalCode.PAPER_HOLDS_KEYS, "items/a.xml"),
        ({"stimuli/s.xml": f"<s {NS}><qti-mapping/></s>".encode()},
         RefusalCode.PAPER_HOLDS_KEYS, "stimuli/s.xml"),
    ],
)  # fmt: skip
def test_every_fault_of_a_paper_has_its_code(changes, code, names):
    refusal = opened(files(**changes))
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert names in refusal.detail
    assert CANARY not in refusal.detail, "O03: no seed in an error"


def test_what_is_no_zip_is_refused():
    refusal = open_paper(KEY, io.BytesIO(b"".join(seal_stream(KEY, [b"plain text" * 9]))))
    assert isinstance(refusal, Refusal) and refusal.code is RefusalCode.PAPER_INVALID


def test_o03_nothing_of_a_paper_shows_in_its_representation():
    paper = opened(files())
    assert CANARY not in repr(paper) and "甲" not in repr(paper)


def test_reading_from_many_threads_gives_what_one_gets():
    content = files()
    paper = opened(content)
    assert isinstance(paper, OpenPaper)
    alone = paper.item("b", "sitting")
    wrong: list[object] = []

    def read() -> None:
        for _ in range(20):
            if paper.file("media/p.png") != (content["media/p.png"], "image/png"):
                wrong.append("file")
            if paper.item("b", "sitting") != alone:
                wrong.append("item")

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
