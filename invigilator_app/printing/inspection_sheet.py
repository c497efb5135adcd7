"""封场检测报告 as HTML: in Chinese like every official form, whatever the console speaks (C09)."""

from html import escape
from typing import Any

from invigilator_app.board.instants import day_minute
from venue_server.wire.remarks import Remark, RemarkCode

_STYLE = """
<style>
h1 { font-size: 20pt; text-align: center; margin-bottom: 4pt; }
h2 { font-size: 13pt; margin: 8pt 0 4pt 0; }
p, td, th { font-size: 9.5pt; }
table { border-collapse: collapse; }
</style>
"""
_STATES = {
    "UNINSPECTED": "未检测",
    "INSPECTED": "已检测，未封场",
    "SEALED": "已封场",
    "SEAL_BROKEN": "封场失效",
}
_VERDICTS = {"OK": "✓ 通过", "WARN": "△ 注意", "FAIL": "✕ 不通过", "WAIT": "… 待检"}
_KINDS = {"FULL": "全面检测", "PARTIAL": "重测", "ANSWER": "人员回答"}
Plain = dict[str, Any]


def inspection_sheet(document: Plain) -> str:
    """The signed report as a sheet: how it stands, findings, the seal's steps, every run, the
    stations, the ledger's head, and lines to sign."""
    report: Plain = document["payload"]
    keys = ", ".join(each["key"] for each in document.get("signatures", []))
    head = report["ledger"]
    where = "　".join(part for part in (report.get("zone", ""), report["venue_name"]) if part)
    return (
        f"{_STYLE}<h1>封场检测报告</h1><p align='center'>{escape(where)}"
        f"　{escape(_STATES.get(report['state'], ''))}"
        f"　{day_minute(report['made_at_ms'])}</p>"
        f"<h2>检测结果</h2>{_checks(report)}"
        f"<h2>问题与纠正</h2>{_findings(report)}"
        f"<h2>封场经过</h2>{_steps(report)}"
        f"<h2>历次检测</h2>{_runs(report)}"
        f"<h2>考试机</h2>{_stations(report)}"
        f"<h2>签名</h2>{_signatures(report)}"
        f"<p>台账 {head['entries']} 条，末条校验码 {escape(head['head'])}<br>"
        f"考点签名密钥 {escape(keys)}</p>"
    )


def ledger_head(document: Plain) -> str:
    """What stands at the foot of every page."""
    return str(document["payload"]["ledger"]["head"])


def _checks(report: Plain) -> str:
    rows = [
        [
            _VERDICTS.get(each["verdict"], each["verdict"]),
            each["check_id"],
            each["title"].partition(" / ")[0] + ("" if each["mandatory"] else "（非必查）"),
            each["expected"],
            each["measured"],
            _when(each["at_ms"]),
            _person(report, each["person"]),
            "、".join(each["names"]),
        ]
        for each in report["checks"]
    ]
    return _table(["结论", "编号", "检测项", "要求", "实测", "时间", "人员", "涉及"], rows)


def _findings(report: Plain) -> str:
    rows = [
        [
            "✓ 已纠正" if each["closed_ms"] else "✕ 未纠正",
            each["check_id"],
            each["title"].partition(" / ")[0],
            f"{_when(each['found_ms'])} {each['measured']}",
            f"{_when(each['closed_ms'])} {each['now']}" if each["closed_ms"] else "",
            "、".join(each["names"]),
        ]
        for each in report["findings"]
    ]
    return _table(["状态", "编号", "检测项", "发现", "纠正", "涉及"], rows)


def _steps(report: Plain) -> str:
    rows = [
        [
            _when(each["at_ms"]),
            _STATES.get(each["state"], each["state"]),
            "、".join(_person(report, name) for name in each["persons"]),
            "；".join([*([each["reason"]] if each["reason"] else []), *_reasons(each)]),
            each["digest"][:16],
        ]
        for each in report["steps"]
    ]
    return _table(["时间", "状态", "人员", "原因", "校验码"], rows)


def _reasons(step: Plain) -> list[str]:
    told = []
    for each in step["reasons"]:
        code = each["code"]
        known = code in list(RemarkCode)
        told.append(Remark(RemarkCode(code), each.get("args", {})).text("zh") if known else code)
    return told


def _runs(report: Plain) -> str:
    rows = []
    for run in report["runs"]:
        failed = [one["check_id"] for one in run["results"] if one["verdict"] == "FAIL"]
        said = ", ".join(f"{one['check_id']} {one['verdict']}" for one in run["results"])
        rows.append(
            [
                str(run["run"]),
                _KINDS.get(run["kind"], run["kind"]),
                _when(run["began_ms"]),
                _person(report, run["person"]),
                "、".join(failed) or "无",
                said,
            ]
        )
    return _table(["次", "种类", "时间", "人员", "不通过", "结果"], rows)


def _stations(report: Plain) -> str:
    rows = []
    for each in report["stations"]:
        facts = each["facts"]
        bad = [one["check_id"] for one in facts.get("findings", []) if one["verdict"] == "FAIL"]
        rows.append(
            [
                each["seat"],
                "在线" if each["online"] else "断线",
                f"{facts.get('ram_bytes', 0) / 1024**3:.1f} GiB",
                facts.get("os_build", ""),
                facts.get("app_sha256", "")[:16],
                _VERDICTS.get(each["restart"], each["restart"]),
                "、".join(bad) or "无",
            ]
        )
    return _table(["机位", "在线", "内存", "系统", "程序校验码", "重启测试", "不通过"], rows)


def _signatures(report: Plain) -> str:
    """Who sealed, by the system; and lines for ink."""
    sealed = [each for each in report["steps"] if each["state"] == "SEALED"]
    people = sealed[-1]["persons"] if sealed else ["", ""]
    when = _when(sealed[-1]["at_ms"]) if sealed else ""
    rows = [
        [role, _person(report, name), when if name else "（未封场）", ""]
        for role, name in zip(("系统管理员", "主考"), [*people, "", ""], strict=False)
    ]
    return _table(["角色", "姓名", "系统确认时间", "签名"], rows)


def _person(report: Plain, person_id: str) -> str:
    return str(report["names"].get(person_id, person_id))


def _when(at_ms: int) -> str:
    return day_minute(at_ms) if at_ms else "—"


def _table(headings: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return "<p>无</p>"
    top = "".join(f"<th align='left'>{escape(each)}</th>" for each in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows
    )
    return (
        "<table border='1' cellspacing='0' cellpadding='3' width='100%'>"
        f"<tr>{top}</tr>{body}</table>"
    )
