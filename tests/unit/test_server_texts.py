"""Whatever the server says to a console is said in the console's language (A08, K02).

Every sentence the server may send is walked here: refusals, alarms, remarks, events, the status
page and the labels of the room record. English has no Chinese in it, Chinese is never English.
"""

import ast
import re
from pathlib import Path

import pytest

from venue_server import gateway, records, sitting, staff
from venue_server.gateway import status_page
from venue_server.ledger.catalogue import TEXTS as EVENTS
from venue_server.records import room_record
from venue_server.wire.alarms import TEXTS as ALARMS
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.codec import decode_to_console, encode
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import TEXTS as REFUSALS
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import (
    RECORD_LABELS,
    RECORD_VALUES,
    RemarkCode,
    record_label,
    record_value,
    remark,
)
from venue_server.wire.remarks import TEXTS as REMARKS

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SHEET = {
    "critical_steps.py",
    "room_record.py",
    "credit_records.py",
    "swap_lines.py",
    "journal_words.py",
    "notice_lines.py",
    "late_arrivals.py",
}  # what they write stands on the signed sheet
EVERY = [*REFUSALS.items(), *ALARMS.items(), *REMARKS.items(), *EVENTS.items()]


def test_every_code_has_its_sentences() -> None:
    assert set(ALARMS) == set(AlarmCode)
    assert set(REMARKS) == set(RemarkCode)
    for enum in (AlarmCode, RemarkCode):
        values = [each.value for each in enum]
        assert len(values) == len(set(values))


@pytest.mark.parametrize(("code", "texts"), EVERY, ids=lambda each: str(each)[:24])
def test_english_is_english_and_chinese_is_chinese(code: str, texts: tuple[str, str]) -> None:
    chinese, english = texts
    assert CHINESE.search(chinese), code
    assert not CHINESE.search(english), code
    assert " / " not in chinese + english, "one language at a time"


def test_both_languages_name_the_same_arguments() -> None:
    for code, (chinese, english) in (*ALARMS.items(), *REMARKS.items()):
        named = re.compile(r"\{\w+\}")
        assert sorted(named.findall(chinese)) == sorted(named.findall(english)), code


def test_an_alarm_says_its_arguments_and_misses_none() -> None:
    alarm = Alarm(AlarmCode.SECOND_FAILING, {"folder": "/s", "system": "I/O error"})
    assert alarm.text("en").startswith("[ALM-05] second copy")
    assert "/s (I/O error)" in alarm.text("en")
    assert "（I/O error）" in alarm.text("zh")
    assert "—" in Alarm(AlarmCode.SECOND_FAILING).text("en"), "an older console is not broken"


def test_a_refusals_remarks_cross_the_lan_as_codes() -> None:
    few = remark(RemarkCode.FEW_INVIGILATORS, room="01", count=1)
    frame = encode(Refused(3, RefusalCode.RELEASE_NOT_READY, "", [few]))
    assert not CHINESE.search(frame)
    read = decode_to_console(frame)
    assert isinstance(read, Refused)
    said = Refusal(read.code, read.detail, read.remarks)
    assert said.text("en").endswith("room 01: 1 invigilators signed in, at least 2 needed")
    assert said.text("zh").endswith("01考场已登录监考人员1名，至少须2名")


def _strings(path: Path) -> list[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    docs |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_no_stage_writes_a_sentence_of_its_own() -> None:
    """But for the signed sheet, which is Chinese, and texts that say it in both languages."""
    found = {}
    for package in (gateway, records, sitting, staff):
        assert package.__file__
        for path in sorted(Path(package.__file__).parent.glob("*.py")):
            if path.name in SHEET:
                continue
            wrong = [each for each in _strings(path) if CHINESE.search(each)]
            wrong = [each for each in wrong if " / " not in each and each not in "；，"]
            if wrong:
                found[path.name] = wrong
    assert found == {}


def test_the_status_page_says_everything_twice() -> None:
    for each in _strings(Path(str(status_page.__file__))):
        if CHINESE.search(each) and each != "；":
            chinese, _, english = each.rpartition(" / ")
            assert chinese and english.isascii(), each


def test_k02_every_label_of_the_sheet_and_every_word_in_it_has_english() -> None:
    strings = _strings(Path(str(room_record.__file__)))
    words = {each.strip() for each in strings if CHINESE.search(each)}
    known = RECORD_LABELS.keys() | RECORD_VALUES.keys()
    assert words <= known, words - known
    for english in (*RECORD_LABELS.values(), *RECORD_VALUES.values()):
        assert not CHINESE.search(english)
    assert record_label("实考", "zh") == "实考"
    assert record_label("实考", "en") == "present"
    assert record_value("2601（已入场未登录）", "en") == "2601 (admitted, never logged in)"
    assert record_value("2601 09:00:00 重新登录", "en") == "2601 09:00:00 logged in again"
    assert record_value("无", "en") == "none"
    assert record_value("第1考场", "en") == "第1考场", "names stay names"
