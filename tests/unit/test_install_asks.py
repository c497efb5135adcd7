"""A14: the server's installer asks before it touches anything, and goes by the answer."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STOPPED, REACHED = 75, 9
ALONE = {  # stand-ins; whatever the installer would do after asking ends it with REACHED
    "id": "echo 0",
    "runuser": 'test "$1 $2 $3" = "-u kaodian --" && shift 3 && exec "$@"',
    "dpkg-query": f"exit {REACHED}",
    "apt-get": f"exit {REACHED}",
    "python3": f"exit {REACHED}",
}


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def install(folder: Path, answer: int, first: bool = False) -> tuple[int, str]:
    """Its exit status and what it said, where the guard answers so; ``first``: no venue is here."""
    for name, text in ALONE.items():
        program(folder / "bin" / name, text)
    program(folder / "opt/server/bin/venue-server", f'echo "asked: $*" >&2; exit {answer}')
    (folder / "venue").mkdir(exist_ok=True)
    if not first:
        (folder / "venue" / "venue.json").write_text("{}")
    done = subprocess.run(
        ["/bin/sh", ROOT / "packaging/server/install.sh"],
        env={
            "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
            "PREFIX": str(folder / "opt"),
            "KAODIAN_DATA": str(folder / "venue"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_a14_inside_duty_hours_or_in_doubt_nothing_is_touched(tmp_path: Path, answer: int) -> None:
    code, said = install(tmp_path, answer)
    assert code == STOPPED
    assert f"asked: duty guard --data {tmp_path / 'venue'}" in said
    assert "nothing was changed" in said


def test_a14_outside_duty_hours_it_goes_on(tmp_path: Path) -> None:
    code, said = install(tmp_path, 0)
    assert "asked:" in said
    assert code == REACHED, "the stand-ins end it right after the question"


def test_a14_a_first_installation_asks_nobody(tmp_path: Path) -> None:
    code, said = install(tmp_path, 3, first=True)
    assert "asked:" not in said
    assert code == REACHED
