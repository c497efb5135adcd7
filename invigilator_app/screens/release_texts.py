"""The words of the release ceremony and of the data chain."""

from PySide6.QtCore import QObject

from invigilator_app.ceremony.phase import ReleasePhase
from venue_server.wire.names import (
    DataState,
    PackageState,
    ReadyKind,
    ReadyVerdict,
    SessionState,
)


class ReleaseTexts(QObject):
    """Words for ceremony and data values."""

    def check(self, kind: ReadyKind) -> str:
        return {
            ReadyKind.FREEZE: self.tr("释放未被冻结"),
            ReadyKind.PACKAGE: self.tr("试卷包完整、未曾启封"),
            ReadyKind.SEAL: self.tr("考点已封场"),
            ReadyKind.RECEIPT: self.tr("主考已签收试卷包"),
            ReadyKind.CLOCK: self.tr("考试时间可信"),
            ReadyKind.STATIONS: self.tr("考试机已校验本机卷别"),
            ReadyKind.PEOPLE: self.tr("主考、系统管理员到位"),
            ReadyKind.INVIGILATORS: self.tr("监考人员到位"),
            ReadyKind.BACKUP: self.tr("备份可用"),
            ReadyKind.DISK: self.tr("磁盘预留"),
            ReadyKind.RELEASE_KEY: self.tr("释放密钥"),
        }[kind]

    def verdict(self, verdict: ReadyVerdict) -> str:
        return {
            ReadyVerdict.GO: self.tr("✓ 就绪"),
            ReadyVerdict.WAIT: self.tr("… 等待"),
            ReadyVerdict.WARN: self.tr("？ 请人工核对"),
            ReadyVerdict.OVERRIDE: self.tr("△ 未就绪"),
            ReadyVerdict.NO_GO: self.tr("✕ 不可开考"),
        }[verdict]

    def phase(self, phase: ReleasePhase) -> str:
        return {
            ReleasePhase.NO_SESSION: self.tr("当前没有场次"),
            ReleasePhase.PREPARING: self.tr("尚未启用释放"),
            ReleasePhase.ARMED: self.tr("已由两人启用，距释放点"),
            ReleasePhase.DUE: self.tr("释放点已到，正在获取释放密钥"),
            ReleasePhase.RELEASED: self.tr("试卷已释放"),
            ReleasePhase.OVER: self.tr("本场考试已结束"),
        }[phase]

    def data(self, state: DataState) -> str:
        return {
            DataState.COLLECTING: self.tr("回收中"),
            DataState.COLLECTED: self.tr("已回收"),
            DataState.BACKED_UP: self.tr("已备份"),
            DataState.SEALED: self.tr("已密封"),
            DataState.UPLOADING: self.tr("上报中"),
            DataState.UPLOADED: self.tr("已上报"),
            DataState.WIPED: self.tr("已清除"),
        }[state]

    def session(self, state: SessionState) -> str:
        return {
            SessionState.PLANNED: self.tr("待开放"),
            SessionState.OPEN: self.tr("入场中"),
            SessionState.LOGIN_ALLOWED: self.tr("已允许登录"),
            SessionState.ARMED: self.tr("已启用释放"),
            SessionState.STARTED: self.tr("考试中"),
            SessionState.ENDED: self.tr("考试结束"),
            SessionState.RECONCILED: self.tr("已核对"),
            SessionState.SEALED: self.tr("已密封"),
            SessionState.UPLOADED: self.tr("已上报"),
            SessionState.WIPED: self.tr("已清除"),
        }[state]

    def next_step(self, state: SessionState | None) -> str:
        """The "what do I do now" line."""
        if state is None:
            return self.tr("下一步：等待场次")
        return {
            SessionState.PLANNED: self.tr("下一步：检查考场，等待入场时间"),
            SessionState.OPEN: self.tr("下一步：查验两证、办理入场；人员就座后允许登录"),
            SessionState.LOGIN_ALLOWED: self.tr(
                "下一步：核对人、证、屏幕一致；主考与系统管理员启用释放"
            ),
            SessionState.ARMED: self.tr("下一步：宣读考场规则，等待释放点"),
            SessionState.STARTED: self.tr("下一步：巡视考场，处理“需要关注”列表"),
            SessionState.ENDED: self.tr("下一步：核对应考、实考、缺考，填写并签署考场情况记录单"),
            SessionState.RECONCILED: self.tr("下一步：主考签名后密封作答数据"),
            SessionState.SEALED: self.tr("下一步：上报至指定服务器"),
            SessionState.UPLOADED: self.tr("下一步：核对回执，两人确认后清除"),
            SessionState.WIPED: self.tr("本场工作已全部完成"),
        }[state]

    def package(self, state: str) -> str:
        """A package state, as an enum member or as its name in a result."""
        words: dict[str, str] = {
            PackageState.EXPECTED: self.tr("待接收"),
            PackageState.RECEIVING: self.tr("接收中"),
            PackageState.COMPLETE: self.tr("已接收完整"),
            PackageState.RELEASED: self.tr("已释放"),
            PackageState.ENDED: self.tr("已结束"),
            PackageState.UNUSED: self.tr("未启用（封存）"),
            PackageState.WIPED: self.tr("已清除"),
        }
        return words.get(state, state)
