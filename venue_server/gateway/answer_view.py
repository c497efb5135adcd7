"""Where answers are, as the administrator's table, its head and the metrics (zh / en)."""

from typing import Any

from venue_server.gateway.status_page import BAD, OK, WAIT, Row
from venue_server.records.answer_places import SittingAnswers, Totals, totals
from venue_server.sitting.rows import Session
from venue_server.wire.wiping_orders import AnswerPlace

PLACES: dict[AnswerPlace, str] = {
    AnswerPlace.NOWHERE: "尚无作答 / no answers yet",
    AnswerPlace.STATION: "在考试机 / at the station",
    AnswerPlace.SERVER: "在考点服务器 / on the server",
    AnswerPlace.SECOND: "考点两处保存 / two copies at the venue",
    AnswerPlace.BACKUP: "在备份介质 / on a backup medium",
    AnswerPlace.HEADQUARTERS: "已上报 / at headquarters",
}


def answers_view(session: Session, found: list[SittingAnswers], lost: list[str]) -> dict[str, Any]:
    """The answer to GetAnswers: ``sections`` for whoever reads it as it is, ``rows`` as numbers."""
    counted = totals(found)
    return {
        "session_id": session.session_id,
        "sections": [
            {"title": f"作答去向 / answers: {session.session_id}", "rows": _head(counted, lost)},
            {"title": "逐人 / one by one", "rows": [_row(each) for each in found]},
        ],
        "rows": [_numbers(each) for each in found],
        "totals": {
            "sittings": counted.sittings,
            "answers": counted.answers,
            "only_station": counted.only_station,
            "one_disk": counted.one_disk,
            "unheard": counted.unheard,
            "by_place": {place.value: count for place, count in counted.by_place.items()},
        },
        "lost_media": lost,
    }


def answer_rows(counted: Totals) -> list[Row]:
    """What may be lost by one fault: rows of the status page."""
    return [
        _risk_row("只在考试机的作答 / only at a station", counted.only_station, WAIT),
        _risk_row("考点只有一处的作答 / on one disk only", counted.one_disk, BAD),
        _risk_row("考试机失联 / stations silent", counted.unheard, WAIT),
    ]


def _risk_row(label: str, count: int, verdict: str) -> Row:
    return [label, str(count), verdict if count else OK]


def _head(counted: Totals, lost: list[str]) -> list[Row]:
    rows: list[Row] = [["作答条数 / answers", str(counted.answers), OK]]
    for place, count in counted.by_place.items():
        all_there = count == counted.sittings
        text = f"{count} / {counted.sittings}"
        rows.append([PLACES[place], text, OK if all_there else WAIT])
    rows += answer_rows(counted)
    rows += [["备份已丢失 / backup lost", label, BAD] for label in lost]
    return rows


def _row(one: SittingAnswers) -> Row:
    held, risk = one.held, one.risk
    # Every number, in the order of the way: they tell more than where the last answer is.
    numbers = [held.station, held.server, held.second, max(held.backups, default=0)]
    counts = " ".join(str(each) for each in (*numbers, held.headquarters))
    verdict = BAD if risk.one_disk else WAIT if risk.only_station or risk.unheard else OK
    return [f"{one.room_id}-{one.seat_no} {one.ticket_no} [{counts}]", PLACES[held.place], verdict]


def _numbers(one: SittingAnswers) -> dict[str, Any]:
    held, risk = one.held, one.risk
    return {
        "room_id": one.room_id,
        "seat_no": one.seat_no,
        "ticket_no": one.ticket_no,
        "place": held.place.value,
        "station": held.station,
        "server": held.server,
        "second": held.second,
        "backup": max(held.backups, default=0),
        "backups": len([each for each in held.backups if each]),
        "headquarters": held.headquarters,
        "only_station": risk.only_station,
        "station_since_ms": risk.station_since_ms,
        "one_disk": risk.one_disk,
        "disk_since_ms": risk.disk_since_ms,
        "unheard": risk.unheard,
    }
