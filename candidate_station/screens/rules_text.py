"""The rules a candidate must have read before answering (H01), and how to use the station.

Written from 考务 rules §30 and 人社部令第31号 §6-§8. The version of this text is recorded with the
click on 我已阅读; who changes the text changes the version.
"""

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate  # a name lupdate knows


def exam_rules() -> tuple[str, list[str]]:
    """考场规则: heading and numbered sentences."""
    return translate("RulesText", "考场规则"), [
        translate(
            "RulesText", "凭有效身份证件和准考证入场，在指定机位就座，将证件放在桌面上备查。"
        ),
        translate(
            "RulesText",
            "开考5分钟后一律禁止入场；语音类、视频类考试开始后一律禁止入场。",
        ),
        translate(
            "RulesText",
            "考场封闭期间不得交卷、离场。可以交卷后，须交卷成功并经监考人员同意，方可离场。",
        ),
        translate(
            "RulesText",
            "不得携带手机等通讯工具、电子产品和与考试有关的资料至座位；已带入的按监考人员要求存放。",
        ),
        translate(
            "RulesText",
            "考试开始前不得作答，考试结束后不得继续作答。剩余时间为0时系统自动交卷，无需确认。",
        ),
        translate("RulesText", "保持安静，有事请举手，不得询问涉及试题内容的问题。"),
        translate("RulesText", "不得关机、重新启动、移动或插拔设备；设备有故障请举手，等候处理。"),
        translate("RulesText", "不得抄录、传播试题内容；草稿纸不得带出考场。"),
    ]


def how_to() -> tuple[str, list[str]]:
    """操作指南."""
    return translate("RulesText", "操作指南"), [
        translate(
            "RulesText",
            "左侧题号栏：未填色为未作答，蓝底带“✓”为已作答，橙底粗框为当前题，右上角三角为已标记。",
        ),
        translate(
            "RulesText", "点击题号或按“上一题”“下一题”切换试题；不确定的题可按“标记”，便于复查。"
        ),
        translate(
            "RulesText",
            "作答自动保存。屏幕下方写明答案已到何处：“已保存到本机”或“已同步”。",
        ),
        translate("RulesText", "网络中断时可以照常作答，答案保存在本机，恢复后自动同步。"),
        translate(
            "RulesText",
            "剩余时间以屏幕显示为准，可以隐藏；最后5分钟始终显示。字号和配色可在屏幕右上角调整。",
        ),
        translate(
            "RulesText",
            "可只用键盘操作：按住 Alt 再按按钮上带下划线的字母；Tab 键移动，空格键选择。",
        ),
        translate("RulesText", "交卷前系统提示未作答和已标记的题数；确认交卷后不能再作答。"),
    ]


def consequences() -> tuple[str, list[str]]:
    """违纪处理."""
    return translate("RulesText", "违纪处理"), [
        translate(
            "RulesText",
            "违纪违规行为按照《专业技术人员资格考试违纪违规行为处理规定》"
            "（人力资源社会保障部令第31号）处理。",
        ),
        translate("RulesText", "违纪的，当次该科目成绩无效。"),
        translate(
            "RulesText",
            "抄袭、协助他人抄袭，使用禁止带入考场的通讯工具、规定以外的电子用品等严重违纪的，"
            "当次全部科目成绩无效，并记入专业技术人员资格考试诚信档案库，记录期限为五年。",
        ),
        translate(
            "RulesText",
            "串通作弊或者参与有组织作弊，代替他人或者让他人代替自己参加考试等特别严重的，"
            "当次全部科目成绩无效，并记入专业技术人员资格考试诚信档案库，长期记录。",
        ),
    ]
