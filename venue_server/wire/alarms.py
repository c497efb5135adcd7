"""What is out of order at the venue, as codes with arguments; consoles say it in their language.

An alarm is a state, not an event: it is sent as long as it is true. ``args`` hold names, paths and
numbers, never a sentence; what the operating system said about a disk is passed on as it is.
"""

from enum import StrEnum

import msgspec


class AlarmCode(StrEnum):
    """Stable codes; a released code never changes its meaning."""

    DISK_LOW = "ALM-01"
    SECOND_MISSING = "ALM-02"
    SECOND_FOREIGN = "ALM-03"
    SECOND_SAME_DEVICE = "ALM-04"
    SECOND_FAILING = "ALM-05"
    SECOND_DAMAGED = "ALM-06"
    CLOCK_UNTRUSTED = "ALM-07"
    LEDGER_FILE_DIFFERS = "ALM-08"
    LEDGER_FILE_FAILING = "ALM-09"
    BACKUP_MISSING = "ALM-10"
    BACKUP_FOREIGN = "ALM-11"
    BACKUP_SAME_DEVICE = "ALM-12"


class Alarm(msgspec.Struct, frozen=True):
    """One thing that is out of order."""

    code: AlarmCode
    args: dict[str, str] = {}

    def text(self, language: str = "zh") -> str:
        """The sentence a person reads, in ``zh`` or ``en``."""
        sentence = TEXTS[self.code][0 if language.startswith("zh") else 1]
        return f"[{self.code.value}] {sentence.format_map(_Given(self.args))}"


class _Given(dict[str, str]):
    """An argument a newer server no longer sends is left blank."""

    def __missing__(self, name: str) -> str:
        return "—"


_C = AlarmCode
TEXTS: dict[AlarmCode, tuple[str, str]] = {
    _C.DISK_LOW: ("磁盘空间不足：{folder}", "disk low: {folder}"),
    _C.SECOND_MISSING: (
        "第二份存储介质不在，作答仅存一份：{folder}",
        "second copy: the medium is not there, answers are kept once only: {folder}",
    ),
    _C.SECOND_FOREIGN: (
        "第二份存储位置装的是另一介质，作答仅存一份：{folder}",
        "second copy: another medium is mounted, answers are kept once only: {folder}",
    ),
    _C.SECOND_SAME_DEVICE: (
        "第二份存储与主存储在同一设备，未写入，作答仅存一份：{folder}",
        "second copy: on the same device as the data, not written, answers are kept once only:"
        " {folder}",
    ),
    _C.SECOND_FAILING: (
        "第二份存储写入失败，作答仅存一份：{folder}（{system}）",
        "second copy: cannot be written, answers are kept once only: {folder} ({system})",
    ),
    _C.SECOND_DAMAGED: (
        "第二份存储文件损坏，已另存并重写：{file}，第{byte}字节",
        "second copy: damaged, set aside and written anew: {file}, byte {byte}",
    ),
    _C.CLOCK_UNTRUSTED: ("服务器时间不可信", "the server's time is not trusted"),
    _C.LEDGER_FILE_DIFFERS: (
        "台账文件与主存储不符：{file}，第{line}行",
        "the ledger's file differs from the store: {file}, line {line}",
    ),
    _C.LEDGER_FILE_FAILING: (
        "台账文件无法写入：{file}（{system}）",
        "the ledger's file cannot be written: {file} ({system})",
    ),
    _C.BACKUP_MISSING: ("备份介质不在：{folder}", "the backup medium is not there: {folder}"),
    _C.BACKUP_FOREIGN: (
        "备份位置装的是另一介质：{folder}",
        "another medium is mounted in place of the backup: {folder}",
    ),
    _C.BACKUP_SAME_DEVICE: (
        "备份介质与主存储在同一设备：{folder}",
        "the backup is on the same device as the data: {folder}",
    ),
}
