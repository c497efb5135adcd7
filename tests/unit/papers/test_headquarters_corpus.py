"""Real packages: each is prepared, or refused with located reasons; never a crash."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from venue_server.headquarters.container import read_back
from venue_server.headquarters.package_source import open_package
from venue_server.headquarters.prepare import Prepared
from venue_server.headquarters.problems import Findings, Rule


def test_packages_are_prepared_or_refused_with_true_places(
    corpus: list[Path], plain: Callable[..., Any]
) -> None:
    packages = corpus
    assert len(packages) >= 20
    prepared = 0
    for package in packages:
        paper = plain(package)
        result = paper.result
        if isinstance(result, Prepared):
            prepared += 1
            assert read_back(paper.path).faults == [], package
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
