"""How the inspection stands, as plain values: for consoles, command line and report."""

from typing import Any

import msgspec

from venue_server.gateway.inspecting import Inspecting
from venue_server.stations.inspection.catalogue import BY_ID, CHECKS
from venue_server.stations.inspection.findings import Finding, findings, latest, open_checks
from venue_server.stations.inspection.measured import StationMeasured
from venue_server.stations.inspection.rules_stations import restart_verdict
from venue_server.stations.inspection.store import Result, SealStep
from venue_server.wire.inspection_orders import CheckVerdict, SealState

REPORT_TYPE = "kaodian.inspection-report"
REPORT_VERSION = "1.0"
_STATES = {
    SealState.UNINSPECTED: "未检测 / not inspected",
    SealState.INSPECTED: "已检测，未封场 / inspected, not sealed",
    SealState.SEALED: "已封场 / sealed",
    SealState.SEAL_BROKEN: "封场失效 / seal broken",
}
_MARKS = {
    CheckVerdict.OK: "ok",
    CheckVerdict.WARN: "wait",
    CheckVerdict.WAIT: "wait",
    CheckVerdict.FAIL: "bad",
}
_NAMED = 6
Plain = dict[str, Any]


def inspection_view(inspecting: Inspecting) -> Plain:
    """Everything the console's page shows, with sections and next steps for the command line."""
    inspection = inspecting.parts.inspection
    results, seal = inspection.results(), inspection.seal_now
    now, open_now = latest(results), open_checks(results)
    return {
        "state": seal.state.value,
        "since_ms": seal.at_ms,
        "persons": list(seal.persons),
        "reason": seal.reason,
        "reasons": [msgspec.to_builtins(each) for each in seal.remarks],
        "digest": seal.digest,
        "baseline": inspection.baseline(),
        "checks": [_check(check.check_id, now.get(check.check_id)) for check in CHECKS],
        "open": open_now,
        "findings": [_finding(each) for each in findings(results)],
        "runs": [_run(each, []) for each in inspection.runs()],
        "stations": [_station(each) for each in inspecting.stations().stations],
        "sections": _sections(seal, now),
        "next": _next(seal, open_now),
    }


def report_payload(inspecting: Inspecting, person: str) -> Plain:
    """The report: every run with all its results, findings open and closed, what was sealed by
    whom, the stations, and the ledger's head (C09, N01)."""
    parts, inspection = inspecting.parts, inspecting.parts.inspection
    results = inspection.results()
    entries, head = parts.ledger.head()
    names = {each.person_id: each.name for each in parts.staff.people()}
    return {
        "type": REPORT_TYPE,
        "version": REPORT_VERSION,
        "venue_id": parts.venue_id,
        "venue_name": parts.venue_name,
        "zone": parts.sittings.plan.zone if parts.sittings.plan is not None else "",
        "mode": parts.mode.value,
        "made_at_ms": parts.clock.now_ms(),
        "made_by": person,
        "names": names,
        "state": inspection.seal_now.state.value,
        "checks": [_check(each.check_id, latest(results).get(each.check_id)) for each in CHECKS],
        "runs": [
            _run(run, [each for each in results if each.run_id == run.run_id])
            for run in inspection.runs()
        ],
        "findings": [_finding(each) for each in findings(results)],
        "steps": [_step(each) for each in inspection.steps()],
        "stations": [_station(each) for each in inspecting.stations().stations],
        "ledger": {"entries": entries, "head": head},
    }


def _check(check_id: str, result: Result | None) -> Plain:
    check = BY_ID[check_id]
    told = {
        "check_id": check_id,
        "title": check.title,
        "rule": check.rule,
        "mandatory": check.mandatory,
        "asked": check.asked,
    }
    return told | _outcome(result)


def _outcome(result: Result | None) -> Plain:
    if result is None:
        blank = {"expected": "", "measured": "", "verdict": CheckVerdict.WAIT.value}
        return blank | {"names": [], "person": "", "at_ms": 0, "run": 0}
    outcome = result.outcome
    return {
        "expected": outcome.expected,
        "measured": outcome.measured,
        "verdict": outcome.verdict.value,
        "names": list(outcome.names),
        "person": result.person,
        "at_ms": result.at_ms,
        "run": result.run_id,
    }


def _run(run: Any, results: list[Result]) -> Plain:
    return {
        "run": run.run_id,
        "kind": run.kind,
        "began_ms": run.began_at_ms,
        "ended_ms": run.ended_at_ms,
        "person": run.person,
        "results": [{"check_id": each.outcome.check_id, **_outcome(each)} for each in results],
    }


def _finding(finding: Finding) -> Plain:
    closed = finding.closed
    return {
        "check_id": finding.check_id,
        "title": BY_ID[finding.check_id].title if finding.check_id in BY_ID else "",
        "measured": finding.failed.outcome.measured,
        "names": list(finding.failed.outcome.names),
        "found_ms": finding.failed.at_ms,
        "closed_ms": closed.at_ms if closed else 0,
        "closed_by": closed.person if closed else "",
        "now": closed.outcome.measured if closed else "",
    }


def _step(step: SealStep) -> Plain:
    return {
        "state": step.state.value,
        "at_ms": step.at_ms,
        "persons": list(step.persons),
        "reason": step.reason,
        "reasons": [msgspec.to_builtins(each) for each in step.remarks],
        "digest": step.digest,
    }


def _station(station: StationMeasured) -> Plain:
    facts = station.facts
    told = msgspec.to_builtins(facts) if facts else {}
    for name in ("t", "re", "token"):
        told.pop(name, None)
    return {
        "seat": station.seat,
        "machine_id": station.machine_id,
        "online": station.online,
        "restart": restart_verdict(station, facts).value if facts else CheckVerdict.WAIT.value,
        "offset_ms": None if station.offset_ms is None else round(station.offset_ms),
        "round_trip_ms": round(max(station.round_trips)) if station.round_trips else None,
        "facts": told,
    }


# ---- for the command line ----------------------------------------------------------------


def _sections(seal: SealStep, now: dict[str, Result]) -> list[Plain]:
    good = [each for each in CHECKS if _verdict(now, each.check_id) is CheckVerdict.OK]
    rest = [each for each in CHECKS if each not in good]
    state_mark = {SealState.SEALED: "ok", SealState.SEAL_BROKEN: "bad"}.get(seal.state, "wait")
    rows = [["状态 / state", _STATES[seal.state], state_mark]]
    rows += [
        [each.code.value, f"{each.text('zh')} / {each.text('en')}", "bad"] for each in seal.remarks
    ]
    if seal.digest:
        rows.append(["封场校验码 / digest", seal.digest[:16], "ok"])
    passed = ", ".join(each.check_id for each in good) or "—"
    return [
        {"title": "封场 / the seal", "rows": rows},
        {
            "title": "未通过、未答 / open",
            "rows": [_row(each.check_id, now.get(each.check_id)) for each in rest],
        },
        {"title": "通过 / passed", "rows": [[f"{len(good)} / {len(CHECKS)}", passed, "ok"]]},
    ]


def _verdict(now: dict[str, Result], check_id: str) -> CheckVerdict:
    result = now.get(check_id)
    return CheckVerdict.WAIT if result is None else result.outcome.verdict


def _row(check_id: str, result: Result | None) -> list[str]:
    check = BY_ID[check_id]
    label = f"{check_id} {check.title}" + ("" if check.mandatory else " (—)")
    if result is None:
        return [label, "—", "wait"]
    outcome = result.outcome
    named = ", ".join(outcome.names[:_NAMED])
    more = f" +{len(outcome.names) - _NAMED}" if len(outcome.names) > _NAMED else ""
    said = f"{outcome.measured} ({outcome.expected})" + (f": {named}{more}" if named else "")
    return [label, said, _MARKS[outcome.verdict]]


def _next(seal: SealStep, open_now: list[str]) -> list[str]:
    if seal.state is SealState.UNINSPECTED:
        return ["检测 / inspection run"]
    if seal.state is SealState.SEAL_BROKEN:
        return ["检测失效部分，再封场 / inspection run --failed, then inspection seal --reason"]
    if seal.state is SealState.SEALED:
        return []
    if open_now:
        asked = [each for each in open_now if BY_ID[each].asked]
        steps = ["纠正后重测 / correct, then inspection run --failed"]
        if asked:
            steps.append(f"人员回答 / inspection answer: {', '.join(asked)}")
        return steps
    return ["封场（系统管理员与主考） / inspection seal (administrator and chief)"]
