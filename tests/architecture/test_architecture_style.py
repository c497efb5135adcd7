"""Habits that keep the code readable, as rules with short lists of named exceptions.

The lists are ratchets: an entry may shrink or go, and one that is no longer needed must go.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE_LINES = 400
TEST_FILE_LINES = 800
FUNCTION_LINES = 60

LONG_FILES = {
    "venue_server/wire/refusals.py": 1050,  # every refusal, once
    "venue_server/storage/schema.py": 1100,  # every table, once
    "venue_server/ledger/catalogue.py": 500,  # every event, once
    "venue_server/wire/alarms.py": 450,  # every alarm, once
    "venue_server/wire/remarks.py": 600,  # every remark, once
    "venue_server/node.py": 450,  # the composition root, read from top to bottom
    "invigilator_app/actions/permissions.py": 500,  # every action's rule, once
    "candidate_station/session/server_side.py": 460,
    "tests/unit/station/test_station_machine.py": 850,  # one machine, every state of it
}
LONG_FUNCTIONS: dict[str, int] = {
    "venue_server/node.py:VenueNode._services": 70,  # every service of the desks, once
}
SUPERVISORS = {
    "venue_server/storage/engine.py:Store._commit",
    "venue_server/storage/engine.py:_call",
    "venue_server/storage/engine.py:_run_in_savepoint",
    "venue_server/storage/one_thread.py:_carry_out",
    "candidate_station/link/bridge.py:StationBridge._work",
    "candidate_station/simulate.py:Simulation._keep",
}
READS_THE_WALL_CLOCK = {
    "candidate_station/startup.py",  # when a copy of the journals was made, told only
    "venue_server/trusted_time/sources_io.py",  # shown and watched, never trusted
    "venue_server/commands/staff_add.py",  # lock-outs of an offline command
    "venue_server/headquarters/notice_commands.py",  # when headquarters issued it
    "venue_server/headquarters/order_commands.py",  # the same
    "venue_server/headquarters/service_commands.py",  # where a stand-in's clock begins
    "venue_server/headquarters/service_keys.py",  # dates of a certificate
    "venue_server/rehearsal/commands.py",  # the name of a folder
    "venue_server/stations/authority.py",  # dates of certificates, which nobody checks
}
WALL_CLOCKS = {
    "time.time",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib"}


def _calls(module: Any) -> list[tuple[str, int]]:
    return [
        (ast.unparse(node.func), node.lineno)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
    ]


def test_every_module_says_what_it_is(modules: list[Any], test_modules: list[Any]) -> None:
    silent = [
        module.name
        for module in [*modules, *test_modules]
        if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert silent == []


def test_files_are_short(modules: list[Any], test_modules: list[Any]) -> None:
    long = {m.name: m.lines for m in modules if m.lines > FILE_LINES}
    long |= {m.name: m.lines for m in test_modules if m.lines > TEST_FILE_LINES}
    assert {name: lines for name, lines in long.items() if lines > LONG_FILES.get(name, 0)} == {}
    assert set(LONG_FILES) - set(long) == set(), "not long any more: take it off the list"


def test_functions_are_short(modules: list[Any]) -> None:
    long = {
        f"{module.name}:{name}": (node.end_lineno or 0) - node.lineno + 1
        for module in modules
        for name, node in module.functions()
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    }
    assert {name: n for name, n in long.items() if n > LONG_FUNCTIONS.get(name, 0)} == {}
    assert set(LONG_FUNCTIONS) - set(long) == set(), "not long any more: take it off the list"


def test_only_named_supervisors_catch_everything(modules: list[Any]) -> None:
    found = {
        f"{module.name}:{name}"
        for module in modules
        for name, function in module.functions()
        for node in _own_nodes(function)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not _passes_on(node)
    }
    assert found - SUPERVISORS == set()
    assert SUPERVISORS - found == set(), "not a supervisor any more: take it off the list"


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Nodes of a function without those of the functions inside it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _own_nodes(child)


def _catches_all(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or ast.unparse(kind) in ("Exception", "BaseException") for kind in kinds
    )


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_g08_nothing_that_decides_reads_the_wall_clock(modules: list[Any]) -> None:
    readers = {m.name for m in modules if any(call in WALL_CLOCKS for call, _ in _calls(m))}
    assert readers - READS_THE_WALL_CLOCK == set()
    assert READS_THE_WALL_CLOCK - readers == set(), "take it off the list"


def test_nothing_prints(modules: list[Any]) -> None:
    wrong = [f"{m.name}:{line}" for m in modules for call, line in _calls(m) if call == "print"]
    assert wrong == [], "programs say what they must on sys.stdout; libraries return it"


def test_nothing_imports_everything(modules: list[Any], test_modules: list[Any]) -> None:
    starred = [
        m.name for m in [*modules, *test_modules] if any(what == "*" for _, what in m.imports())
    ]
    assert starred == []


def test_there_are_no_drawers(modules: list[Any]) -> None:
    wrong = [m.name for m in modules if DRAWERS & set(Path(m.name).with_suffix("").parts)]
    assert wrong == [], "name a module after what it does"


def test_nothing_is_left_to_do(modules: list[Any]) -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    wrong = [
        f"{module.name}:{number}"
        for module in modules
        for number, line in enumerate(module.text.splitlines(), start=1)
        if any(f"# {mark}" in line for mark in marks)
    ]
    assert wrong == []
