"""``venue-server rehearse``: a whole sitting on this machine."""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from venue_server.rehearsal.faults import Fault
from venue_server.rehearsal.figures import write_report
from venue_server.rehearsal.headquarters_side import PaperRefusedError
from venue_server.rehearsal.options import MIN_DURATION_S, RehearsalOptions, morning_after
from venue_server.rehearsal.progress import Progress, Stage
from venue_server.rehearsal.script import STAGES, rehearse

EXIT_FAILED = 1
EXIT_REFUSED = 2
EXIT_STOPPED = 130
DURATION_S = 120.0
SHOW_DURATION_S = 1_800.0


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``rehearse``."""
    parser = commands.add_parser("rehearse", help="试考：在本机演练一整场 / a whole sitting, here")
    parser.add_argument("--stations", type=int, default=12, help="headless stations (12)")
    parser.add_argument("--duration", type=float, help="real seconds for the whole day (120)")
    parser.add_argument("--paper", type=Path, help="any QTI 3.0 package instead of the sample")
    parser.add_argument("--report", type=Path, help="write the figures as JSON")
    parser.add_argument("--show", action="store_true", help="open a console and one station")
    parser.add_argument("--out", type=Path, help="folder for everything written")
    parser.add_argument("--seed", type=int, default=1, help="for names and answers")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        choices=[each.value for each in Fault],
        help="故障演练 / something goes wrong; may be given several times",
    )
    parser.set_defaults(run=_rehearse)


def _options(given: argparse.Namespace) -> RehearsalOptions:
    duration = given.duration or (SHOW_DURATION_S if given.show else DURATION_S)
    folder = given.out
    now = datetime.now().astimezone()
    if folder is None:
        stamp = now.strftime("%Y%m%d-%H%M%S-")
        folder = Path(tempfile.mkdtemp(prefix=f"kaodian-rehearsal-{stamp}"))
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return RehearsalOptions(
        stations=given.stations,
        duration_s=max(MIN_DURATION_S, duration),
        folder=folder,
        paper=given.paper.resolve() if given.paper else None,
        report=given.report,
        show=given.show,
        seed=given.seed,
        begin_ms=morning_after(int(now.timestamp() * 1000)),
        faults=tuple(given.fault),
    )


async def _until_told(options: RehearsalOptions, progress: Progress) -> dict[str, Any]:
    """Play the day; Ctrl-C and SIGTERM end it in order, with every program it started."""
    task = asyncio.ensure_future(rehearse(options, progress))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    return await task


def _rehearse(given: argparse.Namespace) -> int:
    if given.stations < 1:
        sys.stderr.write("--stations: 至少 1 / at least 1\n")
        return EXIT_REFUSED
    options = _options(given)
    progress = Progress([Stage(*each) for each in STAGES])
    try:
        with progress.showing():
            report = asyncio.run(_until_told(options, progress))
    except asyncio.CancelledError:
        sys.stderr.write(f"已中止 / stopped. 文件 / files: {options.folder}\n")
        return EXIT_STOPPED
    except PaperRefusedError as refused:
        sys.stderr.write(f"试卷不能封装 / the paper cannot be sealed:\n{refused}\n")
        return EXIT_REFUSED
    report["folder"] = str(options.folder)
    write_report(options.folder / "report.json", report)
    if options.report is not None:
        write_report(options.report, report)
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    verdict = "通过 / PASSED" if report["passed"] else "未通过 / FAILED"
    sys.stdout.write(f"{verdict}\n全部文件 / everything is in: {options.folder}\n")
    return 0 if report["passed"] else EXIT_FAILED
