"""``plan …``: headquarters seals and signs a venue's plan, the venue looks at it and imports it.

``plan inspect`` shows no personal data; ``--reveal`` does, to whoever holds the venue's key.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from venue_server.commands.orders import EXIT_REFUSED, add_order
from venue_server.headquarters.keyfiles import (
    KeyFileError,
    load_hpke_public,
    load_signing,
    load_signing_public,
    write_new,
)
from venue_server.headquarters.plan_seal import seal_plan
from venue_server.sitting.identity import masked
from venue_server.sitting.plan import PLAN_TYPE
from venue_server.sitting.plan_personal import is_sealed, open_personal
from venue_server.sitting.plan_reading import read_plan
from venue_server.venue_keys import VenueKeys
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.frames import Message, Second
from venue_server.wire.hpke import HpkeError
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import key_id, load_document, verify


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the family ``plan``."""
    plan = commands.add_parser("plan", help="the signed plan").add_subparsers(required=True)
    add_order(
        plan,
        "import",
        "import a signed plan (two administrators)",
        "file",
        second=True,
        build=_import,
    )
    seal = plan.add_parser("seal", help="headquarters: check, seal and sign a plan")
    seal.add_argument("payload", type=Path, help="the plan's payload as JSON, in clear")
    seal.add_argument("--out", type=Path, required=True, help="a new file")
    seal.add_argument(
        "--key", type=Path, action="append", required=True, help="signing key; at least two"
    )
    seal.add_argument("--venue", type=Path, help="VENUE.pub: seal the personal data to it")
    seal.set_defaults(run=run_seal)
    inspect = plan.add_parser("inspect", help="what is in a plan, without personal data")
    inspect.add_argument("file", type=Path)
    inspect.add_argument("--trust", type=Path, action="append", default=[], help="signing NAME.pub")
    inspect.add_argument("--data", type=Path, help="the venue's data folder: open the seal")
    inspect.add_argument("--reveal", action="store_true", help="show names and masked numbers too")
    inspect.set_defaults(run=run_inspect)


def _import(options: argparse.Namespace, seconds: list[Second]) -> Message:
    return ImportPlan(0, str(Path(options.file).resolve()), seconds[0])


def _complain(*lines: str) -> int:
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    return EXIT_REFUSED


def run_seal(options: argparse.Namespace) -> int:
    """Check every rule, then seal, sign and write; an existing file is never overwritten."""
    try:
        payload = json.loads(options.payload.read_bytes())
        signers = [load_signing(path) for path in options.key]
        public = load_hpke_public(options.venue) if options.venue else None
        if not isinstance(payload, dict):
            return _complain("计划不是一个 JSON 对象 the plan is not a JSON object")
        made = seal_plan(payload, signers, public)
        if isinstance(made, list):
            count = len(made)
            return _complain(f"拒绝签发：{count} 处问题 refused: {count} problem(s)", *made)
        write_new(options.out, made, 0o644)
    except (OSError, ValueError, KeyFileError, HpkeError) as error:
        return _complain(f"签发失败 sealing failed: {error}")
    sealed = "个人信息已加密 personal data sealed" if public else "个人信息未加密 in clear"
    sys.stdout.write(f"已签发 signed: {options.out}（{sealed}）\n")
    return 0


def run_inspect(options: argparse.Namespace) -> int:
    """Show what a plan holds. With the venue's key its rules are checked as at the import."""
    try:
        document = load_document(options.file.read_bytes(), PLAN_TYPE)
        trusted = {key_id(key): key for key in map(load_signing_public, options.trust)}
        key = VenueKeys.load(options.data / "keys").hpke if options.data else None
    except (OSError, ValueError, KeyFileError, HpkeError) as error:
        return _complain(f"无法读取 cannot read: {error}")
    if isinstance(document, Refusal):
        return _complain(document.text("zh"), document.text("en"))
    signed = verify(document, PLAN_TYPE, trusted, len(trusted))
    if isinstance(signed, Refusal):
        return _complain(signed.text("zh"), signed.text("en"))
    whole = open_personal(signed, key) if key or not is_sealed(signed) else None
    plan = read_plan(whole) if isinstance(whole, dict) else whole
    if isinstance(plan, Refusal):
        return _complain(plan.text("zh"), plan.text("en"))
    sys.stdout.write("".join(f"{line}\n" for line in _lines(signed, len(trusted))))
    if options.reveal and whole is None:
        return _complain("须在考点用 --data 打开 only the venue can reveal it (--data)")
    if options.reveal:
        sys.stdout.write("".join(f"{line}\n" for line in _people(whole)))
    return 0


def _lines(payload: dict[str, Any], checked: int) -> list[str]:
    sealed = "已加密 sealed" if is_sealed(payload) else "未加密 in clear"
    signatures = f"{checked} 个已核验 verified" if checked else "未核验 not checked (--trust)"
    lines = [
        f"计划 plan: {payload.get('plan_id')}  版本 version {payload['version']}",
        f"考点 venue: {payload.get('venue_id')}  {payload.get('venue_name')}",
        f"考试 exam: {payload.get('exam_title')}  {payload.get('mode')}",
        f"签名 signatures: {signatures}",
        f"个人信息 personal data: {sealed}",
    ]
    for session in _dicts(payload.get("sessions")):
        lines.append(
            f"场次 session {session.get('session_id')}: {session.get('subject_title')}"
            f"  {len(_dicts(session.get('candidates')))} 人 candidates"
        )
    roles = Counter(role for one in _dicts(payload.get("staff")) for role in one.get("roles", []))
    lines.append(f"人员 staff: {', '.join(f'{name} {n}' for name, n in sorted(roles.items()))}")
    return lines


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _people(whole: Any) -> list[str]:
    found = [
        f"  {one['ticket_no']}  {one['name']}  {masked(one['id_number'])}"
        f"  {one['room_id']}-{one['seat_no']}"
        for session in whole["sessions"]
        for one in session["candidates"]
    ]
    return found + [f"  {one['person_id']}  {one['name']}" for one in whole.get("staff", [])]
