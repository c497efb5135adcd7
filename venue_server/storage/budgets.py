"""Everything on the answers' disk that is no answer has a budget of its own (R11, Finland 2025).

What the server writes by itself keeps its budget by its own means (the log rotates, readings of the
machine are two bounded files, memory images are forbidden). What people or headquarters bring is
refused or told of when it is over: nothing is ever deleted to make room (F19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
NEAR = 0.8
"""The share of a budget from which people hear of it. The server's own log ends below it."""


@dataclass(frozen=True)
class Budget:
    """``files`` are globs below the data folder; ``limit`` in bytes. ``name`` in zh and en."""

    key: str
    name: str
    files: tuple[str, ...]
    limit: int


@dataclass(frozen=True)
class Used:
    """What a budget holds now."""

    budget: Budget
    used: int

    @property
    def over(self) -> bool:
        """Is it over its limit?"""
        return self.used > self.budget.limit

    @property
    def near(self) -> bool:
        """Is it near its limit, so that there is time to make room?"""
        return not self.over and self.used > NEAR * self.budget.limit


BUDGETS = (
    Budget("logs", "日志 / logs", ("logs/*",), 96 * MIB),
    Budget("readings", "设备运行记录 / readings", ("equipment*.jsonl",), 4 * MIB),
    Budget("exports", "导出文件 / exports", ("exports/**/*",), 1024 * MIB),
    Budget("quarantine", "隔离区 / quarantine", ("quarantine/**/*",), 8192 * MIB),
    Budget("cores", "内存转储 / core files", ("core", "core.*", "*.core"), 0),
)


def measure(data: Path, budgets: tuple[Budget, ...] = BUDGETS) -> list[Used]:
    """Look at the disk. Blocking; what vanishes meanwhile or cannot be read counts nothing."""
    return [Used(each, sum(_sizes(data, each.files))) for each in budgets]


def _sizes(data: Path, globs: tuple[str, ...]) -> list[int]:
    found = []
    for glob in globs:
        try:
            found += [size for path in data.glob(glob) if (size := _size(path))]
        except OSError:
            continue
    return found


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size if path.is_file() and not path.is_symlink() else 0
    except OSError:
        return 0


def room_in(key: str, used: list[Used], more: int = 0) -> bool:
    """May ``more`` bytes still be added to the budget ``key``?"""
    return all(each.used + more <= each.budget.limit for each in used if each.budget.key == key)


Measure = Callable[[], list[Used]]
