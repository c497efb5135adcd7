"""``incidents …`` and ``violations …``: what happened, written down at the server (B07, I, V).

Instants are ISO 8601 or exam milliseconds; without one the server's time counts.
"""

import argparse

from venue_server.commands.orders import add_order
from venue_server.headquarters.service_commands import parse_start
from venue_server.wire.frames import Message, Second
from venue_server.wire.incident_orders import (
    AddToIncident,
    AddToViolation,
    CloseIncident,
    ContainIncident,
    CountersignIncident,
    DecideObservation,
    GetIncidents,
    GetViolations,
    HoldEvidence,
    LiftHold,
    NoteRefusal,
    NoteSignature,
    OpenIncident,
    RecordViolation,
    ReportIncident,
    ReturnEvidence,
    SignViolation,
    TakeItem,
    TerminateSitting,
    WithdrawViolation,
)
from venue_server.wire.incidents import GraveClass, IncidentFacts, IncidentKind, Severity
from venue_server.wire.order31 import CODES
from venue_server.wire.violations import ViolationFacts

Options = argparse.Namespace
Seconds = list[Second]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the families ``incidents`` and ``violations``."""
    incidents = commands.add_parser("incidents", help="incidents, reports, held evidence")
    _add_incidents(incidents.add_subparsers(required=True))
    violations = commands.add_parser("violations", help="violations and observations")
    group = violations.add_subparsers(required=True)
    _add_violations(group)
    _add_signatures(group)


# ---- incidents -----------------------------------------------------------------------------


def _add_incidents(group: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = add_order(
        group,
        "list",
        "incidents with report texts, interruptions, held evidence",
        build=lambda options, _seconds: GetIncidents(0, options.session),
    )
    listing.add_argument("session", nargs="?", default="")
    opened = add_order(group, "open", "write an incident down", build=_open)
    opened.add_argument("--kind", choices=[each.value for each in IncidentKind], required=True)
    opened.add_argument(
        "--severity", choices=[each.value for each in Severity], default=Severity.MINOR.value
    )
    _add_facts(opened)
    added = add_order(group, "add", "add to or correct an incident", "incident", build=_add)
    added.add_argument("--severity", choices=[each.value for each in Severity])
    _add_facts(added)
    report = add_order(group, "report", "it was reported (head)", "incident", build=_report)
    report.add_argument("--to", required=True, help="who was told")
    report.add_argument("--way", required=True, help="how: telephone, …")
    report.add_argument("--reference", default="")
    add_order(
        group,
        "contain",
        "freeze a release to come and hold the evidence",
        "incident",
        reason=True,
        build=lambda options, _seconds: ContainIncident(0, options.incident, options.reason),
    )
    close = add_order(
        group,
        "close",
        "close an incident with its result (head)",
        "incident",
        build=lambda options, _seconds: CloseIncident(0, options.incident, options.result),
    )
    close.add_argument("--result", required=True)
    seen = add_order(
        group,
        "countersign",
        "a roving invigilator has seen what stands",
        "incident",
        build=lambda options, _seconds: CountersignIncident(0, options.room, options.incident),
    )
    seen.add_argument("--room", required=True)
    _add_holds(group)


def _add_holds(group: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add_order(
        group,
        "hold",
        "hold a session's evidence",
        "subject",
        reason=True,
        build=lambda options, _seconds: HoldEvidence(0, options.subject, options.reason),
    )
    lift = add_order(
        group,
        "lift",
        "lift a hold (chief, with administrator or zone director)",
        "subject",
        second=True,
        reason=True,
        build=lambda options, seconds: LiftHold(
            0, options.subject, options.reason, options.reference, seconds[0]
        ),
    )
    lift.add_argument("--reference", required=True)


def _add_facts(parser: argparse.ArgumentParser) -> None:
    classes = [each.value for each in GraveClass if each is not GraveClass.NONE]
    parser.add_argument("--room", default="", help="where; empty: the whole venue")
    parser.add_argument("--grave", choices=classes, default="", help="class of S1 §46")
    parser.add_argument("--seat", action="append", default=[], help="a seat; may be repeated")
    for name, text in (
        ("what", "what happened"),
        ("ticket", "ticket number of somebody concerned"),
        ("began", "when it began"),
        ("over", "when it was over"),
        ("cause", "why"),
        ("action", "what was done"),
        ("approval", "reference of an approval"),
        ("item", "number of a defective item, never its text"),
        ("camera", "camera id"),
        ("marks", "time marks of the video"),
    ):
        parser.add_argument(f"--{name}", default="", help=text)


def _facts(options: Options) -> IncidentFacts:
    return IncidentFacts(
        what=options.what,
        seats=options.seat,
        person=options.ticket,
        started_at_ms=_instant(options.began),
        ended_at_ms=_instant(options.over),
        cause=options.cause,
        action=options.action,
        approval_ref=options.approval,
        item_no=options.item,
        camera=options.camera,
        camera_marks=options.marks,
    )


def _instant(text: str) -> int:
    return parse_start(text) if text else 0


def _open(options: Options, _seconds: Seconds) -> Message:
    return OpenIncident(
        0,
        options.room,
        IncidentKind(options.kind),
        Severity(options.severity),
        _facts(options),
        GraveClass(options.grave),
    )


def _add(options: Options, _seconds: Seconds) -> Message:
    severity = Severity(options.severity) if options.severity else None
    return AddToIncident(
        0, options.room, options.incident, _facts(options), severity, GraveClass(options.grave)
    )


def _report(options: Options, _seconds: Seconds) -> Message:
    return ReportIncident(0, options.incident, options.to, options.way, options.reference)


# ---- violations ----------------------------------------------------------------------------


def _add_violations(group: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = add_order(
        group,
        "list",
        "violations and observations",
        build=lambda options, _seconds: GetViolations(0, options.session),
    )
    listing.add_argument("session", nargs="?", default="")
    record = add_order(group, "record", "record facts", "sitting", build=_record)
    record.add_argument("--code", choices=list(CODES), required=True, help="suggested item")
    record.add_argument("--warned", default="", help="when a warning was given")
    record.add_argument("--warned-by", default="")
    _add_violation_facts(record)
    added = add_order(group, "add", "statement, further facts, evidence", "violation", build=_more)
    added.set_defaults(warned="", warned_by="")
    _add_violation_facts(added)
    end = add_order(
        group,
        "terminate",
        "end a sitting for disorder (chief and invigilator)",
        "sitting",
        second=True,
        reason=True,
        build=lambda options, seconds: TerminateSitting(
            0, options.room, options.sitting, options.reason, seconds[0]
        ),
    )
    end.add_argument("--room", required=True)
    decide = add_order(
        group,
        "observation",
        "attach a station's observation to a violation, or dismiss it",
        "number",
        build=lambda options, _seconds: DecideObservation(
            0, options.room, int(options.number), options.remark, options.violation
        ),
    )
    decide.add_argument("--room", required=True)
    decide.add_argument("--violation", default="", help="attach to this; else it is dismissed")
    decide.add_argument("--remark", default="")


def _add_violation_facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--room", required=True)
    parser.add_argument("--evidence", action="append", default=[])
    for name in ("facts", "place", "happened", "statement", "camera", "marks"):
        parser.add_argument(f"--{name}", default="")


def _violation_facts(options: Options) -> ViolationFacts:
    return ViolationFacts(
        facts=options.facts,
        place=options.place,
        happened_at_ms=_instant(options.happened),
        warned_at_ms=_instant(options.warned),
        warned_by=options.warned_by,
        statement=options.statement,
        evidence=options.evidence,
        camera=options.camera,
        camera_marks=options.marks,
    )


def _record(options: Options, _seconds: Seconds) -> Message:
    facts = _violation_facts(options)
    return RecordViolation(0, options.room, options.sitting, options.code, facts)


def _more(options: Options, _seconds: Seconds) -> Message:
    return AddToViolation(0, options.room, options.violation, _violation_facts(options))


def _add_signatures(group: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    take = add_order(group, "take", "keep an item (two people)", "violation", "number", second=True)
    take.add_argument("--room", required=True)
    take.add_argument("--what", required=True)
    take.add_argument("--candidate-signed", action="store_true")
    take.set_defaults(build=_take)
    back = add_order(
        group, "return", "give it back (two people)", "violation", "number", second=True
    )
    back.add_argument("--room", required=True)
    back.set_defaults(build=_return)
    signed = add_order(group, "signed", "the candidate signed the form", "violation")
    signed.add_argument("--room", required=True)
    signed.set_defaults(build=lambda o, _s: NoteSignature(0, o.room, o.violation))
    refused = add_order(
        group, "refused", "the candidate refused to sign (two people)", "violation", second=True
    )
    refused.add_argument("--room", required=True)
    refused.set_defaults(build=lambda o, s: NoteRefusal(0, o.room, o.violation, s[0]))
    add_order(
        group,
        "sign",
        "the chief signs; HASH as violations list shows it",
        "violation",
        "hash",
        build=lambda options, _seconds: SignViolation(0, options.violation, options.hash),
    )
    withdraw = add_order(
        group,
        "withdraw",
        "it does not stand, on evidence or law (chief)",
        "violation",
        reason=True,
        build=lambda options, _seconds: WithdrawViolation(
            0, options.violation, options.reason, options.reference
        ),
    )
    withdraw.add_argument("--reference", required=True, help="of the evidence")


def _take(options: Options, seconds: Seconds) -> Message:
    return TakeItem(
        0,
        options.room,
        options.violation,
        options.number,
        options.what,
        options.candidate_signed,
        seconds[0],
    )


def _return(options: Options, seconds: Seconds) -> Message:
    return ReturnEvidence(0, options.room, options.violation, options.number, seconds[0])
