"""What swaps and branches tell the day's records (K01, L02): lines of the sheet, open points."""

from typing import Any

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.journal_words import origin_words, proof_words, refused_text
from venue_server.ledger.catalogue import Event
from venue_server.records.store import told
from venue_server.responses.branching.rules import ItemStand
from venue_server.responses.branching.service import Standing
from venue_server.sitting.swapping.rules import Swap
from venue_server.storage.engine import Store
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.names import Role
from venue_server.wire.remarks import RemarkCode, remark

_STANDS = {
    ItemStand.TAKEN: "已在服务器 / here",
    ItemStand.FREE: "可并入 / can be merged",
    ItemStand.CONFLICT: "另机已作答 / answered elsewhere too",
}


class SwapRecords:
    """Sources for ``DaySources``; reads what is durable."""

    def __init__(self, parts: DeskParts, store: Store) -> None:
        self._parts = parts
        self._store = store

    def room_lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """Every swap of the room, and what happened to the answers of its machines."""
        swaps = [
            each for each in self._parts.swaps.in_session(session_id) if each.room_id == room_id
        ]
        first = {each.sitting_id: each for each in reversed(swaps)}
        lines = [
            RecordLine(
                RecordField.SWAPS,
                each.at_ms,
                swap_line(each, first[each.sitting_id].from_seat, self._name(each)),
            )
            for each in swaps
        ]
        events = (
            Event.STATION_DATA_LOST,
            Event.JOURNAL_IMPORTED,
            Event.JOURNAL_REFUSED,
            Event.BRANCH_DECIDED,
            Event.CLAIMED_TWICE,
        )
        entries = self._store.read(lambda tx: list(told(tx, session_id, room_id, *events)))
        return lines + [
            RecordLine(RecordField.EQUIPMENT, entry["at_ms"], _event_text(entry))
            for entry in entries
        ]

    def _name(self, swap: Swap) -> str:
        sitting = self._parts.sittings.sitting(swap.sitting_id)
        assert sitting is not None, "a swap belongs to a sitting"
        return f"{sitting.ticket_no} {self._parts.sittings.candidate(sitting).name} "

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """Branches that wait: sealing waits with them (F24, L02)."""
        return [
            OpenPoint(
                rule="F24",
                remark=remark(
                    RemarkCode.BRANCH_UNDECIDED,
                    seat=f"{one.sitting.room_id}-{one.sitting.seat_no}",
                    machine=origin_words(one.branch.machine_id),
                ),
                who=[Role.CHIEF, Role.SYSADMIN],
                room_id=one.sitting.room_id,
                blocks_sealing=True,
            )
            for one in self._parts.branches.in_session(session_id)
            if one.open
        ]


def swap_line(swap: Swap, seat_no: str, who: str = "") -> str:
    """One swap in the sheet's words; ``seat_no`` is the candidate's own seat."""
    step = "" if swap.from_seat == seat_no else f"（由 {swap.from_seat} 再换）"
    return (
        f"{who}换机：原机位 {seat_no} → 机位 {swap.to_seat}{step}；"
        f"原因：{swap.reason}；经办、批准：{swap.persons}；换机时服务器已存至第 {swap.kept_seq} 条"
    )


def branch_line(standing: Standing) -> list[str]:
    """A branch item by item, without any content (O02)."""
    sitting = standing.sitting
    mark = "△" if standing.open else "✓"
    end = standing.decided or standing.verdict.value
    origin = origin_words(standing.branch.machine_id)
    head = f"{mark} {sitting.room_id}-{sitting.seat_no} {origin}: {end}"
    return [
        head,
        *(f"    {each.item_id} {each.at_ms}: {_STANDS[each.stand]}" for each in standing.items),
    ]


def _event_text(entry: dict[str, Any]) -> str:
    data = entry["data"]
    match Event(entry["event"]):
        case Event.STATION_DATA_LOST:
            return (
                f"机位 {data['seat']} 本机数据丢失：服务器存至第 {data['held_seq']} 条，"
                f"第 {data['lost_from']} 至 {data['lost_to']} 条未找回"
            )
        case Event.JOURNAL_IMPORTED:
            gap = (
                f"，日志缺第 {data['gap_from']} 至 {data['gap_to']} 条" if data["gap_from"] else ""
            )
            lost = f"，第 {data['lost']} 条已丢失" if data["lost"] else ""
            signed, _ = proof_words(str(data.get("proof", "")), str(data.get("signed_by", "")))
            return (
                f"导入机位 {data['seat']} 单机数据（{data['machine_id']}，{signed}）：日志 "
                f"{data['journal_seq']} 条，服务器 {data['server_seq']} → {data['now_seq']} 条，"
                f"另存 {data['kept_aside']} 条{gap}{lost}；经办：{entry['actor']}"
            )
        case Event.JOURNAL_REFUSED:
            return f"{refused_text(data)}；经办：{entry['actor']}"
        case Event.BRANCH_DECIDED:
            by = f"裁定：{entry['actor']}，{data['reason']}" if entry["actor"] else "按规则并入"
            return f"机位 {data['seat']} 作答分支（{data['machine']}）{data['keep']}；{by}"
        case _:
            return f"两机登录同一应试人员：{data['live_at']} 在用，{data['claimed_at']} 被拒"
