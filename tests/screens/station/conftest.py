# ruff: noqa: E402  # the engine's environment comes before Qt is used at all
"""Shared by the station's screen tests: sample states for every page, and a real application."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from candidate_station.rendering.chromium import prepare_environment

prepare_environment(test_no_sandbox=os.geteuid() == 0)

import base64
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from candidate_station.screens.style import Look
from candidate_station.screens.window import StationWindow
from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import (
    Correction,
    NavigatorCell,
    SaveState,
    Screen,
    ScreenState,
)
from candidate_station.translations import Languages
from venue_server.wire.messages import PaperSeal, SessionBrief, Timing
from venue_server.wire.names import MediaClass, Mode
from venue_server.wire.receipt_code import receipt_code, receipt_qr
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import CandidateBrief
from venue_server.wire.wiping_orders import AnswerPlace

START = 1_795_309_200_000  # 2026-11-22 09:00 Beijing
MINUTE = 60_000
HEAD = "3fa977c012bed04f" * 4
CODE = receipt_code(HEAD)


def _photo() -> str:
    picture = QPixmap(QSize(150, 200))
    picture.fill(QColor("#b9cbe0"))
    painter = QPainter(picture)
    painter.setBrush(QColor("#4b5768"))
    painter.drawEllipse(45, 35, 60, 70)
    painter.drawEllipse(15, 120, 120, 140)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return base64.b64encode(buffer.data().data()).decode()


INSTRUCTIONS = (
    "一、单项选择题（共 60 题，每题 1 分）。每题的备选项中，只有 1 个最符合题意。\n"
    "作答时点击选项前的字母；再次点击可取消。"
)


def _cells() -> tuple[NavigatorCell, ...]:
    sections = ["一、单项选择题"] * 24 + ["二、多项选择题"] * 12 + ["三、案例分析题"] * 8
    return tuple(
        NavigatorCell(
            number=n,
            item_id=f"item-{n}",
            section=section,
            answered=n < 22 and n not in (5, 13),
            flagged=n in (7, 13, 23),
            current=n == 23,
        )
        for n, section in enumerate(sections, 1)
    )


def _base() -> ScreenState:
    return ScreenState(
        screen=Screen.CONNECTING,
        venue_name="滨江市第三中学考点",
        station_id="ST-0117",
        room_id="07",
        seat_no="17",
        online=True,
        exam_now_ms=START - 20 * MINUTE,
        clock_known=True,
        session=SessionBrief(
            session_id="2026-11-22-AM",
            exam_title="2026年度经济专业技术资格考试",
            subject_code="ECON-BASE-M",
            subject_title="经济基础知识（中级）",
            scheduled_start_ms=START,
            duration_s=5400,
            media_class=MediaClass.NORMAL,
            mode=Mode.LIVE,
        ),
    )


def replace_timing(timing: Timing, suspended_at_ms: int, resumes_at_ms: int) -> Timing:
    """The same instants, with the room standing still."""
    return msgspec.structs.replace(
        timing, suspended_at_ms=suspended_at_ms, resumes_at_ms=resumes_at_ms
    )


CORRECTIONS = (
    Correction(
        1,
        (23,),
        "第 23 题题干第二行“不低于 30%”应为“不高于 30%”。其余内容不变，作答时间不变。",
        "In question 23, second line, read “not above 30 %”. Nothing else changes, nor the time.",
        False,
        True,
    ),
    Correction(
        2, (), "第三部分标题以卷面说明为准。", "The heading of part three stands.", True, True
    ),
)


def sample_states() -> dict[str, ScreenState]:
    """A telling state of every page, by name; ``answer_*`` are variants of the answer page."""
    base = _base()
    candidate = CandidateBrief(
        name="阿卜杜热依木·买买提",
        ticket_no="320100260017",
        id_number_masked="3601**********123X",
        room_id="07",
        seat_no="17",
        photo=_photo(),
    )
    timing = Timing(START, START + 5 * MINUTE, START + 75 * MINUTE, START + 90 * MINUTE)
    seated = replace(base, candidate=candidate, timing=timing)
    answering = replace(
        seated,
        screen=Screen.ANSWER,
        exam_now_ms=START + 40 * MINUTE,
        remaining_s=50 * 60,
        navigator=_cells(),
        item_id="item-23",
        instructions=INSTRUCTIONS,
        unanswered=25,
        flagged=3,
        save_state=SaveState.SYNCED,
    )
    late = replace(answering, may_submit=True, remaining_s=4 * 60 + 31)
    refusal = Refusal(RefusalCode.WRONG_SEAT, "23")
    return {
        "enrol": ScreenState(screen=Screen.ENROL, enrol_code="K7QM-4XTB"),
        "connecting": ScreenState(screen=Screen.CONNECTING, station_id="ST-0117"),
        "waiting": replace(
            base, screen=Screen.WAITING, seal=PaperSeal("P-2026-11-A", "A", "9f3c 27ab", True)
        ),
        "login": replace(base, screen=Screen.LOGIN, refusal=refusal),
        "confirm": replace(seated, screen=Screen.CONFIRM),
        "rules": replace(seated, screen=Screen.RULES),
        "rules_late": replace(seated, screen=Screen.RULES, exam_now_ms=START + MINUTE),
        "countdown": replace(seated, screen=Screen.COUNTDOWN),
        "start_code": replace(
            seated,
            screen=Screen.START_CODE,
            exam_now_ms=START + MINUTE,
            remaining_s=89 * 60,
            refusal=Refusal(RefusalCode.START_CODE_WRONG),
        ),
        "suspended": replace(
            answering,
            screen=Screen.SUSPENDED,
            input_locked=True,
            timing=replace_timing(timing, START + 40 * MINUTE, 0),
        ),
        "suspended_resuming": replace(
            answering,
            screen=Screen.SUSPENDED,
            input_locked=True,
            timing=replace_timing(timing, START + 40 * MINUTE, START + 55 * MINUTE),
        ),
        "answer": answering,
        "answer_offline": replace(
            late, online=False, save_state=SaveState.LOCAL, unsynced=7, notices=()
        ),
        "answer_corrected": replace(answering, corrections=CORRECTIONS),
        "answer_tools": replace(
            answering,
            session=msgspec.structs.replace(base.session, tools=["CALCULATOR", "HIGHLIGHT"]),
        ),
        "answer_revoked": replace(
            late, credited_s=301, revoked_s=1499, notices=(Notice.CREDIT_REVOKED,)
        ),
        "answer_failed": replace(late, save_state=SaveState.FAILED),
        "confirm_submit": replace(late, screen=Screen.CONFIRM_SUBMIT),
        "submitting": replace(late, screen=Screen.SUBMITTING, online=False, unsynced=3),
        "submit_failed": replace(
            late,
            screen=Screen.SUBMIT_FAILED,
            unsynced=7,
            save_state=SaveState.LOCAL,
            refusal=Refusal(RefusalCode.SAVE_NOT_DURABLE),
        ),
        "receipt": replace(
            late,
            screen=Screen.RECEIPT,
            receipt_code=CODE,
            receipt_qr=receipt_qr("am/2601010117", HEAD),
        ),
        "away": replace(answering, screen=Screen.AWAY, input_locked=True),
        "answer_backed_up": replace(late, place=AnswerPlace.BACKUP),
        "answer_swapped": replace(answering, notices=(Notice.ANSWERS_RETURNED,)),
        "connecting_with_answers": replace(
            base,
            screen=Screen.CONNECTING,
            online=False,
            notices=(Notice.ANSWERS_FOUND,),
        ),
        "submit_failed_synced": replace(
            late,
            screen=Screen.SUBMIT_FAILED,
            refusal=Refusal(RefusalCode.RECEIPT_MISMATCH),
        ),
        "receipt_at_headquarters": replace(
            late,
            screen=Screen.RECEIPT,
            receipt_code=CODE,
            receipt_qr=receipt_qr("am/2601010117", HEAD),
            place=AnswerPlace.HEADQUARTERS,
        ),
        "terminated": replace(
            seated, screen=Screen.BLOCKED, refusal=Refusal(RefusalCode.SITTING_TERMINATED)
        ),
        "blocked": replace(
            seated, screen=Screen.BLOCKED, refusal=Refusal(RefusalCode.CIPHERTEXT_CORRUPT)
        ),
    }


def rehearsing(state: ScreenState) -> ScreenState:
    """The same state in a rehearsal."""
    assert state.session is not None
    session = state.session
    brief = SessionBrief(
        session.session_id, session.exam_title, session.subject_code, session.subject_title,
        session.scheduled_start_ms, session.duration_s, session.media_class, Mode.REHEARSAL,
    )  # fmt: skip
    return replace(state, session=brief)


class Station:
    """A shown window with what it emitted."""

    def __init__(self, window: StationWindow, languages: Languages) -> None:
        self.window = window
        self.languages = languages
        self.intents: list[object] = []
        window.intent.connect(self.intents.append)
        window.language_wanted.connect(self.speak)

    def speak(self, language: str) -> None:
        self.languages.use(language)
        self.window.set_language(language)

    def look(self, look: Look) -> None:
        self.window.set_look(look)


@pytest.fixture
def states(qapp: QApplication) -> dict[str, ScreenState]:
    return sample_states()


@pytest.fixture
def rehearsal(states: dict[str, ScreenState]) -> ScreenState:
    return rehearsing(states["answer"])


@pytest.fixture
def item_area(qapp: QApplication) -> QWidget:
    area = QLabel()
    area.setObjectName("fakeItem")
    return area


@pytest.fixture
def station(qapp: QApplication, item_area: QWidget) -> Iterator[Station]:
    languages = Languages(qapp)
    window = StationWindow(item_area)
    window.resize(1280, 1024)
    window.show()
    yield Station(window, languages)
    languages.use("zh")
    window.hide()
    window.deleteLater()
