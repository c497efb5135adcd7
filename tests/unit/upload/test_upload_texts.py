"""What people read of an upload that did not succeed, and of what was destroyed (L09, L10)."""

import pytest

from venue_server.upload.pinned import UploadFault
from venue_server.wire.certificate_texts import item_words, kept_words, name_words
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.upload_texts import upload_trouble


@pytest.mark.parametrize(
    ("problem", "chinese"),
    [
        ("POST: ConnectionError", "外网线路"),
        ("PATCH: ReadTimeout", "外网线路"),
        ("POST: 503", "繁忙"),
        ("no receipt yet", "等待总部出具回执"),
        ("HEAD: 404", "从头再传"),
        (f"{RefusalCode.UPLOAD_WRONG_SERVER}: certificate 3f0a", "不是指定服务器"),
        (Refusal(RefusalCode.RECEIPT_MISMATCH).text("en"), "重新上报"),
        (str(UploadFault("the bundle on this disk differs from what was sealed")), "改用备份"),
        ("something nobody thought of", "上报未成"),
    ],
)
def test_l09_a_problem_of_the_upload_is_said_in_words_and_kept_whole(problem, chinese) -> None:
    said_zh, said_en = upload_trouble(problem)
    assert chinese in said_zh and problem in said_zh
    assert problem in said_en and said_en.isascii()
    assert not said_en.startswith(problem), "words come before the technical ones"


def test_l10_what_was_destroyed_and_what_was_left_is_said_in_both_languages() -> None:
    item = {"how": "shred", "name": "answer key", "sha256": "ab" * 32}
    assert (
        item_words(item) == f"覆写销毁：作答密钥 {'ab' * 32} / overwritten: answer key {'ab' * 32}"
    )
    kept = {"name": "backup media", "why": "密文，无密钥 / ciphertext, no key"}
    assert kept_words(kept) == "备份介质：密文，无密钥 / backup media: ciphertext, no key"
    assert name_words("unused sealed paper JJ/R a.bin") == "未启用的密封试卷 JJ/R a.bin"
    assert name_words("paper JJ/A a.bin") == "试卷 JJ/A a.bin"
    assert name_words("something else") == "something else"
