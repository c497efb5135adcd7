"""L03: what is found after the sealing goes into a later version; the earlier one stays."""

from typing import Any

from venue_server import __main__ as program
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.frames import Second
from venue_server.wire.messages import WipeSession
from venue_server.wire.names import DataState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.signed import public_keys
from venue_server.wire.wiping_orders import GetAnswers, GetWipeCertificate, SealAnew


def anew(world: Any, reason: str = "回收到损坏考试机的作答") -> SealAnew:
    return SealAnew(0, SESSION_ID, reason, world.second("admin-a"))


async def test_l03_a_sealed_session_is_sealed_again_as_a_later_version(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    for station in day.stations:
        await kit.closing.hand_in(day, station)
    assert await day.chief.refused(anew(world)) is RefusalCode.SESSION_WRONG_STATE
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
    await day.chief.board(
        lambda b: b.venue is not None and b.venue.data_state is DataState.BACKED_UP, "the backup"
    )
    digest = await kit.closing.sign_and_seal(day)
    await kit.closing.upload(day)
    assert first.read_bytes() == sealed_first, "the earlier version stays"
    (second,) = (world.data / "outbox").glob("*.v2.kdbundle")
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
