"""What an upload's technical problem means, in words for whoever waits for the receipt (L09).

The server remembers and records a problem as its programs said it; these words stand before it.
"""

from venue_server.wire.refusals import RefusalCode

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
