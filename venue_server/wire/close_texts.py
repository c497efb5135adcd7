"""The words of the close check, once, in Chinese and English."""

from collections.abc import Sequence

from venue_server.wire.names import Role
from venue_server.wire.remarks import Remark

TITLES = (
    ("每名应考人员有且只有一个结果", "everyone scheduled has exactly one outcome"),
    ("实考人数等于密封作答份数", "as many sealed bundles as present candidates"),
    ("考场情况记录单签名齐全", "every room record is signed"),
    ("两份以上已校验备份", "two verified backups or more"),
    ("上报回执相符，或有交接记录", "upload receipt matches, or a hand-over record exists"),
    ("没有未办结的事项", "nothing without a closing result"),
    ("介质全部归还保管人", "all media are back with their keepers"),
    ("没有留存的试卷明文和密钥", "no paper in the clear and no key is left"),
    ("台账校验通过", "the ledger verifies"),
    ("备用卷仍密封且去向清楚", "reserve papers are sealed and accounted for"),
)

CLOSED = "已办结 / closed"
"""The value of a point about which nothing is open; a row with another value only tells something,
such as how long things are kept."""

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.CHIEF: ("主考", "chief"),
    Role.DEPUTY: ("副主考", "deputy"),
    Role.INVIGILATOR: ("监考", "invigilator"),
    Role.ROVING: ("流动监考", "roving invigilator"),
    Role.SYSADMIN: ("系统管理员", "administrator"),
    Role.INSPECTOR: ("巡视", "inspector"),
    Role.ZONE_DIRECTOR: ("考区主任", "zone director"),
}

_KEPT = {"answers": ("作答数据", "answers"), "records": ("电子记录", "electronic records")}

_CLASSES = {
    "ORDINARY": ("一般", "ordinary"),
    "GRAVE": ("严重违纪或重大异常", "serious violation or anomaly"),
    "ELECTRONIC": ("电子文档", "electronic documents"),
    "LOCAL": ("地方规定", "local rule"),
}


def who_does(who: Sequence[Role], about: Remark, language: str) -> str:
    """Who must act, and about what."""
    at, joint, colon = (0, "、", "：") if language == "zh" else (1, ", ", ": ")
    return f"{joint.join(ROLE_NAMES[role][at] for role in who)}{colon}{about.text(language)}"


def kept_texts(what: str, months: int, until: str, held: bool) -> tuple[str, str]:
    """Label and value of one period of keeping, each as zh / en."""
    chinese, english = _KEPT[what]
    hold = ("；封存留查", "; on hold") if held else ("", "")
    if until:
        period = (f"{months}个月，至{until}", f"{months} months, until {until}")
    else:
        period = (f"自成绩公布起{months}个月", f"{months} months from the day of the scores")
    return (
        f"保管期限：{chinese} / kept: {english}",
        f"{period[0]}{hold[0]} / {period[1]}{hold[1]}",
    )


def class_texts(classes: Sequence[str]) -> tuple[str, str]:
    """Why records are kept so long, in both languages; ``classes`` as the retention names them."""
    words = [_CLASSES.get(each, (each, each)) for each in classes]
    return "、".join(each[0] for each in words), ", ".join(each[1] for each in words)
