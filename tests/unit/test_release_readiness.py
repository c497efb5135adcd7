"""The go/no-go board (TIMELINE T-5): what blocks, what two people may agree to, what only warns."""

from dataclasses import replace
from typing import Any

import pytest

from venue_server.release.readiness import ReadyFacts, agreed, blocking, board
from venue_server.wire.names import ReadyKind, ReadyVerdict

READY = ReadyFacts(
    frozen=False,
    forms_needed=2,
    forms_missing=(),
    used_before=(),
    live=True,
    receipt_signed=True,
    clock_trusted=True,
    clock_source="headquarters",
    stations_ready=3,
    stations_total=3,
    seats_without_paper=(),
    people_missing=(),
    rooms=("01", "02"),
    rooms_short=(),
    backup_ready=True,
    disk_ready=True,
    keys_present=0,
    venue_sealed=True,
)


def verdicts(facts: ReadyFacts) -> dict[ReadyKind, ReadyVerdict]:
    return {line.kind: line.verdict for line in board(facts)}


def test_e01_all_go_but_the_secrets_that_come_at_the_release_point() -> None:
    found = verdicts(READY)
    assert set(found) == set(ReadyKind)
    assert found.pop(ReadyKind.RELEASE_KEY) is ReadyVerdict.WAIT
    assert set(found.values()) == {ReadyVerdict.GO}
    assert blocking(board(READY), ()) == []
    assert verdicts(replace(READY, keys_present=2))[ReadyKind.RELEASE_KEY] is ReadyVerdict.GO
    one = verdicts(replace(READY, keys_present=1))
    assert one[ReadyKind.RELEASE_KEY] is ReadyVerdict.WAIT, "every form needs its own"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"frozen": True}, ReadyKind.FREEZE),
        ({"forms_missing": ("p/B",)}, ReadyKind.PACKAGE),
        ({"used_before": ("package-1",)}, ReadyKind.PACKAGE),
        ({"clock_trusted": False}, ReadyKind.CLOCK),
        ({"people_missing": ("A01",)}, ReadyKind.PEOPLE),
        ({"rooms_short": ("02",)}, ReadyKind.INVIGILATORS),
        ({"disk_ready": False}, ReadyKind.DISK),
    ],
)
def test_e01_nobody_can_override_a_no_go(change: dict[str, Any], kind: ReadyKind) -> None:
    lines = board(replace(READY, **change))
    every_name = {name for line in lines for name in [*line.names, line.kind.value]}
    (blocked,) = blocking(lines, every_name)
    assert (blocked.kind, blocked.verdict) == (kind, ReadyVerdict.NO_GO)
    assert agreed(lines, every_name) == []


def test_e05_every_seat_without_its_paper_is_agreed_to_by_name() -> None:
    lines = board(replace(READY, seats_without_paper=("01-03", "02-01")))
    assert blocking(lines, ())
    assert blocking(lines, {"01-03"}), "the other one still blocks"
    assert blocking(lines, {"STATIONS"}), "a list is asked for, not the line"
    assert blocking(lines, {"01-03", "02-01", "02-09"}) == []
    assert agreed(lines, {"01-03", "02-01", "02-09"}) == ["01-03", "02-01"], "only what was open"


def test_e05_a_missing_backup_device_is_agreed_to_as_a_line() -> None:
    lines = board(replace(READY, backup_ready=False))
    assert [line.kind for line in blocking(lines, {"01-03"})] == [ReadyKind.BACKUP]
    assert blocking(lines, {"BACKUP"}) == []
    assert agreed(lines, {"BACKUP"}) == ["BACKUP"]


@pytest.mark.parametrize(
    ("change", "kind", "verdict"),
    [
        ({"stations_ready": 2}, ReadyKind.STATIONS, ReadyVerdict.WAIT),
        ({"stations_ready": 0, "stations_total": 0}, ReadyKind.STATIONS, ReadyVerdict.WARN),
        ({"receipt_signed": False, "live": False}, ReadyKind.RECEIPT, ReadyVerdict.WARN),
    ],
)
def test_e01_what_only_warns_blocks_nothing(
    change: dict[str, Any], kind: ReadyKind, verdict: ReadyVerdict
) -> None:
    facts = replace(READY, **change)
    assert verdicts(facts)[kind] is verdict
    assert blocking(board(facts), ()) == []


def test_c05_the_board_counts_forms_and_names_the_missing_ones() -> None:
    line = next(
        line
        for line in board(replace(READY, forms_missing=("p/B",)))
        if line.kind is ReadyKind.PACKAGE
    )
    assert (line.have, line.need, line.names) == (1, 2, ["p/B"])


def test_d09_a_live_paper_nobody_signed_for_is_not_released() -> None:
    lines = board(replace(READY, receipt_signed=False))
    assert [line.kind for line in blocking(lines, ())] == [ReadyKind.RECEIPT]
    assert blocking(lines, (ReadyKind.RECEIPT.value,)), "two people cannot agree to go without"


def test_c10_a_live_release_needs_the_seal_or_both_people_who_name_it() -> None:
    lines = board(replace(READY, venue_sealed=False))
    assert [line.kind for line in blocking(lines, ())] == [ReadyKind.SEAL]
    assert blocking(lines, (ReadyKind.SEAL.value,)) == []
    assert agreed(lines, (ReadyKind.SEAL.value,)) == ["SEAL"], "what they agreed to is recorded"


def test_c10_a_rehearsal_goes_on_without_a_seal() -> None:
    facts = replace(READY, venue_sealed=False, live=False)
    assert verdicts(facts)[ReadyKind.SEAL] is ReadyVerdict.WARN
    assert blocking(board(facts), ()) == []
