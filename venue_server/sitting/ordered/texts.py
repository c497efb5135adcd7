"""What the room record, the close check and the alarms say about an order (K01, I03). Pure."""

from datetime import UTC, datetime, timedelta

from venue_server.sitting.ordered.document import SessionOrder
from venue_server.sitting.ordered.store import KeptOrder
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.names import Role
from venue_server.wire.remarks import RemarkCode, remark
from venue_server.wire.session_orders import OrderKind

_CHINA = timedelta(hours=8)


def _at(ms: int) -> str:
    """Chinese standard time."""
    return (datetime.fromtimestamp(ms / 1000, UTC) + _CHINA).strftime("%Y-%m-%d %H:%M")


def order_line(kept: KeptOrder, order: SessionOrder) -> RecordLine:
    """The line of a room's record."""
    text = f"总部命令：{OrderKind(order.kind).text()}，文号 {order.reference}"
    text += f"（{_at(order.issued_at_ms)} 签发）：{order.reason}"
    if order.later_session_id:
        text += f"；后续场次 {order.later_session_id}"
    if order.tickets:
        text += f"；准考证号 {'、'.join(order.tickets)}"
    text += f"；接收人 {kept.imported_by}"
    return RecordLine(RecordField.INCIDENTS, kept.imported_at_ms, text, grave=True)


def open_order(order: SessionOrder) -> OpenPoint:
    """Until the answers are sealed: what exists has to go to headquarters as it is."""
    said = remark(RemarkCode.ORDER_TO_CARRY, reference=order.reference)
    return OpenPoint("I03", said, [Role.CHIEF, Role.SYSADMIN])


def not_held(order: SessionOrder) -> OpenPoint:
    """Stopped before it began: nothing to do but to wait for its planned start."""
    said = remark(RemarkCode.SESSION_NOT_HELD, reference=order.reference)
    return OpenPoint("I03", said, [Role.CHIEF])


def not_carried(order: SessionOrder) -> OpenPoint:
    """It came after the sealing: headquarters gets it with a later version only (L03)."""
    said = remark(RemarkCode.ORDER_NOT_CARRIED, reference=order.reference)
    return OpenPoint("L03", said, [Role.CHIEF, Role.SYSADMIN])


def order_alarm(order: SessionOrder) -> Alarm:
    """The banner on consoles and the status page."""
    codes = {
        OrderKind.CANCEL: AlarmCode.SESSION_CANCELLED,
        OrderKind.RERUN: AlarmCode.SESSION_RERUN,
        OrderKind.CONTINUE: AlarmCode.SESSION_CONTINUED,
    }
    args = {
        "session": order.session_id,
        "reference": order.reference,
        "later": order.later_session_id,
    }
    return Alarm(codes[OrderKind(order.kind)], args)
