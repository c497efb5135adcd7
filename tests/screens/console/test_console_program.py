"""``invigilator-app`` as a process: it starts without a server, says so, and ends when told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from invigilator_app.app import main


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_runs_without_a_server_and_ends_on_sigterm(tmp_path: Path, language: str) -> None:
    words = ["--data", str(tmp_path), "--server", "127.0.0.1:1", "--enrol-server", "127.0.0.1:1"]
    program = subprocess.Popen(
        [sys.executable, "-m", "invigilator_app", *words, "--language", language, "--windowed"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*.info=true"},
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stderr is not None
        for line in program.stderr:
            if "console is up" in line:
                break
        program.send_signal(signal.SIGTERM)
        try:
            _, rest = program.communicate(timeout=20)
        finally:
            program.kill()
    assert program.returncode == 0, rest
    assert "Traceback" not in rest


def test_wrong_words_on_the_command_line_are_refused(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--language", "fr"])
    assert ended.value.code == 2 and "fr" in capsys.readouterr().err
