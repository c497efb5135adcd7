"""Which facts of the ledger open an incident by themselves (I04, I05, E03, F18, F19, F23). Pure.

The incident is written in the transaction of the entry that raised it: there is no moment at which
one exists without the other, and no restart can raise it twice. A key says what raised it; a key
that was used opens nothing more. People complete, report and close it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from venue_server.ledger.catalogue import Event
from venue_server.wire.incidents import GraveClass, IncidentKind, Severity
from venue_server.wire.refusals import RefusalCode

PIN_REFUSED = RefusalCode.UPLOAD_WRONG_SERVER.value
_CHAINS = frozenset({"CHAIN_DIVERGED"})
_JOURNALS = frozenset({"JOURNAL_DAMAGED"})
_WRITTEN_INTO = frozenset({"ALTERED", "OTHER_STATION"})
_NOT_PROVED = frozenset({"UNKNOWN_SIGNER", "BAD_SIGNATURE"})
EVENTS = frozenset(
    {
        Event.RELEASED_BY_CODE,
        Event.RELEASE_CONTRADICTED,
        Event.RELEASE_FROZEN,
        Event.RELEASE_ATTEMPT_REFUSED,
        Event.SERVER_STARTED,
        Event.CLOCK_DISPUTED,
        Event.UPLOAD_FAILED,
        Event.STATION_ALERT,
        Event.STATION_DATA_LOST,
        Event.JOURNAL_IMPORTED,
        Event.JOURNAL_REFUSED,
        Event.TIME_SUSPENDED,
        Event.STORE_DEGRADED,
    }
)
"""The only ones worth a look; most entries of a day are none of them."""


@dataclass(frozen=True)
class Raised:
    """An incident to open. An empty session is the current one; ``key`` is used once. ``began_ms``:
    exam time, 0 is now; ``over``: it has ended by now."""

    key: str
    kind: IncidentKind
    severity: Severity
    what: str
    grave: GraveClass = GraveClass.NONE
    session_id: str = ""
    began_ms: int = 0
    over: bool = False


_K, _S, _G = IncidentKind, Severity, GraveClass


def raised_by(
    event: Event, seq: int, actor: str, data: Mapping[str, Any], running: Sequence[str]
) -> Raised | None:
    """The incident that an entry opens, or None. ``running`` are the sessions at work now."""
    session = str(data.get("session", ""))
    match event:
        case Event.RELEASED_BY_CODE:
            text = "以密封码释放试卷，待总部令牌确认"
            return Raised(
                f"by-code:{session}", _K.RELEASE_BY_CODE, _S.MAJOR, text, _G.NONE, session
            )
        case Event.RELEASE_CONTRADICTED:
            text = "总部令牌与已释放试卷不符"
            return Raised(f"contradicted:{session}", _K.LEAK, _S.SEVERE, text, _G.OTHER, session)
        case Event.RELEASE_FROZEN:
            text = f"疑似泄密，冻结试卷释放：{data.get('reason', '')}"
            return Raised(f"frozen:{seq}", _K.LEAK, _S.SEVERE, text, _G.LEAK)
        case Event.RELEASE_ATTEMPT_REFUSED if int(data.get("early", 0)) > 0:
            text = f"{actor} 在释放时间前尝试开启试卷，被拒"
            return Raised(f"early:{session}:{actor}", _K.LEAK, _S.MAJOR, text, _G.NONE, session)
        case Event.SERVER_STARTED if running:
            text = "考试进行中服务器重新启动，考试机在此期间单机作答"
            return Raised(f"restart:{seq}", _K.SERVER, _S.MAJOR, text, _G.NONE, running[0])
        case Event.CLOCK_DISPUTED:
            text = "服务器时间与总部时间不符"
            return Raised(f"clock:{seq}", _K.CLOCK, _S.MAJOR, text)
        case Event.UPLOAD_FAILED if str(data.get("problem", "")).startswith(PIN_REFUSED):
            text = "上报时遇到的不是指定服务器，已拒绝"
            return Raised(f"pin:{session}", _K.UPLOAD, _S.SEVERE, text, _G.OTHER, session)
        case Event.STATION_DATA_LOST:
            text = (
                f"考试机 {actor} 的本机作答数据丢失，第 {data['lost_from']} 至 {data['lost_to']} 条"
            )
            key = f"data-lost:{data['sitting']}:{data['lost_to']}"
            return Raised(key, _K.STATION, _S.SEVERE, text, _G.BREAKDOWN, session)
        case Event.JOURNAL_IMPORTED if data.get("lost"):
            text = f"导入单机数据时第 {data['lost']} 条作答已丢失（{data['machine_id']}）"
            key = f"journal-lost:{data['sitting']}:{data['lost']}"
            return Raised(key, _K.STATION, _S.SEVERE, text, _G.BREAKDOWN, session)
        case Event.JOURNAL_REFUSED:
            return _unproved(data, session)
        case Event.TIME_SUSPENDED:
            text = f"考试暂停：{data.get('reason', '')}"
            return Raised(f"suspended:{seq}", _K.OTHER, _S.MAJOR, text, _G.NONE, session)
        case Event.STORE_DEGRADED if data.get("copy") == "primary" and "since_ms" in data:
            return _primary_was_gone(str(data.get("problem", "")), int(data["since_ms"]))
        case Event.STATION_ALERT:
            return _station(actor, str(data.get("alert", "")), running)
        case _:
            return None


def _unproved(data: Mapping[str, Any], session: str) -> Raised | None:
    """A copied journal that its station's signature does not prove. Without a signature nothing is
    claimed and nothing was taken in; a statement that does not fit may have rotted, and answers
    that somebody wrote behind a signature did not."""
    proof, count = str(data.get("proof", "")), int(data.get("unproved", 0))
    key = f"journal-unproved:{data.get('sitting', '')}:{proof}:{data.get('machine_id', '')}"
    who = f"机位 {data.get('seat', '')} 单机数据（{data.get('machine_id', '')}）"
    if count and proof in _WRITTEN_INTO:
        text = f"{who}有 {count} 条作答不是该考试机所签，疑被改动，已另存待裁定"
        return Raised(key, _K.STATION, _S.SEVERE, text, _G.OTHER, session)
    if count and proof in _NOT_PROVED:
        text = f"{who}签名无效或签名者不明，{count} 条作答已另存待裁定"
        return Raised(key, _K.STATION, _S.MAJOR, text, _G.NONE, session)
    return None


def _primary_was_gone(code: str, since_ms: int) -> Raised:
    """Nothing can be written while the primary is gone, so its outage is told when it is back (R3);
    a damaged page is no outage, and has no instant from which on."""
    text = f"服务器主存储设备不可用（{code}），现已恢复；期间服务器未确认新的作答，考试机在本机保存"
    key = f"primary:{since_ms}"
    return Raised(key, _K.SERVER, _S.MAJOR, text, _G.NONE, began_ms=since_ms, over=True)


def _station(machine_id: str, alert: str, running: Sequence[str]) -> Raised | None:
    word = alert.partition(":")[0]
    session = running[0] if running else ""
    if word in _CHAINS:
        text = f"考试机 {machine_id} 与服务器的作答记录不一致，双方均已保留"
        key = f"chains:{session}:{machine_id}"
        return Raised(key, _K.STATION, _S.MAJOR, text, _G.NONE, session)
    if word in _JOURNALS:
        text = f"考试机 {machine_id} 的本机作答日志损坏，损坏部分已另存"
        key = f"journal:{session}:{machine_id}"
        return Raised(key, _K.STATION, _S.SEVERE, text, _G.BREAKDOWN, session)
    return None


def stations_lost(session_id: str, lost: int, stations: int, at_ms: int) -> Raised:
    """So many stations are gone at once that the examination is interrupted over a wide area."""
    text = f"同时断线考试机{lost}台，正在作答{stations}台"
    key = f"stations-lost:{session_id}:{at_ms}"
    return Raised(key, _K.LAN, _S.SEVERE, text, _G.BREAKDOWN, session_id)
