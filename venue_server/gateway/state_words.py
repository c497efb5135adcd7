"""States as a status screen says them, in Chinese and English, not by our own names."""

from enum import StrEnum

from venue_server.wire.inspection_orders import SealState
from venue_server.wire.names import DataState, Mode, PackageState, SessionState

_WORDS: dict[type[StrEnum], dict[str, str]] = {
    Mode: {
        Mode.LIVE: "正式考试 / live",
        Mode.REHEARSAL: "试考（演练） / rehearsal",
        Mode.PRACTICE: "练习 / practice",
    },
    SealState: {
        SealState.UNINSPECTED: "未检测 / not inspected",
        SealState.INSPECTED: "已检测，未封场 / inspected, not sealed",
        SealState.SEALED: "已封场 / sealed",
        SealState.SEAL_BROKEN: "封场后有变动 / changed since it was sealed",
    },
    PackageState: {
        PackageState.EXPECTED: "待接收 / expected",
        PackageState.RECEIVING: "接收中 / being received",
        PackageState.COMPLETE: "已接收完整 / complete",
        PackageState.RELEASED: "已释放 / released",
        PackageState.ENDED: "已结束 / ended",
        PackageState.UNUSED: "未启用（封存） / never opened",
        PackageState.WIPED: "已清除 / wiped",
    },
    SessionState: {
        SessionState.PLANNED: "待开放 / planned",
        SessionState.OPEN: "入场中 / doors open",
        SessionState.LOGIN_ALLOWED: "已允许登录 / log-in allowed",
        SessionState.ARMED: "已启用释放 / armed",
        SessionState.STARTED: "考试中 / started",
        SessionState.ENDED: "考试结束 / ended",
        SessionState.RECONCILED: "已核对 / reconciled",
        SessionState.SEALED: "已密封 / sealed",
        SessionState.UPLOADED: "已上报 / uploaded",
        SessionState.WIPED: "已清除 / wiped",
    },
    DataState: {
        DataState.COLLECTING: "回收中 / being collected",
        DataState.COLLECTED: "已回收 / collected",
        DataState.BACKED_UP: "已备份 / backed up",
        DataState.SEALED: "已密封 / sealed",
        DataState.UPLOADING: "上报中 / being uploaded",
        DataState.UPLOADED: "已上报 / uploaded",
        DataState.WIPED: "已清除 / wiped",
    },
}
_SOURCES = {"headquarters": "总部 / headquarters", "system": "本机时钟 / this machine's clock"}


def said(state: StrEnum | None) -> str:
    """The words of a state, ``—`` for none."""
    return "—" if state is None else _WORDS[type(state)][state]


def clock_source(source: str) -> str:
    """Where exam time comes from; what is not known is said as it came."""
    return _SOURCES.get(source, source or "—")
