"""``answers verify``: one candidate's answers checked by whoever holds them (G11, L02).

Needs no venue and no server: a journal file as it stands in a bundle, headquarters' folder of an
opened bundle, or the sealed bundle with headquarters' key.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from venue_server.headquarters.keyfiles import KeyFileError, load_signing_public
from venue_server.upload.bundle import member_name
from venue_server.upload.chain_check import ChainReport, Told, check_chain, in_receipt
from venue_server.upload.opening import open_bundle
from venue_server.upload.receipts import RECEIPT_TYPE
from venue_server.upload.service import SUFFIX
from venue_server.wire import hpke
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.receipt_code import read_qr
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import key_id, signed_payload

OK, WRONG, UNREADABLE = 0, 1, 2
_BEIJING = timezone(timedelta(hours=8))
_line = msgspec.json.Decoder(ResponseEntry)


class CannotReadError(Exception):
    """What was named cannot be read as answers; the text says why."""


def add_verify(answers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``verify`` to the family ``answers``."""
    parser = answers.add_parser("verify", help="check one candidate's chain and tell every answer")
    add = parser.add_argument
    add("path", type=Path, help="a journal (.jsonl), an opened bundle's folder, or a .kdbundle")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--sitting", default="", help="sitting id")
    who.add_argument("--ticket", default="", help="admission ticket number")
    add("--code", default="", help="the code the candidate copied from the screen")
    add("--qr", default="", help="the text of the QR code beside it, which holds the whole head")
    add("--receipt", type=Path, help="headquarters' signed receipt")
    add(
        "--trust",
        type=Path,
        action="append",
        default=[],
        help="headquarters' signing key NAME.pub; again for each, all must have signed",
    )
    add("--key", type=Path, help="headquarters' bundle key, for a .kdbundle")
    add("--venue-key", type=Path, help="the venue's signing key NAME.pub, for a .kdbundle")
    add("--json", action="store_true", help="JSON")
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    try:
        read = _journal(options)
        report = _report(read)
        verdicts = _verdicts(options, read, report)
    except (CannotReadError, OSError, KeyFileError, hpke.HpkeError) as error:
        sys.stderr.write(f"无法核对 / cannot be checked: {error}\n")
        return UNREADABLE
    if options.json:
        document = {**msgspec.to_builtins(report), "verdicts": dict(verdicts)}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(report, verdicts))
    return OK if all(held for _name, held in verdicts) else WRONG


# ---- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Read:
    """Sitting id (empty: as the entries say), the journal's bytes, and what the list of sittings
    beside it says of sequence and head (None: there is no list)."""

    sitting_id: str
    journal: bytes
    listed: tuple[object, object] | None = None


def _report(read: _Read) -> ChainReport:
    sitting_id = read.sitting_id
    entries = []
    for number, line in enumerate(read.journal.splitlines(), 1):
        try:
            entries.append(_line.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise CannotReadError(f"line {number} is no entry: {error}") from error
    if not sitting_id and not entries:
        raise CannotReadError("no entry, and no --sitting")
    return check_chain(sitting_id or entries[0].sitting_id, entries)


def _journal(options: argparse.Namespace) -> _Read:
    path: Path = options.path
    if path.is_dir():
        try:
            row = _chosen(json.loads((path / "sittings.json").read_bytes()), options)
            sitting_id, listed = str(row["sitting_id"]), (row["seq"], row["head"])
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise CannotReadError(f"sittings.json: {error}") from error
        journal = (path / member_name("journals", sitting_id, "jsonl")).read_bytes()
        return _Read(sitting_id, journal, listed)
    if path.suffix == SUFFIX:
        return _from_bundle(path, options)
    return _Read(options.sitting, path.read_bytes())


def _from_bundle(path: Path, options: argparse.Namespace) -> _Read:
    if options.key is None or options.venue_key is None:
        raise CannotReadError("a sealed bundle needs --key and --venue-key")
    venue = load_signing_public(options.venue_key)
    opened = open_bundle(path, hpke.load_private(options.key), {key_id(venue): venue})
    if isinstance(opened, Refusal):
        raise CannotReadError(opened.text("en"))
    row = _chosen([each.row for each in opened.sittings], options)
    found = next(e for e in opened.sittings if e.head.sitting_id == row["sitting_id"])
    return _Read(found.head.sitting_id, found.journal, (found.head.seq, found.head.head))


def _chosen(rows: Iterable[dict[str, Any]], options: argparse.Namespace) -> dict[str, Any]:
    asked = {"sitting_id": options.sitting, "ticket_no": options.ticket}
    named = {name: value for name, value in asked.items() if value}
    found = [row for row in rows if named and named.items() <= row.items()]
    if len(found) != 1:
        raise CannotReadError("name one candidate of the bundle: --ticket or --sitting")
    return found[0]


# ---- judging -----------------------------------------------------------------------------------


def _verdicts(
    options: argparse.Namespace, read: _Read, report: ChainReport
) -> list[tuple[str, bool]]:
    found = [(f"作答链 / chain: {report.problem or 'OK'}", report.whole)]
    if read.listed is not None:
        # Entries that are cut off at the end leave a chain that holds.
        same = read.listed == (len(report.entries), report.head)
        found.append(
            ("与列表所载条数、链头一致 / as the list of sittings says", True)
            if same
            else ("与列表所载条数、链头不符 / not as the list of sittings says", False)
        )
    if options.qr:
        found.append(_qr_verdict(options.qr, report))
    if options.code:
        found.append(_code_verdict(options.code, report))
    if options.receipt is not None:
        found.append(_receipt_verdict(options, report))
    return found


def _code_verdict(code: str, report: ChainReport) -> tuple[str, bool]:
    try:
        seq = report.entry_of_code(code)
    except ValueError:
        return "回执码抄写有误（校验位不符） / the code is miswritten", False
    if seq is None:
        return "回执码与此作答链不符 / the code is not of this chain", False
    return _of_entry("回执码", "the code", seq, report), True


def _qr_verdict(text: str, report: ChainReport) -> tuple[str, bool]:
    told = read_qr(text)
    if told is None:
        return "二维码不是交卷回执 / the QR code is no receipt's", False
    sitting_id, head = told
    if sitting_id != report.sitting_id or head not in report.hashes:
        return "二维码与此作答链不符 / the QR code is not of this chain", False
    return _of_entry("二维码", "the QR code", report.hashes.index(head) + 1, report), True


def _of_entry(zh: str, en: str, seq: int, report: ChainReport) -> str:
    """It is of this entry; what came afterwards is said, for it is in nothing the candidate has."""
    after = report.after(seq)
    if not after.count:
        return f"{zh}相符 / {en} is this chain's"
    items = f" ({', '.join(after.items)})" if after.items else ""
    how = (
        ("撤回交卷后续答", "answered after the hand-in was taken back")
        if after.handed_in
        else ("其后并入", "merged afterwards")
    )
    return (
        f"{zh}相符，{how[0]} {after.count} 条{items} / "
        f"{en} is of entry {seq}; {after.count} later ones, {how[1]}{items}"
    )


def _receipt_verdict(options: argparse.Namespace, report: ChainReport) -> tuple[str, bool]:
    if not options.trust:
        raise CannotReadError("--receipt needs headquarters' keys: --trust")
    keys = {key_id(key): key for key in map(load_signing_public, options.trust)}
    payload = signed_payload(options.receipt.read_bytes(), RECEIPT_TYPE, keys, len(keys))
    if isinstance(payload, Refusal):
        return f"上级回执无效 / the receipt does not hold: {payload.code.value}", False
    if not in_receipt(payload, report):
        return "上级回执与此作答链不符 / the receipt is not for this chain", False
    return f"上级回执确认此作答链 / acknowledged at {_when(payload['received_at_ms'])}", True


# ---- telling -----------------------------------------------------------------------------------


def _when(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_BEIJING)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{at_ms % 1000:03d}"


def _lines(report: ChainReport, verdicts: list[tuple[str, bool]]) -> Iterable[str]:
    yield f"作答 / sitting   {report.sitting_id}"
    yield f"条目 / entries   {len(report.entries)}"
    yield f"链头 / head      {report.head}"
    yield f"回执码 / code    {report.code}"
    yield "交卷 / hand-in   " + (f"#{report.hand_in}" if report.hand_in else "—")
    for name, held in verdicts:
        yield f"{'✓' if held else '✗'} {name}"
    yield ""
    for each in report.entries:
        yield _entry_line(each)


def _entry_line(each: Told) -> str:
    text = f"#{each.seq:<5} {_when(each.at_ms)}  {each.kind:<8} {each.item_id}"
    if each.kind != "response":
        return text.rstrip()
    said = "；".join(
        f"{name}="
        + ", ".join(
            _chosen_text(value, place)
            for value, place in zip(values, each.places[name], strict=True)
        )
        for name, values in each.values.items()
    )
    before = f"  ← {_plain(each.before)}" if each.before is not None else ""
    return f"{text}  [{each.change}] {said or '—'}{before}"


def _chosen_text(value: str, place: int) -> str:
    """The canonical value with the place it had on the screen."""
    return f"{value} (@{place})" if place else value


def _plain(values: Any) -> str:
    return "；".join(f"{name}={', '.join(found)}" for name, found in values.items()) or "—"
