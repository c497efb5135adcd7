"""离线移交 at the console: exported, handed over two and two, the receipt taken (F18, L09)."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from invigilator_app.printing.handover_sheet import handover_sheet
from invigilator_app.screens.handover_tab import ReceiverFields
from invigilator_app.screens.second_dialog import SecondDialog
from tests.screens.console.hands import dialog, press, sign_second
from venue_server.wire.console_views import Done
from venue_server.wire.handover_orders import (
    ExportBundle,
    GetHandOvers,
    HandOverBundles,
    TakeReceipts,
)
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import RefusalCode

RECORD = {
    "hand_over_id": "hand-over-1a2b3c4d",
    "at_ms": 1_795_330_000_000,
    "reference": "赣考函〔2026〕9号",
    "place": "",
    "note": "",
    "medium": {"medium_id": "dev:1/2", "label": "U-01", "seal_no": "F-77"},
    "givers": [{"person_id": "admin", "name": "系统员"}, {"person_id": "zhukao", "name": "主考"}],
    "receivers": [
        {"name": "赵六", "unit": "省考试院", "document": "3601**********1234"},
        {"name": "<钱七>", "unit": "省考试院", "document": "3601**********5678"},
    ],
    "bundles": [
        {"session_id": "am", "bundle_id": "ab" * 16, "sha256": "cd" * 32, "size": 12_345_678},
    ],
}


def sealed(session_id: str, state: str, medium: str = "", records=()) -> dict[str, object]:
    exports = [{"medium": medium, "at_ms": 1}] if medium else []
    return {
        "session_id": session_id,
        "state": state,
        "exports": exports,
        "hand_overs": list(records),
    }


def standing(*sessions: dict[str, object]) -> dict[str, object]:
    rows = [
        ["现状 / state", "已导出，待移交 / exported, to be handed over", "wait"],
        [
            "上报 / upload",
            "6 次未成：指定服务器繁忙，请等候（POST: 503） / "
            "6 attempts failed: the designated server is busy: wait (POST: 503)",
            "wait",
        ],
        ["导出 / exported", "2026-11-22 15:00 · U-01 · cdcdcdcdcdcdcdcd · admin+zhukao", "ok"],
    ]
    sections = [{"title": each["session_id"], "rows": rows} for each in sessions]
    return {"sections": sections, "sessions": list(sessions)}


def office(start, make, sessions, who="admin", language="zh", size=(1280, 1024), zoom=100):
    line = make.FakeLine()
    line.replies[GetHandOvers] = lambda order: Done(0, standing(*sessions))
    console = start(line, language=language, size=size, zoom=zoom)
    console.sign_in(who)
    duty = console.window.duty
    duty.open_page(duty.admin)
    duty.admin.tabs.setCurrentWidget(duty.admin.hand_over)
    tab = duty.admin.hand_over
    console.until(lambda: tab.session.count() == len(sessions))
    return console, tab


def test_f18_a_session_is_exported_by_two(start, make, qtbot) -> None:
    console, tab = office(start, make, [sealed("am", "NONE")])
    done = {"medium": "U-01", "sha256": "cd" * 32}
    console.line.replies[ExportBundle] = lambda order: Done(0, done)
    assert not tab.export.isEnabled() and not tab.over.isEnabled()
    tab.folder.setText(" /media/u1 ")
    press(qtbot, tab.export)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "回读一致" in tab.outcome.head.text())
    (sent,) = [each for each in console.line.orders if isinstance(each, ExportBundle)]
    assert (sent.session_id, sent.folder, sent.second.person_id) == ("am", "/media/u1", "zhukao")


def test_l09_two_give_two_receive_everything_that_is_on_the_medium(start, make, qtbot) -> None:
    """Both sessions of the stick go together; one that headquarters has does not."""
    sessions = [
        sealed("am", "EXPORTED", "U-01"),
        sealed("pm", "EXPORTED", "U-01"),
        sealed("old", "CONFIRMED", "U-01"),
        sealed("other", "EXPORTED", "U-02"),
    ]
    console, tab = office(start, make, sessions)
    answer = {"hand_over_id": "h1", "file": "/v/h1.json", "on_medium": True, "record": RECORD}
    console.line.replies[HandOverBundles] = lambda order: Done(0, answer)
    press(qtbot, tab.over)
    asked = dialog(console, SecondDialog)
    first, second = asked.findChildren(ReceiverFields)
    for fields, name, number in ((first, "赵六", "36010219800101"), (second, "钱七", "36010281")):
        fields.name.setText(name)
        fields.unit.setText("省考试院")
        fields.document.setText(number)
    named = [each for each in asked.findChildren(QLineEdit) if not each.placeholderText()]
    named[0].setText("函9号")
    named[1].setText("F-77")
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "已移交" in tab.outcome.head.text())
    (sent,) = [each for each in console.line.orders if isinstance(each, HandOverBundles)]
    assert (sent.session_ids, sent.medium) == (["am", "pm"], "U-01")
    assert (sent.reference, sent.seal_no) == ("函9号", "F-77")
    assert [(each.name, each.unit) for each in sent.receivers] == [
        ("赵六", "省考试院"),
        ("钱七", "省考试院"),
    ]
    assert sent.receivers[0].document == "36010219800101"


def test_f18_a_refusal_is_shown_with_its_code(start, make, qtbot) -> None:
    console, tab = office(start, make, [sealed("am", "NONE")])
    code = RefusalCode.UPLOAD_NOT_TRIED
    console.line.replies[ExportBundle] = lambda order: Refused(0, code, "am")
    tab.folder.setText("/media/u1")
    press(qtbot, tab.export)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "HND-02" in tab.outcome.head.text() + tab.outcome.text.text())


def test_l08_receipts_that_do_not_match_are_told_apart(start, make, qtbot) -> None:
    console, tab = office(start, make, [sealed("am", "HANDED_OVER", "U-01", [RECORD])])
    rows = [["am", "相符 / matches: 3", "ok"], ["pm", "[SES-08] 回执与上报内容不一致", "bad"]]
    answer = {"sections": [{"title": "回执 / receipts", "rows": rows}], "confirmed": ["am"]}
    console.line.replies[TakeReceipts] = lambda order: Done(0, answer)
    tab.folder.setText("/media/u1")
    press(qtbot, tab.take)
    console.until(lambda: "部分回执不符" in tab.outcome.head.text())
    assert "SES-08" in tab.outcome.text.text() and "am" not in tab.outcome.text.text()


def test_a12_an_inspector_only_looks(start, make) -> None:
    _console, tab = office(start, make, [sealed("am", "EXPORTED", "U-01")], who="xunshi")
    tab.folder.setText("/media/u1")
    assert not any(each.isEnabled() for each in (tab.export, tab.over, tab.take))
    assert tab.reload.isEnabled()


def test_l09_the_printed_record_names_four_and_masks_their_documents(start, make, tmp_path) -> None:
    console, tab = office(start, make, [sealed("am", "HANDED_OVER", "U-01", [RECORD])])
    assert tab.print.isEnabled()
    html = handover_sheet("滨江考点", RECORD)
    named = ("系统员", "主考", "赵六", "3601**********1234")
    for word in ("作答数据移交记录", "F-77", "cd" * 32, *named):
        assert word in html
    assert html.count("签名：") == 4
    assert "&lt;钱七&gt;" in html and "<钱七>" not in html
    tab.saver.write_to(tmp_path / "record.pdf", html)
    assert (tmp_path / "record.pdf").read_bytes().startswith(b"%PDF")
    console.until(lambda: "已保存" in tab.outcome.head.text())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_dialog_of_two_and_two_fits_the_smallest_screen(start, make, qtbot, language) -> None:
    """Every field and button at the largest text. Set KAODIAN_SHOTS to a folder to get pictures."""
    size, zoom = (1366, 768), 150
    sessions = [sealed("am", "EXPORTED", "U-01"), sealed("pm", "EXPORTED", "U-01")]
    console, tab = office(start, make, sessions, language=language, size=size, zoom=zoom)
    shots = os.environ.get("KAODIAN_SHOTS")
    name = f"handover-{language}-{size[0]}x{size[1]}-{zoom}"
    if shots:
        console.window.grab().save(str(Path(shots) / f"console-{name}.png"))
    press(qtbot, tab.over)
    asked = dialog(console, SecondDialog)
    asked.adjustSize()
    if shots:
        asked.grab().save(str(Path(shots) / f"console-{name}-dialog.png"))
    assert asked.height() <= size[1] and asked.width() <= size[0]
    for fields in asked.findChildren(ReceiverFields):
        for each in (fields.name, fields.unit, fields.document):
            text = each.fontMetrics().horizontalAdvance(each.placeholderText())
            assert text <= each.width(), each.placeholderText()
