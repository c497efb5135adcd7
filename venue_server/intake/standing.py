"""Where the receipt of a session stands, for one screen: what is here, what is missing, what to do.

Values in, rows out; the command line and the console show the same (zh / en).
"""

from dataclasses import dataclass

from venue_server.intake.fetching import Progress
from venue_server.intake.rules import WHOLE, Slot
from venue_server.intake.sheet import MIN_CODE, Sheet
from venue_server.intake.store import Receipt, Signature
from venue_server.wire.names import PackageState

OK, WAIT, BAD = "ok", "wait", "bad"
Row = list[str]
STATES = {
    PackageState.EXPECTED: "待接收 / expected",
    PackageState.RECEIVING: "接收中 / receiving",
    PackageState.COMPLETE: "完整 / complete",
    PackageState.RELEASED: "已释放 / released",
    PackageState.ENDED: "已结束 / ended",
    PackageState.WIPED: "已清除 / wiped",
}


@dataclass(frozen=True)
class PackageStanding:
    """One package. ``have``: whole fragments; ``lacking``: partly received ones and how many of
    their ``blocks`` (and header) are missing; ``need`` of ``of`` fragments are enough."""

    package_id: str
    paper_id: str
    form_id: str
    classification: str
    reserve: bool
    state: PackageState
    have: list[int]
    need: int
    of: int
    blocks: int
    lacking: dict[int, int]

    @property
    def missing(self) -> list[int]:
        """Fragments that are not whole here."""
        return [number for number in range(1, self.of + 1) if number not in self.have]


@dataclass(frozen=True)
class WindowNow:
    """The window and the receipt session that is open now. Exam time in ms."""

    now_ms: int
    open_ms: int
    close_ms: int
    running: Receipt | None

    @property
    def inside(self) -> bool:
        """A receipt session may begin now."""
        return self.open_ms <= self.now_ms < self.close_ms


@dataclass(frozen=True)
class Standing:
    """Everything the screen needs. ``awaited``: planned papers of which nothing has come;
    ``filled``: each planned paper has its complete package."""

    session_id: str
    window: WindowNow
    packages: list[PackageStanding]
    awaited: list[Slot]
    filled: bool
    sheet: Sheet
    signature: Signature | None
    progress: Progress | None
    reminders: list[str]
    live: bool
    quarantined: int


def document(standing: Standing) -> dict[str, object]:
    """The answer to the order: sections and next steps for people, the same as values beside."""
    window = standing.window
    return {
        "sections": [
            {"title": "接收窗口 / receipt window", "rows": _window_rows(standing)},
            *({"title": _title(each), "rows": _package_rows(each)} for each in standing.packages),
            {"title": "签收 / receipt sheet", "rows": _sheet_rows(standing)},
        ],
        "next": next_steps(standing),
        "session_id": standing.session_id,
        "window": {"open_ms": window.open_ms, "close_ms": window.close_ms, "now_ms": window.now_ms},
        "receipt": _receipt(window.running),
        "packages": [package_document(each) for each in standing.packages],
        "awaited": ["/".join(slot).strip("/") for slot in standing.awaited],
        "sheet": {
            "code": standing.sheet.content_hash[:MIN_CODE],
            "blockers": standing.sheet.blockers,
            "signed_by": standing.signature.person_id if standing.signature else "",
            "signed_at_ms": standing.signature.signed_at_ms if standing.signature else 0,
        },
        "reminders": standing.reminders,
    }


def package_document(each: PackageStanding) -> dict[str, object]:
    """One package as values."""
    return {
        "package_id": each.package_id,
        "paper_id": each.paper_id,
        "form_id": each.form_id,
        "reserve": each.reserve,
        "state": each.state.value,
        "have": each.have,
        "need": each.need,
        "of": each.of,
        "missing": each.missing,
        "blocks": each.blocks,
        "lacking": {str(number): count for number, count in each.lacking.items()},
    }


def _receipt(running: Receipt | None) -> dict[str, object] | None:
    if running is None:
        return None
    return {
        "receipt_id": running.receipt_id,
        "operator": running.operator,
        "supervisor": running.supervisor,
        "deadline_ms": running.deadline_ms,
    }


def _title(each: PackageStanding) -> str:
    name = f"{each.paper_id}/{each.form_id}"
    if each.reserve:
        return f"备用试卷包 {name} / reserve package {name}"
    return f"试卷包 {name} / package {name}"


# ---- rows ------------------------------------------------------------------------------------


def _window_rows(standing: Standing) -> list[Row]:
    window, progress = standing.window, standing.progress
    running = window.running
    left = (running.deadline_ms - window.now_ms) // 60_000 if running else 0
    rows = [
        ["场次 / session", standing.session_id, OK],
        ["窗口 / window", _window_text(window), OK if window.inside else WAIT],
        [
            "接收 / receipt",
            f"{running.operator} + {running.supervisor}，剩余{left}分钟 / {left} min left"
            if running
            else "未开启 / not open",
            OK if running else WAIT,
        ],
    ]
    if progress is not None:
        percent = 100 * progress.received // max(1, progress.wanted)
        done = f"碎片{progress.fragment}：{percent}% / fragment {progress.fragment}: {percent}%"
        rows.append(["正在从镜像获取 / fetching", done, WAIT])
    if standing.quarantined:
        rows.append(["隔离文件 / in quarantine", str(standing.quarantined), WAIT])
    rows += [["提醒 / reminder", each, BAD] for each in standing.reminders]
    return rows


def _window_text(window: WindowNow) -> str:
    if window.inside:
        minutes = (window.close_ms - window.now_ms) // 60_000
        return f"已开放，{minutes}分钟后关闭 / open, closes in {minutes} min"
    if window.now_ms < window.open_ms:
        minutes = (window.open_ms - window.now_ms) // 60_000
        return f"{minutes}分钟后开放 / opens in {minutes} min"
    return "已关闭 / closed"


def _package_rows(each: PackageStanding) -> list[Row]:
    whole = each.state in WHOLE
    rows = [
        ["状态 / state", STATES[each.state], OK if whole else WAIT],
        [
            "碎片 / fragments",
            f"已有{len(each.have)}片，需{each.need}片，共{each.of}片 / "
            f"{len(each.have)} here, {each.need} needed, {each.of} in all",
            OK if len(each.have) >= each.need else WAIT,
        ],
    ]
    if not whole and each.missing:
        rows.append(["缺少碎片 / missing fragments", _numbers(each.missing), WAIT])
    for number, count in each.lacking.items():
        value = f"{count}块，共{each.blocks + 1}块 / {count} of {each.blocks + 1} blocks"
        rows.append([f"碎片{number}缺块 / fragment {number} lacks", value, OK if whole else BAD])
    if each.classification:
        rows.append(["密级 / classification", each.classification, OK])
    return rows


def _sheet_rows(standing: Standing) -> list[Row]:
    rows = [["待办 / open", each, WAIT] for each in standing.sheet.blockers]
    rows.append(["清单校验码 / sheet code", standing.sheet.content_hash[:MIN_CODE], OK])
    signed = standing.signature
    said = signed.person_id if signed else "未签收 / not signed"
    rows.append(["主考签收 / signed by the chief", said, OK if signed else WAIT])
    return rows


def _numbers(numbers: list[int]) -> str:
    return ", ".join(f"#{each}" for each in numbers)


# ---- what to do ------------------------------------------------------------------------------


def next_steps(standing: Standing) -> list[str]:
    """What the administrator does next, most urgent first."""
    window = standing.window
    if standing.filled:
        return _when_complete(standing)
    if window.running is None:
        if window.inside:
            return ["开启接收（两人） / open a receipt session (two people): intake open"]
        if window.now_ms < window.open_ms:
            return ["等待接收窗口开放 / wait for the window to open"]
        return [
            "窗口已关闭，报告主考并联系总部 / the window is closed: tell chief and headquarters"
        ]
    steps = [_for_package(each) for each in standing.packages if each.state not in WHOLE]
    return steps + [_for_awaited("/".join(slot).strip("/")) for slot in standing.awaited]


def _for_package(each: PackageStanding) -> str:
    name = f"{each.paper_id}/{each.form_id}"
    if each.lacking and len(each.have) < each.need:
        numbers = _numbers(sorted(each.lacking))
        return (
            f"{name}：重新获取缺失的块（碎片 {numbers}） / "
            f"{name}: get the missing blocks of {numbers}: intake fetch, or another medium"
        )
    short = max(each.need - len(each.have), 0)
    return f"{name}：还需{short}片 / {name}: {short} more fragments: intake import or fetch"


def _for_awaited(name: str) -> str:
    return (
        f"{name or '试卷包'}：尚无清单，导入介质或从镜像获取 / "
        f"{name or 'the package'}: no manifest yet: intake import, or intake fetch"
    )


def _when_complete(standing: Standing) -> list[str]:
    if standing.signature is not None:
        return ["考前复查密封试卷包 / check the sealed packages again: intake check"]
    if standing.window.running is not None:
        return ["结束接收（原两人） / close the receipt session (the same two): intake close"]
    if standing.sheet.blockers:
        return [
            "开启接收并由两人确认结束 / open and close a receipt session to confirm what came late"
        ]
    code = standing.sheet.content_hash[:MIN_CODE]
    return [f"主考核对后签收 / the chief signs: intake sign {standing.session_id} {code}"]
