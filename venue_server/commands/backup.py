"""``backup``: which media hold which verified copies, their labels; an old copy proved again."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from venue_server.backup.archive import BackupFault, check_archive
from venue_server.commands.orders import add_order
from venue_server.wire.backup_orders import BackupLabel, Backups, BackupSession, GetBackups
from venue_server.wire.names import DataState

EXIT_FAULT = 1
_CHINA = timezone(timedelta(hours=8))


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this family to the command line."""
    family = commands.add_parser("backup", help="backup media and their verified copies")
    backup = family.add_subparsers(required=True)
    show = add_order(
        backup,
        "show",
        "every medium, every verified copy with its serial, digest and read-back time, the labels",
        build=lambda options, _second: GetBackups(0, options.session),
    )
    show.add_argument("--session", default="", help="only this session")
    label = add_order(
        backup,
        "label",
        "what stands on the labels of a session's backup media, ready to be copied or printed",
        "session",
        build=lambda options, _second: GetBackups(0, options.session),
    )
    label.add_argument(
        "--medium",
        dest="show",
        type=labels_of,
        default=labels_of(""),
        help="only this medium: its folder, id or serial",
    )
    certificate = add_order(
        backup,
        "certificate",
        "what the day's backup certificate says, ready to be printed, dated and signed (L05)",
        build=lambda _options, _second: GetBackups(0),
    )
    certificate.add_argument(
        "--day",
        dest="show",
        type=certificate_of,
        default=certificate_of(""),
        help="only this exam day, 2026-11-22; else every day on which a session has begun",
    )
    check = backup.add_parser("check", help="prove one archive again, from the file and its digest")
    check.add_argument("file", type=Path)
    check.add_argument("sha256", help="as the label or the certificate says it, in full")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    try:
        names = check_archive(options.file, options.sha256.lower())
    except BackupFault as fault:
        sys.stderr.write(f"不符 / does not match: {fault}\n")
        return EXIT_FAULT
    sys.stdout.write(f"相符 / matches: {len(names)}\n")
    return 0


def labels_of(medium: str) -> Callable[[dict[str, Any]], str]:
    """What prints the labels of one medium (empty: of all) from the answer to GetBackups (L04)."""

    def show(result: dict[str, Any]) -> str:
        found = [
            each
            for each in msgspec.convert(result, Backups).labels
            if medium in ("", each.target, each.medium_id, each.serial)
        ]
        return "\n".join(map(_text, found)) or "没有校验过的备份 / no verified copy\n"

    return show


def certificate_of(day: str) -> Callable[[dict[str, Any]], str]:
    """What prints the certificate of one exam day (empty: of every day with a session that is being
    collected or was) from the answer to GetBackups."""

    def show(result: dict[str, Any]) -> str:
        found = msgspec.convert(result, Backups)
        days = sorted({each.day for each in found.sessions if day in ("", each.day)}, reverse=True)
        pages = [_day(each, found) for each in days]
        return "\n".join(pages) or "没有这一天的场次 / no session on that day\n"

    return show


def _day(day: str, found: Backups) -> str:
    sessions = [each for each in found.sessions if each.day == day]
    names = {each.session_id for each in sessions}
    lines = [f"每日数据备份证明 / daily backup certificate\n考试日期 / exam day: {day}\n"]
    lines += [
        f"{each.session_id} {each.subject_title}: {each.data_state.value} "
        f"{each.counted}/{found.required} {_verdict(each, found.required)}\n"
        for each in sessions
    ]
    lines += [_text(each) for each in found.labels if each.session_id in names]
    lines += [
        f"介质 / medium {each.target} {each.medium_id}: {each.problem or '在位 / here'}\n"
        for each in found.media
    ]
    lines.append(
        "系统管理员 / administrator ________  主考 / chief ________  日期 / date ________\n"
    )
    return "".join(lines)


def _verdict(session: BackupSession, required: int) -> str:
    if session.data_state is DataState.COLLECTING:
        return "尚未收齐 / not collected yet"
    enough = session.data_state is DataState.WIPED or session.counted >= required
    return "足够 / enough" if enough else "不足，不得密封 / too few: nothing may be sealed"


def _text(one: BackupLabel) -> str:
    verified = datetime.fromtimestamp(one.verified_at_ms / 1000, _CHINA)
    return (
        f"{one.line}\n"
        f"  考试 / exam: {one.exam_title} {one.subject_title}\n"
        f"  份 / copy: {one.number}/{one.total}\n"
        f"  介质 / medium: {one.target} {one.medium_id} {one.serial}\n"
        f"  文件 / file: {one.file} ({one.size})\n"
        f"  SHA-256: {one.sha256}\n"
        f"  读回校验 / read back: {verified:%Y-%m-%d %H:%M:%S}\n"
        f"  保管 / keeper: {one.keeper or '________'}\n"
    )
