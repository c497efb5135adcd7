"""The words of the inspection page: states, verdicts with shapes, rows of its tables."""

from PySide6.QtCore import QObject

from invigilator_app.actions.inspection import (
    BROKEN,
    FAILED,
    GOOD,
    SEALED,
    WAITS,
    WARNED,
    Check,
    Finding,
    StationRow,
    failing,
)
from invigilator_app.board.instants import day_minute
from invigilator_app.screens.texts import Texts

_GIB = 1024**3
_NAMED = 4


class InspectionTexts(QObject):
    """Only ``self.tr`` with a literal reaches the translators."""

    def __init__(self, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts

    def state(self, state: str) -> str:
        """The venue's seal, with a shape."""
        return {
            "UNINSPECTED": self.tr("○ 未检测"),
            "INSPECTED": self.tr("△ 已检测，未封场"),
            SEALED: self.tr("✓ 已封场"),
            BROKEN: self.tr("✕ 封场失效"),
        }.get(state, state or "—")

    def tone(self, state: str) -> str:
        """The colour that goes with it."""
        return {SEALED: "good", BROKEN: "bad"}.get(state, "warn")

    def verdict(self, verdict: str) -> str:
        """A check's verdict, with a shape."""
        return {
            GOOD: self.tr("✓ 通过"),
            WARNED: self.tr("△ 注意"),
            FAILED: self.tr("✕ 不通过"),
            WAITS: self.tr("… 待检"),
        }.get(verdict, verdict)

    def is_bad(self, verdict: str) -> bool:
        return verdict == FAILED

    def is_sick(self, station: StationRow) -> bool:
        return not station.online or bool(failing(station.facts))

    # ---- checks ----

    def check_headings(self) -> list[str]:
        return [
            self.tr("结论"),
            self.tr("编号"),
            self.tr("检测项"),
            self.tr("要求"),
            self.tr("实测"),
            self.tr("时间"),
            self.tr("人员"),
            self.tr("涉及"),
        ]

    def check_row(self, check: Check) -> list[str]:
        title = self._texts.either(check.title)
        if not check.mandatory:
            title += self.tr("（非必查）")
        return [
            self.verdict(check.verdict),
            check.check_id,
            title,
            check.expected,
            check.measured,
            day_minute(check.at_ms) if check.at_ms else "—",
            check.person,
            self._names(check.names),
        ]

    def _names(self, names: list[str]) -> str:
        more = self.tr(" 等 %1 个").replace("%1", str(len(names)))
        return self.tr("、").join(names[:_NAMED]) + (more if len(names) > _NAMED else "")

    # ---- stations ----

    def station_headings(self) -> list[str]:
        return [
            self.tr("机位"),
            self.tr("在线"),
            self.tr("内存"),
            self.tr("剩余磁盘"),
            self.tr("屏幕"),
            self.tr("程序"),
            self.tr("时间偏差"),
            self.tr("往返"),
            self.tr("重启测试"),
            self.tr("未通过的自检项、介质"),
        ]

    def station_row(self, station: StationRow) -> list[str]:
        facts = station.facts
        return [
            station.seat,
            self.tr("✓ 在线") if station.online else self.tr("✕ 断线"),
            f"{facts.ram_bytes / _GIB:.1f} GiB" if facts.ram_bytes else "—",
            f"{facts.disk_free / _GIB:.1f} GiB" if facts.disk_free else "—",
            facts.screen or "—",
            facts.app_sha256[:8] or "—",
            "—" if station.offset_ms is None else f"{station.offset_ms} ms",
            "—" if station.round_trip_ms is None else f"{station.round_trip_ms} ms",
            self.verdict(station.restart),
            self.tr("、").join([*failing(facts), *facts.removable]),
        ]

    # ---- findings ----

    def finding_headings(self) -> list[str]:
        return [
            self.tr("状态"),
            self.tr("编号"),
            self.tr("检测项"),
            self.tr("发现时间"),
            self.tr("发现时实测"),
            self.tr("纠正时间"),
            self.tr("纠正后实测"),
            self.tr("涉及"),
        ]

    def finding_row(self, finding: Finding) -> list[str]:
        return [
            self.tr("✓ 已纠正") if finding.closed_ms else self.tr("✕ 未纠正"),
            finding.check_id,
            self._texts.either(finding.title),
            day_minute(finding.found_ms),
            finding.measured,
            day_minute(finding.closed_ms) if finding.closed_ms else "—",
            finding.now or "—",
            self._names(finding.names),
        ]
