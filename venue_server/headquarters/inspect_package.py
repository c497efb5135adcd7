"""``paper inspect`` of a content package: what is in it and why it would be refused."""

from collections import Counter
from pathlib import Path

from venue_server.headquarters.inspect_report import Report
from venue_server.headquarters.prepare import survey
from venue_server.headquarters.problem_texts import describe
from venue_server.headquarters.problems import Problem, Rule


def inspect_package(path: Path) -> Report:
    """Read the whole package as sealing would, without writing anything."""
    found = survey(path)
    blocking = [problem for problem in found.problems if problem.blocking]
    rules = Counter(problem.rule.value for problem in found.problems)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(found.kinds.items()))
    report = Report(
        "内容包 content package",
        {
            "title": found.title or "-",
            "tests": ", ".join(found.tests) or "-",
            "sections": found.sections,
            "items": found.items,
            "interactions": kinds or "-",
            "stimuli": found.stimuli,
            "media": f"{found.media_files}, {found.media_bytes} B",
            "problems": len(blocking),
            "notices": len(found.problems) - len(blocking),
            "rules": ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items())) or "-",
        },
        ok=not blocking,
        problems=_told(found.problems),
    )
    missing = (Rule.FILE_MISSING, Rule.MEDIA_MISSING, Rule.MANIFEST_MISSING, Rule.NO_ITEMS)
    report.missing = [
        f"{problem.place.file}: {problem.detail or problem.rule.value}"
        for problem in blocking
        if problem.rule in missing
    ]
    if blocking:
        report.todo = ["按提示改正后再查看 mend what is named, then inspect again"]
    else:
        if len(found.tests) > 1:
            report.todo.append("含多份试卷：封装时用 --test 指定 several tests: name one by --test")
        report.todo.append("可以封装 ready to seal: venue-server paper seal PACKAGE --out DIR …")
    return report


def _told(problems: list[Problem]) -> list[str]:
    """Each problem; the sentences of a rule at its first one only."""
    told: list[str] = []
    explained: set[Rule] = set()
    for problem in problems:
        text = describe(problem)
        if problem.rule in explained:
            text = text.partition("\n")[0]
        explained.add(problem.rule)
        told.append(text if problem.blocking else f"提示 notice: {text}")
    return told
