"""The standard text of the two sheets that a venue posts about conduct (C02), in Chinese as posted:
考场规则, and the provisions on dealing with violations.

Used where the signed plan carries none of its own. Sources: article 30 of
《专业技术人员职业资格考试考务工作规程》 (2021), word for word, with the rules of conduct that every
station shows beneath it; and articles 6 to 9 of 《专业技术人员资格考试违纪违规行为处理规定》 (Order
31), by the items of ``order31.py``. What counts is the promulgated text, and the sheet says so.

A text is lines; one that begins with 第…条 or ends with a colon is a heading.
"""

from venue_server.wire.order31 import CODES, Article

ARTICLE_30 = (
    "《专业技术人员职业资格考试考务工作规程》第三十条　"
    "人事考试机构及其工作人员应当以适当方式，明确告知应试人员参加考试时必须遵守的规则：",
    "（一）凭居民身份证、社会保障卡、外国人永久居留证等有效身份证件和准考证进入考场。"
    "身份信息须与报名时所填报的一致。",
    "（二）语音类、视频类考试开始后一律禁止进入考场，其他考试开始5分钟后一律禁止进入考场。",
    "（三）服从考场封闭管理，考场封闭期间，原则上不得交卷、离场。",
    "考试时长2小时以内的科目，考场封闭一般至考试结束，"
    "电子化考试可视情况调整至考试结束前15分钟；考试时长超过2小时的科目，考场封闭2小时；"
    "语音类、视频类考试考场封闭一般至考试结束。",
    "（四）遵守考场规则，服从考试工作人员管理，遵从试题作答要求。",
)
CONDUCT = (
    "凭有效身份证件和准考证入场，在指定机位就座，将证件放在桌面上备查。",
    "考场封闭期间不得交卷、离场。可以交卷后，须交卷成功并经监考人员同意，方可离场。",
    "不得携带手机等通讯工具、电子产品和与考试有关的资料至座位；已带入的按监考人员要求存放。",
    "考试开始前不得作答，考试结束后不得继续作答。剩余时间为0时系统自动交卷，无需确认。",
    "保持安静，有事请举手，不得询问涉及试题内容的问题。",
    "不得关机、重新启动、移动或插拔设备；设备有故障请举手，等候处理。",
    "不得抄录、传播试题内容；草稿纸不得带出考场。",
)
"""Beneath the article; the stations show the same sentences (H01)."""

_HEADS = {
    Article.GENERAL: "第六条　有下列违纪违规行为之一的，当次该科目考试成绩无效：",
    Article.SERIOUS: "第七条　有下列严重违纪违规行为之一的，当次全部科目考试成绩无效，"
    "并记入诚信档案库，记录期限为五年：",
    Article.VERY_SERIOUS: "第八条　有下列特别严重违纪违规行为之一的，"
    "当次全部科目考试成绩无效，并记入诚信档案库，长期记录：",
    Article.DISORDER: "第九条　有下列行为的，终止继续参加考试，责令离开考场：",
}
_NUMBERS = "一二三四五六七八九十"
_SOURCE = "条款为便于张贴的摘录，以公布文本为准。违纪违规行为由人事考试机构依法认定和处理。"


def standard_room_rules() -> str:
    """考场规则."""
    numbered = [f"{at}. {text}" for at, text in enumerate(CONDUCT, start=1)]
    return "\n".join((*ARTICLE_30, "考场规则：", *numbered))


def standard_violation_rules() -> str:
    """违纪违规行为处理规定, articles 6 to 9."""
    lines = ["《专业技术人员资格考试违纪违规行为处理规定》（人力资源社会保障部令第31号）："]
    for article, head in _HEADS.items():
        items = [each.zh for each in CODES.values() if each.article is article]
        lines.append(head)
        lines += [
            f"（{_NUMBERS[at]}）{text}" if len(items) > 1 else text for at, text in enumerate(items)
        ]
    return "\n".join((*lines, _SOURCE))
