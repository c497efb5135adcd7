"""What is out of order at the venue, as codes with arguments; consoles say it in their language.

An alarm is a state, not an event: it is sent as long as it is true. ``args`` hold names, paths and
numbers, never a sentence; what the operating system said about a disk is passed on as it is.
"""

from enum import StrEnum, unique

import msgspec


@unique
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
    OPENING_ATTEMPT = "ALM-13"
    RELEASE_FROZEN = "ALM-14"
    CLOCK_SYSTEM_ONLY = "ALM-15"
    CLOCK_AHEAD = "ALM-16"
    CLOCK_BEHIND = "ALM-17"
    CLOCK_ALONE = "ALM-18"
    CLOCK_CORRECTED = "ALM-19"
    LINE_NOTICE = "ALM-20"
    LINE_WARNING = "ALM-21"
    LINE_ALARM = "ALM-22"
    LINE_CODE_NEAR = "ALM-23"
    LINE_CODE = "ALM-24"
    CODE_UNCONFIRMED = "ALM-25"
    CODE_CONTRADICTED = "ALM-26"
    PAPERS_EARLY = "ALM-27"
    PAPERS_LATE = "ALM-28"
    MEDIUM_UNWATCHED = "ALM-29"
    PRIMARY_DAMAGED = "ALM-30"
    SEAL_BROKEN = "ALM-65"
    DEVICES_OUTSIDE = "ALM-66"
    ON_BATTERY = "ALM-67"
    ROOM_UNDERSTAFFED = "ALM-55"
    CLAIMED_TWICE = "ALM-50"
    BRANCH_OPEN = "ALM-51"
    DOUBTS_OPEN = "ALM-60"
    INTERRUPTION_LONG = "ALM-40"
    INCIDENT_UNREPORTED = "ALM-70"
    INCIDENT_ESCALATES = "ALM-71"
    PAPER_DEFECT = "ALM-72"
    VIOLATION_SHARE = "ALM-73"
    STATISTICS_DUE = "ALM-75"
    UPLOAD_STAYS_OUT = "ALM-93"
    SESSION_CANCELLED = "ALM-97"
    SESSION_RERUN = "ALM-98"
    SESSION_CONTINUED = "ALM-99"
    NOTICE_ARRIVED = "ALM-103"
    ORDER_ARRIVED = "ALM-104"
    DOCUMENT_REFUSED = "ALM-105"
    SECOND_HANGS = "ALM-86"
    PRIMARY_HANGS = "ALM-87"
    PRIMARY_FAILING = "ALM-88"
    PRIMARY_ELSEWHERE = "ALM-89"
    DISK_FILLING = "ALM-35"
    BACKUP_FAILING = "ALM-31"
    BACKUP_CHANGED = "ALM-32"
    BUDGET_EXCEEDED = "ALM-33"
    DISK_SLOW = "ALM-34"
    ANSWERS_TOO_LATE = "ALM-109"
    UNKNOWN_HOST = "ALM-107"
    PRIMARY_NOT_TAKEN = "ALM-110"
    PRIMARY_READS_HANG = "ALM-111"
    MEDIUM_STALLS = "ALM-113"
    BACKUP_NEARLY_FULL = "ALM-114"
    SECOND_NEARLY_FULL = "ALM-115"
    BUDGET_NEAR = "ALM-130"
    BACKUP_OTHER_DEVICE = "ALM-119"
    UPLOAD_REFUSED = "ALM-120"
    CAME_AFTER_SEAL = "ALM-116"
    SECOND_IN_USE = "ALM-117"
    TWIN_SERVER = "ALM-118"


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
    _C.INTERRUPTION_LONG: (
        "{room} 考场中断已满 {minutes} 分钟，须报上一级决定",
        "room {room} has stood still for {minutes} minutes: the next level decides",
    ),
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
    _C.SECOND_HANGS: (
        "第二份存储设备无响应，作答仅存一份：{folder}（已等{seconds}秒）",
        "second copy: its device does not answer, answers are kept once only: {folder}"
        " (waited {seconds} s)",
    ),
    _C.PRIMARY_HANGS: (
        "主存储无响应已{seconds}秒，作答不再确认，仅存考试机本机：{folder}",
        "the primary store has not answered for {seconds} s, nothing is acknowledged, stations"
        " keep the answers: {folder}",
    ),
    _C.PRIMARY_FAILING: (
        "主存储写入失败，作答不再确认，仅存考试机本机：{folder}（{system}）",
        "the primary store cannot be written, nothing is acknowledged, stations keep the answers:"
        " {folder} ({system})",
    ),
    _C.PRIMARY_ELSEWHERE: (
        "主存储文件不在原处，作答不再确认，仅存考试机本机：{folder}",
        "the primary store is not where it was, nothing is acknowledged, stations keep the answers:"
        " {folder}",
    ),
    _C.PRIMARY_NOT_TAKEN: (
        "主存储位置上的不是断开前的存储，未采用（{code}）：请接回原来的数据盘：{folder}",
        "what lies in the primary store's place is not the store that went away and is not taken"
        " ({code}): bring the right disk back: {folder}",
    ),
    _C.PRIMARY_READS_HANG: (
        "主存储读取无响应已{seconds}秒，已在内存中的照常，其余登录、查询可能失败：{folder}",
        "the primary store's disk has not answered a read for {seconds} s; what is in memory goes"
        " on, other looks and sign-ins may fail: {folder}",
    ),
    _C.DISK_FILLING: (
        "磁盘正在写满：{folder}，按目前速度约{minutes}分钟后到达下限",
        "the disk is filling: {folder}, at this rate its floor comes in {minutes} min",
    ),
    _C.DISK_SLOW: (
        "磁盘很慢：{folder}，一次落盘{milliseconds}毫秒",
        "the disk is slow: {folder}, one sync takes {milliseconds} ms",
    ),
    _C.BUDGET_EXCEEDED: (
        "非作答文件（{name}）已占 {used} MiB，超出预算 {budget} MiB，请移出：{folder}",
        "what is no answer ({name}) is over its budget, move it away: {used} of {budget} MiB,"
        " {folder}",
    ),
    _C.BACKUP_FAILING: (
        "备份介质写入失败，继续使用其他介质：{folder}（{system}）",
        "a backup medium failed, the others are used: {folder} ({system})",
    ),
    _C.BACKUP_CHANGED: (
        "备份介质上的文件与校验记录不符，拒绝使用：{folder}（{file}）",
        "a backup medium does not read back as it was proved and is refused: {folder} ({file})",
    ),
    _C.BACKUP_OTHER_DEVICE: (
        "备份介质内容相符，但设备不是校验时的设备，请核对是否为复制品：{folder}（现 {found}，"
        "校验时 {proved}）",
        "a backup medium holds what was proved, but on another device: is it a copy? {folder}"
        " (found {found}, proved {proved})",
    ),
    _C.PRIMARY_DAMAGED: (
        "主存储有损坏（{what}），受损作答取自第二份存储；考试可继续，考后更换磁盘",
        "the primary store is damaged ({what}); answers in it are read from the second copy. The"
        " exam goes on; change the disk afterwards",
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
    _C.OPENING_ATTEMPT: (
        "疑似违规开启试卷，请立即核查并上报：{session} {who} {refusal}",
        "attempt to open the paper, check and report it: {session} {who} {refusal}",
    ),
    _C.RELEASE_FROZEN: (
        "试卷释放已冻结",
        "the release is frozen",
    ),
    _C.CLOCK_SYSTEM_ONLY: (
        "服务器时间只来自系统时钟，总部校时前不能释放试卷",
        "time is the system clock's only: nothing can be released before headquarters sets it",
    ),
    _C.CLOCK_AHEAD: (
        "时间有疑：服务器比其他来源快 {seconds} 秒，报告主考和总部",
        "time is suspect: {seconds} s ahead of another source; tell the chief and headquarters",
    ),
    _C.CLOCK_BEHIND: (
        "时间有疑：服务器比其他来源慢 {seconds} 秒，报告主考和总部",
        "time is suspect: {seconds} s behind another source; tell the chief and headquarters",
    ),
    _C.CLOCK_ALONE: (
        "已 {minutes} 分钟未与总部校时",
        "no time from headquarters for {minutes} min",
    ),
    _C.CLOCK_CORRECTED: (
        "服务器时间已按总部时间更正 {seconds} 秒，请核对",
        "time was corrected by {seconds} s to headquarters' time: check",
    ),
    _C.LINE_NOTICE: (
        "总部线路不通，请检查",
        "no line to headquarters: check it",
    ),
    _C.LINE_WARNING: (
        "距释放不足 30 分钟，总部线路不通，启用备用线路",
        "no line to headquarters, under 30 min to the release: use the second uplink",
    ),
    _C.LINE_ALARM: (
        "距释放不足 15 分钟，总部线路不通，通知密码保管人",
        "no line to headquarters, under 15 min to the release: call the custodians",
    ),
    _C.LINE_CODE_NEAR: (
        "距释放不足 5 分钟，总部线路不通，密封码信封送考务办公室",
        "no line to headquarters, under 5 min to the release: bring the sealed code",
    ),
    _C.LINE_CODE: (
        "已到释放时间，总部线路不通：两名保管人输入密封码",
        "the release point has come without headquarters: two custodians enter the sealed code",
    ),
    _C.CODE_UNCONFIRMED: (
        "密封码释放，待总部令牌确认",
        "released by code, to be confirmed by headquarters",
    ),
    _C.CODE_CONTRADICTED: (
        "总部令牌与已释放试卷不符，立即报告总部",
        "headquarters' token contradicts the released paper: call headquarters",
    ),
    _C.PAPERS_EARLY: (
        "{session}：距开考还有{days}天，试卷存放一般不超过5天",
        "{session}: {days} days before the start, papers are kept not more than 5",
    ),
    _C.PAPERS_LATE: (
        "{session}：考后{days}天试卷尚未清除或移交，一般不超过3天",
        "{session}: papers still here {days} days after the end, not more than 3",
    ),
    _C.ROOM_UNDERSTAFFED: (
        "{room}考场在场监考人员{count}名，至少须2名：请流动监考补位",
        "room {room}: {count} invigilators here, at least 2 needed: a roving one steps in",
    ),
    _C.MEDIUM_UNWATCHED: (
        "介质无人值守：{media}",
        "media watched by nobody: {media}",
    ),
    _C.SEAL_BROKEN: (
        "封场已失效（{reasons}），见封场检测页",
        "the venue's seal is broken ({reasons}): see the inspection",
    ),
    _C.DEVICES_OUTSIDE: (
        "接收窗口之外，服务器上仍有接收介质或网卡：{names}",
        "receiving devices are connected outside the receipt: {names}",
    ),
    _C.ON_BATTERY: (
        "服务器已断市电，由电池或UPS供电，剩余{percent}%",
        "the server runs on battery or UPS, {percent} % left",
    ),
    _C.CLAIMED_TWICE: (
        "两机同时登录同一应试人员：{ticket}，{first} 正在作答，{second} 登录被拒",
        "two stations claim one candidate: {ticket}, live at {first}, refused at {second}",
    ),
    _C.BRANCH_OPEN: (
        "作答分支待裁定：{seat}，来自 {machine}",
        "answers in two branches wait for two people: {seat}, from {machine}",
    ),
    _C.DOUBTS_OPEN: (
        "身份存疑先行入场、尚未处理完毕：{count}人（{rooms}考场）",
        "admitted with the identity in doubt, not settled yet: {count} (rooms {rooms})",
    ),
    _C.INCIDENT_UNREPORTED: (
        "立即报告：{incident} 为严重事件，尚无上报记录",
        "report now: {incident} is severe and no report is on record",
    ),
    _C.INCIDENT_ESCALATES: (
        "{incident} 已中断超过 {minutes} 分钟，请上一级决定",
        "{incident}: interrupted for over {minutes} min, the next level decides",
    ),
    _C.PAPER_DEFECT: (
        "第 {item} 题已有 {count} 起显示问题报告，报告总部，不得解释试题",
        "item {item}: {count} defects reported; tell headquarters, explain nothing",
    ),
    _C.VIOLATION_SHARE: (
        "{room}考场违纪人数占比过高：{violations}/{present}",
        "room {room}: violations of {violations} out of {present} present",
    ),
    _C.UPLOAD_REFUSED: (
        "{session} 上报被拒，重试无法解决，请立即联系总部；作答未丢失：{why}",
        "the upload of {session} is refused and no retry will mend it, call headquarters now;"
        " no answer is lost: {why}",
    ),
    _C.UPLOAD_STAYS_OUT: (
        "上报持续未成，须离线导出并双人移交：{sessions}",
        "the upload stays out: export by hand and hand over, two and two: {sessions}",
    ),
    _C.SESSION_CANCELLED: (
        "总部命令 {reference}：场次 {session} 取消，已有作答原样密封上报",
        "order {reference}: session {session} is cancelled; seal and upload what exists",
    ),
    _C.SESSION_RERUN: (
        "总部命令 {reference}：场次 {session} 重新组织（{later}），已有作答原样密封上报",
        "order {reference}: session {session} is run again ({later}); seal and upload what exists",
    ),
    _C.SESSION_CONTINUED: (
        "总部命令 {reference}：场次 {session} 的考试在 {later} 续考，本场作答按部分数据密封",
        "order {reference}: session {session} goes on in {later}; seal its answers as partial",
    ),
    _C.ANSWERS_TOO_LATE: (
        "考试机 {seats} 带回已清除场次的作答，未收回前不得清除；由两人导出送交总部",
        "{seats} came back with answers of a wiped session: do not wipe, bring them out by two",
    ),
    _C.NOTICE_ARRIVED: (
        "总部更正通知已到：试卷 {paper} 第 {sequence} 号，须由主考和另一人发布",
        "a correction notice is here: paper {paper}, number {sequence}; the chief publishes it",
    ),
    _C.ORDER_ARRIVED: (
        "总部场次命令已到：场次 {session}，文号 {reference}，须由主考和系统管理员接收",
        "an order about session {session} is here, {reference}: chief and administrator take it in",
    ),
    _C.DOCUMENT_REFUSED: (
        "总部专线送来的文件不能接收（第 {number} 件，{code}），请报告总部",
        "what headquarters' line brought cannot be taken (number {number}, {code}): tell them",
    ),
    _C.STATISTICS_DUE: (
        "{session}：考后{days}天，实考、缺考、违纪等情况尚未汇总导出，须在3天内上报",
        "{session}: {days} days after the end, counts not exported yet; they are due in 3 days",
    ),
    _C.SECOND_IN_USE: (
        "第二份存储正被另一台服务器使用，作答仅存一份：{folder}，请立即查明",
        "second copy: another server uses it, answers are kept once only: {folder}; find out now",
    ),
    _C.TWIN_SERVER: (
        "局域网上另有一台本考点的服务器（{addresses}）：立即停用其中一台，考试机不得分连两处",
        "another server of this venue is on the LAN ({addresses}): stop one of the two now,"
        " stations must not be split",
    ),
    _C.CAME_AFTER_SEAL: (
        "密封后机位 {seat} 的考试机（{machine}）送来密封包中没有的作答："
        "上报后须重新密封，此前不得清除",
        "{machine} brought answers of seat {seat} after the sealing: seal anew once the bundle is"
        " home; nothing is wiped before",
    ),
    _C.UNKNOWN_HOST: (
        "有计划外的设备连接服务器（近10分钟{count}个地址）：{addresses}，请查明",
        "hosts that are not of this venue talk to the server ({count} in 10 min): {addresses}",
    ),
    _C.MEDIUM_STALLS: (
        "介质很慢或无响应已{seconds}秒：{where}；其他介质和作答不受影响",
        "a medium is slow or has not answered for {seconds} s: {where}; the others and the answers"
        " go on",
    ),
    _C.BACKUP_NEARLY_FULL: (
        "备份介质空间将不足：{folder}，剩余 {free} MiB，备份需 {needed} MiB，请清理或更换",
        "a backup medium will not have room: {folder}, {free} MiB free, {needed} MiB needed: clear"
        " or change it",
    ),
    _C.SECOND_NEARLY_FULL: (
        "第二份存储空间将不足：{folder}，剩余 {free} MiB，须不少于 {needed} MiB",
        "the second copy's device runs full: {folder}, {free} MiB free, should be {needed} MiB",
    ),
    _C.BUDGET_NEAR: (
        "非作答文件（{name}）已占 {used} MiB，接近预算 {budget} MiB，请移出：{folder}",
        "what is no answer ({name}) is near its budget, move it away: {used} of {budget} MiB,"
        " {folder}",
    ),
}
