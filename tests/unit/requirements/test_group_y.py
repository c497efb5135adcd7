"""Group Y, similar responses: the whole group's law in one table.

The venue judges nothing (Y01); it hands over the facts. ``TABLE`` asks the pure rules; ``EXTRACT``
what is gathered of a session; ``BUNDLE`` what headquarters reads after opening the sealed file.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.sitting import conftest as sitting_kit
from tests.unit.sitting import test_records_rules as rules_kit
from tests.unit.upload import conftest as upload_kit
from tests.unit.upload.test_upload_timeline import entry
from venue_server.gateway.day_extract import DayExtract
from venue_server.ledger.catalogue import Event
from venue_server.records.export import LedgerIndex, log_ins
from venue_server.records.points import PointAnswer, record_points
from venue_server.records.statistics import Statistics, added, share_warning
from venue_server.records.violations import observing
from venue_server.records.violations.rules import share_too_high
from venue_server.upload.bundle import Sealer, seal_bundle
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.upload.timeline import timeline
from venue_server.wire import hpke
from venue_server.wire.canonical import b64
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.names import DataState
from venue_server.wire.remarks import RemarkCode
from venue_server.wire.signed import public_keys
from venue_server.wire.violations import ViolationFacts, ViolationView

clock, hq, make_venue = sitting_kit.clock, sitting_kit.hq, sitting_kit.make_venue
venue = sitting_kit.venue
headquarters, kit, world = upload_kit.headquarters, upload_kit.kit, upload_kit.world


# ---- the pure rules ----------------------------------------------------------------------

EXAM = [
    entry(1, "open", "", 1_000),
    entry(2, "visit", "I1", 1_000),
    entry(3, "response", "I1", 4_000, "a"),
    entry(4, "visit", "I2", 10_000),
    entry(5, "visit", "I1", 15_000),
    entry(6, "response", "I1", 16_000, "b"),
    entry(7, "submit", "", 20_000),
]
"""I1 for nine seconds, I2 for five, I1 for five more; I1 answered a, then b; I2 never."""


def item(number: int, name: str) -> Callable[[], object]:
    return lambda: timeline(EXAM)[number][name]


def changes() -> list[tuple[int, list[str], int]]:
    """When, which canonical option, at which displayed place (the options stood c, a, b)."""
    told = timeline(EXAM)[0]["changes"]
    return [
        (
            each["at_ms"],
            each["values"]["RESPONSE"],
            each["displayed"]["RESPONSE"].index(each["values"]["RESPONSE"][0]),
        )
        for each in told
    ]


LOG = [
    rules_kit.entry(1, Event.LOGGED_IN, ticket="T1", sitting="s1.T1") | {"actor": "m1"},
    rules_kit.entry(2, Event.LOGGED_IN, ticket="T2", sitting="s1.T2") | {"actor": "m2"},
    rules_kit.entry(3, Event.STATION_DOWN, why="silent") | {"actor": "m1"},
    rules_kit.entry(4, Event.LOGGED_IN, ticket="T1", sitting="s1.T1") | {"actor": "m3"},
    rules_kit.entry(5, Event.LOGGED_IN, ticket="T1", sitting="s1.T1") | {"actor": "m3"},
]
"""T1 sat at m1, which fell silent, then at m3, where they logged in twice."""


def told(*names: str) -> Callable[[], list[int]]:
    return lambda: [each["seq"] for each in LedgerIndex(LOG).about(*names)]


def warned(violations: int, present: int, percent: int, room: str = "R1") -> Callable[[], object]:
    """What stands beside the counts of a room: the code and the share, or None."""

    def ask() -> object:
        row = Statistics(room, present, present, present, 0, present, 0, 0, 0, 0, violations)
        said = share_warning(row if room else added([row]), percent)
        return (said.code, said.args["percent"]) if said else None

    return ask


def recorded(number: int, room: str = "R1", withdrawn_at_ms: int = 0) -> ViolationView:
    sitting = f"s1.{number}"
    facts = ViolationFacts(facts="手机")
    return ViolationView(
        "V",
        "O31-6-3",
        "s1",
        room,
        "",
        sitting,
        "",
        "",
        5,
        "",
        facts,
        withdrawn_at_ms=withdrawn_at_ms,
    )


def rooms(*violations: ViolationView) -> Callable[[], dict[str, tuple[int, int]]]:
    """Rooms with an alarm at 30 per cent; ten are present in R1 and three in R2."""
    present = {f"s1.{number}": "R1" if number < 10 else "R2" for number in range(13)}
    return lambda: observing.high_shares(violations, present, 30)


def points(caught: int, present: int, answered: str = "") -> Callable[[], list[tuple[str, bool]]]:
    """What a room's record asks about ``caught`` violators at 30 per cent, and whether somebody
    answered it; violator 0 has two violations."""
    there = [rules_kit.sitting(number, "R1", present=True) for number in range(present)]
    lines = [
        RecordLine(RecordField.VIOLATIONS, 1, "…", violator=one.ticket_no)
        for one in [there[0], *there[:caught]]
    ]
    said = [PointAnswer(answered, "16:40 已报总部", "c", "主考", 1)] if answered else []
    found = record_points(there, {}, lines, said, 30)
    return lambda: [
        (each.point, each.answer is not None)
        for each in found
        if each.about.code is RemarkCode.VIOLATION_SHARE
    ]


THREE = [recorded(0), recorded(1), recorded(2)]
MANY = RemarkCode.MANY_VIOLATIONS
TABLE = [
    Row(
        "Y05",
        "items in the order they were met",
        lambda: [r["item_id"] for r in timeline(EXAM)],
        ["I1", "I2"],
    ),
    Row("Y05", "first seen", item(1, "first_seen_ms"), 10_000),
    Row("Y05", "first answer", item(0, "first_answer_ms"), 4_000),
    Row("Y05", "last answer", item(0, "final_answer_ms"), 16_000),
    Row("Y05", "an item never answered", item(1, "final_answer_ms"), None),
    Row("Y05", "looked at twice", item(0, "visits"), 2),
    Row("Y05", "how long in all", item(0, "dwell_ms"), 14_000),
    Row("Y05", "how long until the next item", item(1, "dwell_ms"), 5_000),
    Row(
        "Y05",
        "every change with option and displayed place",
        changes,
        [(4_000, ["a"], 1), (16_000, ["b"], 2)],
    ),
    Row(
        "Y05",
        "what the ledger tells of T1 and their machines",
        told("s1.T1", "T1", "m1"),
        [1, 3, 4, 5],
    ),
    Row("Y05", "and of T2", told("s1.T2", "T2", "m2"), [2]),
    Row("Y05", "and of nobody", told("", "T9"), []),
    Row(
        "Y05",
        "at which machines T1 sat",
        lambda: [each["machine_id"] for each in log_ins(LOG)["T1"]],
        ["m1", "m3"],
    ),
    Row("Y06", "no violation in an empty room", lambda: share_too_high(0, 0, 1), False),
    Row("Y06", "two of ten at 30 per cent", warned(2, 10, 30), None),
    Row("Y06", "three of ten", warned(3, 10, 30), (MANY, "30")),
    Row("Y06", "59 of 100 at 60 per cent", warned(59, 100, 60), None),
    Row("Y06", "60 of 100", warned(60, 100, 60), (MANY, "60")),
    Row("Y06", "none at one per cent", warned(0, 10, 1), None),
    Row("Y06", "all at a hundred", warned(1, 1, 100), (MANY, "100")),
    Row("Y06", "the whole session is no room", warned(9, 10, 30, room=""), None),
    Row("Y06", "an alarm at three of ten", rooms(*THREE), {"R1": (3, 10)}),
    Row("Y06", "none at two, one of them twice", rooms(*THREE[:2], recorded(0)), {}),
    Row("Y06", "a withdrawn one does not count", rooms(*THREE[:2], recorded(2, "R1", 7)), {}),
    Row("Y06", "nor does somebody who is absent", rooms(*THREE[:2], recorded(99)), {}),
    Row(
        "Y06",
        "each room by itself",
        rooms(*THREE, recorded(11, "R2")),
        {"R1": (3, 10), "R2": (1, 3)},
    ),
    Row(
        "Y06",
        "three of ten: the room's record asks when and to whom it was reported",
        points(3, 10),
        [("VIOLATION_SHARE:3/10", False)],
    ),
    Row("Y06", "two of ten: nothing is asked", points(2, 10), []),
    Row(
        "Y06",
        "reported, and written down",
        points(3, 10, "VIOLATION_SHARE:3/10"),
        [("VIOLATION_SHARE:3/10", True)],
    ),
    Row(
        "Y06",
        "one more since: that answer is no answer",
        points(4, 10, "VIOLATION_SHARE:3/10"),
        [("VIOLATION_SHARE:4/10", False)],
    ),
]


# ---- what is gathered, and what arrives --------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """One line: what stands in the facts about the first candidate (or another)."""

    number: str
    situation: str
    outcome: Callable[[Any], object]
    expected: object

    def __str__(self) -> str:
        return f"{self.number} {self.situation}"


def seats_beside(seat: str) -> Callable[[Any], object]:
    return lambda extract: next(one.neighbours for one in extract.sittings if one.seat_no == seat)


def events(extract: Any) -> set[str]:
    return {each["event"] for each in extract.events_of(extract.sittings[0])}


EXTRACT = [
    Fact("Y05", "at the end of a row", seats_beside("01"), ["02"]),
    Fact("Y05", "between two", seats_beside("02"), ["01", "03"]),
    Fact("Y05", "the next place belongs to another room", seats_beside("03"), ["02"]),
    Fact("Y05", "everybody, absent or not", lambda extract: len(extract.sittings), 5),
    Fact(
        "Y05",
        "swaps with their reason",
        lambda extract: extract.sittings[0].swaps[0]["reason"],
        "主机故障",
    ),
    Fact(
        "Y05",
        "when they came, logged in and began",
        lambda extract: (
            events(extract)
            >= {Event.ADMITTED.value, Event.LOGGED_IN.value, Event.PAPER_OPENED.value}
        ),
        True,
    ),
]
BUNDLE = [
    Fact("Y05", "seat", lambda one: one.row["seat_no"], "01"),
    Fact("Y05", "station", lambda one: one.row["machine_id"], "m-1"),
    Fact("Y05", "form", lambda one: one.row["form_id"], "A"),
    Fact("Y05", "where its permutation is kept", lambda one: one.row["package_id"], "PKG"),
    Fact("Y05", "neighbours", lambda one: one.timeline["neighbours"], ["02"]),
    Fact("Y05", "items", lambda one: [i["item_id"] for i in one.timeline["items"]], ["I1"]),
    Fact("Y05", "events", lambda one: one.timeline["events"], [{"event": "station.down"}]),
    Fact("Y05", "swaps", lambda one: one.row["swaps"], [{"reason": "主机故障"}]),
    Fact("Y05", "answers", lambda one: one.answers, {"I1": {"RESPONSE": ["乙"]}}),
]


@dataclass(frozen=True)
class Swap:
    """As much of a swap as the facts carry on."""

    reason: str


@pytest.fixture
async def extract(venue: Any) -> Any:
    """What is gathered while one candidate of five is at work."""
    sitting_id = await venue.ready("01")
    await venue.start()
    await venue.open(sitting_id)
    nobody = SimpleNamespace(of_seat=lambda _room, _seat: None)
    parts = SimpleNamespace(
        venue_id="v1",
        mode=SimpleNamespace(value="REHEARSAL"),
        sittings=venue.service,
        ledger=venue.ledger,
        forms=SimpleNamespace(assignment=lambda _session: nobody, papers=lambda _session: []),
        papers=SimpleNamespace(of_session=lambda _session: []),
        reserves=SimpleNamespace(used=lambda _session: []),
        swaps=SimpleNamespace(of=lambda one: [Swap("主机故障")] if one == sitting_id else []),
    )
    gathers = DayExtract(cast(Any, parts), venue.store, cast(Any, None), cast(Any, None))
    return gathers.of_session(venue.service.session("s1"))


@pytest.fixture
def arrived(world: Any, kit: Any, tmp_path: Path) -> Any:
    """The first candidate of a bundle, as headquarters opens it."""
    signing, private = Ed25519PrivateKey.generate(), hpke.generate()
    world.add_session(DataState.BACKED_UP)
    one = kit.sitting(1, kit.chain("S1/01", [("I1", {"RESPONSE": ["乙"]})]))
    one = replace(one, package_id="PKG", swaps=({"reason": "主机故障"},))
    session = replace(world.extract([one]), events_of=lambda _one: [{"event": "station.down"}])
    sealer = Sealer(signing, private.public_raw())
    sealed = seal_bundle(tmp_path / "one.kdbundle", sealer, session, {}, kit.NOW_MS)
    keys = public_keys([b64(signing.public_key().public_bytes_raw())])
    opened = open_bundle(sealed.file, private, keys)
    assert isinstance(opened, OpenedBundle), opened
    return opened.sittings[0]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_y(row: Row) -> None:
    assert row.outcome() == row.expected


@pytest.mark.parametrize("row", EXTRACT, ids=str)
async def test_group_y_what_is_gathered(row: Fact, extract: Any) -> None:
    assert row.outcome(extract) == row.expected


@pytest.mark.parametrize("row", BUNDLE, ids=str)
def test_group_y_what_arrives(row: Fact, arrived: Any) -> None:
    assert row.outcome(arrived) == row.expected


def test_group_y_has_a_line_for_all_that_is_built() -> None:
    assert len(built("Y")) >= 2, "the register was not understood"
    assert not without_a_row("Y", TABLE)
