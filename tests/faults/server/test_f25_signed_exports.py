"""Who carries an exported journal cannot write answers into it (F4, F25, [P-29]).

The medium carries the journal's key, so a carrier's records open; the station's own key stays at
the station, so they prove nothing. What rots costs itself, and is not taken for an attack.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from candidate_station.answers.export import export_journals
from candidate_station.answers.journal import Journal
from tests.faults.server.test_f25_station_lost import import_from, journal_of
from venue_server.client.identity import MachineIdentity
from venue_server.wire.chain import seal_entry
from venue_server.wire.console_orders import ForceSubmit, RevokeMachine
from venue_server.wire.incident_orders import GetIncidents
from venue_server.wire.journal_format import (
    FILE_HEADER_SIZE,
    FILE_NAME,
    KEY_SIZE,
    folder_name,
)
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_export import STATEMENT_NAMES
from venue_server.wire.swap_orders import (
    UNPROVED,
    DecideBranch,
    GetSwaps,
    ImportStationJournal,
    Keep,
    SwapStation,
)


class Medium:
    """An export of the first station: the server has its first entry, the station all five."""

    def __init__(self, day: Any, kit: Any, chain: Any, folder: Path) -> None:
        self.day, self.kit, self.chain, self.folder = day, kit, chain, folder

    @property
    def journal(self) -> Path:
        return self.folder / "sittings" / folder_name(self.chain.sitting_id) / FILE_NAME

    @property
    def key(self) -> bytes:
        name = f"{folder_name(self.chain.sitting_id)}.key"
        return (self.folder / "identity" / "journal-keys" / name).read_bytes()[:KEY_SIZE]

    def rewrite(self, entries: list[Any]) -> None:
        """What a carrier can do, who has the journal's key: a whole journal that opens."""
        self.journal.unlink()
        journal, _ = Journal.open(self.journal.parent, self.chain.sitting_id, self.key)
        journal.append(tuple(entries))
        journal.close()

    def rot(self, number: int) -> None:
        """A bit of the record of that number, from 1, turns; all records are of one size."""
        raw = bytearray(self.journal.read_bytes())
        size = (len(raw) - FILE_HEADER_SIZE) // len(self.chain.entries)
        raw[FILE_HEADER_SIZE + size * (number - 1) + size // 2] ^= 1
        self.journal.write_bytes(raw)

    async def taken(self, accept: bool = False) -> dict[str, Any]:
        order = import_from(self.day, self.kit, self.folder, accept)
        (one,) = (await self.day.admin.order(order))["journals"]
        assert isinstance(one, dict)
        return one

    async def handed_in(self) -> None:
        """The exam ends; the station is gone, so two people hand in for it."""
        world = self.day.world
        await self.day.first.close()
        world.stations.remove(self.day.first)
        world.go(self.kit.DAY.at(100))
        await world.recorded("session.ended")
        second = world.second(self.kit.ADMIN)
        await self.day.chief.order(ForceSubmit(0, "01", self.chain.sitting_id, second))

    async def branches(self) -> list[dict[str, Any]]:
        found = (await self.day.admin.order(GetSwaps(0)))["branches"]
        assert isinstance(found, list)
        return found

    async def incidents(self) -> list[str]:
        found = (await self.day.chief.order(GetIncidents(0)))["incidents"]
        return [str(each) for each in found]


@pytest.fixture
async def medium(exam_day: Any, kit: Any, tmp_path: Path) -> Medium:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    for text in "bcde":
        chain.add(day.world.now_ms(), text)
    target = tmp_path / "stick"
    target.mkdir()
    done = export_journals(journal_of(day.first, chain), day.first.folder, target, 1)
    assert (done.sittings, done.signed_by) == (1, day.first.machine_id)
    return Medium(day, kit, chain, done.folder)


async def test_f4_an_honest_export_is_taken_in_as_signed(medium: Medium) -> None:
    day = medium.day
    found = await medium.taken()
    assert (found["verdict"], found["proof"], found["intact"]) == ("TAKEN", "SIGNED", True)
    assert (found["signed_by"], found["signed_seq"]) == (day.first.machine_id, 5)
    assert (found["now_seq"], found["kept_aside"], found["code"], found["lost"]) == (5, 0, "", "")
    (event,) = await day.world.recorded("answers.journal-imported")
    assert (event["data"]["proof"], event["data"]["signed_by"]) == (
        "SIGNED",
        day.first.machine_id,
    )
    lines = (await day.admin.order(import_from(day, medium.kit, medium.folder, False)))["lines"]
    assert "已验签" in lines[0]["text"] and "signed (station-" in lines[0]["text"]
    assert day.world.events("answers.journal-refused") == []


async def test_f25_an_entry_that_was_appended_is_refused_and_never_merged_by_itself(
    medium: Medium,
) -> None:
    day, chain = medium.day, medium.chain
    forged = medium.kit.Chain(chain.sitting_id)
    forged.entries = list(chain.entries)
    forged.add(day.world.now_ms(), "forged", item="Q02")
    medium.rewrite(forged.entries)
    found = await medium.taken()
    assert (found["verdict"], found["proof"], found["code"]) == ("TAKEN", "ALTERED", "SWP-12")
    assert (found["now_seq"], found["unproved"]) == (5, 1), "what was signed is not lost"
    (event,) = await day.world.recorded("answers.journal-refused")
    assert (event["data"]["code"], event["data"]["unproved"]) == ("SWP-12", 1)
    (told,) = [each for each in await medium.incidents() if "疑被改动" in each]
    assert "SEVERE" in told
    await medium.handed_in()
    (branch,) = await medium.branches()
    assert branch["machine_id"] == f"{UNPROVED}{day.first.machine_id}"
    assert (branch["verdict"], branch["open"]) == ("PEOPLE", True)
    again = await medium.taken()
    assert (again["now_seq"], again["unproved"]) == (5, 0)
    assert len([each for each in await medium.incidents() if "疑被改动" in each]) == 1
    second = day.world.second(medium.kit.ADMIN)
    decide = DecideBranch(
        0, chain.sitting_id, branch["machine_id"], Keep.BRANCH, "监控核实", second
    )
    assert (await day.chief.order(decide))["seq"] == 6, "people may still take it, by name"
    (event,) = await day.world.recorded("answers.branch-decided")
    assert (event["data"]["machine"], event["data"]["keep"]) == (branch["machine_id"], "BRANCH")


async def test_f25_entries_that_were_altered_are_refused_and_the_others_are_taken(
    medium: Medium,
) -> None:
    """The third and the fourth answer say another thing. One's hash is another one, one's lies."""
    entries = list(medium.chain.entries)
    third, fourth = (
        msgspec.structs.replace(each, values={"RESPONSE": ["z"]}) for each in entries[2:4]
    )
    entries[2:4] = [third, seal_entry(msgspec.structs.replace(fourth, hash=""))]
    medium.rewrite(entries)
    found = await medium.taken()
    assert (found["proof"], found["code"], found["unproved"]) == ("ALTERED", "SWP-12", 2)
    assert (found["now_seq"], found["lost"]) == (2, "3-4"), "nobody has what was signed"
    assert found["kept_aside"] == 3, "5 is proved and waits for them; the altered ones are apart"
    machines = sorted(each["machine_id"] for each in await medium.branches())
    assert machines == [medium.day.first.machine_id, f"{UNPROVED}{medium.day.first.machine_id}"]


async def test_f25_the_signature_of_somebody_elses_station_is_refused(
    medium: Medium, tmp_path: Path
) -> None:
    """The key of another station of this venue makes a sound statement about this candidate."""
    day = medium.day
    data = tmp_path / "made-up"
    shutil.copytree(medium.folder, data)
    done = export_journals(data, day.other.folder, tmp_path / "other", 1)
    assert done.signed_by == day.other.machine_id
    medium.folder = done.folder
    found = await medium.taken(accept=True)
    assert (found["verdict"], found["proof"]) == ("REFUSED", "OTHER_STATION")
    assert (found["code"], found["now_seq"], found["unproved"]) == ("SWP-15", 1, 4)
    assert found["signed_by"] == day.other.machine_id
    (event,) = await day.world.recorded("answers.journal-refused")
    assert event["data"]["signed_by"] == day.other.machine_id
    assert day.world.events("answers.journal-imported") == []


async def test_f25_a_certificate_that_this_venue_never_gave_is_refused(
    medium: Medium, tmp_path: Path
) -> None:
    """A console's is none of a station either."""
    day = medium.day
    console = await day.world.enrolled("console", day.admin)
    assert isinstance(console, MachineIdentity)
    data = tmp_path / "made-up"
    shutil.copytree(medium.folder, data)
    medium.folder = export_journals(data, console.directory, tmp_path / "other", 1).folder
    found = await medium.taken(accept=True)
    assert (found["verdict"], found["proof"], found["code"]) == (
        "REFUSED",
        "UNKNOWN_SIGNER",
        "SWP-13",
    )
    assert (found["now_seq"], found["unproved"]) == (1, 4)


async def test_f25_a_statement_that_does_not_verify_proves_nothing_and_one_whole_copy_is_enough(
    medium: Medium,
) -> None:
    good = (medium.folder / STATEMENT_NAMES[0]).read_bytes()
    for name in STATEMENT_NAMES:
        file = medium.folder / name
        document = json.loads(file.read_bytes())
        document["payload"]["wall_ms"] = 2
        file.write_text(json.dumps(document))
    found = await medium.taken(accept=True)
    assert (found["verdict"], found["proof"], found["code"]) == (
        "REFUSED",
        "BAD_SIGNATURE",
        "SWP-14",
    )
    assert (found["now_seq"], found["unproved"]) == (1, 4), "kept aside for people"
    assert any("签名无效" in each and "MAJOR" in each for each in await medium.incidents())
    (medium.folder / STATEMENT_NAMES[1]).write_bytes(good)
    found = await medium.taken()
    assert (found["proof"], found["now_seq"], found["code"]) == ("SIGNED", 5, "")


async def test_f25_a_station_that_was_revoked_since_is_told_and_wants_two_people_who_know(
    medium: Medium,
) -> None:
    day = medium.day
    await day.first.close()
    day.world.stations.remove(day.first)
    await day.admin.order(RevokeMachine(0, day.first.machine_id))
    found = await medium.taken()
    assert (found["verdict"], found["proof"], found["code"]) == ("REFUSED", "REVOKED", "SWP-16")
    assert (found["now_seq"], found["kept_aside"]) == (0, 0), "nothing was touched"
    found = await medium.taken(accept=True)
    assert (found["verdict"], found["proof"], found["now_seq"]) == ("TAKEN", "REVOKED", 5)
    told = day.world.events("answers.journal-imported")[-1]["data"]
    assert (told["proof"], told["signed_by"]) == ("REVOKED", day.first.machine_id)


async def test_f25_a_station_that_another_replaced_at_the_seat_is_told_and_waits_for_people(
    medium: Medium,
) -> None:
    """The candidate went on at a new machine: what the old one signed is not that one's chain."""
    day, old = medium.day, medium.day.first.machine_id
    await day.first.close()
    day.world.stations.remove(day.first)
    await day.admin.order(RevokeMachine(0, old))
    fresh = await day.world.station(day.admin, "01", "01")
    assert (await fresh.log_in()).sitting.seq == 1
    found = await medium.taken(accept=True)
    assert (found["verdict"], found["proof"], found["signed_by"]) == ("TAKEN", "REVOKED", old)
    assert (found["now_seq"], found["kept_aside"], found["lost"]) == (1, 4, "")
    (branch,) = await medium.branches()
    assert (branch["machine_id"], branch["verdict"]) == (old, "PEOPLE")


async def test_f25_a_station_from_which_the_candidate_was_moved_signs_for_their_time_there(
    medium: Medium,
) -> None:
    day = medium.day
    await day.first.close()
    day.world.stations.remove(day.first)
    await medium.kit.spare_in(day)
    second = day.world.second(medium.kit.ADMIN)
    sitting = medium.chain.sitting_id
    await day.rooms["01"].order(SwapStation(0, "01", sitting, "91", "整机损坏", True, second))
    found = await medium.taken()
    assert (found["proof"], found["signed_by"]) == ("SIGNED", day.first.machine_id)
    assert found["now_seq"] + found["kept_aside"] == 5


@pytest.mark.parametrize("rotten", [3, 5])
async def test_f25_rot_is_no_attack_and_costs_what_it_lies_in(medium: Medium, rotten: int) -> None:
    """The server has the first entry. Before the rotten one everything is taken in, behind it
    everything is proved, and the rotten one is named: the station said how far it went."""
    medium.rot(rotten)
    found = await medium.taken()
    assert (found["verdict"], found["proof"], found["intact"]) == ("TAKEN", "SIGNED", False)
    assert (found["unproved"], found["code"]) == (0, "")
    assert found["now_seq"] == rotten - 1
    assert found["now_seq"] + found["kept_aside"] == 4
    assert found["lost"] == str(rotten), "also the last one: without a signature nobody would know"
    assert medium.day.world.events("answers.journal-refused") == []


async def test_f25_a_journal_that_was_taken_off_the_medium_is_missed(medium: Medium) -> None:
    shutil.rmtree(medium.folder / "sittings")
    shutil.rmtree(medium.folder / "identity")
    found = await medium.taken()
    assert (found["verdict"], found["proof"], found["signed_seq"]) == ("UNREADABLE", "SIGNED", 5)
    assert found["lost"] == "2-5"
    await medium.day.world.recorded("incident.opened")


async def test_f25_a_bare_disk_is_taken_in_only_by_two_who_say_why(exam_day: Any, kit: Any) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    for text in "abc":
        chain.add(day.world.now_ms(), text)
    disk = Medium(day, kit, chain, journal_of(day.first, chain))
    found = await disk.taken()
    assert (found["verdict"], found["proof"], found["code"]) == ("REFUSED", "UNSIGNED", "SWP-11")
    assert (found["unfinished"], await disk.branches()) == (False, [])
    two = day.world.second(kit.CHIEF)
    silent = ImportStationJournal(0, str(disk.folder), two, " ", True)
    assert await day.admin.refused(silent) is RefusalCode.SWAP_REASON_MISSING
    found = await disk.taken(accept=True)
    assert (found["verdict"], found["proof"], found["now_seq"]) == ("TAKEN", "UNSIGNED", 3)
    (event,) = await day.world.recorded("answers.journal-imported")
    assert (event["data"]["proof"], event["data"]["reason"]) == ("UNSIGNED", "整机损坏")
    assert await disk.incidents() == []


async def test_f4_an_export_that_was_cut_short_is_told_from_a_whole_one(medium: Medium) -> None:
    """Power or medium went before the statement, which is written last; or somebody took it off."""
    for name in STATEMENT_NAMES:
        (medium.folder / name).unlink()
    found = await medium.taken()
    assert (found["verdict"], found["proof"], found["unfinished"]) == (
        "REFUSED",
        "UNSIGNED",
        True,
    )
    assert (await medium.taken(accept=True))["now_seq"] == 5
