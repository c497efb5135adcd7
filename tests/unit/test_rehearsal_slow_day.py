"""A rehearsal to take part in (``--show``) is slow: what waits for the plan's instants waits by the
venue's clock, not by the time a stage may take."""

import asyncio
from types import SimpleNamespace
from typing import Any

from venue_server.rehearsal.exam import Exam


class SlowScene:
    """Only what the release asks of a scene; notes what is waited for, in its order."""

    def __init__(self) -> None:
        self.waits: list[object] = []
        self.options = SimpleNamespace(stations=4)
        self.times = SimpleNamespace(start_ms=1_795_309_200_000)

    def role(self, _role: object) -> Any:
        async def order(_order: object) -> dict[str, object]:
            return {"lines": []}

        return SimpleNamespace(order=order, second=lambda: None)

    def tell(self, text: str) -> None:
        self.waits.append(text[:2])

    async def until(self, exam_ms: int) -> None:
        self.waits.append(exam_ms)

    async def board(self, _fits: object) -> None:
        self.waits.append("board")


class NoFaults:
    async def before_the_release(self) -> None: ...

    async def at_the_release(self) -> None: ...


def test_the_papers_are_expected_from_the_start_of_the_exam_on() -> None:
    scene = SlowScene()
    exam = Exam(scene, NoFaults(), None)  # type: ignore[arg-type]
    asyncio.run(exam.release())
    assert scene.waits == ["二人", scene.times.start_ms, "board", "试卷"]
