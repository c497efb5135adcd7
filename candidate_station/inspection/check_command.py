"""``candidate-station --check``: every check of the machine, told on the terminal (C08, D16)."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from candidate_station.inspection.calibration import Calibration
from candidate_station.inspection.calibration_reference import load_reference, write_reference
from candidate_station.inspection.program_digest import program_digest
from candidate_station.inspection.result import CheckResult, Verdict
from candidate_station.inspection.self_check import self_check

EXIT_OK, EXIT_FAILED = 0, 1


def run_checks(
    app: QApplication, data_dir: Path, sandbox: str | None, reference: Path | None
) -> int:
    """Run everything, write one line per check, and return the exit status: 1 on any FAIL.

    ``reference``: the digests seen on the way are written there.
    """
    results = list(self_check(data_dir, sandbox))
    run = Calibration(app.primaryScreen().size(), load_reference() if reference is None else {})

    def ended(found: tuple[CheckResult, ...]) -> None:
        results.extend(found)
        app.exit(EXIT_OK)

    run.finished.connect(ended)
    run.start()
    app.exec()
    if reference is not None:
        write_reference(reference, run.seen.digests)
    sys.stdout.write("".join(map(line, results)))
    # What the inspection's --baseline takes on the machine a release is made on.
    sys.stdout.write(line(CheckResult("CHK-APP", "—", program_digest(), Verdict.OK)))
    failed = any(one.verdict is Verdict.FAIL for one in results)
    return EXIT_FAILED if failed else EXIT_OK


def line(result: CheckResult) -> str:
    """One line: verdict, check, what is needed, what was found, parted by tabs."""
    return f"{result.verdict}\t{result.check_id}\t{result.expected}\t{result.measured}\n"
