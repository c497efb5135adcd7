"""Scenes of a venue that the tables ask about: plans, prints, an export, inspections, the seal."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from candidate_station.inspection import restart_token
from candidate_station.inspection.internet import default_route
from invigilator_app.board.view import fold
from invigilator_app.printing.sheets import door_sheet
from tests.unit.inspection import test_inspection_machine as machine
from tests.unit.inspection import test_inspection_rules as bench
from tests.unit.requirements.stores import fresh_store
from tests.unit.sitting.conftest import Clock, Headquarters, payload, session
from tests.unit.sitting.test_sitting_forms import PAPERS, read
from tests.unit.sitting.test_swap_rules import ASKED, sitting
from venue_server.gateway.seal_keeper import due
from venue_server.ledger.book import Ledger
from venue_server.records.export import Exporter, ExportFacts, session_export
from venue_server.sitting.forms import assign, same_form_neighbours
from venue_server.sitting.plan import Plan
from venue_server.sitting.plan_reading import checked_plan, read_plan
from venue_server.sitting.rows import Session
from venue_server.sitting.swapping.rules import Asked, may_swap
from venue_server.staff.permissions import may_second
from venue_server.staff.person import Person
from venue_server.stations.inspection.catalogue import CHECKS
from venue_server.stations.inspection.drift import drift, recheck
from venue_server.stations.inspection.findings import findings
from venue_server.stations.inspection.measured import Outcome
from venue_server.stations.inspection.rules_server import server_outcomes
from venue_server.stations.inspection.rules_stations import station_outcomes
from venue_server.stations.inspection.service import FULL, PARTIAL, Inspection
from venue_server.wire.console_views import Board, RoomView, SeatView, VenueView
from venue_server.wire.day_records import RecordField, RecordLine
from venue_server.wire.inspection_orders import CheckVerdict
from venue_server.wire.messages import SessionBrief, Timing
from venue_server.wire.names import (
    DataState,
    MediaClass,
    Mode,
    Role,
    SeatLink,
    SessionState,
    SittingState,
)
from venue_server.wire.refusals import Refusal

NINE = 1_795_309_200_000  # 2026-11-22 09:00 in Beijing
MINUTE = 60_000
OK, WARN, FAIL, WAIT = CheckVerdict.OK, CheckVerdict.WARN, CheckVerdict.FAIL, CheckVerdict.WAIT


def code(answer: object) -> str:
    return answer.code.value if isinstance(answer, Refusal) else "allowed"


def server(check_id: str, **change: Any) -> Callable[[], object]:
    found = replace(bench.SERVER, **change)
    return lambda: bench.of(server_outcomes(found, bench.LIMITS))[check_id].verdict


def servers(wanted: int) -> Callable[[], object]:
    limits = replace(bench.LIMITS, min_servers=wanted)
    return lambda: bench.of(server_outcomes(bench.SERVER, limits))["SRV-COUNT"].verdict


def station(check_id: str, seat: str = "1-02", baseline: str = "", **change: Any) -> Any:
    """The verdict about a venue of four stations, one of which is changed."""
    found = bench.venue(bench.station(seat, **change), baseline=baseline)
    return lambda: bench.of(station_outcomes(found, bench.LIMITS))[check_id].verdict


# ---- prints and plans --------------------------------------------------------------------


def at_the_door() -> list[bool]:
    brief = SessionBrief("s", "考试", "01", "经济", NINE, 5400, MediaClass.NORMAL, Mode.LIVE)
    times = Timing(NINE, NINE + 5 * MINUTE, NINE + 75 * MINUTE, NINE + 90 * MINUTE)
    one = RoomView("r1", "第1考场", brief, SessionState.OPEN, False, times, 2, 0, 0, 0, 0, 0)
    venue = VenueView("v", "考点", Mode.LIVE, "", True, "s", None, None, None, [])
    seats = [SeatView(f"0{n}", "st", SeatLink.ONLINE, ticket_no=f"36010{n}") for n in (1, 2)]
    view = fold(None, Board(venue, [one], {"r1": seats}))
    assert view is not None
    html = door_sheet("第七中学考点", view.rooms["r1"])
    shown = ("第1考场", "经济", "360101 至 360102", "09:00", "09:05", "10:15", "10:30")
    return [word in html for word in shown]


FORMS: list[dict[str, Any]] = [*PAPERS]  # type: ignore[list-item]


def formed(forms: str) -> Callable[[], object]:
    """Neighbours with the same form in a plan of two forms, or its refusal."""

    def ask() -> object:
        found = read(payload(), FORMS, forms)
        return same_form_neighbours(found) if isinstance(found, Plan) else code(found)

    return ask


def seat_forms() -> list[str]:
    found = read(payload(), FORMS, "ABABA")
    assert isinstance(found, Plan)
    who = assign(found.sessions[0], None)
    return [getattr(who.of_seat("R1", seat), "form_id", "") for seat in ("01", "02", "03")]


HQ = Headquarters()


def imported(change: Callable[[dict[str, Any]], object], venue_id: str = "v1") -> Any:
    """A signed plan after a change that its signers did not make."""

    def ask() -> str:
        document = json.loads(HQ.plan())
        change(document)
        text = json.dumps(document).encode()
        return code(checked_plan(text, HQ.accepted, 2, venue_id, Mode.REHEARSAL))

    return ask


def swap_seats(document: dict[str, Any]) -> None:
    one, other = document["payload"]["sessions"][0]["candidates"][:2]
    one["seat_no"], other["seat_no"] = other["seat_no"], one["seat_no"]


def swapped(room_id: str = "R1", asked: Asked = ASKED) -> Callable[[], object]:
    here = sitting("01")
    return lambda: code(may_swap(here, SessionState.STARTED, False, room_id, asked))


def second(first: Person, other: Person, order: str) -> Callable[[], object]:
    return lambda: code(may_second(first, other, order))


def exported() -> list[object]:
    """Drawn seat, machines in order, and the violation of a candidate who was moved."""
    plan = read_plan(payload(sessions=[session()]))
    assert isinstance(plan, Plan)
    one = replace(sitting("01", SittingState.SUBMITTED, "spare"), sitting_id="s1.1")
    now = Session(
        "s1", "p1", SessionState.ENDED, DataState.COLLECTED, None, None, plan.sessions[0],
        frozenset(),
    )  # fmt: skip
    log = [
        {"seq": n, "at_ms": NINE + n, "actor": actor, "event": "candidate.logged-in",
         "data": {"session": "s1", "ticket": one.ticket_no}}
        for n, actor in enumerate(("m01", "spare"), start=1)
    ]  # fmt: skip
    lines = {"R1": [RecordLine(RecordField.VIOLATIONS, NINE, "作弊", grave=True)]}
    facts = ExportFacts(
        "v1", "LIVE", plan, now, [one], {"s1.1": "应试"}, {}, {}, lines, (), log, (), ()
    )
    told = session_export(facts, Exporter("chief", "主考", NINE, 2, "00"))
    seat = told["seating"][0]
    moves = [each["machine_id"] for each in seat["machines"]]
    return [seat["room_id"], seat["seat_no"], moves, told["lines"][0]["text"]]


# ---- the seal ----------------------------------------------------------------------------

CHIEF = Person("chief", "chief", frozenset({Role.CHIEF}), frozenset(), NINE)
ADMIN = Person("admin", "admin", frozenset({Role.SYSADMIN}), frozenset(), NINE)
I1 = Person("i1", "i1", frozenset({Role.INVIGILATOR}), frozenset(), NINE)
Story = Callable[[Inspection, Clock], Awaitable[object]]


def inspection(story: Story) -> Callable[[], object]:
    """A story of one venue, in a store of its own."""

    async def tell() -> object:
        with tempfile.TemporaryDirectory() as folder:
            store = fresh_store(Path(folder))
            clock = Clock(NINE)
            ledger = Ledger(store, [Path(folder) / "ledger.jsonl"], clock)
            try:
                return await story(Inspection(store, ledger, clock), clock)
            finally:
                store.close()

    return lambda: asyncio.run(tell())


def all_checks(**changed: CheckVerdict) -> list[Outcome]:
    """Every check passed but those named; ``_`` stands for the hyphen."""
    verdicts = {name.replace("_", "-"): verdict for name, verdict in changed.items()}
    return [Outcome(each.check_id, "", "", verdicts.get(each.check_id, OK)) for each in CHECKS]


async def seal(one: Inspection, reason: str = "", *failing: str) -> str:
    return code(await one.seal(bench.SEALED, failing, ("admin", "chief"), reason))


def sealing(*failing: str, **changed: CheckVerdict) -> Callable[[], object]:
    """After one full run: the answer to the order to seal."""

    async def story(one: Inspection, _clock: Clock) -> object:
        await one.record(FULL, NINE, all_checks(**changed), "admin")
        return await seal(one, "", *failing)

    return inspection(story)


async def unseen(one: Inspection, _clock: Clock) -> object:
    return await seal(one)


async def corrected(one: Inspection, _clock: Clock) -> object:
    await one.record(FULL, NINE, all_checks(SRV_DISK=FAIL), "admin")
    refused = await seal(one)
    await one.record(PARTIAL, NINE, [Outcome("SRV-DISK", "", "", OK)], "admin")
    told = [(each.check_id, each.closed is not None) for each in findings(one.results())]
    return [refused, await seal(one), len(one.runs()), told]


async def broken(one: Inspection, clock: Clock) -> object:
    """Broken by drift; renewed without the checks it touches, without a reason, with both."""
    await one.record(FULL, NINE, all_checks(), "admin")
    await seal(one)
    reasons = drift(bench.SEALED, replace(bench.NOW, settings="b"), bench.LIMITS, False)
    clock.now += 1
    await one.break_seal(reasons)
    answers = [one.seal_now.state, await seal(one, "fixed")]
    again = [Outcome(name, "", "", OK) for name in sorted(recheck(reasons))]
    await one.record(PARTIAL, NINE + 1, again, "admin")
    return [*answers, await seal(one), await seal(one, "fixed"), one.seal_now.state]


async def fails_while_sealed(one: Inspection, _clock: Clock) -> object:
    await one.record(FULL, NINE, all_checks(), "admin")
    await seal(one)
    await one.record(PARTIAL, NINE, [Outcome("STA-APP", "", "", FAIL)], "admin")
    return [one.seal_now.state, one.sealed]


def answered(check_id: str, good: bool) -> Callable[[], object]:
    async def story(one: Inspection, _clock: Clock) -> object:
        await one.record(FULL, NINE, all_checks(), "admin")
        return [code(await one.answer(check_id, good, "", "chief")), await seal(one)]

    return inspection(story)


def drifted(thorough: bool = False, **change: Any) -> Callable[[], object]:
    now = replace(bench.NOW, **change)
    return lambda: [each.code.value for each in drift(bench.SEALED, now, bench.LIMITS, thorough)]


def due_at(before_ms: int, *done: int) -> Callable[[], object]:
    return lambda: due(NINE, NINE - before_ms, frozenset(done))


def routed(table: str) -> Callable[[], object]:
    def ask() -> bool:
        with tempfile.TemporaryDirectory() as folder:
            machine.put(Path(folder), "proc/net/route", machine.HEAD + table)
            return default_route(Path(folder))

    return ask


def restarted(boot: str) -> Callable[[], object]:
    """A token is left in boot 1; is it known to have survived when looked for in ``boot``?"""

    def ask() -> bool:
        with tempfile.TemporaryDirectory() as folder:
            restart_token.leave_token(Path(folder), "t", "1")
            return restart_token.find_token(Path(folder), boot).survived

    return ask


OTHER_APP = (bench.station("1-01", facts_app_sha256="c" * 64), *bench.NOW.stations[1:])
WITHIN = (bench.station("1-01", offset_ms=1000.0), *bench.NOW.stations[1:])
BEYOND = (bench.station("1-01", offset_ms=1000.1), *bench.NOW.stations[1:])
