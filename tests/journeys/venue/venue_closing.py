"""From the open papers to a session that came home, for tests about what comes afterwards."""

import contextlib
import sqlite3

from tests.journeys.venue.venue_exam import ExamDay
from tests.journeys.venue.venue_machines import Chain, Station
from tests.journeys.venue.venue_template import ADMIN, DAY
from tests.journeys.venue.venue_world import World
from venue_server.foundation import STORE
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import (
    GetRoomRecord,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
)
from venue_server.wire.names import DataState, SubmitKind
from venue_server.wire.station_messages import SubmitReceipt


async def hand_in(day: ExamDay, station: Station) -> Chain:
    """Two answers and the hand-in, at 75 minutes or later."""
    chain = Chain(station.sitting_id)
    for number in range(2):
        await day.next_save(station, chain, f"答案{number}")
    day.world.go(DAY.at(75))
    await station.save(chain.add(day.world.now_ms(), kind="submit"))
    last = chain.entries[-1]
    done = await station.client.submit(station.sitting_id, SubmitKind.EARLY, last.seq, last.hash)
    assert isinstance(done, SubmitReceipt), done
    return chain


def _has_everything(world: World) -> bool:
    """Backed up, by copies that were begun after the last answer came."""
    with contextlib.closing(sqlite3.connect(world.data / STORE)) as database:
        (state,) = database.execute(
            "SELECT data_state FROM session WHERE session_id = ?", (SESSION_ID,)
        ).fetchone()
        (made,) = database.execute("SELECT min(made_at_ms) FROM backup_copy").fetchone()
        (last,) = database.execute("SELECT max(received_at_ms) FROM response").fetchone()
    return state == DataState.BACKED_UP and made is not None and made > (last or 0)


async def backed_up(day: ExamDay) -> None:
    """The end comes, and the backup by itself."""
    day.world.go(DAY.at(90))
    # As stored: a board may still show what was true before answers were merged.
    await day.world.until(lambda: _has_everything(day.world))
    await day.chief.board(
        lambda b: b.venue is not None and b.venue.data_state is DataState.BACKED_UP, "the backup"
    )


async def sign_and_seal(day: ExamDay) -> str:
    """Reconcile, look at every point, sign, seal; the SHA-256 of the bundle."""
    world, chief = day.world, day.chief
    assert (await chief.order(Reconcile(0, SESSION_ID)))["consistent"] is True
    await world.look_at_points(chief)
    for room_id, first in day.rooms.items():
        second = next(
            each
            for each in world.consoles
            if each.client.signed_in and each.client.signed_in.person_id == f"inv-{room_id}-2"
        )
        for console in (first, second, chief):
            record = await console.order(GetRoomRecord(0, room_id))
            await console.order(SignRoomRecord(0, room_id, record["content_hash"]))
    sealed = await chief.order(SealSession(0, SESSION_ID, world.second(ADMIN)))
    return str(sealed["bundle_sha256"])


async def upload(day: ExamDay) -> None:
    """Headquarters' receipt is here."""
    result = await day.admin.order(UploadSession(0, SESSION_ID))
    assert result["receipt"]["sittings"], result


async def come_home(day: ExamDay) -> list[Chain]:
    """Everything up to the receipt."""
    chains = [await hand_in(day, station) for station in day.stations]
    await backed_up(day)
    await sign_and_seal(day)
    await upload(day)
    return chains
