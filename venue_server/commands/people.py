"""``staff …``, ``recusal …``, ``draw …`` and ``post …``: the venue's people by command line."""

import argparse
import asyncio
import sys
from pathlib import Path

from venue_server.client.console import ConsoleClient, ConsoleHandler
from venue_server.client.endpoint import UnixEndpoint
from venue_server.client.link_state import LinkError
from venue_server.commands import people_text, staff_add
from venue_server.commands.orders import (
    CONNECT_S,
    EXIT_NO_SERVER,
    EXIT_REFUSED,
    VERSION,
    add_order,
    ask_code,
    ask_secret,
)
from venue_server.headquarters.service_commands import parse_start
from venue_server.staff.draw import check, document_hash
from venue_server.staff.duty.names import RecusalKind, RecusalScope
from venue_server.staff.duty.service import read_document
from venue_server.wire.frames import Message, Second
from venue_server.wire.names import Role
from venue_server.wire.people_orders import (
    AddPerson,
    AssignRoom,
    BeginTotp,
    ConfirmTotp,
    DecideRecusal,
    DeclareRecusal,
    Delegate,
    DisableAccount,
    DrawRooms,
    EnableAccount,
    EndDelegation,
    GetDraw,
    GetOrganisation,
    GetPeople,
    IssueCode,
    RecordAgreement,
    ResetTotp,
    UnlockAccount,
)
from venue_server.wire.refusals import Refusal

Options = argparse.Namespace
Seconds = list[Second]
Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the families of people."""
    staff = commands.add_parser("staff", help="staff accounts").add_subparsers(required=True)
    staff_add.add_command(staff)
    _add_looking(staff)
    _add_accounts(staff)
    _add_ends(staff)
    _add_factor(staff)
    recusal = commands.add_parser("recusal", help="recusals").add_subparsers(required=True)
    _add_recusal(recusal)
    draw = commands.add_parser("draw", help="draw of rooms").add_subparsers(required=True)
    _add_draw(draw)
    post = commands.add_parser("post", help="posts that others do").add_subparsers(required=True)
    _add_post(post)


# ---- staff -------------------------------------------------------------------------------


def _add_looking(staff: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = add_order(
        staff,
        "list",
        "everyone: posts, rooms, who is here, what is missing",
        build=lambda options, _seconds: GetPeople(0, options.session),
    )
    listing.add_argument("--session", default="", help="default: the current one")
    listing.set_defaults(show=people_text.people)
    book = add_order(
        staff,
        "book",
        "the organisation book with telephones and duty hours (recorded)",
        build=lambda _options, _seconds: GetOrganisation(0),
    )
    book.set_defaults(show=people_text.book)


def _add_accounts(staff: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    code = add_order(
        staff,
        "code",
        "a one-time code for somebody's first password (two people)",
        "who",
        second=True,
        build=lambda options, seconds: IssueCode(0, options.who, seconds[0]),
    )
    code.set_defaults(show=people_text.code)
    password = staff.add_parser("password", help="set one's own password, or change it")
    password.add_argument("--data", type=Path, required=True)
    password.add_argument("--person", required=True)
    password.add_argument("--totp", action="store_true", help="ask for the second factor too")
    password.set_defaults(run=_change_password)
    join = add_order(
        staff,
        "join",
        "somebody who is not on the signed roster (two people)",
        "who",
        second=True,
        reason=True,
        build=_join,
    )
    join.add_argument("--name", required=True)
    join.add_argument("--role", type=Role, choices=list(Role), action="append", required=True)
    join.add_argument("--room", action="append", default=[])
    join.add_argument("--until", default="", help="end of the account, ISO 8601 or ms")


def _add_ends(staff: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add_order(
        staff,
        "disable",
        "nothing is done with this account from now on (two people)",
        "who",
        second=True,
        reason=True,
        build=lambda options, by: DisableAccount(0, options.who, options.reason, by[0]),
    )
    add_order(
        staff,
        "enable",
        "the account may be used again (two people)",
        "who",
        second=True,
        reason=True,
        build=lambda options, by: EnableAccount(0, options.who, options.reason, by[0]),
    )
    add_order(
        staff,
        "unlock",
        "lift a lock-out after wrong passwords",
        "who",
        build=lambda options, _seconds: UnlockAccount(0, options.who),
    )
    add_order(
        staff,
        "agreement",
        "put somebody's signed undertakings on record",
        "who",
        "reference",
        build=lambda options, _seconds: RecordAgreement(0, options.who, options.reference),
    )


def _add_factor(staff: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add_order(
        staff,
        "totp-begin",
        "make a second factor for oneself; its address is shown once",
        build=lambda _options, _seconds: BeginTotp(0),
    )
    add_order(
        staff,
        "totp-confirm",
        "put it in force with a first code, which is asked for",
        build=lambda _options, _seconds: ConfirmTotp(
            0, ask_secret("动态验证码 / code of the second factor: ")
        ),
    )
    add_order(
        staff,
        "totp-reset",
        "take somebody's second factor away (two people)",
        "who",
        second=True,
        build=lambda options, seconds: ResetTotp(0, options.who, seconds[0]),
    )


def _join(options: Options, seconds: Seconds) -> Message:
    return AddPerson(
        0,
        options.who,
        options.name,
        options.role,
        options.room,
        options.reason,
        seconds[0],
        parse_start(options.until) if options.until else 0,
    )


# ---- recusals, draw, posts ---------------------------------------------------------------


def _add_recusal(recusal: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    declare = add_order(
        recusal,
        "declare",
        "declare about oneself for a session",
        "session",
        build=lambda options, _seconds: DeclareRecusal(
            0, options.session, options.kind, options.about, options.reason
        ),
    )
    declare.add_argument("--kind", choices=[each.value for each in RecusalKind], default="NONE")
    declare.add_argument("--about", default="", help="ticket number or room")
    declare.add_argument("--reason", default="")
    decide = add_order(
        recusal,
        "decide",
        "decide about somebody (chief); VENUE ends their account at once",
        "session",
        "who",
        reason=True,
        build=lambda options, _seconds: DecideRecusal(
            0, options.session, options.who, options.scope, options.reason, options.room
        ),
    )
    decide.add_argument("--scope", choices=[each.value for each in RecusalScope], required=True)
    decide.add_argument("--room", action="append", default=[])


def _add_draw(draw: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = add_order(
        draw,
        "run",
        "draw the rooms of a session on its day (chief and a second)",
        "session",
        second=True,
        build=lambda options, by: DrawRooms(
            0, options.session, by[0], options.absent, options.reason
        ),
    )
    run.add_argument("--absent", action="append", default=[], help="who is not here")
    run.add_argument("--reason", default="", help="needed for every draw but the first")
    show = add_order(
        draw,
        "show",
        "the draws of a session; the last document, ready to be checked",
        "session",
        build=lambda options, _seconds: GetDraw(0, options.session),
    )
    show.set_defaults(show=people_text.last_draw)
    checking = draw.add_parser("check", help="compute a draw again from its document")
    checking.add_argument("file", type=Path)
    checking.set_defaults(run=_check)
    assign = add_order(
        draw,
        "assign",
        "put somebody into a room against the draw (two people)",
        "session",
        "who",
        second=True,
        reason=True,
        build=lambda options, by: AssignRoom(
            0, options.session, options.who, options.room, options.reason, by[0]
        ),
    )
    assign.add_argument("--room", default="", help="none: out of any room")


def _add_post(post: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    give = add_order(
        post,
        "delegate",
        "somebody does another's post for a time, or takes it over (two people)",
        "giver",
        "taker",
        second=True,
        reason=True,
        build=lambda options, by: Delegate(
            0,
            options.role,
            options.giver,
            options.taker,
            options.reason,
            by[0],
            parse_start(options.until) if options.until else 0,
        ),
    )
    give.add_argument("--role", type=Role, choices=[Role.CHIEF, Role.SYSADMIN], required=True)
    give.add_argument("--until", default="", help="ISO 8601 or ms; none: until it is ended")
    end = add_order(
        post,
        "end",
        "the post is its holder's again",
        build=lambda options, _seconds: EndDelegation(0, options.number),
    )
    end.add_argument("number", type=int, help="as staff list shows it")


def _check(options: Options) -> int:
    """The same computation as at the draw, from the document alone."""
    document = read_document(options.file.read_bytes())
    if isinstance(document, Refusal):
        sys.stderr.write(f"{document.text('zh')} / {document.text('en')}\n")
        return EXIT_REFUSED
    fits = check(document)
    verdict = "结果相符 / the result follows" if fits else "结果不符 / the result does NOT follow"
    sys.stdout.write(f"{verdict}\nSHA-256 {document_hash(document)}\n")
    return 0 if fits else 1


# ---- one's own password ------------------------------------------------------------------


class _Waiter(ConsoleHandler):
    """Knows when the control socket answered."""

    def __init__(self) -> None:
        self.up = asyncio.Event()

    def on_up(self) -> None:
        self.up.set()


def _change_password(options: Options) -> int:
    present = ask_secret("现有密码或一次性开通码 / present password or one-time code: ")
    wanted = ask_secret("新密码（至少12位） / new password, twelve characters at least: ")
    if ask_secret("再输入一次 / once more: ") != wanted:
        sys.stderr.write("两次输入不一致 / not the same twice\n")
        return EXIT_REFUSED
    code = ask_code(options.person, options.totp)
    return asyncio.run(_send_password(options, present, wanted, code))


async def _send_password(options: Options, present: str, wanted: str, code: str) -> int:
    waiter = _Waiter()
    client = ConsoleClient(UnixEndpoint(options.data / "run" / "control.sock"), waiter, VERSION)
    task = asyncio.create_task(client.run())
    try:
        async with asyncio.timeout(CONNECT_S):
            await waiter.up.wait()
        done = await client.change_password(options.person, present, wanted, code)
    except (TimeoutError, LinkError) as error:
        sys.stderr.write(f"服务器没有应答 / no answer from the server: {error}\n")
        return EXIT_NO_SERVER
    finally:
        await client.close()
        await task
    if isinstance(done, Refusal):
        sys.stderr.write(f"{done.text('zh')}\n{done.text('en')}\n")
        return EXIT_REFUSED
    sys.stdout.write("密码已设置 / the password is set\n")
    return 0
