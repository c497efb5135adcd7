"""No answer lost, none twice, whatever order links, disks, clocks and restarts come in (H07, H08).

A station and the model of a server are driven through any interleaving that hypothesis thinks of;
then the world heals, and everything the station ever claimed to be saved must be in the server's
chain, once, unchanged and in order, under the receipt that the candidate sees.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from candidate_station.session import inputs as ins
from candidate_station.session.intents import (
    AskSubmit,
    CancelSubmit,
    ChangeAnswer,
    ConfirmSubmit,
    GoTo,
    ToggleFlag,
)
from candidate_station.session.notices import Alert
from candidate_station.session.screen_state import Screen
from venue_server.wire.names import SittingState
from venue_server.wire.station_messages import TimingChanged

TIME_CHANGES = ("credit", "credit", "revoke", "revoke", "revoke")
ITEMS = ("q1", "q2", "q3", "q4")
ACTIONS = (
    "answer",
    "answer",
    "answer",
    "visit",
    "flag",
    "serve",
    "serve",
    "hear",
    "hear",
    "append",
    "append",
    "fail",
    "open",
    "tick",
    "jump",
    "cut",
    "connect",
    "connect",
    "restart",
    "restart_landed",
    "ask",
    "confirm",
    "cancel",
)


def step(bench: Any, action: str, number: int) -> None:
    item = ITEMS[number % 4]
    match action:
        case "answer":
            bench.feed(ins.Wanted(ChangeAnswer(item, {"R": [str(number)]}, {})))
        case "visit":
            bench.feed(ins.Wanted(GoTo(item)))
        case "flag":
            bench.feed(ins.Wanted(ToggleFlag(item)))
        case "ask":
            bench.feed(ins.Wanted(AskSubmit()))
        case "confirm":
            bench.feed(ins.Wanted(ConfirmSubmit()))
        case "cancel":
            bench.feed(ins.Wanted(CancelSubmit()))
        case "serve" if bench.to_server:
            bench.serve_one()
        case "hear" if bench.to_station:
            bench.hear_one()
        case "append" if bench.appends:
            bench.finish_append()
        case "fail" if bench.appends:
            bench.disk_full = True
            bench.finish_append()
            bench.disk_full = False
        case "open" if bench.opening:
            bench.finish_opening()
        case "tick":
            bench.tick(number % 8)
        case "jump":
            bench.tick(number % 1500)
        case "cut" if bench.up:
            bench.cut()
        case "connect" if not bench.up:
            bench.connect()
        case "restart":
            bench.restart()
        case "restart_landed":
            bench.restart(last_append_lands=True)


def heal(bench: Any, until_ms: int) -> None:
    """Everything works again; run until nothing is left to do."""
    bench.auto = True
    if not bench.up:
        bench.connect()
    if bench.exam_ms() < until_ms:
        bench.at(until_ms)
    for _ in range(40):
        while bench.appends:
            bench.finish_append()
        if bench.opening:
            bench.finish_opening()
        bench.flush()
        bench.tick(3.0)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 10_000)), max_size=90))
def test_h08_no_interleaving_loses_or_doubles_an_answer(
    new_bench: Callable[[], Any], actions: list[tuple[str, int]]
) -> None:
    bench = new_bench()
    bench.to_screen(Screen.ANSWER)
    bench.auto = False
    for action, number in actions:
        step(bench, action, number)
    heal(bench, 1_800_000_000_000 + 5_400_000)
    chain = bench.server.entries
    assert bench.screen is Screen.RECEIPT
    assert bench.server.state is SittingState.SUBMITTED
    assert [entry.seq for entry in chain] == list(range(1, len(chain) + 1))
    assert bench.disk["s1"] == chain
    for seq, entry in bench.claimed.items():
        assert chain[seq - 1] == entry
    assert {receipt.head for receipt in bench.server.receipts} == {chain[-1].hash}
    assert chain[-1].kind == "submit"
    assert bench.settled == {"s1": chain[-1].hash}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 10_000)), max_size=60))
def test_f02_a_spare_station_never_costs_an_acknowledged_answer(
    new_bench: Callable[[], Any], actions: list[tuple[str, int]]
) -> None:
    """The first station dies for good after any interleaving; a spare one finishes the sitting."""
    bench = new_bench()
    bench.to_screen(Screen.ANSWER)
    bench.auto = False
    for action, number in actions:
        step(bench, action, number)
    acknowledged = list(bench.server.entries)
    spare = new_bench()
    spare.server, spare.mono_s = bench.server, bench.mono_s
    spare.server.now_ms = spare.exam_ms
    heal(spare, 1_800_000_000_000 + 5_400_000)
    assert spare.screen is Screen.RECEIPT
    assert spare.server.entries[: len(acknowledged)] == acknowledged


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from((*ACTIONS, *TIME_CHANGES)), st.integers(0, 10_000)),
        max_size=60,
    )
)
def test_i07_time_given_and_taken_back_in_any_order_costs_no_answer(
    new_bench: Callable[[], Any], actions: list[tuple[str, int]]
) -> None:
    """Whatever the station heard of it, and when: in the end it goes by the server's end, and
    every answer that it took by an end it had been told is in the chain."""
    bench = new_bench()
    bench.to_screen(Screen.ANSWER)
    sums = [0, 0]  # seconds in force, and taken back
    change_time(bench, sums, "credit", 1799)
    bench.flush()
    bench.auto = False
    for action, number in actions:
        if action in ("credit", "revoke"):
            change_time(bench, sums, action, number)
        else:
            step(bench, action, number)
    heal(bench, bench.server.timing.end_ms + 1000 * sums[1])
    chain = bench.server.entries
    assert bench.screen is Screen.RECEIPT and bench.server.state is SittingState.SUBMITTED
    assert bench.state.timing == bench.server.timing
    assert Alert.TIME_SHORTENED not in bench.machine._memory.alerts
    assert [entry.seq for entry in chain] == list(range(1, len(chain) + 1))
    for seq, entry in bench.claimed.items():
        assert chain[seq - 1] == entry


def change_time(bench: Any, sums: list[int], action: str, number: int) -> None:
    """What the server does on two people's word, by the rule of the credit's revocation."""
    times, now_ms = bench.server.timing, bench.exam_ms()
    if now_ms >= times.end_ms or bench.server.state is not SittingState.IN_PROGRESS:
        return
    if action == "credit":
        seconds = number % 1800
    else:
        most = -(-(times.end_ms - now_ms) // 1000) - 1  # the end stays ahead
        seconds = -min(number % 1800, sums[0], most)
        sums[1] -= seconds
    sums[0] += seconds
    bench.server.timing = replace(times, end_ms=times.end_ms + 1000 * seconds)
    bench.server.revoked_s = sums[1]
    if bench.up:
        bench.to_station.append(TimingChanged("s1", bench.server.timing, *sums))
