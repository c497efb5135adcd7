"""What was wiped, what was not and why: the check after a wiping, and its certificate (zh / en)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from venue_server.gateway.session_wiping import Leftovers
from venue_server.gateway.status_page import BAD, OK, WAIT, Row
from venue_server.stations.store import StationWipe
from venue_server.upload.wiping import Certificate
from venue_server.wire.certificate_texts import (
    DELIVERED_BY,
    item_words,
    kept_words,
    searched_words,
)

_WIPED = "已清除 / wiped"
_CHINA = timezone(timedelta(hours=8))


def check_view(
    session_id: str,
    certificate: Certificate | None,
    found: Leftovers,
    stations: Sequence[StationWipe],
    seats: Mapping[str, str],
    memory: Row,
) -> dict[str, Any]:
    """The answer to GetWipeCheck. ``seats`` names the stations that are still enrolled; of the
    others nothing is expected any more, and that is said; ``memory`` is the row about the server's.
    ``closed``: everything that should be gone is, here and at every station."""
    waiting = [
        each for each in stations if each.reported_at_ms is None and each.machine_id in seats
    ]
    closed = certificate is not None and not found.names and not waiting
    return {
        "session_id": session_id,
        "closed": closed,
        "sections": [
            {
                "title": f"清除核查 / wipe check: {session_id}",
                "rows": _here(certificate, found, memory),
            },
            {"title": "考试机 / stations", "rows": _stations(stations, seats)},
        ],
        "left": found.names,
        "stations": stations_of(stations, seats),
    }


def stations_of(stations: Sequence[StationWipe], seats: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every order to a station: ``reported_at_ms`` None while it has not confirmed; ``seat`` empty
    of one that is not enrolled any more."""
    return [
        {
            "machine_id": each.machine_id,
            "seat": seats.get(each.machine_id, ""),
            "paper_id": each.paper_id,
            "sitting_id": each.sitting_id,
            "ordered_at_ms": each.ordered_at_ms,
            "reported_at_ms": each.reported_at_ms,
            "left": list(each.left),
        }
        for each in stations
    ]


def _here(certificate: Certificate | None, found: Leftovers, memory: Row) -> list[Row]:
    done = ["✓ / yes", OK] if certificate else ["尚未完成 / not finished", WAIT]
    rows: list[Row] = [["清除证书 / certificate", *done]]
    rows += [["密钥或试卷仍在 / key or paper still here", name, BAD] for name in found.files]
    rows += [["释放密钥仍在 / release secret still here", name, BAD] for name in found.secrets]
    rows += [["明文试卷 / paper in the clear", name, BAD] for name in found.clear]
    if certificate is not None:
        rows.append(memory)
    if not (found.files or found.secrets or found.clear):
        rows.append(["密钥、试卷、明文 / keys, papers, clear text", "无 / none", OK])
    return rows


def _stations(stations: Sequence[StationWipe], seats: Mapping[str, str]) -> list[Row]:
    """First those about which somebody must do something."""
    waiting_first = sorted(stations, key=lambda each: each.reported_at_ms is not None)
    return [_station(each, seats) for each in waiting_first]


def _station(one: StationWipe, seats: Mapping[str, str]) -> Row:
    label = f"{seats.get(one.machine_id) or '?'} {one.machine_id} {one.paper_id} {one.sitting_id}"
    if one.reported_at_ms is not None:
        at = _when(one.reported_at_ms)
        return [label.strip(), f"{at} 已清除 / {at} wiped", OK]
    if one.left:
        left = ", ".join(one.left)
        return [label.strip(), f"{left} 仍在 / {left}: still there", BAD]
    if one.machine_id not in seats:
        return [label.strip(), "已注销，未回报 / revoked, never reported", WAIT]
    return [label.strip(), "未回报，连上后即清除 / not reported; wiped when it comes back", WAIT]


def certificate_view(
    certificate: Certificate,
    stations: Sequence[Mapping[str, Any]],
    signed: Mapping[str, Any],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """The certificate with its signed form, and as facts to be printed and signed by hand.
    ``stations`` as :func:`stations_of` gives them now: they report after it is finished, too."""
    before, after = certificate["searched_before"], certificate["searched_after"]
    rows: list[Row] = [
        ["场次 / session", certificate["session_id"], OK],
        ["答卷包 / bundle", f"{certificate['bundle_id']} {certificate['bundle_sha256']}", OK],
        ["送达方式 / delivered by", DELIVERED_BY[certificate["delivered_by"]], OK],
        ["送达凭证 / proof of delivery", certificate["receipt_sha256"], OK],
        *(
            ["已核验备份 / verified backup", f"{each['target']} {each['sha256']}", OK]
            for each in certificate["backups"]
        ),
        ["开始 / begun", _when(certificate["begun_at_ms"]), OK],
        ["完成 / finished", _when(certificate["finished_at_ms"]), OK],
        ["清除前搜寻 / searched before", *_search(before)],
        ["清除后搜寻 / searched afterwards", *_search(after)],
        *([_WIPED, item_words(each), OK] for each in certificate["items"]),
        *(
            ["未清除及原因 / not wiped, and why", kept_words(each), WAIT]
            for each in certificate["kept"]
        ),
        *_confirmed(stations),
        *(
            ["签名 / signature", f"{names.get(each, '')} {each} ____________", OK]
            for each in certificate["persons"]
        ),
    ]
    return {
        "certificate": certificate,
        "signed": dict(signed),
        "sections": [{"title": "清除证书 / certificate of wiping", "rows": rows}],
    }


def _confirmed(stations: Sequence[Mapping[str, Any]]) -> list[Row]:
    """How many stations confirmed, and one line for each that has not."""
    waiting: dict[str, list[str]] = {}
    for each in stations:
        if each["reported_at_ms"] is None:
            waiting.setdefault(f"{each['seat'] or '?'} {each['machine_id']}", []).extend(
                each["left"]
            )
    every = len({each["machine_id"] for each in stations})
    told = f"{every - len(waiting)} / {every}"
    return [
        ["考试机已确认清除 / stations that confirmed", told, WAIT if waiting else OK],
        *(
            ["未确认的考试机 / station that has not confirmed", _joined(name, left), WAIT]
            for name, left in sorted(waiting.items())
        ),
    ]


def _joined(name: str, left: Sequence[str]) -> str:
    return f"{name}: {', '.join(left)}" if left else name


def _search(found: Mapping[str, int] | None) -> list[str]:
    if found is None:
        return ["密钥此前已不在 / no key was left to look for", WAIT]
    return [searched_words(found), OK]


def _when(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
