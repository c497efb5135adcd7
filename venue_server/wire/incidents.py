"""Incidents as values: kinds, severities, S1 §46's six classes, and one incident as it now stands.

An incident is never changed or deleted: it is the sum of its entries (B07, I01, I04, I12, I13).
Instants are exam time in ms, UTC; 0 means "not given". No field may hold item content (F14).
"""

from enum import StrEnum

from venue_server.wire.frames import Part


class IncidentKind(StrEnum):
    """What happened. The value is stable; its words are in ``KIND_TEXTS``."""

    POWER = "POWER"
    LAN = "LAN"
    STATION = "STATION"
    SERVER = "SERVER"
    CLOCK = "CLOCK"
    PAPER = "PAPER"  # a defect, by item number only (F14)
    RELEASE_BY_CODE = "RELEASE_BY_CODE"  # the sealed code was used (E03)
    ILLNESS = "ILLNESS"
    EVACUATION = "EVACUATION"  # fire, disaster: people first (F17, I06)
    LEAK = "LEAK"  # suspected (F23)
    PERSON = "PERSON"  # staff, or somebody who has no business here
    CHEATING = "CHEATING"
    UPLOAD = "UPLOAD"  # e.g. another server answered in place of the designated one (F18)
    OTHER = "OTHER"


class Severity(StrEnum):
    """The ladder (I01). It is only climbed: a severity never falls."""

    NOTE = "NOTE"
    MINOR = "MINOR"
    MAJOR = "MAJOR"
    SEVERE = "SEVERE"  # must be reported at once


class GraveClass(StrEnum):
    """The six classes of S1 §46 (I04)."""

    NONE = ""
    LEAK = "46-1"
    ORGANISED_CHEATING = "46-2"
    COLLUSION = "46-3"
    PUBLIC_OPINION = "46-4"
    BREAKDOWN = "46-5"
    OTHER = "46-6"


class IncidentStep(StrEnum):
    """One entry of an incident."""

    OPENED = "OPENED"
    ADDED = "ADDED"  # an addition or a correction: what it names replaces what stood there
    REPORTED = "REPORTED"
    CONTAINED = "CONTAINED"
    CLOSED = "CLOSED"
    COUNTERSIGNED = "COUNTERSIGNED"  # a roving invigilator has seen what stands (A07)


class Report(Part, frozen=True):
    """First-time report: who told whom, when, under which reference (I01)."""

    at_ms: int
    by: str
    to: str
    way: str
    reference: str


class IncidentFacts(Part, frozen=True):
    """What people write down. Empty or 0: not given (in an addition: as it stands).

    ``seats`` are seat numbers, ``person`` a ticket number; ``item_no`` the number of a defective
    item on the candidate's screen, never its text; ``camera`` and ``camera_marks`` point into the
    venue's video, which is kept elsewhere (I13); ``approval_ref`` the reference of who allowed it.
    """

    what: str = ""
    seats: list[str] = []
    person: str = ""
    started_at_ms: int = 0
    ended_at_ms: int = 0
    cause: str = ""
    action: str = ""
    approval_ref: str = ""
    item_no: str = ""
    camera: str = ""
    camera_marks: str = ""


class IncidentView(Part, frozen=True):
    """One incident as it now stands. ``entries`` counts what was written; ``key`` is what raised it
    by itself, empty when a person did; ``open_points`` name what is missing before it may close."""

    incident_id: str
    kind: IncidentKind
    severity: Severity
    grave: GraveClass
    session_id: str
    room_id: str
    opened_at_ms: int
    opened_by: str
    key: str
    facts: IncidentFacts
    entries: int = 1
    reports: list[Report] = []
    contained_at_ms: int = 0
    closed_at_ms: int = 0
    closed_by: str = ""
    result: str = ""
    countersigned: list[str] = []  # who has seen all that stands; an addition voids it (A07)

    @property
    def closed(self) -> bool:
        """Is it closed by a person, with a result?"""
        return self.closed_at_ms > 0

    @property
    def must_report(self) -> bool:
        """Is a report owed and not yet on record? Severe ones, and every use of a sealed code."""
        owed = self.severity is Severity.SEVERE or self.kind is IncidentKind.RELEASE_BY_CODE
        return owed and not self.reports

    @property
    def duration_ms(self) -> int:
        """Measured; 0 while start or end is not known."""
        start, end = self.facts.started_at_ms, self.facts.ended_at_ms
        return max(0, end - start) if start and end else 0


_K, _S, _G = IncidentKind, Severity, GraveClass
KIND_TEXTS: dict[IncidentKind, tuple[str, str]] = {
    _K.POWER: ("停电", "power"),
    _K.LAN: ("局域网故障", "local network"),
    _K.STATION: ("考试机故障", "station"),
    _K.SERVER: ("服务器故障", "server"),
    _K.CLOCK: ("时间异常", "clock"),
    _K.PAPER: ("试题显示问题（只填题号）", "paper defect (item number only)"),
    _K.RELEASE_BY_CODE: ("密封码释放试卷", "release by the sealed code"),
    _K.ILLNESS: ("人员突发疾病", "illness"),
    _K.EVACUATION: ("疏散、火灾、自然灾害", "evacuation, fire, disaster"),
    _K.LEAK: ("疑似泄题", "suspected leak"),
    _K.PERSON: ("人员问题", "a person"),
    _K.CHEATING: ("舞弊", "cheating"),
    _K.UPLOAD: ("上报异常", "upload"),
    _K.OTHER: ("其他", "other"),
}
SEVERITY_TEXTS: dict[Severity, tuple[str, str]] = {
    _S.NOTE: ("记录", "note"),
    _S.MINOR: ("一般", "minor"),
    _S.MAJOR: ("较大", "major"),
    _S.SEVERE: ("严重（立即报告）", "severe (report at once)"),
}
GRAVE_TEXTS: dict[GraveClass, tuple[str, str]] = {
    _G.NONE: ("不属于", "none"),
    _G.LEAK: ("试题、试卷、标准答案或题库考前泄密", "a leak before the exam"),
    _G.ORGANISED_CHEATING: ("有组织、大规模考试作弊", "organised cheating on a large scale"),
    _G.COLLUSION: ("内外勾结或徇私舞弊", "collusion or favouritism"),
    _G.PUBLIC_OPINION: ("损害政府公信力的考试舆情", "public opinion that harms trust"),
    _G.BREAKDOWN: (
        "考试大面积中断、批量作答数据丢失、群体性纠纷等",
        "a breakdown over a wide area, answers lost in number, a mass dispute",
    ),
    _G.OTHER: ("其他严重问题或重大安全隐患", "another grave problem or hazard"),
}
EQUIPMENT = frozenset({_K.POWER, _K.LAN, _K.STATION, _K.SERVER, _K.CLOCK, _K.PAPER, _K.UPLOAD})
"""Kinds that stand in the record sheet's field for systems and devices."""
