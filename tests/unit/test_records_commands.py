"""What the command lines about records order (A13, K03, M01, V07)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from venue_server.__main__ import parser
from venue_server.commands.orders import message_of
from venue_server.wire.console_orders import GetStatus
from venue_server.wire.frames import Second
from venue_server.wire.record_orders import (
    EnterScorePublication,
    ExportSession,
    GetCloseCheck,
    GetFeed,
    GetStatistics,
    SetLegalHold,
)

BY = ["--data", "/d", "--person", "a"]
BOTH = [*BY, "--second", "b"]
SECOND = Second("b", "secret")


def ordered(*words: str) -> Any:
    options = parser().parse_args(list(words))
    if options.build is None:
        return message_of(options, None, "")
    return options.build(options, [SECOND])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["status", *BY], GetStatus(0)),
        (["status", "--feed", *BY], GetFeed(0)),
        (["close-check", *BY], GetCloseCheck(0)),
        (["close-check", "--session", "am", *BY], GetCloseCheck(0, "am")),
        (["statistics", "--session", "am", *BY], GetStatistics(0, "am")),
        (["export", "am", *BY], ExportSession(0, "am")),
        (
            ["retention", "hold", "am", "--because", "鉴定", "--reason", "来函", *BOTH],
            SetLegalHold(0, "am", "鉴定", "来函", SECOND),
        ),
        (
            ["retention", "hold", "am", "--reason", "结案", *BOTH],
            SetLegalHold(0, "am", "", "结案", SECOND),
        ),
    ],
)
def test_a_command_line_means_one_order(words: list[str], message: Any) -> None:
    assert ordered(*words) == message


def test_m01_the_day_of_the_scores_is_chinas_midnight() -> None:
    words = ["retention", "scores", "am", "--day", "2026-12-01", "--reference", "公告1号", *BOTH]
    message = ordered(*words)
    assert isinstance(message, EnterScorePublication)
    assert (message.session_id, message.reference, message.second) == ("am", "公告1号", SECOND)
    at = datetime.fromtimestamp(message.published_at_ms / 1000, UTC)
    assert at == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_m01_what_is_no_day_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["retention", "scores", "am", "--day", "soon", "--reference", "x", *BOTH]
    with pytest.raises(SystemExit):
        ordered(*words)
    assert "--day" in capsys.readouterr().err
