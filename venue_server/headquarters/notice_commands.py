"""``venue-server paper notice``: headquarters issues a correction of a sealed paper (F14).

The texts come from files, never from the command line, and leave this tool only sealed.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.keyfiles import KeyFileError, load_signing, write_new
from venue_server.headquarters.release_token import load_release_secret
from venue_server.headquarters.service_release import PaperSecret
from venue_server.vault.notice import TYPE, VERSION, Notice, NoticeText, seal_text
from venue_server.wire.canonical import canonical, unb64
from venue_server.wire.signed import sign

DONE, REFUSED = 0, 2


def add_notice(parser: argparse.ArgumentParser) -> None:
    """Give ``paper notice`` its arguments."""
    add = parser.add_argument
    add(
        "--secret",
        type=Path,
        action="append",
        required=True,
        help="该卷的 release-secret.json；每卷一次 of each form it corrects",
    )
    add(
        "--key", type=Path, action="append", required=True, help="签名密钥（至少两个） at least two"
    )
    add("--sequence", type=int, required=True, help="该卷的第几号通知 the paper's next number")
    add("--zh", type=Path, required=True, help="中文内容的文件 file with the Chinese text")
    add("--en", type=Path, required=True, help="英文内容的文件 file with the English text")
    add("--item", action="append", default=[], help="试题标识；不给即全卷 item id; none: the paper")
    add("--number", action="append", default=[], help="卷面题号，供监考 number for consoles")
    add("--venue", action="append", default=[], help="仅发给这些考点 only these venues")
    add("--valid-from", type=_instant, default=0, help="生效时刻 ISO 8601; default: now")
    add("--out", type=Path, required=True, help="新文件 new file")
    parser.set_defaults(run=run_notice)


def _instant(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"no time zone: {text} (2026-05-16T09:00+08:00)")
    return int(moment.timestamp() * 1000)


def build_notice(
    text: NoticeText,
    secrets: Sequence[PaperSecret],
    signers: list[Ed25519PrivateKey],
    sequence: int,
    issued_at_ms: int,
    *,
    valid_from_ms: int = 0,
    numbers: Sequence[str] = (),
    venues: Sequence[str] = (),
) -> bytes:
    """The signed document. Raises ValueError: forms of several papers, a text that is missing or
    too long, no number."""
    papers = {each.paper_id for each in secrets}
    if len(papers) != 1 or sequence < 1 or not text.complete:
        raise ValueError("one paper, a number from 1 on, both texts")
    paper_id = papers.pop()
    notice = Notice(
        TYPE,
        VERSION,
        paper_id,
        sequence,
        {
            each.form_id: seal_text(
                text, unb64(each.release_secret), paper_id, each.form_id, sequence
            )
            for each in secrets
        },
        issued_at_ms,
        valid_from_ms or issued_at_ms,
        list(numbers),
        list(venues),
    )
    return canonical(sign(msgspec.to_builtins(notice), signers))


def run_notice(arguments: argparse.Namespace) -> int:
    """Seal and sign one notice; an existing file is never overwritten."""
    try:
        zh, en = (path.read_text("utf-8").strip() for path in (arguments.zh, arguments.en))
        document = build_notice(
            NoticeText(arguments.item, zh, en),
            [load_release_secret(path) for path in arguments.secret],
            [load_signing(path) for path in arguments.key],
            arguments.sequence,
            time.time_ns() // 1_000_000,
            valid_from_ms=arguments.valid_from,
            numbers=arguments.number,
            venues=arguments.venue,
        )
        write_new(arguments.out, document, 0o644)
    except (OSError, KeyFileError, ValueError, msgspec.DecodeError) as error:
        sys.stderr.write(f"未签发 not issued: {error}\n")
        return REFUSED
    sys.stdout.write(f"更正通知 notice: {arguments.out}\n")
    return DONE
