"""L03: what is found after the sealing goes into a later version; the earlier one stays."""

from pathlib import Path
from typing import Any

from candidate_station.answers.shelf import Shelf
from venue_server import __main__ as program
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.console_orders import ForceSubmit, WipeSession
from venue_server.wire.frames import Second
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.signed import public_keys
from venue_server.wire.swap_orders import ImportStationJournal
from venue_server.wire.wiping_orders import GetAnswers, GetWipeCertificate, SealAnew


def anew(world: Any, reason: str = "回收到损坏考试机的作答") -> SealAnew:
    return SealAnew(0, SESSION_ID, reason, world.second("admin-a"))


def journal_of(station: Any, chain: Any) -> Path:
    """The data folder of a dead station, with its journal as it lies on its disk."""
    data = Path(f"{station.folder}-data")
    (data / "identity").mkdir(parents=True)
    identity = (station.folder / "identity.json").read_bytes()
    (data / "identity" / "identity.json").write_bytes(identity)
    shelf = Shelf(data)
    shelf.open(chain.sitting_id)
    shelf.append(chain.sitting_id, tuple(chain.entries))
    shelf.close_all()
    return data


async def test_l03_a_sealed_session_is_sealed_again_as_a_later_version(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.hand_in(day, day.other)
    dead = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, dead, "a")
    late = [dead.add(world.now_ms(), text) for text in "bc"]
    folder = journal_of(day.first, dead)
    await day.first.close()
    world.stations.remove(day.first)
    assert await day.chief.refused(anew(world)) is RefusalCode.SESSION_WRONG_STATE
    world.go(kit.DAY.at(100))
    await world.recorded("session.ended")
    await day.chief.order(ForceSubmit(0, "01", dead.sitting_id, world.second(kit.ADMIN)))
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)
    assert await day.chief.refused(anew(world)) is RefusalCode.EARLIER_VERSION_AWAY
    await kit.closing.upload(day)
    assert await day.chief.refused(anew(world, " ")) is RefusalCode.RECORD_TEXT_MISSING
    (first,) = (world.data / "outbox").glob("*.kdbundle")
    sealed_first = first.read_bytes()

    assert (await day.chief.order(anew(world))) == {"version": 2}
    assert (
        await day.admin.refused(WipeSession(0, SESSION_ID, world.second("chief-1")))
        is RefusalCode.NOT_UPLOADED
    ), "what is open again is not wiped"
    where = await day.admin.order(GetAnswers(0, SESSION_ID))
    places = {each["place"] for each in where["rows"] if each["server"]}
    assert places == {"HEADQUARTERS"}, "what came home stays at home"
    found = ImportStationJournal(0, str(folder), world.second(kit.CHIEF), "整机损坏", True)
    (taken,) = (await day.admin.order(found))["journals"]
    assert (taken["verdict"], taken["journal_seq"], taken["server_seq"]) == ("TAKEN", 3, 1)
    await world.recorded("answers.merged")
    where = await day.admin.order(GetAnswers(0, SESSION_ID))
    (row,) = [each for each in where["rows"] if each["seat_no"] == "01" and each["server"]]
    assert (row["headquarters"], row["server"]) == (1, 1 + len(late)), "not all is home any more"
    await kit.closing.backed_up(day)
    digest = await kit.closing.sign_and_seal(day)
    await kit.closing.upload(day)
    assert first.read_bytes() == sealed_first, "the earlier version stays"
    (second,) = (world.data / "outbox").glob("*~v2.kdbundle")
    arrived = sorted((world.keys.data_dir / "bundles").glob("*.kdbundle"))
    assert len(arrived) == 2, "headquarters has both"
    (event,) = world.events("session.seal-anew")
    assert event["data"]["reason"] == "回收到损坏考试机的作答"
    order = [e["event"] for e in world.events("upload.done", "session.seal-anew")]
    assert order == ["upload.done", "session.seal-anew", "upload.done"]

    public = (world.data / "keys" / "venue.ed25519.pub").read_text().strip()
    opened = open_bundle(second, world.keys.bundle, public_keys([public]))
    assert isinstance(opened, OpenedBundle), opened
    told = opened.records["versions"]
    assert told["version"] == 2
    heads = {each.head.sitting_id: each.head.seq for each in opened.sittings}
    assert heads[dead.sitting_id] == 1 + len(late), "what was found is in the later version"
    assert [each["version"] for each in told["earlier"]] == [1]
    await day.admin.order(WipeSession(0, SESSION_ID, world.second("chief-1")))
    paper = await day.admin.order(GetWipeCertificate(0, SESSION_ID))
    assert paper["certificate"]["bundle_sha256"] == digest
    assert [each["version"] for each in paper["certificate"]["earlier_versions"]] == [1]
    assert await day.chief.refused(anew(world)) is RefusalCode.SESSION_WRONG_STATE


def test_l03_the_command_line_orders_it() -> None:
    words = ["session", "seal-anew", "S", "--reason", "r", "--second", "q"]
    options = program.parser().parse_args([*words, "--data", "d", "--person", "p"])
    assert options.build(options, [Second("q", "x")]) == SealAnew(0, "S", "r", Second("q", "x"))
