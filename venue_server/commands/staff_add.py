"""``staff add``: accounts with passwords while a venue is set up and its server stands still."""

import argparse
import asyncio
import getpass
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from venue_server.commands.alone import VenueBusyError, alone
from venue_server.commands.setup import EXIT_REFUSED, open_stopped, say
from venue_server.foundation import open_clock, second_medium
from venue_server.settings import load_settings
from venue_server.staff.passwords import HashCost
from venue_server.staff.service import StaffService
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal


def add_command(staff: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``staff add`` to the family ``staff``."""
    add = staff.add_parser("add", help="add people while the server is stopped")
    add.add_argument("--data", type=Path, required=True)
    add.add_argument("--person", help="account name; the password is asked for")
    add.add_argument("--name", help="the person's name")
    add.add_argument("--role", type=Role, choices=list(Role), action="append")
    add.add_argument("--room", action="append", default=[])
    add.add_argument(
        "--from-stdin",
        action="store_true",
        help="one JSON object a line: person_id, name, roles, rooms, password",
    )
    add.set_defaults(run=_staff_add)


def _staff_add(options: argparse.Namespace) -> int:
    try:
        with alone(options.data):
            return asyncio.run(_add_people(options.data, _people(options)))
    except VenueBusyError:
        sys.stderr.write("服务器正在运行 / the server is running: stop it first\n")
        return EXIT_REFUSED


def _people(options: argparse.Namespace) -> Iterator[dict[str, object]]:
    if options.from_stdin:
        yield from (json.loads(line) for line in sys.stdin if line.strip())
        return
    password = getpass.getpass("密码 / password: ")
    yield {
        "person_id": options.person,
        "name": options.name,
        "roles": options.role or [],
        "rooms": options.room,
        "password": password,
    }


async def _add_people(data: Path, people: Iterator[dict[str, object]]) -> int:
    settings = load_settings(data)
    store, ledger = open_stopped(data, settings)
    clock = open_clock(data, second_medium(data, settings))
    cost = HashCost(memory_kib=settings.argon2_memory_kib)
    staff = StaffService(store, ledger, clock.now_ms, lambda: int(time.time() * 1000), cost)
    status = 0
    try:
        for each in people:
            roles, rooms = each.get("roles") or [], each.get("rooms") or []
            assert isinstance(roles, list)
            assert isinstance(rooms, list)
            done = await staff.add(
                str(each["person_id"]),
                str(each["name"]),
                [Role(role) for role in roles],
                [str(room) for room in rooms],
                str(each["password"]),
                "local",
            )
            if isinstance(done, Refusal):
                sys.stderr.write(f"{each['person_id']}: {done.text('zh')} / {done.text('en')}\n")
                status = EXIT_REFUSED
            else:
                say("staff_added", person_id=done.person_id)
    finally:
        store.close()
    return status
