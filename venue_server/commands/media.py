"""``media``: which disks belong to the venue, and another one in the place of one that died (R3).

The server must be stopped: a disk is exchanged by hand anyway, and the running server never takes a
medium that it does not know.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from venue_server.commands.alone import VenueBusyError, alone
from venue_server.foundation import backup_media, second_medium
from venue_server.settings import Settings, load_settings, save_settings
from venue_server.storage.medium import MediumRule, mark, read_marker
from venue_server.wire.refusals import Refusal, RefusalCode

EXIT_REFUSED = 2
_IN_ORDER = "正常 / in order"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this family to the command line."""
    media = commands.add_parser("media", help="the venue's own disks").add_subparsers(required=True)
    show = media.add_parser("show", help="which are registered, and whether they are there")
    show.add_argument("--data", type=Path, required=True)
    show.set_defaults(run=_show)
    second = media.add_parser("second", help="register another disk for the second copy")
    second.add_argument("folder", help="where it is mounted")
    second.add_argument("--data", type=Path, required=True)
    second.set_defaults(run=_change, change=_second)
    backup = media.add_parser("backup", help="register a backup medium, new or in another's place")
    backup.add_argument("folder", help="where it is mounted")
    backup.add_argument("--data", type=Path, required=True)
    backup.add_argument("--instead-of", default="", help="the folder whose medium is given up")
    backup.set_defaults(run=_change, change=_backup)


def register_medium(folder: Path, venue_id: str, apart_from: Path | None) -> str | Refusal:
    """Make the folder if need be, judge its device, and give the medium its identity.

    LED-04 on the device of ``apart_from``; LED-05 on a medium of another venue.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if MediumRule(folder, apart_from=apart_from).problem() is not None:
        if made:
            folder.rmdir()
        return Refusal(RefusalCode.MEDIUM_SAME_DEVICE, str(folder))
    found = read_marker(folder)
    if found is not None and found.venue_id != venue_id:
        return Refusal(RefusalCode.MEDIUM_IN_USE, str(folder))
    return mark(folder, venue_id)


def _show(options: argparse.Namespace) -> int:
    data: Path = options.data
    settings = load_settings(data)
    rules = {"second": second_medium(data, settings)}
    rules |= {f"backup {name}": rule for name, rule in backup_media(data, settings).items()}
    problems = {name: rule.problem() for name, rule in rules.items()}
    for name, rule in rules.items():
        problem = problems[name]
        state = _IN_ORDER if problem is None else problem.value
        sys.stdout.write(f"{name}\t{rule.folder}\t{rule.medium_id[:8] or '—'}\t{state}\n")
    return 1 if any(problems.values()) else 0


def _change(options: argparse.Namespace) -> int:
    data: Path = options.data
    try:
        with alone(data):
            changed = options.change(data, load_settings(data), options)
            if isinstance(changed, Refusal):
                sys.stderr.write(f"{changed.text('zh')} / {changed.text('en')}\n")
                return EXIT_REFUSED
            save_settings(data, changed)
    except VenueBusyError:
        sys.stderr.write("服务器正在运行 / the server is running: stop it first\n")
        return EXIT_REFUSED
    return _show(options)


def _second(data: Path, settings: Settings, options: argparse.Namespace) -> Settings | Refusal:
    apart = None if settings.same_device_allowed else data
    medium = register_medium(data / options.folder, settings.venue_id, apart)
    if isinstance(medium, Refusal):
        return medium
    media = {**settings.media, options.folder: medium}
    if settings.second_folder not in (*settings.backup_folders, options.folder):
        media.pop(settings.second_folder, None)
    return msgspec.structs.replace(settings, second_folder=options.folder, media=media)


def _backup(data: Path, settings: Settings, options: argparse.Namespace) -> Settings | Refusal:
    apart = None if settings.same_device_allowed else data
    medium = register_medium(data / options.folder, settings.venue_id, apart)
    if isinstance(medium, Refusal):
        return medium
    kept = [name for name in settings.backup_folders if name != options.instead_of]
    folders = [*dict.fromkeys([*kept, options.folder])]
    media = {**settings.media, options.folder: medium}
    return msgspec.structs.replace(settings, backup_folders=folders, media=media)
