"""The project's own sample paper: 《考务工作基础知识（试考）》, subject 9901, written for it.

A QTI 3.0 content package with keys, mappings, response processing, feedback and scorer rubrics,
as an authority would deliver it; sealing strips them.
"""

from pathlib import Path

SAMPLE_SUBJECT_CODE = "9901"
SAMPLE_TITLE = "考务工作基础知识（试考）"


def sample_package_path() -> Path:
    """The folder of the package."""
    return Path(__file__).parent / "sample_paper"
