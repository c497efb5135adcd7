"""Every check of the venue-sealing inspection, once. Ids are stable: reports name them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """``mandatory``: while it fails or waits the venue cannot be sealed. ``asked``: a person
    answers it. ``rule`` cites the requirement."""

    check_id: str
    rule: str
    zh: str
    en: str
    mandatory: bool = True
    asked: bool = False

    @property
    def title(self) -> str:
        """In both languages, as every text the server sends."""
        return f"{self.zh} / {self.en}"


def _asked(check_id: str, rule: str, zh: str, en: str, mandatory: bool = False) -> Check:
    return Check(check_id, rule, zh, en, mandatory, asked=True)


CHECKS: tuple[Check, ...] = (
    Check("SRV-DISK", "C08", "服务器剩余磁盘", "server's free disk"),
    Check("SRV-RESERVE", "C08", "磁盘预留", "disk reserve held"),
    Check(
        "SRV-SECOND", "C08", "第二份存储：在位、可写、读回一致", "second copy's device, read back"
    ),
    Check("SRV-BACKUP", "L04", "备份介质：在位、可写、读回一致", "backup devices, read back"),
    Check("SRV-SPEED", "L04", "备份介质速度", "speed of the backup devices", mandatory=False),
    Check("SRV-CLOCK", "C08", "服务器时间可信", "the server's time is trusted"),
    Check("SRV-POWER", "C12", "电源与UPS", "power and UPS", mandatory=False),
    Check("SRV-MEMORY", "C01", "服务器处理器与内存", "server's processors and memory"),
    Check("SRV-SETTINGS", "C10", "设置文件与运行中一致", "settings are those the server runs with"),
    Check("SRV-PINS", "C08", "总部证书在有效期内", "headquarters' certificates are valid"),
    Check("SRV-CONSOLE", "C08", "监考台在线", "a console is connected"),
    Check("SRV-ENCRYPTED", "C12", "数据盘加密", "the data disk is encrypted", mandatory=False),
    Check("SRV-COUNT", "C01", "服务器台数", "number of servers"),
    Check("STA-SEATS", "C01", "每个座位有考试机", "every seat has a station"),
    Check("STA-SPARE", "C01", "备用考试机比例", "spare stations"),
    Check("STA-HARDWARE", "C01", "考试机处理器与内存", "processors and memory of the stations"),
    Check("STA-CHECKS", "C08", "考试机自检", "self-checks of the stations"),
    Check("STA-CALIBRATION", "D16", "校准卷显示正确", "the calibration paper is drawn rightly"),
    Check("STA-APP", "C10", "考试机程序一致", "the same program at every station"),
    Check("STA-SYSTEM", "C01", "操作系统一致", "the same system everywhere", mandatory=False),
    Check("STA-CLOCK", "C08", "考试机时间偏差", "clock offset of the stations"),
    Check("STA-SLEEP", "C11", "休眠已关闭", "sleep is off"),
    Check("STA-INTERNET", "C11", "不能访问互联网", "no Internet"),
    Check("STA-RESTART", "C11", "重启后数据仍在（还原卡、无盘）", "data survive a restart"),
    Check("STA-MEDIA", "D03", "没有插入移动介质", "no removable media", mandatory=False),
    Check("NET-CONNECTED", "C08", "考试机在线", "stations are connected"),
    Check("NET-ROUNDTRIP", "C08", "网络往返时间", "round trip"),
    Check("NET-LOSS", "C08", "网络丢包", "loss"),
    Check("PAP-PACKAGES", "D18", "密封试卷包检查", "dry check of the sealed packages"),
    Check(
        "DEV-OUTSIDE",
        "D03",
        "接收设备未在窗口外接入",
        "receiving devices are away",
        mandatory=False,
    ),
    _asked("ASK-ROOMS", "C04", "考场光线、通风、安静", "rooms are light, aired, quiet"),
    _asked("ASK-CAMERAS", "C08", "视频监控运行正常", "cameras work", mandatory=True),
    _asked("ASK-PARTITIONS", "C05", "隔板、防窥膜等降低干扰", "partitions, privacy films"),
    _asked("ASK-PRINTER", "C08", "打印机打印清晰", "the printer prints", mandatory=True),
    _asked("ASK-FIRE", "C12", "防火", "protection against fire", mandatory=True),
    _asked("ASK-THEFT", "C12", "防盗", "protection against theft", mandatory=True),
    _asked("ASK-POWERCUT", "C12", "断电演练已做", "a power cut was practised", mandatory=True),
    _asked("ASK-LEAK", "C12", "防失泄密", "protection against leaks", mandatory=True),
)
BY_ID = {check.check_id: check for check in CHECKS}
CHEAP = frozenset(
    {"SRV-DISK", "SRV-SETTINGS", "SRV-CLOCK"}
    | {each.check_id for each in CHECKS if each.check_id.startswith("STA-")}
)
"""Looked at once more at the moment of sealing: they need no writing and no re-reading."""
