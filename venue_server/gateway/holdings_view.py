"""What the venue still holds of each session, what is open, who must act (zh / en; L04, L10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from venue_server.gateway.status_page import BAD, OK, WAIT, Row
from venue_server.records.answer_places import SittingAnswers, totals
from venue_server.sitting.rows import Session
from venue_server.stations.store import StationWipe
from venue_server.upload.delivered import Delivered
from venue_server.upload.store import BundleRow, EarlierVersion
from venue_server.upload.wiping import Certificate
from venue_server.wire.backup_orders import BackupLabel
from venue_server.wire.close_texts import class_texts
from venue_server.wire.refusals import Refusal

_CHINA = timezone(timedelta(hours=8))
_COUNT = "{persons} 人，{answers} 条 / {persons} persons, {answers} answers"
_KEYLESS = (
    "{persons} 人，{answers} 条：密文，密钥已销毁 / "
    "{persons} persons, {answers} answers: ciphertext, its key destroyed"
)
_BACKUP = "备份 {place} / backup {place}"
_VERIFIED = "{proof} 已核验 / {proof} verified"
_VERSION = "密封包第{number}版 / bundle, version {number}"
_LABELS = {
    "answers": "保管：作答数据（{zh}） / kept: answers ({en})",
    "records": "保管：电子记录（{zh}） / kept: electronic records ({en})",
}
_PERIOD = "{months}个月，至{until} / {months} months, until {until}"
_UNKNOWN = "自成绩公布起{months}个月 / {months} months from the day of the scores"
_DUE = "{months}个月，至{until}，已到期 / {months} months, until {until}, due"
_STATIONS = (
    "系统管理员：接回或注销未清除的考试机 {count} 台 / "
    "administrator: bring back or revoke {count} stations that were not wiped"
)
_DESTROY = {
    "answers": "主考、系统管理员：销毁到期的作答数据 / "
    "chief and administrator: destroy the answers that are due",
    "records": "主考、系统管理员：销毁到期的电子记录 / "
    "chief and administrator: destroy the electronic records that are due",
}
_AGAIN = "系统管理员：补做备份 {target} / administrator: make the backup on {target} again"


@dataclass(frozen=True)
class Holding:
    """Everything about one session. ``stored`` counts the answers in the stores, opened or not;
    ``second`` whether the second device is in order; ``stations`` only those that are expected to
    report; ``kept`` are the lines of GetRetention."""

    session: Session
    answers: Sequence[SittingAnswers]
    stored: int
    second: bool
    copies: Sequence[BackupLabel]
    required: int
    lost: Sequence[str]
    bundle: BundleRow | None
    earlier: Sequence[EarlierVersion]
    home: Delivered | Refusal | None
    begun: bool
    certificate: Certificate | None
    stations: Sequence[StationWipe]
    kept: Sequence[Mapping[str, Any]]


def holdings_view(found: Sequence[Holding]) -> dict[str, Any]:
    """The answer to GetHoldings."""
    return {
        "sessions": [_facts(each) for each in found],
        "sections": [{"title": each.session.session_id, "rows": _rows(each)} for each in found],
        "next": [_of(each.session.session_id, step) for each in found for step in _next(each)],
    }


def _facts(one: Holding) -> dict[str, Any]:
    (first, *_) = one.kept
    return {
        "session_id": one.session.session_id,
        "state": one.session.state.value,
        "home": isinstance(one.home, Delivered),
        "begun": one.begun,
        "wiped": one.certificate is not None,
        "hold": first["hold"],
        "published_on": first["from"],
        "due": [each["what"] for each in one.kept if each["purgeable"] and not each["destroyed"]],
        "destroyed": [each["what"] for each in one.kept if each["destroyed"]],
    }


def _of(session_id: str, step: str) -> str:
    """The step with its session, in both languages."""
    chinese, _, english = step.rpartition(" / ")
    return f"[{session_id}] {chinese} / [{session_id}] {english}"


def _rows(one: Holding) -> list[Row]:
    (first, *_) = one.kept
    published = first["from"] or "未录入，不可销毁 / not entered; nothing may be destroyed"
    return [
        *_here(one),
        *_backups(one),
        *_bundle(one),
        *_wiping(one),
        ["成绩公布日期 / scores published", published, OK if first["from"] else WAIT],
        ["封存留查 / legal hold", first["hold"] or "无 / none", WAIT if first["hold"] else OK],
        *(_period(each) for each in one.kept),
    ]


def _here(one: Holding) -> list[Row]:
    told = totals(one.answers)
    gone = one.begun or one.certificate is not None
    count = (_KEYLESS if gone else _COUNT).format(persons=told.sittings, answers=one.stored)
    second = "完好 / in order" if one.second else "不在 / not there"
    return [
        ["服务器上的作答 / answers on the server", count, OK],
        ["第二份 / second copy", second, OK if one.second else BAD],
    ]


def _backups(one: Holding) -> list[Row]:
    rows: list[Row] = []
    for each in one.copies:
        proof = f"{each.serial or each.medium_id} {each.digest} {_when(each.verified_at_ms)}"
        place = f"{each.number}/{each.total} {each.target}"
        verdict = BAD if each.target in one.lost else OK
        rows.append([_BACKUP.format(place=place), _VERIFIED.format(proof=proof), verdict])
    rows += [["备份不在介质上 / backup is missing", each, BAD] for each in one.lost]
    if len(one.copies) < one.required and one.bundle is None:
        text = f"{len(one.copies)} / {one.required}"
        rows.append(["已核验备份 / verified backups", text, WAIT])
    return rows


def _bundle(one: Holding) -> list[Row]:
    if one.bundle is None:
        return [["密封包 / sealed bundle", "尚未密封 / not sealed yet", WAIT]]
    rows: list[Row] = [
        [_VERSION.format(number=each.version), each.sha256[:16], OK] for each in one.earlier
    ]
    number = len(one.earlier) + 1
    sha256 = one.bundle.bundle.sha256[:16]
    rows.append([_VERSION.format(number=number), sha256, OK])
    if isinstance(one.home, Delivered):
        rows.append(["回执 / receipt", one.home.proof_sha256[:16], OK])
    elif isinstance(one.home, Refusal):
        rows.append(["回执 / receipt", one.home.text("zh") + " / " + one.home.text("en"), BAD])
    else:
        rows.append(["回执 / receipt", "尚未取得 / not there yet", WAIT])
    return rows


def _wiping(one: Holding) -> list[Row]:
    if one.certificate is not None:
        at = _when(one.certificate["finished_at_ms"])
        done = f"{at} {', '.join(one.certificate['persons'])}"
        row: Row = ["清除 / wiping", done, OK]
    elif one.begun:
        row = ["清除 / wiping", "已开始，自动继续 / begun; goes on by itself", BAD]
    else:
        return [["清除 / wiping", "未清除 / not wiped", WAIT]]
    said = sum(each.reported_at_ms is not None for each in one.stations)
    text = f"{said} / {len(one.stations)}"
    verdict = OK if said == len(one.stations) else WAIT
    return [row, ["考试机已清除 / stations wiped", text, verdict]]


def _period(line: Mapping[str, Any]) -> Row:
    chinese, english = class_texts(line["classes"])
    label = _LABELS[line["what"]].format(zh=chinese, en=english)
    if line["destroyed"]:
        return [label, "已销毁 / destroyed", OK]
    if line["begun"]:
        return [label, "销毁未完成 / destruction begun", BAD]
    text = _DUE if line["purgeable"] else _PERIOD if line["until"] else _UNKNOWN
    value = text.format(months=line["months"], until=line["until"])
    return [label, value, WAIT if line["purgeable"] else OK]


def _next(one: Holding) -> list[str]:
    """Who must act, in the order of the way; nothing when nobody must."""
    if one.bundle is None:
        return [*_media(one), "主考：核对、签名、密封 / chief: reconcile, sign, seal"]
    if not isinstance(one.home, Delivered):
        return ["系统管理员：上报，取得回执 / administrator: upload, get the receipt"]
    steps = _media(one)
    if one.certificate is None:
        steps.append(
            "系统管理员：查看清除日志，服务器自动继续 / administrator: the server goes on by itself"
            if one.begun
            else "系统管理员、主考：清除 / administrator and chief: wipe"
        )
        return steps
    waiting = sorted({each.machine_id for each in one.stations if each.reported_at_ms is None})
    if waiting:
        steps.append(_STATIONS.format(count=len(waiting)))
    if one.kept[0]["from"] is None:
        steps.append(
            "系统管理员、主考：录入成绩公布日期 / administrator and chief: enter the scores' day"
        )
    steps += [
        _DESTROY[each["what"]]
        for each in one.kept
        if (each["purgeable"] and not each["destroyed"]) or each["begun"]
    ]
    return steps


def _media(one: Holding) -> list[str]:
    return [_AGAIN.format(target=each) for each in one.lost if one.certificate is None]


def _when(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, _CHINA).strftime("%Y-%m-%d %H:%M")
