"""Incidents and violations from the command line at a running exam (B07, I01, V05, V06, V07)."""

import asyncio
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from venue_server import __main__ as program

Run = Callable[..., Any]


@pytest.fixture
def run(exam_day: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run(people, words)``: one command by these people, its result as JSON; must succeed."""
    world = exam_day.world

    async def command(people: str, *words: str) -> Any:
        who = people.split()
        typed = "".join(f"{world.person(each).password}\n" for each in who)
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        second = ["--second", who[1]] if len(who) > 1 else []
        options = ["--data", str(world.data), "--person", who[0], *second, "--json"]
        capsys.readouterr()
        code = await asyncio.to_thread(program.main, [*words, *options])
        out, err = capsys.readouterr()
        assert code == 0, err
        return json.loads(out)

    return command


async def test_b07_i01_an_incident_from_its_opening_to_its_result(exam_day: Any, run: Run) -> None:
    over_ms = exam_day.world.now_ms()
    began, over = str(over_ms - 60_000), str(over_ms)
    words = ("--room", "01", "--seat", "01", "--kind", "POWER", "--severity", "SEVERE")
    made = await run("inv-01-1", "incidents", "open", *words, "--what", "停电", "--began", began)
    number = made["incident"]["incident_id"]
    assert "停电" in made["incident"]["report"]
    told = ("--to", "部考试中心", "--way", "电话", "--reference", "12号")
    await run("chief-1", "incidents", "report", number, *told)
    more = ("--room", "01", "--cause", "跳闸", "--action", "合闸", "--over", over)
    await run("inv-01-1", "incidents", "add", number, *more)
    await run("chief-1", "incidents", "contain", number, "--reason", "核实")
    await run("chief-1", "incidents", "close", number, "--result", "已恢复")
    found = await run("chief-1", "incidents", "list")
    (one,) = found["incidents"]
    assert (one["result"], one["duration_ms"], len(one["reports"])) == ("已恢复", 60_000, 1)
    assert [each["subject"] for each in found["holds"]] == [number]
    words = ("--reason", "核实完", "--reference", "9号")
    await run("chief-1 admin-a", "incidents", "lift", number, *words)
    assert (await run("chief-1", "incidents", "list"))["holds"] == []


async def test_v05_v06_a_violation_with_item_and_signatures_and_the_end_of_a_sitting(
    exam_day: Any, run: Run
) -> None:
    room, sitting = ("--room", "01"), exam_day.first.sitting_id
    facts = ("--facts", "使用手机", "--place", "01机位", "--evidence", "截图")
    made = await run(
        "inv-01-1", "violations", "record", sitting, "--code", "O31-7-5", *room, *facts
    )
    number = made["violation"]["violation_id"]
    await run("inv-01-1", "violations", "add", number, *room, "--statement", "忘记关机")
    await run("inv-01-1 inv-01-2", "violations", "take", number, "W01", *room, "--what", "手机")
    await run("inv-01-1 inv-01-2", "violations", "refused", number, *room)
    now = (await run("inv-01-1", "violations", "signed", number, *room))["violation"]
    await run("chief-1", "violations", "sign", number, now["content_hash"])
    await run("inv-01-1 inv-01-2", "violations", "return", number, "W01", *room)
    await run("chief-1", "incidents", "hold", number, "--reason", "待复核")
    why = ("--reason", "查证不实", "--reference", "监控C-07")
    await run("chief-1", "violations", "withdraw", number, *why)
    ended = ("terminate", sitting, *room, "--reason", "扰乱考场秩序")
    await run("chief-1 inv-01-1", "violations", *ended)
    found = (await run("inv-01-1", "violations", "list"))["violations"]
    assert [each["code"] for each in found] == ["O31-7-5", "O31-9"]
    assert (found[0]["withdrawn_ref"], found[1]["chief"]) == ("监控C-07", "")


async def test_v09_an_observation_is_dismissed(exam_day: Any, run: Run) -> None:
    assert exam_day.first.client.heartbeat(0, 0, "ANSWER", ["FOCUS_LOST"])
    await exam_day.world.recorded("station.alert")
    words = ("observation", "1", "--room", "01", "--remark", "输入法窗口")
    done = await run("inv-01-1", "violations", *words)
    assert done["observation"]["verdict"] == "DISMISSED"
