"""Group C, venue, rooms, seats and their inspection: the whole group's law in one table.

Each line asks the rule that the server itself asks; the expected value is written out.
"""

from dataclasses import replace

import msgspec
import pytest

from invigilator_app.printing.conduct_sheets import room_rules, violation_rules
from invigilator_app.printing.venue_sheets import grid, venue_map
from tests.unit.inspection import test_inspection_machine as machine
from tests.unit.inspection import test_inspection_rules as bench
from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.requirements.venue_scenes import (
    ADMIN,
    BEYOND,
    CHIEF,
    FAIL,
    I1,
    MINUTE,
    OK,
    OTHER_APP,
    WAIT,
    WARN,
    WITHIN,
    answered,
    at_the_door,
    broken,
    corrected,
    drifted,
    due_at,
    exported,
    fails_while_sealed,
    formed,
    imported,
    inspection,
    restarted,
    routed,
    sealing,
    seat_forms,
    second,
    server,
    servers,
    station,
    swap_seats,
    swapped,
    unseen,
)
from tests.unit.sitting.test_swap_rules import sitting, target
from tests.unit.test_venue_sheets import book, room
from venue_server.sitting.swapping.rules import Asked, unusable
from venue_server.staff.permissions import RULES
from venue_server.stations.inspection.catalogue import BY_ID
from venue_server.stations.inspection.rules_stations import spares_needed
from venue_server.wire.inspection_orders import SealState, StationFinding

TABLE = [
    Row("C01", "ten seats want one spare", lambda: spares_needed(10, 10), 1),
    Row("C01", "eleven want two", lambda: spares_needed(11, 10), 2),
    Row("C01", "every seat and a spare", station("STA-SEATS"), OK),
    Row("C01", "a seat without its station", station("STA-SEATS", online=False), FAIL),
    Row("C01", "the one spare is away", station("STA-SPARE", "1-S1", online=False), FAIL),
    Row("C01", "a station with one processor", station("STA-HARDWARE", facts_cpu_count=1), FAIL),
    Row("C01", "another system warns", station("STA-SYSTEM", facts_os_build="Windows"), WARN),
    Row(
        "C01",
        "all stations have a program that was not laid down",
        station("STA-APP", baseline="b" * 64),
        FAIL,
    ),
    Row("C01", "one server where one is wanted", servers(1), OK),
    Row("C01", "one server where two are wanted", servers(2), FAIL),
    Row(
        "C02",
        "an aisle stays free on the map",
        lambda: grid(room(("01", 1, 1), ("02", 2, 1), ("03", 4, 1))),
        [["01", "02", "", "03"]],
    ),
    Row(
        "C02",
        "the map tells the way",
        lambda: "东门进" in venue_map(book(room(("01", 1, 1), way="东门进"))),
        True,
    ),
    Row(
        "C02",
        "the posted rules quote their article",
        lambda: ["第三十条" in room_rules(book()), "第九条" in violation_rules(book())],
        [True, True],
    ),
    Row(
        "C02",
        "the plan's own text stands instead",
        lambda: "第三十条" in room_rules(msgspec.structs.replace(book(), room_rules="请安静。")),
        False,
    ),
    Row("C03", "room, subject, tickets, start, cut-off, first exit, end", at_the_door, [True] * 7),
    Row(
        "C04",
        "a person answers for rooms and cameras",
        lambda: [BY_ID[name].asked for name in ("ASK-ROOMS", "ASK-CAMERAS")],
        [True, True],
    ),
    Row("C05", "neighbours take turns", formed("ABABA"), []),
    Row("C05", "two side by side are named", formed("AABAB"), ["s1 R1: 01 / 02 = A"]),
    Row("C05", "somebody without a form", formed("ABAB-"), "DOC-06"),
    Row("C05", "each seat gets its own", seat_forms, ["A", "B", "A"]),
    Row(
        "C05",
        "partitions are asked about, and do not block",
        lambda: BY_ID["ASK-PARTITIONS"].mandatory,
        False,
    ),
    Row("C06", "a plan as it was signed", imported(lambda _: None), "allowed"),
    Row("C06", "two seats exchanged after the signing", imported(swap_seats), "DOC-04"),
    Row(
        "C06",
        "one of the two signatures missing",
        imported(lambda plan: plan["signatures"].pop()),
        "DOC-04",
    ),
    Row(
        "C06",
        "the same signature twice",
        imported(lambda plan: plan.update(signatures=plan["signatures"][:1] * 2)),
        "DOC-04",
    ),
    Row("C06", "another venue's plan", imported(lambda _: None, "v2"), "DOC-05"),
    Row(
        "C06",
        "no order edits a seat",
        lambda: [name for name in RULES if "Seat" in name or name.startswith("Edit")],
        ["EditRoomRecord"],
    ),
    Row("C06", "moved to a spare of the room", swapped(), "allowed"),
    Row("C06", "moved out of the room", swapped("R2"), "STF-05"),
    Row("C06", "moved without a reason", swapped(asked=Asked(" ", True)), "SWP-05"),
    Row("C06", "moved without a look at the person", swapped(asked=Asked("x", False)), "SWP-04"),
    Row(
        "C06",
        "moved to another candidate's seat",
        lambda: unusable(target("02"), "s.01", [sitting("01"), sitting("02")], []),
        "SEAT_OF_ANOTHER",
    ),
    Row("C06", "moved by one person twice", second(ADMIN, ADMIN, "SwapStation"), "STF-06"),
    Row("C06", "two invigilators alone", second(CHIEF, I1, "SwapStation"), "STF-04"),
    Row(
        "C07",
        "the drawn seat, each machine, and the violation go up",
        exported,
        ["R1", "01", ["m01", "spare"], "作弊"],
    ),
    Row("C08", "all passed", sealing(), "allowed"),
    Row("C08", "nothing was inspected", inspection(unseen), "INS-02"),
    Row("C08", "a mandatory check fails", sealing(SRV_DISK=FAIL), "INS-01"),
    Row("C08", "a mandatory check waits", sealing(STA_RESTART=WAIT), "INS-01"),
    Row("C08", "a mandatory answer says no", answered("ASK-CAMERAS", False), ["allowed", "INS-01"]),
    Row("C08", "a warning seals", sealing(STA_SYSTEM=WARN), "allowed"),
    Row("C08", "what need not pass may fail", sealing(SRV_SPEED=FAIL), "allowed"),
    Row("C08", "it fails at the moment of sealing", sealing("SRV-CLOCK"), "INS-01"),
    Row(
        "C08",
        "a person answers what is measured",
        answered("SRV-DISK", True),
        ["INS-03", "allowed"],
    ),
    Row("C08", "the chief confirms the seal", second(ADMIN, CHIEF, "SealVenue"), "allowed"),
    Row(
        "C08",
        "another administrator does",
        second(ADMIN, replace(ADMIN, person_id="b"), "SealVenue"),
        "STF-04",
    ),
    Row("C08", "the administrator twice", second(ADMIN, ADMIN, "SealVenue"), "STF-06"),
    Row("C08", "a byte too little on the disk", server("SRV-DISK", disk_free=1_999_999_999), FAIL),
    Row("C08", "the very reserve", server("SRV-DISK", disk_free=2_000_000_000), OK),
    Row("C08", "no backup device", server("SRV-BACKUP", backups=()), FAIL),
    Row("C08", "the server's time is not trusted", server("SRV-CLOCK", clock_trusted=False), FAIL),
    Row("C08", "a certificate in its last millisecond", server("SRV-PINS", now_ms=1999), OK),
    Row("C08", "at its end", server("SRV-PINS", now_ms=2000), FAIL),
    Row("C08", "a station a second off", station("STA-CLOCK", offset_ms=-1000.0), OK),
    Row("C08", "more than a second", station("STA-CLOCK", offset_ms=-1000.1), FAIL),
    Row(
        "C08",
        "a station's own check fails",
        station("STA-CHECKS", facts_findings=[StationFinding("CHK-DISK", "", "", "FAIL")]),
        FAIL,
    ),
    Row(
        "C09",
        "refused, corrected, sealed; both runs kept, the finding closed",
        inspection(corrected),
        ["INS-01", "allowed", 2, [("SRV-DISK", True)]],
    ),
    Row(
        "C10",
        "broken; renewed only after a new look and with a reason",
        inspection(broken),
        [SealState.SEAL_BROKEN, "INS-05", "INS-04", "allowed", SealState.SEALED],
    ),
    Row(
        "C10",
        "a failing check breaks the seal",
        inspection(fails_while_sealed),
        [SealState.SEAL_BROKEN, None],
    ),
    Row("C10", "as it was sealed", drifted(True), []),
    Row("C10", "a station is gone", drifted(stations=bench.NOW.stations[:-1]), ["RMK-70"]),
    Row("C10", "another program", drifted(stations=OTHER_APP), ["RMK-71"]),
    Row("C10", "other settings", drifted(settings="b" * 64), ["RMK-72"]),
    Row("C10", "a byte below the reserve", drifted(disk_free=1_999_999_999), ["RMK-73"]),
    Row("C10", "the very reserve", drifted(disk_free=2_000_000_000), []),
    Row("C10", "a clock within its bound", drifted(True, stations=WITHIN), []),
    Row("C10", "a clock beyond it", drifted(True, stations=BEYOND), ["RMK-75"]),
    Row("C10", "a millisecond before T-60", due_at(60 * MINUTE + 1, 120), None),
    Row("C10", "at T-60", due_at(60 * MINUTE, 120), 60),
    Row("C10", "a millisecond before T-5", due_at(5 * MINUTE + 1, 120, 60), None),
    Row("C10", "at T-5", due_at(5 * MINUTE, 120, 60), 5),
    Row("C10", "at T-5, looked at already", due_at(5 * MINUTE, 120, 60, 5), None),
    Row("C11", "the exam's network alone", routed(machine.LAN), False),
    Row("C11", "a way out", routed(machine.LAN + machine.DEFAULT), True),
    Row("C11", "a station with a way out", station("STA-INTERNET", facts_default_route=True), FAIL),
    Row(
        "C11",
        "a name of the Internet is answered",
        station("STA-INTERNET", facts_dns_answers=True),
        FAIL,
    ),
    Row("C11", "a station that sleeps", station("STA-SLEEP", facts_sleep_off=False), FAIL),
    Row("C11", "a token in the same boot proves nothing", restarted("1"), False),
    Row("C11", "and in the next one it does", restarted("2"), True),
    Row("C11", "no restart yet", station("STA-RESTART", facts_token_survived=False), WAIT),
    Row("C11", "a disk that forgot its token", station("STA-RESTART", facts_token=""), FAIL),
    Row("C12", "on battery", server("SRV-POWER", on_mains=False), FAIL),
    Row("C12", "half charged", server("SRV-POWER", battery_percent=50.0), OK),
    Row("C12", "less", server("SRV-POWER", battery_percent=49.9), FAIL),
    Row(
        "C12",
        "a UPS that does not tell",
        server("SRV-POWER", battery_percent=None, on_mains=None),
        WARN,
    ),
    Row("C12", "a disk in clear warns", server("SRV-ENCRYPTED", encrypted=False), WARN),
    Row(
        "C12",
        "fire, theft, a power cut and leaks are answered before the seal",
        lambda: [BY_ID[f"ASK-{name}"].mandatory for name in ("FIRE", "THEFT", "POWERCUT", "LEAK")],
        [True] * 4,
    ),
    Row("C12", "an unanswered one keeps the venue open", sealing(ASK_THEFT=WAIT), "INS-01"),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_c(row: Row) -> None:
    assert row.outcome() == row.expected


def test_group_c_has_a_line_for_all_that_is_built() -> None:
    assert len(built("C")) >= 12, "the register was not understood"
    assert not without_a_row("C", TABLE)
