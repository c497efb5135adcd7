"""What to do about an alarm of the stores, the media and the upload: who, and the first step.

The runbook has the rest by the alarm's code. Other alarms say themselves what to do.
"""

from collections.abc import Sequence

from venue_server.wire.alarms import Alarm, AlarmCode

_C = AlarmCode
_SECOND = (
    "系统管理员：立即接回第二块盘（查连线、电源、挂载），考试照常；接回后自动补齐",
    "administrator: bring the second disk back now (cable, power, mount); the exam goes on, "
    "what is missing is copied by itself",
)
_PRIMARY = (
    "系统管理员：查主盘的连线、空间和挂载；主考：任何人不得关考试机，作答保存在考试机，恢复后自动上传",
    "administrator: see to the primary disk (cable, space, mount); chief: nobody switches a "
    "station off, they keep the answers and send them by themselves",
)
_SPACE = (
    "系统管理员：把数据目录以外的文件移走；不得在数据目录内删除",
    "administrator: move away what is not in the data folder; never delete in it",
)
_BACKUP = (
    "系统管理员：接上登记的备份介质；没有一份已校验备份不能密封和上报",
    "administrator: connect the registered backup medium; without one verified copy nothing is "
    "sealed or uploaded",
)
_SET_APART = (
    "系统管理员：换一块备份介质；原介质原样封存，登记事件",
    "administrator: take another backup medium; keep this one apart as it is, write an incident",
)
_SLOW = (
    "系统管理员：查有无其他程序在写盘；越来越慢的盘准备更换",
    "administrator: look for another program that writes; a disk that gets slower is to be changed",
)
_EXPORTS = (
    "系统管理员：把导出文件和隔离文件移到介质；作答不受影响",
    "administrator: move exports and quarantined files to a medium; answers are not touched",
)
_BY_HAND = (
    "主考、系统管理员：在“考后收尾 → 离线移交”导出并双人移交；上报仍自动重试",
    "chief and administrator: export and hand over under After the exam, Offline hand-over; "
    "the upload goes on trying",
)
_ADVICE: dict[AlarmCode, tuple[str, str]] = {
    _C.DISK_LOW: _SPACE,
    _C.DISK_FILLING: _SPACE,
    _C.DISK_SLOW: _SLOW,
    _C.SECOND_MISSING: _SECOND,
    _C.SECOND_FOREIGN: _SECOND,
    _C.SECOND_SAME_DEVICE: _SECOND,
    _C.SECOND_FAILING: _SECOND,
    _C.SECOND_HANGS: _SECOND,
    _C.PRIMARY_HANGS: _PRIMARY,
    _C.PRIMARY_FAILING: _PRIMARY,
    _C.PRIMARY_ELSEWHERE: _PRIMARY,
    _C.BACKUP_MISSING: _BACKUP,
    _C.BACKUP_FOREIGN: _BACKUP,
    _C.BACKUP_SAME_DEVICE: _BACKUP,
    _C.BACKUP_FAILING: _BACKUP,
    _C.BACKUP_CHANGED: _SET_APART,
    _C.BUDGET_EXCEEDED: _EXPORTS,
    _C.UPLOAD_STAYS_OUT: _BY_HAND,
}


def advice(alarms: Sequence[Alarm]) -> list[str]:
    """A step for each alarm that has one, as zh / en with its code; the same step once only."""
    codes: dict[tuple[str, str], list[str]] = {}
    for alarm in alarms:
        if alarm.code in _ADVICE:
            codes.setdefault(_ADVICE[alarm.code], []).append(alarm.code.value)
    steps = []
    for (chinese, english), found in codes.items():
        mark = f"[{', '.join(dict.fromkeys(found))}]"
        steps.append(f"{mark} {chinese} / {mark} {english}")
    return steps
