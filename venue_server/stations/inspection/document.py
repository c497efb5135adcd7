"""Prints docs/inspection.md: ``python -m venue_server.stations.inspection.document``."""

import sys

from venue_server.stations.inspection.catalogue import CHECKS

_HEAD = """# Checks of the venue-sealing inspection (封场检测)

Generated from `venue_server/stations/inspection/catalogue.py`. What is expected comes from the
signed plan's thresholds ([plan.md](plan.md)), from the settings, or is a constant of the rules
beside the catalogue; each result is kept with id, expected, measured, verdict, person and time.
Verdicts: OK; WARN, a person should look; FAIL; WAIT, not answered or not measurable yet. A
*mandatory* check that fails or waits keeps the venue from being sealed
([states/venue.md](states/venue.md)); what a *person* answers is never measured.

The report (`venue-server inspection report`, or saved at the console) is a signed document
`kaodian.inspection-report` under the venue's key, in the envelope of [plan.md](plan.md): every
run with all its results, findings with their corrections, the steps of the seal with persons
and reasons, every station's facts, and the ledger's head. The console prints it as PDF.

| id | requirement | check | in English | mandatory | by |
|---|---|---|---|---|---|
"""


def document() -> str:
    """The whole document."""
    rows = [
        f"| {check.check_id} | {check.rule} | {check.zh} | {check.en} |"
        f" {'yes' if check.mandatory else 'no'} | {'a person' if check.asked else 'measured'} |"
        for check in CHECKS
    ]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
