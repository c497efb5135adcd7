"""People's lists as lines for a terminal or a printer."""

from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from venue_server.wire.names import Role
from venue_server.wire.people_views import DrawsView, OrganisationBook, PeopleView, PersonView

_BEIJING = timezone(timedelta(hours=8))
Result = dict[str, Any]


def people(result: Result) -> str:
    """``staff list``."""
    view = msgspec.convert(result, PeopleView)
    lines = [f"场次 / session {view.session_id}"]
    lines += [_person(one) for one in view.people]
    for room, members in view.rooms.items():
        lines.append(f"考场 / room {room}: {', '.join(members)}")
    if view.spares:
        lines.append(f"备用 / spares: {', '.join(view.spares)}")
    for each in view.delegations:
        state = "▶" if each.running else "■"
        until = instant(each.until_ms) if each.until_ms else "—"
        lines.append(
            f"{state} #{each.delegation_id} {each.role.value}: {each.giver} → {each.taker}"
            f" {instant(each.begins_ms)} … {until} {each.reason}"
        )
    for found in view.findings:
        mark = "✗" if found.blocking else "△"
        said = found.remark
        lines.append(f"{mark} {found.code} {said.text('zh')} / {said.text('en')}")
    return "".join(f"{line}\n" for line in lines)


def _person(one: PersonView) -> str:
    marks = [
        "✓" if one.here else "·",
        one.person_id,
        one.name,
        "+".join(role.value for role in one.roles),
        ",".join(one.rooms) or "*",
    ]
    notes = {
        "回避未申报 / not declared": one.active and not one.declared,
        f"申报 / declared {one.declared} {one.about}".strip(): one.declared not in ("", "NONE"),
        f"决定 / decided {one.decided}": bool(one.decided),
        "不在签名名册 / not on the roster": not one.planned,
        "未参加本类考试培训 / not trained for this kind": one.planned
        and not one.trained
        and one.roles != [Role.INSPECTOR],
        "培训 / trained " + _training(one): bool(one.trained_on),
        "未设密码 / no password": not one.password_set,
        "已锁定 / locked": one.locked,
        f"停用 / disabled: {one.disabled}": bool(one.disabled),
        "动态验证码 / second factor": one.totp,
    }
    said = "; ".join(text for text, true in notes.items() if true)
    return "  ".join(marks) + (f"  [{said}]" if said else "")


def _training(one: PersonView) -> str:
    return ", ".join(f"{kind} {day}" for kind, day in sorted(one.trained_on.items()))


def code(result: Result) -> str:
    """``staff code``: to be cut out and handed over."""
    return (
        f"账号 / account: {result['person_id']}\n一次性开通码 / one-time code: {result['code']}\n"
        "72小时内有效，用后作废 / valid for 72 hours, once\n"
    )


def last_draw(result: Result) -> str:
    """``draw show``: the last document, byte for byte, so that it can be checked."""
    return msgspec.convert(result, DrawsView).draws[-1].document + "\n"


def book(result: Result) -> str:
    """``staff book``: 《考试组织册》."""
    found = msgspec.convert(result, OrganisationBook)
    lines = [f"考试组织册 / organisation book  {found.venue_name}  {found.exam_title}"]
    for begins, ends in found.duty_hours:
        lines.append(f"值班 / duty hours: {instant(begins)} … {instant(ends)}")
    for one in found.people:
        where = "" if one.planned else "（本地增补 / local）"
        parts = [
            one.name + where,
            "+".join(role.value for role in one.roles),
            one.duties,
            one.unit,
            one.phone,
            one.badge_no,
            ",".join(one.rooms),
        ]
        lines.append("  " + "  ".join(part for part in parts if part))
    for room in found.rooms:
        counts = ", ".join(f"{name} {count}" for name, count in room.candidates.items())
        where = "".join(f"  {part}" for part in (room.building, room.floor, room.way) if part)
        lines.append(f"  {room.name} ({room.room_id}): {room.seats} 座 / seats; {counts}{where}")
    return "".join(f"{line}\n" for line in lines)


def instant(ms: int) -> str:
    """Beijing time to the minute."""
    return datetime.fromtimestamp(ms / 1000, _BEIJING).strftime("%Y-%m-%d %H:%M")
