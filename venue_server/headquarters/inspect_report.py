"""What ``paper inspect`` says about a thing: what it is, what is missing, what to do next."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class Report:
    """``kind`` names the thing in both languages; ``ok`` is False when it is unusable. Each line
    of ``missing`` and ``todo`` is a sentence in both languages; ``problems`` are complete."""

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    ok: bool = True
    missing: list[str] = field(default_factory=list)
    todo: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All of it as one JSON object."""
        more = {"missing": self.missing, "next": self.todo, "details": self.problems}
        return self.fields | {"kind": self.kind, "ok": self.ok} | more

    def lines(self, most: int) -> list[str]:
        """For a screen: at most ``most`` problems, the rest by number."""
        lines = [self.kind, *(f"  {name}: {value}" for name, value in self.fields.items())]
        shown = self.problems[:most]
        if shown:
            lines.append("问题 problems:")
            lines += [f"  {line}" for problem in shown for line in problem.splitlines()]
        if len(self.problems) > most:
            left = len(self.problems) - most
            lines.append(f"  …… 另有 {left} 处，加 --all 全部列出 {left} more: add --all")
        lines += _block("缺少 missing:", self.missing)
        return lines + _block("下一步 next:", self.todo)


def _block(title: str, sentences: list[str]) -> list[str]:
    return [title, *(f"  - {sentence}" for sentence in sentences)] if sentences else []


def moment(milliseconds: int) -> str:
    """An instant for people to read, UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
