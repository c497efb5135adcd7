"""Command line of the stand-in headquarters: ``venue-server headquarters init|serve|…``."""

import argparse
import asyncio
import json
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

import msgspec

from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_documents import publish_document
from venue_server.headquarters.service_keys import init_headquarters, load_headquarters
from venue_server.headquarters.service_media import Brought, MediaDesk
from venue_server.headquarters.service_papers import publish_package
from venue_server.headquarters.service_receipts import ReceiptDesk, Venue, register_venue
from venue_server.headquarters.service_release import PaperSecret, publish_paper
from venue_server.headquarters.service_uploads import UploadShelf
from venue_server.storage.files import write_whole
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.refusals import Refusal


def add_commands(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``headquarters`` to the server's command line; each command sets ``run``, a function
    of the parsed options that returns the exit status."""
    parser = subparsers.add_parser("headquarters", help="stand-in headquarters for rehearsals")
    commands = parser.add_subparsers(required=True)
    _add(commands, "init", _init, "make the folder and its keys")
    serve = _add(commands, "serve", _serve, "serve time, release, uploads and receipts")
    serve.add_argument("--listen", default="127.0.0.1:0", help="HOST:PORT, port 0 for any")
    serve.add_argument("--clock-start", help="exam time at start: ISO 8601 or milliseconds")
    serve.add_argument("--clock-began", type=float, help="origin_s that the first start printed")
    serve.add_argument("--rate", type=float, default=1.0, help="exam seconds per real second")
    publish = _add(commands, "publish", _publish, "publish a sealed form's release secret")
    publish.add_argument("file", type=Path, help="JSON: paper_id, form_id, package_id, …")
    mirror = _add(commands, "mirror", _mirror, "put a sealed paper's venue folder on the mirror")
    mirror.add_argument("folder", type=Path, help="the folder venue/ that sealing wrote")
    issue = _add(commands, "issue", _issue, "issue a signed notice or order over the line")
    issue.add_argument("file", type=Path, help="what paper notice or paper order wrote")
    brought = _add(commands, "import-bundle", _import_bundle, "take in bundles from a medium")
    brought.add_argument("medium", type=Path, help="where the medium is mounted")
    brought.add_argument("--open", action="store_true", help="open them and give receipts")
    brought.add_argument("--receipts", type=Path, help="put receipts into this folder as well")
    brought.add_argument("--clock-start", help="exam time now: ISO 8601 or milliseconds")
    venue = _add(commands, "register-venue", _register, "accept the bundles of a venue")
    venue.add_argument("venue_id")
    venue.add_argument("public", help="base64 raw Ed25519 key the venue signs bundles with")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: object,
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.set_defaults(run=run)
    return parser


def _say(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def _init(options: argparse.Namespace) -> int:
    keys = init_headquarters(options.data)
    _say(signing_public=keys.signing_public, certificate=str(keys.certificate_file))
    return 0


def _publish(options: argparse.Namespace) -> int:
    publish_paper(options.data, msgspec.json.decode(options.file.read_bytes(), type=PaperSecret))
    return 0


def _mirror(options: argparse.Namespace) -> int:
    try:
        _say(package_id=publish_package(options.data, options.folder))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"无法发布到镜像 / cannot be put on the mirror: {error}\n")
        return 2
    return 0


def _issue(options: argparse.Namespace) -> int:
    try:
        _say(sha256=publish_document(options.data, options.file.read_bytes()))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"未发出 / not issued: {error}\n")
        return 2
    return 0


def _register(options: argparse.Namespace) -> int:
    register_venue(options.data, Venue(options.venue_id, options.public))
    return 0


def _import_bundle(options: argparse.Namespace) -> int:
    """Status 0 when every bundle is in order, 2 when one is not or the medium holds none."""
    keys, now_ms = load_headquarters(options.data), parse_start(options.clock_start)
    receipts = ReceiptDesk(keys, UploadShelf(options.data), lambda: now_ms)
    desk = MediaDesk(options.data, receipts)
    try:
        found = desk.take_in(options.medium)
        outcomes = [_brought(desk, each, options) for each in found]
    except OSError as error:
        sys.stderr.write(f"介质无法读写 / the medium cannot be used: {error}\n")
        return 2
    return 0 if outcomes and all(outcomes) else 2


def _brought(desk: MediaDesk, brought: Brought, options: argparse.Namespace) -> bool:
    """Tell one line of JSON about one bundle; False when it was refused."""
    name = brought.place.name
    if isinstance(brought.header, Refusal):
        _say(bundle_id=name, refused=brought.header.code, why=brought.header.text("en"))
        return False
    shown = {name: brought.header[name] for name in ("venue_id", "session_id", "mode")}
    record = brought.record["hand_over_id"] if brought.record else None
    told = {"bundle_id": name, **shown, "sha256": brought.sha256, "hand_over": record}
    if not options.open:
        _say(**told, opened=False)
        return True
    receipt = desk.open(brought)
    if isinstance(receipt, Refusal):
        _say(**told, refused=receipt.code, why=receipt.text("en"))
        return False
    if options.receipts is not None:
        options.receipts.mkdir(parents=True, exist_ok=True)
        write_whole(options.receipts / f"receipt-{name}.json", receipt)
    _say(**told, opened=True, receipt=sha256_hex(receipt))
    return True


def _serve(options: argparse.Namespace) -> int:
    host, _, port = options.listen.rpartition(":")
    start_ms, began_s = parse_start(options.clock_start), options.clock_began
    clock = HeadquartersClock(options.rate, start_ms, began_s=began_s)
    asyncio.run(_serve_until_told(options.data, clock, host, int(port)))
    return 0


async def _serve_until_told(data: Path, clock: HeadquartersClock, host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(load_headquarters(data), clock, host, port) as bound:
        time = {"now_ms": clock.now_ms(), "rate": clock.rate, "origin_s": clock.origin_s}
        _say(ready=True, host=host, port=bound, **time)
        await stop.wait()


def parse_start(text: str | None) -> int:
    """ISO 8601 (with its zone) or milliseconds to milliseconds; None is the system's clock now."""
    if text is None:
        return time.time_ns() // 1_000_000
    if text.isdigit():
        return int(text)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("the start instant needs a time zone")
    return int(instant.timestamp() * 1000)
