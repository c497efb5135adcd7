"""A whole venue in one process: the real server, real headquarters, real machines over mTLS.

Nothing is replaced but the passing of time: ``world.go(instant)`` lets the boot clock, the wall
clock and headquarters' clock jump forward together, so that a day takes a second and no test waits
for one. Everything that takes long and never changes (keys, staff, the sealed paper) is made once
a run and copied.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.venue import venue_closing
from tests.journeys.venue.venue_exam import ExamDay, begin_exam
from tests.journeys.venue.venue_forms import Forms, seal_forms
from tests.journeys.venue.venue_machines import Chain, leave, patiently
from tests.journeys.venue.venue_spare import spare_in, swap_order, swap_to
from tests.journeys.venue.venue_template import (
    ADMIN,
    ADMIN_B,
    CHIEF,
    DAY,
    DEPUTY,
    Template,
    invent,
    make_template,
)
from tests.journeys.venue.venue_world import ExamTime, World, leave_all, open_world
from venue_server import clock, day, day_line, day_time
from venue_server.gateway import hub
from venue_server.release import token_schedule
from venue_server.trusted_time import schedule


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """One for the whole run, whichever folder's tests ask first."""
    folder = tmp_path_factory.getbasetemp() / "venue-template"
    if folder.exists():
        return Template(folder, invent())
    folder.mkdir()
    return make_template(folder)


@pytest.fixture
def exam_time(monkeypatch: pytest.MonkeyPatch) -> ExamTime:
    """Exam time in this test's hand; the server's clockwork looks more often than in real life."""
    moved = ExamTime()
    monkeypatch.setattr(clock, "ClockSources", moved.sources)
    monkeypatch.setattr(day, "WATCH_S", 0.05)
    monkeypatch.setattr(day, "LOOK_S", 0.05)
    monkeypatch.setattr(day_line, "WATCH_S", 0.05)
    monkeypatch.setattr(day_time, "WATCH_S", 0.05)
    monkeypatch.setattr(day_time, "MARK_S", 0.2)
    monkeypatch.setattr(schedule, "URGENT_S", 0.05)
    monkeypatch.setattr(schedule, "LONGEST_URGENT_S", 0.2)
    monkeypatch.setattr(token_schedule, "LOST_PROBE_S", 0.05)
    monkeypatch.setattr(token_schedule, "SHORTEST_PROBE_S", 0.05)
    monkeypatch.setattr(token_schedule, "PAUSES", ((float("inf"), 0.05),))
    monkeypatch.setattr(hub, "FLUSH_S", 0.05)
    return moved


@pytest.fixture
async def world(template: Template, tmp_path: Path, exam_time: ExamTime) -> AsyncIterator[World]:
    """A venue with its server running, 62 exam minutes before the start of the exam."""
    made = await open_world(template, tmp_path, exam_time)
    await made.start()
    yield made
    for console in made.consoles:
        await leave(console)
    for station in made.stations:
        await station.close()
    await made.stop()
    await made.cut_off()


@pytest.fixture
async def forms(template: Template, tmp_path: Path, exam_time: ExamTime) -> AsyncIterator[Forms]:
    """The same venue for a session with forms A and B and a sealed reserve R."""
    seal_forms(template)
    made = await open_world(template, tmp_path, exam_time)
    await made.start()
    yield Forms(made)
    for console in made.consoles:
        await leave(console)
    for station in made.stations:
        await station.close()
    await made.stop()
    await made.cut_off()


@pytest.fixture
async def exam_day(world: World) -> ExamDay:
    """The exam at one seat of each room."""
    return await begin_exam(world, ("01", "01"), ("02", "02"))


class Kit:
    """Builders and names for tests, which import no other test file."""

    ADMIN = ADMIN
    ADMIN_B = ADMIN_B
    CHIEF = CHIEF
    DEPUTY = DEPUTY
    DAY = DAY
    Chain = Chain
    begin_exam = staticmethod(begin_exam)
    closing = venue_closing
    leave_all = staticmethod(leave_all)
    spare_in = staticmethod(spare_in)
    swap_order = staticmethod(swap_order)
    swap_to = staticmethod(swap_to)
    patiently = staticmethod(patiently)


@pytest.fixture
def kit() -> type[Kit]:
    """See :class:`Kit`."""
    return Kit
