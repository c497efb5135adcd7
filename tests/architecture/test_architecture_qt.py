"""Where Qt may be: in screens and bridges, never in what decides; WebEngine in one package."""

from typing import Any

import pytest

QT = ("PySide6", "shiboken6")
FREE_OF_QT = (
    "venue_server/",
    "candidate_station/session/",
    "candidate_station/answers/",
    "candidate_station/paper/",
    "candidate_station/simulation/",
    "candidate_station/simulate.py",
    "invigilator_app/board/",
    "invigilator_app/actions/",
    "invigilator_app/ceremony/",
)


@pytest.mark.parametrize("place", FREE_OF_QT)
def test_what_decides_is_free_of_qt(modules: list[Any], place: str) -> None:
    found = [module for module in modules if module.name.startswith(place)]
    assert found, f"{place} is gone: mend this list"
    wrong = [m.name for m in found if any(source.split(".")[0] in QT for source, _ in m.imports())]
    assert wrong == []


def test_the_web_engine_stays_behind_its_adapter(modules: list[Any]) -> None:
    users = {m.name for m in modules if any("WebEngine" in source for source, _ in m.imports())}
    assert users, "nobody draws items any more: mend this test"
    assert {name for name in users if not name.startswith("candidate_station/rendering/")} == set()


def test_the_bridge_is_the_only_door_between_threads(modules: list[Any]) -> None:
    """Screens never touch the asyncio side: no asyncio in any screen."""
    screens = [m for m in modules if "/screens/" in m.name or m.name.endswith("item_view.py")]
    assert screens
    assert [m.name for m in screens if any(s == "asyncio" for s, _ in m.imports())] == []
