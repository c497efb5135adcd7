"""Telling the person at the terminal what happens: live on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

BANNER = "试考 REHEARSAL — 非正式考试，成绩无效 — not a live exam, nothing here counts"


@dataclass
class Stage:
    """One stage of the day: real seconds since the rehearsal began, and how it ended."""

    key: str
    zh: str
    en: str
    begin: float = 0.0
    end: float = 0.0
    verdict: str = "waiting"  # waiting, running, passed, failed


@dataclass
class Progress:
    """The stages and one status line; draws itself."""

    stages: list[Stage]
    started: float = field(default_factory=time.monotonic)
    status: str = ""
    _console: Console = field(default_factory=lambda: Console(file=sys.stderr))
    _live: Live | None = None

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Show while the context lasts."""
        if not self._console.is_terminal:
            self.line(BANNER)
            yield
            return
        with Live(self._picture(), console=self._console, refresh_per_second=8) as live:
            self._live = live
            try:
                yield
            finally:
                live.update(self._picture())
                self._live = None

    @contextmanager
    def stage(self, key: str) -> Iterator[Stage]:
        """Run one stage; an exception marks it failed and goes on up."""
        stage = next(each for each in self.stages if each.key == key)
        stage.begin, stage.verdict = self._elapsed(), "running"
        self._tell(f"{stage.zh} / {stage.en}")
        try:
            yield stage
        except BaseException:
            stage.end, stage.verdict = self._elapsed(), "failed"
            self._tell(f"{stage.zh} / {stage.en}: failed")
            raise
        stage.end, stage.verdict = self._elapsed(), "passed"
        self._tell(f"{stage.zh} / {stage.en}: done in {stage.end - stage.begin:.1f} s")

    def note(self, text: str) -> None:
        """A status that may change often; only a terminal shows every one."""
        self.status = text
        self._draw()

    def line(self, text: str) -> None:
        """A line that must be seen."""
        self._console.print(Text(text))

    def _tell(self, text: str) -> None:
        if self._live is None:
            self.line(f"[{self._elapsed():6.1f} s] {text}")
        self._draw()

    def _draw(self) -> None:
        if self._live is not None:
            self._live.update(self._picture())

    def _elapsed(self) -> float:
        return time.monotonic() - self.started

    def _picture(self) -> Panel:
        table = Table.grid(padding=(0, 2))
        marks = {"waiting": "·", "running": "▶", "passed": "✓", "failed": "✗"}
        for stage in self.stages:
            spent = f"{stage.end - stage.begin:.1f} s" if stage.end else ""
            table.add_row(marks[stage.verdict], f"{stage.zh}  {stage.en}", stage.verdict, spent)
        table.add_row("", self.status, "", f"{self._elapsed():.0f} s")
        return Panel(table, title=Text(BANNER, style="bold white on red"))
