"""The exam day of a rehearsal, stage by stage, in the order of the regulation.

Every stage works on the real programs through the doors people use: command lines, consoles on the
control socket, stations on the LAN. Nothing here reaches into the server.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from venue_server.headquarters.prepare import check
from venue_server.headquarters.service_keys import init_headquarters
from venue_server.rehearsal import processes
from venue_server.rehearsal.after import After
from venue_server.rehearsal.before import READY_S, Before
from venue_server.rehearsal.cast import invent
from venue_server.rehearsal.doors import Doors
from venue_server.rehearsal.exam import Exam
from venue_server.rehearsal.faults import Faults
from venue_server.rehearsal.headquarters_side import Headquarters, PaperRefusedError
from venue_server.rehearsal.judging import Judge
from venue_server.rehearsal.options import DayTimes, RehearsalOptions
from venue_server.rehearsal.papers import Papers
from venue_server.rehearsal.people import OrderRefusedError
from venue_server.rehearsal.processes import Program, ProgramFault, python_command
from venue_server.rehearsal.progress import Progress, Stage
from venue_server.rehearsal.roster import day_staff
from venue_server.rehearsal.scene import RehearsalFailedError, Scene
from venue_server.rehearsal.sealing import Sealing
from venue_server.rehearsal.staffing import Staffing

STAGES = (
    ("setup", "布置考点", "set up headquarters, venue and server"),
    ("machines", "登记考试机", "enrol the stations"),
    ("plan", "考务计划与试卷封装", "signed plan, sealed paper"),
    ("accounts", "开通账号", "one-time codes and accounts"),
    ("declare", "申报与回避", "declarations, a recusal"),
    ("inspect", "封场检测", "inspect venue, stations and network"),
    ("seal-venue", "纠正与封场", "correct, inspect again, seal the venue"),
    ("draw", "抽签定考场", "draw the rooms"),
    ("intake", "监督接收碎片", "supervised receipt of fragments"),
    ("distribute", "下发密文并校验", "ciphertext to every station"),
    ("admission", "入场与登录", "admission and log-in"),
    ("release", "定时释放", "timed release"),
    ("answering", "作答", "answering"),
    ("collect", "回收与备份", "collect and back up"),
    ("records", "核对与签名", "reconcile and sign"),
    ("seal", "密封", "seal"),
    ("upload", "上报与回执", "upload and receipt"),
    ("media", "介质归还", "media back to their keepers"),
    ("wipe", "清除", "wipe"),
    ("close", "收场核对", "close check"),
    ("judge", "核验", "verify everything"),
)
"""The acts in the order of the day."""


async def rehearse(options: RehearsalOptions, progress: Progress) -> dict[str, Any]:
    """Play the day and return the report; always stops every program it started.

    Raises PaperRefusedError when the package cannot be sealed.
    """
    problems = await asyncio.to_thread(check, options.package)
    if any(problem.blocking for problem in problems):
        raise PaperRefusedError([each for each in problems if each.blocking])
    report: dict[str, Any] = {"passed": False, "stations": options.stations}
    scene: Scene | None = None
    try:
        scene = await _open(options, progress)
        faults = Faults(scene)
        scene.leaving.append(faults.close)
        for key, step in _steps(scene, faults):
            with progress.stage(key):
                await step()
        with progress.stage("judge"):
            report = await Judge(scene).judge()
            report["faults"] = faults.done
    except (ProgramFault, OrderRefusedError, RehearsalFailedError, TimeoutError) as error:
        report["problem"] = str(error) or type(error).__name__
    finally:
        if scene is not None:
            await scene.stop()
    report["stages"] = [_stage_row(stage) for stage in progress.stages]
    return report


async def _open(options: RehearsalOptions, progress: Progress) -> Scene:
    """Headquarters and everyone who takes part."""
    folder = options.folder / "headquarters"
    keys = await asyncio.to_thread(init_headquarters, folder)
    words = ("headquarters", "serve", "--data", str(folder), "--rate", str(options.rate))
    command = python_command("venue_server", *words, "--clock-start", str(options.begin_ms))
    service: Program = await processes.start(
        "headquarters", command, options.folder / "headquarters.log"
    )
    ready = await service.next_event("ready", READY_S)
    cast = invent(options.stations, options.seed, 1 if options.show else 0)
    return Scene(
        options=options,
        progress=progress,
        cast=replace(cast, staff=day_staff(cast.rooms)),
        headquarters=Headquarters(
            keys, f"https://127.0.0.1:{ready['port']}", float(ready["origin_s"])
        ),
        times=DayTimes(0),
        programs=[service],
    )


def _steps(scene: Scene, faults: Faults) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    before, papers, staffing = Before(scene, faults), Papers(scene), Staffing(scene)
    sealing, doors = Sealing(scene), Doors(scene)
    exam, after = Exam(scene, faults, doors), After(scene, doors)
    return [
        ("setup", before.set_up),
        ("machines", before.enrol),
        ("plan", papers.plan),
        ("accounts", staffing.accounts),
        ("declare", staffing.declare),
        ("inspect", sealing.inspect),
        ("seal-venue", sealing.seal),
        ("draw", staffing.draw),
        ("intake", papers.intake),
        ("distribute", papers.distribute),
        ("admission", doors.admit),
        ("release", exam.release),
        ("answering", exam.answering),
        ("collect", exam.collect),
        ("records", after.records),
        ("seal", after.seal),
        ("upload", after.upload),
        ("media", papers.device_back),
        ("wipe", after.wipe),
        ("close", after.close_check),
    ]


def _stage_row(stage: Stage) -> dict[str, object]:
    return {
        "stage": stage.key,
        "begin_s": round(stage.begin, 3),
        "end_s": round(stage.end, 3),
        "verdict": stage.verdict,
    }
