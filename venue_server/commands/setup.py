"""``init`` and ``run``: setting a venue up and starting its server."""

import argparse
import asyncio
import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import msgspec
import uvloop

from venue_server.commands.alone import VenueBusyError, alone
from venue_server.commands.media import register_medium
from venue_server.foundation import STORE, open_clock, open_ledger, second_medium
from venue_server.gateway.open_files import allow_many_files
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.node import StartFault, VenueNode
from venue_server.own_log import OwnLog, log_here
from venue_server.settings import Headquarters, Settings, save_settings
from venue_server.stations.authority import create_authority
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.upload import memory_io
from venue_server.venue_keys import VenueKeys
from venue_server.wire.names import Mode
from venue_server.wire.process_memory import forbid_core_files, hide_from_others
from venue_server.wire.refusals import Refusal, RefusalCode

FOLDERS = ("keys", "keys/answers", "papers", "quarantine", "outbox", "run")
EXIT_REFUSED = 2
EXIT_FAULT = 3
GC_OBJECTS = 50_000


def say(event: str, **data: object) -> None:
    """One JSON line for whoever started this program."""
    sys.stdout.write(json.dumps({"event": event, **data}) + "\n")
    sys.stdout.flush()


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this family to the command line."""
    init = commands.add_parser("init", help="set up a venue's data folder")
    init.add_argument("--data", type=Path, required=True)
    init.add_argument("--venue-id", required=True)
    init.add_argument("--venue-name", required=True)
    init.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.LIVE)
    init.add_argument("--headquarters", type=Path, required=True, help="headquarters' public file")
    init.add_argument("--second", default="second", help="folder on another device")
    init.add_argument("--backup", action="append", help="folder of a backup medium (repeatable)")
    init.add_argument("--listen", default="0.0.0.0:7443", help="HOST:PORT of the main listener")
    init.add_argument("--enrol-port", type=int, default=7444)
    init.add_argument("--same-device", action="store_true", help="allow copies on one device")
    init.add_argument("--no-advertise", action="store_true", help="no mDNS announcement")
    init.add_argument(
        "--light-passwords", action="store_true", help="rehearsals only: fast hashing"
    )
    init.add_argument(
        "--enrolments-per-address",
        type=int,
        default=16,
        help="machines of one address that may wait for their code (more for simulated stations)",
    )
    init.set_defaults(run=_init)

    run = commands.add_parser("run", help="run the server")
    run.add_argument("--data", type=Path, required=True)
    run.set_defaults(run=_run)


# ---- init --------------------------------------------------------------------------------


def _init(options: argparse.Namespace) -> int:
    data: Path = options.data
    if (data / "venue.json").exists():
        sys.stderr.write(f"{data}: 已初始化 / already set up\n")
        return EXIT_REFUSED
    if options.light_passwords and options.mode is not Mode.REHEARSAL:
        sys.stderr.write("--light-passwords: only with --mode REHEARSAL\n")
        return EXIT_REFUSED
    host, _, port = options.listen.rpartition(":")
    backups = options.backup or ["backup"]
    settings = Settings(
        venue_id=options.venue_id,
        venue_name=options.venue_name,
        mode=options.mode,
        headquarters=_headquarters(options.headquarters),
        listen_host=host,
        listen_port=int(port),
        enrol_port=options.enrol_port,
        second_folder=options.second,
        backup_folders=backups,
        backups_required=min(2, len(backups)),
        advertise=not options.no_advertise,
        same_device_allowed=options.same_device,
        enrolments_per_address=options.enrolments_per_address,
        argon2_memory_kib=8192 if options.light_passwords else 65536,
    )
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in FOLDERS:
        (data / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    media: dict[str, str] = {}
    for name in dict.fromkeys([options.second, *backups]):
        apart = None if options.same_device or name != options.second else data
        registered = register_medium(data / name, options.venue_id, apart)
        if isinstance(registered, Refusal):
            sys.stderr.write(f"{registered.text('zh')} / {registered.text('en')}\n")
            return EXIT_REFUSED
        media[name] = registered
    settings = msgspec.structs.replace(settings, media=media)
    create_authority(data / "keys", options.venue_id)
    VenueKeys.create(data / "keys")
    asyncio.run(_first_entry(data, settings))
    # Last: a folder with settings is a whole one.
    save_settings(data, settings)
    say("initialised", data=str(data), venue_key=str(data / "keys" / "venue.hpke.pub"))
    return 0


def _headquarters(file: Path) -> Headquarters:
    found = json.loads(file.read_text())
    return Headquarters(
        keys=found["keys"],
        threshold=found["threshold"],
        base_url=found["base_url"],
        certificate_pem=found["certificate_pem"],
        other_urls=found.get("other_urls", []),
        other_certificates=found.get("other_certificates", []),
    )


def open_stopped(data: Path, settings: Settings) -> tuple[Store, Ledger]:
    """Store and ledger of a stopped venue."""
    engine = open_engine(data / STORE)
    migrate(engine)
    store = Store(engine)
    second = second_medium(data, settings)
    return store, open_ledger(store, data, second, open_clock(data, second))


async def _first_entry(data: Path, settings: Settings) -> None:
    store, ledger = open_stopped(data, settings)
    try:
        await ledger.note(
            Event.VENUE_INITIALISED, venue=settings.venue_id, mode=settings.mode.value
        )
    finally:
        store.close()


# ---- run ---------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    # Before any key is read: neither a crash nor a debugger of this user shows what is in memory.
    forbid_core_files()
    hide_from_others()
    allow_many_files()
    try:
        with alone(options.data):
            own = log_here(options.data)
            try:
                return uvloop.run(_serve(options.data, own))
            finally:
                own.end()
    except VenueBusyError:
        sys.stderr.write(f"{StartFault(Refusal(RefusalCode.SERVER_RUNS, str(options.data)))}\n")
        return EXIT_REFUSED
    except StartFault as fault:
        sys.stderr.write(f"拒绝启动 / refusing to start: {fault}\n")
        return EXIT_FAULT


def begin_again() -> NoReturn:
    """The same program from its beginning, as the same process: its unit, or whoever else started
    it, sees no end. Nothing is ended in order, for that would write to descriptors that are dead;
    what was acknowledged is durable (docs/decisions/0057). Raises OSError."""
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606  # this very command line


def calm_collector() -> None:
    """Let the garbage collector look less often (P3).

    What a running server makes is freed by reference counts; cycles are rare. Looking for them
    after every 700 new objects cost a quarter of the CPU of a save, because each look went through
    answers that wait for their fsync. What was built at the start is left out of every look.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_OBJECTS, 20, 20)


async def _serve(data: Path, own: OwnLog) -> int:
    node = VenueNode(data, memory_io.clean)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await node.start()
    calm_collector()
    say("serving", port=node.ports.main, enrol_port=node.ports.enrol, mode=node.settings.mode)
    ends = [asyncio.create_task(stop.wait()), asyncio.create_task(node.failed.wait())]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for each in ends:
        each.cancel()
    if node.begin_again:
        own.end()
        begin_again()
    await node.stop()
    return EXIT_FAULT if node.failed.is_set() else 0
