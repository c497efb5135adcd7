"""事件与违纪 at the console: forms, the report, signatures, observations, and the paper forms."""

import msgspec
from PySide6.QtWidgets import QLineEdit

from invigilator_app.actions.incident_forms import (
    IncidentRow,
    instant_of,
    lines_of,
    seats_of,
)
from invigilator_app.printing.incident_sheets import incident_sheet, violation_sheet
from invigilator_app.screens.reason_dialog import ReasonDialog
from invigilator_app.screens.report_dialog import ReportDialog
from invigilator_app.screens.second_dialog import SecondDialog
from tests.screens.console.hands import dialog, press, sign_second
from venue_server.wire.console_views import Done
from venue_server.wire.incident_orders import (
    CloseIncident,
    CountersignIncident,
    DecideObservation,
    GetIncidents,
    GetViolations,
    NoteRefusal,
    NoteSignature,
    OpenIncident,
    RecordViolation,
    ReportIncident,
    SignViolation,
    TakeItem,
    TerminateSitting,
)
from venue_server.wire.incidents import (
    GraveClass,
    IncidentFacts,
    IncidentKind,
    Report,
    Severity,
)
from venue_server.wire.violations import (
    CandidateSignature,
    ObservationView,
    ViolationFacts,
    ViolationItem,
    ViolationView,
)

WORDS = {"what": "停电", "cause": "跳闸", "action": "合闸"}


def incident(at: int, **changes: object) -> IncidentRow:
    fields: dict[str, object] = {
        "incident_id": "I001",
        "kind": IncidentKind.POWER,
        "severity": Severity.SEVERE,
        "grave": GraveClass.BREAKDOWN,
        "session_id": "s1",
        "room_id": "r1",
        "opened_at_ms": at,
        "opened_by": "李文静（jiankao1）",
        "key": "",
        "facts": IncidentFacts(**WORDS, seats=["003"], started_at_ms=at, ended_at_ms=at + 312_000),
        "report": "突发事件报告：I001\n情况：停电",
    }
    return IncidentRow(**(fields | changes))  # type: ignore[arg-type]


def violation(at: int, **changes: object) -> ViolationView:
    fields: dict[str, object] = {
        "violation_id": "V001",
        "code": "O31-7-5",
        "session_id": "s1",
        "room_id": "r1",
        "seat_no": "003",
        "sitting_id": "s1/1",
        "ticket_no": "360100100003",
        "name": "王小明",
        "recorded_at_ms": at,
        "recorded_by": "李文静（jiankao1）",
        "facts": ViolationFacts(facts="使用手机", happened_at_ms=at, evidence=["监控截图"]),
        "items": [ViolationItem("W01", "手机", at, ["李文静", "张强"], True)],
        "content_hash": "9f" * 32,
    }
    return ViolationView(**(fields | changes))  # type: ignore[arg-type]


def observation(at: int) -> ObservationView:
    return ObservationView(7, "s1", "r1", "003", "s1/1", "360100100003", "FOCUS_LOST", at)


def line_with(make, incidents=(), violations=(), observations=()):
    """A line that knows these; every order is carried out."""
    line = make.FakeLine()
    plain = msgspec.to_builtins
    line.replies = {
        GetIncidents: lambda _o: Done(0, {"incidents": plain(list(incidents))}),
        GetViolations: lambda _o: Done(
            0,
            {"violations": plain(list(violations)), "observations": plain(list(observations))},
        ),
    }
    one = plain(incidents[0] if incidents else incident(make.START))
    for kind in (OpenIncident, ReportIncident, CloseIncident, CountersignIncident):
        line.replies[kind] = lambda _o: Done(0, {"incident": one})
    record = plain(violations[0] if violations else violation(make.START))
    for kind in (
        RecordViolation,
        TakeItem,
        NoteSignature,
        NoteRefusal,
        SignViolation,
        TerminateSitting,
    ):
        line.replies[kind] = lambda _o: Done(0, {"violation": record})
    return line


def on_page(start, line, person: str, tab: str = "incidents", **looks):
    """The page with one tab up and its list loaded."""
    console = start(line, **looks)
    console.sign_in(person)
    duty = console.window.duty
    duty.open_page(duty.incidents)
    shown = getattr(duty.incidents, tab)
    duty.incidents.tabs.setCurrentWidget(shown)
    asked = GetIncidents if tab == "incidents" else GetViolations
    console.until(lambda: any(isinstance(each, asked) for each in line.orders))
    return console, shown


def given(line, kind):
    return [each for each in line.orders if isinstance(each, kind)]


def test_b07_times_seats_and_evidence_are_read_as_people_write_them(make) -> None:
    at = instant_of("09:12", make.START)
    assert at is not None
    assert instant_of("9：12：30", make.START) == at + 30_000
    assert instant_of(" ", make.START) == 0
    for wrong in ("9", "24:00", "09:60", "x:y", "09:12:30:1"):
        assert instant_of(wrong, make.START) is None
    assert seats_of("03，04、05 06") == ["03", "04", "05", "06"]
    assert lines_of("纸条；监控截图;") == ["纸条", "监控截图"]


def test_b07_an_invigilator_writes_an_incident_down(start, make, qtbot) -> None:
    line = line_with(make)
    console, tab = on_page(start, line, "jiankao1")
    for name, text in WORDS.items():
        tab.fields[name].insert(text)
    tab.fields["started"].setText("25:00")
    press(qtbot, tab.open)
    assert "09:12" in tab.outcome.head.text()
    tab.fields["started"].setText("09:12")
    press(qtbot, tab.open)
    console.until(lambda: bool(given(line, OpenIncident)))
    (order,) = given(line, OpenIncident)
    assert (order.room_id, order.facts.what) == ("r1", "停电")
    assert order.facts.started_at_ms == instant_of("09:12", line.now)
    assert not tab.report.isEnabled(), "heads report"


def test_i01_the_chief_sees_what_must_be_reported_and_notes_to_whom(start, make, qtbot) -> None:
    line = line_with(make, [incident(make.START)])
    console, tab = on_page(start, line, "zhukao")
    console.until(lambda: tab.table.rowCount() == 1)
    assert "I001" in tab.now.text()
    tab.table.selectRow(0)
    press(qtbot, tab.report)
    ask = dialog(console, ReportDialog)
    assert "停电" in ask.text.toPlainText()
    assert not ask.yes.isEnabled()
    ask.to.setText("部考试中心")
    ask.way.setText("电话")
    press(qtbot, ask.yes)
    console.until(lambda: bool(given(line, ReportIncident)))
    (order,) = given(line, ReportIncident)
    assert (order.incident_id, order.to, order.way) == ("I001", "部考试中心", "电话")
    press(qtbot, tab.close_one)
    close = dialog(console, ReasonDialog)
    close.reason.setText("已恢复")
    press(qtbot, close.yes)
    console.until(lambda: bool(given(line, CloseIncident)))


def test_a07_a_roving_invigilator_countersigns_the_chosen_one(start, make, qtbot) -> None:
    seen = incident(make.START, incident_id="I002", countersigned=["刘洋（liudong）"])
    line = line_with(make, [incident(make.START), seen])
    console, tab = on_page(start, line, "liudong")
    console.until(lambda: tab.table.rowCount() == 2)
    assert "已复签" in tab.table.item(1, 5).text()
    assert not tab.countersign.isEnabled(), "none is chosen"
    tab.table.selectRow(0)
    press(qtbot, tab.countersign)
    console.until(lambda: bool(given(line, CountersignIncident)))
    (order,) = given(line, CountersignIncident)
    assert (order.room_id, order.incident_id) == ("r1", "I001")
    assert not tab.close_one.isEnabled(), "heads close"


def test_v02_the_picker_says_when_a_warning_comes_first(start, make, qtbot) -> None:
    line = line_with(make)
    console, tab = on_page(start, line, "jiankao1", "violations")
    tab.code.setCurrentIndex(tab.code.findData("O31-6-1"))
    assert "△" in tab.warning.text()
    tab.code.setCurrentIndex(tab.code.findData("O31-7-5"))
    assert "✓" in tab.warning.text()
    tab.fields["facts"].setText("使用手机")
    press(qtbot, tab.record)
    console.until(lambda: bool(given(line, RecordViolation)))
    (order,) = given(line, RecordViolation)
    assert (order.code, order.facts.facts) == ("O31-7-5", "使用手机")
    assert order.sitting_id == tab.seats[0][1].sitting_id


def test_v06_item_refusal_and_the_chiefs_signature(start, make, qtbot) -> None:
    line = line_with(make, violations=[violation(make.START)])
    console, tab = on_page(start, line, "zhukao", "violations")
    console.until(lambda: tab.table.rowCount() == 1)
    tab.table.selectRow(0)
    press(qtbot, tab.take)
    sign_second(qtbot, console, make, "jiankao1")
    console.until(lambda: bool(given(line, TakeItem)))
    press(qtbot, tab.refused)
    sign_second(qtbot, console, make, "jiankao1")
    console.until(lambda: bool(given(line, NoteRefusal)))
    press(qtbot, tab.sign)
    console.until(lambda: bool(given(line, SignViolation)))
    assert given(line, SignViolation)[0].content_hash == "9f" * 32


def test_v05_ending_a_sitting_takes_the_chief_and_an_invigilator(start, make, qtbot) -> None:
    line = line_with(make)
    console, tab = on_page(start, line, "zhukao", "violations")
    console.until(lambda: tab.terminate.isEnabled())
    press(qtbot, tab.terminate)
    asked = dialog(console, SecondDialog)
    (reason,) = set(asked.findChildren(QLineEdit)) - {asked.person, asked.password, asked.totp}
    reason.setText("掀翻桌椅")
    sign_second(qtbot, console, make, "jiankao1")
    console.until(lambda: bool(given(line, TerminateSitting)))
    (order,) = given(line, TerminateSitting)
    assert (order.reason, order.sitting_id) == ("掀翻桌椅", tab.seats[0][1].sitting_id)


def test_v09_an_observation_is_attached_or_dismissed_by_a_person(start, make, qtbot) -> None:
    seen = observation(make.START)
    line = line_with(make, violations=[violation(make.START)], observations=[seen])
    console, tab = on_page(start, line, "jiankao1", "observations")
    console.until(lambda: tab.table.rowCount() == 1)
    assert not tab.attach.isEnabled(), "nothing is chosen"
    tab.table.selectRow(0)
    press(qtbot, tab.attach)
    console.until(lambda: bool(given(line, DecideObservation)))
    assert given(line, DecideObservation)[0].violation_id == "V001"
    press(qtbot, tab.dismiss)
    ask = dialog(console, ReasonDialog)
    ask.reason.setText("输入法")
    press(qtbot, ask.yes)
    console.until(lambda: len(given(line, DecideObservation)) == 2)
    assert given(line, DecideObservation)[1].remark == "输入法"


def test_a12_an_inspector_looks_and_orders_nothing(start, make, qtbot) -> None:
    line = line_with(make, [incident(make.START)])
    console, tab = on_page(start, line, "xunshi")
    console.until(lambda: tab.table.rowCount() == 1)
    tab.table.selectRow(0)
    for pressed in (tab.open, tab.add, tab.report, tab.contain, tab.close_one):
        assert not pressed.isEnabled()
    assert tab.print.isEnabled()


def test_v06_b07_the_paper_forms_say_everything_and_judge_nothing(make, tmp_path, start) -> None:
    told = Report(make.START, "周立新", "部考试中心", "电话", "12号")
    html = incident_sheet("第七中学考点", incident(make.START, reports=[told]))
    for part in ("停电", "跳闸", "合闸", "部考试中心", "12号", "大面积中断"):
        assert part in html
    refused = violation(
        make.START, candidate=CandidateSignature.REFUSED, witnesses=["李文静", "张强"]
    )
    html = violation_sheet("第七中学考点", refused)
    for part in ("使用手机", "O31-7-5", "李文静、张强证明", "暂扣物品收据 W01", "供认定时参考"):
        assert part in html
    line = line_with(make, [incident(make.START)])
    _console, tab = on_page(start, line, "zhukao")
    tab.write_pdf(tmp_path / "V001.pdf", html, refused.content_hash)
    assert (tmp_path / "V001.pdf").read_bytes().startswith(b"%PDF")
