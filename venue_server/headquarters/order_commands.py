"""``venue-server headquarters order``: issue a signed order about one session (I03, I11)."""

import argparse
import sys
import time
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.keyfiles import KeyFileError, load_signing, write_new
from venue_server.sitting.ordered.document import TYPE, VERSION, SessionOrder, shape_problem
from venue_server.wire.canonical import canonical
from venue_server.wire.session_orders import OrderKind
from venue_server.wire.signed import sign

DONE, REFUSED = 0, 2


def add_order_maker(parser: argparse.ArgumentParser) -> None:
    """Give ``headquarters order`` its arguments."""
    add = parser.add_argument
    add("--kind", choices=[each.value for each in OrderKind], required=True)
    add("--venue", required=True, help="考点 venue id")
    add("--session", required=True, help="场次 session id")
    add("--reference", required=True, help="文号 headquarters' reference number")
    add("--reason", required=True, help="理由 why")
    add("--later", default="", metavar="SESSION", help="续考、重考场次 the later session")
    add("--ticket", action="append", default=[], help="仅这些考生续考 only these go on")
    add("--key", type=Path, action="append", required=True, help="签名密钥 at least two")
    add("--out", type=Path, required=True, help="新文件 new file")
    parser.set_defaults(run=run_order)


def build_order(order: SessionOrder, signers: list[Ed25519PrivateKey]) -> bytes:
    """The signed document. Raises ValueError: what a venue would refuse whatever it knows."""
    problem = shape_problem(order)
    if problem:
        raise ValueError(problem)
    return canonical(sign(msgspec.to_builtins(order), signers))


def run_order(arguments: argparse.Namespace) -> int:
    """Sign one order; an existing file is never overwritten."""
    try:
        order = SessionOrder(
            TYPE,
            VERSION,
            arguments.venue,
            arguments.session,
            arguments.kind,
            arguments.reference,
            time.time_ns() // 1_000_000,
            arguments.reason,
            arguments.later,
            arguments.ticket,
        )
        document = build_order(order, [load_signing(path) for path in arguments.key])
        write_new(arguments.out, document, 0o644)
    except (OSError, KeyFileError, ValueError) as error:
        sys.stderr.write(f"未签发 not issued: {error}\n")
        return REFUSED
    sys.stdout.write(f"命令 order: {arguments.out}\n")
    return DONE
