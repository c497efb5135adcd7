"""Order 31 as it was compared with its prints (V02-V05): numbers, articles and every sentence.

Whoever changes a sentence has compared it with the promulgated text, and changes the digest here.
"""

import hashlib
import re
from collections import Counter

from candidate_station.screens.rules_text import consequences
from venue_server.wire.order31 import CODES, DISORDER, GRAVE_ARTICLES, Article

SENTENCES = {
    "O31-6-1": "d648488649da776a",
    "O31-6-2": "9173ca95d83b2ebe",
    "O31-6-3": "eb1d5088a12e09dd",
    "O31-6-4": "5352deba203d111d",
    "O31-6-5": "73e7d1e6da91abe1",
    "O31-6-6": "4f65633bff1e40bb",
    "O31-6-7": "e2a80fd3ec0c1678",
    "O31-6-8": "e787ead331611935",
    "O31-6-9": "64e282f18815afe2",
    "O31-6-10": "06c14573ae5003f7",
    "O31-7-1": "1569822cedbb7837",
    "O31-7-2": "d3b4b2df6cc3ded2",
    "O31-7-3": "868aaec3670a454c",
    "O31-7-4": "39a32bde31724f06",
    "O31-7-5": "b955adf70e100740",
    "O31-7-6": "dfcc65a289db7cb1",
    "O31-8-1": "bd944bdcc3d5682e",
    "O31-8-2": "b003faec60ce85b7",
    "O31-8-3": "06071904bc28a4fb",
    "O31-9": "febd4e270e35ab1a",
}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_v02_every_sentence_is_the_one_that_was_compared() -> None:
    assert {code: _digest(each.zh) for code, each in CODES.items()} == SENTENCES


def test_v02_ten_six_three_and_one_items_under_their_articles() -> None:
    assert Counter(each.article for each in CODES.values()) == {
        Article.GENERAL: 10,
        Article.SERIOUS: 6,
        Article.VERY_SERIOUS: 3,
        Article.DISORDER: 1,
    }
    for code, each in CODES.items():
        assert re.fullmatch(rf"O31-{each.article.value}(-\d+)?", code)
    assert CODES[DISORDER].article is Article.DISORDER
    assert {article.value for article in GRAVE_ARTICLES} == {"7", "8"}


def test_v02_a_warning_comes_first_exactly_where_the_sentence_says_so() -> None:
    said = {code for code, each in CODES.items() if "经提醒仍不" in each.zh}
    assert said == {code for code, each in CODES.items() if each.warning_required}
    assert said == {"O31-6-1", "O31-6-2", "O31-6-4", "O31-6-9"}


def test_v03_v04_the_candidates_notice_quotes_the_order() -> None:
    """Parts in the notice are the order's words, without the 的 that ends an item."""
    _heading, (name, general, serious, very_serious) = consequences()
    assert "《专业技术人员资格考试违纪违规行为处理规定》" in name and "令第31号" in name
    assert "当次该科目成绩无效" in general
    assert CODES["O31-7-5"].zh.removesuffix("的") in serious and "五年" in serious
    assert "抄袭、协助他人抄袭" in serious
    for code in ("O31-8-1", "O31-8-2"):
        assert CODES[code].zh.removesuffix("的") in very_serious
    assert "长期记录" in very_serious
