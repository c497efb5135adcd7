"""The codes of Order 31 (专业技术人员资格考试违纪违规行为处理规定, in force 2017-04-01), V01-V05.

A code only says under which item the venue *suggests* that facts be looked at. Who decides is the
examination authority; nothing here says what happens to a candidate (V01). The sentences of §6 to
§8 are the order's own, word for word; that of §9 is a summary (docs/incidents.md says how they were
compared). The promulgated text is what counts.
"""

from dataclasses import dataclass
from enum import StrEnum


class Article(StrEnum):
    """The article a code belongs to. GRAVE ones raise the class of the records (M02)."""

    GENERAL = "6"  # this subject
    SERIOUS = "7"  # all subjects, integrity file for five years
    VERY_SERIOUS = "8"  # all subjects, integrity file for good
    DISORDER = "9"  # the candidate stops and leaves the room


@dataclass(frozen=True)
class ViolationCode:
    """``warning_required``: the item itself says 经提醒仍不改正, so that a warning comes first."""

    code: str
    article: Article
    zh: str
    en: str
    warning_required: bool = False

    def text(self, language: str = "zh") -> str:
        """The item in ``zh`` or ``en``, with its code."""
        return f"{self.code} {self.zh if language.startswith('zh') else self.en}"


_G, _S, _V, _D = Article.GENERAL, Article.SERIOUS, Article.VERY_SERIOUS, Article.DISORDER

CODES: dict[str, ViolationCode] = {
    each.code: each
    for each in (
        ViolationCode(
            "O31-6-1",
            _G,
            "携带通讯工具、规定以外的电子用品或者与考试内容相关的资料进入座位，经提醒仍不改正的",
            "phone, electronics or material at the seat, not put right after a warning",
            warning_required=True,
        ),
        ViolationCode(
            "O31-6-2",
            _G,
            "经提醒仍不按规定书写、填涂本人身份和考试信息的",
            "own identity or exam details not given as prescribed, after a warning",
            warning_required=True,
        ),
        ViolationCode(
            "O31-6-3",
            _G,
            "在试卷、答题纸、答题卡规定以外位置标注本人信息或者其他特殊标记的",
            "own details or special marks outside the place for them",
        ),
        ViolationCode(
            "O31-6-4",
            _G,
            "未在规定座位参加考试，或者未经考试工作人员允许擅自离开座位或者考场，经提醒仍不改正的",
            "wrong seat, or left seat or room without leave, not put right after a warning",
            warning_required=True,
        ),
        ViolationCode(
            "O31-6-5",
            _G,
            "未用规定的纸、笔作答，或者试卷前后作答笔迹不一致的",
            "other paper or pen than prescribed, or handwriting that changes",
        ),
        ViolationCode(
            "O31-6-6",
            _G,
            "在考试开始信号发出前答题，或者在考试结束信号发出后继续答题的",
            "answering before the start signal or after the end signal",
        ),
        ViolationCode(
            "O31-6-7",
            _G,
            "将试卷、答题卡、答题纸带出考场的",
            "taking papers or answer sheets out of the room",
        ),
        ViolationCode(
            "O31-6-8",
            _G,
            "故意损坏试卷、答题纸、答题卡、电子化系统设施的",
            "damaging papers or the equipment of the test on purpose",
        ),
        ViolationCode(
            "O31-6-9",
            _G,
            "未按规定使用考试系统，经提醒仍不改正的",
            "using the test system against the rules, not put right after a warning",
            warning_required=True,
        ),
        ViolationCode(
            "O31-6-10",
            _G,
            "其他应当给予当次该科目考试成绩无效处理的违纪违规行为",
            "another violation for which this subject would be void",
        ),
        ViolationCode(
            "O31-7-1",
            _S,
            "抄袭、协助他人抄袭试题答案或者与考试内容相关资料的",
            "copying answers or material, or helping others to",
        ),
        ViolationCode(
            "O31-7-2",
            _S,
            "互相传递试卷、答题纸、答题卡、草稿纸等的",
            "passing papers, answer sheets or scrap paper",
        ),
        ViolationCode(
            "O31-7-3", _S, "持伪造证件参加考试的", "taking the exam with a forged document"
        ),
        ViolationCode(
            "O31-7-4",
            _S,
            "本人离开考场后，在考试结束前，传播考试试题及答案的",
            "spreading items or answers after leaving and before the end",
        ),
        ViolationCode(
            "O31-7-5",
            _S,
            "使用禁止带入考场的通讯工具、规定以外的电子用品的",
            "using a banned phone or banned electronics",
        ),
        ViolationCode(
            "O31-7-6",
            _S,
            "其他应当给予当次全部科目考试成绩无效处理的严重违纪违规行为",
            "another serious violation for which all subjects would be void",
        ),
        ViolationCode(
            "O31-8-1",
            _V,
            "串通作弊或者参与有组织作弊的",
            "colluding, or taking part in organised cheating",
        ),
        ViolationCode(
            "O31-8-2", _V, "代替他人或者让他人代替自己参加考试的", "impersonation, on either side"
        ),
        ViolationCode(
            "O31-8-3",
            _V,
            "其他情节特别严重、影响恶劣的违纪违规行为",
            "another violation of an especially grave kind",
        ),
        ViolationCode(
            "O31-9",
            _D,
            "故意扰乱考试秩序，或者拒绝、妨碍考试工作人员履行管理职责，威胁、侮辱他人等的",
            "disturbing the order of the exam, obstructing the staff, threatening or insulting",
        ),
    )
}
"""Every code, in the order of the articles."""

DISORDER = "O31-9"
GRAVE_ARTICLES = frozenset({Article.SERIOUS, Article.VERY_SERIOUS})
"""严重、特别严重违纪违规行为: records of such a case are kept for two years at least (M02)."""
