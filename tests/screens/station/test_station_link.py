"""The bridge between the two threads, and what is shown and told of an item."""

import asyncio
import logging
import threading
from dataclasses import replace

import pytest

from candidate_station.link.bridge import StationBridge
from candidate_station.link.item_presenter import ItemPresenter, flush_due
from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import Look
from candidate_station.session.intents import AgreeRules, ChangeAnswer, MarkText
from candidate_station.session.screen_state import Screen, ScreenState


class FakeDriver:
    """Records which thread calls it; ``run`` lasts until ``stop``."""

    def __init__(self, on_state, dies=False):
        self._on_state, self._dies = on_state, dies
        self.heard: list[tuple[object, int]] = []
        self.cleaned_up = False

    async def run(self):
        self._stopped = asyncio.Event()
        self._on_state(ScreenState(screen=Screen.WAITING))
        if self._dies:
            raise RuntimeError("a bug")
        await self._stopped.wait()
        await asyncio.to_thread(lambda: None)
        self.cleaned_up = True

    def post(self, intent):
        self.heard.append((intent, threading.get_ident()))
        self._on_state(ScreenState(screen=Screen.LOGIN))

    def observe(self, word, true_now):
        self.heard.append(((word, true_now), threading.get_ident()))

    def stop(self):
        self._stopped.set()


@pytest.fixture
def bridge(qapp):
    return StationBridge()


def test_states_arrive_in_the_gui_thread_and_intents_in_the_loops(qtbot, bridge):
    driver = FakeDriver(bridge.state.emit)
    here: list[int] = []
    bridge.state.connect(lambda _state: here.append(threading.get_ident()))
    with qtbot.waitSignal(bridge.state) as first:
        bridge.start(driver)
    assert first.args[0].screen is Screen.WAITING
    with qtbot.waitSignal(bridge.state):
        bridge.post(AgreeRules())
    bridge.observe("FOCUS_LOST", True)
    assert bridge.stop()
    assert [what for what, _ in driver.heard] == [AgreeRules(), ("FOCUS_LOST", True)]
    assert threading.get_ident() not in {thread for _, thread in driver.heard}
    assert set(here) == {threading.get_ident()}
    assert driver.cleaned_up


def test_v09_an_observation_is_logged_even_when_nobody_takes_it(bridge, caplog):
    with caplog.at_level(logging.WARNING):
        bridge.observe("FOCUS_LOST", True)
    assert bridge.stop()
    assert "observed: FOCUS_LOST began" in caplog.text


def test_stop_without_start_and_intents_after_the_end_are_harmless(qtbot, bridge):
    other = StationBridge()
    assert other.stop()
    driver = FakeDriver(bridge.state.emit)
    with qtbot.waitSignal(bridge.state):
        bridge.start(driver)
    assert bridge.stop()
    bridge.post(AgreeRules())
    assert driver.heard == []


def test_a_dead_driver_is_reported_and_logged(qtbot, bridge, caplog):
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(bridge.failed):
        bridge.start(FakeDriver(bridge.state.emit, dies=True))
    assert bridge.stop()
    assert "the station's driver died" in caplog.text


# ---- the item area -------------------------------------------------------------------------


class FakePaper:
    def __init__(self, closed=False):
        self._closed = closed

    def item(self, item_id, sitting_id):
        if self._closed:
            raise KeyError(item_id)
        return (item_id, sitting_id)


class FakeArea:
    def __init__(self):
        self.calls: list[tuple[object, ...]] = []

    def __getattr__(self, name):
        return lambda *args: self.calls.append((name, *args))

    def names(self):
        return [call[0] for call in self.calls]


class FakeSource:
    def __init__(self, paper):
        self.paper = paper
        self.sitting_id = "S-1"

    def values(self, item_id):
        return {"RESPONSE": [f"of {item_id}"]}

    def marks(self, item_id):
        return ["2-4"] if item_id == "item-25" else []


@pytest.fixture
def area():
    return FakeArea()


@pytest.fixture
def source():
    return FakeSource(FakePaper())


@pytest.fixture
def presenter(qapp, area, source):
    return ItemPresenter(area, source)


def test_h10_the_item_is_shown_once_with_its_present_values(presenter, area, source, states):
    presenter.show_state(states["answer"])
    presenter.show_state(states["answer"])
    assert area.calls == [
        ("set_paper", source.paper),
        ("show_item", ("item-23", "S-1"), {"RESPONSE": ["of item-23"]}),
    ]
    presenter.show_state(replace(states["answer"], item_id="item-24"))
    assert area.calls[-1] == (
        "show_item", ("item-24", "S-1"), {"RESPONSE": ["of item-24"]},
    )  # fmt: skip


def test_h05_h10_an_items_marks_come_back_with_it(presenter, area, states):
    presenter.show_state(replace(states["answer"], item_id="item-25"))
    assert area.names()[-2:] == ["set_marks", "show_item"]
    assert area.calls[-2] == ("set_marks", "item-25", ["2-4"])
    told = []
    presenter.intent.connect(told.append)
    presenter.marked("item-25", ["2-4", "6-9"])
    assert told == [MarkText("item-25", ("2-4", "6-9"))]


@pytest.mark.parametrize("page", ["countdown", "waiting", "submitting", "receipt", "blocked"])
def test_g12_no_page_but_answering_holds_the_paper(presenter, area, states, page):
    presenter.show_state(states[page])
    assert "show_item" not in area.names()
    presenter.show_state(states["answer"])
    presenter.show_state(states[page])
    assert area.calls[-1] == ("set_paper", None) or ("set_paper", None) in area.calls


def test_f16_suspended_what_was_typed_is_told_and_then_the_paper_goes(presenter, area, states):
    presenter.show_state(states["answer"])
    presenter.show_state(states["suspended"])
    assert area.calls[-2][0] == "flush" and area.calls[-1] == ("set_frozen", True)
    then = area.calls[-2][1]
    then()
    assert area.calls[-1] == ("set_paper", None)
    presenter.show_state(states["suspended"])
    assert area.names().count("flush") == 1
    presenter.show_state(states["answer"])
    assert area.names()[-3:] == ["set_paper", "show_item", "set_frozen"]


def test_f16_a_suspension_over_before_the_page_answered_changes_nothing(presenter, area, states):
    presenter.show_state(states["answer"])
    presenter.show_state(states["suspended"])
    then = next(call[1] for call in area.calls if call[0] == "flush")
    presenter.show_state(states["answer"])
    then()
    assert ("set_paper", None) not in area.calls


def test_g12_locked_input_is_frozen_and_thawed(presenter, area, states):
    presenter.show_state(replace(states["answer"], input_locked=True))
    presenter.show_state(replace(states["confirm_submit"], input_locked=True))
    presenter.show_state(states["answer"])
    assert [c for c in area.calls if c[0] == "set_frozen"] == [
        ("set_frozen", True),
        ("set_frozen", False),
    ]


def test_a_paper_closed_in_this_instant_is_no_crash(qapp, area, states):
    presenter = ItemPresenter(area, FakeSource(FakePaper(closed=True)))
    presenter.show_state(states["answer"])
    assert area.names() == ["set_paper"]


def test_answers_become_intents(presenter):
    told: list[object] = []
    presenter.intent.connect(told.append)
    presenter.answered("item-1", {"R": ["A"]}, {"R": ["A", "B"]})
    assert told == [ChangeAnswer("item-1", {"R": ["A"]}, {"R": ["A", "B"]})]


def test_leaving_and_the_look_reach_the_area(presenter, area):
    presenter.leaving()
    presenter.show_look(Look(Scheme.DARK, 150))
    assert area.calls == [("flush",), ("set_zoom", 150), ("set_scheme", "dark")]


def test_g09_what_is_typed_is_flushed_before_the_lock(presenter, area, states):
    for left in (10, 9, 8):
        presenter.show_state(replace(states["answer"], remaining_s=left))
    assert "flush" not in area.names()
    for left in (4, 3, 2, 1):
        presenter.show_state(replace(states["answer"], remaining_s=left))
    assert area.names().count("flush") == 4


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        (None, 3600, False),
        (None, 4, True),
        (10, 9, False),
        (5, 4, True),
        (2, 1, True),
        (1, 0, False),
        (180, 120, True),  # sixty exam seconds a second
        (600, 540, False),
        (100, 700, False),  # time was added
    ],
)
def test_g09_flush_due_knows_compressed_time(before, now, due):
    assert flush_due(before, now) is due
