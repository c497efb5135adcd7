"""A station never comes back, or comes back empty: collected, and gaps are named (F4, F25)."""

from pathlib import Path
from typing import Any

import pytest

from candidate_station.answers.export import export_journals
from candidate_station.answers.shelf import Shelf
from venue_server.wire.console_orders import ForceSubmit, Reconcile, RevokeMachine
from venue_server.wire.names import DataState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import Heartbeat, StationHello
from venue_server.wire.swap_orders import GetSwaps, ImportStationJournal


def journal_of(station: Any, chain: Any) -> Path:
    """The data folder of this station, with its journal as it lies on its disk."""
    data = station.folder.parent / f"{station.folder.name}-data"
    (data / "identity").mkdir(parents=True)
    (data / "identity" / "identity.json").write_bytes(
        (station.folder / "identity.json").read_bytes()
    )
    shelf = Shelf(data)
    shelf.open(chain.sitting_id)
    shelf.append(chain.sitting_id, tuple(chain.entries))
    shelf.close_all()
    return data


def import_from(
    day: Any, kit: Any, folder: Path, accept_unproved: bool = True
) -> ImportStationJournal:
    """A bare disk carries no signature: both accept it for what it is."""
    second = day.world.second(kit.CHIEF)
    return ImportStationJournal(0, str(folder), second, "整机损坏", accept_unproved)


@pytest.mark.parametrize(
    ("closed", "exported"), [(False, False), (True, True)], ids=["open-disk", "closed-export"]
)
async def test_l02_the_journal_of_a_dead_station_is_collected_and_reconciles(
    exam_day: Any, kit: Any, tmp_path: Path, closed: bool, exported: bool
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    for text in "bc":
        chain.add(world.now_ms(), text)
    folder = journal_of(day.first, chain)
    if exported:
        target = tmp_path / "stick"
        target.mkdir()
        done = export_journals(folder, day.first.folder, target, 1)
        assert (done.sittings, done.signed_by) == (1, day.first.machine_id)
        folder = target
    await day.first.close()
    world.stations.remove(day.first)
    world.go(kit.DAY.at(100))
    await world.recorded("session.ended")
    force = ForceSubmit(0, "01", chain.sitting_id, world.second(kit.ADMIN))
    if closed:
        await day.chief.order(force)
    order = import_from(day, kit, folder, accept_unproved=not exported)
    (taken,) = (await day.admin.order(order))["journals"]
    assert (taken["verdict"], taken["journal_seq"], taken["server_seq"]) == ("TAKEN", 3, 1)
    assert taken["proof"] == ("SIGNED" if exported else "UNSIGNED")
    if not closed:
        assert taken["now_seq"] == 3
        await day.chief.order(force)
    else:
        await world.recorded("answers.merged")
    rows = (await day.chief.order(Reconcile(0, chain.sitting_id.rpartition(".")[0])))["rows"]
    (row,) = [each for each in rows if each["sitting_id"] == chain.sitting_id]
    assert (row["bundles"], row["problem"]) == (1, None)
    again = (await day.admin.order(import_from(day, kit, folder)))["journals"]
    assert [(each["now_seq"], each["kept_aside"]) for each in again] == [(3, 0)]


async def test_f25_what_the_journal_lacks_is_named_exactly(exam_day: Any, kit: Any) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    for text in "abc":
        await day.next_save(day.first, chain, text)
    short = kit.Chain(chain.sitting_id)
    short.entries = chain.entries[:1]
    folder = journal_of(day.first, short)
    (taken,) = (await day.admin.order(import_from(day, kit, folder)))["journals"]
    assert (taken["gap_from"], taken["gap_to"]) == (2, 3)
    told = day.world.events("answers.journal-imported")[-1]["data"]
    assert (told["gap_from"], told["gap_to"], told["seat"]) == (2, 3, "01")


async def test_f25_a_restored_disk_shows_which_entries_are_gone(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    assert day.first.client.link.send(Heartbeat(2, 1, "ANSWER", [], 3))
    await day.chief.board(lambda b: b.seats["01"]["01"].unsynced == 2, "the backlog")
    await day.first.close()
    world.stations.remove(day.first)
    await world.connect(day.first.identity, "01", "01", StationHello(1, "test"))
    (told,) = await world.recorded("station.data-lost")
    assert (told["data"]["lost_from"], told["data"]["lost_to"]) == (2, 3)


async def test_f25_a_new_disk_at_the_same_seat_shows_which_entries_are_gone(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    assert day.first.client.link.send(Heartbeat(3, 1, "ANSWER", [], 4))
    await day.chief.board(lambda b: b.seats["01"]["01"].unsynced == 3, "the backlog")
    await day.first.close()
    world.stations.remove(day.first)
    await day.admin.order(RevokeMachine(0, day.first.machine_id))
    fresh = await world.station(day.admin, "01", "01")
    logged = await fresh.log_in()
    assert logged.sitting.seq == 1
    (told,) = await world.recorded("station.data-lost")
    assert (told["data"]["lost_from"], told["data"]["lost_to"]) == (2, 4)


async def test_l02_a_folder_without_a_journal_and_a_damaged_one_have_names(
    exam_day: Any, kit: Any, tmp_path: Path
) -> None:
    day = exam_day
    refused = await day.admin.refused(import_from(day, kit, tmp_path))
    assert refused is RefusalCode.JOURNAL_MISSING
    missing = await day.admin.refused(import_from(day, kit, tmp_path / "nowhere"))
    assert missing is RefusalCode.JOURNAL_UNREADABLE
    chain = kit.Chain(day.first.sitting_id)
    for text in "abc":
        chain.add(day.world.now_ms(), text)
    folder = journal_of(day.first, chain)
    (file,) = folder.glob("sittings/*/answers.journal")
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    (taken,) = (await day.admin.order(import_from(day, kit, folder)))["journals"]
    assert taken["damaged"] and taken["now_seq"] >= 1
    assert taken["now_seq"] + taken["kept_aside"] == 2, "all that can be read is kept"
    assert (await day.admin.order(GetSwaps(0)))["swaps"] == []


async def test_l01_answers_taken_in_after_the_backup_are_backed_up_again(
    world: Any, kit: Any
) -> None:
    day = await kit.begin_exam(world, ("01", "01"))
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    chain.add(world.now_ms(), "b")
    folder = journal_of(day.first, chain)
    await day.first.close()
    world.stations.remove(day.first)
    world.go(kit.DAY.at(100))
    await world.recorded("session.ended")
    await day.chief.order(ForceSubmit(0, "01", chain.sitting_id, world.second(kit.ADMIN)))
    await day.chief.board(
        lambda b: b.venue is not None and b.venue.data_state is DataState.BACKED_UP, "the backup"
    )
    first = len(world.events("answers.backed-up"))
    await day.admin.order(import_from(day, kit, folder))
    await world.recorded("answers.merged")
    await world.recorded("answers.backed-up", 2 * first)
    await day.chief.board(
        lambda b: b.venue is not None and b.venue.data_state is DataState.BACKED_UP, "the second"
    )
