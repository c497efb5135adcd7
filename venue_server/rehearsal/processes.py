"""The programs of a rehearsal as real processes, and what they print as events."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STOP_S = 10.0


class ProgramFault(Exception):
    """A program ended or stayed silent when it was needed."""


@dataclass
class Program:
    """One running program. JSON lines on its standard output are events; the rest is its log."""

    name: str
    process: asyncio.subprocess.Process
    command: list[str]
    events: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    reader: "asyncio.Task[None] | None" = None

    async def next_event(self, kind: str, timeout_s: float) -> dict[str, Any]:
        """Wait for an event of a kind, dropping others. Raises ProgramFault."""
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    event = await self.events.get()
                    if event.get("event") == kind:
                        return event
                    if event.get("event") == "exited":
                        raise ProgramFault(f"{self.name} ended (status {event['status']})")
        except TimeoutError as error:
            raise ProgramFault(f"{self.name} did not say {kind!r} in {timeout_s:.0f} s") from error

    async def say(self, line: str) -> None:
        """One line to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        await self.process.stdin.drain()

    async def stop(self) -> None:
        """Ask it to stop; kill it when it does not."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_S):
                    await self.process.wait()
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        if self.reader is not None:
            await self.reader


def python_command(*words: str) -> list[str]:
    """A command line of one of our own programs, with this very interpreter."""
    return [sys.executable, "-m", *words]


async def start(
    name: str,
    command: list[str],
    log: Path,
    heard: Callable[[dict[str, Any]], None] | None = None,
    stdin: bytes = b"",
) -> Program:
    """Start a program; its standard error and plain output go to ``log``."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=_environment(),
            start_new_session=True,
            limit=16 * 1024 * 1024,
        )
    assert process.stdin is not None
    if stdin:
        process.stdin.write(stdin)
        await process.stdin.drain()
    program = Program(name, process, command)
    program.reader = asyncio.create_task(_read(program, log, heard))
    return program


async def _read(
    program: Program, log: Path, heard: Callable[[dict[str, Any]], None] | None
) -> None:
    assert program.process.stdout is not None
    with log.open("ab") as file:
        async for raw in program.process.stdout:
            event = _event(raw)
            if event is None:
                file.write(raw)
                file.flush()
                continue
            if heard is not None:
                heard(event)
            program.events.put_nowait(event)
    exited = {"event": "exited", "status": await program.process.wait()}
    if heard is not None:
        heard(exited)
    program.events.put_nowait(exited)


def _event(raw: bytes) -> dict[str, Any] | None:
    if not raw.startswith(b"{"):
        return None
    try:
        event = json.loads(raw)
    except ValueError:
        return None
    if isinstance(event, dict) and event.get("ready"):
        event.setdefault("event", "ready")
    return event if isinstance(event, dict) and "event" in event else None


def _environment() -> dict[str, str]:
    """Only what a program needs; no variable of ours carries anything secret."""
    wanted = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "TMPDIR", "DISPLAY", "XAUTHORITY")
    keep = {name: os.environ[name] for name in wanted if name in os.environ}
    keep.update({k: v for k, v in os.environ.items() if k.startswith(("XDG_", "WAYLAND_", "QT_"))})
    return keep | {"PYTHONUNBUFFERED": "1"}


async def run_once(command: list[str], stdin: bytes = b"") -> str:
    """Run a command to its end and return its output. Raises ProgramFault with its error text."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
    )
    out, err = await process.communicate(stdin)
    if process.returncode != 0:
        raise ProgramFault(f"{' '.join(command[2:5])}: {err.decode(errors='replace').strip()}")
    return out.decode()
