"""The signed correction notice (F14): what is refused, and what stays sealed until the release."""

import json
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.notice_commands import build_notice
from venue_server.headquarters.service_release import PaperSecret
from venue_server.release.notices.service import judge_new
from venue_server.release.notices.store import KeptNotice
from venue_server.sitting.forms import Form
from venue_server.vault.notice import Notice, NoticeText, open_text, read_notice
from venue_server.wire.canonical import b64, canonical
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import key_id, sign

SIGNERS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2)]
KEYS = {key_id(each.public_key()): each.public_key() for each in SIGNERS}
SECRETS = {"A": b"a" * 32, "B": b"b" * 32}
TEXT = NoticeText(["Q03"], "第三题题干中“大于”应为“小于”。", "In question 3, read “less than”.")


def secret(form: str, paper: str = "P1") -> PaperSecret:
    return PaperSecret(paper, form, f"{paper}-{form}", b64(SECRETS[form]), 0)


def built(sequence: int = 1, **more: Any) -> bytes:
    return build_notice(TEXT, [secret("A"), secret("B")], SIGNERS, sequence, 1000, **more)


def read(data: bytes, venue: str = "V1") -> Notice | Refusal:
    return read_notice(data, KEYS, 2, venue)


def code(found: Any) -> RefusalCode:
    assert isinstance(found, Refusal), found
    return found.code


def test_f14_a_notice_opens_with_the_release_secret_of_its_form_and_with_nothing_else() -> None:
    notice = read(built(numbers=["3"]))
    assert isinstance(notice, Notice) and notice.numbers == ["3"]
    assert (notice.issued_at_ms, notice.valid_from_ms) == (1000, 1000)
    for form, key in SECRETS.items():
        assert open_text(notice, form, key) == TEXT
    assert code(open_text(notice, "A", SECRETS["B"])) is RefusalCode.NOTICE_UNREADABLE
    assert code(open_text(notice, "C", SECRETS["A"])) is RefusalCode.NOTICE_UNREADABLE
    moved = msgspec.structs.replace(notice, sequence=2)
    assert code(open_text(moved, "A", SECRETS["A"])) is RefusalCode.NOTICE_UNREADABLE
    swapped = {"A": notice.sealed["B"], "B": notice.sealed["A"]}
    other = msgspec.structs.replace(notice, sealed=swapped)
    assert code(open_text(other, "A", SECRETS["A"])) is RefusalCode.NOTICE_UNREADABLE


def test_o02_nothing_of_the_text_is_readable_in_the_file() -> None:
    data = built()
    for part in ("大于", "less than", "Q03"):
        assert part.encode() not in data
        assert json.dumps(part)[1:-1].encode() not in data
    assert "大于" not in repr(TEXT)


def test_f14_unsigned_edited_foreign_and_future_documents_are_refused() -> None:
    document = json.loads(built())
    unsigned = {**document, "signatures": document["signatures"][:1]}
    assert code(read(canonical(unsigned))) is RefusalCode.SIGNATURE_INVALID
    twice = {**document, "signatures": document["signatures"][:1] * 2}
    assert code(read(canonical(twice))) is RefusalCode.SIGNATURE_INVALID
    for field, value in (("sequence", 9), ("paper_id", "P2"), ("sealed", {"A": "AAAA"})):
        edited = {**document, "payload": {**document["payload"], field: value}}
        assert code(read(canonical(edited))) is RefusalCode.SIGNATURE_INVALID
    future = {**document["payload"], "version": "2.0"}
    assert code(read(canonical(sign(future, SIGNERS)))) is RefusalCode.VERSION_UNKNOWN
    other = {**document["payload"], "type": "kaodian.reserve-approval"}
    assert code(read(canonical(sign(other, SIGNERS)))) is RefusalCode.DOCUMENT_WRONG_TYPE
    none = {**document["payload"], "sealed": {}}
    assert code(read(canonical(sign(none, SIGNERS)))) is RefusalCode.DOCUMENT_MALFORMED
    assert code(read(b"{")) is RefusalCode.DOCUMENT_MALFORMED
    assert code(read(built(venues=["V2"]))) is RefusalCode.NOTICE_FOREIGN
    assert isinstance(read(built(venues=["V2", "V1"])), Notice)


def test_f14_a_later_minor_version_with_an_unknown_field_is_still_understood() -> None:
    payload = {**json.loads(built())["payload"], "version": "1.7", "shade": "grey"}
    assert isinstance(read(canonical(sign(payload, SIGNERS))), Notice)


@pytest.mark.parametrize(
    ("sequence", "known", "wanted"),
    [
        (1, [], None),
        (3, [1, 2], None),
        (5, [2], None),
        (2, [1, 2], RefusalCode.NOTICE_REPLAYED),
        (1, [2], RefusalCode.NOTICE_OLDER),
    ],
)
def test_f14_numbers_only_rise(sequence: int, known: list[int], wanted: RefusalCode | None) -> None:
    kept = [KeptNotice("P1", number, "", 0, "admin") for number in known]
    kept.append(KeptNotice("P9", 9, "", 0, "admin"))
    notice = read(built(sequence))
    assert isinstance(notice, Notice)
    refusal = judge_new(notice, kept, {Form("P1", "A"), Form("P1", "B")})
    assert (refusal.code if refusal else None) is wanted


def test_f14_a_form_that_is_not_here_is_refused() -> None:
    notice = read(built())
    assert isinstance(notice, Notice)
    assert code(judge_new(notice, [], {Form("P1", "A")})) is RefusalCode.NOTICE_FOREIGN


@pytest.mark.parametrize(
    "wrong",
    [
        NoticeText([], " ", "text"),
        NoticeText([], "文", ""),
        NoticeText([], "文" * 4001, "text"),
        NoticeText(["Q"] * 201, "文", "text"),
    ],
)
def test_f14_headquarters_tool_refuses_an_incomplete_text(wrong: NoticeText) -> None:
    with pytest.raises(ValueError):
        build_notice(wrong, [secret("A")], SIGNERS, 1, 0)


def test_f14_headquarters_tool_refuses_two_papers_and_no_number() -> None:
    with pytest.raises(ValueError):
        build_notice(TEXT, [secret("A"), secret("B", "P2")], SIGNERS, 1, 0)
    with pytest.raises(ValueError):
        build_notice(TEXT, [secret("A")], SIGNERS, 0, 0)
