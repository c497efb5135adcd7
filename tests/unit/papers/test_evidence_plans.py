"""C06, O08: every plan of the evidence folder is judged as its table says."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence import make_plans
from venue_server.sitting.plan_reading import checked_plan
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import public_keys

FOLDER: Path = make_plans.FOLDER
TABLE: dict[str, Any] = json.loads((FOLDER / "table.json").read_text())
CASES = {case["file"]: case for case in TABLE["cases"]}


@pytest.mark.parametrize("file", CASES)
def test_c06_a_plan_of_the_evidence_is_judged_as_the_table_says(file: str) -> None:
    plan = checked_plan(
        (FOLDER / file).read_bytes(),
        public_keys(TABLE["headquarters_keys"]),
        TABLE["threshold"],
        TABLE["venue"],
        Mode(CASES[file]["mode"]),
        hpke.from_private_raw(unb64(TABLE["venue_key"])),
    )
    found = plan.code.value if isinstance(plan, Refusal) else "READS"
    assert found == CASES[file]["ends"]
    if not isinstance(plan, Refusal):
        assert plan.sessions[1].candidates[1].name_on_document == "王\U00020164"


def test_the_folder_is_what_its_script_makes() -> None:
    assert make_plans.main(["--check"]) == 0
