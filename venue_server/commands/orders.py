"""Orders to the running server from its own machine: a console over the control socket.

Passwords are asked for at the terminal, or read from standard input, one a line, when it is not a
terminal; never from arguments or the environment.
"""

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from venue_server.client.console import ConsoleClient, ConsoleHandler
from venue_server.client.endpoint import UnixEndpoint
from venue_server.client.link_state import LinkError
from venue_server.wire.console_orders import (
    ApproveReserve,
    ArmRelease,
    ConfirmEnrolment,
    EnterCodeShare,
    ForceSubmit,
    FreezeRelease,
    GetGoNoGo,
    GetStatus,
    ImportReserveApproval,
    LiftFreeze,
    LiftFreezeTogether,
    ListEnrolments,
    Reconcile,
    RevokeMachine,
    SealSession,
    UploadSession,
    WipeSession,
)
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Message, Second
from venue_server.wire.record_orders import GetFeed
from venue_server.wire.refusals import Refusal
from venue_server.wire.remarks import Remark, RemarkCode
from venue_server.wire.session_orders import GetSessionOrders, ImportSessionOrder, TakeSessionOrder
from venue_server.wire.wiping_orders import SealAnew

VERSION = "command-line"
EXIT_OPEN = 1  # the close check found something open
EXIT_REFUSED = 2
EXIT_NO_SERVER = 4
CONNECT_S = 10.0
LONGEST_S = 6 * 3600.0
"""An order may fetch a whole paper over a slow line."""
Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add every order that an administrator gives from the command line."""
    status = add_order(commands, "status", "one screen of truth")
    status.add_argument("--feed", action="store_true", help="counts only, as JSON (A13)")
    machines = commands.add_parser("machines", help="enrolment").add_subparsers(required=True)
    add_order(machines, "waiting", "machines that wait for their code to be confirmed")
    confirm = add_order(machines, "confirm", "confirm a machine's code", "code")
    confirm.add_argument("--kind", choices=("station", "console"), default="station")
    confirm.add_argument("--name", required=True)
    confirm.add_argument("--room", default="")
    confirm.add_argument("--seat", default="")
    add_order(machines, "revoke", "take a machine off the roster", "machine")
    release = commands.add_parser("release", help="timed release").add_subparsers(required=True)
    arm = add_order(
        release, "arm", "arm the release (chief and administrator)", "session", second=True
    )
    arm.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="ROOM-SEAT",
        help="start without this seat",
    )
    add_order(release, "code", "enter one share of a sealed code", "session")
    _add_release(commands, release)
    session = commands.add_parser("session", help="closing").add_subparsers(required=True)
    add_order(session, "reconcile", "compare attendance and answers", "session")
    force = add_order(
        session, "force-submit", "close a sitting whose station is gone", "sitting", second=True
    )
    force.add_argument("--room", required=True)
    add_order(session, "seal", "seal the answers (chief and administrator)", "session", second=True)
    add_order(
        session,
        "seal-anew",
        "something was found after the sealing: seal again as a later version",
        "session",
        second=True,
        reason=True,
        build=lambda options, seconds: SealAnew(0, options.session, options.reason, seconds[0]),
    )
    _add_headquarters_orders(session)
    upload = add_order(
        session,
        "upload",
        "upload now; who sealed has cleared it",
        "session",
        second=None,
        build=lambda options, seconds: UploadSession(0, options.session, *seconds[:1]),
    )
    upload.epilog = "--second signs where nobody who sealed may check it any more."
    add_order(session, "wipe", "destroy keys and papers (two people)", "session", second=True)


Build = Callable[[argparse.Namespace, list[Second]], Message]


def _add_headquarters_orders(
    session: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Headquarters' signed orders: cancel, run again, continue (I03, I11)."""
    add_order(
        session,
        "order",
        "take in headquarters' signed order about a session (chief and administrator)",
        "file",
        second=True,
        build=lambda options, seconds: ImportSessionOrder(
            0, str(Path(options.file).resolve()), seconds[0]
        ),
    )
    add_order(
        session,
        "take-order",
        "take in an order that came over the line; DIGEST as session orders shows it",
        "digest",
        second=True,
        build=lambda options, seconds: TakeSessionOrder(0, options.digest, seconds[0]),
    )
    orders = add_order(
        session,
        "orders",
        "headquarters' orders about a session",
        build=lambda options, _seconds: GetSessionOrders(0, options.session),
    )
    orders.add_argument("session", nargs="?", default="")


def _add_release(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    release: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """The go/no-go board, the freeze, and reserve papers."""
    add_order(release, "board", "go or no-go, line by line", "session")
    add_order(release, "freeze", "suspected leak: release nothing by any way", reason=True)
    thaw = add_order(
        release,
        "unfreeze",
        "lift a freeze on headquarters' word (chief, another checks it)",
        second=True,
        reason=True,
    )
    thaw.add_argument("--reference", required=True, help="headquarters' reference")
    add_order(
        release,
        "unfreeze-together",
        "lift a freeze (chief and zone director)",
        second=True,
        reason=True,
    )
    reserve = commands.add_parser("reserve", help="reserve papers").add_subparsers(required=True)
    approve = add_order(
        reserve,
        "approve",
        "use a reserve (zone director and chief)",
        "session",
        second=True,
        reason=True,
    )
    approve.add_argument("--paper", required=True)
    approve.add_argument("--form", required=True)
    approve.add_argument("--room", default="", help="only in this room")
    approve.add_argument("--replaces", default="", metavar="FORM", help="only this main form")
    add_order(reserve, "import", "import headquarters' signed approval", "file", second=True)


def add_order(
    group: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    *positional: str,
    second: bool | None = False,
    reason: bool = False,
    build: Build | None = None,
) -> argparse.ArgumentParser:
    """One order. ``second``: a second person signs too (None: they may). ``build`` makes the
    message from the options and everyone who signs besides the first person."""
    parser: argparse.ArgumentParser = group.add_parser(name, help=text)
    for argument in positional:
        parser.add_argument(argument)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--person", required=True, help="who signs in")
    parser.add_argument(
        "--totp", action="store_true", help="ask for codes of second factors as well"
    )
    parser.set_defaults(second=None, more=[], build=build, show=None)
    if second is not False:
        parser.add_argument(
            "--second", required=second is True, help="who signs as the second person"
        )
    if reason:
        parser.add_argument("--reason", required=True, help="why; it is recorded")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    prog = parser.prog.split()
    parser.set_defaults(run=_order, order=" ".join(prog[1:] if prog[0] != name else prog))
    return parser


def _order(options: argparse.Namespace) -> int:
    passwords = [_password(options.person)]
    others = [getattr(options, "second", None), *getattr(options, "more", [])]
    passwords += [_password(each) for each in others if each]
    codes = [ask_code(each, options.totp) for each in (options.person, *others) if each]
    words = ""
    if options.order.endswith("release code"):
        words = ask_secret("密码份额（助记词） / words of the share: ")
    return asyncio.run(_give(options, list(zip(passwords, codes, strict=True)), words))


def _password(person: str) -> str:
    return ask_secret(f"{person} 密码 / password: ")


def ask_secret(prompt: str) -> str:
    """What is typed unseen at the terminal, or the next line of standard input."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


class _Waiter(ConsoleHandler):
    """Knows when the control socket answered."""

    def __init__(self) -> None:
        self.up = asyncio.Event()

    def on_up(self) -> None:
        self.up.set()


def ask_code(person: str, asked: bool) -> str:
    """The code of somebody's second factor; empty where none is asked for."""
    return ask_secret(f"{person} 动态验证码 / second factor: ") if asked else ""


async def _give(options: argparse.Namespace, proofs: list[tuple[str, str]], words: str) -> int:
    waiter = _Waiter()
    endpoint = UnixEndpoint(options.data / "run" / "control.sock")
    client = ConsoleClient(endpoint, waiter, VERSION)
    task = asyncio.create_task(client.run())
    try:
        async with asyncio.timeout(CONNECT_S):
            await waiter.up.wait()
        signed = await client.sign_in(options.person, *proofs[0])
        if isinstance(signed, Refusal):
            return _refused(signed)
        signing = [each for each in (options.second, *options.more) if each]
        seconds = [Second(who, *proof) for who, proof in zip(signing, proofs[1:], strict=True)]
        second = seconds[0] if seconds else None
        order = (
            options.build(options, seconds) if options.build else message_of(options, second, words)
        )
        done = await client.order(order, timeout_s=LONGEST_S)
    except (TimeoutError, LinkError) as error:
        sys.stderr.write(f"服务器没有应答 / no answer from the server: {error}\n")
        return EXIT_NO_SERVER
    finally:
        await client.close()
        await task
    if isinstance(done, Refusal):
        return _refused(done)
    _show(options, done)
    return EXIT_OPEN if done.result.get("closed") is False else 0


def message_of(options: argparse.Namespace, second: Second | None, words: str) -> Message:
    """The order a command line means."""
    name = options.order.split("venue-server ")[-1]
    if name == "status":
        return GetFeed(0) if options.feed else GetStatus(0)
    if name == "machines waiting":
        return ListEnrolments(0)
    if name == "machines confirm":
        return ConfirmEnrolment(
            0, options.code, options.kind, options.name, options.room, options.seat
        )
    if name == "machines revoke":
        return RevokeMachine(0, options.machine)
    if name == "release code":
        return EnterCodeShare(0, options.session, words)
    if name == "release board":
        return GetGoNoGo(0, options.session)
    if name == "release freeze":
        return FreezeRelease(0, options.reason)
    if name == "session reconcile":
        return Reconcile(0, options.session)
    assert second is not None, "the remaining orders take two people"
    return _by_two(name, options, second)


def _by_two(name: str, options: argparse.Namespace, second: Second) -> Message:
    if name == "release unfreeze":
        return LiftFreeze(0, options.reason, options.reference, second)
    if name == "release unfreeze-together":
        return LiftFreezeTogether(0, options.reason, second)
    if name == "reserve approve":
        return ApproveReserve(
            0,
            options.session,
            options.paper,
            options.form,
            options.reason,
            second,
            options.room,
            options.replaces,
        )
    if name == "reserve import":
        return ImportReserveApproval(0, str(Path(options.file).resolve()), second)
    if name == "session force-submit":
        return ForceSubmit(0, options.room, options.sitting, second)
    if name == "release arm":
        return ArmRelease(0, options.session, second, options.without)
    if name == "session seal":
        return SealSession(0, options.session, second)
    return WipeSession(0, options.session, second)


def _refused(refusal: Refusal) -> int:
    sys.stderr.write(f"{refusal.text('zh')}\n{refusal.text('en')}\n")
    return EXIT_REFUSED


def _with_words(value: object) -> object:
    """The result with a sentence beside each remark, for whoever reads it as it is."""
    if isinstance(value, dict):
        if value.keys() == {"code", "args"} and value["code"] in list(RemarkCode):
            said = msgspec.convert(value, Remark)
            return value | {"zh": said.text("zh"), "en": said.text("en")}
        return {name: _with_words(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_words(each) for each in value]
    return value


def _show(options: argparse.Namespace, done: Done) -> None:
    if options.show is not None and not options.json:
        sys.stdout.write(options.show(done.result))
        return
    lines = done.result.get("lines")
    if isinstance(lines, list) and not options.json:
        sys.stdout.write("".join(f"{line['text']}\n" for line in lines))
        return
    sections = done.result.get("sections")
    if options.json or not isinstance(sections, list):
        said = _with_words(done.result)
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return
    marks = {"ok": "✓", "wait": "…", "bad": "✗"}
    for section in sections:
        sys.stdout.write(f"\n{section['title']}\n")
        for label, value, verdict in section["rows"]:
            sys.stdout.write(f"  {marks.get(verdict, ' ')} {label}: {value}\n")
    steps = done.result.get("next")
    if isinstance(steps, list):
        sys.stdout.write("\n下一步 / next\n" + "".join(f"  → {step}\n" for step in steps))
