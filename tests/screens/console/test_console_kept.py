"""保管与销毁 at the console: what is held, wiped by two, kept, held, destroyed (L10, M01-M07)."""

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDateEdit, QLineEdit

from invigilator_app.printing.certificates import certificate_sheet
from invigilator_app.screens.second_dialog import SecondDialog
from tests.screens.console.hands import dialog, press, sign_second
from venue_server.wire.console_orders import WipeSession
from venue_server.wire.console_views import Done
from venue_server.wire.messages import Refused
from venue_server.wire.record_orders import EnterScorePublication, GetStatistics, SetLegalHold
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.wiping_orders import (
    DestroyKept,
    GetDestructionCertificate,
    GetHoldings,
    GetWipeCertificate,
    GetWipeCheck,
)

ROWS = [
    [
        "服务器上的作答 / answers on the server",
        "74 人，5203 条：密文，密钥已销毁 / "
        "74 persons, 5203 answers: ciphertext, its key destroyed",
        "ok",
    ],
    ["第二份 / second copy", "完好 / in order", "ok"],
    [
        "备份 1/2 backup-1 / backup 1/2 backup-1",
        "SN-4711 3f0a91c47be21d55 2026-11-22 11:02 已核验 / "
        "SN-4711 3f0a91c47be21d55 2026-11-22 11:02 verified",
        "ok",
    ],
    ["备份不在介质上 / backup is missing", "backup-2", "bad"],
    ["密封包第1版 / bundle, version 1", "9c1f0e7755aa0b12", "ok"],
    ["回执 / receipt", "receipt 77aa31c0ffee0021", "ok"],
    ["清除 / wiping", "未清除 / not wiped", "wait"],
    ["考试机已清除 / stations wiped", "73 / 74", "wait"],
    [
        "成绩公布日期 / scores published",
        "未录入，不可销毁 / not entered; nothing may be destroyed",
        "wait",
    ],
    ["封存留查 / legal hold", "无 / none", "ok"],
    [
        "保管：作答数据 ORDINARY / kept: answers ORDINARY",
        "6个月，至- / 6 months, until -",
        "ok",
    ],
]
STEPS = [
    "[am] 系统管理员：补做备份 backup-2 / [am] administrator: make the backup on backup-2 again",
    "[am] 系统管理员、主考：清除 / [am] administrator and chief: wipe",
    "[pm] 主考：核对、签名、密封 / [pm] chief: reconcile, sign, seal",
]
CERTIFICATE = {
    "certificate": {"session_id": "am"},
    "sections": [
        {
            "title": "清除证书 / certificate of wiping",
            "rows": [
                ["场次 / session", "am", "ok"],
                ["已清除 / wiped", "shred: answer key " + "ab" * 32, "ok"],
                ["清除后搜寻 / searched afterwards", "812 files, 93210034 bytes: 0", "ok"],
                ["签名 / signature", "系统员 admin ____________", "ok"],
                ["签名 / signature", "<主考> zhukao ____________", "ok"],
            ],
        }
    ],
}


def one(session_id: str, **changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "session_id": session_id,
        "home": True,
        "begun": False,
        "wiped": False,
        "hold": "",
        "published_on": None,
        "due": [],
        "destroyed": [],
    }
    return facts | changes


def office(start, make, sessions, who="admin", **looks):
    line = make.FakeLine()
    sections = [{"title": each["session_id"], "rows": ROWS} for each in sessions]
    answer = {"sessions": sessions, "sections": sections, "next": STEPS}
    line.replies[GetHoldings] = lambda order: Done(0, answer)
    console = start(line, **looks)
    console.sign_in(who)
    duty = console.window.duty
    duty.open_page(duty.admin)
    duty.admin.tabs.setCurrentWidget(duty.admin.kept)
    tab = duty.admin.kept
    console.until(lambda: tab.session.count() == len(sessions))
    return console, tab


def sent(console, kind):
    (found,) = [each for each in console.line.orders if isinstance(each, kind)]
    return found


def entered(console) -> list[EnterScorePublication]:
    return [each for each in console.line.orders if isinstance(each, EnterScorePublication)]


def lines(asked: SecondDialog) -> list[QLineEdit]:
    """The order's own fields, in their order, without those of the signature."""
    signature = (asked.person, asked.password, asked.totp)
    inner = [each.lineEdit() for each in asked.findChildren(QDateEdit)]
    found = [each for each in asked.findChildren(QLineEdit) if each not in (*signature, *inner)]
    return [each for each in found if each.objectName() != "qt_spinbox_lineedit"]


def test_l10_the_page_shows_one_sessions_holdings_and_who_must_act(start, make) -> None:
    _console, tab = office(start, make, [one("old", wiped=True), one("am"), one("pm", home=False)])
    assert tab.session.currentText() == "am", "first what still waits for somebody"
    shown = [tab.standing.table.item(y, 2).text() for y in range(len(ROWS))]
    assert "74 人，5203 条：密文，密钥已销毁" in shown and "73 / 74" in shown
    assert "补做备份 backup-2" in tab.standing.next.text()
    assert "[pm]" not in tab.standing.next.text()
    tab.session.setCurrentText("pm")
    assert not tab.wipe.isEnabled(), "nothing is wiped before headquarters has it"
    assert "主考：核对" in tab.standing.next.text()


def test_l11_two_wipe_by_the_keyboard_alone(start, make, qtbot) -> None:
    console, tab = office(start, make, [one("am")])
    done = {"certificate": {"session_id": "am"}}
    console.line.replies[WipeSession] = lambda order: Done(0, done)
    tab.wipe.setFocus()
    qtbot.keyClick(tab.wipe, Qt.Key.Key_Space)
    asked = dialog(console, SecondDialog)
    console.until(asked.person.hasFocus)
    qtbot.keyClicks(asked.person, "zhukao")
    qtbot.keyClick(asked.person, Qt.Key.Key_Return)
    console.until(asked.password.hasFocus)
    assert asked.isVisible() and not asked.problem.text(), "Enter in a field signs nothing"
    qtbot.keyClicks(asked.password, make.PASSWORD)
    qtbot.keyClick(asked.password, Qt.Key.Key_Return)
    console.until(lambda: "已清除" in tab.outcome.head.text())
    assert sent(console, WipeSession).session_id == "am"
    assert sent(console, WipeSession).second.person_id == "zhukao"
    asked_again = [each for each in console.line.orders if isinstance(each, GetHoldings)]
    assert len(asked_again) == 2, "what is held is fetched anew"


def test_l11_a_refused_wiping_says_why(start, make, qtbot) -> None:
    console, tab = office(start, make, [one("am")])
    code = RefusalCode.KEY_ELSEWHERE
    console.line.replies[WipeSession] = lambda order: Refused(0, code, "second/notes.txt")
    press(qtbot, tab.wipe)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: code in tab.outcome.head.text() + tab.outcome.text.text())
    assert "notes.txt" in tab.outcome.head.text() + tab.outcome.text.text()


def test_l10_the_wipe_check_names_what_is_left(start, make, qtbot) -> None:
    console, tab = office(start, make, [one("am", wiped=True)])
    rows = [["01-07 m7 P-1", "x.sealed 仍在 / still there", "bad"]]
    answer = {"closed": False, "sections": [{"title": "考试机 / stations", "rows": rows}]}
    console.line.replies[GetWipeCheck] = lambda order: Done(0, answer)
    press(qtbot, tab.check)
    console.until(tab.proof.isVisible)
    assert "未清除" in tab.outcome.head.text()
    assert "x.sealed 仍在" in tab.proof.table.item(0, 2).text()
    assert not tab.print.isEnabled(), "a check is no certificate"
    tab.session.setCurrentIndex(-1)
    assert not tab.proof.isVisible(), "it was of another session"


def test_l11_the_certificate_is_shown_and_printed(start, make, qtbot, tmp_path) -> None:
    console, tab = office(start, make, [one("am", wiped=True)])
    console.line.replies[GetWipeCertificate] = lambda order: Done(0, CERTIFICATE)
    assert not tab.print.isEnabled() and not tab.wipe.isEnabled()
    press(qtbot, tab.wiped)
    console.until(tab.print.isEnabled)
    html = certificate_sheet("滨江考点", tab._sheet)
    for word in ("清除证书", "滨江考点", "ab" * 32, "93210034", "系统员 admin"):
        assert word in html
    assert html.count("____________") == 2
    assert "&lt;主考&gt;" in html and "<主考>" not in html
    tab.saver.write_to(tmp_path / "certificate.pdf", html)
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")


def test_m01_the_day_of_the_scores_is_entered_by_two_and_never_in_the_future(
    start, make, qtbot
) -> None:
    console, tab = office(start, make, [one("am", wiped=True)])
    press(qtbot, tab.scores)
    asked = dialog(console, SecondDialog)
    (day,) = asked.findChildren(QDateEdit)
    today = day.maximumDate()
    day.setDate(today.addDays(1))
    assert day.date() == today, "not in the future"
    (reference,) = lines(asked)
    reference.setText(" 公告1号 ")
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "已记入台账" in tab.outcome.head.text())
    order = sent(console, EnterScorePublication)
    assert (order.session_id, order.reference) == ("am", "公告1号")
    now_ms = console.line.now
    assert abs(order.published_at_ms - now_ms) < 60_000, "today counts until now"

    press(qtbot, tab.scores)
    asked = dialog(console, SecondDialog)
    (day,) = asked.findChildren(QDateEdit)
    day.setDate(QDate(2026, 11, 1))
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: len(entered(console)) == 2)
    assert entered(console)[1].published_at_ms == 1_793_548_799_000  # 2026-11-01 23:59:59 +08:00


def test_v07_a_hold_is_set_and_lifted_by_chief_and_administrator(start, make, qtbot) -> None:
    console, tab = office(start, make, [one("am"), one("pm", hold="司法鉴定")], who="zhukao")
    assert not tab.lift.isEnabled() and not tab.wipe.isEnabled()
    press(qtbot, tab.hold)
    reason, why = lines(dialog(console, SecondDialog))
    reason.setText("举报")
    why.setText("来函3号")
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: "已记入台账" in tab.outcome.head.text())
    order = sent(console, SetLegalHold)
    assert (order.session_id, order.reason, order.why) == ("am", "举报", "来函3号")
    tab.session.setCurrentText("pm")
    assert not tab.hold.isEnabled()
    press(qtbot, tab.lift)
    (why,) = lines(dialog(console, SecondDialog))
    why.setText("结案")
    sign_second(qtbot, console, make, "admin")
    lifted = SetLegalHold(0, "pm", "", "结案", make.through_second("admin"))
    console.until(lambda: lifted in console.line.orders)


def test_m07_only_what_is_due_is_destroyed_and_its_certificate_is_there_again(
    start, make, qtbot
) -> None:
    sessions = [one("am", wiped=True, due=["answers"], destroyed=["records"])]
    console, tab = office(start, make, sessions, who="zhukao")
    assert not tab.destroying["records"].isEnabled()
    destroyed = {"title": "销毁证书 / certificate of destruction", "rows": [["方式", "删除", "ok"]]}
    answer = {"certificate": {}, "sections": [destroyed]}
    console.line.replies[DestroyKept] = lambda order: Done(0, answer)
    console.line.replies[GetDestructionCertificate] = lambda order: Done(0, answer)
    press(qtbot, tab.destroying["answers"])
    method, reference = lines(dialog(console, SecondDialog))
    method.setText("删除并销毁介质")
    reference.setText("批复1号")
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: "已销毁" in tab.outcome.head.text())
    assert tab.print.isEnabled()
    order = sent(console, DestroyKept)
    assert (order.session_id, order.what) == ("am", "answers")
    assert (order.method, order.reference) == ("删除并销毁介质", "批复1号")
    press(qtbot, tab.destruction)
    wanted = GetDestructionCertificate(0, "am", "records")
    console.until(lambda: wanted in console.line.orders)


def test_a12_an_inspector_only_looks(start, make) -> None:
    _console, tab = office(start, make, [one("am", wiped=True, due=["answers"])], who="xunshi")
    orders = (tab.wipe, tab.scores, tab.hold, tab.lift, *tab.destroying.values())
    assert not any(each.isEnabled() for each in orders)
    assert tab.check.isEnabled() and tab.wiped.isEnabled()


def test_l05_the_daily_certificate_is_one_press_away(start, make, qtbot) -> None:
    console, tab = office(start, make, [one("am")])
    press(qtbot, tab.daily)
    admin = console.window.duty.admin
    assert admin.tabs.currentWidget() is admin.prints
    console.until(lambda: any(isinstance(each, GetStatistics) for each in console.line.orders))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "zoom"), [((1280, 1024), 100), ((1366, 768), 150)], ids=["100", "150"]
)
def test_the_page_and_its_dialogs_fit(start, make, qtbot, language, size, zoom) -> None:
    """Set KAODIAN_SHOTS to a folder to get pictures."""
    sessions = [one("am", wiped=True, due=["answers"], destroyed=["records"])]
    looks = {"language": language, "size": size, "zoom": zoom}
    console, tab = office(start, make, sessions, who="both", **looks)
    console.line.replies[GetWipeCertificate] = lambda order: Done(0, CERTIFICATE)
    shots, name = os.environ.get("KAODIAN_SHOTS"), f"kept-{language}-{size[0]}x{size[1]}-{zoom}"

    def picture(of, what: str) -> None:
        if shots:
            of.grab().save(str(Path(shots) / f"console-{name}-{what}.png"))

    picture(console.window, "page")
    press(qtbot, tab.wiped)
    console.until(tab.print.isEnabled)
    picture(console.window, "certificate")
    first = tab.proof.table.visualItemRect(tab.proof.table.item(0, 0)).topLeft()
    at = tab.proof.table.viewport().mapTo(tab, first)
    assert -2 <= at.y() < tab.height(), "it came into sight"
    for pressed in (tab.scores, tab.hold, tab.destroying["answers"]):
        assert pressed.minimumSizeHint().width() <= pressed.width(), pressed.text()
        press(qtbot, pressed)
        asked = dialog(console, SecondDialog)
        asked.adjustSize()
        assert asked.width() <= size[0] and asked.height() <= size[1]
        picture(asked, "dialog" if pressed is tab.scores else f"dialog-{pressed.text()[:4]}")
        asked.reject()
        console.until(lambda: not console.window.findChildren(SecondDialog))
