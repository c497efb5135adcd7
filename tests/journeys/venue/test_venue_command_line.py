"""The administrator's command line: orders over the control socket, verdicts as exit codes."""

import asyncio
import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from candidate_station.answers.shelf import Shelf
from candidate_station.startup import export as station_export
from tests.journeys.venue.venue_roster import INVIGILATORS, import_roster
from venue_server import __main__ as program
from venue_server.commands import orders
from venue_server.commands.alone import alone
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import GetRoomRecord, SignRoomRecord
from venue_server.wire.names import DataState, PersonCheck, SessionState, SubmitKind
from venue_server.wire.receipt_code import receipt_code
from venue_server.wire.wiping_orders import WipePaper

OK, BROKEN, REFUSED, NO_SERVER = 0, 1, 2, 4


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(
    world: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Run one command as a person would, passwords on standard input, one a line."""

    async def command(*words: str, typed: tuple[str, ...] = ()) -> Ran:
        lines = "".join(f"{_password(world, each)}\n" for each in typed)
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        capsys.readouterr()
        code = await asyncio.to_thread(program.main, list(words))
        out, err = capsys.readouterr()
        assert not any(each.password in out + err for each in world.cast.staff)
        return Ran(code, out, err)

    return command


def _password(world: Any, typed: str) -> str:
    known = [each.password for each in world.cast.staff if each.person_id == typed]
    return known[0] if known else typed


def by(world: Any, *people: str) -> list[str]:
    """The options that say who orders."""
    words = ["--data", str(world.data), "--person", people[0]]
    return [*words, "--second", people[1]] if len(people) > 1 else words


async def test_status_is_one_screen_and_the_same_as_json(world: Any, kit: Any, run: Any) -> None:
    shown = await run("status", *by(world, "admin-a"), typed=("admin-a",))
    assert shown.code == OK
    assert "考点 / venue" in shown.out
    assert "试考（演练） / rehearsal" in shown.out
    assert "下一步 / next" in shown.out
    same = await run("status", "--json", *by(world, "admin-a"), typed=("admin-a",))
    assert same.json["sections"][0]["title"] == "考点 / venue"
    none = await run("upload", "status", *by(world, "inspector-1"), typed=("inspector-1",))
    assert none.code == OK and "还没有 / none yet" in none.out
    short = await run("intake", "status", *by(world, "inspector-1"), typed=("inspector-1",))
    assert short.code == OK


async def test_wrong_people_are_refused_with_exit_code_2(world: Any, run: Any) -> None:
    ran = await run("status", *by(world, "admin-a"), typed=("wrong password",))
    assert (ran.code, ran.out) == (REFUSED, "")
    assert "[STF-01]" in ran.err
    ran = await run("status", *by(world, "admin-a"), typed=("",))
    assert ran.code == REFUSED
    ran = await run("machines", "waiting", *by(world, "chief-1"), typed=("chief-1",))
    assert (ran.code, "[STF-04]" in ran.err) == (REFUSED, True)
    both = by(world, "admin-a", "chief-1")
    ran = await run("intake", "open", SESSION_ID, *both, typed=("admin-a", "wrong password"))
    assert (ran.code, "[STF-01]" in ran.err) == (REFUSED, True)
    same = by(world, "admin-a", "admin-a")
    ran = await run("intake", "open", SESSION_ID, *same, typed=("admin-a", "admin-a"))
    assert (ran.code, "[STF-06]" in ran.err) == (REFUSED, True)


async def test_without_a_server_the_exit_code_is_4(
    world: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "CONNECT_S", 0.3)
    await world.stop()
    ran = await run("status", *by(world, "admin-a"), typed=("admin-a",))
    assert ran.code == NO_SERVER
    assert "no answer from the server" in ran.err


async def test_offline_commands_refuse_while_the_server_holds_the_folder(
    world: Any, run: Any, tmp_path: Path
) -> None:
    with alone(world.data):
        ran = await run("staff", "add", "--data", str(world.data), "--from-stdin")
        assert (ran.code, "running" in ran.err) == (REFUSED, True)
        ran = await run("run", "--data", str(world.data))
        assert (ran.code, "another server" in ran.err) == (REFUSED, True)
    public = world.template.folder / "headquarters.json"
    words = ["init", "--data", str(world.data), "--venue-id", "v", "--venue-name", "n"]
    ran = await run(*words, "--headquarters", str(public))
    assert (ran.code, "already set up" in ran.err) == (REFUSED, True)
    fresh = ["init", "--data", str(tmp_path / "new"), "--venue-id", "v", "--venue-name", "n"]
    ran = await run(*fresh, "--headquarters", str(public), "--light-passwords")
    assert ran.code == REFUSED
    assert not (tmp_path / "new").exists(), "light passwords are for rehearsals only"


async def test_a_weak_password_and_a_second_chief_are_refused_by_staff_add(
    world: Any, run: Any
) -> None:
    await world.stop()
    people = [
        {"person_id": "p1", "name": "甲", "roles": ["DEPUTY"], "password": "short"},
        {"person_id": "p2", "name": "乙", "roles": ["CHIEF"], "password": "long enough for all"},
        {"person_id": "p3", "name": "丙", "roles": ["ROVING"], "password": "long enough for all"},
    ]
    typed = tuple(json.dumps(each, ensure_ascii=False) for each in people)
    ran = await run("staff", "add", "--data", str(world.data), "--from-stdin", typed=typed)
    assert ran.code == REFUSED
    assert [json.loads(line)["person_id"] for line in ran.out.splitlines()] == ["p3"]
    assert "long enough" not in ran.out + ran.err


async def test_the_administrators_day_by_command_line(world: Any, kit: Any, run: Any) -> None:
    """From the plan to the armed release, and the closing, without a graphical console."""
    two, pair = by(world, "admin-a", "admin-b"), by(world, "admin-a", "chief-1")
    plan = world.headquarters.write_plan(world.cast, kit.DAY, world.folder / "plan.json")
    ran = await run("plan", "import", str(plan), *two, typed=("admin-a", "admin-b"))
    assert (ran.code, ran.json["sessions"]) == (OK, [SESSION_ID])
    ran = await run("plan", "import", "/nowhere", *two, typed=("admin-a", "admin-b"))
    assert (ran.code, "[DOC-01]" in ran.err) == (REFUSED, True)

    opening = ["intake", "open", SESSION_ID, *pair]
    ran = await run(*opening, typed=("admin-a", "chief-1"))
    assert (ran.code, "[PAP-16]" in ran.err) == (REFUSED, True)
    world.go(kit.DAY.at(-60))
    ran = await run(*opening, typed=("admin-a", "chief-1"))
    assert ran.code == OK
    medium = world.medium(1, 2)
    importing = ["intake", "import", str(medium), *by(world, "admin-a")]
    ran = await run(*importing, typed=("admin-a",))
    assert (ran.code, ran.json["missing"], ran.json["state"]) == (OK, [3, 4, 5], "RECEIVING")
    world.medium(2, 4)
    ran = await run(*importing, typed=("admin-a",))
    codes = [each["code"] for each in ran.json["files"]]
    assert (ran.code, codes, ran.json["state"]) == (OK, ["", "PAP-05", ""], "COMPLETE")
    ran = await run("intake", "close", *pair, typed=("admin-a", "chief-1"))
    assert (ran.code, ran.json) == (OK, {"state": "COMPLETE"})
    ran = await run("intake", "close", *pair, typed=("admin-a", "chief-1"))
    assert (ran.code, "[PAP-15]" in ran.err) == (REFUSED, True)

    arming = ["release", "arm", SESSION_ID, *by(world, "chief-1", "admin-a")]
    world.go(kit.DAY.at(-30))
    ran = await run(*arming, typed=("chief-1", "admin-a"))
    assert (ran.code, "[REL-06]" in ran.err) == (REFUSED, True)
    await world.invigilators()
    ran = await run(*arming, typed=("chief-1", "admin-a"))
    assert (ran.code, ran.json["release_at_ms"]) == (OK, kit.DAY.at(-2))
    code = ["release", "code", SESSION_ID, *by(world, "chief-1")]
    ran = await run(*code, typed=("chief-1", world.template.code_shares()[0]))
    assert (ran.code, "[REL-01]" in ran.err) == (REFUSED, True)
    assert world.template.code_shares()[0] not in ran.out + ran.err


async def test_the_door_by_command_line(world: Any, kit: Any, run: Any) -> None:
    """F09, F14, A09: items, doubts and visitors without a graphical console."""
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    world.go(kit.DAY.at(-29))
    ticket = world.candidate("01", "01").ticket_no
    room, both = ("inv-01-1", "inv-01-2"), by(world, "inv-01-1", "inv-01-2")
    console = await world.console("inv-01-1")
    doubtful = msgspec.structs.replace(
        world.admission(world.candidate("01", "01")), person_check=PersonCheck.DOUBT
    )
    await console.refused(doubtful)
    ran = await run("door", "admit-in-doubt", "01", ticket, "--note", "照片旧", *both, typed=room)
    assert ran.code == OK, ran.err
    doubt = f"{SESSION_ID}.{ticket}.1"
    ran = await run("door", "settle", "01", doubt, "--verified", *both, typed=room)
    assert ran.code == OK and ran.json == {"state": "VERIFIED"}, ran.err
    words = ("--kind", "TOOL", "--what", "手机", "--candidate-signed")
    ran = await run("door", "keep", "01", ticket, *words, *both, typed=room)
    assert ran.json["item"]["receipt_no"] == "W0001"
    ran = await run("door", "return", "01", "W0001", "--signed", *both, typed=room)
    assert ran.code == OK, ran.err
    visit = ("--name", "赵工", "--unit", "公司", "--reason", "检修")
    ran = await run("door", "approve", "01", *visit, *by(world, kit.CHIEF), typed=(kit.CHIEF,))
    assert ran.json == {"visitor_id": "F0001"}
    for step in ("enter", "leave"):
        ran = await run("door", step, "01", "F0001", *by(world, room[0]), typed=room[:1])
        assert ran.code == OK, ran.err
    ran = await run("door", "leave", "01", "F0001", *by(world, room[0]), typed=room[:1])
    assert ran.code == REFUSED and "ADM-20" in ran.err
    ran = await run(
        "door", "log", "01", "--json", *by(world, "inspector-1"), typed=("inspector-1",)
    )
    door = ran.json["door"]
    assert [len(door[kind]) for kind in ("doubts", "items", "visitors")] == [1, 1, 1]


async def test_the_closing_by_command_line(exam_day: Any, kit: Any, run: Any) -> None:
    day, world = exam_day, exam_day.world
    chief, pair = by(world, "chief-1"), by(world, "chief-1", "admin-a")
    ran = await run("session", "reconcile", SESSION_ID, *chief, typed=("chief-1",))
    assert (ran.code, "[SES-01]" in ran.err) == (REFUSED, True)
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain)
    await day.next_save(day.other, kit.Chain(day.other.sitting_id))
    world.go(kit.DAY.at(90))
    await day.chief.board(lambda b: b.venue.session_state is SessionState.ENDED)
    done = await day.first.client.submit(chain.sitting_id, SubmitKind.AUTO, 1, chain.head)
    assert done.head == chain.head
    force = ["session", "force-submit", day.other.sitting_id, "--room", "02", *pair]
    ran = await run(*force, typed=("chief-1", "admin-a"))
    assert (ran.code, ran.json) == (OK, {"seq": 1})
    await day.chief.board(lambda b: b.venue.data_state is DataState.BACKED_UP)
    ran = await run("session", "reconcile", SESSION_ID, *chief, typed=("chief-1",))
    assert (ran.code, ran.json["consistent"]) == (OK, True)
    label = ["backup", "label", SESSION_ID, *chief]
    ran = await run(*label, "--json", typed=("chief-1",))
    (fact, *_others) = ran.json["labels"]
    ran = await run(*label, "--medium", fact["medium_id"], typed=("chief-1",))
    assert (ran.code, fact["line"] in ran.out, fact["sha256"] in ran.out) == (OK, True, True)
    ran = await run(*label, "--medium", "another", typed=("chief-1",))
    assert (ran.code, "no verified copy" in ran.out) == (OK, True)
    ran = await run("backup", "certificate", *chief, typed=("chief-1",))
    said = (fact["sha256"] in ran.out, "enough" in ran.out, "too few" in ran.out)
    assert (ran.code, *said) == (OK, True, True, False)
    ran = await run("backup", "certificate", "--day", "1999-01-01", *chief, typed=("chief-1",))
    assert (ran.code, "no session on that day" in ran.out) == (OK, True)
    seal = ["session", "seal", SESSION_ID, *pair]
    ran = await run(*seal, typed=("chief-1", "admin-a"))
    assert (ran.code, "[REC-02]" in ran.err) == (REFUSED, True)
    await world.look_at_points(day.chief)
    ran = await run(*seal, typed=("chief-1", "admin-a"))
    assert (ran.code, "[SES-03]" in ran.err) == (REFUSED, True)
    check = ["close-check", "--session", SESSION_ID, *chief]
    ran = await run(*check, typed=("chief-1",))
    assert (ran.code, "01考场记录单签名不全" in ran.out) == (BROKEN, True)
    for room_id in ("01", "02"):
        for console in world.consoles:
            person = console.client.signed_in
            if person.person_id == "chief-1" or room_id in person.rooms:
                record = await console.order(GetRoomRecord(0, room_id))
                await console.order(SignRoomRecord(0, room_id, record["content_hash"]))
    ran = await run(*seal, typed=("chief-1", "admin-a"))
    assert (ran.code, len(ran.json["bundle_sha256"])) == (OK, 64)
    admin, both = by(world, "admin-a"), by(world, "admin-a", "chief-1")
    ran = await run("session", "upload", SESSION_ID, *admin, typed=("admin-a",))
    assert (ran.code, "receipt" in ran.json) == (OK, True)
    ran = await run("session", "wipe", SESSION_ID, *both, typed=("admin-a", "chief-1"))
    assert ran.code == OK
    wiped = ["wipe", "check", SESSION_ID, *admin]
    ran = await run(*wiped, typed=("admin-a",))
    assert (ran.code, "未回报" in ran.out) == (BROKEN, True), "the stations have not reported"
    for station in day.stations:
        station.client.paper_wiped((await station.heard.next(WipePaper)).paper_id)
    await world.recorded("wipe.station", len(day.stations))
    ran = await run(*wiped, typed=("admin-a",))
    assert (ran.code, "已清除" in ran.out) == (OK, True), ran.out
    ran = await run("wipe", "certificate", SESSION_ID, *admin, typed=("admin-a",))
    assert (ran.code, "签名 / signature" in ran.out) == (OK, True)
    ran = await run("answers", "where", "--session", SESSION_ID, *admin, typed=("admin-a",))
    assert (ran.code, "已上报 / at headquarters" in ran.out) == (OK, True)
    ran = await run("retention", "list", *admin, typed=("admin-a",))
    assert (ran.code, "ORDINARY" in ran.out) == (OK, True)
    ran = await run(*check, typed=("chief-1",))
    assert (ran.code, "✗" in ran.out) == (OK, False), ran.out
    ran = await run("ledger", "verify", "--data", str(world.data))
    assert (ran.code, "OK" in ran.out) == (OK, True)
    ran = await run("ledger", "verify", "--file", str(world.data / "ledger.jsonl"))
    assert ran.code == OK


async def test_b02_people_by_command_line(world: Any, kit: Any, run: Any, tmp_path: Path) -> None:
    """Codes, own passwords, the draw and its check, a delegated post, the organisation book."""
    admin = await world.console(kit.ADMIN)
    await import_roster(world, admin)
    pair = ("admin-a", "admin-b")
    ran = await run("staff", "code", "spare-1", *by(world, *pair), typed=pair)
    assert ran.code == OK, ran.err
    code = ran.out.split("one-time code: ")[1].splitlines()[0]
    own = ("staff", "password", "--data", str(world.data), "--person", "spare-1")
    ran = await run(*own, typed=(code, "a password of my own", "not the same"))
    assert (ran.code, "not the same twice" in ran.err) == (REFUSED, True)
    ran = await run(*own, typed=(code, "a password of my own", "a password of my own"))
    assert ran.code == OK, ran.err
    for person_id in INVIGILATORS:
        typed = ("a password of my own" if person_id == "spare-1" else person_id,)
        ran = await run("recusal", "declare", SESSION_ID, *by(world, person_id), typed=typed)
        assert ran.code == OK, ran.err
    heads = ("chief-1", "deputy-1")
    ran = await run("draw", "run", SESSION_ID, *by(world, *heads), typed=heads)
    assert (ran.code, sorted(ran.json["rooms"])) == (OK, ["01", "02"])
    ran = await run("draw", "run", SESSION_ID, *by(world, *heads), typed=heads)
    assert (ran.code, "[REL-13]" in ran.err) == (REFUSED, True)
    ran = await run("draw", "show", SESSION_ID, *by(world, "chief-1"), typed=("chief-1",))
    file = tmp_path / "draw.json"
    file.write_text(ran.out)
    assert (await run("draw", "check", str(file))).code == OK
    first = json.loads(ran.out)["result"]["rooms"]["01"][0]
    file.write_text(ran.out.replace(f'"01":["{first}"', '"01":["nobody-1"'))
    assert (await run("draw", "check", str(file))).code == BROKEN
    file.write_text("no document")
    assert (await run("draw", "check", str(file))).code == REFUSED
    ran = await run(
        *("post", "delegate", "chief-1", "deputy-1", "--role", "CHIEF", "--reason", "就医"),
        *by(world, *heads),
        typed=heads,
    )
    assert (ran.code, ran.json["delegation_id"]) == (OK, 1)
    ran = await run("staff", "list", *by(world, "admin-a"), typed=("admin-a",))
    assert "▶ #1 CHIEF: chief-1 → deputy-1" in ran.out
    assert "inv-01-1" in ran.out
    ran = await run("post", "end", "1", *by(world, "deputy-1"), typed=("deputy-1",))
    assert ran.code == OK, ran.err
    ran = await run("staff", "book", *by(world, "chief-1"), typed=("chief-1",))
    assert "13900000099" in ran.out
    assert "值班 / duty hours" in ran.out


async def test_a10_a13_a14_duty_by_command_line(world: Any, kit: Any, run: Any) -> None:
    await import_roster(world, await world.console(kit.ADMIN))
    admin, chief = by(world, "admin-a"), by(world, "chief-1")
    ran = await run("duty", "here", "B-inv-01-1", *admin, typed=("admin-a",))
    assert (ran.code, ran.json["person_id"]) == (OK, "inv-01-1")
    ran = await run("duty", "here", "B-0", *admin, typed=("admin-a",))
    assert (ran.code, "[DTY-02]" in ran.err) == (REFUSED, True)
    times = ["--from", "2026-11-22T19:00:00+08:00", "--until", "2026-11-23T07:00:00+08:00"]
    shift = ["duty", "shift", "admin-b", "--place", "考务办公室", "--phone", "0791", *times]
    ran = await run(*shift, *chief, typed=("chief-1",))
    number = str(ran.json["shift_id"])
    ran = await run("duty", "list", *chief, typed=("chief-1",))
    assert "考务办公室  0791" in ran.out
    assert "B-inv-01-1" in ran.out
    assert "nobody on duty" in ran.out
    ran = await run("duty", "here", "inv-01-1", "--left", *admin, typed=("admin-a",))
    assert ran.json["left_ms"] > 0
    ran = await run("duty", "withdraw", number, "--reason", "换人", *chief, typed=("chief-1",))
    assert ran.code == OK
    pair = by(world, "chief-1", "admin-a")
    ran = await run("duty", "override", "--reason", "换盘", *pair, typed=("chief-1", "admin-a"))
    assert ran.code == OK
    ran = await run("duty", "list", *chief, typed=("chief-1",))
    assert "overridden until" in ran.out
    assert "考务办公室" not in ran.out


async def test_f12_a_swap_and_a_dead_stations_journal_from_the_command_line(
    exam_day: Any, kit: Any, run: Any, tmp_path: Path
) -> None:
    world = exam_day.world
    await kit.spare_in(exam_day)
    signing = by(world, "inv-01-1", "admin-a")
    words = ("swap", "station", exam_day.first.sitting_id, "--room", "01", "--to", "91")
    words = (*words, "--reason", "键盘失灵", *signing)
    refused = await run(*words, typed=("inv-01-1", "admin-a"))
    assert refused.code == REFUSED and "SWP-04" in refused.err
    done = await run(*words, "--person-confirmed", typed=("inv-01-1", "admin-a"))
    assert done.code == OK and done.json["swap"]["to_seat"] == "91"
    listed = await run("swap", "list", *by(world, "admin-a"), typed=("admin-a",))
    assert "原机位 01 → 机位 91" in listed.out and "键盘失灵" in listed.out
    two = by(world, "admin-a", "chief-1")
    empty = await run("answers", "import", str(tmp_path), *two, typed=("admin-a", "chief-1"))
    assert empty.code == REFUSED and "SWP-09" in empty.err


async def test_f4_a_signed_export_and_one_written_into_from_the_command_line(
    exam_day: Any, kit: Any, run: Any, tmp_path: Path
) -> None:
    """Station's program to medium, medium to server; what the ledger, the record and people see."""
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    chain.add(world.now_ms(), "b")
    data = tmp_path / "station"
    shelf = Shelf(data)
    shelf.open(chain.sitting_id)
    shelf.append(chain.sitting_id, tuple(chain.entries))
    shutil.copytree(day.first.folder, data / "identity", dirs_exist_ok=True)
    stick = tmp_path / "stick"
    stick.mkdir()
    assert station_export(data, stick) == OK
    shelf.append(chain.sitting_id, (chain.add(world.now_ms(), "written into it"),))
    shelf.close_all()
    (copied,) = stick.glob("*/sittings/*/answers.journal")
    honest = copied.read_bytes()
    copied.write_bytes(next(data.glob("sittings/*/answers.journal")).read_bytes())
    two = by(world, "admin-a", "chief-1")
    words = ("answers", "import", str(stick), *two)
    ran = await run(*words, typed=("admin-a", "chief-1"))
    assert ran.code == OK and "[SWP-12]" in ran.out and "有未签名的改动" in ran.out
    copied.write_bytes(honest)
    ran = await run(*words, typed=("admin-a", "chief-1"))
    assert f"signed ({day.first.machine_id})" in ran.out and "SWP" not in ran.out
    ran = await run("answers", "import", str(data), *two, typed=("admin-a", "chief-1"))
    assert ran.code == OK and "REFUSED" in ran.out and "[SWP-11]" in ran.out
    bare = ("answers", "import", str(data), "--accept-unproved", *two)
    ran = await run(*bare, typed=("admin-a", "chief-1"))
    assert ran.code == REFUSED and "SWP-05" in ran.err
    ran = await run(*bare, "--reason", "原机损坏", typed=("admin-a", "chief-1"))
    assert "无签名 / unsigned" in ran.out and "server 2 → 3" in ran.out
    record = (await day.rooms["01"].order(GetRoomRecord(0, "01")))["record"]
    told = json.dumps(record, ensure_ascii=False)
    for line in (f"已验签（{day.first.machine_id}）", "[SWP-12]，1 条作答另存待裁定", "无签名）"):
        assert line in told
    ran = await run("swap", "list", *by(world, "admin-a"), typed=("admin-a",))
    assert f"未经证明 / unproved ({day.first.machine_id})" in ran.out


async def test_i07_i12_personal_time_by_command_line(exam_day: Any, run: Any) -> None:
    day, world = exam_day, exam_day.world
    sitting, room = day.first.sitting_id, ["--room", "01"]
    inv, chief = by(world, "inv-01-1"), by(world, "chief-1")
    why = ["--why", "POWER", "--minutes", "4", "--note", "停电"]
    ran = await run("credit", "propose", sitting, *room, *inv, *why, typed=("inv-01-1",))
    number = str(ran.json["credit"]["proposal_id"])
    ran = await run("credit", "approve", number, *inv, typed=("inv-01-1",))
    assert (ran.code, "[STF-04]" in ran.err) == (REFUSED, True)
    ran = await run("credit", "approve", number, *chief, typed=("chief-1",))
    assert ran.json["credit"]["approved"] is True
    ran = await run("credit", "list", *chief, typed=("chief-1",))
    assert [each["seconds"] for each in ran.json["credits"]] == [240]
    wrong = ["--minutes", "3", "--reason", "录错"]
    ran = await run("credit", "revoke", number, *room, *inv, *wrong, typed=("inv-01-1",))
    back = str(ran.json["credit"]["proposal_id"])
    ran = await run("credit", "approve", back, *chief, typed=("chief-1",))
    assert (ran.json["credit"]["taken_s"], ran.json["heard"]) == (180, True)
    assert (await run("credit", "out", sitting, *room, *inv, typed=("inv-01-1",))).code == OK
    ran = await run("credit", "log", *chief, typed=("chief-1",))
    assert len(ran.out.splitlines()) == 2 and ",BREAK," in ran.out
    leave = ["--why", "ILLNESS", "--reason", "送医"]
    both = by(world, "chief-1", "inv-01-1")
    ran = await run("credit", "exit", sitting, *both, *leave, typed=("chief-1", "inv-01-1"))
    assert (ran.code, ran.json) == (OK, {"sitting_id": sitting})
    ran = await run("credit", "lost", sitting, *room, *inv, typed=("inv-01-1",))
    assert ran.json["gaps"] == []


async def test_f18_l09_g11_answers_go_by_hand_from_the_command_line(
    exam_day: Any, kit: Any, run: Any, tmp_path: Path
) -> None:
    """The line dies before the upload: medium, two and two, receipt back, wiped; and a candidate's
    code still proves their answers at headquarters."""
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain)
    await day.next_save(day.other, kit.Chain(day.other.sitting_id))
    world.go(kit.DAY.at(90))
    await day.chief.board(lambda b: b.venue.session_state is SessionState.ENDED)
    shown = await day.first.client.submit(chain.sitting_id, SubmitKind.AUTO, 1, chain.head)
    pair, both = ("chief-1", "admin-a"), ("admin-a", "chief-1")
    force = ["session", "force-submit", day.other.sitting_id, "--room", "02", *by(world, *pair)]
    assert (await run(*force, typed=pair)).code == OK
    await day.chief.board(lambda b: b.venue.data_state is DataState.BACKED_UP)
    ran = await run("session", "reconcile", SESSION_ID, *by(world, "chief-1"), typed=("chief-1",))
    assert ran.code == OK, ran.err
    await world.look_at_points(day.chief)
    for room_id in ("01", "02"):
        for console in world.consoles:
            person = console.client.signed_in
            if person.person_id == "chief-1" or room_id in person.rooms:
                record = await console.order(GetRoomRecord(0, room_id))
                await console.order(SignRoomRecord(0, room_id, record["content_hash"]))
    ran = await run("session", "seal", SESSION_ID, *by(world, *pair), typed=pair)
    assert ran.code == OK, ran.err

    stick = tmp_path / "stick"
    stick.mkdir()
    export = ["bundle", "export", SESSION_ID, "--folder", str(stick), *by(world, *both)]
    ran = await run(*export, typed=both)
    assert (ran.code, "[HND-02]" in ran.err) == (REFUSED, True)
    await world.cut_off()
    ran = await run("session", "upload", SESSION_ID, *by(world, "admin-a"), typed=("admin-a",))
    assert (ran.code, "pending" in ran.json) == (OK, True)
    ran = await run(*export, typed=both)
    assert ran.code == OK, ran.err
    numbers = ("360102198001011234", "360102198102025678")
    over = ["bundle", "hand-over", "--session", SESSION_ID, "--medium", "—", "--seal", "F-7"]
    over += ["--reference", "函9号", "--receiver", "赵六", "省考院", "--receiver", "钱七", "省考院"]
    ran = await run(*over, *by(world, *both), typed=(*numbers, *both))
    assert ran.code == OK, ran.err
    assert ran.json["on_medium"] and not any(number in ran.out for number in numbers)
    ran = await run("upload", "status", *by(world, "admin-a"), typed=("admin-a",))
    assert ran.code == OK and "已中断，将自动重试 / interrupted" in ran.out
    assert "下次尝试 / next attempt" in ran.out and "外网线路" in ran.out
    ran = await run("bundle", "standing", *by(world, "chief-1"), typed=("chief-1",))
    assert "已移交" in ran.out and "3601**********1234" in ran.out
    wipe = ["session", "wipe", SESSION_ID, *by(world, *both)]
    assert (await run(*wipe, typed=both)).code == REFUSED

    hq = world.folder / "headquarters"
    taking = ["headquarters", "import-bundle", str(stick), "--data", str(hq), "--open"]
    ran = await run(*taking, "--receipts", str(tmp_path / "receipts"))
    assert ran.code == OK, ran.out + ran.err
    back = ["bundle", "take-receipts", str(tmp_path / "receipts"), *by(world, "admin-a")]
    ran = await run(*back, typed=("admin-a",))
    assert ran.code == OK, ran.err
    await day.chief.board(lambda b: b.venue.session_state is SessionState.UPLOADED)

    (opened,) = (hq / "results").iterdir()
    verify = ["answers", "verify", str(opened), "--sitting", day.first.sitting_id]
    assert (await run(*verify, "--code", shown.code)).code == OK
    assert (await run(*verify, "--code", receipt_code("0" * 64))).code == BROKEN
    assert (await run(*wipe, typed=both)).code == OK
