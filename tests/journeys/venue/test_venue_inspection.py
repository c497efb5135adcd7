"""封场检测 with a real server: inspect, correct, seal, break the seal in every way, seal again."""

import asyncio
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from candidate_station.inspection import facts as facts_of_station
from candidate_station.inspection.facts import gather
from candidate_station.session.driver import StationDriver
from candidate_station.session.screen_state import ScreenState
from candidate_station.session.settings import StationSettings
from tests.journeys.venue.venue_machines import PATIENCE_S, Console, Station
from tests.journeys.venue.venue_template import CHIEF
from tests.journeys.venue.venue_world import World
from venue_server import __main__ as command_line
from venue_server.gateway import seal_keeper
from venue_server.intake.custody.window_io import receives
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.settings import load_settings, save_settings
from venue_server.stations.inspection import reports, rules_server, server_io
from venue_server.stations.inspection.catalogue import CHECKS
from venue_server.wire.console_orders import ConfirmEnrolment, GetGoNoGo, RevokeMachine
from venue_server.wire.inspection_orders import (
    AnswerCheck,
    CheckStations,
    GetDevices,
    GetInspection,
    GetInspectionReport,
    RunStationCheck,
    SealVenue,
    StartInspection,
    StationEcho,
    StationFacts,
    StationFinding,
    StationProbe,
)
from venue_server.wire.intake_orders import CloseReceipt, OpenReceipt
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.signed import public_keys, verify

APP = "a" * 64
PLACES = [(room, seat) for room in ("01", "02") for seat in ("01", "02", "03", "04")]
SPARE = ("01", "S1")
CALIBRATION = ("CHK-GLYPHS", "CHK-PICTURES", "CHK-MEDIA", "CHK-ITEMS", "CHK-LAYOUT", "CHK-DIGEST")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server looks more often than in real life, and writes less when it measures."""
    monkeypatch.setattr(seal_keeper, "WATCH_S", 0.05)
    monkeypatch.setattr(server_io, "PROBE_BYTES", 1 << 20)
    monkeypatch.setattr(reports, "PROBES", 2)
    monkeypatch.setattr(rules_server, "RAM_BYTES", 1 << 28)
    monkeypatch.setattr(rules_server, "CLOCK_UNCERTAIN_MS", 60_000.0)
    monkeypatch.setattr(server_io, "memory", lambda: (4, 8 << 30, 4 << 30))


@dataclass
class Seat:
    """A simulated station that answers the inspection."""

    station: Station
    world: World
    facts: StationFacts
    clock_off_ms: int = 0
    rebooted: bool = False
    token: str = ""

    def hear(self, message: Any) -> None:
        link = self.station.client.link
        if isinstance(message, StationProbe):
            link.send(StationEcho(message.n, self.world.now_ms() + self.clock_off_ms))
        elif isinstance(message, RunStationCheck):
            self.token = message.token or self.token
            self.tell(message.n)

    def tell(self, re: int = 0) -> None:
        facts = msgspec.structs.replace(
            self.facts, re=re, token=self.token, token_survived=self.rebooted
        )
        self.station.client.link.send(facts)


@dataclass
class Venue:
    """Everything at its place: nine stations, an administrator, a console on the LAN."""

    world: World
    admin: Console
    seats: dict[tuple[str, str], Seat] = field(default_factory=dict)

    async def add(self, room: str, seat: str) -> Seat:
        world = self.world
        identity = await world.enrolled("station", self.admin, room, seat)
        candidate_place = (room, seat) if (room, seat) in PLACES else PLACES[0]
        station = await world.connect(identity, *candidate_place)
        return self.answering(station, (room, seat))

    def answering(self, station: Station, place: tuple[str, str]) -> Seat:
        made = Seat(station, self.world, healthy())
        hear = station.heard.on_message

        def on_message(message: Any) -> None:
            hear(message)
            made.hear(message)

        station.heard.on_message = on_message  # type: ignore[method-assign]
        self.seats[place] = made
        return made

    def reboot_all(self) -> None:
        for seat in self.seats.values():
            seat.rebooted = True

    async def look(self) -> dict[str, Any]:
        return await self.admin.order(GetInspection(0))

    async def broken(self) -> list[str]:
        """Wait until the seal is broken; the codes of the reasons."""
        count = len(self.world.events("venue.sealed"))
        await self.world.recorded("venue.seal-broken", count)
        async with asyncio.timeout(PATIENCE_S):
            while (found := await self.look())["state"] != "SEAL_BROKEN":
                pass  # it was recorded a moment before it is told
        return [each["code"] for each in found["reasons"]]

    async def answer_all(self) -> None:
        for check in CHECKS:
            if check.asked:
                await self.admin.order(AnswerCheck(0, check.check_id, True, "已查看"))

    def seal(self, reason: str = "") -> SealVenue:
        return SealVenue(0, self.world.second("chief-1"), reason)


def healthy() -> StationFacts:
    findings = [StationFinding(each, "", "", "OK") for each in ("CHK-DISK", *CALIBRATION)]
    return StationFacts(
        re=0,
        app_version="test",
        app_sha256=APP,
        os_build="test",
        cpu_count=4,
        ram_bytes=8 << 30,
        disk_free=50 << 30,
        sleep_off=True,
        calibrated=True,
        findings=findings,
    )


def by_id(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["check_id"]: each for each in found["checks"]}


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    return {name: each["verdict"] for name, each in by_id(found).items()}


async def made(world: World) -> Venue:
    """The stations are enrolled and connected; the settings are those the server started with."""
    await world.restart()  # the first start wrote its ports into the settings
    admin = await world.console("admin-a")
    await world.plan(admin)
    venue = Venue(world, admin)
    for place in [*PLACES, SPARE]:
        await venue.add(*place)
    lan = await world.enrolled("console", admin)
    await world.visitor(world.endpoint(lan))
    return venue


async def sealed(world: World) -> Venue:
    """The venue inspected, corrected and sealed."""
    venue = await made(world)
    await venue.admin.order(CheckStations(0, restart_test=True))
    venue.reboot_all()
    await venue.answer_all()
    found = await venue.admin.order(StartInspection(0, baseline=APP))
    assert found["open"] == [], verdicts(found)
    found = await venue.admin.order(venue.seal())
    assert found["state"] == "SEALED"
    return venue


async def test_c08_c09_failures_are_corrected_and_run_again_and_all_runs_are_kept(
    world: World,
) -> None:
    venue = await made(world)
    sick = venue.seats["01", "02"]
    sick.facts = msgspec.structs.replace(sick.facts, default_route=True, app_sha256="b" * 64)
    assert (await venue.look())["state"] == "UNINSPECTED"
    assert await venue.admin.refused(venue.seal()) == RefusalCode.SEAL_WRONG_STATE

    first = await venue.admin.order(StartInspection(0))
    assert first["state"] == "INSPECTED"
    assert verdicts(first)["STA-INTERNET"] == "FAIL"
    assert by_id(first)["STA-INTERNET"]["names"] == ["01-02"]
    assert by_id(first)["STA-APP"]["names"] == ["01-02"]
    assert verdicts(first)["STA-RESTART"] == "WAIT", "no station was restarted yet"
    assert verdicts(first)["ASK-PRINTER"] == "WAIT", "nobody answered"
    assert await venue.admin.refused(venue.seal()) == RefusalCode.CHECKS_OPEN

    sick.facts = healthy()
    venue.reboot_all()
    await venue.answer_all()
    again = await venue.admin.order(StartInspection(0, only_failed=True))
    assert again["open"] == []
    assert {each["kind"] for each in again["runs"]} == {"FULL", "PARTIAL", "ANSWER"}
    closed = {each["check_id"]: each["closed_ms"] for each in again["findings"]}
    assert set(closed) == {"STA-INTERNET", "STA-APP"}
    assert all(closed.values()), "every finding was closed"
    repeated = {each["check_id"] for each in again["checks"] if each["run"] == 1}
    assert "SRV-MEMORY" in repeated, "what was good was not measured again"
    assert await venue.admin.refused(AnswerCheck(0, "SRV-DISK", True)) == RefusalCode.CHECK_UNKNOWN

    done = await venue.admin.order(venue.seal())
    assert (done["state"], done["persons"]) == ("SEALED", ["admin-a", "chief-1"])
    assert await venue.admin.refused(venue.seal()) == RefusalCode.SEAL_WRONG_STATE

    report = (await venue.admin.order(GetInspectionReport(0)))["report"]
    public = (world.data / "keys/venue.ed25519.pub").read_text().strip()
    payload = verify(report, "kaodian.inspection-report", public_keys([public]), 1)
    assert isinstance(payload, dict)
    assert len(payload["runs"]) == len(again["runs"])
    assert payload["steps"][-1]["persons"] == ["admin-a", "chief-1"]
    assert len(payload["stations"]) == 9
    assert payload["ledger"]["entries"] > 0
    assert json.dumps(report, ensure_ascii=False)


async def test_c10_a_replaced_station_breaks_the_seal_and_a_reason_renews_it(world: World) -> None:
    venue = await sealed(world)
    gone = venue.seats.pop(("02", "03"))
    await venue.admin.order(RevokeMachine(0, gone.station.machine_id))
    assert await venue.broken() == ["RMK-70"]
    chief = await world.console("chief-1")
    await chief.board(lambda b: b.venue is not None and b.venue.seal_state == "SEAL_BROKEN")
    told = chief.client.board.venue
    assert told is not None
    assert "ALM-65" in {each.code for each in told.alarms}

    world.stations.remove(gone.station)
    await gone.station.close()
    new = await venue.add("02", "03")
    new.rebooted = True
    refused = await venue.admin.refused(venue.seal("更换主机"))
    assert refused in (RefusalCode.RECHECK_MISSING, RefusalCode.CHECKS_OPEN)
    found = await venue.admin.order(StartInspection(0, only_failed=True))
    assert found["open"] == [], verdicts(found)
    assert await venue.admin.refused(venue.seal()) == RefusalCode.SEAL_REASON_MISSING
    again = await venue.admin.order(venue.seal("02-03 更换主机"))
    assert (again["state"], again["reason"]) == ("SEALED", "02-03 更换主机")
    assert len(world.events("venue.sealed")) == 2


async def test_c10_changed_settings_and_another_program_break_the_seal(world: World) -> None:
    venue = await sealed(world)
    settings = load_settings(world.data)
    save_settings(world.data, msgspec.structs.replace(settings, backups_required=2))
    assert await venue.broken() == ["RMK-72"]
    save_settings(world.data, settings)
    await venue.admin.order(StartInspection(0, only_failed=True))
    await venue.admin.order(venue.seal("设置已恢复"))

    seat = venue.seats["01", "01"]
    seat.facts = msgspec.structs.replace(seat.facts, app_sha256="c" * 64)
    seat.tell()
    assert await venue.broken() == ["RMK-71"]
    found = await venue.admin.order(StartInspection(0, only_failed=True))
    assert found["open"] == ["STA-APP"], "the baseline was laid down"


async def test_c10_a_full_disk_breaks_the_seal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await sealed(world)
    monkeypatch.setattr(server_io, "disk_free", lambda _folder: 1_000_000)
    assert await venue.broken() == ["RMK-73"]
    assert (await venue.admin.order(StartInspection(0, only_failed=True)))["open"] == ["SRV-DISK"]
    assert await venue.admin.refused(venue.seal("磁盘")) == RefusalCode.CHECKS_OPEN
    monkeypatch.undo()
    await venue.admin.order(StartInspection(0, only_failed=True))
    assert (await venue.admin.order(venue.seal("已清理磁盘")))["state"] == "SEALED"


async def test_c10_a_stations_clock_is_found_off_an_hour_and_five_minutes_before(
    world: World,
) -> None:
    venue = await sealed(world)
    await world.recorded("venue.seal-checked")  # two hours before, which is past already
    world.go(world.day.at(-60))
    checked = (await world.recorded("venue.seal-checked", 2))[-1]
    assert checked["data"] == {
        "session": checked["data"]["session"],
        "minutes_before": 60,
        "holds": True,
    }
    venue.seats["02", "04"].clock_off_ms = 5_000
    world.go(world.day.at(-5))
    assert await venue.broken() == ["RMK-75"]
    lines = await venue.admin.order(GetGoNoGo(0, checked["data"]["session"]))
    seal = next(each for each in lines["lines"] if each["kind"] == "SEAL")
    assert seal["verdict"] == "WARN", "a rehearsal goes on"


async def test_d03_what_is_plugged_in_outside_a_receipt_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await world.console("admin-a")
    monkeypatch.setattr(server_io, "foreign_media", lambda _folders: ["sdz Stick 8000 MB"])
    await world.recorded("devices.outside-window")
    found = await admin.order(GetDevices(0))
    assert found["out_of_place"] == ["sdz Stick 8000 MB"]
    await admin.board(
        lambda b: b.venue is not None and "ALM-66" in {each.code for each in b.venue.alarms}
    )


async def test_d03_the_guard_of_the_devices_is_told_while_a_receipt_is_open(world: World) -> None:
    def said() -> bool:
        return receives(world.data, world.time.steady_ms())

    admin = await world.console("admin-a")
    await world.plan(admin)
    world.go(world.day.at(-60))
    assert not said()
    await admin.order(OpenReceipt(0, SESSION_ID, world.second(CHIEF)))
    await world.until(said)
    await admin.order(CloseReceipt(0, world.second(CHIEF)))
    await world.until(lambda: not said())


async def test_c11_a_real_station_tells_its_facts_and_keeps_the_token(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The station's own driver and its real readers, without a screen."""
    monkeypatch.setattr(facts_of_station, "name_servers", lambda _root: [])  # nothing leaves here
    admin = await world.console("admin-a")
    await world.plan(admin)
    ports = world.ports
    settings = StationSettings(
        tmp_path / "seat", f"127.0.0.1:{ports.main}", f"127.0.0.1:{ports.enrol}", discovery=False
    )
    code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def shown(state: ScreenState) -> None:
        if state.enrol_code and not code.done():
            code.set_result(state.enrol_code)

    driver = StationDriver(
        settings,
        shown,
        on_check=lambda asked: driver.report(gather(tmp_path / "seat", asked)),
    )
    running = asyncio.create_task(driver.run())
    try:
        async with asyncio.timeout(3 * PATIENCE_S):
            await admin.order(ConfirmEnrolment(0, await code, "station", "s", "01", "01"))
            await world.recorded("station.up")
            (row,) = (await admin.order(CheckStations(0)))["stations"]
        assert (row["seat"], row["restart"]) == ("01-01", "WAIT"), "not restarted yet"
        assert row["facts"]["ram_bytes"] > 0 and len(row["facts"]["app_sha256"]) == 64
        assert "token" not in row["facts"], "nobody needs to see it"
        assert row["round_trip_ms"] is not None and abs(row["offset_ms"]) < 2_000
        (mark,) = (tmp_path / "seat").glob("restart-token.json")
        await admin.order(CheckStations(0))
        kept = mark.read_text()
        await admin.order(CheckStations(0, restart_test=True, seat="01-02"))
        assert mark.read_text() == kept, "it was another seat's turn"
        await admin.order(CheckStations(0, restart_test=True, seat="01-01"))
        assert mark.read_text() != kept
        await world.recorded("station.checked")
    finally:
        driver.stop()
        await running


async def test_c08_the_command_line_shows_runs_answers_and_seals(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    venue = await made(world)

    async def command(*words: str, people: tuple[str, ...] = ("admin-a",)) -> tuple[int, str]:
        typed = "".join(f"{world.person(each).password}\n" for each in people)
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        more = ["--data", str(world.data), "--person", people[0]]
        code = await asyncio.to_thread(command_line.main, ["inspection", *words, *more])
        out, err = capsys.readouterr()
        return code, out + err

    code, said = await command("show")
    assert (code, "未检测 / not inspected" in said) == (0, True)
    await command("stations", "--restart-test")
    venue.reboot_all()
    code, said = await command("run", "--baseline", APP)
    assert code == 0 and "ASK-PRINTER" in said and "inspection answer" in said
    assert len(said.splitlines()) < 50, "one screen"
    for check in CHECKS:
        if check.asked:
            await venue.admin.order(AnswerCheck(0, check.check_id, True))
    code, said = await command("answer", "ASK-FIRE", "--bad", "--note", "灭火器过期")
    assert code == 0 and "灭火器过期" in said
    seal = ("seal", "--second", "chief-1")
    code, said = await command(*seal, people=("admin-a", "chief-1"))
    assert code == 2 and "INS-01" in said and "ASK-FIRE" in said
    await command("answer", "ASK-FIRE", "--good")
    code, said = await command(*seal, people=("admin-a", "chief-1"))
    assert code == 0 and "已封场 / sealed" in said
    code, said = await command("report")
    assert code == 0 and json.loads(said)["report"]["payload"]["state"] == "SEALED"


async def test_c12_a_power_cut_is_an_alarm_on_every_console(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await world.console("admin-a")
    monkeypatch.setattr(server_io, "power", lambda: (False, 81.0))
    await admin.board(
        lambda b: b.venue is not None and "ALM-67" in {each.code for each in b.venue.alarms}
    )
    monkeypatch.setattr(server_io, "power", lambda: (True, 82.0))
    await admin.board(
        lambda b: b.venue is not None and "ALM-67" not in {each.code for each in b.venue.alarms}
    )


async def test_c08_a_failure_found_after_the_sealing_breaks_the_seal(world: World) -> None:
    venue = await sealed(world)
    await venue.admin.order(AnswerCheck(0, "ASK-ROOMS", False, "走廊嘈杂"))
    assert (await venue.look())["state"] == "SEALED", "not mandatory"
    found = await venue.admin.order(AnswerCheck(0, "ASK-CAMERAS", False, "一考场无图像"))
    assert found["state"] == "SEAL_BROKEN"
    assert [each["code"] for each in found["reasons"]] == ["RMK-77"]
    assert await venue.admin.refused(venue.seal("已修复")) == RefusalCode.CHECKS_OPEN
    await venue.admin.order(AnswerCheck(0, "ASK-CAMERAS", True, "已修复"))
    assert (await venue.admin.order(venue.seal("摄像已修复")))["state"] == "SEALED"


async def test_c10_the_seal_and_its_runs_survive_a_restart_of_the_server(world: World) -> None:
    venue = await sealed(world)
    before = await venue.look()
    await world.restart()
    venue.admin = await world.console("admin-a")
    after = await venue.look()
    assert (after["state"], after["digest"]) == ("SEALED", before["digest"])
    assert after["runs"] == before["runs"] and after["checks"] == before["checks"]
    assert {each["seat"] for each in after["stations"] if each["facts"]} == {
        each["seat"] for each in before["stations"]
    }
    settings = load_settings(world.data)
    save_settings(world.data, msgspec.structs.replace(settings, backups_required=2))
    assert await venue.broken() == ["RMK-72"], "it is watched again"
