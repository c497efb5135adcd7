# ruff: noqa: E402  # the engine's environment comes before Qt is used at all
"""R1: the renderer of a station is killed (kill -9) under typing, by name and at random.

The real station program with its window, typed at by real key events, against a real server. What
counts as truth is heard at the driver's border, never asked of journal, chain or outbox:

    claimed      the window says saved (here, or synced) while what the candidate last told is not
    changed      the item came back with other values than had reached the program
    lost         journalled and not in the journal, or acknowledged and not at the server
    not back     the item was not on the screen again; and how many loads it took (a count)
    not locked   at the end of the exam, with the page dead, dying again and again, or hung

Key strokes that were still inside the page when it died are counted: they were shown as saved
nowhere, and the item comes back without them.
"""

import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from candidate_station.rendering.chromium import prepare_environment

ARGUMENTS = prepare_environment(test_no_sandbox=os.geteuid() == 0)

from lan import enrolled
from measuring import Child, Figure, begin_load, options, report, say, workspace
from prepared_venue import DAY, PreparedVenue, Seated, prepare, set_exam_time
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from candidate_station.answers.shelf import Shelf
from candidate_station.app import Station
from candidate_station.rendering.engine import ISOLATED_WORLD
from candidate_station.screens.style import Look
from candidate_station.session import effects as fx
from candidate_station.session import inputs as ins
from candidate_station.session.intents import ChangeAnswer, GoTo
from candidate_station.session.screen_state import SaveState, Screen, ScreenState
from candidate_station.startup import Options
from venue_server.rehearsal.options import EXAM_MINUTES
from venue_server.settings import load_settings
from venue_server.wire.station_messages import SaveAck

PATIENCE_S = 90.0
ITEMS = ("Q25", "Q26")  # written answers
END_MS = DAY.at(EXAM_MINUTES)
POINTS = (
    "a key given to the page",
    "in the middle of a word",
    "change heard, station not told",
    "station told, not journalled",
    "journalled, not acknowledged",
    "acknowledged",
    "another item asked for",
    "item painted",
    "asked to tell everything",
    "everything told",
    "look changed",
    "input frozen",
    "coming back: page loading",
    "coming back: page there, item not",
    "coming back: item painted",
)
RANDOM = "random"
SHORT = (*POINTS[:6], POINTS[-2])


def wait(wanted: Callable[[], object], what: str) -> None:
    """Turn the event loop until something is true."""
    deadline = time.monotonic() + PATIENCE_S
    while not wanted():
        assert time.monotonic() < deadline, f"{what} did not come"
        QTest.qWait(5)


@dataclass
class Truth:
    """What crossed the driver's border, in its thread. Entries by sequence."""

    made: dict[int, Any] = field(default_factory=dict)
    kept: int = 0
    acked: int = 0
    wanted: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    claimed: int = 0
    shown_saved: int = 0
    locked_at_ms: int = 0
    on_kept: Callable[[], None] = lambda: None
    on_acked: Callable[[], None] = lambda: None

    def observe(self, happened: ins.Input | fx.Effect, _now: ins.Now) -> None:
        """One input or effect of the station."""
        match happened:
            case ins.Wanted(ChangeAnswer(item_id, values)):
                self.wanted[item_id] = values
            case fx.AppendEntries(_, entries):
                self.made |= {each.seq: each for each in entries}
                self.locked_at_ms = max(
                    [self.locked_at_ms, *(e.at_ms for e in entries if e.kind == "submit")]
                )
            case ins.Appended(_, seq):
                self.kept = max(self.kept, seq)
                self.on_kept()
            case ins.Received(SaveAck(_, seq, _head)):
                self.acked = max(self.acked, seq)
                self.on_acked()

    def shown(self, state: ScreenState) -> None:
        """The station is about to show this: is what it says true?"""
        upto = {SaveState.LOCAL: self.kept, SaveState.SYNCED: self.acked}.get(state.save_state, 0)
        if not upto or state.screen is not Screen.ANSWER:
            return
        self.shown_saved += 1
        newest = self.answers(upto)
        self.claimed += any(newest.get(name) != held for name, held in self.wanted.items() if held)

    def answers(self, upto: int) -> dict[str, dict[str, list[str]]]:
        """Every item's newest answer in the entries up to there."""
        told = [self.made[n] for n in sorted(self.made) if n <= upto]
        return {each.item_id: each.values for each in told if each.kind == "response"}


class Desk:
    """One station with its candidate's hands."""

    def __init__(self, app: QApplication, folder: Path, port: int, seated: Seated) -> None:
        self.seated = seated
        self.data = folder / seated.machine_id
        options_ = Options(
            self.data, f"127.0.0.1:{port}", "", "zh", True, False, True, False, None, None
        )
        self.truth = Truth()
        self.station = Station(app, options_)
        driver: Any = self.station.driver
        emit = driver._on_state

        def on_state(state: ScreenState) -> None:
            self.truth.shown(state)
            emit(state)

        driver._on_state, driver._observer = on_state, self.truth.observe
        self.state: ScreenState | None = None
        self.station.bridge.state.connect(self._show)
        self.view: Any = self.station.view
        self.painted = self.loads = self.deaths = 0
        self.typed = 0
        self.armed = ""
        self.died: Counter[str] = Counter()
        self._listen()
        self.station.start("test only: off")

    def _show(self, state: ScreenState) -> None:
        self.state = state

    def _listen(self) -> None:
        view, bridge = self.view, self.view._bridge
        view.painted.connect(lambda _item: self._count("painted"))
        view.renderer_died.connect(lambda: self._count("deaths"))
        view._page.loadStarted.connect(lambda: self._count("loads"))
        view.painted.connect(lambda _item: self.at("item painted"))
        view.painted.connect(lambda _item: self.at("coming back: item painted"))
        view._page.loadStarted.connect(lambda: self.at("coming back: page loading"))
        bridge.page_ready.connect(lambda: self.at("coming back: page there, item not"))
        bridge.page_changed.connect(lambda _raw: self.at("change heard, station not told"))
        bridge.page_settled.connect(lambda _number: self.at("everything told"))
        view.answered.connect(lambda *_told: self.at("station told, not journalled"))
        self.truth.on_kept = lambda: self.at("journalled, not acknowledged")
        self.truth.on_acked = lambda: self.at("acknowledged")

    def _count(self, name: str) -> None:
        setattr(self, name, getattr(self, name) + 1)

    def at(self, point: str) -> None:
        """This point is reached; in any thread."""
        if self.armed == point:
            self.armed = ""
            self.kill(point)

    def kill(self, point: str) -> None:
        """kill -9, now. A page that has no process yet dies at once when it has."""
        with suppress(ProcessLookupError):
            pid = self.view.renderer_pid()
            if pid:
                os.kill(pid, signal.SIGKILL)
                self.died[point] += 1

    # ---- hands and eyes ------------------------------------------------------------------

    def sit(self) -> None:
        """Until the paper is open, then go to a written answer and put the keyboard there."""
        wait(lambda: self.state and self.state.screen is Screen.ANSWER, "the paper")
        self.go(ITEMS[0])

    def go(self, item_id: str) -> None:
        """To that item, until it is painted."""
        self.station.bridge.post(GoTo(item_id))
        wait(lambda: self.state and self.state.item_id == item_id, item_id)
        wait(lambda: self.item == item_id and self.drawn(), f"{item_id} on the screen")
        self.focus()

    @property
    def item(self) -> str:
        """The item in the view."""
        return str(self.view._shown.prepared.item_id) if self.view._shown else ""

    def js(self, code: str) -> Any:
        """An expression's value in the page; None when it does not answer soon."""
        got: list[Any] = []
        self.view._page.runJavaScript(f"JSON.stringify({code})", ISOLATED_WORLD, got.append)
        deadline = time.monotonic() + 2.0
        while not got and time.monotonic() < deadline:
            QTest.qWait(5)
        return json.loads(got[0]) if got and got[0] else None

    def values(self) -> dict[str, list[str]] | None:
        """What the page shows; None when there is no page or no item in it."""
        if not self.view._ready:
            return None
        told = self.js("typeof kaodian === 'object' ? JSON.parse(kaodian.state()) : null")
        return told["values"] if told else None

    def drawn(self) -> bool:
        """Is the item on the screen with what the program knows of it?"""
        shown = self.values()
        return shown is not None and shown == self.view._shown.values

    def focus(self) -> None:
        def has_focus() -> object:
            self.station.window.activateWindow()
            self.view.focus_item()  # again, as a hand that clicks again
            return self.js("document.activeElement !== document.body")

        wait(has_focus, "the keyboard")

    @property
    def surface(self) -> Any:
        return self.view._view.focusProxy()

    def type(self, text: str) -> None:
        """Key strokes, as fast as a hand that hurries; on a dead page they go nowhere."""
        for letter in text:
            if (surface := self.surface) is not None:
                QTest.keyClicks(surface, letter)
                self.typed += 1
            QTest.qWait(1)

    def clear(self) -> None:
        """Take everything away, so that each word is new."""
        QTest.keyClick(self.surface, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    def told(self) -> bool:
        """Has everything that reached the program reached the server?"""
        answers = self.truth.answers(self.truth.acked)
        drafts = self.view._drafts.by_item.items()
        return all(d.told and (not d.newest or answers.get(i) == d.values) for i, d in drafts)

    def looks(self) -> str:
        """How it stands, when something did not come."""
        state = self.state
        assert state is not None
        told = f"{state.screen} {state.item_id} locked={state.input_locked} {state.save_state}"
        page = f"ready={self.view._ready} deaths={self.deaths} painted={self.painted}"
        return f"{told} online={state.online}; in the view {self.item} {page} armed={self.armed!r}"

    def close(self) -> None:
        """End in order, with what Qt still has to take away."""
        self.station.stop()
        self.view.dispose()
        self.station.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# ---- under typing ------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of all deaths."""

    changed: int = 0
    most_loads: int = 0
    swallowed: int = 0


class Typing:
    """A candidate who writes while the renderer dies."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        self.tally = Tally()
        self._number = 0

    def strike(self, point: str) -> None:
        """Write a word, let the renderer die there, and see it come back."""
        desk = self.desk
        self._number += 1
        word = f"w{self._number}-" + "".join(self.chance.choices("abcdefgh", k=6))
        loads, deaths = desk.loads, desk.deaths
        self._die(point, word)
        wait(lambda: desk.deaths > deaths, f"a death {point}")
        wait(lambda: desk.armed == "" and desk.drawn(), f"the item after: {point}")
        died = desk.deaths - deaths
        self.tally.most_loads = max(self.tally.most_loads, -(-(desk.loads - loads) // died))
        before = {n: dict(d.values) for n, d in desk.view._drafts.by_item.items()}
        shown = desk.values()
        # What the page holds is what had reached us: a word that was cut off, never another one.
        self.tally.changed += shown != before[desk.item]
        (text,) = next(iter(shown.values()), None) or [""] if shown else [""]
        self.tally.changed += not (word.startswith(text) or not text.startswith(f"w{self._number}"))
        self.tally.swallowed += (
            max(0, len(word) - len(text)) if word.startswith(text) else len(word)
        )
        desk.focus()
        wait(desk.told, "the server's word")

    def _die(self, point: str, word: str) -> None:
        desk = self.desk
        if point == RANDOM:
            self._at_random(word)
            return
        direct = {
            "a key given to the page": lambda: desk.type(word),
            "in the middle of a word": lambda: desk.type(word[: len(word) // 2]),
            "asked to tell everything": lambda: (desk.type(word), desk.view.flush()),
            "look changed": lambda: (desk.type(word), self._look()),
            "input frozen": lambda: (desk.type(word), desk.view.set_frozen(True)),
        }
        desk.clear()
        if point in direct:
            direct[point]()
            desk.kill(point)
            if point == "input frozen":
                QTest.qWait(10)
                desk.view.set_frozen(False)
            return
        if point.startswith("coming back"):
            desk.type(word)
            desk.kill("before coming back")
            desk.armed = point
            return
        desk.armed = point
        desk.type(word)
        if point == "everything told":
            desk.view.flush()
        elif point in ("item painted", "another item asked for"):
            self._move(point)

    def _move(self, point: str) -> None:
        desk = self.desk
        other = ITEMS[1] if desk.item == ITEMS[0] else ITEMS[0]
        desk.station.window.leaving.emit()
        desk.station.bridge.post(GoTo(other))
        if point == "another item asked for":
            wait(lambda: desk.item == other, other)
            desk.at(point)

    def _look(self) -> None:
        look = self.desk.station.window.look
        zoom = 120 if look.zoom == 100 else 100
        self.desk.station.window.set_look(Look(look.scheme, zoom))

    def _at_random(self, word: str) -> None:
        """Somewhere in the second around the word."""
        desk = self.desk
        if self.chance.random() < 0.5:
            desk.clear()
            desk.type(word[: self.chance.randrange(1, len(word))])
            QTest.qWait(int(self.chance.uniform(0, 400)))
            desk.kill(RANDOM)
        else:
            desk.kill("before coming back")
            QTest.qWait(int(self.chance.uniform(0, 600)))
            desk.kill(RANDOM)


# ---- over the end ------------------------------------------------------------------------


def over_the_end(desks: list[Desk]) -> int:
    """Dead before the end, dying all the time, hung: how many papers did not lock at the end?"""
    for number, desk in enumerate(desks):
        desk.sit()
        desk.type(f"last words of {number}")
        wait(desk.told, "the server's word")
    dying, hung, dead = desks

    def left_s() -> int:
        assert dead.state is not None
        return dead.state.remaining_s

    assert left_s() > 4, "the machine is too slow for these times"
    wait(lambda: left_s() <= 4, "the end")
    hung_pid = hung.view.renderer_pid()
    os.kill(hung_pid, signal.SIGSTOP)
    wait(lambda: left_s() <= 1, "the end")
    dead.kill("at the end")
    deadline = time.monotonic() + PATIENCE_S
    while not all(d.state is not None and d.state.screen is Screen.RECEIPT for d in desks):
        assert time.monotonic() < deadline, "the receipts did not come"
        dying.kill("at the end")
        QTest.qWait(50)
    with suppress(ProcessLookupError):
        os.kill(hung_pid, signal.SIGCONT)
    say(f"locked {[d.truth.locked_at_ms - END_MS for d in desks]} ms after the end")
    return sum(not -1_000 <= d.truth.locked_at_ms - END_MS <= 5_000 for d in desks)


# ---- judging -----------------------------------------------------------------------------


def lost(venue: PreparedVenue, desk: Desk) -> int:
    """Journalled, and not in the journal; acknowledged, and not at the server."""
    shelf = Shelf(desk.data)
    found = {each.seq: each.hash for each in shelf.open(desk.seated.sitting_id).entries}
    shelf.close_all()
    with sqlite3.connect(venue.data / "venue.sqlite") as store:
        stored = dict(
            store.execute(
                "SELECT seq, hash FROM response WHERE sitting_id = ?", (desk.seated.sitting_id,)
            ).fetchall()
        )
    made = desk.truth.made
    missing = sum(found.get(n) != e.hash for n, e in made.items() if n <= desk.truth.kept)
    return missing + sum(stored.get(n) != e.hash for n, e in made.items() if n <= desk.truth.acked)


@contextmanager
def serve(venue: PreparedVenue, exam_ms: float) -> Iterator[int]:
    """A server that believes it is then; its port."""
    set_exam_time(venue.data, exam_ms)
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    try:
        yield int(json.loads(server.first_line)["port"])
    finally:
        server.stop()


@contextmanager
def desks_at(
    app: QApplication, venue: PreparedVenue, port: int, seated: list[Seated]
) -> Iterator[list[Desk]]:
    """Enrolled stations, started."""
    for each in seated:
        enrolled(venue.folder / each.machine_id, each, venue.ca_pem, load_settings(venue.data))
    desks = [Desk(app, venue.folder, port, each) for each in seated]
    try:
        yield desks
    finally:
        for each in desks:
            each.close()


def written(
    app: QApplication, venue: PreparedVenue, points: list[str], chance: random.Random
) -> tuple[Desk, Tally]:
    """A candidate writes while the renderer dies at each of the points."""
    with serve(venue, DAY.at(2)) as port, desks_at(app, venue, port, venue.seated[:1]) as (desk,):
        desk.sit()
        typing = Typing(desk, chance)
        began = time.monotonic()
        for number, point in enumerate(points):
            try:
                typing.strike(point)
            except AssertionError as late:
                raise AssertionError(f"{point}: {late}; {desk.looks()}") from late
            if (number + 1) % 25 == 0:
                took = time.monotonic() - began
                say(f"{number + 1} of {len(points)}, {desk.deaths} deaths, {took:.0f} s")
    return desk, typing.tally


def measure(
    app: QApplication, venue: PreparedVenue, points: list[str], chance: random.Random, lead_s: float
) -> list[Figure]:
    """Everybody types, the renderer dies; then the end comes."""
    desk, tally = written(app, venue, points, chance)
    with (
        serve(venue, END_MS - 1000 * lead_s) as port,
        desks_at(app, venue, port, venue.seated[1:]) as desks,
    ):
        late = over_the_end(desks)
    every = [desk, *desks]
    died = sum((each.died for each in every), Counter[str]())
    for point, count in died.items():
        say(f"{count:4} {point}")
    missing = sum(lost(venue, each) for each in every)
    named = len(set(died) & set(POINTS))

    def figure(name: str, value: float, unit: str, target: str) -> Figure:
        return Figure(f"R1 renderers {name}", value, unit, target)

    return [
        figure("killed", died.total(), "kills", "200"),
        figure("named points", named, "points", "-"),
        figure("entries journalled", sum(e.truth.kept for e in every), "entries", "-"),
        figure("states shown as saved", sum(e.truth.shown_saved for e in every), "states", "-"),
        figure("key strokes", sum(each.typed for each in every), "keys", "-"),
        figure("key strokes that died in the page", tally.swallowed, "keys", "-"),
        figure("most page loads for one death", tally.most_loads, "loads", "<= 3"),
        figure("not locked at the end", late, "stations", "0"),
        figure("changed", tally.changed, "items", "0"),
        figure("claimed", sum(each.truth.claimed for each in every), "states", "0"),
        figure("lost", missing, "entries", "0"),
    ]


def main() -> None:
    """Kill, judge and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    chosen = parser.parse_args()
    say(f"seed {chosen.seed}")
    chance = random.Random(chosen.seed)
    count = chosen.kills or 220
    points = (
        list(SHORT)
        if chosen.short
        else [POINTS[n // 2 % len(POINTS)] if n % 2 else RANDOM for n in range(count)]
    )
    app = QApplication(ARGUMENTS)
    app.setQuitOnLastWindowClosed(False)
    with workspace(chosen.folder) as folder:
        began = time.monotonic()
        venue = prepare(folder, 4, released=True)
        begin_load()
        slowness = time.monotonic() - began
        report(*measure(app, venue, points, chance, 25.0 + 3 * slowness))


if __name__ == "__main__":
    main()
