"""The inspection page: verdicts in words and shapes, answers, seal by two, report (C08-C10)."""

import json
import re
from pathlib import Path

from invigilator_app.actions.inspection import ReportResult
from invigilator_app.printing.inspection_sheet import inspection_sheet
from tests.screens.console.hands import press, sign_second
from venue_server.stations.inspection.catalogue import CHECKS
from venue_server.wire.console_views import Done
from venue_server.wire.inspection_orders import (
    AnswerCheck,
    CheckStations,
    GetInspection,
    SealVenue,
    StartInspection,
)
from venue_server.wire.messages import PaperSeal, Refused
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.remarks import RemarkCode, remark

AT = 1_795_300_000_000
BAD = {"STA-INTERNET": ("FAIL", ["r1-07", "r2-12"]), "ASK-PRINTER": ("WAIT", [])}


def check(one, **changes) -> dict:
    verdict, names = BAD.get(one.check_id, ("OK", []))
    told = {
        "check_id": one.check_id,
        "title": one.title,
        "rule": one.rule,
        "mandatory": one.mandatory,
        "asked": one.asked,
        "expected": "≥ 2000 MB",
        "measured": "31200 MB",
        "verdict": verdict,
        "names": names,
        "person": "admin",
        "at_ms": AT,
        "run": 1,
    }
    return told | changes


def station(at: int) -> dict:
    return {
        "seat": f"r1-{at:02}",
        "machine_id": f"m{at}",
        "online": at != 5,
        "restart": "OK",
        "offset_ms": at,
        "round_trip_ms": 3,
        "facts": {
            "app_sha256": "a1b2c3d4" * 8,
            "os_build": "Debian GNU/Linux 12 (bookworm), 6.1.0",
            "ram_bytes": 8 << 30,
            "disk_free": 60 << 30,
            "screen": "1366×768 @ 100%",
            "removable": ["sdb Stick 8000 MB"] if at == 3 else [],
            "findings": [{"check_id": "CHK-MEDIA", "verdict": "FAIL" if at == 7 else "OK"}],
        },
    }


FOUND = {
    "check_id": "STA-SLEEP",
    "title": "休眠已关闭 / sleep is off",
    "measured": "7 / 8",
    "names": ["r1-02"],
    "found_ms": AT,
    "closed_ms": AT + 600_000,
    "closed_by": "admin",
    "now": "8 / 8",
}
VIEW = {
    "state": "INSPECTED",
    "checks": [check(each) for each in CHECKS],
    "open": ["STA-INTERNET", "ASK-PRINTER"],
    "findings": [FOUND, FOUND | {"check_id": "STA-INTERNET", "closed_ms": 0, "now": ""}],
    "stations": [station(at) for at in range(1, 9)],
}
REPORT = {
    "payload": {
        "venue_name": "南昌市第七中学考点",
        "state": "SEALED",
        "made_at_ms": AT,
        "names": {"admin": "陈晓东", "zhukao": "周立新"},
        "checks": VIEW["checks"],
        "findings": VIEW["findings"],
        "runs": [
            {
                "run": 1,
                "kind": "FULL",
                "began_ms": AT,
                "ended_ms": AT,
                "person": "admin",
                "results": [{"check_id": "SRV-DISK", "verdict": "OK"}],
            }
        ],
        "steps": [
            {
                "state": "SEALED",
                "at_ms": AT,
                "persons": ["admin", "zhukao"],
                "reason": "更换 <主机>",
                "reasons": [],
                "digest": "d" * 64,
            }
        ],
        "stations": VIEW["stations"],
        "ledger": {"entries": 812, "head": "9f" * 32},
    },
    "signatures": [{"key": "ab" * 16, "sig": "…"}],
}


def opened(start, make, line=None, **looks):
    line = line or make.FakeLine()
    broken = make.venue(
        session_state=SessionState.PLANNED,
        seal_state="SEAL_BROKEN",
        seal_reasons=[remark(RemarkCode.SEAL_STATIONS, seats="r2-03")],
    )
    line.first = line.first or make.board(broken)
    line.replies.setdefault(GetInspection, lambda order: Done(0, VIEW))
    console = start(line, **looks)
    console.sign_in("both")
    duty = console.window.duty
    duty.open_page(duty.admin)
    duty.admin.tabs.setCurrentWidget(duty.admin.inspection)
    tab = duty.admin.inspection
    console.until(lambda: tab.checks.rowCount() > 0)
    return console, tab, line


def test_c08_every_check_is_listed_and_the_open_ones_can_be_picked_out(start, make) -> None:
    _console, tab, _line = opened(start, make)
    assert tab.checks.rowCount() == len(CHECKS)
    tab.only_open.setChecked(True)
    shown = {
        tab.checks.item(y, 1).text(): tab.checks.item(y, 0).text()
        for y in range(tab.checks.rowCount())
    }
    assert set(shown) == set(BAD)
    assert shown["STA-INTERNET"].startswith("✕") and shown["ASK-PRINTER"].startswith("…")
    assert tab.stations.rowCount() == 8
    assert tab.findings.item(1, 0).text().startswith("✕")


def test_c10_the_banner_tells_the_seal_as_it_is_now_and_why_it_broke(start, make) -> None:
    _console, tab, _line = opened(start, make)
    assert "✕" in tab.seal_state.text() and "r2-03" in tab.seal_state.text()
    assert tab.seal_state.property("tone") == "bad"


def test_c04_only_what_a_person_must_answer_can_be_answered(start, make, qtbot) -> None:
    line = make.FakeLine()
    line.replies[AnswerCheck] = lambda order: Done(0, VIEW)
    console, tab, line = opened(start, make, line)
    rows = {tab.checks.item(y, 1).text(): y for y in range(tab.checks.rowCount())}
    tab.checks.selectRow(rows["SRV-DISK"])
    assert not tab.good.isEnabled()
    tab.checks.selectRow(rows["ASK-PRINTER"])
    tab.note.setText(" 试打一页 ")
    press(qtbot, tab.good)
    console.until(lambda: tab.outcome.isVisible())
    assert AnswerCheck(0, "ASK-PRINTER", True, "试打一页") in line.orders


def test_c08_the_orders_and_what_is_still_open(start, make, qtbot) -> None:
    line = make.FakeLine()
    line.replies[StartInspection] = lambda order: Done(0, VIEW)
    line.replies[CheckStations] = lambda order: Done(0, VIEW | {"asked": 8})
    console, tab, line = opened(start, make, line)
    press(qtbot, tab.again)
    console.until(lambda: "STA-INTERNET" in tab.outcome.text.text())
    press(qtbot, tab.restart)
    console.until(lambda: "重启" in tab.outcome.text.text())
    assert line.orders[-2:] == [StartInspection(0, True), CheckStations(0, True)]


def test_c10_the_seal_takes_two_and_a_refusal_names_the_open_checks(start, make, qtbot) -> None:
    line = make.FakeLine()
    line.replies[SealVenue] = lambda order: Refused(0, RefusalCode.CHECKS_OPEN, "STA-INTERNET")
    console, tab, line = opened(start, make, line)
    press(qtbot, tab.seal)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "INS-01" in tab.outcome.head.text())
    assert "STA-INTERNET" in tab.outcome.text.text()
    assert line.orders[-1] == SealVenue(0, make.through_second("zhukao"), "")


def test_c09_the_report_is_saved_as_pdf_and_as_the_signed_json(start, make, tmp_path: Path) -> None:
    _console, tab, _line = opened(start, make)
    found = ReportResult(REPORT)
    tab.write_pdf_to(tmp_path / "r.pdf", found)
    assert re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "r.pdf").read_bytes())
    tab.write_json_to(tmp_path / "r.json", found)
    assert json.loads((tmp_path / "r.json").read_text("utf-8")) == REPORT
    tab.write_json_to(tmp_path / "no such folder" / "r.json", found)
    assert "△" in tab.outcome.head.text()
    html = inspection_sheet(REPORT)
    for text in (
        "陈晓东",
        "周立新",
        "✕ 未纠正",
        "✓ 已纠正",
        "9f" * 32,
        "更换 &lt;主机&gt;",
        "全面检测",
    ):
        assert text in html


def test_d12_the_ceremony_shows_the_classification_mark_and_until_when(start, make) -> None:
    line = make.FakeLine()
    seal = PaperSeal("JJ02-2026-1", "A", "7F3A91C4", True, "机密", AT)
    line.first = make.board(make.venue(session_state=SessionState.OPEN, seals=[seal]))
    console = start(line)
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    console.until(lambda: "机密" in duty.ceremony.seal.mark.text())
    assert "2026-11-22" in duty.ceremony.seal.mark.text()
