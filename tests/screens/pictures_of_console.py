"""Every page and the telling dialogs of the console, over a line that answers like a server."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "console"))

import conftest as made
import msgspec
import test_console_duty as duties
import test_console_handover as hand_over
import test_console_incidents as incidents
import test_console_inspection as inspection
import test_console_notices as notices
import test_console_pages as pages
import test_console_people as people
import test_console_swaps as swaps
import venue_answers
from pictures import LANGUAGES, SIZES, ZOOMS, grabbed, save, settle, still
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from invigilator_app.app import load_language
from invigilator_app.desk import Desk
from invigilator_app.link.bridge import Bridge
from invigilator_app.link.port import Line, LinePhase
from invigilator_app.screens.grouped_tabs import GroupedTabs
from invigilator_app.screens.second_dialog import SecondDialog
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.window import ConsoleWindow
from venue_server.client.link_state import Down, DownCause
from venue_server.client.link_words import explained
from venue_server.wire.alarm_advice import advice
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.backup_orders import GetBackups
from venue_server.wire.console_orders import GetRoomRecord, GetStatus, ListEnrolments, Reconcile
from venue_server.wire.console_views import Done, SeatView
from venue_server.wire.duty_orders import GetDuty
from venue_server.wire.handover_orders import GetHandOvers
from venue_server.wire.incident_orders import GetIncidents, GetViolations
from venue_server.wire.inspection_orders import GetInspection
from venue_server.wire.intake_orders import GetIntake
from venue_server.wire.names import (
    DataState,
    PackageState,
    ReadyVerdict,
    SessionState,
    SittingState,
    SubmitKind,
)
from venue_server.wire.notice_orders import GetNotices
from venue_server.wire.people_orders import GetDraw, GetOrganisation, GetPeople
from venue_server.wire.record_orders import GetCloseCheck, GetStatistics
from venue_server.wire.swap_orders import GetSwaps
from venue_server.wire.wiping_orders import (
    GetAnswers,
    GetHoldings,
    GetWipeCertificate,
    GetWipeCheck,
)

PATIENCE_S = 60.0
_KEPT: list["Console"] = []
STATUS = {
    "sections": [
        {
            "title": "考点 / venue",
            "rows": [
                ["模式 / mode", "试考（演练） / rehearsal", "ok"],
                ["时间来源 / clock", "总部 / headquarters", "ok"],
                ["封场 / seal", "已封场 / sealed", "ok"],
                ["台账 / ledger", "412 · 9f1c03aa77e2b410", "ok"],
            ],
        },
        {
            "title": "试卷 / paper",
            "rows": [
                ["试卷包 / package", "已释放 / released", "ok"],
                ["考试机已校验 / stations verified", "79 / 80", "wait"],
            ],
        },
        {
            "title": "作答 / answers",
            "rows": [["仅在考试机上的作答 / on stations only", "12", "wait"]],
        },
        {"title": "磁盘 / disks", "rows": [["第二份 / second copy", "不在 / not there", "bad"]]},
    ],
    "next": [
        *advice([Alarm(AlarmCode.SECOND_MISSING, {})]),
        "监考 / invigilate",
    ],
}
ALARMS: dict[str, list[Alarm]] = {
    "before": [],
    "during": [Alarm(AlarmCode.SECOND_MISSING, {"folder": "/srv/kaodian/second"})],
    "over": [Alarm(AlarmCode.BACKUP_MISSING, {"folder": "/srv/kaodian/backup-2"})],
    "uploading": [],
}
STATISTICS = {
    "rows": [
        {
            "session_id": "20261122-1",
            "room_id": "r1",
            "scheduled": 39,
            "present": 37,
            "absent": 2,
            "violations": 1,
        },
        {"scheduled": 39, "present": 37, "absent": 2, "violations": 1},
    ],
    "warnings": [{"code": "RMK-113", "args": {"room": "r1", "count": "9", "percent": "30"}}],
}
WAITING = {
    "waiting": [
        {"code": "K7QM-2XVD", "kind": "station", "address": "10.0.0.9", "since_ms": made.START}
    ]
}


def replies(over: bool) -> dict[type, Callable[[object], Done]]:
    """What the server of these pictures answers."""
    plain = msgspec.to_builtins
    sealed = hand_over.sealed(venue_answers.SESSION, "EXPORTED", "U-01")
    found = [incidents.incident(made.START + 20 * made.MINUTE)]
    told = [incidents.violation(made.START + 31 * made.MINUTE)]
    seen = [incidents.observation(made.START + 33 * made.MINUTE)]
    answers: dict[type, dict[str, object]] = {
        GetStatus: STATUS,
        ListEnrolments: WAITING,
        GetInspection: inspection.VIEW,
        GetIntake: pages.STANDING,
        GetRoomRecord: pages.RECORD,
        Reconcile: pages.reconciled(False),
        GetIncidents: {"incidents": plain(found)},
        GetViolations: {"violations": plain(told), "observations": plain(seen)},
        GetNotices: {"notices": plain([notices.view(made.START + 32 * made.MINUTE)])},
        GetAnswers: venue_answers.answers(over),
        GetBackups: venue_answers.backups(),
        GetHoldings: venue_answers.holdings(),
        GetWipeCheck: venue_answers.wipe_check(),
        GetWipeCertificate: venue_answers.wipe_certificate(),
        GetCloseCheck: venue_answers.closing(),
        GetHandOvers: hand_over.standing(sealed),
        GetSwaps: swaps.SWAPS,
        GetDuty: plain(duties.VIEW),
        GetPeople: plain(people.people()),
        GetDraw: plain(people.DRAWS),
        GetOrganisation: plain(people.BOOK),
        GetStatistics: STATISTICS,
    }
    sent = {kind: msgspec.json.decode(msgspec.json.encode(told)) for kind, told in answers.items()}
    return {kind: lambda _order, told=told: Done(0, told) for kind, told in sent.items()}


def coming_in() -> list[SeatView]:
    """The room before the start: most have read the rules, some are still on their way."""
    late = {3: SittingState.SCHEDULED, 5: SittingState.SCHEDULED, 12: SittingState.ADMITTED}
    late |= {14: SittingState.LOGGED_IN, 21: SittingState.IDENTITY_DOUBT}
    empty = {"ticket_no": "", "name": "", "sitting_id": "", "state": None}
    return [
        made.seat(
            at,
            1,
            paper="keyed",
            answered=0,
            **(empty if at == 40 else {"state": late.get(at, SittingState.RULES_ACK)}),
        )
        for at in range(1, 41)
    ]


def handed_in() -> list[SeatView]:
    """The room after the end: all handed in but seat 07, which fell silent; two never came."""
    silent = next(each for each in made.mixed_seats(1) if each.seat_no == "07")
    changes: dict[int, dict[str, object]] = {
        3: {"state": SittingState.ABSENT, "answered": 0},
        5: {"state": SittingState.ABSENT, "answered": 0},
        40: {"ticket_no": "", "name": "", "sitting_id": "", "state": None, "answered": 0},
    }
    done = {"state": SittingState.SUBMITTED, "submit_kind": SubmitKind.AUTO}
    return [silent if at == 7 else made.seat(at, 1, **changes.get(at, done)) for at in range(1, 41)]


def line_at(stage: str) -> made.FakeLine:
    """``before`` the start, ``during`` the exam, ``over``, or ``uploading`` in the evening."""
    minutes, state, package, data = {
        "before": (-25, SessionState.LOGIN_ALLOWED, PackageState.COMPLETE, None),
        "during": (40, SessionState.STARTED, PackageState.RELEASED, DataState.COLLECTING),
        "over": (95, SessionState.ENDED, PackageState.ENDED, DataState.BACKED_UP),
        "uploading": (135, SessionState.SEALED, PackageState.ENDED, DataState.UPLOADING),
    }[stage]
    venue = made.venue(
        clock_source="headquarters",
        session_state=state,
        package_state=package,
        data_state=data,
        release_armed=stage != "before",
        seals=made.TWO_SEALS,
        reserves=made.RESERVES,
        alarms=ALARMS[stage],
        seal_state="INSPECTED" if stage == "before" else "SEALED",
        ready=made.ready_lines(RELEASE_KEY=ReadyVerdict.WAIT) if stage == "before" else [],
    )
    over = stage in ("over", "uploading")
    counts = {"admitted": 37, "present": 37, "absent": 2, "submitted": 36 if over else 2}
    if stage == "before":
        counts = {"admitted": 34, "present": 0, "absent": 0, "submitted": 0}
    risk = 0 if stage == "before" else 12
    room = made.room(1, session_state=state, answers_at_risk=risk, **counts)
    seats = {"before": coming_in, "during": made.mixed_seats}.get(stage, handed_in)
    uploads = venue_answers.uploads() if stage == "uploading" else None
    first = msgspec.structs.replace(made.board(venue, [room], {"r1": seats()}), uploads=uploads)
    return made.FakeLine(now=made.START + minutes * made.MINUTE, first=first, replies=replies(over))


class Console:
    """A whole console in one language; ``moment`` of the day as in ``line_at``."""

    def __init__(self, app: QApplication, language: str, moment: str) -> None:
        self.app = app
        self._translator = load_language(app, language)
        self.line = line_at(moment)
        self.bridge = Bridge(self.line)
        self.window = ConsoleWindow(Texts(language))
        self._desk = Desk(self.bridge, self.window)
        self.window.show()
        self.bridge.start()
        self.until(lambda: bool(self.window.sign_in.venue.text()))

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > end:
                raise TimeoutError("the console did not come that far")
            self.app.processEvents()
            time.sleep(0.01)
        settle(self.app)

    def look(self, zoom: int, size: tuple[int, int]) -> None:
        self.window.set_zoom(zoom)
        self.window.resize(*size)
        settle(self.app)

    def sign_in(self) -> None:
        form = self.window.sign_in.form
        form.person.setText("both")
        form.password.setText(made.PASSWORD)
        form.enter.click()
        self.until(lambda: self.window.on_duty and self.window.duty.state is not None)
        self.until(lambda: self.window.duty.state.view is not None)
        self.window.duty.rooms.jump("07")

    def open(self, page: QWidget, tab: QWidget | None = None) -> None:
        self.window.duty.open_page(page)
        if tab is not None:
            page.tabs.setCurrentWidget(tab)
        self.quiet()

    def quiet(self) -> None:
        """Until every order that was placed is answered."""
        self.until(lambda: not self._desk._replies)

    def close(self) -> None:
        self.bridge.stop()
        self.window.hide()
        _KEPT.append(self)  # Qt takes windows apart in an order of its own
        if self._translator is not None:
            self.app.removeTranslator(self._translator)


def no_server(console: Console) -> None:
    why = explained(Down(DownCause.UNREACHABLE, address="10.0.0.1:7443"))
    console.line.tell(Line(LinePhase.CONNECTING, refusal=why))
    console.until(lambda: "LNK-02" in console.window.sign_in.notice.text())


def admission(console: Console) -> QWidget:
    rooms = console.window.duty.rooms
    rooms.admit.click()
    form = rooms.admission
    assert form is not None
    form.ticket.setText("360100100012")
    form.id_number.textEdited.emit("11010519491231002X")
    console.quiet()
    return form


def second(console: Console) -> QWidget:
    ceremony = console.window.duty.ceremony
    console.open(ceremony)
    ceremony.arm.click()
    settle(console.app)
    found = console.window.findChild(SecondDialog)
    assert found is not None
    return found


def asked_by(page: str, tab: str, press: str) -> Callable[[Console], QWidget]:
    """The dialog of two that a button brings up; ``tab`` empty: the page has none."""

    def prepare(console: Console) -> QWidget:
        shown = getattr(console.window.duty, page)
        console.open(shown, getattr(shown, tab) if tab else None)
        where = getattr(shown, tab) if tab else shown
        if tab == "hand_over":
            where.folder.setText("/media/u1")
        pressed = getattr(where, press)
        assert pressed.isEnabled(), press
        pressed.click()
        settle(console.app)
        (found,) = [e for e in console.window.findChildren(SecondDialog) if e.isVisible()]
        return found

    return prepare


DIALOGS: dict[str, Callable[[Console], QWidget]] = {
    "seal": asked_by("data", "", "seal"),
    "export": asked_by("admin", "hand_over", "export"),
    "hand-over": asked_by("admin", "hand_over", "over"),
    "scores": asked_by("admin", "kept", "scores"),
    "hold": asked_by("admin", "kept", "hold"),
}


def take_for_docs(app: QApplication, folder: Path) -> None:
    """The pictures that documents show."""
    small, large = SIZES[1], SIZES[0]

    def take(name: str, moment: str, prepare: object, language="zh", zoom=100, size=large) -> None:
        console = Console(app, language, moment)
        console.look(zoom, size)
        if prepare is not no_server:
            console.sign_in()
        over = prepare(console) if callable(prepare) else None
        save(grabbed(app, console.window, over), folder, name)
        console.close()

    def page(name: str, tab: str = "", press: str = "") -> Callable[[Console], None]:
        def prepare(console: Console) -> None:
            shown = getattr(console.window.duty, name)
            console.open(shown, getattr(shown, tab) if tab else None)
            if press:
                getattr(shown, press).click()
                console.quiet()

        return prepare

    take("console-no-server", "during", no_server, size=small)
    take("console-room", "during", None)
    take("console-room-100-en", "during", None, "en")
    take("console-room-150-en", "during", None, "en", 150, small)
    take("console-admission", "before", admission)
    take("console-release", "before", page("ceremony"))
    take("console-second-person", "before", second)
    take("console-incidents", "during", page("incidents", "incidents"))
    take("console-violations-en", "during", page("incidents", "violations"), "en")
    take("console-reconcile", "over", page("closing", press="reconcile"), size=small)
    take("console-record", "over", page("record", press="load"), size=small)
    take("console-status", "during", page("admin", "status"), size=small)
    take("console-intake", "before", page("admin", "intake"), size=small)
    take("console-answers", "over", page("admin", "answers"))
    take("console-sealing", "over", page("data"), size=small)
    take("console-upload", "uploading", page("data"), size=small)
    take("console-close-check-en", "over", page("admin", "close_check"), "en")
    take("console-hand-over", "over", page("admin", "hand_over"), size=small)
    take("console-kept-en", "over", page("admin", "kept"), "en")
    take("console-inspection-en", "before", page("admin", "inspection"), "en", 100, small)


def take_all(app: QApplication, folder: Path) -> None:
    """Every page and tab in both languages, sizes and zooms."""
    for language in LANGUAGES:
        for moment in ("before", "over", "uploading"):
            console = Console(app, language, moment)
            console.sign_in()
            for zoom in ZOOMS:
                for size in SIZES:
                    console.look(zoom, size)
                    for name, tab in walk(console):
                        shot = f"console-{moment}-{name}{tab}-{language}-{size[0]}x{size[1]}-{zoom}"
                        save(grabbed(app, console.window), folder, shot)
                    for name, prepare in DIALOGS.items() if moment == "over" else ():
                        over = prepare(console)
                        shot = f"console-dialog-{name}-{language}-{size[0]}x{size[1]}-{zoom}"
                        save(grabbed(app, console.window, over), folder, shot)
                        over.close()
            console.close()


def walk(console: Console):
    """Bring every page and each of its tabs up; yields their names."""
    duty = console.window.duty
    for name in ("rooms", "ceremony", "closing", "record", "data", "admin", "incidents"):
        page = getattr(duty, name)
        console.open(page)
        tabs = getattr(page, "tabs", None)
        if not isinstance(tabs, QTabWidget | GroupedTabs):
            yield name, ""
            continue
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
            console.quiet()
            yield name, f"-{at:02}"


def main(folder: Path, everything: bool) -> int:
    app = QApplication(sys.argv[:1])
    still(app)
    (take_all if everything else take_for_docs)(app, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--all" in sys.argv))
