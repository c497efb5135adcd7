"""The administrator's one screen of truth, as rows of label, value and verdict (zh / en)."""

from datetime import datetime, timedelta, timezone

from venue_server.gateway.clock_face import clock_row
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.state_words import clock_source, said
from venue_server.staff.dutybook.rules import inside, override_until
from venue_server.wire.alarm_advice import advice
from venue_server.wire.alarms import Alarm
from venue_server.wire.console_views import RoomView, VenueView
from venue_server.wire.inspection_orders import SealState
from venue_server.wire.names import DataState, PackageState, SessionState
from venue_server.wire.upload_texts import amount

Row = list[str]
CHINA = timezone(timedelta(hours=8))
COMPLETE = (PackageState.COMPLETE, PackageState.RELEASED, PackageState.ENDED)
OK, WAIT, BAD = "ok", "wait", "bad"
_SEAL_VERDICTS = {SealState.SEALED.value: OK, SealState.SEAL_BROKEN.value: BAD}


def status_sections(parts: DeskParts, venue: VenueView, rooms: list[RoomView]) -> dict[str, object]:
    """``{"sections": [{"title", "rows"}], "next": [...], "released_at_ms": int}``."""
    release = parts.releases.state(venue.session_id) if venue.session_id else None
    return {
        "sections": [
            {"title": "考点 / venue", "rows": _venue_rows(parts, venue)},
            {"title": "试卷 / paper", "rows": _paper_rows(venue)},
            {"title": "作答 / answers", "rows": _answer_rows(parts, venue, rooms)},
            {"title": "磁盘 / disks", "rows": _disk_rows(parts)},
        ],
        "next": [*advice(venue.alarms), *_next_steps(venue)],
        "released_at_ms": (release.released_at_ms or 0) if release else 0,
    }


def _venue_rows(parts: DeskParts, venue: VenueView) -> list[Row]:
    entries, head = parts.ledger.head()
    return [
        ["模式 / mode", said(venue.mode), OK],
        ["时间来源 / clock", clock_source(venue.clock_source), OK if venue.clock_trusted else BAD],
        ["时间状态 / time", clock_row(parts.clock.reading()), OK if venue.clock_trusted else BAD],
        ["值班时段 / duty hours", _duty(parts), OK],
        ["封场 / seal", _seal(venue.seal_state), _SEAL_VERDICTS.get(venue.seal_state, WAIT)],
        ["台账 / ledger", f"{entries} · {head[:16]}", BAD if parts.ledger.broken_files else OK],
        ["告警 / alarms", _said(venue.alarms) or "无 / none", BAD if venue.alarms else OK],
    ]


def _paper_rows(venue: VenueView) -> list[Row]:
    held = venue.package_state not in (None, PackageState.EXPECTED, PackageState.RECEIVING)
    digest = ", ".join(f"{seal.form_id} {seal.short_digest}" for seal in venue.seals) or "—"
    frozen = venue.frozen or "否 / no"
    stations = f"{venue.stations_ready} / {venue.stations_total}"
    all_ready = venue.stations_ready == venue.stations_total
    return [
        ["试卷包 / package", said(venue.package_state), OK if held else WAIT],
        ["校验码 / digest", digest, OK if held else WAIT],
        ["考试机已校验 / stations verified", stations, OK if all_ready else WAIT],
        ["备用卷（封存） / sealed reserves", str(len(venue.reserves)), OK],
        ["释放冻结 / frozen", frozen, BAD if venue.frozen else OK],
        ["两人启用 / armed", _yes(venue.release_armed), OK if venue.release_armed else WAIT],
        [
            "释放密钥 / release secret",
            _yes(venue.release_key_present),
            OK if venue.release_key_present else WAIT,
        ],
    ]


def _answer_rows(parts: DeskParts, venue: VenueView, rooms: list[RoomView]) -> list[Row]:
    at_risk = sum(room.answers_at_risk for room in rooms)
    return [
        ["场次 / session", venue.session_id or "—", OK],
        ["场次状态 / session state", said(venue.session_state), OK],
        ["数据状态 / data", said(venue.data_state), OK],
        ["仅在考试机上的作答 / on stations only", str(at_risk), WAIT if at_risk else OK],
        ["第二份缺失自 / one copy only since", *_since(parts)],
        ["上报，总部已确认 / upload, confirmed", *_uploaded(parts)],
    ]


def _uploaded(parts: DeskParts) -> Row:
    """All bundles together; each of them: ``venue-server upload status``."""
    told = parts.hub.uploads
    if told is None or not told.bundles:
        return ["—", OK]
    return [amount(told.confirmed, told.total), OK if told.confirmed == told.total else WAIT]


def _seal(state: str) -> str:
    return said(SealState(state)) if state else "—"


def _duty(parts: DeskParts) -> str:
    """Inside duty hours nothing is updated, restored or stopped on purpose (A14)."""
    now_ms = parts.clock.now_ms()
    until_ms = inside(parts.people.hours(), now_ms)
    if not until_ms:
        return "否 / no"
    allowed_ms = override_until(parts.people.book.entries(), now_ms)
    said = f"至 / until {_minute(until_ms)}"
    return f"{said}；放行至 / overridden until {_minute(allowed_ms)}" if allowed_ms else said


def _minute(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, CHINA).strftime("%m-%d %H:%M")


def _since(parts: DeskParts) -> Row:
    since_ms = parts.responses.degraded_since_ms
    if not since_ms:
        return ["—", OK]
    return [datetime.fromtimestamp(since_ms / 1000, CHINA).strftime("%m-%d %H:%M:%S"), BAD]


def _disk_rows(parts: DeskParts) -> list[Row]:
    return [[name, value, OK if fine else BAD] for name, value, fine in parts.disks.rows()]


def _said(alarms: list[Alarm]) -> str:
    """Alarms in both languages, as every other value of this page."""
    chinese = "；".join(alarm.text("zh") for alarm in alarms)
    return f"{chinese} / {'; '.join(alarm.text('en') for alarm in alarms)}" if alarms else ""


def _yes(value: bool) -> str:
    return "是 / yes" if value else "否 / no"


def _next_steps(venue: VenueView) -> list[str]:
    if venue.session_state is SessionState.PLANNED and venue.package_state in COMPLETE:
        return ["等待入场 / wait for the doors to open"]
    if venue.data_state is DataState.UPLOADED:
        return ["清除考试机与本机密钥（两人） / wipe (two people)"]
    steps: dict[SessionState, str] = {
        SessionState.PLANNED: "接收碎片（两人） / take in fragments (two people)",
        SessionState.OPEN: "允许登录、启用释放 / allow log-in, arm the release",
        SessionState.LOGIN_ALLOWED: "启用释放（主考与系统管理员） / arm the release (two people)",
        SessionState.ARMED: "等待释放时间 / wait for the release point",
        SessionState.STARTED: "监考 / invigilate",
        SessionState.ENDED: "核对、签名 / reconcile, sign",
        SessionState.RECONCILED: "签名、密封（两人） / sign, seal (two people)",
        SessionState.SEALED: "上报 / upload",
    }
    step = steps.get(venue.session_state) if venue.session_state else None
    return [step] if step else ["导入考务计划 / import the plan"]
