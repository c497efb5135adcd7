"""Media whose plays are counted: limits hold across items, renderers and stations (H04, H10)."""

import os
import signal
from importlib.resources import files

import pytest
from PySide6.QtCore import Qt

from candidate_station.paper import OpenPaper

MEDIA = files("candidate_station.inspection") / "calibration_paper" / "media"
PLAYING = "!document.querySelector('audio, video').paused"
STATUS = "document.querySelector('.kd-media .kd-told').textContent"
BUTTON = "document.querySelector('.kd-play')"


def _item(attributes: str, inside: str = '<audio src="media/tone.mp3"></audio>'):
    body = (
        f'<qti-media-interaction response-identifier="R" {attributes}>'
        f"<qti-prompt>听录音。</qti-prompt>{inside}</qti-media-interaction>"
    )
    return body, [("R", "media", "single", "integer")], []


ITEMS = {
    "once": _item('autostart="false" max-plays="1"'),
    "twice": _item('autostart="false" max-plays="2" min-plays="1"'),
    "free": _item('autostart="false"', '<audio src="media/tone.opus"></audio>'),
    "film": _item('autostart="false" max-plays="3"', '<video src="media/film.webm"></video>'),
    "starts": _item('autostart="true" max-plays="2"'),
    "loops": _item('autostart="true" loop="true" max-plays="2"'),
    "broken": _item('autostart="false" max-plays="1"', '<audio src="media/broken.mp3"></audio>'),
    "other": ("<p>另一题</p>", [], []),
}


@pytest.fixture(scope="module")
def paper(make_paper) -> OpenPaper:
    media = {f"media/{path.name}": path.read_bytes() for path in MEDIA.iterdir()}
    return make_paper(ITEMS, {**media, "media/broken.mp3": b"no sound at all" * 50})


def _ended(driver) -> None:
    driver.qtbot.waitUntil(
        lambda: driver.js("document.querySelector('audio, video').ended"), timeout=15_000
    )


def test_a_play_counts_from_its_first_sound_and_only_once(driver):
    driver.show("twice")
    assert driver.js(STATUS) == "还可播放 2 次，至少播放 1 次"
    driver.click(".kd-play")
    driver.wait_values({"R": ["1"]})
    assert driver.js(STATUS) == "还可播放 1 次"
    driver.click(".kd-play")
    driver.wait_js(f"!({PLAYING})")
    driver.wait_js(f"{BUTTON}.textContent.includes('继续播放')")
    driver.click(".kd-play")
    driver.wait_js(PLAYING)
    _ended(driver)
    assert driver.js("JSON.parse(kaodian.state()).values") == {"R": ["1"]}


def test_the_last_play_is_the_last(driver):
    driver.show("once")
    driver.focus()
    driver.key(Qt.Key.Key_Space)
    driver.wait_values({"R": ["1"]})
    _ended(driver)
    driver.wait_js(f"{BUTTON}.disabled")
    assert driver.js(STATUS) == "播放次数已用完"
    driver.click(".kd-play")
    assert not driver.js(PLAYING)
    assert driver.answers[-1][1] == {"R": ["1"]}


def test_there_is_no_seeking_where_plays_are_limited(driver):
    driver.show("once")
    assert driver.js("document.querySelector('.kd-seek').tagName") == "PROGRESS"
    assert not driver.js("document.querySelector('audio').controls")
    driver.show("free")
    assert driver.js("document.querySelector('.kd-seek').tagName") == "INPUT"


def test_h10_a_station_that_starts_again_gives_no_play_back(driver):
    driver.show("once", {"R": ["1"]})
    driver.wait_js(f"{BUTTON}.disabled")
    assert driver.js("JSON.parse(kaodian.state()).values") == {"R": ["1"]}


def test_h10_leaving_and_coming_back_goes_on_with_the_same_play(driver):
    driver.show("once")
    driver.click(".kd-play")
    driver.wait_values({"R": ["1"]})
    driver.wait_js("document.querySelector('audio').currentTime > 0.4")
    driver.js("void (globalThis.left = document.querySelector('audio'))")
    driver.show("other")
    driver.wait_js("globalThis.left.paused")
    driver.show("once", {"R": ["1"]})
    assert driver.js(f"{BUTTON}.textContent") == "▶ 继续播放"
    assert driver.js("document.querySelector('audio').currentTime") > 0.2
    driver.click(".kd-play")
    _ended(driver)
    driver.wait_js(f"{BUTTON}.disabled")
    assert driver.answers[-1][1] == {"R": ["1"]}


def test_h10_a_renderer_that_dies_keeps_count_and_place(driver):
    driver.show("film")
    driver.wait_js("document.querySelector('video').readyState > 0")  # now nothing moves any more
    driver.click(".kd-play")
    driver.wait_values({"R": ["1"]})
    driver.qtbot.waitUntil(
        lambda: driver.view._drafts.by_item["film"].places.get("R", 0) > 0.4, timeout=5000
    )
    with driver.qtbot.waitSignal(driver.view.painted, timeout=20_000):
        os.kill(driver.view.renderer_pid(), signal.SIGKILL)
    assert driver.js("JSON.parse(kaodian.state()).values") == {"R": ["1"]}
    driver.wait_js("document.querySelector('video').currentTime > 0.4")
    assert driver.js(f"{BUTTON}.textContent") == "▶ 继续播放"


def test_autostart_begins_by_itself_and_not_again(driver):
    driver.show("starts")
    driver.wait_values({"R": ["1"]})
    driver.show("other")
    driver.show("starts", {"R": ["1"]})
    assert not driver.js(PLAYING)


def test_autostart_waits_while_frozen(driver):
    driver.view.set_frozen(True)
    driver.show("starts")
    assert not driver.js(PLAYING) and driver.answers == []
    driver.view.set_frozen(False)
    driver.wait_values({"R": ["1"]})


def test_freezing_stops_the_sound_and_thawing_gives_it_back(driver):
    driver.show("once")
    driver.click(".kd-play")
    driver.wait_values({"R": ["1"]})
    driver.view.set_frozen(True)
    driver.wait_js(f"!({PLAYING})")
    driver.view.set_frozen(False)
    driver.wait_js("!document.querySelector('.kd-media').inert")
    driver.click(".kd-play")
    driver.wait_js(PLAYING)
    assert driver.answers[-1][1] == {"R": ["1"]}


def test_a_loop_counts_each_round_and_ends_at_the_limit(driver):
    driver.show("loops")
    driver.qtbot.waitUntil(
        lambda: bool(driver.answers) and driver.answers[-1][1] == {"R": ["2"]}, timeout=20_000
    )
    _ended(driver)
    driver.wait_js(f"{BUTTON}.disabled")


def test_a_medium_that_cannot_be_played_says_so_and_costs_no_play(driver):
    driver.show("broken")
    driver.wait_js(f"{STATUS}.includes('无法播放')")
    assert driver.js("JSON.parse(kaodian.state()).values") == {"R": []}
    assert driver.answers == []


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("item", ["once", "free", "film"])
def test_h05_the_player_clips_nothing(driver, item, percent):
    driver.view.resize(900, 700)
    driver.view.set_zoom(percent)
    driver.show(item)
    driver.wait_js(f"Math.round(devicePixelRatio * 100) === {percent}")
    assert driver.js(
        "[...document.querySelectorAll('.kd-pane, .kd-deck, .kd-play')]"
        ".every(part => part.scrollWidth <= part.clientWidth + 1)"
    )
    assert driver.violations == []
