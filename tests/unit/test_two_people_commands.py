"""What the command lines about steps of two people order (N03, I03), and headquarters' issuing."""

import json
from pathlib import Path
from typing import Any

import pytest

from venue_server.__main__ import main, parser
from venue_server.commands.orders import message_of
from venue_server.headquarters.order_commands import build_order
from venue_server.headquarters.service_keys import init_headquarters
from venue_server.sitting.ordered.document import TYPE, VERSION, SessionOrder
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.console_orders import LiftFreeze, UploadSession
from venue_server.wire.frames import Second
from venue_server.wire.intake_orders import FetchPackages, ImportAgreed, ImportFolder
from venue_server.wire.session_orders import TakeSessionOrder

BY = ["--data", "/d", "--person", "a"]
BOTH = [*BY, "--second", "b"]
SECOND = Second("b", "secret")
LIFT = ["release", "unfreeze", "--reason", "r", "--reference", "1号"]


def ordered(words: list[str]) -> Any:
    options = parser().parse_args(words)
    seconds = [SECOND] if options.second else []
    if options.build is not None:
        return options.build(options, seconds)
    return message_of(options, seconds[0] if seconds else None, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["session", "upload", "am", *BY], UploadSession(0, "am")),
        (["session", "upload", "am", *BOTH], UploadSession(0, "am", SECOND)),
        (["intake", "fetch", *BY], FetchPackages(0)),
        (["intake", "fetch", *BOTH], FetchPackages(0, SECOND)),
        (["intake", "import", "/m", *BY], ImportFolder(0, "/m")),
        (["intake", "import", "/m", *BOTH], ImportFolder(0, "/m", SECOND)),
        (["intake", "import", "/m", "--reason", "r", *BOTH], ImportAgreed(0, "/m", "r", SECOND)),
        ([*LIFT, *BOTH], LiftFreeze(0, "r", "1号", SECOND)),
        (["session", "take-order", "abcd1234", *BOTH], TakeSessionOrder(0, "abcd1234", SECOND)),
    ],
)
def test_n03_a_command_line_means_one_order(words: list[str], message: Any) -> None:
    assert ordered(words) == message


@pytest.mark.parametrize("words", [LIFT, ["session", "take-order", "abcd1234"]])
def test_n03_what_takes_two_cannot_be_said_by_one(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args([*words, *BY])
    assert "--second" in capsys.readouterr().err


def test_i03_headquarters_issues_a_signed_file_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = init_headquarters(tmp_path / "hq")
    order = SessionOrder(TYPE, VERSION, "v1", "s1", "CANCEL", "函1号", 1000, "停电")
    file = tmp_path / "order.json"
    file.write_bytes(build_order(order, keys.signing))
    issue = ["headquarters", "issue", str(file), "--data", str(tmp_path / "hq")]
    assert main(issue) == 0
    assert json.loads(capsys.readouterr().out) == {"sha256": sha256_hex(file.read_bytes())}
    assert main(issue) == 2, "never twice"
    file.write_text("{}")
    assert main(issue) == 2
