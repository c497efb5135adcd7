"""上报进度 on the page of the evening: bytes, rate, time, standstill, reason in words (L09)."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.screens.console.sight import cut_off
from venue_server.wire.names import DataState, PackageState, SessionState
from venue_server.wire.upload_orders import Uploads, UploadsChanged, UploadStage, UploadView

SMALLEST = {"zoom": 150, "size": (1366, 768)}
AT = 1_795_357_385_000  # 2026-11-22 22:23:05 Beijing time
MB = 1_000_000
SENDING = UploadView(
    "20261122-1",
    "a" * 32,
    UploadStage.SENDING,
    total=60 * MB,
    confirmed=18 * MB,
    asked=True,
    rate=85_000,
    left_min=9,
    moved_at_ms=AT,
)
STALLED = msgspec.structs.replace(SENDING, stage=UploadStage.STALLED, rate=0, left_min=None)
PAUSED = msgspec.structs.replace(
    STALLED,
    stage=UploadStage.PAUSED,
    next_attempt_ms=AT + 60_000,
    attempts=3,
    problem="PATCH: ReadTimeout",
)
REFUSED = msgspec.structs.replace(
    PAUSED, problem="headquarters refused the bundle: digest", needs_people=True
)
HOME = UploadView(
    "20261121-2", "b" * 32, UploadStage.HOME, 40 * MB, 40 * MB, left_min=0, moved_at_ms=AT
)


def of(*bundles: UploadView, rate: int = 0, left_min: int | None = None) -> Uploads:
    total, confirmed = sum(e.total for e in bundles), sum(e.confirmed for e in bundles)
    return Uploads(list(bundles), total, confirmed, rate, left_min)


@pytest.fixture
def page(start: Any, make: Any) -> Callable[..., Any]:
    """The page of an administrator, told ``uploads`` with the board."""

    def begin(uploads: Uploads | None, **looks: Any) -> Any:
        venue = make.venue(
            session_state=SessionState.SEALED,
            package_state=PackageState.ENDED,
            data_state=DataState.UPLOADING,
        )
        first = msgspec.structs.replace(make.board(venue), uploads=uploads)
        console = start(make.FakeLine(now=AT, first=first), **looks)
        console.sign_in("admin")
        console.window.duty.open_page(console.window.duty.data)
        return console

    return begin


def card(console: Any) -> Any:
    return console.window.duty.data.uploads


def test_l09_how_far_how_fast_and_how_long(page: Any) -> None:
    console = page(of(SENDING, HOME, rate=85_000, left_min=9))
    shown = card(console)
    first, second = shown.rows
    assert first.bar.text() == "18.0 MB / 60.0 MB (30 %)" and first.bar.value() == 300
    assert "● 正在上报" in first.stage.text()
    assert "85.0 kB/s，还需约 9 分钟" in first.details.text()
    assert second.stage.text() == "✓ 已上报，回执相符" and not second.details.isVisible()
    assert "58.0 MB / 100.0 MB" in shown.together.text() and "约 9 分钟" in shown.together.text()
    assert "不再重发" in shown.note.text()


def test_l09_what_the_server_pushes_is_shown_and_a_standstill_says_since_when(page: Any) -> None:
    console = page(of(SENDING, rate=85_000, left_min=9))
    shown = card(console)
    assert not shown.all.isVisible(), "one bundle is its own sum"
    console.board(UploadsChanged(of(STALLED)))
    (row,) = shown.rows
    assert row.stage.text() == "△ 正在上报，但没有进展"
    assert "22:23:05 起没有进展" in row.details.text()
    assert "无法估计" in shown.together.text()
    console.board(UploadsChanged(of(PAUSED)))
    assert "22:24:05" in row.details.text() and "外网线路" in row.details.text()
    console.board(UploadsChanged(of(REFUSED)))
    assert row.stage.text().startswith("✕ 须由人处理") and "拒收" in row.details.text()
    console.board(UploadsChanged(of(msgspec.structs.replace(SENDING, stage=UploadStage.CHECKING))))
    assert "等待总部回执" in row.stage.text()
    console.board(UploadsChanged(of(HOME)))
    assert shown.together.text() == "✓ 全部已上报，回执相符" and not shown.note.isVisible()


def test_l09_nothing_sealed_shows_no_card_and_a_wiped_session_leaves_it(page: Any) -> None:
    console = page(None)
    shown = card(console)
    assert not shown.isVisible()
    console.board(UploadsChanged(of(SENDING, HOME)))
    assert shown.isVisible() and len(shown.rows) == 2
    console.board(UploadsChanged(of(SENDING)))
    assert len(shown.rows) == 1
    console.board(UploadsChanged(Uploads()))
    assert not shown.isVisible()


def test_l09_the_bars_are_reached_by_keyboard_and_say_everything(page: Any) -> None:
    console = page(of(PAUSED, HOME), **SMALLEST)
    row = card(console).rows[0]
    bar = row.bar
    assert bar.focusPolicy() == Qt.FocusPolicy.TabFocus
    for _ in range(60):
        if bar.hasFocus():
            break
        QTest.keyClick(QApplication.focusWidget() or console.window, Qt.Key.Key_Tab)
    assert bar.hasFocus()
    console.until(
        lambda: row.details.visibleRegion().boundingRect().height() == row.details.height()
    )
    assert "20261122-1" in bar.accessibleName()
    said = bar.accessibleDescription()
    assert "已中断" in said and "外网线路" in said, "nothing is told by its colour alone"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("one", [SENDING, STALLED, PAUSED, REFUSED], ids=lambda e: e.stage.value)
def test_l09_the_card_is_read_whole_on_the_smallest_screen(
    page: Any, one: UploadView, language: str
) -> None:
    console = page(
        of(one, HOME, rate=one.rate, left_min=one.left_min), language=language, **SMALLEST
    )
    found: list[str] = []

    def nothing_cut() -> bool:
        found[:] = cut_off(console, "data")
        return not found

    try:
        console.until(nothing_cut)
    finally:
        assert found == []
    if language == "en":
        texts = [card(console).together.text(), *(e.details.text() for e in card(console).rows)]
        assert "".join(texts).replace("—", "").isascii(), texts
