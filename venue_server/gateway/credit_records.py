"""What one candidate's time and exceptions tell the day's records (I07, I10, I12, G01, H06)."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from io import StringIO

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.late_answers import late_answers
from venue_server.gateway.lost_time_watch import LostTimeWatch
from venue_server.records.incidents.interruptions import incident_about
from venue_server.sitting.credit.store import Break
from venue_server.sitting.rows import Sitting
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.credit_orders import Credit, ExitReason, GapCause, Interruption
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.incidents import IncidentView
from venue_server.wire.names import Role, SessionState
from venue_server.wire.remarks import RemarkCode, remark

_BEIJING = timezone(timedelta(hours=8))
_DECIDERS = [Role.CHIEF, Role.DEPUTY]
_EXITS = {
    ExitReason.ILLNESS: "突发疾病",
    ExitReason.EVACUATION: "疏散",
    ExitReason.VIOLATION: "违纪违规",
    ExitReason.OTHER: "其他",
}


_HEAD = [
    "room",
    "seat",
    "ticket",
    "name",
    "station",
    "cause",
    "from",
    "until",
    "lasted_s",
    "lost_s",
    "event",
    "action",
    "by",
    "approved_by",
    "reference",
    "incident",
    "why",
    "done",
]


class CreditRecords:
    """A source of record lines and open points."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    def lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """补时, 暂离, 误操作交卷处理 and 特殊离场 of one room."""
        service = self._parts.credits
        return [
            *(
                _revocation_line(each) if each.revokes else _credit_line(each)
                for each in service.credits(session_id)
                if each.room_id == room_id
            ),
            *(_late_line(*each) for each in late_answers(self._parts, session_id, room_id)),
            *(_break_line(each) for each in service.breaks(session_id, room_id)),
            *(
                RecordLine(
                    RecordField.REOPENED,
                    each.reopened_at_ms,
                    f"机位 {each.seat_no}：{_clock(each.submitted_at_ms)} 交卷，"
                    f"{_clock(each.reopened_at_ms)} 恢复作答；{each.reason}（{each.persons}）",
                )
                for each in service.reopenings(session_id, room_id)
            ),
            *(
                RecordLine(
                    RecordField.EXITS,
                    each.exited_at_ms,
                    f"机位 {each.seat_no}：{_clock(each.exited_at_ms)} "
                    f"{_EXITS[ExitReason(each.cause)]}；{each.reason}（{each.persons}）",
                )
                for each in service.special_exits(session_id, room_id)
            ),
        ]

    def points(self, session_id: str) -> list[OpenPoint]:
        """Undecided proposals, and breaks nobody came back from once the session is over."""
        sittings, service = self._parts.sittings, self._parts.credits
        session = sittings.session(session_id)
        found = [_undecided(each) for each in service.credits(session_id) if each.approved is None]
        if session.state in (SessionState.PLANNED, SessionState.OPEN, SessionState.STARTED):
            return found
        for room in sittings.plan_of(session).rooms:
            for each in service.breaks(session_id, room.room_id):
                if each.back_at_ms is None:
                    found.append(_not_back(each, room.room_id))
        return found


def interruption_log(
    parts: DeskParts,
    watch: LostTimeWatch,
    session_id: str,
    room_id: str,
    incidents: Sequence[IncidentView],
) -> list[Interruption]:
    """Every interruption of a room: person, station, cause, from, until, what was done, by whom,
    on whose approval (I12). ``incidents`` are the session's."""
    sittings = [each for each in parts.sittings.sittings(session_id) if each.room_id == room_id]
    machines = watch.machines_of(session_id)
    credits: dict[str, list[Credit]] = {}
    for one in parts.credits.credits(session_id):
        credits.setdefault(one.sitting_id, []).append(one)
    lines = [
        Interruption(
            room_id=room_id,
            seat_no=sitting.seat_no,
            ticket_no=sitting.ticket_no,
            name=parts.sittings.candidate(sitting).name,
            station_id=machines.get((sitting.sitting_id, gap.start_ms), sitting.machine_id),
            cause=gap.cause.value,
            start_ms=gap.start_ms,
            end_ms=gap.end_ms,
            measured_ms=gap.measured_ms,
            event=gap.event,
            **_action(credits.get(sitting.sitting_id, []), gap.start_ms, gap.cause),
            **_words(incident_about(room_id, sitting.seat_no, gap.start_ms, gap.end_ms, incidents)),
        )
        for sitting, gap in watch.of_room(sittings)
    ]
    lines += [
        Interruption(
            room_id=room_id,
            seat_no=each.seat_no,
            ticket_no=each.sitting_id.rpartition(".")[2],
            name="",
            station_id="",
            cause="BREAK",
            start_ms=each.out_at_ms,
            end_ms=each.back_at_ms,
            measured_ms=0,
            by=each.out_by,
        )
        for each in parts.credits.breaks(session_id, room_id)
    ]
    return sorted(lines, key=lambda line: (line.start_ms, line.seat_no))


def as_csv(lines: list[Interruption]) -> list[str]:
    """The log as CSV, one text a line, with a head line; times in Beijing time."""
    rows = [_HEAD, *(_row(line) for line in lines)]
    return [_csv_line(row) for row in rows]


def _row(line: Interruption) -> list[str]:
    lasted = "" if line.end_ms is None else str((line.end_ms - line.start_ms) // 1000)
    return [
        line.room_id,
        line.seat_no,
        line.ticket_no,
        line.name,
        line.station_id,
        line.cause,
        _clock(line.start_ms),
        "" if line.end_ms is None else _clock(line.end_ms),
        lasted,
        str(line.measured_ms // 1000),
        str(line.event or ""),
        line.action,
        line.by,
        line.approved_by,
        line.reference,
        line.incident_id,
        line.why,
        line.done,
    ]


def _csv_line(cells: list[str]) -> str:
    # A cell that a spreadsheet would calculate is shown as text instead.
    safe = [f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell for cell in cells]
    text = StringIO()
    csv.writer(text, lineterminator="").writerow(safe)
    return text.getvalue()


def _words(incident: IncidentView | None) -> dict[str, str]:
    if incident is None:
        return {}
    facts = incident.facts
    return {"incident_id": incident.incident_id, "why": facts.cause, "done": facts.action}


def _action(credits: list[Credit], start_ms: int, cause: GapCause) -> dict[str, str]:
    """The first proposal after it began; an interruption without loss needs none."""
    if cause in (GapCause.LINK, GapCause.SERVER, GapCause.HAND_IN):
        return {}
    given = [each for each in credits if not each.revokes]
    one = next((each for each in given if each.proposed_at_ms >= start_ms), None)
    if one is None:
        return {}
    verdict = {None: "PROPOSED", True: "APPROVED", False: "REJECTED"}[one.approved]
    return {
        "action": f"{verdict} {one.seconds // 60} min" + _taken_back(one),
        "by": one.proposed_by,
        "approved_by": one.decided_by if one.approved else "",
        "reference": " ".join(part for part in (f"#{one.proposal_id}", one.reference) if part),
    }


def _taken_back(one: Credit) -> str:
    return f", {one.revoked_s} s taken back" if one.revoked_s else ""


def _credit_line(one: Credit) -> RecordLine:
    if one.approved is None:
        verdict = "未决定"
    else:
        verdict = f"{'批准' if one.approved else '不批准'}（{one.decided_by}）"
    text = (
        f"机位 {one.seat_no}：测得 {one.measured_ms / 60_000:.1f} 分钟，"
        f"提出 {one.seconds // 60} 分钟（{one.proposed_by}），{verdict}"
    )
    more = "；".join(part for part in (one.note, one.reference, one.decision_note) if part)
    return RecordLine(
        RecordField.ADJUSTMENTS, one.proposed_at_ms, f"{text}；{more}" if more else text
    )


def _revocation_line(one: Credit) -> RecordLine:
    """Both ends, both people and the reason."""
    if one.approved is None:
        verdict = "未决定"
    elif one.approved:
        verdict = (
            f"批准（{one.decided_by}），收回 {spelt(one.taken_s)}，"
            f"结束时间 {_clock(one.end_before_ms)} 改为 {_clock(one.end_after_ms)}"
        )
    else:
        verdict = f"不批准（{one.decided_by}）"
    text = (
        f"机位 {one.seat_no}：提出撤销补时 #{one.revokes} 未用部分"
        f"（至多 {spelt(one.seconds)}，{one.proposed_by}），{verdict}"
    )
    more = "；".join(part for part in (one.note, one.decision_note) if part)
    return RecordLine(RecordField.ADJUSTMENTS, one.proposed_at_ms, f"{text}；{more}")


def _late_line(sitting: Sitting, late: list[ResponseEntry]) -> RecordLine:
    text = (
        f"机位 {sitting.seat_no}：撤销补时的通知到达考试机前继续作答 {len(late)} 条"
        f"（至 {_clock(late[-1].at_ms)}），已接收并标注"
    )
    return RecordLine(RecordField.ADJUSTMENTS, late[-1].at_ms, text)


def spelt(seconds: int) -> str:
    """Minutes, and seconds where there are any."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分钟"


def _break_line(one: Break) -> RecordLine:
    back = _clock(one.back_at_ms) if one.back_at_ms is not None else "未登记返回"
    text = f"机位 {one.seat_no}：{_clock(one.out_at_ms)} 离开，{back}（{one.out_by}）"
    return RecordLine(RecordField.BREAKS, one.out_at_ms, text)


def _undecided(one: Credit) -> OpenPoint:
    if one.revokes:
        code, number = RemarkCode.REVOCATION_UNDECIDED, one.proposal_id
        what = remark(code, seat=one.seat_no, number=number)
        return OpenPoint("I07", what, _DECIDERS, one.room_id, blocks_sealing=True)
    minutes, number = one.seconds // 60, one.proposal_id
    what = remark(RemarkCode.CREDIT_UNDECIDED, seat=one.seat_no, minutes=minutes, number=number)
    return OpenPoint("I07", what, _DECIDERS, one.room_id, blocks_sealing=True)


def _not_back(one: Break, room_id: str) -> OpenPoint:
    what = remark(RemarkCode.NOT_BACK, seat=one.seat_no)
    return OpenPoint("H06", what, [Role.INVIGILATOR], room_id, blocks_sealing=True)


def _clock(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, _BEIJING).strftime("%H:%M:%S")
