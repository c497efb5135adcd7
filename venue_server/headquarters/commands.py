"""``venue-server paper keygen|seal|notice|order|inspect``: headquarters' sealing tool by command.

Exit status 0 when done, 2 when refused. Results go to standard output, problems to standard
error, in Chinese and English; ``--json`` gives one JSON document on standard output instead.
"""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from venue_server.headquarters.inspect_file import inspect
from venue_server.headquarters.keyfiles import (
    KeyFileError,
    generate_hpke,
    generate_signing,
    load_hpke_public,
    load_signing,
    load_signing_public,
)
from venue_server.headquarters.notice_commands import add_notice
from venue_server.headquarters.order import BLOCK_SIZE, SealOrder
from venue_server.headquarters.order_commands import add_order_maker
from venue_server.headquarters.problem_texts import as_json, describe
from venue_server.headquarters.problems import Problem
from venue_server.headquarters.seal import SealedPaper, seal_forms
from venue_server.wire.names import Mode
from venue_server.wire.signed import key_id

DONE, REFUSED = 0, 2
_KINDS = ("signing", "bundle", "venue")
# Problems of a package that fit on one screen.
_SCREEN = 8


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``paper`` with its own commands; each sets ``run``, a function of the parsed
    arguments that returns the exit status."""
    paper = subparsers.add_parser("paper", help="封装试卷 seal papers (headquarters)")
    commands = paper.add_subparsers(dest="paper_command", required=True)
    _add_keygen(commands.add_parser("keygen", help="生成密钥 make keys"))
    _add_seal(commands.add_parser("seal", help="封装 seal a QTI 3.0 package"))
    add_notice(commands.add_parser("notice", help="更正通知 issue a correction notice"))
    add_order_maker(commands.add_parser("order", help="场次命令 cancel, re-run, continue"))
    _add_inspect(commands.add_parser("inspect", help="查看 show what a file is"))


def _add_keygen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind", choices=_KINDS, help="signing 签名 | bundle 作答数据包 | venue 考点"
    )
    parser.add_argument("--out", type=Path, required=True, help="文件夹 folder")
    parser.add_argument("--name", required=True, help="文件名 file name without ending")
    parser.set_defaults(run=run_keygen)


def _add_seal(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("package", type=Path, metavar="PACKAGE", help="QTI 3.0 内容包 folder or .zip")
    add("--out", type=Path, required=True, help="新的或空的文件夹 new or empty folder")
    add(
        "--key", type=Path, action="append", required=True, help="签名密钥（至少两个） at least two"
    )
    add("--venue", type=Path, action="append", required=True, help="考点公钥 VENUE.pub")
    add("--venue-id", action="append", required=True, help="与 --venue 逐一对应 one per --venue")
    add("--paper-id", required=True)
    add(
        "--form",
        action="append",
        required=True,
        help="卷别 A, B …；可多次给出，各封装到 OUT/卷别 again for each form, sealed to OUT/FORM",
    )
    add(
        "--item-order",
        choices=("form", "candidate"),
        default="form",
        help="题序：按卷固定或人人不同 fixed for the form, or each candidate's own",
    )
    add("--subject", required=True, help="科目代码 subject code")
    add("--release-at", type=_instant, required=True, help="释放时间 ISO 8601 with offset")
    add("--expires", type=_instant, required=True, help="有效期止 ISO 8601 with offset")
    add("--not-before", type=_instant, default=0, help="最早接收时间 earliest receipt")
    add("--mode", type=Mode, choices=list(Mode), default=Mode.REHEARSAL)
    add("-k", "--k", type=int, default=3, help="还原所需碎片数 fragments needed")
    add("-n", "--n", type=int, default=5, help="碎片总数 fragments in all")
    add("--code-shares", type=int, default=2, help="离线密码份数 custodians; 0 = none")
    add("--code-threshold", type=int, default=2, help="所需份数 custodians needed")
    add("--block-size", type=int, default=BLOCK_SIZE, help=argparse.SUPPRESS)
    add("--title", default="")
    add("--classification", default="机密", help="密级 classification mark")
    add("--declassify-at", type=_instant, default=None, help="解密时间 declassified from then on")
    add("--test", default="", help="内容包含多份试卷时指定 which test of the package")
    add("--attest-subject", action="store_true", help="已核验科目对应 subject verified")
    add("--attest-rendering", action="store_true", help="已核验呈现准确 rendering verified")
    add("--json", action="store_true", help="JSON")
    parser.set_defaults(run=run_seal)


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="内容包、清单、碎片、密钥、封装结果 file or folder"
    )
    parser.add_argument("--all", action="store_true", help="列出全部问题 list every problem")
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        help="部考试中心签名公钥 signing NAME.pub",
    )
    parser.add_argument("--json", action="store_true", help="JSON")
    parser.set_defaults(run=run_inspect)


def _instant(text: str) -> int:
    """ISO 8601 with an offset to milliseconds since the epoch."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not ISO 8601: {text}") from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"no time zone: {text} (2026-05-16T09:00+08:00)")
    return int(moment.timestamp() * 1000)


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _complain(*lines: str) -> int:
    sys.stderr.write("\n".join(lines) + "\n")
    return REFUSED


def run_keygen(arguments: argparse.Namespace) -> int:
    """Make one key pair; an existing file is never overwritten."""
    folder: Path = arguments.out
    make = generate_signing if arguments.kind == "signing" else generate_hpke
    try:
        folder.mkdir(parents=True, exist_ok=True)
        private = make(folder, arguments.name)
    except OSError as error:
        return _complain(f"无法写入密钥 cannot write the key: {error}")
    _say(f"私钥 private key: {private}", f"公钥 public key: {private.with_suffix('.pub')}")
    return DONE


def run_seal(arguments: argparse.Namespace) -> int:
    """Seal one form and say where everything is."""
    if len(arguments.venue) != len(arguments.venue_id):
        return _complain("--venue 与 --venue-id 个数不同 are not of the same number")
    try:
        orders = [_order(arguments, form) for form in arguments.form]
        signers = [load_signing(path) for path in arguments.key]
        result = seal_forms(arguments.package, arguments.out, orders, signers)
    except (OSError, KeyFileError) as error:
        return _complain(f"封装失败 sealing failed: {error}")
    papers = [paper for paper in result if isinstance(paper, SealedPaper)]
    if not papers:
        return _refused([p for p in result if isinstance(p, Problem)], arguments.json)
    if arguments.json:
        documents = [_sealed_document(paper) for paper in papers]
        several = {"sealed": True, "forms": documents}
        _say(_document(several if len(documents) > 1 else documents[0]))
        return DONE
    for paper in papers:
        _say_sealed(paper)
    return DONE


def _order(arguments: argparse.Namespace, form_id: str) -> SealOrder:
    keys = [load_hpke_public(path) for path in arguments.venue]
    return SealOrder(
        paper_id=arguments.paper_id,
        form_id=form_id,
        subject_code=arguments.subject,
        venues=dict(zip(arguments.venue_id, keys, strict=True)),
        release_at_ms=arguments.release_at,
        expires_at_ms=arguments.expires,
        not_before_ms=arguments.not_before,
        mode=arguments.mode,
        k=arguments.k,
        n=arguments.n,
        block_size=arguments.block_size,
        code_threshold=arguments.code_threshold,
        code_shares=arguments.code_shares,
        classification=arguments.classification,
        declassify_at_ms=arguments.declassify_at,
        title=arguments.title,
        test=arguments.test,
        for_candidates=arguments.item_order == "candidate",
        attest_subject=arguments.attest_subject,
        attest_rendering=arguments.attest_rendering,
    )


def _refused(problems: list[Problem], as_document: bool) -> int:
    if as_document:
        _say(_document({"sealed": False, "problems": [as_json(p) for p in problems]}))
        return REFUSED
    count = len(problems)
    return _complain(
        f"拒绝封装：{count} 处问题 refused: {count} problem(s)",
        *(describe(problem) for problem in problems),
    )


def _sealed_document(paper: SealedPaper) -> dict[str, Any]:
    own = [paper.key_file, paper.secret_file, *paper.code_files]
    return {
        "sealed": True,
        "form": paper.manifest.form_id,
        "package_id": paper.manifest.package_id,
        "manifest": str(paper.manifest_file),
        "fragments": [str(path) for path in paper.fragment_files],
        "headquarters_only": [str(path) for path in own],
        "notices": [as_json(notice) for notice in paper.notices],
    }


def _say_sealed(paper: SealedPaper) -> None:
    manifest = paper.manifest
    for notice in paper.notices:
        _say(f"提示 notice: {describe(notice)}")
    _say(
        f"已封装 sealed: {manifest.title} ({manifest.paper_id}/{manifest.form_id})",
        f"试卷包 package: {manifest.package_id}",
        f"碎片 fragments: {manifest.k} / {manifest.n}",
        f"密文 ciphertext: {manifest.ciphertext_size} B",
        f"送考点 for the venues: {paper.manifest_file.parent}",
        f"仅限部考试中心 headquarters only: {paper.key_file.parent}",
    )


def run_inspect(arguments: argparse.Namespace) -> int:
    """Show what a file is; nothing secret."""
    try:
        public = [load_signing_public(path) for path in arguments.trust]
        trusted = {key_id(key): key for key in public}
        report = inspect(arguments.file, trusted)
    except (OSError, KeyFileError) as error:
        return _complain(f"无法读取 cannot read: {error}")
    if arguments.json:
        _say(_document(report.as_json()))
    else:
        _say(*report.lines(len(report.problems) if arguments.all else _SCREEN))
    return DONE if report.ok else REFUSED


def _document(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
