"""Every benchmark runs: its short form ends well and prints its figures, nothing is lost in it.

Speed is judged loosely (five times and more slack): a shared machine says nothing about it. The
figures that count come from the long forms (docs/performance.md).
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.secret_search import may_search
from tests.benchmarks.trace_reading import can_trace

pytestmark = pytest.mark.timeout(900)

HERE = Path(__file__).parent
AT_ONCE = 2
LIMIT_S = 300
# The longest first, so that the two lines of work end together.
SCRIPTS = (
    "flood",
    "lan",
    "renderers",
    "kills",
    "power",
    "disks",
    "kills_saves",
    "saves",
    "secrecy",
    "release",
    "restart",
    "storm",
    "pressure",
    "pressure_delivery",
    "delivery",
    "intake",
    "fuzz_papers",
    "item_switch",
    "scale",
)


@dataclass(frozen=True)
class Figure:
    """A line of ``figure: name, value, unit, ratio, target``."""

    value: float
    unit: str
    ratio: float | None
    target: str


def run(name: str) -> dict[str, Figure]:
    """Run one short form; its figures by name."""
    ended = subprocess.run(
        [sys.executable, str(HERE / f"{name}.py"), "--short"],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert ended.returncode == 0, f"{name}: {ended.stderr[-2000:]}"
    lines = ended.stdout.splitlines()
    assert lines[-1].startswith("figure: "), "the figure comes last"
    return dict(map(parse, (line for line in lines if line.startswith("figure: "))))


def parse(line: str) -> tuple[str, Figure]:
    """Read a figure's line; the name may hold commas, the rest may not."""
    name, value, unit, ratio, target = line.removeprefix("figure: ").rsplit(", ", 4)
    found = None if ratio == "-" else float(ratio)
    return name, Figure(float(value), unit, found, target)


@pytest.fixture(scope="module")
def forms() -> Iterator[dict[str, "Future[dict[str, Figure]]"]]:
    """All short forms under way, two at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(run, name) for name in SCRIPTS if name != "power" or can_trace()}


def named(figures: dict[str, Figure], begin: str) -> Figure:
    """The one figure whose name begins so."""
    found = [figure for name, figure in figures.items() if name.startswith(begin)]
    assert len(found) == 1, (begin, list(figures))
    return found[0]


def test_r1_kills_lose_nothing_and_claim_nothing(
    forms: dict[str, "Future[dict[str, Figure]]"],
) -> None:
    """Twenty deaths in a whole day; what stations showed is what headquarters opened."""
    figures = forms["kills"].result()
    assert named(figures, "R1 kills").value >= 20
    assert named(figures, "R1 named points").value >= 17
    assert named(figures, "R1 acknowledged").value > 100
    for count in ("R1 lost", "R1 duplicated", "R1 claimed", "R1 heads that differ"):
        assert named(figures, count).value == 0


def test_r4_a_lan_in_every_bad_state(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Real stations over packets that are lost (or connections, without the right to make them)."""
    figures = forms["lan"].result()
    assert named(figures, "R4 answers acknowledged").value > 20
    for count in ("R4 lost", "R4 stored and never", "R4 not sent", "R4 taken after", "R4 not lock"):
        assert named(figures, count).value == 0, count


def test_r1_kills_under_the_most_saves(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Acknowledged is stored, in both copies, once."""
    figures = forms["kills_saves"].result()
    assert named(figures, "R1 acknowledged").value > 0
    for count in ("R1 lost", "R1 duplicated", "R1 claimed"):
        assert named(figures, count).value == 0


def test_r1_renderers_that_die_lose_nothing_and_claim_nothing(
    forms: dict[str, "Future[dict[str, Figure]]"],
) -> None:
    """The station's page dies under typing, is hung and dies again and again over the end."""
    figures = forms["renderers"].result()
    assert named(figures, "R1 renderers killed").value >= 5
    assert named(figures, "R1 renderers named points").value >= 7
    assert named(figures, "R1 renderers entries journalled").value > 10
    assert named(figures, "R1 renderers states shown as saved").value > 10
    assert named(figures, "R1 renderers most page loads").value <= 3
    for count in ("not locked", "changed", "claimed", "lost"):
        assert named(figures, f"R1 renderers {count}").value == 0, count


def test_r2_power_cuts_lose_nothing(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Whatever was not synced is thrown away or torn; every claim is there, everything recovers."""
    if "power" not in forms:
        pytest.skip("no strace, or it may not trace; test_responses.py has a form without")
    figures = forms["power"].result()
    assert named(figures, "R2 moments").value > 10
    assert named(figures, "R2 claims").value > 50
    assert named(figures, "R2 lost").value == 0
    assert named(figures, "R2 states that do not").value == 0
    half_done = named(figures, "R2 wipings half done").value
    assert 0 < half_done == named(figures, "R2 wipings ended").value
    assert named(figures, "R2 states with a certificate").value > 0


def test_r9_attacks_get_nobody_in_and_nobody_out(
    forms: dict[str, "Future[dict[str, Figure]]"],
) -> None:
    """Every attack is made; what it costs the others is measured by the long form."""
    figures = forms["flood"].result()
    assert named(figures, "R9 attackers that got in").value == 0
    assert named(figures, "R9 stations that lost").value == 0
    beside = [figure.value for name, figure in figures.items() if name.startswith("R9 p99")]
    assert len(beside) == 8
    assert max(beside) < 10_000


def test_r11_saves_go_on_under_pressure(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Processor, disk and network are pressed; every save is acknowledged all the same."""
    figures = forms["pressure"].result()
    assert named(figures, "R11 saves acknowledged").value > 50
    assert named(figures, "R11 saves that were never").value == 0
    assert named(figures, "R11 stations that lost").value == 0
    beside = [figure.value for name, figure in figures.items() if name.startswith("R11 p99")]
    assert len(beside) == 5
    assert max(beside) < 30_000


def test_r11_a_delivery_costs_no_station_its_line(
    forms: dict[str, "Future[dict[str, Figure]]"],
) -> None:
    """With the pace and without: each way runs to its end."""
    delivered = forms["pressure_delivery"].result()
    assert named(delivered, "R11 stations that lost").value == 0
    assert named(delivered, "R11 delivery beside saves, paced").value > 0


def test_r3_failing_disks_lose_nothing_and_claim_nothing(
    forms: dict[str, "Future[dict[str, Figure]]"],
) -> None:
    """Both disks, hanging and refusing: acknowledged is stored; without the primary nothing is."""
    figures = forms["disks"].result()
    assert named(figures, "R3 acknowledged over").value > 0
    for count in ("R3 lost", "R3 claimed", "R3 acknowledged without"):
        assert named(figures, count).value == 0
    assert named(figures, "R3 longest fault to alarm").value < 20, "3.7 s are the product's own"


def test_p3_p4_saves(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Thirty stations save and are acknowledged; the script compares every head."""
    figures = forms["saves"].result()
    assert named(figures, "P3").value > 100
    assert named(figures, "P4 save p99, 30 stations, one each 5 s").value < 1000


def test_p1_p2_release(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Every station opens its own key; the script compares them."""
    figures = forms["release"].result()
    assert named(figures, "P1 release to last key").value < 2000
    assert named(figures, "P2 start skew").value < 250


def test_p4_p5_storm(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Everybody is back; saves beside a storm and a delivery are all acknowledged."""
    figures = forms["storm"].result()
    assert named(figures, "P5 server CPU per return").value < 200
    assert named(figures, "save longest while half the stations come back").value < 10_000
    assert named(figures, "save longest while a paper").value < 10_000


def test_p9_restart(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """After a kill every chain goes on where it was."""
    assert named(forms["restart"].result(), "P9 restart with").value < 50


def test_p6_delivery(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Every byte arrives; the script compares them."""
    assert named(forms["delivery"].result(), "P6").value > 50


def test_p7_intake(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Two primary fragments missing, the ciphertext verified, memory far below the paper's."""
    figures = forms["intake"].result()
    assert named(figures, "P7 intake").value > 10
    assert named(figures, "P7 memory").value < 200


def test_p8_item_switch(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Every item is painted."""
    figures = forms["item_switch"].result()
    assert named(figures, "P8 key to first item").value < 5000
    assert named(figures, "P8 item switch").value < 1000


def test_r7_secrecy(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Memory, disk, logs, arguments of a real venue before and after the release."""
    if not may_search():
        assert os.geteuid() != 0, "root must be able to look"
        pytest.skip("this user may not read the memory of processes")
    figures = forms["secrecy"].result()
    found = {name: figure.value for name, figure in figures.items() if figure.target == "0"}
    assert len(found) >= 7
    assert set(found.values()) == {0}, found
    assert named(figures, "R7 control").value > 0
    assert named(figures, "R7 memory searched").value > 100


def test_r6_fuzzed_papers(forms: dict[str, "Future[dict[str, Figure]]"]) -> None:
    """Every bit of a manifest, and mutated documents and fragments: refused, and nothing raised."""
    figures = forms["fuzz_papers"].result()
    assert named(figures, "R6 findings").value == 0
    assert named(figures, "R6 bits of a manifest turned").value > 15_000
    assert named(figures, "R6 fuzzed documents").value > 1000


def test_l09_uploads_of_a_whole_examination(
    forms: dict[str, "Future[dict[str, Figure]]"],
) -> None:
    """Simulated, so the figures are exact: same seed, same numbers on every machine.

    After an outage the product's venues come back spread out, below what the server can answer, and
    are done sooner than without jitter or with a fixed pause; so they are when all end at once.
    """
    figures = forms["scale"].result()
    for scene in ("at one instant", "after 30 min without server"):
        for other in ("no jitter", "fixed 60 s"):
            slower = figures[f"L09 99 % against product {scene}, {other}"]
            assert slower.value > 1.2, (scene, other)
    peak = figures["L09 busiest second after 30 min without server, product"]
    assert peak.ratio is not None and peak.ratio < 0.2
    naive = figures["L09 busiest second after 30 min without server, no jitter"]
    assert naive.ratio is not None and naive.ratio > 1, "the comparison shows what jitter is for"
    asked = figures["L09 retries a venue at one instant, product, server asks for 60 s"]
    alone = figures["L09 retries a venue at one instant, product"]
    assert asked.value < alone.value, "what the server asks for spares it attempts"
    told = figures["L09 receipts asked a venue at one instant, product, 5 opened a second"]
    soon = "product, 5 opened a second, receipt told in a second"
    vague = figures[f"L09 receipts asked a venue at one instant, {soon}"]
    assert told.value < 5 < vague.value < 60, "a queue that says when is hardly asked"
    busiest = figures[f"L09 receipts busiest second at one instant, {soon}"]
    assert busiest.value < 100, "of 500 venues; every one of them once a second would be 500"
    probed = figures["E03 probes busiest second"]
    assert probed.ratio is not None and probed.ratio < 1, "less than the token itself is asked for"
