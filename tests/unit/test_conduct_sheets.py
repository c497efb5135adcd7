"""考场规则 and 违纪违规行为处理规定 as posted, and the zone on every print (C02)."""

import os
from pathlib import Path

import msgspec

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from candidate_station.screens import rules_text
from invigilator_app.printing.conduct_sheets import room_rules, violation_rules
from invigilator_app.printing.posting import print_sheets
from invigilator_app.printing.venue_sheets import venue_map
from venue_server.wire.conduct_rules import CONDUCT, standard_violation_rules
from venue_server.wire.order31 import CODES
from venue_server.wire.people_views import OrganisationBook, OrganisationRoom, SeatPlace

ROOM = OrganisationRoom("01", "第1考场", 1, {}, layout=[SeatPlace("01", 1, 1)])


def book(**more: str) -> OrganisationBook:
    return OrganisationBook("第七中学考点", "职称考试", "p", [], [], [ROOM], **more)


def test_c02_the_standard_room_rules_quote_the_article_by_its_number() -> None:
    html = room_rules(book())
    assert "第三十条" in html and "其他考试开始5分钟后一律禁止进入考场" in html
    assert "第七中学考点" in html and "系统标准文本" in html


def test_c02_every_item_of_the_order_stands_under_its_article() -> None:
    text = standard_violation_rules()
    places = [text.index(each.zh) for each in CODES.values()]
    assert places == sorted(places)
    heads = [text.index(f"第{number}条") for number in "六七八九"]
    for at, head in enumerate(heads):
        end = heads[at + 1] if at + 1 < len(heads) else len(text)
        own = [each for each in CODES.values() if each.article == str(at + 6)]
        assert own and all(head < text.index(each.zh) < end for each in own)


def test_c02_the_stations_show_the_same_sentences() -> None:
    shown = "".join(rules_text.exam_rules()[1])
    assert all(text in shown for text in CONDUCT)


def test_c02_the_plans_own_text_stands_instead_and_markup_is_text() -> None:
    own = book(room_rules="第一条　本考场<i>规则</i>：\n\n请安静。", zone="第二考区")
    html = room_rules(own)
    assert "<b>第一条　本考场&lt;i&gt;规则&lt;/i&gt;：</b>" in html and ">请安静。</p>" in html
    assert "第三十条" not in html and "签名" in html and "第二考区" in html
    assert "第六条" in violation_rules(own), "the other text is still the standard one"
    assert "第二考区　第七中学考点" in venue_map(own)


def test_c02_all_of_it_is_printed_by_one_command(tmp_path: Path) -> None:
    app = QApplication.instance() or QApplication([])
    file = tmp_path / "book.json"
    file.write_bytes(msgspec.json.encode(book(zone="第二考区")))
    assert print_sheets(tmp_path / "out", file) == 0
    made = sorted((tmp_path / "out").iterdir())
    assert [path.stem for path in made] == ["考场分布示意图", "考场规则", "违纪违规行为处理规定"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in made)
    file.write_text("{}", encoding="utf-8")
    assert print_sheets(tmp_path / "out", file) == 2
    assert print_sheets(file / "below", None) == 3
    del app
