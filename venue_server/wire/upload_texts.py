"""How far an upload is and what its technical problem means, in words for whoever waits for the
receipt (L09).

The server remembers and records a problem as its programs said it; these words stand before it.
A text is a pair, Chinese and English; figures are the same in both.
"""

from datetime import datetime, timedelta, timezone

from venue_server.wire.refusals import RefusalCode
from venue_server.wire.upload_orders import UploadStage, UploadView

Texts = tuple[str, str]
_CHINA = timezone(timedelta(hours=8))

_LINE = (
    "连不上指定服务器，请查外网线路",
    "the designated server cannot be reached: check the line",
)
_BUSY = ("指定服务器繁忙，请等候", "the designated server is busy: wait")
_WAITS = (
    "数据已送到，等待总部出具回执",
    "the data has arrived; headquarters' receipt is still to come",
)
_REFUSED = ("总部拒收密封包，请联系总部", "headquarters refused the bundle: call headquarters")
_AGAIN = ("上次传到的部分已失效，将从头再传", "what was sent is no longer there; it is sent anew")
_WRONG = (
    "对方不是指定服务器，未发送任何内容，请联系总部",
    "who answered is not the designated server, nothing was sent: call headquarters",
)
_DIFFERS = (
    "本机密封包与密封时不符，请改用备份并报告总部",
    "this disk's bundle is not what was sealed: use a backup, tell headquarters",
)
_OTHERS = (
    "回执不是这个密封包的，将重新上报",
    "the receipt is not this bundle's: it is uploaded again",
)
_STOPPED = ("服务器停止时中断，将继续", "interrupted as the server stopped; it goes on")
_OTHER = ("上报未成", "the upload did not succeed")

_SIGNS = (  # the first that a problem contains
    (RefusalCode.UPLOAD_WRONG_SERVER.value, _WRONG),
    (RefusalCode.RECEIPT_MISMATCH.value, _OTHERS),
    ("no receipt yet", _WAITS),
    ("refused the bundle", _REFUSED),
    ("differs from what was sealed", _DIFFERS),
    ("stopped", _STOPPED),
    (": 429", _BUSY),
    (": 503", _BUSY),
    ("HEAD: 4", _AGAIN),
    ("PATCH: 4", _AGAIN),
    ("Timeout", _LINE),
    ("Connection", _LINE),
    ("SSLError", _LINE),
)


def upload_trouble(problem: str) -> tuple[str, str]:
    """The problem in Chinese and English, the technical words in brackets behind it."""
    chinese, english = next((words for sign, words in _SIGNS if sign in problem), _OTHER)
    return f"{chinese}（{problem}）", f"{english} ({problem})"


KEPT: Texts = (
    "总部已确认的部分不再重发；中断、重启后从断点续传",
    "what headquarters confirmed is not sent again; after a break or a restart it goes on there",
)
_STAGES: dict[UploadStage, Texts] = {
    UploadStage.NOT_BEGUN: ("已密封，尚未上报", "sealed, the upload is not begun"),
    UploadStage.SENDING: ("正在上报", "uploading"),
    UploadStage.STALLED: ("正在上报，但没有进展", "uploading, but nothing moves"),
    UploadStage.CHECKING: (
        "已全部送到，等待总部回执",
        "everything has arrived; the receipt is still to come",
    ),
    UploadStage.NEXT: ("排队，前一场传完即开始", "waits for the one before it"),
    UploadStage.PAUSED: ("已中断，将自动重试", "interrupted; it is tried again by itself"),
    UploadStage.HOME: ("已上报，回执相符", "uploaded, the receipt matches"),
}
_UNITS = ("kB", "MB", "GB", "TB")
_HOUR_MIN = 60
_WAITS_FOR = "原因 / why"
_FAILED_BEFORE = "上次失败 / last failure"


_PEOPLE: Texts = (
    "须由人处理（仍会自动重试）",
    "people must act (it is still tried again)",
)


def stage_texts(one: UploadView) -> Texts:
    """What one bundle is doing."""
    waits = one.needs_people and one.stage is UploadStage.PAUSED
    return _PEOPLE if waits else _STAGES[one.stage]


def bytes_text(count: int) -> str:
    """``12.3 MB``; decimal units, rounded down: nothing is told that is not there yet."""
    if count < 1000:
        return f"{count} B"
    size, unit = count, ""
    for unit in _UNITS:
        if size < 1_000_000 or unit == _UNITS[-1]:
            break
        size //= 1000
    return f"{size // 100 / 10:.1f} {unit}"


def percent(confirmed: int, total: int) -> int:
    """Whole percent, rounded down: a hundred only when everything is confirmed."""
    return confirmed * 100 // total if total else 0


def amount(confirmed: int, total: int) -> str:
    """``12.3 MB / 40.0 MB (30 %)``."""
    return f"{bytes_text(confirmed)} / {bytes_text(total)} ({percent(confirmed, total)} %)"


def rate_text(rate: int) -> str:
    """``85.0 kB/s``, or a dash when nothing can be said."""
    return f"{bytes_text(rate)}/s" if rate else "—"


def left_texts(left_min: int | None) -> Texts:
    """How long it still takes, in hours and whole minutes."""
    if left_min is None:
        return "无法估计", "unknown"
    hours, minutes = divmod(left_min, _HOUR_MIN)
    if not hours:
        return f"约 {minutes} 分钟", f"about {minutes} min"
    return f"约 {hours} 小时 {minutes} 分钟", f"about {hours} h {minutes} min"


def at_text(at_ms: int) -> str:
    """``11-22 21:03:05``, Beijing time."""
    return f"{datetime.fromtimestamp(at_ms / 1000, _CHINA):%m-%d %H:%M:%S}"


def bundle_texts(one: UploadView) -> list[tuple[str, Texts]]:
    """What there is to tell of one bundle besides its state and its bytes: label (both languages)
    and text, in the order in which somebody asks."""
    return [
        (label, texts)
        for label, texts in (
            ("近来速度 / rate lately", _pace(one)),
            ("最近进展 / last progress", _still(one)),
            ("下次尝试 / next attempt", _next(one)),
            (_WAITS_FOR if one.stage is UploadStage.PAUSED else _FAILED_BEFORE, _why(one)),
        )
        if texts is not None
    ]


def _pace(one: UploadView) -> Texts | None:
    if one.stage is not UploadStage.SENDING:
        return None
    if not one.asked:
        return "正在询问总部已收到多少", "headquarters is being asked how much it holds"
    if not one.rate:
        return "刚开始，尚无法估计", "just begun, nothing can be said yet"
    left = left_texts(one.left_min)
    return f"{rate_text(one.rate)}，还需{left[0]}", f"{rate_text(one.rate)}, {left[1]} to go"


def _still(one: UploadView) -> Texts | None:
    if one.stage in (UploadStage.NOT_BEGUN, UploadStage.HOME):
        return None
    if not one.moved_at_ms:
        return "总部还没有确认过任何数据", "headquarters has not confirmed anything yet"
    at = at_text(one.moved_at_ms)
    if one.stage in (UploadStage.STALLED, UploadStage.PAUSED):
        return f"{at} 起没有进展", f"nothing has moved since {at}"
    return at, at


def _next(one: UploadView) -> Texts | None:
    if one.stage is not UploadStage.PAUSED:
        return None
    at = at_text(one.next_attempt_ms)
    return at, at


def _why(one: UploadView) -> Texts | None:
    if not one.problem:
        return None
    chinese, english = upload_trouble(one.problem)
    return f"{chinese}；已失败 {one.attempts} 次", f"{english}; {one.attempts} failed so far"
