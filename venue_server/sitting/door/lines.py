"""What a room's door tells the day's records: lines of the sheet, and what is still open. Pure."""

from collections.abc import Iterable

from venue_server.sitting.door.rows import Doubt, KeptItem, Visitor
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.names import ChiefWord, DoubtKind, DoubtState, ItemKind, Role
from venue_server.wire.remarks import RemarkCode, remark

_KINDS = {DoubtKind.NUMBER: "号码", DoubtKind.NAME: "姓名", DoubtKind.PERSON: "本人与照片"}
_ITEMS = {
    ItemKind.CHEATING_DEVICE: "作弊设备",
    ItemKind.TOOL: "工具",
    ItemKind.MATERIAL: "资料",
    ItemKind.OTHER: "其他物品",
}
_STATES = {
    DoubtState.RAISED: "未准入场",
    DoubtState.WITHDRAWN: "后经查验一致",
    DoubtState.PROVISIONAL: "两名监考人员决定先行入场，待核验",
    DoubtState.VERIFIED: "先行入场，两名监考人员核验一致并签名",
    DoubtState.NOT_VERIFIED: "先行入场，未能核实，待主考决定",
}
_WORDS = {ChiefWord.STAYS: "继续考试，报总部核查", ChiefWord.REFERRED: "按涉嫌替考处理"}
_ROOM = [Role.INVIGILATOR]


def doubt_line(doubt: Doubt) -> RecordLine:
    """证件存疑及处理."""
    kinds = "、".join(_KINDS[kind] for kind in sorted(doubt.kinds))
    if doubt.state is DoubtState.DECIDED and doubt.word is not None:
        end = f"先行入场，未能核实，主考决定：{_WORDS[doubt.word]}"
    else:
        end = _STATES[doubt.state]
    note = f"（{doubt.note}）" if doubt.note else ""
    text = f"{doubt.ticket_no} {kinds}不符：{end}{note}"
    return RecordLine(RecordField.DOUBTS, doubt.raised_at_ms, text)


def item_line(item: KeptItem) -> RecordLine:
    """暂扣物品."""
    end = "未退还"
    if item.ended_at_ms is not None:
        end = f"已移交{item.handed_to}" if item.handed_to else "已退还"
    signed = "" if item.candidate_signed else "，本人未签名"
    text = (
        f"{item.ticket_no} {_ITEMS[item.kind]}：{item.what}，收据{item.receipt_no}{signed}，{end}"
    )
    return RecordLine(RecordField.ITEMS, item.kept_at_ms, text)


def visitor_lines(visitors: Iterable[Visitor]) -> list[RecordLine]:
    """进入考场的其他人员: those who really came."""
    return [
        RecordLine(
            RecordField.VISITORS,
            one.in_ms,
            f"{one.unit} {one.name}：{one.reason}，{one.approved_by} 批准，"
            f"{'已离开' if one.out_ms is not None else '尚未离开'}",
        )
        for one in visitors
        if one.in_ms is not None
    ]


def doubt_points(doubts: Iterable[Doubt]) -> list[OpenPoint]:
    """Whoever sits in the room unverified keeps the answers from being sealed (F14)."""
    points = []
    for one in doubts:
        facts = {"room": one.room_id, "ticket": one.ticket_no}
        if one.state is DoubtState.PROVISIONAL:
            what = remark(RemarkCode.DOUBT_UNSETTLED, **facts)
            points.append(OpenPoint("F14", what, _ROOM, one.room_id, blocks_sealing=True))
        elif one.state is DoubtState.NOT_VERIFIED:
            what = remark(RemarkCode.DOUBT_FOR_CHIEF, **facts)
            points.append(OpenPoint("F14", what, [Role.CHIEF], one.room_id, blocks_sealing=True))
    return points


def item_points(items: Iterable[KeptItem]) -> list[OpenPoint]:
    """Everything kept goes back, or to whoever is in charge of it (F09)."""
    return [
        OpenPoint(
            "F09",
            remark(RemarkCode.ITEM_NOT_RETURNED, room=one.room_id, receipt=one.receipt_no),
            _ROOM,
            one.room_id,
        )
        for one in items
        if one.ended_at_ms is None
    ]


def visitor_points(visitors: Iterable[Visitor]) -> list[OpenPoint]:
    """Nobody else is left in a room (A09)."""
    return [
        OpenPoint(
            "A09",
            remark(RemarkCode.VISITOR_INSIDE, room=one.room_id, name=one.name),
            _ROOM,
            one.room_id,
        )
        for one in visitors
        if one.in_ms is not None and one.out_ms is None
    ]
