"""The go/no-go board's facts, gathered from the services; the rule is release/readiness.py."""

from venue_server.gateway.desk_parts import DeskParts
from venue_server.release.readiness import ReadyFacts, board
from venue_server.sitting.rows import Session
from venue_server.staff.readiness import Finding
from venue_server.stations.presence import PaperAt
from venue_server.stations.store import Machine
from venue_server.wire.console_views import ReadyLine
from venue_server.wire.inspection_orders import SealState
from venue_server.wire.names import Mode, ReadyKind, ReadyVerdict, SeatLink, SittingState

GONE = frozenset(
    {
        SittingState.ABSENT,
        SittingState.NOT_HELD,
        SittingState.LATE_REFUSED,
        SittingState.TERMINATED,
        SittingState.EXITED,
    }
)
HOLDS = frozenset({PaperAt.VERIFIED, PaperAt.KEYED, PaperAt.OPEN})

_TEXTS: dict[ReadyKind, str] = {
    ReadyKind.FREEZE: "释放未被冻结 / the release is not frozen",
    ReadyKind.PACKAGE: "试卷包完整、未曾启封 / papers complete, never opened",
    ReadyKind.SEAL: "封场检测合格、封场有效 / the venue is sealed",
    ReadyKind.RECEIPT: "主考已签收试卷包 / the chief signed for the papers",
    ReadyKind.CLOCK: "考试时间可信 / time is trusted",
    ReadyKind.STATIONS: "考试机已校验本机卷别 / stations verified their own form",
    ReadyKind.PEOPLE: "主考、系统管理员到位 / chief and administrators",
    ReadyKind.INVIGILATORS: "每考场监考人员不少于2名 / two invigilators a room",
    ReadyKind.BACKUP: "备份介质可用 / backup device present",
    ReadyKind.DISK: "磁盘预留充足 / disk reserve held",
    ReadyKind.RELEASE_KEY: "释放密钥 / release secrets",
}
_MARKS: dict[ReadyVerdict, str] = {
    ReadyVerdict.GO: "✓",
    ReadyVerdict.WAIT: "…",
    ReadyVerdict.WARN: "△",
    ReadyVerdict.OVERRIDE: "△ 须两人同意 / two must agree",
    ReadyVerdict.NO_GO: "✗",
}


def ready_lines(parts: DeskParts, session: Session) -> list[ReadyLine]:
    """The board of a session as it stands now."""
    return board(_facts(parts, session))


def as_text(line: ReadyLine) -> str:
    """One line for the command line and for refusals, in Chinese and English."""
    numbers = f" {line.have}/{line.need}" if line.need else ""
    names = f": {', '.join(line.names)}" if line.names else ""
    return f"{_MARKS[line.verdict]} {_TEXTS[line.kind]}{numbers}{names}"


def _facts(parts: DeskParts, session: Session) -> ReadyFacts:
    plan = parts.sittings.plan_of(session)
    papers, needed = parts.forms.papers(session), parts.forms.assignment(session).needed
    stations = parts.enrolment.machines("station")
    findings = parts.people.findings(session, parts.day_began_ms())
    blocks = [each for each in findings if each.blocking]
    held = parts.releases.held(session.session_id)
    return ReadyFacts(
        frozen=parts.freezing.now() is not None,
        forms_needed=max(len(needed), 1),
        forms_missing=parts.forms.missing(session),
        used_before=parts.releases.used_before(papers),
        live=parts.mode is Mode.LIVE,
        receipt_signed=parts.receipt_signed(session.session_id),
        clock_trusted=parts.clock.trusted,
        clock_source=parts.clock.source,
        stations_ready=sum(holds_paper(parts, each) for each in stations),
        stations_total=len(stations),
        seats_without_paper=_seats_without_paper(parts, session, stations),
        people_missing=sorted({_named(each) for each in blocks if each.code != "A04"}),
        people_warned=sorted({_named(each) for each in findings if not each.blocking}),
        rooms=[room.room_id for room in plan.rooms],
        rooms_short=[each.room_id for each in blocks if each.code == "A04"],
        backup_ready=parts.alarms.backup_ready(),
        disk_ready=parts.alarms.disk_ready(),
        keys_present=sum(paper.form in held for paper in papers),
        venue_sealed=parts.inspection.seal_now.state is SealState.SEALED,
    )


def _named(finding: Finding) -> str:
    """The requirement, and the room where it is one room's matter: "A05 02"."""
    return f"{finding.code} {finding.room_id}".strip()


def holds_paper(parts: DeskParts, machine: Machine) -> bool:
    """Does this station hold the verified paper of its seat, sealed or open?"""
    return parts.presence.of(machine.machine_id).paper in HOLDS


def _seats_without_paper(parts: DeskParts, session: Session, stations: list[Machine]) -> list[str]:
    """Seats of candidates who are here and whose station is not connected with the verified
    ciphertext of its own form (E05)."""
    ready = {
        (each.room_id, each.seat_no)
        for each in stations
        if holds_paper(parts, each) and parts.presence.of(each.machine_id).link is SeatLink.ONLINE
    }
    return [
        f"{each.room_id}-{each.seat_no}"
        for each in parts.sittings.sittings(session.session_id)
        if each.admitted_at_ms is not None
        and each.state not in GONE
        and (each.room_id, parts.swaps.seat_now(each)) not in ready
    ]
