"""Real packages: each is prepared, or refused with located reasons; never a crash."""

import os
from pathlib import Path

import pytest

from venue_server.headquarters.container import check_container
from venue_server.headquarters.package_source import open_package
from venue_server.headquarters.prepare import PaperNames, Prepared, prepare
from venue_server.headquarters.problems import Findings, Rule

CORPUS = os.environ.get("KAODIAN_QTI_CORPUS", "")
needs_corpus = pytest.mark.skipif(not CORPUS, reason="KAODIAN_QTI_CORPUS is not set")


def _packages() -> list[Path]:
    return sorted(Path(CORPUS).rglob("*.zip")) if CORPUS else []


@needs_corpus
def test_packages_are_prepared_or_refused_with_true_places(tmp_path: Path) -> None:
    packages = _packages()
    assert len(packages) >= 20
    prepared = 0
    for number, package in enumerate(packages):
        target = tmp_path / f"{number}.zip"
        result = prepare(package, target, PaperNames("P", "A", "9901", "seed"))
        if isinstance(result, Prepared):
            prepared += 1
            assert check_container(target) == [], package
            assert result.index.items
            continue
        assert result, package
        source = open_package(package, Findings())
        assert source is not None
        with source:
            for problem in result:
                assert problem.place.file in source.sizes, (package, problem)
                with source.open(problem.place.file) as file:
                    lines = file.read().count(b"\n") + 1
                assert 0 <= problem.place.line <= lines, (package, problem)
                if problem.rule is Rule.FILE_MISSING:
                    assert problem.detail not in source.sizes
    assert prepared >= 5
