"""Sheets about people, as HTML in Chinese: where everybody supervises, the duty card."""

from collections.abc import Mapping, Sequence
from html import escape

from invigilator_app.board.instants import day_minute
from invigilator_app.printing.sheets import _ROLES, STYLE
from venue_server.wire.people_views import OrganisationBook, PeopleView


def draw_sheet(venue_name: str, view: PeopleView, digest: str) -> str:
    """抽签结果 with a slip for every invigilator, to be cut apart (B02)."""
    names = {one.person_id: one for one in view.people}
    rows = [(room, who) for room, members in view.rooms.items() for who in members]
    table = "".join(
        f"<tr><td>{escape(room)}</td><td>{escape(names[who].name)}</td><td>{escape(who)}</td>"
        f"<td>{escape(names[who].badge_no)}</td></tr>"
        for room, who in rows
    )
    spares = "、".join(names[who].name for who in view.spares if who in names) or "无"
    slips = "".join(
        f"<p style='border:1px dashed'>{escape(venue_name)}　{escape(view.session_id)}<br>"
        f"<b>{escape(names[who].name)}</b>（{escape(who)}）　责任考场：<b>{escape(room)}</b></p>"
        for room, who in rows
    )
    return (
        f"{STYLE}<h1>监考人员责任考场</h1><p align='center'>{escape(venue_name)}　"
        f"场次 {escape(view.session_id)}</p>"
        f"<table border='1' cellspacing='0' cellpadding='5' width='100%'>"
        "<tr><th align='left'>考场</th><th align='left'>姓名</th><th align='left'>账号</th>"
        f"<th align='left'>证章号</th></tr>{table}</table><p>备用：{escape(spares)}</p>"
        f"<p>抽签记录摘要（SHA-256）：{escape(digest or '无')}</p><h2>通知条</h2>{slips}"
    )


def duty_card(book: OrganisationBook) -> str:
    """值班与联系表: posts, names, telephones, duty hours (A11, A13, A14)."""
    hours = "；".join(f"{day_minute(a)} 至 {day_minute(b)}" for a, b in book.duty_hours) or "无"
    rows = "".join(
        f"<tr><td>{escape(post_text(one.roles, one.duties))}</td><td>{escape(one.name)}</td>"
        f"<td>{escape(one.phone or '无')}</td><td>{escape(one.unit or '无')}</td>"
        f"<td>{escape('、'.join(one.rooms))}</td></tr>"
        for one in book.people
    )
    shifts = "".join(
        f"<tr><td>{day_minute(one.from_ms)} 至 {day_minute(one.until_ms)}</td>"
        f"<td>{escape(one.name)}</td><td>{escape(one.place)}</td>"
        f"<td>{escape(one.phone or '无')}</td></tr>"
        for one in book.shifts
    )
    roster = (
        "<h2>值班班次</h2><table border='1' cellspacing='0' cellpadding='5' width='100%'>"
        "<tr><th align='left'>起止</th><th align='left'>姓名</th><th align='left'>地点</th>"
        f"<th align='left'>电话</th></tr>{shifts}</table>"
    )
    return (
        f"{STYLE}<h1>值班与联系表</h1><p align='center'>{escape(book.printed_name)}　"
        f"{escape(book.exam_title)}</p><p>值班时间：{escape(hours)}</p>"
        "<table border='1' cellspacing='0' cellpadding='5' width='100%'>"
        "<tr><th align='left'>职务</th><th align='left'>姓名</th><th align='left'>电话</th>"
        f"<th align='left'>单位</th><th align='left'>考场</th></tr>{rows}</table>"
        + (roster if shifts else "")
    )


def code_slip(venue_name: str, person_id: str, name: str, code: str) -> str:
    """一次性开通码, to be handed over in person."""
    fields: Mapping[str, str] = {"账号": person_id, "姓名": name, "一次性开通码": code}
    rows = "".join(
        f"<tr><td width='30%'><b>{escape(key)}</b></td><td class='big'>{escape(value)}</td></tr>"
        for key, value in fields.items()
    )
    return (
        f"{STYLE}<h1>{escape(venue_name)}</h1>"
        f"<table border='1' cellspacing='0' cellpadding='8' width='100%'>{rows}</table>"
        "<p>72小时内有效。首次登录时勾选“首次登录或修改密码”，自设密码后作废，请勿外传。</p>"
    )


def post_text(roles: Sequence[str], duties: str) -> str:
    """Posts and duties of one person as they are printed."""
    named = "、".join(_ROLES.get(role, role) for role in roles)
    return "　".join(part for part in (named, duties) if part) or "无"
