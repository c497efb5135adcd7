"""Every text of the screens exists in English, and the compiled file is made of that source."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for program in ("candidate_station", "invigilator_app")
    for path in (ROOT / program).rglob("*.ts")
)


def test_there_are_translations() -> None:
    assert {path.name for path in SOURCES} >= {"station_en.ts", "console_en.ts"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_text_is_translated(path: Path) -> None:
    messages = list(ET.parse(path).getroot().iter("message"))
    assert messages
    open_texts = [
        message.findtext("source")
        for message in messages
        if (translation := message.find("translation")) is None
        or translation.get("type") in ("unfinished", "vanished", "obsolete")
        or not "".join(translation.itertext()).strip()
    ]
    assert open_texts == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_compiled_file_is_made_of_its_source(path: Path, tmp_path: Path) -> None:
    compiler = Path(sys.executable).with_name("pyside6-lrelease")
    made = tmp_path / "made.qm"
    subprocess.run([compiler, "-silent", path, "-qm", made], check=True, capture_output=True)
    committed = path.with_suffix(".qm")
    assert made.read_bytes() == committed.read_bytes(), f"pyside6-lrelease {path} -qm {committed}"
