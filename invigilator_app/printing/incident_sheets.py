"""The paper forms of incidents and violations, as HTML for QTextDocument, in Chinese: incident
sheet, violation form with the place for signatures, receipt of a kept item (V06)."""

from html import escape

from invigilator_app.actions.incident_forms import IncidentRow
from invigilator_app.board.instants import day_minute
from invigilator_app.printing.sheets import STYLE, table
from venue_server.wire.incidents import GRAVE_TEXTS, KIND_TEXTS, SEVERITY_TEXTS
from venue_server.wire.order31 import CODES
from venue_server.wire.violations import CandidateSignature, ViolationView

_SIGNATURES = (
    "<table border='1' cellspacing='0' cellpadding='10' width='100%'>"
    "<tr><td width='50%'>应试人员签名：</td><td>时间：</td></tr>"
    "<tr><td>考场监考人员（一）签名：</td><td>考场监考人员（二）签名：</td></tr>"
    "<tr><td>主考签名：</td><td>时间：</td></tr></table>"
)


def incident_sheet(venue_name: str, one: IncidentRow) -> str:
    """突发事件登记表: what stands, every report, the result."""
    facts = one.facts
    rows = [
        ("编号", one.incident_id),
        ("类别", KIND_TEXTS[one.kind][0]),
        ("级别", SEVERITY_TEXTS[one.severity][0]),
        ("属于第四十六条", GRAVE_TEXTS[one.grave][0]),
        ("考场、机位", " ".join([one.room_id or "全考点", *facts.seats])),
        ("相关人员", facts.person),
        ("开始", _at(facts.started_at_ms)),
        ("恢复", _at(facts.ended_at_ms)),
        ("情况", facts.what),
        ("题号", facts.item_no),
        ("原因", facts.cause),
        ("采取的措施", facts.action),
        ("批准文号", facts.approval_ref),
        ("监控", f"{facts.camera} {facts.camera_marks}".strip()),
        ("登记人", f"{one.opened_by} {_at(one.opened_at_ms)}"),
        *(("上报", f"{_at(r.at_ms)} {r.by} → {r.to}（{r.way}）{r.reference}") for r in one.reports),
        ("处理结果", one.result),
        ("办结", f"{one.closed_by} {_at(one.closed_at_ms)}" if one.closed else ""),
    ]
    return f"{STYLE}<h1>突发事件登记表</h1><p align='center'>{escape(venue_name)}</p>{table(rows)}"


def violation_sheet(venue_name: str, one: ViolationView) -> str:
    """违纪违规情况记录表: facts and a suggested item, what the candidate says, signatures."""
    facts, code = one.facts, CODES[one.code]
    warned = f"{_at(facts.warned_at_ms)} {facts.warned_by}" if facts.warned_at_ms else ""
    signed = {
        CandidateSignature.SIGNED: "已签字",
        CandidateSignature.REFUSED: f"拒绝签字，{'、'.join(one.witnesses)}证明",
        CandidateSignature.MISSING: "",
    }[one.candidate]
    rows = [
        ("编号", one.violation_id),
        ("姓名", one.name),
        ("准考证号", one.ticket_no),
        ("考场、机位", f"{one.room_id} {one.seat_no}"),
        ("时间", _at(facts.happened_at_ms)),
        ("地点", facts.place),
        ("涉嫌条款（供认定时参考）", f"第{code.article.value}条 {code.text()}"),
        ("提醒", warned),
        ("事实", facts.facts),
        ("证据", "\n".join(facts.evidence)),
        ("监控", f"{facts.camera} {facts.camera_marks}".strip()),
        ("暂扣物品", "\n".join(f"{item.number} {item.what}" for item in one.items)),
        ("应试人员陈述", facts.statement),
        ("应试人员签字", signed),
        ("记录人", f"{one.recorded_by} {_at(one.recorded_at_ms)}"),
        ("主考签字", f"{one.chief} {_at(one.chief_at_ms)}" if one.chief else ""),
    ]
    if not one.counts:
        rows.append(("撤销", f"{one.withdrawn_why}（{one.withdrawn_ref}）{one.withdrawn_by}"))
    return (
        f"{STYLE}<h1>违纪违规情况记录表</h1><p align='center'>{escape(venue_name)}</p>"
        f"{table(rows)}<p>本表只记录事实。认定和处理由考试机构按规定作出。</p>{_SIGNATURES}"
        f"{''.join(map(_receipt, _items(one)))}"
    )


def _items(one: ViolationView) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            item.number,
            [
                ("物品编号", item.number),
                ("物品", item.what),
                ("应试人员", f"{one.name} {one.ticket_no}"),
                ("暂扣时间", _at(item.taken_at_ms)),
                ("经手人", "、".join(item.staff)),
                ("应试人员签字", "已签字" if item.candidate_signed else "未签字"),
                ("归还", f"{_at(item.returned_at_ms)} {'、'.join(item.returned_by)}".strip()),
            ],
        )
        for item in one.items
    ]


def _receipt(item: tuple[str, list[tuple[str, str]]]) -> str:
    return (
        f"<h2 style='page-break-before: always'>暂扣物品收据 {escape(item[0])}</h2>{table(item[1])}"
    )


def _at(at_ms: int) -> str:
    return day_minute(at_ms) if at_ms else ""
