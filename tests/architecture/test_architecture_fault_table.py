"""The runbook's first page finds every fault: one row each, with a command that exists, words the
console really shows, and codes that the program really says."""

import argparse
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from venue_server.__main__ import parser
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.refusals import RefusalCode

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"\b(?:ALM|ADM|PAP|RCP|SES|LED|LAN)-\d{2,3}\b")


def _rows() -> dict[str, list[str]]:
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    section = text.partition("## 0. ")[2].partition("\n## 1. ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return {row[0]: row for row in rows if re.fullmatch(r"F\d+", row[0])}


ROWS = _rows()


def test_every_fault_has_its_row_in_order() -> None:
    assert list(ROWS) == [f"F{number}" for number in range(1, 27)]


def test_the_table_stands_before_everything_else() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\d+)\.", text, re.MULTILINE)[:2] == ["0", "1"]


@pytest.mark.parametrize("fault", ROWS)
def test_a_row_says_everything_and_names_where_to_act(fault: str) -> None:
    row = ROWS[fault]
    assert len(row) == 5 and all(row), fault
    assert "venue-server " in row[4] or "「" in row[4]


@pytest.mark.parametrize("fault", ROWS)
def test_a_rows_commands_exist(fault: str) -> None:
    for words in re.findall(r"`venue-server ([a-z -]+)`", " ".join(ROWS[fault])):
        where = parser()
        for word in words.split():
            choices = [
                action.choices
                for action in where._actions
                if isinstance(action, argparse._SubParsersAction)
            ]
            assert choices and word in choices[0], f"venue-server {words}"
            where = choices[0][word]


@pytest.mark.parametrize("fault", ROWS)
def test_a_rows_console_words_are_shown_by_the_console(fault: str) -> None:
    source = ET.parse(ROOT / "invigilator_app" / "screens" / "console_en.ts").getroot()
    shown = {message.findtext("source") for message in source.iter("message")}
    named = re.findall(r"「(.+?)」", " ".join(ROWS[fault]))
    assert [part for place in named for part in place.split(" → ") if part not in shown] == []


@pytest.mark.parametrize("fault", ROWS)
def test_a_rows_codes_are_real(fault: str) -> None:
    known = {str(code) for code in (*AlarmCode, *RefusalCode)}
    assert [code for code in CODE.findall(" ".join(ROWS[fault])) if code not in known] == []
